"""What waits for a champion or coordinator."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.forms import posted_version
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.forms import Approve, SendBack
from asset_hub.directory.models import Service, Standing
from asset_hub.directory.queries import SIGN_WORDS, Waits
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
    asked = {name: request.args.get(name, "") for name in ("kind", "community")}
    kind = Waits(asked["kind"]) if asked["kind"] in set(Waits) else None
    found = queries.queue(
        db.session(), me(), today=clock.today(), kind=kind, community=asked["community"],
        page=request.args.get("page", 1, type=int),
    )  # fmt: skip
    return render_template("directory/queue.html", found=found, asked=asked, kind=kind)


@bp.get("/to-approve/<uuid:service_id>")
@needs(Can.APPROVE_LISTING)
def review(service_id: UUID) -> ResponseReturnValue:
    """Show one listing with everything in it, and what may be the same group."""
    listing = queries.submitted(db.session(), load(Service, service_id))
    return _review(listing, SendBack())


def _review(
    listing: Service, form: SendBack, approving: Approve | None = None
) -> ResponseReturnValue:
    approving = approving or Approve(formdata=None, data={"version": listing.version})
    sign = queries.to_agree(listing)
    page = render_template(
        "directory/review.html",
        listing=listing, sections=everything(listing, own=False), form=form, approving=approving,
        doubles=queries.doubles(db.session(), listing, me()), sign=sign and SIGN_WORDS[sign],
        **as_people_see(listing),
    )  # fmt: skip
    return page, max(form.status, approving.status)


@bp.post("/to-approve/<uuid:service_id>/approve")
@needs(Can.APPROVE_LISTING)
def approve(service_id: UUID) -> ResponseReturnValue:
    """List it."""
    listing, form = load(Service, service_id), Approve()
    seen = posted_version()
    with form.saving() as session:
        done = service.approve(
            session, listing, by=me(), now=clock.now(), version=seen,
            address_agreed=bool(form.address_agreed.data),
        )  # fmt: skip
        return _approved(listing, done)
    return _review(listing, SendBack(formdata=None), form)


def _approved(listing: Service, done: bool) -> ResponseReturnValue:
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
