"""Commands for whoever runs the site: the database, the audit chain, letters that got stuck."""

from typing import Any

import click
from flask import Flask

from asset_hub.config import ROOT
from asset_hub.core import audit, clock, db, outbox


def init_app(app: Flask) -> None:
    """Add `flask db …`, `flask audit check` and `flask outbox …`."""
    _add_database(app)
    _add_audit(app)
    _add_outbox(app)


def _add_database(app: Flask) -> None:
    @app.cli.group("db")
    def database() -> None:
        """Look after the shape of the database."""

    @database.command("upgrade")
    @click.argument("revision", default="head")
    def upgrade(revision: str) -> None:
        """Bring the tables to the newest shape."""
        from alembic import command

        command.upgrade(_alembic(), revision)

    @database.command("downgrade")
    @click.argument("revision")
    def downgrade(revision: str) -> None:
        """Bring the tables back to an earlier shape."""
        from alembic import command

        command.downgrade(_alembic(), revision)

    @database.command("check")
    def check() -> None:
        """Fail when the models and the tables disagree."""
        from alembic import command

        command.check(_alembic())


def _add_audit(app: Flask) -> None:
    @app.cli.group("audit")
    def log() -> None:
        """Look after the audit log."""

    @log.command("check")
    @click.option("--anchor", default="", help="COUNT:DIGEST, as a backup printed it")
    def check_chain(anchor: str) -> None:
        """Fail when an entry was changed, removed, put in between or cut off after an anchor."""
        session = db.session()
        if broken := list(audit.broken_links(session)):
            raise click.ClickException(f"The chain is broken at {broken[:10]}.")
        if anchor and not audit.holds(session, anchor):
            raise click.ClickException("Entries that were there at the anchor are gone.")
        click.echo(f"The chain is whole: {audit.anchor(session)}")


def _add_outbox(app: Flask) -> None:
    @app.cli.group("outbox")
    def letters() -> None:
        """Look after messages that could not be sent."""

    @letters.command("parked")
    def show() -> None:
        """List what nobody would take: its kind, when it was written, why it was refused."""
        found = outbox.parked(db.session())
        for message in found:
            click.echo(f"{message.created_at:%Y-%m-%d %H:%M}  {message.kind:24} {message.error}")
        click.echo(f"{len(found)} parked. `flask outbox retry` sends them again.")

    @letters.command("retry")
    def retry() -> None:
        """Make every parked message due again."""
        with db.transaction() as session:
            click.echo(f"{outbox.try_again(session, now=clock.now())} due again.")


def _alembic() -> Any:
    from alembic.config import Config

    return Config(str(ROOT / "alembic.ini"))
