"""Who is signed in: the token in the cookie opens a session row, and a look keeps it open."""

from flask import Flask, Response, current_app, g, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from werkzeug.wrappers import Response as Answer

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import Account
from asset_hub.accounts.views.browsers import device_words
from asset_hub.config import current_settings
from asset_hub.core import access, clock, db, ids
from asset_hub.core.crypto import vault
from asset_hub.core.logs import log
from asset_hub.core.pages import safe_next
from asset_hub.core.powers import Can

TOKEN = "_user_id"  # noqa: S105 (Flask-Login's own name for what it hands to the loader)
ONWARD = "onward"  # where somebody was going who had to register, or to mend a password, first
A_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Tell Flask-Login how an account is found, and keep sessions that are used."""
    access.login.session_protection = None  # rows are revocable; phones change their address
    access.login.user_loader(_account_of)
    app.after_request(_keep_open)


def _account_of(token: str) -> Account | None:
    now = clock.now()
    found = queries.sign_in_of(db.session(), token, now=now)
    if found is None:
        return None
    if queries.is_to_be_noted(found, now=now):
        g.sign_in_to_note = found.id
    return found.account


def _keep_open(response: Response) -> Response:
    """Note the look once the page is made: one write in ten minutes, none while it is read."""
    if key := g.pop("sign_in_to_note", None):
        try:
            with db.transaction() as session:
                service.seen(session, key, now=clock.now())
        except OperationalError:
            log.warning("a session was not noted as seen: the database was busy")
    return response


def token() -> str:
    """Return the token of this browser's session, or "" when it has none."""
    return str(cookie.get(TOKEN, ""))


def keep_onward(onward: str) -> str:
    """Keep in this browser where somebody was going, for the mailed link that lets them in."""
    cookie.pop(ONWARD, None)
    if inside := safe_next(onward):
        cookie[ONWARD] = inside
    return inside or ""


def kept_onward() -> str:
    """Return where somebody was going when this browser last showed the sign-in page, or ""."""
    return str(cookie.get(ONWARD, ""))


def let_in(session: Session, account: Account, *, onward: str = "") -> ResponseReturnValue:
    """Turn a proven password into a session, and go where the person wanted to.

    A second factor belongs here: between the password that was right and the row that lets in.
    """
    service.end_token(session, token(), now=clock.now())
    device = device_words(request.user_agent.string)
    secret = service.open_session(session, account, device=device, now=clock.now())
    known = known_device(account.email) or ids.token()[:16]
    cookie.clear()  # nothing from before the sign-in lives on: neither its CSRF token nor its id
    cookie[TOKEN] = secret
    cookie.permanent = not access.allows(account, Can.READ_PERSON)
    response = redirect(safe_next(onward) or home_of(account), 303)
    _remember_device(response, account.email, known)
    return response


def leave(session: Session) -> None:
    """End this browser's session: a copy of its cookie opens nothing any more."""
    service.end_token(session, token(), now=clock.now())
    cookie.clear()


def home_of(account: Account) -> str:
    """Return the page somebody's work begins on."""
    if access.allows(account, Can.KEEP_CONNECTION):
        return "/today"
    if access.allows(account, Can.APPROVE_LISTING):
        return "/to-approve"
    return "/your-groups" if access.allows(account, Can.EDIT_LISTING) else "/account"


def known_device(email: str) -> str | None:
    """Return this device's name when it signed in to the account of an address before."""
    try:
        whose, name = _signer().loads(request.cookies.get(_cookie_name(), ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(name) if whose == _whose(email) else None


def _remember_device(response: Answer, email: str, name: str) -> None:
    response.set_cookie(
        _cookie_name(),
        str(_signer().dumps([_whose(email), name])),
        max_age=A_YEAR,
        secure=current_settings().production,
        httponly=True,
        samesite="Lax",
    )


def _cookie_name() -> str:
    return "__Host-hub-device" if current_settings().production else "hub-device"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="device")


def _whose(email: str) -> str:
    return vault().fingerprint(f"device:{email.casefold()}")
