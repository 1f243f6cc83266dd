"""Run migrations against the site's own database."""

from typing import Any, Literal

from alembic import context
from flask import current_app, has_app_context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from asset_hub import create_app
from asset_hub.core.db import Moment

app = current_app if has_app_context() else create_app()


def plain(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our column types as SQLAlchemy's, so that migrations need only SQLAlchemy."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def ours(thing: Any, name: str | None, kind: str, *_: Any) -> bool:
    """Leave out what the full-text index makes for itself."""
    return not (kind == "table" and name is not None and name.startswith("listing_text"))


with app.extensions["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=plain,
        include_object=ours,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
