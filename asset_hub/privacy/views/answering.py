"""Pages of whoever answers what people ask about what is kept of them."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import asks_again, load, me, needs
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Can
from asset_hub.people import service as persons
from asset_hub.privacy import service
from asset_hub.privacy.forms import AnswerPersonForm
from asset_hub.privacy.models import WISH_TOLD, OwnRequest, Wish
from asset_hub.privacy.views.bp import bp

UNSURE = "Tick the box first: an erased person cannot be brought back"


@bp.get("/data-requests")
@needs(Can.ANSWER_PERSON)
def requests() -> ResponseReturnValue:
    """Show what people have asked, the one due first."""
    with db.transaction() as session:
        found = service.look_over(session, by=me(), now=clock.now())
    return render_template(
        "privacy/requests.html", requests=found, told=WISH_TOLD, today=clock.today()
    )


@bp.route("/data-requests/<uuid:request_id>", methods=["GET", "POST"])
@needs(Can.ANSWER_PERSON)
def answer(request_id: UUID) -> ResponseReturnValue:
    """Answer what a person asked."""
    with db.transaction() as session:
        asked = load(OwnRequest, request_id)
        persons.look_at(session, asked.person, by=me(), now=clock.now())
    form = AnswerPersonForm(obj=None if request.method == "POST" else asked)
    if form.validate_on_submit():
        with form.saving() as session:
            words = form.answer.data
            service.answer(session, asked, words=words, by=me(), now=clock.now())
            flash("The answer is kept. They find it by their link.")
            return redirect(url_for(".requests"))
    page = {"form": form, "asked": asked, "told": WISH_TOLD, "wishes": Wish}
    return render_template("privacy/answer.html", **page), form.status


@bp.post("/data-requests/<uuid:request_id>/erase")
@needs(Can.ANSWER_PERSON)
@asks_again()
def erase(request_id: UUID) -> ResponseReturnValue:
    """Erase the person who asked for it, after the box was ticked."""
    asked = load(OwnRequest, request_id)
    if "sure" not in request.form:
        form = AnswerPersonForm(obj=asked)
        form.refuse(RuleBroken(UNSURE))
        page = {"form": form, "asked": asked, "told": WISH_TOLD, "wishes": Wish, "unsure": UNSURE}
        return render_template("privacy/answer.html", **page), form.status
    with db.transaction() as session:
        service.erase_as_asked(session, asked, by=me(), now=clock.now())
    flash("They are erased. Only numbers are left.")
    return redirect(url_for(".requests"))
