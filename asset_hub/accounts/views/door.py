"""Who is signed in: the token in the cookie opens a session row, and a look keeps it open.

A session whose screen is locked opens nothing: to every page nobody is signed in. One that showed
no second factor, where roles over people want one, holds none of those roles.
"""

from datetime import datetime

from flask import Flask, Response, g, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import Account, SignIn, StepFor
from asset_hub.accounts.views import devices
from asset_hub.accounts.views.browsers import device_words
from asset_hub.config import current_settings
from asset_hub.core import access, clock, db, ids
from asset_hub.core.logs import log
from asset_hub.core.pages import safe_next
from asset_hub.core.powers import Can

TOKEN = "_user_id"  # noqa: S105 (Flask-Login's own name for what it hands to the loader)
ONWARD = "onward"  # where somebody was going who had to register, or to mend a password, first
HALF = "half"  # the token of a sign-in whose password was right


def init_app(app: Flask) -> None:
    """Tell Flask-Login how an account is found, and keep sessions that are used."""
    access.login.session_protection = None  # rows are revocable; phones change their address
    access.login.user_loader(_account_of)
    app.after_request(_keep_open)
    app.jinja_env.globals["locks_in"] = locks_in


def _account_of(token: str) -> Account | None:
    now = clock.now()
    found = queries.sign_in_of(db.session(), token, now=now)
    if found is None:
        return None
    locks_at = queries.locks_at(found)
    if locks_at and locks_at < now:
        g.locked = found
        return None
    account = found.account
    account.asleep = must_show_factor(account) and found.factor_at is None
    g.sign_in = found
    if now - found.seen_at >= queries.noted_every(account) and not is_background():
        g.sign_in_to_note = found.id
    return account


def is_background() -> bool:
    """Return whether a script asks to look again, which is no sign that anybody is there."""
    return request.method in db.SAFE and is_scripted()


def is_scripted() -> bool:
    """Return whether a script asks, and no page follows the answer."""
    return request.headers.get("Sec-Fetch-Dest") == "empty"


def must_show_factor(account: Account) -> bool:
    """Return whether some of an account's roles are worth nothing without a second factor."""
    return account.is_guarded and current_settings().second_factor == "required"


def sign_in() -> SignIn | None:
    """Return the session of whoever is signed in."""
    return g.get("sign_in") if current_user.is_authenticated else None


def locked() -> SignIn | None:
    """Return the session that is locked."""
    return None if current_user.is_authenticated else g.get("locked")


def locks_in() -> int | None:
    """Return in how many seconds this screen locks if nothing is touched; None when it never."""
    row = sign_in()
    at = queries.locks_at(row) if row else None
    if row is None or at is None:
        return None
    begins = clock.now() if "sign_in_to_note" in g else row.seen_at
    return max(0, int((at - row.seen_at + begins - clock.now()).total_seconds()))


def _keep_open(response: Response) -> Response:
    """Note the look once the page is made: one write in minutes, none while it is read."""
    if key := g.pop("sign_in_to_note", None):
        every = queries.noted_every(g.sign_in.account)
        try:
            with db.transaction() as session:
                service.seen(session, key, every=every, now=clock.now())
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


def half_way(session: Session) -> Account | None:
    """Return whose password was right in this browser a moment ago."""
    step = queries.step_of(session, str(cookie.get(HALF, "")), StepFor.SIGN_IN, now=clock.now())
    return session.get(Account, step.account_id) if step else None


def half_token() -> str:
    """Return the token of a sign-in whose password was right, or ""."""
    return str(cookie.get(HALF, ""))


def by_password(session: Session, account: Account, *, onward: str = "") -> ResponseReturnValue:
    """Let in whose password was right; ask for the second factor first, where there is one."""
    if not queries.has_factor(session, account):
        return let_in(session, account, onward=onward)
    keep_onward(onward)
    cookie[HALF] = service.begin(session, StepFor.SIGN_IN, account_id=account.id, now=clock.now())
    return redirect(url_for("accounts.second"), 303)


def let_in(
    session: Session,
    account: Account,
    *,
    onward: str = "",
    factor_at: datetime | None = None,
    shown_at: datetime | None = None,
    tell: bool = True,
) -> ResponseReturnValue:
    """Turn a proof into a session, and go where the person wanted to.

    `tell` writes to the owner when this browser was not here before.
    """
    now, old = clock.now(), ids.digest(token())
    service.end_token(session, token(), now=now)
    device = device_words(request.user_agent.string)
    secret = service.open_session(
        session, account, device=device, now=now, factor_at=factor_at, shown_at=shown_at
    )
    if service.hand_on(session, account, old, ids.digest(secret)):
        onward = url_for("accounts.carry_on")
    known = devices.known(account.email)
    if tell and known is None:
        service.tell_of_new_device(session, account, device=device, now=now)
    cookie.clear()  # nothing from before the sign-in lives on: neither its CSRF token nor its id
    cookie[TOKEN] = secret
    cookie.permanent = not account.is_guarded
    account.asleep = must_show_factor(account) and factor_at is None
    if account.asleep:
        keep_onward(onward)
    inside = None if account.asleep else safe_next(onward)
    response = redirect(inside or home_of(account), 303)
    devices.remember(response, account.email, known or ids.token()[:16])
    return response


def prove_again(session: Session, row: SignIn, *, by_factor: bool) -> None:
    """Note that the owner of a session proved to be it, and change the token of its cookie."""
    cookie[TOKEN] = service.show_again(session, row, by_factor=by_factor, now=clock.now())


def leave(session: Session) -> None:
    """End this browser's session: a copy of its cookie opens nothing any more."""
    service.end_token(session, token(), now=clock.now())
    cookie.clear()


def home_of(account: Account) -> str:
    """Return the page somebody's work begins on."""
    if account.asleep:
        return "/account/security"
    if access.allows(account, Can.KEEP_CONNECTION):
        return "/today"
    if access.allows(account, Can.APPROVE_LISTING):
        return "/to-approve"
    return "/your-groups" if access.allows(account, Can.EDIT_LISTING) else "/account"
