"""The page a group answers on, without an account. Opening it changes nothing."""

from datetime import timedelta

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.connections import queries, service
from asset_hub.connections.forms import ReplyForm
from asset_hub.connections.models import ANSWER_WORDS, Answer
from asset_hub.connections.views.bp import bp
from asset_hub.core import clock, db, throttle
from asset_hub.core.access import public
from asset_hub.directory import service as directory

MOST_TRIES = 20
PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    # The token stays out of every Referer. "no-referrer" would fail the form's own origin check.
    "Referrer-Policy": "strict-origin",
}


@bp.route("/reply/<string:token>", methods=["GET", "POST"])
@public
def reply(token: str) -> ResponseReturnValue:
    """Show a group exactly what it was told, and take its answer once."""
    link = queries.link_of(db.session(), token)
    if link is None:
        return make_response(render_template("connections/no_link.html"), 404, PRIVATE)
    asked = queries.is_answerable(db.session(), link, now=clock.now())
    beside = asked and directory.worth_asking(link.connection.service, now=clock.now())
    form = ReplyForm().ask_beside(beside)
    change = queries.may_change(db.session(), link, now=clock.now())
    if (asked or change) and form.validate_on_submit():
        _count_the_try()
        with form.saving() as session:
            service.answer(session, link, now=clock.now(), **form.values())
            return redirect(url_for(".reply", token=token))
    told = asked or queries.may_look_again(db.session(), link, now=clock.now())
    page = {"form": form, "link": link, "asked": asked, "answers": ANSWER_WORDS}
    page |= {"change": change, "by": queries.asked_by(link.connection)}
    page["read"] = directory.what_people_read(db.session(), link.connection.service)
    page |= {"yes": Answer.YES, "told": queries.told(link.connection) if told else None}
    answer = render_template("connections/reply.html", **page)
    return make_response(answer, form.status, PRIVATE)


def _count_the_try() -> None:
    with db.transaction() as session:
        throttle.hit(
            session,
            "reply",
            request.remote_addr or "",
            limit=MOST_TRIES,
            per=timedelta(hours=1),
            now=clock.now(),
        )
