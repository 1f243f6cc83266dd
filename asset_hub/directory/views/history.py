"""What has happened to a listing, and how to put back what a change took away."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs, public
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.forms import Undo, undo_form
from asset_hub.directory.models import ChangeRequest, LinkFor, ListingLink, Service
from asset_hub.directory.views.blueprint import bp


@bp.get("/groups/<uuid:service_id>/history")
@needs(Can.EDIT_LISTING)
def history(service_id: UUID) -> ResponseReturnValue:
    """Show everything that happened to a listing, to those who look after it."""
    return _history(queries.remembered(load(Service, service_id)), {})


def _history(group: Service, ticks: dict[UUID, Undo]) -> ResponseReturnValue:
    """Show the history; `ticks` holds the form of an undo that was refused."""
    entries = queries.history(db.session(), group, now=clock.now(), today=clock.today(), names=True)
    waits = service.must_wait(group, me())
    shown = [one.revision for one in entries if one.revision and one.may_undo and not waits]
    asked = {
        one.id: undo_form(one.id, posted=False)
        for one in shown
        if service.shows_an_address(group, one)
    }
    page = render_template(
        "directory/history.html", group=group, entries=entries, token="", waits=waits,
        ticks=asked | ticks,
    )  # fmt: skip
    return page, 422 if ticks else 200


@bp.post("/groups/<uuid:service_id>/history/<uuid:revision_id>/undo")
@needs(Can.EDIT_LISTING)
def undo(service_id: UUID, revision_id: UUID) -> ResponseReturnValue:
    """Put back what one change took away."""
    group = load(Service, service_id)
    revision = queries.revision_of(db.session(), group, revision_id)
    form = undo_form(revision.id, posted=True)
    with form.saving() as session:
        agreed = bool(form.address_agreed.data)
        done = service.undo(
            session, group, revision, by=me(), now=clock.now(), address_agreed=agreed
        )
        flash(_said(done))
        return redirect(url_for(".history", service_id=group.id))
    return _history(queries.remembered(group), {revision.id: form})


def _said(done: service.Undone) -> str:
    left = service.labels(done.left)
    rest = f" Changed since then, and left as it is: {left}." if left else ""
    if not done.put_back:
        return f"Nothing is put back.{rest}"
    names = service.labels(done.put_back)
    waits = " once a champion has looked" if done.waits else ""
    return f"Put back{waits}: {names}.{rest}"


def _kept(token: str) -> ListingLink:
    link = queries.link(db.session(), token, LinkFor.KEEP)
    service.must_be_alive(link, clock.now())
    return link


@bp.get("/list-a-group/keep/<string:token>/history")
@public
def keep_history(token: str) -> ResponseReturnValue:
    """Show those who run a group, by their mailed link, what happened; nobody's name is in it."""
    group = queries.remembered(_kept(token).service)
    entries = queries.history(
        db.session(), group, now=clock.now(), today=clock.today(), names=False
    )
    return render_template(
        "directory/history.html",
        group=group,
        entries=entries,
        token=token,
        waits=True,
        ticks={},
    )


@bp.post("/list-a-group/keep/<string:token>/history/<uuid:revision_id>/undo")
@public
def keep_undo(token: str, revision_id: UUID) -> ResponseReturnValue:
    """Ask to put back what one change took away."""
    group = _kept(token).service
    revision = queries.revision_of(db.session(), group, revision_id)
    with db.transaction() as session:
        done = service.undo(session, group, revision, by=None, now=clock.now())
    flash(_said(done))
    return redirect(url_for(".keep_history", token=token))


@bp.post("/list-a-group/keep/<string:token>/withdraw/<uuid:change_id>")
@public
def keep_withdraw(token: str, change_id: UUID) -> ResponseReturnValue:
    """Take back what was sent by the mailed link and waits."""
    group = _kept(token).service
    change = queries.own_change(db.session(), group, change_id)
    with db.transaction() as session:
        if service.withdraw_change(session, change, by=None, now=clock.now()):
            flash("You have taken it back.")
    return redirect(url_for(".keep", token=token))


@bp.post("/your-groups/changes/<uuid:change_id>/withdraw")
@needs(Can.EDIT_LISTING)
def owner_withdraw(change_id: UUID) -> ResponseReturnValue:
    """Take back what one has sent oneself and waits."""
    change = load(ChangeRequest, change_id)
    with db.transaction() as session:
        if service.withdraw_own(session, change, by=me(), now=clock.now()):
            flash("You have taken it back.")
    return redirect(url_for(".mine"))
