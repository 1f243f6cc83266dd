"""Signing in and out, and the way back for somebody who forgot the password."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from asset_hub.accounts import queries, service
from asset_hub.accounts.forms import ForgottenForm, ResetForm, SignInForm
from asset_hub.accounts.models import Account, Purpose
from asset_hub.accounts.views import devices, door, keys
from asset_hub.accounts.views.bp import bp
from asset_hub.accounts.views.browsers import network_of
from asset_hub.config import current_settings
from asset_hub.core import clock, db
from asset_hub.core.access import me, public
from asset_hub.core.errors import RuleBroken
from asset_hub.core.pages import safe_next


def network() -> str:
    """Return where a request came from, for counting."""
    return network_of(request.remote_addr or "")


def gone() -> ResponseReturnValue:
    """Say that a link does not work any more, and what to do."""
    return render_template("accounts/gone.html"), 410


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign somebody in."""
    onward = request.args.get("next", "")
    if current_user.is_authenticated and request.method == "GET":
        return redirect(safe_next(onward) or door.home_of(me()))
    form = SignInForm(email=_suggested())
    if keys.answer():
        if answer := _by_key(form, onward):
            return answer
    elif form.validate_on_submit():
        _count_sign_in(form)
        if account := _recognised(form):
            with form.saving() as session:
                service.renew_hash(account, form.password.data)
                return door.by_password(session, account, onward=onward)
    page = {"form": form, "trying": _to_try(), "sent_here": bool(door.keep_onward(onward))}
    page["keys_possible"] = keys.are_possible()
    return render_template("accounts/sign_in.html", **page), form.status


def _by_key(form: SignInForm, onward: str) -> ResponseReturnValue | None:
    """Let in who showed a passkey: the device, and the PIN or finger it asks for, are two."""
    account = keys.shown_by(form, None)
    if account is None:
        return None
    with form.saving() as session:
        return door.let_in(session, account, onward=onward, factor_at=clock.now())
    return None


def _recognised(form: SignInForm) -> Account | None:
    """Return whose address and password these are, or say on the form that they are nobody's."""
    try:
        return service.check_password(db.session(), **form.values())
    except RuleBroken as broken:
        form.refuse(broken)
        return None


def _count_sign_in(form: SignInForm) -> None:
    """Count the try before the password is looked at, and keep the count when it is wrong."""
    email = str(form.email.data)
    with db.transaction() as session:
        known = devices.known(email)
        service.count_sign_in(
            session, email=email, network=network(), device=known, now=clock.now()
        )


def _suggested() -> str:
    """Return the address that a demonstration's list of accounts asked to fill in."""
    return request.args.get("email", "")[:254] if current_settings().demo else ""


def _to_try() -> list[tuple[str, str, str]]:
    """Return the name, address and roles of a demonstration's accounts; none elsewhere."""
    if not current_settings().demo:
        return []
    return [
        (account.name, account.email, "; ".join(grant.words for grant in queries.held(account)))
        for account in queries.demo_accounts(db.session())
    ]


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this session."""
    with db.transaction() as session:
        door.leave(session)
    flash("You are signed out.")
    return redirect(url_for(".sign_in"), 303)


@bp.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Send a link for a new password."""
    form = ForgottenForm()
    if form.validate_on_submit():
        email = str(form.email.data)
        with db.transaction() as session:
            service.count_letter(session, email=email, network=network(), now=clock.now())
        with form.saving() as session:
            service.ask_reset(session, email=email, now=clock.now())
            return redirect(url_for(".forgotten_sent"), 303)
    return render_template("accounts/forgotten.html", form=form), form.status


@bp.get("/forgotten-password/sent")
@public
def forgotten_sent() -> ResponseReturnValue:
    """Say that a letter is on its way, whoever asked."""
    return render_template("accounts/forgotten_sent.html")


@bp.route("/new-password/<string:token>", methods=["GET", "POST"])
@public
def new_password(token: str) -> ResponseReturnValue:
    """Set a new password by a mailed link; opening it changes nothing."""
    link = queries.open_link(db.session(), token, Purpose.RESET, now=clock.now())
    if link is None:
        return gone()
    form = ResetForm()
    if form.validate_on_submit():
        with form.saving() as session:
            service.reset_password(session, link, now=clock.now(), **form.values())
            flash("Your new password is set. Sign in with it.")
            return redirect(url_for(".sign_in", next=door.kept_onward() or None), 303)
    return render_template("accounts/new_password.html", form=form), form.status
