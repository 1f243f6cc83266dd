"""What a passkey is asked, for the page's script, and what it answers, as a form sends it."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Response, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user

from asset_hub.accounts import service
from asset_hub.accounts.models import Account, StepFor
from asset_hub.accounts.views import door
from asset_hub.accounts.views.bp import bp
from asset_hub.accounts.views.browsers import network_of
from asset_hub.config import current_settings
from asset_hub.core import clock, db
from asset_hub.core.access import Proof, asks_again, me, public, signed_in
from asset_hub.core.errors import RuleBroken
from asset_hub.core.forms import Form

CHALLENGE = "passkey"  # the question that this browser was asked last
LONGEST_ANSWER = 20_000
NO_NAME = "Passkeys need a site with a name. This one is opened by a number."
NO_ANSWER = "The passkey did not answer. Try again, or use another way."


def site() -> service.Site:
    """Return what our passkeys are bound to, which is the address that the settings say."""
    settings = current_settings()
    at = urlsplit(settings.site_url)
    return service.Site(settings.site_name, at.hostname or "", f"{at.scheme}://{at.netloc}")


def are_possible() -> bool:
    """Return whether the site has a name that passkeys can be bound to: numbers are none."""
    try:
        ip_address(site().host)
    except ValueError:
        return True
    return False


def answer() -> str:
    """Return what a passkey answered, as the page's script put it into the form."""
    return request.form.get("answer", "")[:LONGEST_ANSWER]


def challenge() -> str:
    """Return the question of this browser, which is good for one answer."""
    return str(cookie.pop(CHALLENGE, ""))


def shown_by(form: Form, account: Account | None) -> Account | None:
    """Return whose passkey answered, or say on the form that none did."""
    asked = challenge()
    try:
        with db.transaction() as session:
            whose = service.take(session, asked, StepFor.PASSKEY_SHOW, now=clock.now())
        if whose != (account.id if account else None):
            raise RuleBroken(NO_ANSWER)
        with db.transaction() as session:
            return service.show_passkey(
                session, account, answer=answer(), challenge=asked, site=site(), now=clock.now()
            )
    except RuleBroken as broken:
        form.refuse(broken)
        return None


@bp.post("/passkeys/ask")
@public
def ask_passkey() -> ResponseReturnValue:
    """Ask for a passkey: of whoever is signed in or half way in, else of anybody."""
    account = _whose()
    with db.transaction() as session:
        key = account.id if account else None
        who = str(key or network_of(request.remote_addr or ""))
        service.count_passkey(session, who=who, now=clock.now())
        token = service.begin(session, StepFor.PASSKEY_SHOW, account_id=key, now=clock.now())
        options = service.options_to_show(session, account, site(), token)
    return _asked(token, options)


def _whose() -> Account | None:
    if current_user.is_authenticated:
        found: Account = me()
        return found
    row = door.locked()
    return row.account if row else door.half_way(db.session())


@bp.post("/account/passkeys/ask")
@signed_in
@asks_again(Proof.FACTOR)
def ask_new_passkey() -> ResponseReturnValue:
    """Ask for a new passkey."""
    if not are_possible():
        raise RuleBroken(NO_NAME)
    with db.transaction() as session:
        token = service.begin(session, StepFor.PASSKEY_ADD, account_id=me().id, now=clock.now())
        options = service.options_to_add(session, me(), site(), challenge=token)
    return _asked(token, options)


def _asked(token: str, options: str) -> Response:
    cookie[CHALLENGE] = token
    return Response(options, mimetype="application/json")
