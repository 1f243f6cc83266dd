"""Is it alive, is it ready, which version; and, on a laptop, the letters it would have sent."""

from pathlib import Path

from flask import Blueprint, Flask, abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from asset_hub.config import current_settings
from asset_hub.core import clock, db, jobs, mail
from asset_hub.core.access import public
from asset_hub.core.hatches import Arguments, Handed, hatch, said

VERSION = "0.1.0"
LATE = 600  # seconds without a heartbeat until a worker counts as gone
LIVE = said({"live": True})
bp = Blueprint("core", __name__)


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)


@bp.get("/livez")
@public
@hatch
def livez(_: Arguments) -> Handed:
    """Say that the process answers."""
    return LIVE


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether the database answers and has its tables (503 when not), and the worker's age.

    Pages are served without a worker, so a late one is said and does not make the site unready.
    """
    try:
        with db.reading() as connection:
            connection.execute(text("SELECT 1 FROM alembic_version"))
            with Session(connection) as session:
                beat = jobs.last_beat(session)
    except SQLAlchemyError:
        return {"ready": False}, 503
    age = int((clock.now() - beat).total_seconds()) if beat else None
    return {"ready": True, "worker_seconds_ago": age, "worker": age is not None and age < LATE}


@bp.get("/version")
@public
def version() -> ResponseReturnValue:
    """Say which version runs."""
    return {"version": VERSION}


@bp.get("/mailbox")
@public
def mailbox() -> ResponseReturnValue:
    """Show a developer the letters that would have been sent; not there in production."""
    settings = current_settings()
    if settings.production or settings.smtp_url:
        abort(404)
    letters = mail.Folder(Path(settings.mail_dir)).letters()[:100]
    return render_template("core/mailbox.html", letters=letters)
