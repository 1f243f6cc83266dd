"""Interop: what other directories hold, read in, and what this one holds, given out.

Where to look:
    reading/    a file → records: formats, columns, cleaning. Knows no database.
    fetching/   a file from an address: which addresses may be asked, pages of a feed.
    batch/      some hundred records and the database: compare, write, close, put back.
    run/        one import from start to end: claiming, progress, decision, report, undoing.
    exporting/  the directory → files.
    service/    what people decide about imports and feeds; views/ and forms: their pages.
"""

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
