"""Search: finding support by words, topic and distance, as a list and as a view of a map."""

from flask import Flask

from asset_hub.core import clock, pages
from asset_hub.core.powers import Can
from asset_hub.directory.service import say_card
from asset_hub.search import embed, ground, jobs, tiles, views
from asset_hub.search.neighbourhood import community, patch, topic_poster, unmet
from asset_hub.search.queries import plan, text
from asset_hub.search.shortlist import models, shared
from asset_hub.search.shortlist import views as shortlist
from asset_hub.search.tally import Tally
from asset_hub.search.whats_on import views as whats_on

__all__ = [
    "community", "embed", "init_app", "jobs", "models", "patch", "plan", "shared", "shortlist",
    "text", "tiles", "topic_poster", "unmet", "whats_on",
]  # fmt: skip


def init_app(app: Flask) -> None:
    """Add the home page, the pages and answers of finding, and the champion's own room."""
    ground.opened(app.extensions["settings"].tile_file)  # a wrong one is told at the start
    app.extensions["asks"] = Tally()
    app.register_blueprint(views.bp)
    app.jinja_env.filters["say_card"] = lambda room: say_card(room, clock.today())
    pages.room("My patch", "search.patch", Can.APPROVE_LISTING, order=35)
