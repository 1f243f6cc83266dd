"""Interop: what other directories hold, read in; one module for each format."""

from flask import Flask

from asset_hub.core import pages
from asset_hub.core.powers import Can
from asset_hub.interop import commands, jobs, models, views

__all__ = ["init_app", "jobs", "models"]


def init_app(app: Flask) -> None:
    """Add the pages, the place in the navigation and `flask directory import`."""
    app.register_blueprint(views.bp)
    pages.room("Import", "interop.index", Can.IMPORT_LISTINGS, order=80)
    commands.init_app(app)
