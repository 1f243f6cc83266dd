"""Follow-ups: whom to get in touch with today, what was heard, and when somebody looks again."""

from flask import Flask

from asset_hub.core import pages
from asset_hub.core.powers import Can
from asset_hub.followups import jobs, models, views

__all__ = ["init_app", "jobs", "models"]


def init_app(app: Flask) -> None:
    """Add the pages; importing `jobs` has already declared the scheduled work."""
    app.register_blueprint(views.bp)
    pages.room("Today", "followups.today", Can.KEEP_CONNECTION, order=10)
