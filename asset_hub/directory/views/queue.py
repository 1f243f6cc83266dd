"""What waits for a champion or coordinator."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.forms import SendBack
from asset_hub.directory.models import Service, Standing
from asset_hub.directory.views.blueprint import bp
from asset_hub.directory.views.parts import as_people_see, everything

LISTED = Markup(
    "{} is listed. We have told the people who run it. "
    '<a class="govuk-notification-banner__link" href="{}">See its page</a>'
)
CHANGED = "This listing was changed after you opened it. Look at it as it is now."
ANSWERED = "Somebody has looked at this listing already."


@bp.get("/to-approve")
@needs(Can.APPROVE_LISTING)
def queue() -> ResponseReturnValue:
    """Show what waits, the longest waiting first."""
    waiting, today = queries.waiting(db.session(), me()), clock.today()
    late = {one.id for one in waiting if service.is_late(one.submitted_at, today)}
    suggested = len(queries.waiting_changes(db.session(), me()))
    return render_template(
        "directory/queue.html", waiting=waiting, late=late, now=clock.now(), suggested=suggested
    )


@bp.get("/to-approve/<uuid:service_id>")
@needs(Can.APPROVE_LISTING)
def review(service_id: UUID) -> ResponseReturnValue:
    """Show one listing with everything in it, and what may be the same group."""
    listing = queries.submitted(db.session(), load(Service, service_id))
    return _review(listing, SendBack())


def _review(listing: Service, form: SendBack) -> ResponseReturnValue:
    doubles = queries.doubles(db.session(), listing)
    page = render_template(
        "directory/review.html",
        listing=listing, sections=everything(listing, own=False), doubles=doubles, form=form,
        **as_people_see(listing),
    )  # fmt: skip
    return page, form.status


@bp.post("/to-approve/<uuid:service_id>/approve")
@needs(Can.APPROVE_LISTING)
def approve(service_id: UUID) -> ResponseReturnValue:
    """List it."""
    listing = load(Service, service_id)
    with db.transaction() as session:
        seen = request.form.get("version", type=int)
        done = service.approve(session, listing, by=me(), now=clock.now(), version=seen)
    if not done and listing.standing is Standing.WAITING:
        flash(CHANGED)
        return redirect(url_for(".review", service_id=listing.id))
    page = url_for(".show", service_id=listing.id)
    flash(LISTED.format(listing.name, page) if done else ANSWERED)
    return redirect(url_for(".queue"))


@bp.post("/to-approve/<uuid:service_id>/send-back")
@needs(Can.APPROVE_LISTING)
def send_back(service_id: UUID) -> ResponseReturnValue:
    """Ask for changes."""
    listing = queries.submitted(db.session(), load(Service, service_id))
    form = SendBack()
    if form.validate_on_submit():
        with form.saving() as session:
            done = service.send_back(session, listing, by=me(), now=clock.now(), **form.values())
            flash("We have asked them to change it." if done else ANSWERED)
            return redirect(url_for(".queue"))
    return _review(listing, form)
