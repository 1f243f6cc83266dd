"""Suggested changes, side by side with what they would change, for champions and coordinators."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.forms import Form, posted_version
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.forms import Return, decision
from asset_hub.directory.models import ChangeRequest
from asset_hub.directory.views.blueprint import bp

TAKEN = "Thank you. The listing of {} says so now."
RUNS = "Thank you. {} still runs, and is confirmed today."
DECIDED = "Somebody has decided this already."


@bp.get("/changes")
@needs(Can.APPROVE_LISTING)
def changes() -> ResponseReturnValue:
    """Lead an old address on to the one list of what waits."""
    return redirect(url_for(".queue", kind="change"))


@bp.get("/changes/<uuid:change_id>")
@needs(Can.APPROVE_LISTING)
def change_review(change_id: UUID) -> ResponseReturnValue:
    """Show a change beside the listing."""
    change = queries.proven(load(ChangeRequest, change_id))
    return _review(change, None, Return())


def _review(change: ChangeRequest, picked: Form | None, back: Form) -> ResponseReturnValue:
    found = service.review(db.session(), change, today=clock.today())
    picking = picked or decision(found.picks, shows=bool(found.sign))
    picking["version"].data = str(change.service.version)
    form = picked or back
    page = render_template(
        "directory/change_review.html",
        change=change, found=found, form=form, picking=picking, back_form=back,
    )  # fmt: skip
    return page, form.status


@bp.post("/changes/<uuid:change_id>/approve")
@needs(Can.APPROVE_LISTING)
def change_approve(change_id: UUID) -> ResponseReturnValue:
    """Take it into the listing."""
    change = queries.proven(load(ChangeRequest, change_id))
    found = service.review(db.session(), change, today=clock.today())
    form = decision(found.picks, shows=bool(found.sign))
    if form.validate_on_submit():
        seen = posted_version()
        with form.saving() as session:
            picks = form.values()
            done = service.approve_change(
                session, change, by=me(), now=clock.now(), version=seen,
                address_agreed=bool(picks.pop("address_agreed", False)), picks=picks,
            )  # fmt: skip
            flash(TAKEN.format(change.service.name) if done else DECIDED)
            return redirect(url_for(".queue"))
    return _review(change, form, Return(formdata=None))


@bp.post("/changes/<uuid:change_id>/return")
@needs(Can.APPROVE_LISTING)
def change_return(change_id: UUID) -> ResponseReturnValue:
    """Send it back with words; the listing stays as it is."""
    change = queries.proven(load(ChangeRequest, change_id))
    form = Return()
    if form.validate_on_submit():
        with form.saving() as session:
            done = service.return_change(session, change, by=me(), now=clock.now(), **form.values())
            flash("It is sent back, with your words." if done else DECIDED)
            return redirect(url_for(".queue"))
    return _review(change, None, form)


@bp.post("/changes/<uuid:change_id>/still-runs")
@needs(Can.APPROVE_LISTING)
def change_still_runs(change_id: UUID) -> ResponseReturnValue:
    """Note that somebody asked the people who run it, and that it has not gone."""
    change = queries.proven(load(ChangeRequest, change_id))
    with db.transaction() as session:
        done = service.still_runs(session, change, by=me(), now=clock.now())
        flash(RUNS.format(change.service.name) if done else DECIDED)
    return redirect(url_for(".queue"))
