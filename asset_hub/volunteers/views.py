"""Pages for offers to help: made by anybody, answered by the community's coordinator."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from asset_hub.communities import queries as communities
from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs, public
from asset_hub.core.powers import Can
from asset_hub.volunteers import queries, service
from asset_hub.volunteers.forms import DeclineForm, OfferForm
from asset_hub.volunteers.models import Volunteer

bp = Blueprint("volunteers", __name__)

ANSWERED = "This offer has been answered already."


@bp.route("/volunteer", methods=["GET", "POST"])
@public
def apply() -> ResponseReturnValue:
    """Offer to help, without an account."""
    by = me() if current_user.is_authenticated else None
    form = OfferForm()
    places = communities.all_communities(db.session())
    form.offer_to(places, request.args.get("community", ""), by)
    if form.validate_on_submit():
        with form.saving() as session:
            address = request.remote_addr or ""
            service.offer(session, by=by, address=address, now=clock.now(), **form.values())
            return redirect(url_for(".thanks"))
    return render_template("volunteers/apply.html", form=form, places=places), form.status


@bp.get("/volunteer/thank-you")
@public
def thanks() -> ResponseReturnValue:
    """Say thank you, and what happens next."""
    return render_template("volunteers/thanks.html")


@bp.get("/volunteers")
@needs(Can.WELCOME_VOLUNTEER)
def index() -> ResponseReturnValue:
    """Show a coordinator who waits for an answer, and who was welcomed."""
    page = request.args.get("page", 1, type=int)
    return render_template(
        "volunteers/index.html",
        waiting=queries.waiting(db.session(), me()),
        welcomed=queries.welcomed(db.session(), me(), page=page),
    )


@bp.get("/volunteers/<uuid:volunteer_id>")
@needs(Can.WELCOME_VOLUNTEER)
def show(volunteer_id: UUID) -> ResponseReturnValue:
    """Show one offer with everything that was said."""
    volunteer = load(Volunteer, volunteer_id)
    account = queries.account_for(db.session(), volunteer)
    return render_template("volunteers/show.html", volunteer=volunteer, account=account)


@bp.post("/volunteers/<uuid:volunteer_id>/welcome")
@needs(Can.WELCOME_VOLUNTEER)
def welcome(volunteer_id: UUID) -> ResponseReturnValue:
    """Welcome somebody and give or offer them the role."""
    volunteer = load(Volunteer, volunteer_id)
    form = DeclineForm(formdata=None)
    with form.saving() as session:
        first = service.welcome(session, volunteer, by=me(), now=clock.now())
        flash("They are welcomed, and told by mail." if first else ANSWERED)
        return redirect(url_for(".show", volunteer_id=volunteer_id))
    account = queries.account_for(db.session(), volunteer)
    page = render_template("volunteers/show.html", volunteer=volunteer, account=account, form=form)
    return page, 422


@bp.route("/volunteers/<uuid:volunteer_id>/decline", methods=["GET", "POST"])
@needs(Can.WELCOME_VOLUNTEER)
def decline(volunteer_id: UUID) -> ResponseReturnValue:
    """Say no, kindly."""
    volunteer = load(Volunteer, volunteer_id)
    form = DeclineForm()
    if form.validate_on_submit():
        with form.saving() as session:
            first = service.decline(session, volunteer, by=me(), now=clock.now(), **form.values())
            flash("They are told by mail, in your words." if first else ANSWERED)
            return redirect(url_for(".index"))
    return render_template("volunteers/decline.html", form=form, volunteer=volunteer), form.status
