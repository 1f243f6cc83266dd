"""Registering, confirming an address, accepting an invitation."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user

from asset_hub.accounts import queries, service
from asset_hub.accounts.forms import ConfirmForm, NewcomerForm, RegisterForm
from asset_hub.accounts.models import Invitation, Purpose
from asset_hub.accounts.views import door
from asset_hub.accounts.views.bp import bp
from asset_hub.accounts.views.signing import gone, network
from asset_hub.accounts.views.words import being
from asset_hub.core import clock, db
from asset_hub.core.access import me, public
from asset_hub.core.forms import Form

WAITING = "registering"  # the id of the registration this browser asked for


@bp.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """Ask for an account."""
    if current_user.is_authenticated:
        return redirect(url_for(".account"))
    form = RegisterForm()
    if form.validate_on_submit():
        with db.transaction() as session:
            email = str(form.email.data)
            service.count_letter(session, email=email, network=network(), now=clock.now())
        with form.saving() as session:
            key = service.register(session, now=clock.now(), **form.values())
            cookie[WAITING] = str(key)
            return redirect(url_for(".check_mail"), 303)
    onward = door.kept_onward()
    return render_template("accounts/register.html", form=form, onward=onward), form.status


@bp.get("/register/check-your-mail")
@public
def check_mail() -> ResponseReturnValue:
    """Say that a letter is on its way, and offer to send it again."""
    return render_template("accounts/check_mail.html", waiting=WAITING in cookie, form=Form())


@bp.post("/register/send-again")
@public
def send_again() -> ResponseReturnValue:
    """Send the letter again to whoever registered in this browser."""
    if waiting := cookie.get(WAITING):
        with db.transaction() as session:
            service.count_letter(session, email=waiting, network=network(), now=clock.now())
            service.send_confirmation_again(session, UUID(waiting), now=clock.now())
        flash("We have sent the email again.")
    return redirect(url_for(".check_mail"), 303)


@bp.route("/confirm/<string:token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> ResponseReturnValue:
    """Confirm an address with one button; opening the link changes nothing."""
    link = queries.open_link(db.session(), token, Purpose.CONFIRM, now=clock.now())
    if link is None:
        return gone()
    form = ConfirmForm()
    if cookie.get(WAITING) == str(link.id):
        del form.password
    if form.validate_on_submit():
        with form.saving() as session:
            password = form.values().get("password")
            account = service.confirm(session, link, password=password, now=clock.now())
            answer = door.let_in(session, account, onward=door.kept_onward(), tell=False)
            flash("Your email address is confirmed.")
            return answer
    return render_template("accounts/confirm.html", form=form, link=link), form.status


@bp.route("/invitation/<string:token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    """Show who invites to what, and accept it; opening the link changes nothing."""
    session, now = db.session(), clock.now()
    found = queries.invitation_by_token(session, token)
    if found is None or not service.still_stands(session, found, now=now):
        return gone()
    if current_user.is_authenticated:
        return _accept_signed_in(found)
    account = queries.by_email(session, found.email)
    if account and account.confirmed_at:
        return render_template("accounts/invitation_sign_in.html", invitation=found)
    return _accept_as_newcomer(found)


def _accept_signed_in(found: Invitation) -> ResponseReturnValue:
    if me().email != found.email:
        return render_template("accounts/invitation_other.html", invitation=found)
    form = Form()
    if form.validate_on_submit():
        with form.saving() as session:
            account = me()
            service.accept(session, found, account, now=clock.now())
            row = door.sign_in()  # more is open to it now: a session of its own
            assert row is not None
            answer = door.let_in(
                session, account, factor_at=row.factor_at, shown_at=row.shown_at, tell=False
            )
            flash(f"Thank you. You are now {being(found)}.")
            return answer
    return render_template("accounts/invitation.html", form=form, invitation=found), form.status


def _accept_as_newcomer(found: Invitation) -> ResponseReturnValue:
    form = NewcomerForm(name=found.name)
    if form.validate_on_submit():
        with form.saving() as session:
            account = service.accept_as_newcomer(session, found, now=clock.now(), **form.values())
            answer = door.let_in(session, account, tell=False)
            flash(f"Welcome. You are now {being(found)}.")
            return answer
    return render_template("accounts/invitation.html", form=form, invitation=found), form.status
