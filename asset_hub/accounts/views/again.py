"""Showing again that it is really oneself: before what matters most, and at a locked screen."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit
from uuid import UUID

from flask import (
    Flask,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from asset_hub.accounts import queries, service
from asset_hub.accounts.forms import ProofForm
from asset_hub.accounts.models import SignIn
from asset_hub.accounts.views import door, keys
from asset_hub.accounts.views.bp import bp
from asset_hub.core import clock, db
from asset_hub.core.access import Proof, me, public, signed_in
from asset_hub.core.pages import safe_next

ARRIVED = {200, 302, 303, 422}  # what a view answered itself: done, or shown again with its text


def init_app(app: Flask) -> None:
    """Forget what was held once it is carried on."""
    app.after_request(_let_go)


def _form(row: SignIn, *, only_factor: bool) -> ProofForm:
    """Return the form with the ways that this account has."""
    form, session = ProofForm(), db.session()
    if only_factor and queries.has_factor(session, row.account):
        del form.password
    if not queries.authenticator(session, row.account) and not queries.codes_left(
        session, row.account
    ):
        del form.code
    return form


def _is_proved(form: ProofForm, row: SignIn) -> bool:
    """Return whether the owner of a session proved to be it, by what the form or a key says."""
    if keys.answer():
        shown = keys.shown_by(form, row.account)
        with form.saving() as session:
            if shown:
                door.prove_again(session, row, by_factor=True)
        return shown is not None
    if not form.validate_on_submit():
        return False
    with db.transaction() as session:
        service.count_proof(session, session_id=str(row.id), now=clock.now())
    said = {"password": "", "code": ""} | form.values()
    with form.saving() as session:
        by_factor = service.show(session, row.account, now=clock.now(), **said)
        door.prove_again(session, row, by_factor=by_factor)
        return True
    return False


def _page(template: str, form: ProofForm, row: SignIn) -> ResponseReturnValue:
    has_keys = keys.are_possible() and queries.passkeys(db.session(), row.account)
    page = {"form": form, "whose": row.account, "has_keys": has_keys}
    return render_template(template, **page), form.status


@bp.route("/show-again", methods=["GET", "POST"])
@signed_in
def again() -> ResponseReturnValue:
    """Ask to show again who one is, and go on to where one was going."""
    row, onward = door.sign_in(), safe_next(request.args.get("next", ""))
    assert row is not None
    form = _form(row, only_factor=request.args.get("by") == Proof.FACTOR)
    if not _is_proved(form, row):
        return _page("accounts/again.html", form, row)
    if onward and PurePosixPath(urlsplit(onward).path).suffix:  # a file: the page stays in sight
        return render_template("accounts/go_on.html", onward=onward)
    return redirect(onward or url_for(".account"), 303)


@bp.route("/locked", methods=["GET", "POST"])
@public
def locked() -> ResponseReturnValue:
    """Unlock a screen that was left alone."""
    row, onward = door.locked(), safe_next(request.args.get("next", ""))
    if row is None:
        there = current_user.is_authenticated
        home = door.home_of(me()) if there else url_for(".sign_in", next=onward)
        return redirect((onward or home) if there else home, 303)
    form = _form(row, only_factor=False)
    if _is_proved(form, row):
        return redirect(onward or door.home_of(row.account), 303)
    return _page("accounts/locked.html", form, row)


@bp.get("/locked/cover")
@public
def lock_cover() -> ResponseReturnValue:
    """Give the page's script what it lays over a page: the same words for everybody."""
    response = make_response(render_template("accounts/lock_cover.html"))
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@bp.route("/still-here", methods=["GET", "POST"])
@signed_in
def still_here() -> ResponseReturnValue:
    """Say in how many seconds the screen locks: to ask is no sign of life, to send is one."""
    if request.method == "GET":
        g.pop("sign_in_to_note", None)
    return {"locks_in": door.locks_in()}


@bp.get("/carry-on")
@signed_in
def carry_on() -> ResponseReturnValue:
    """Show what was sent from the locked screen, to be sent on or thrown away."""
    row = door.sign_in()
    assert row is not None
    waiting = service.held(db.session(), row, now=clock.now())
    return render_template("accounts/carry_on.html", waiting=waiting, home=door.home_of(me()))


@bp.post("/carry-on/<uuid:held_form_id>/throw-away")
@signed_in
def throw_away(held_form_id: UUID) -> ResponseReturnValue:
    """Forget what was sent from the locked screen."""
    row = door.sign_in()
    assert row is not None
    with db.transaction() as session:
        service.let_go(session, row, held_form_id)
    flash("It is thrown away.")
    return redirect(url_for(".carry_on"), 303)


def _let_go(response: Response) -> Response:
    arrived = request.method == "POST" and response.status_code in ARRIVED
    carried = request.form.get("held_form", type=UUID) if arrived else None
    if carried and (row := door.sign_in()):
        with db.transaction() as session:
            service.let_go(session, row, carried)
    return response
