"""Where people belong: communities of identity, localities, boroughs, practices, postcodes."""

from flask import Flask

from asset_hub.communities import commands, models, views
from asset_hub.core import pages
from asset_hub.core.powers import Can

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add the pages, the place in the navigation and the commands."""
    app.register_blueprint(views.bp)
    pages.room("Places", "communities.places", Can.MANAGE_PLACES, order=85)
    commands.init_app(app)
