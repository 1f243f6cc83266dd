"""The group's page, for somebody deciding whether to go, and its poster for a wall."""

from uuid import UUID

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db, qr
from asset_hub.core.access import may_do, me, public
from asset_hub.core.powers import Can
from asset_hub.directory import queries
from asset_hub.directory.models import Service, Standing
from asset_hub.directory.views.blueprint import bp
from asset_hub.directory.views.parts import as_people_see


def _moved(url: str) -> ResponseReturnValue:
    """Send the reader on for good, but let nobody remember it for long: a merge may be undone."""
    answer = make_response(redirect(url, 301))
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@bp.get("/groups/<uuid:service_id>")
@public
def show(service_id: UUID) -> ResponseReturnValue:
    """Show a listed group; say of a hidden one that nobody could confirm it; lead on if merged."""
    if kept := queries.merged_to(db.session(), service_id):
        return _moved(url_for(".show", service_id=kept.id))
    group = queries.lasting(db.session(), service_id)
    if group.standing is Standing.HIDDEN:
        return render_template("directory/hidden.html", group=group)
    said = _said_today(group)
    return render_template("directory/show.html", said=said, **as_people_see(group))


def _said_today(group: Service) -> bool:
    """Return whether the reader said today, as a champion, that the page is right."""
    if not may_do(Can.APPROVE_LISTING, group):
        return False
    return bool(queries.words_given(db.session(), me().id, now=clock.now(), service=group.id))


@bp.get("/groups/<uuid:service_id>/poster")
@public
def poster(service_id: UUID) -> ResponseReturnValue:
    """Show what everybody may read about a group in few large words, to print and hang up."""
    if kept := queries.merged_to(db.session(), service_id):
        return _moved(url_for(".poster", service_id=kept.id))
    group = queries.published(db.session(), service_id)
    seen = as_people_see(group)
    return render_template("directory/poster.html", code=qr.code(seen["canonical"]), **seen)
