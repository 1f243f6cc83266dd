"""Privacy: what is kept about a person, shown to them by a link, corrected, taken back, erased.

`rules.HELD` names every table that can reach a person; a test fails when one is missing there.
"""

from flask import Flask

from asset_hub.core import pages
from asset_hub.core.powers import Can
from asset_hub.privacy import jobs, models, views

__all__ = ["init_app", "jobs", "models"]


def init_app(app: Flask) -> None:
    """Add the pages about what is kept."""
    app.register_blueprint(views.bp)
    pages.room("What people ask", "privacy.requests", Can.ANSWER_PERSON, order=70)
