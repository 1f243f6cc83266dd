"""People: who is being connected, what matters to them, what they agreed to.

As little as the work needs. What names a person is sealed; every look leaves an audit row.
"""

from flask import Flask

from asset_hub.core import pages
from asset_hub.core.powers import Can
from asset_hub.people import models, views

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add the pages about people."""
    app.register_blueprint(views.bp)
    pages.room("People", "people.index", Can.READ_PERSON, order=20)
