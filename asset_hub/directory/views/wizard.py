"""Listing a group, step by step, without an account."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.communities import queries as communities
from asset_hub.core import clock, db
from asset_hub.core.access import public
from asset_hub.directory import queries, service
from asset_hub.directory.forms import FORMS, StepForm, sections
from asset_hub.directory.models import ListingDraft, ListingLink, Standing
from asset_hub.directory.views import parts
from asset_hub.directory.views.blueprint import bp


@bp.get("/list-a-group")
@public
def start() -> ResponseReturnValue:
    """Say what listing a group takes; offer to go on with answers left here."""
    draft = parts.current_draft()
    begun = draft if draft and draft.answers else None
    places = communities.all_communities(db.session())
    return render_template("directory/start.html", draft=begun, places=places)


@bp.route("/list-a-group/<string:step>", methods=["GET", "POST"])
@public
def step(step: str) -> ResponseReturnValue:
    """Ask the questions of one step and keep the answers."""
    if step not in FORMS or step == "check":
        abort(404)
    answers = _answers(parts.current_draft())
    if away := _out_of_turn(step, answers):
        return away
    form = FORMS[step].opened(_earlier(step, answers), parts.community_choices())
    form.suggest_from(answers.get("what", {}))
    if form.validate_on_submit():
        with form.saving() as session:
            token, answers = service.keep(
                session, parts.token(), step, form.values(),
                now=clock.now(), address=request.remote_addr or "",
            )  # fmt: skip
            return parts.go(_next(step, answers), token)
    return _page(step, form, answers)


def _earlier(step: str, answers: dict[str, service.Answers]) -> service.Answers:
    """Return what was answered before; the pin starts where the postcode roughly is."""
    return answers.get(step) or (answers.get("where", {}) if step == "pin" else {})


def _page(step: str, form: StepForm, answers: dict[str, service.Answers]) -> ResponseReturnValue:
    frame = parts.map_frame(answers) if step == "pin" else {}
    page = render_template(
        "directory/step.html",
        form=form,
        step=step,
        back=_back(step),
        answers=answers,
        frame=frame,
        asked_for=queries.asked_for(db.session(), parts.current_draft()),
    )
    return page, form.status


def _answers(draft: ListingDraft | None) -> dict[str, service.Answers]:
    return service.in_steps(draft.answers) if draft and not draft.submitted_at else {}


def _out_of_turn(step: str, answers: dict[str, service.Answers]) -> ResponseReturnValue | None:
    """Send somebody who skipped a step to the first one that is missing."""
    early = service.first_missing(answers, before=step)
    return redirect(url_for(".step", step=early)) if early else None


def _next(step: str, answers: dict[str, service.Answers]) -> str:
    checking = request.args.get("from") == "check"
    after = service.following(step, answers, checking=checking)
    if after == "check":
        return url_for(".check")
    address = url_for(".step", step=after)
    return f"{address}?from=check" if checking else address


def _back(step: str) -> str:
    if request.args.get("from") == "check":
        return url_for(".check")
    earlier = service.before(step)
    return url_for(".step", step=earlier) if earlier else url_for(".start")


@bp.route("/list-a-group/check", methods=["GET", "POST"])
@public
def check() -> ResponseReturnValue:
    """Show every answer; send them."""
    draft = parts.current_draft()
    if draft is None or draft.submitted_at:
        return redirect(url_for(".sent"))  # which sends on whoever has sent nothing
    if away := _out_of_turn("check", service.in_steps(draft.answers)):
        return away
    form = _last_question(draft)
    if form.validate_on_submit():
        with form.saving() as session:
            if "home" in form and form["home"].data == "yes":
                service.homes.show_less(session, draft)
            address = request.remote_addr or ""
            service.submit(session, draft, address=address, now=clock.now())
            return redirect(url_for(".sent"))
    return _checked(draft, form)


def _last_question(draft: ListingDraft) -> StepForm:
    """Return the form of the last step; it asks about a home only where there may be one."""
    form = FORMS["check"]()
    if not service.homes.sign_of_answers(service.flat(draft.answers)):
        del form["home"]
    return form


def _checked(draft: ListingDraft, form: StepForm) -> ResponseReturnValue:
    page = render_template(
        "directory/check.html",
        form=form,
        doubles=queries.doubles_of_draft(db.session(), draft),
        sections=sections(
            service.in_steps(draft.answers), parts.community_choices(), gaps=True, own=True
        ),
        asked_for=queries.asked_for(db.session(), draft),
    )
    return page, form.status


@bp.get("/list-a-group/sent")
@public
def sent() -> ResponseReturnValue:
    """Say what happens next."""
    draft = parts.current_draft()
    if draft is None or draft.service_id is None or not draft.submitted_at:
        return redirect(url_for(".start"))
    listing = queries.of_draft(db.session(), draft)
    return render_template(
        "directory/sent.html", listing=listing, email=queries.contact_email(listing)
    )


def _unproven() -> ListingLink | None:
    """Return the link mailed for the listing this browser has sent, while it is not confirmed."""
    draft = parts.current_draft()
    if draft is None or not draft.submitted_at:
        return None
    listing = queries.of_draft(db.session(), draft)
    if listing.standing is not Standing.UNCONFIRMED:
        return None
    return queries.newest_link(db.session(), listing)


@bp.post("/list-a-group/sent/again")
@public
def mail_again() -> ResponseReturnValue:
    """Mail the link once more, to somebody whose mail has not come."""
    if found := _unproven():
        with db.transaction() as session:
            service.send_another_link(session, found, now=clock.now())
        flash("We have sent it again.")
    return redirect(url_for(".sent"))


@bp.post("/list-a-group/sent/change")
@public
def other_address() -> ResponseReturnValue:
    """Open the contact's step again for somebody who mistyped the address."""
    if not (found := _unproven()):
        return redirect(url_for(".sent"))
    with db.transaction() as session:
        draft = service.change(session, found, now=clock.now())
    return parts.go(url_for(".step", step="join") + "?from=check#contact_email", draft)


