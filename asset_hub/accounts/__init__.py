"""People who sign in: accounts, roles given to them, invitations and sessions."""

from flask import Flask

from asset_hub.accounts import models, views
from asset_hub.accounts.views import door

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add the pages and say who is signed in."""
    door.init_app(app)
    app.register_blueprint(views.bp)
