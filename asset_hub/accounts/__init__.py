"""People who sign in: accounts, the roles they were given, their sessions and invitations."""

from flask import Flask

from asset_hub.accounts import commands, jobs, models, views
from asset_hub.accounts.views import again, door, keeper
from asset_hub.core import access, pages
from asset_hub.core.powers import Can

__all__ = ["init_app", "jobs", "models"]


def init_app(app: Flask) -> None:
    """Add the pages and the commands, and say who is signed in."""
    door.init_app(app)
    again.init_app(app)
    access.kept_by(app, keeper.Keeper())
    app.register_blueprint(views.bp)
    pages.room("Team", "accounts.team", Can.SEE_TEAM, order=80)
    pages.room("Accounts", "accounts.accounts", Can.MANAGE_ACCOUNTS, order=82)
    commands.init_app(app)
