"""Volunteers: neighbours offer to help; a coordinator welcomes them, and that gives the role."""

from flask import Flask

from asset_hub.core import pages
from asset_hub.core.powers import Can
from asset_hub.volunteers import models, views

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add the pages for offers to help."""
    app.register_blueprint(views.bp)
    pages.room("Volunteers", "volunteers.index", Can.WELCOME_VOLUNTEER, order=60)
