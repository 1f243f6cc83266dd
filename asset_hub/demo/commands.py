"""`flask demo fill`, which `make run` calls on an empty database."""

import click
from flask import Flask

from asset_hub.config import current_settings
from asset_hub.core import clock, db
from asset_hub.demo import service
from asset_hub.demo.places import PASSWORD

OTHER_DATA = 3  # exit code


def init_app(app: Flask) -> None:
    """Add the command."""

    @app.cli.group("demo")
    def demo() -> None:
        """Look after the demo place."""

    @demo.command("fill")
    @click.option("--if-empty", is_flag=True, help="Say nothing when there is other data.")
    def fill(*, if_empty: bool) -> None:
        """Fill an empty database with an invented town; never in production.

        Ends with 0 when the town is there, now or since before, and with 3 when other data is.
        """
        if current_settings().production:
            raise click.ClickException("The demo place has known passwords: not in production.")
        with db.transaction() as session:
            if service.is_here(session):
                return
            if not service.is_empty(session):
                if not if_empty:
                    click.echo("This database holds other data. Nothing was changed.", err=True)
                raise SystemExit(OTHER_DATA)
            town = service.fill(session, now=clock.now())
        click.echo(f"Averholme is ready: {len(town.services)} groups. Sign in as any of")
        for account in town.accounts.values():
            click.echo(f"  {account.email}")
        click.echo(f"with the password “{PASSWORD}”.")
