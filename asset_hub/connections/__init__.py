"""Connections: a person and a group brought together, with a keeper and a next date.

The group is asked by mail and answers by a one-use link, without an account.
"""

from flask import Flask

from asset_hub.connections import jobs, models, views
from asset_hub.core import pages
from asset_hub.core.powers import Can

__all__ = ["init_app", "jobs", "models"]


def init_app(app: Flask) -> None:
    """Add the pages about connections."""
    app.register_blueprint(views.bp)
    pages.room("Hellos", "connections.hellos", Can.TAKE_HELLO, order=28)
    pages.room("Connections", "connections.index", Can.READ_CONNECTION, order=30)
