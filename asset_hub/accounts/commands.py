"""`flask accounts …`: the first administrator, and who there is."""

import click
from flask import Flask

from asset_hub.accounts import queries, service
from asset_hub.core import clock, db
from asset_hub.core.errors import RuleBroken


def init_app(app: Flask) -> None:
    """Add the commands."""

    @app.cli.group("accounts")
    def accounts() -> None:
        """Look after accounts."""

    @accounts.command("create-admin")
    @click.argument("email")
    @click.option("--name", default="Administrator", show_default=True)
    @click.option("--mail", is_flag=True, help="Mail a link to set the password instead of asking.")
    def create_admin(email: str, name: str, mail: bool) -> None:
        """Make an account a technical administrator, adding it if there is none."""
        ask = "" if mail else click.prompt("Password", hide_input=True, confirmation_prompt=True)
        try:
            with db.transaction() as session:
                service.make_admin(session, email=email, name=name, password=ask, now=clock.now())
        except RuleBroken as broken:
            raise click.ClickException(broken.message) from None
        click.echo(f"A link is on its way to {email}." if mail else f"{email} may sign in.")

    @accounts.command("help-in")
    @click.argument("email")
    def help_in(email: str) -> None:
        """Make the code that lets somebody in who lost their second step, when no one else may."""
        with db.transaction() as session:
            account = queries.by_email(session, email)
            if account is None or not account.is_active:
                raise click.ClickException("There is no such account, or it is disabled.")
            code = service.help_in_by_command(session, account, now=clock.now())
        click.echo(f"Tell {account.name}, in person: {code}")

    @accounts.command("list")
    def list_() -> None:
        """Say who has an account, and which roles."""
        for account in queries.everyone(db.session()):
            state = "" if account.is_active else " (disabled)"
            state = state or ("" if account.confirmed_at else " (not confirmed)")
            roles = "; ".join(grant.words for grant in queries.held(account)) or "no role"
            click.echo(f"{account.email:40} {account.name}{state}: {roles}")
