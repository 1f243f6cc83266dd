"""A champion has looked: was there, heard it from them, or reached nobody."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.calendar import say_date
from asset_hub.core.errors import RuleBroken
from asset_hub.core.pages import safe_next
from asset_hub.core.powers import Can
from asset_hub.directory import service
from asset_hub.directory.models import Service
from asset_hub.directory.views.blueprint import bp

DONE = "Thank you. {} is confirmed today."
TAKEN_BACK = "Taken back. {} is as it was before."
GONE = "It is neither listed nor hidden now."


def _on(group: Service) -> ResponseReturnValue:
    """Go back to the page the button was on, else to the group's."""
    onward = safe_next(request.form.get("next", ""))
    return redirect(onward or url_for(".show", service_id=group.id))


def _right(group: Service, said: Callable[..., bool]) -> ResponseReturnValue:
    """Take a champion's word, in one of the ways it is given, that a listing is right."""
    with db.transaction() as session:
        done = said(session, group, by=me(), now=clock.now())
        flash(DONE.format(group.name) if done else GONE)
    return _on(group)


@bp.post("/groups/<uuid:service_id>/visited")
@needs(Can.APPROVE_LISTING)
def visited(service_id: UUID) -> ResponseReturnValue:
    """Note that a champion was there and that the page is right."""
    return _right(load(Service, service_id), service.visited)


@bp.post("/groups/<uuid:service_id>/heard")
@needs(Can.APPROVE_LISTING)
def heard(service_id: UUID) -> ResponseReturnValue:
    """Note that the people who run it told a champion that the page is right."""
    return _right(load(Service, service_id), service.heard)


@bp.post("/groups/<uuid:service_id>/take-back-word")
@needs(Can.APPROVE_LISTING)
def take_back_word(service_id: UUID) -> ResponseReturnValue:
    """Take back what one said today: the wrong button was pressed."""
    group = load(Service, service_id)
    try:
        with db.transaction() as session:
            service.take_back_word(session, group, by=me(), now=clock.now())
            flash(TAKEN_BACK.format(group.name))
    except RuleBroken as broken:
        flash(str(broken))
    return _on(group)


@bp.post("/my-patch/mail")
@needs(Can.APPROVE_LISTING)
def patch_mail() -> ResponseReturnValue:
    """Stop the weekly mail about one's list, or have it again."""
    with db.transaction() as session:
        if request.form.get("wanted") == "yes":
            service.begin_patch_mail(session, me())
            flash("We write to you again when your list has something to do.")
        else:
            service.stop_patch_mail(session, me(), now=clock.now())
            flash("We write no more about your list.")
    return redirect(safe_next(request.form.get("next", "")) or url_for(".queue"))


@bp.post("/groups/<uuid:service_id>/could-not-reach")
@needs(Can.APPROVE_LISTING)
def could_not_reach(service_id: UUID) -> ResponseReturnValue:
    """Note that a champion tried and reached nobody."""
    group = load(Service, service_id)
    seen = request.form.get("tries", type=int)
    try:
        with db.transaction() as session:
            until = service.could_not_reach(session, group, by=me(), now=clock.now(), seen=seen)
            flash(f"Noted. There is time until {say_date(until)}.")
    except RuleBroken as broken:  # somebody has confirmed it meanwhile
        flash(str(broken))
    return _on(group)
