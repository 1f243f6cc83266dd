"""Pages about what is kept of a person, for themself.

What a link opens is never at an address of its own: it is the answer to a posted form that knew
the last digits of the person's number, and what follows carries a proof of that for half an hour.
"""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db, qr
from asset_hub.core.access import load, me, needs, public
from asset_hub.core.errors import Missing
from asset_hub.core.powers import Can
from asset_hub.people import service as persons
from asset_hub.people.models import AGREED_TO_WORDS, AgreedTo, Person
from asset_hub.privacy import queries, service
from asset_hub.privacy.forms import AskForm, OpenForm
from asset_hub.privacy.models import OwnLink
from asset_hub.privacy.views.bp import PRIVATE, ClosedError, bp, link_of, private, proof, proven

_TAKEN_BACK = {
    AgreedTo.RECORD: "You have taken it back. Nobody contacts you any more.",
    AgreedTo.SHARE: "You have taken it back. Groups are told nothing more.",
}


@bp.route("/people/<uuid:person_id>/own-link", methods=["GET", "POST"])
@needs(Can.EDIT_PERSON)
def make_link(person_id: UUID) -> ResponseReturnValue:
    """Make the link by which a person sees what is kept of them; it is shown once."""
    with db.transaction() as session:
        person = load(Person, person_id)
        persons.look_at(session, person, by=me(), now=clock.now())
    if request.method == "GET":
        return private(render_template("privacy/make_link.html", person=person))
    with db.transaction() as session:
        token = service.make_link(session, person, by=me(), now=clock.now())
    address = url_for(".own", token=token, _external=True)
    code = qr.code(address)
    return private(
        render_template("privacy/link_made.html", person=person, address=address, code=code)
    )


@bp.route("/mine/<string:token>", methods=["GET", "POST"])
@public
def own(token: str) -> ResponseReturnValue:
    """Ask for the last digits, then show the person everything that is kept of them."""
    link, form = link_of(token), OpenForm()
    if form.validate_on_submit():
        with db.transaction() as session:
            service.count_try(session, token, now=clock.now())
        with form.saving() as session:
            service.open_page(session, link, digits=form.digits.data, now=clock.now())
        if form.status == 200:  # the page is drawn when nobody waits for the look to be kept
            return _own_page(link, link.person, token, AskForm() if _typed() else None)
    return _closed_page(link, form, token)


@bp.get("/mine/<string:token>/take-back")
@bp.get("/mine/<string:token>/ask")
@bp.get("/mine/<string:token>/download")
@public
def own_again(token: str) -> ResponseReturnValue:
    """Lead whoever comes back to what was answered by a posted form to where it begins."""
    return redirect(url_for(".own", token=token))


@bp.errorhandler(ClosedError)
def closed(_: ClosedError) -> Response:
    """Ask for the digits again after half an hour; what was typed is carried along."""
    token = (request.view_args or {})["token"]
    return _closed_page(link_of(token), OpenForm(formdata=None), token, is_over=True)


def _typed() -> dict[str, str]:
    """Return what was typed into a page that had closed by then."""
    typed = {name: request.form.get(name, "") for name in ("wish", "words", "request_key")}
    return typed if typed["wish"] or typed["words"] else {}


def _closed_page(link: OwnLink, form: OpenForm, token: str, *, is_over: bool = False) -> Response:
    page = render_template(
        "privacy/open.html", form=form, token=token, wanted=queries.asks_for_digits(link),
        typed=_typed(), is_over=is_over,
    )  # fmt: skip
    return private(page, 422 if is_over else form.status)


def _own_page(link: OwnLink, person: Person, token: str, form: AskForm | None = None) -> Response:
    parts = queries.everything(db.session(), person, now=clock.now())
    given = queries.given(db.session(), person)
    asked = form or AskForm(formdata=None)
    page = render_template(
        "privacy/own.html", person=person, parts=parts, token=token, proof=proof(token),
        given=given, form=asked, agreed_words=AGREED_TO_WORDS,
        unsent=request.endpoint == "privacy.own" and form is not None,
    )  # fmt: skip
    return private(page, asked.status)


@bp.post("/mine/<string:token>/take-back")
@public
def own_take_back(token: str) -> ResponseReturnValue:
    """Take an agreement back, at once."""
    link, what = proven(token), request.form.get("agreed_to", type=AgreedTo)
    if what is None:
        raise Missing
    with db.transaction() as session:
        service.take_back(session, link, what, now=clock.now())
    flash(_TAKEN_BACK[what])
    return _own_page(link, link.person, token)


@bp.post("/mine/<string:token>/ask")
@public
def own_ask(token: str) -> ResponseReturnValue:
    """Keep what the person asks."""
    link, form = proven(token), AskForm()
    if form.validate_on_submit():
        with form.saving() as session:
            service.ask(session, link, today=clock.today(), now=clock.now(), **form.values())
            flash("Thank you, it is sent. The answer will stand under “What you asked”.")
            form = AskForm(formdata=None)
    return _own_page(link, link.person, token, form)


@bp.post("/mine/<string:token>/download")
@public
def own_download(token: str) -> ResponseReturnValue:
    """Hand the person all of it as a file that other programs read."""
    link = proven(token)
    parts = queries.everything(db.session(), link.person, now=clock.now())
    answer = make_response({part.title: [dict(each) for each in part.records] for part in parts})
    answer.headers.update(PRIVATE)
    answer.headers["Content-Disposition"] = 'attachment; filename="what-is-kept-about-me.json"'
    return answer
