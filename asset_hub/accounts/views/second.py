"""The second step of signing in: a code, one on paper, a helper's, or a passkey."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from asset_hub.accounts import queries, service
from asset_hub.accounts.forms import CodeForm, LettersForm
from asset_hub.accounts.models import Account, StepFor
from asset_hub.accounts.views import devices, door, keys
from asset_hub.accounts.views.bp import bp
from asset_hub.core import clock, db
from asset_hub.core.access import public


@bp.route("/sign-in/second-step", methods=["GET", "POST"])
@public
def second() -> ResponseReturnValue:
    """Ask for the second factor of whoever knew the password."""
    account = door.half_way(db.session())
    if account is None:
        return _from_the_start()
    session = db.session()
    app, has_keys = queries.authenticator(session, account), queries.passkeys(session, account)
    on_paper = "lost" in request.args or app is None
    form = LettersForm() if on_paper else CodeForm()
    if keys.answer():
        return _by_key(form, account) or _page(form, on_paper, has_keys)
    if form.validate_on_submit():
        if not _is_allowed(account):
            flash("That was the last try. Sign in again from the start.")
            return _from_the_start()
        if answer := _by_code(form, account):
            return answer
    return _page(form, on_paper, has_keys)


def _page(form: CodeForm | LettersForm, on_paper: bool, has_keys: object) -> ResponseReturnValue:
    page = {"form": form, "on_paper": on_paper, "has_keys": has_keys and keys.are_possible()}
    return render_template("accounts/second.html", **page), form.status


def _from_the_start() -> ResponseReturnValue:
    return redirect(url_for(".sign_in", next=door.kept_onward() or None), 303)


def _is_allowed(account: Account) -> bool:
    """Count the try before the code is looked at, and keep the count when it is wrong."""
    with db.transaction() as session:
        service.count_code(
            session,
            account_id=str(account.id),
            device=devices.known(account.email),
            now=clock.now(),
        )
        return service.count_try(session, door.half_token(), now=clock.now())


def _by_code(form: CodeForm | LettersForm, account: Account) -> ResponseReturnValue | None:
    code = str(form.code.data)
    with form.saving() as session:
        way = service.show_code(session, account, code=code, now=clock.now(), at_the_door=True)
        return _finish(session, account, way)
    if queries.are_tries_over(db.session(), door.half_token()):
        with db.transaction() as session:
            service.tell_of_guessing(session, account, now=clock.now())
    return None


def _by_key(form: CodeForm | LettersForm, account: Account) -> ResponseReturnValue | None:
    if keys.shown_by(form, account) is None:
        return None
    with form.saving() as session:
        return _finish(session, account, service.Way.PASSKEY)
    return None


def _finish(session: Session, account: Account, way: service.Way) -> ResponseReturnValue:
    """Let in, once, whose password and second factor were right."""
    service.take(session, door.half_token(), StepFor.SIGN_IN, now=clock.now())
    factor_at = None if way is service.Way.HELP else clock.now()
    answer = door.let_in(session, account, onward=door.kept_onward(), factor_at=factor_at)
    if way is service.Way.RECOVERY:
        left = queries.codes_left(session, account)
        flash(f"That code is used up. You have {left or 'no'} recovery codes left.")
    if way is service.Way.HELP:
        flash("You are in. Set up a new second step now: the old one is gone.")
    return answer
