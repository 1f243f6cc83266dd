"""Changing where a group meets: its community, its places, and which time is where."""

from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core.access import may_do, needs
from asset_hub.core.powers import Can
from asset_hub.directory import service
from asset_hub.directory.forms import CommunitySection, PlaceForm, Remove, times_at
from asset_hub.directory.models import Parts, Service
from asset_hub.directory.views import parts
from asset_hub.directory.views.blueprint import bp
from asset_hub.directory.views.sections import editable, save


@bp.route("/groups/<uuid:service_id>/edit/where", methods=["GET", "POST"])
@needs(Can.EDIT_LISTING)
def where(service_id: UUID) -> ResponseReturnValue:
    """Show a group's places, each with the way to change it; change its community."""
    group = editable(service_id)
    form = CommunitySection(data={"community_id": group.community_id, "version": group.version})
    form["community_id"].choices = parts.community_choices()
    if form.validate_on_submit():
        with form.saving():
            return save(group, form, service.community_parts(form.values()))
    page = render_template(
        "directory/where.html", form=form, group=group, places=parts.places_in_words(group)
    )
    return page, form.status


@bp.route("/groups/<uuid:service_id>/edit/where/<int:number>", methods=["GET", "POST"])
@needs(Can.EDIT_LISTING)
def place(service_id: UUID, number: int) -> ResponseReturnValue:
    """Change one of its places; they are counted from 1."""
    group = editable(service_id)
    return _place(group, number - 1, _numbered(group, number))


@bp.route("/groups/<uuid:service_id>/edit/where/new", methods=["GET", "POST"])
@needs(Can.EDIT_LISTING)
def new_place(service_id: UUID) -> ResponseReturnValue:
    """Add a place."""
    return _place(editable(service_id), None, None)


def _numbered(group: Service, number: int) -> Parts:
    places: list[Parts] = service.parts_of(group)["places"]
    if not 1 <= number <= len(places):
        abort(404)
    return places[number - 1]


def _place(group: Service, number: int | None, known: Parts | None) -> ResponseReturnValue:
    now = service.answers_of_place(known) if known else {}
    form = PlaceForm(data=now | {"version": group.version})
    if form.validate_on_submit():
        with form.saving() as session:
            values = form.values()
            values.pop("address_agreed")
            return save(group, form, service.place_parts(session, group, number, values))
    tick = may_do(Can.APPROVE_LISTING, group) and service.homes.sign_of(group)
    page = render_template(
        "directory/place.html",
        form=form,
        group=group,
        known=known,
        tick=tick or form.address_agreed.errors,
        frame=parts.map_frame({"where": {"community_id": str(group.community_id)}}),
    )
    return page, form.status


@bp.route("/groups/<uuid:service_id>/edit/where/<int:number>/remove", methods=["GET", "POST"])
@needs(Can.EDIT_LISTING)
def remove_place(service_id: UUID, number: int) -> ResponseReturnValue:
    """Ask whether a place is no longer used; then take it away."""
    group = editable(service_id)
    known = _numbered(group, number)
    form = Remove(data={"version": group.version})
    if form.validate_on_submit():
        with form.saving():
            return save(group, form, service.parts_without_place(group, number - 1))
    said = service.say_plainly(known)
    page = render_template("directory/place_remove.html", form=form, group=group, said=said)
    return page, form.status


@bp.route("/groups/<uuid:service_id>/edit/where/times", methods=["GET", "POST"])
@needs(Can.EDIT_LISTING)
def at_places(service_id: UUID) -> ResponseReturnValue:
    """Ask which of its times is at which of its places."""
    group = editable(service_id)
    now = service.parts_of(group)
    if len(now["places"]) < 2 or not now["times"]:
        return redirect(url_for(".where", service_id=group.id))
    at = [one["place"] for one in now["times"]]
    said = [service.say(one) for one in group.schedules]
    form = times_at(said, [place for place, _ in parts.places_in_words(group)], at, group.version)
    if form.validate_on_submit():
        with form.saving():
            chosen = [form[f"at_{number}"].data for number in range(len(at))]
            return save(group, form, service.parts_at_places(group, chosen))
    return render_template("directory/at_places.html", form=form, group=group), form.status
