"""One's own second step: an authenticator app, passkeys, recovery codes."""

from typing import Any
from uuid import UUID

import pyotp
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from asset_hub.accounts import queries, service
from asset_hub.accounts.forms import CodeForm, CodesForm, PasskeyForm
from asset_hub.accounts.models import Authenticator, StepFor
from asset_hub.accounts.views import door, keys
from asset_hub.accounts.views.bp import bp
from asset_hub.config import current_settings
from asset_hub.core import clock, db, qr
from asset_hub.core.access import Proof, asks_again, me, signed_in


@bp.get("/account/security")
@signed_in
def security() -> ResponseReturnValue:
    """Show how one signs in, and what to set up."""
    session = db.session()
    return render_template(
        "accounts/security.html",
        account=me(),
        app=queries.authenticator(session, me()),
        keys=queries.passkeys(session, me()),
        keys_possible=keys.are_possible(),
        left=queries.codes_left(session, me()),
        few=queries.are_few(queries.codes_left(session, me())),
        wanted=door.must_show_factor(me()),
        onward=door.kept_onward() or door.home_of(me()),
    )


@bp.post("/account/authenticator/begin")
@signed_in
@asks_again(Proof.FACTOR)
def begin_authenticator() -> ResponseReturnValue:
    """Make a secret for a new app."""
    with db.transaction() as session:
        service.begin_authenticator(session, me(), now=clock.now())
    return redirect(url_for(".authenticator"), 303)


@bp.route("/account/authenticator", methods=["GET", "POST"])
@signed_in
@asks_again(Proof.FACTOR)
def authenticator() -> ResponseReturnValue:
    """Show the secret to the app, and let it count once a code of it is right."""
    row = queries.unconfirmed_authenticator(db.session(), me())
    if row is None:
        return redirect(url_for(".security"))
    form = CodeForm()
    if form.validate_on_submit():
        with db.transaction() as session:
            service.count_proof(session, session_id=f"app {me().id}", now=clock.now())
        with form.saving() as session:
            service.confirm_authenticator(
                session, me(), code=str(form.code.data), token=door.token(), now=clock.now()
            )
            return _added(session, "Your authenticator app is set up.")
    return render_template("accounts/authenticator.html", form=form, **_to_show(row)), form.status


def _to_show(row: Authenticator) -> dict[str, Any]:
    """Return the secret as a picture to point a phone at, and as letters to type."""
    name = current_settings().site_name
    address = pyotp.TOTP(row.secret).provisioning_uri(name=me().email, issuer_name=name)
    return {"code": qr.secret_code(address), "letters": queries.in_groups(row.secret)}


def _added(session: Session, words: str) -> ResponseReturnValue:
    """Let this session count as one with a second factor, and go on to the recovery codes."""
    row = door.sign_in()
    assert row is not None
    door.prove_again(session, row, by_factor=True)
    flash(words)
    has_codes = queries.codes_left(session, me())
    return redirect(url_for(".security" if has_codes else ".recovery_codes"), 303)


@bp.post("/account/authenticator/remove")
@signed_in
@asks_again(Proof.FACTOR)
def remove_authenticator() -> ResponseReturnValue:
    """Forget the app."""
    with db.transaction() as session:
        service.remove_authenticator(
            session,
            me(),
            wanted=door.must_show_factor(me()),
            token=door.token(),
            now=clock.now(),
        )
    flash("The authenticator app is removed.")
    return redirect(url_for(".security"), 303)


@bp.route("/account/passkeys/add", methods=["GET", "POST"])
@signed_in
@asks_again(Proof.FACTOR)
def add_passkey() -> ResponseReturnValue:
    """Add a passkey, with the page's script."""
    form = PasskeyForm()
    if form.validate_on_submit() and (asked := _asked(form)):
        with form.saving() as session:
            service.add_passkey(
                session, me(), answer=keys.answer(), challenge=asked, site=keys.site(),
                name=str(form.name.data), token=door.token(), now=clock.now(),
            )  # fmt: skip
            return _added(session, "Your passkey is added.")
    page = {"form": form, "keys_possible": keys.are_possible()}
    return render_template("accounts/add_passkey.html", **page), form.status


def _asked(form: PasskeyForm) -> str:
    """Return the question that was answered, used up by that; or say on the form that none was."""
    asked = keys.challenge()
    with form.saving() as session:
        service.take(session, asked, StepFor.PASSKEY_ADD, now=clock.now())
        return asked
    return ""


@bp.route("/account/passkeys/<uuid:passkey_id>", methods=["GET", "POST"])
@signed_in
@asks_again(Proof.FACTOR)
def passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Name one of one's passkeys, or remove it."""
    row = service.own_passkey(db.session(), me(), passkey_id)
    form = PasskeyForm(obj=row)
    if form.validate_on_submit():
        with form.saving() as session:
            service.name_passkey(session, me(), row, now=clock.now(), **form.values())
            flash("The passkey has its new name.")
            return redirect(url_for(".security"), 303)
    return render_template("accounts/passkey.html", form=form, key=row), form.status


@bp.post("/account/passkeys/<uuid:passkey_id>/remove")
@signed_in
@asks_again(Proof.FACTOR)
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Forget a passkey."""
    with db.transaction() as session:
        row = service.own_passkey(session, me(), passkey_id)
        wanted = door.must_show_factor(me())
        service.remove_passkey(
            session, me(), row, wanted=wanted, token=door.token(), now=clock.now()
        )
    flash("The passkey is removed.")
    return redirect(url_for(".security"), 303)


@bp.route("/account/recovery-codes", methods=["GET", "POST"])
@signed_in
@asks_again(Proof.FACTOR)
def recovery_codes() -> ResponseReturnValue:
    """Make ten recovery codes and show them, once."""
    form, codes = CodesForm(), []
    if form.validate_on_submit():
        with form.saving() as session:
            codes = service.renew_codes(session, me(), once=str(form.once.data), now=clock.now())
    left = queries.codes_left(db.session(), me())
    page = {"form": form, "codes": codes, "left": left, "today": clock.today()}
    onward = door.kept_onward() or door.home_of(me())
    return render_template("accounts/recovery_codes.html", onward=onward, **page), form.status
