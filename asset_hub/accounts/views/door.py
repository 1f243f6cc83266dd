"""Who is signed in: the token in the cookie opens a session row, and a look keeps it open."""

from flask import Flask, Response, g
from flask import session as cookie
from sqlalchemy.exc import OperationalError

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import Account
from asset_hub.core import access, clock, db
from asset_hub.core.logs import log

TOKEN = "_user_id"  # noqa: S105 (Flask-Login's own name for what it hands to the loader)


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
    """Note the look after the page is made: a page is never kept waiting by a write lock."""
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
