"""Run migrations against the site's own database."""

from typing import Any, Literal

from alembic import context
from flask import current_app, has_app_context
from sqlalchemy import Connection
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


def check_foreign_keys(connection: Connection, on: bool) -> None:
    """Switch SQLite's foreign keys, which it does between transactions only.

    To change a table, SQLite builds it anew and drops the old one, with all that hangs on its rows
    as far as "ON DELETE CASCADE" goes. `ends_whole` looks afterwards.
    """
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def ends_whole(connection: Connection) -> None:
    """Refuse, before a migration is kept, rows that point at nothing."""
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        assert lost is None, f"a row of {lost[0]} points at nothing in {lost[2]}"


with app.extensions["engine"].connect() as connection:
    check_foreign_keys(connection, on=False)
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=plain,
        include_object=ours,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_server_default=True,
        transaction_per_migration=True,
        on_version_apply=lambda **_: ends_whole(connection),
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        check_foreign_keys(connection, on=True)