@bp.post("/list-a-group/forget")
@public
def forget() -> ResponseReturnValue:
    """Delete the answers kept for this browser."""
    draft = parts.current_draft()
    with db.transaction() as session:
        if draft is not None:
            service.forget(session, draft)
    return parts.forget_cookie(redirect(url_for(".start")))


@bp.get("/list-a-group/link/<string:token>")
@public
def link(token: str) -> ResponseReturnValue:
    """Show what a mailed link is for: look it over, then press the one button."""
    found = queries.link(db.session(), token)
    alive = service.is_alive(found, clock.now())
    return render_template(
        "directory/link.html",
        listing=found.service,
        token=token,
        alive=alive,
        sections=parts.everything(found.service, own=True) if alive else [],
        message=queries.last_message(db.session(), found.service),
    )


@bp.post("/list-a-group/link/<string:token>/confirm")
@public
def confirm(token: str) -> ResponseReturnValue:
    """Put a listing in the queue on its lister's word."""
    found = queries.link(db.session(), token)
    with db.transaction() as session:
        service.confirm(session, found, now=clock.now())
    return redirect(url_for(".link", token=token))


@bp.post("/list-a-group/link/<string:token>/change")
@public
def change(token: str) -> ResponseReturnValue:
    """Open a listing's answers in the same steps it was made with."""
    found = queries.link(db.session(), token)
    with db.transaction() as session:
        draft = service.change(session, found, now=clock.now())
    return parts.go(url_for(".check"), draft)


@bp.post("/list-a-group/link/<string:token>/again")
@public
def send_again(token: str) -> ResponseReturnValue:
    """Mail a new link in place of one that has ended."""
    found = queries.link(db.session(), token)
    with db.transaction() as session:
        service.send_another_link(session, found, now=clock.now())
    return render_template("directory/sent_again.html")
