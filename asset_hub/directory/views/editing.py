"""Keeping a listing right."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, may, may_do, me, needs
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.forms import EditListing
from asset_hub.directory.models import Service, Standing
from asset_hub.directory.views.blueprint import bp
from asset_hub.directory.views.parts import community_choices, current_answers

WAITS = (
    "Thank you. A champion looks at what you changed in {}. Until then people read it as it was. "
    "Breaks and how many newcomers you welcome count at once."
)
SAVED = {
    Standing.LISTED: "{} is changed.",
    Standing.WAITING: "{} is changed. A champion looks at it before it can be found.",
}


@bp.route("/groups/<uuid:service_id>/edit", methods=["GET", "POST"])
@needs(Can.EDIT_LISTING)
def edit(service_id: UUID) -> ResponseReturnValue:
    """Change a listing, all of it on one page."""
    group = queries.editable(db.session(), load(Service, service_id))
    form = EditListing(data=current_answers(group) | {"version": group.version})
    form.community_id.choices = community_choices()
    seen = request.form.get("version", type=int)
    if form.validate_on_submit():
        with form.saving() as session:
            waits = service.must_wait(group, me())
            if not waits:  # what waits is compared by whoever looks at it
                form.must_be_current(group)
            service.edit(session, group, by=me(), now=clock.now(), made_on=seen, **form.values())
            flash((WAITS if waits else SAVED[group.standing]).format(group.name))
            return redirect(_page_of(group))
    since = service.changed_since(db.session(), group, seen, today=clock.today())
    return render_template(
        "directory/edit.html", form=form, group=group, home=_page_of(group), since=since
    ), form.status


def _page_of(group: Service) -> str:
    """Return where somebody who keeps a listing looks at it: its page, the queue or their own."""
    if group.standing is Standing.LISTED:
        return url_for(".show", service_id=group.id)
    if may_do(Can.APPROVE_LISTING, group):
        return url_for(".review", service_id=group.id)
    return url_for(".queue" if may(Can.APPROVE_LISTING) else ".mine")


@bp.get("/groups/<uuid:service_id>/stopped")
@needs(Can.EDIT_LISTING)
def stopped(service_id: UUID) -> ResponseReturnValue:
    """Ask whether a group has stopped; when it has, offer to take that back."""
    group = queries.once_listed(db.session(), load(Service, service_id))
    return render_template("directory/stopped.html", group=group)


@bp.post("/groups/<uuid:service_id>/close")
@needs(Can.EDIT_LISTING)
def close(service_id: UUID) -> ResponseReturnValue:
    """Take a group that has stopped out of finding."""
    group = load(Service, service_id)
    with db.transaction() as session:
        service.close(session, group, by=me(), now=clock.now())
    return redirect(url_for(".stopped", service_id=group.id))


@bp.post("/groups/<uuid:service_id>/reopen")
@needs(Can.EDIT_LISTING)
def reopen(service_id: UUID) -> ResponseReturnValue:
    """Undo a closing."""
    group = load(Service, service_id)
    with db.transaction() as session:
        service.reopen(session, group, by=me(), now=clock.now())
    flash(f"{group.name} is listed again.")
    return redirect(url_for(".show", service_id=group.id))
