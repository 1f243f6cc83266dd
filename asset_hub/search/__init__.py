"""Search: finding support by words, topic and distance, as a list and as a view of a map."""

from flask import Flask

from asset_hub.core import pages
from asset_hub.core.powers import Can
from asset_hub.search import models, views
from asset_hub.search.neighbourhood import community, patch
from asset_hub.search.queries import text

__all__ = ["community", "init_app", "models", "patch", "text"]


def init_app(app: Flask) -> None:
    """Add the home page, the pages and answers of finding, and the champion's own room."""
    app.register_blueprint(views.bp)
    pages.room("My patch", "search.patch", Can.APPROVE_LISTING, order=35)
