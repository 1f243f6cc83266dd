"""A group has stopped, or runs again."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.pages import safe_next
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.models import Service
from asset_hub.directory.views.blueprint import bp


@bp.get("/groups/<uuid:service_id>/stopped")
@needs(Can.EDIT_LISTING)
def stopped(service_id: UUID) -> ResponseReturnValue:
    """Ask whether a group has stopped; when it has, offer to take that back."""
    group = queries.once_listed(db.session(), load(Service, service_id))
    may_undo = queries.may_reopen(db.session(), group, me())
    onward = safe_next(request.args.get("next", ""))
    page = {"group": group, "may_undo": may_undo, "onward": onward}
    return render_template("directory/stopped.html", **page)


@bp.post("/groups/<uuid:service_id>/close")
@needs(Can.EDIT_LISTING)
def close(service_id: UUID) -> ResponseReturnValue:
    """Take a group that has stopped out of finding."""
    group = load(Service, service_id)
    with db.transaction() as session:
        service.close(session, group, by=me(), now=clock.now())
    onward = safe_next(request.form.get("next", "")) or None
    return redirect(url_for(".stopped", service_id=group.id, next=onward))


@bp.post("/groups/<uuid:service_id>/reopen")
@needs(Can.EDIT_LISTING)
def reopen(service_id: UUID) -> ResponseReturnValue:
    """Undo a closing."""
    group = load(Service, service_id)
    with db.transaction() as session:
        service.reopen(session, group, by=me(), now=clock.now())
    flash(f"{group.name} is listed again.")
    return redirect(url_for(".show", service_id=group.id))
