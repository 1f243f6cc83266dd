"""Can you welcome new people? Answered with an account, or by the mailed link."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import me, needs, public
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.forms import RoomForm
from asset_hub.directory.models import LinkFor, Service, Standing
from asset_hub.directory.views.blueprint import bp
from asset_hub.directory.views.sections import editable

SAID = "Thank you. The page of {} says so now."


@bp.route("/groups/<uuid:service_id>/edit/room", methods=["GET", "POST"])
@needs(Can.EDIT_LISTING)
def room(service_id: UUID) -> ResponseReturnValue:
    """Ask whoever looks after a group whether it can welcome new people."""
    group = editable(service_id)
    form, today = _form(group), clock.today()
    if form.validate_on_submit():
        with form.saving() as session:
            service.welcome(session, group, form.values(), by=me(), today=today, now=clock.now())
            flash(SAID.format(group.name))
            return redirect(url_for(".edit", service_id=group.id))
    return _page(group, form, url_for(".edit", service_id=group.id))


@bp.route("/list-a-group/keep/<string:token>/room", methods=["GET", "POST"])
@public
def keep_room(token: str) -> ResponseReturnValue:
    """Ask those who run a group, by their mailed link."""
    found = queries.link(db.session(), token, LinkFor.KEEP)
    home = url_for(".keep", token=token)
    if not service.is_alive(found, clock.now()) or found.service.standing is not Standing.LISTED:
        return redirect(home)  # which says what has happened
    form, today = _form(found.service), clock.today()
    if form.validate_on_submit():
        with form.saving() as session:
            service.keep_welcome(session, found, form.values(), today=today, now=clock.now())
            flash(SAID.format(found.service.name))
            return redirect(home)
    return _page(found.service, form, home)


def _form(group: Service) -> RoomForm:
    return RoomForm(data=service.answers_from(group.welcomes, group.full_until, clock.today()))


def _page(group: Service, form: RoomForm, home: str) -> ResponseReturnValue:
    page = render_template("directory/room.html", form=form, group=group, home=home)
    return page, form.status
