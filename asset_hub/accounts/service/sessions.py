"""Sessions: opened, seen, ended. A session is a row; the cookie holds its token."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session

from asset_hub.accounts.models import Account, SignIn
from asset_hub.accounts.service import steps
from asset_hub.core import audit, db, ids
from asset_hub.core.errors import Missing

ROW: Any = SignIn


def open_session(
    session: Session,
    account: Account,
    *,
    device: str,
    now: datetime,
    factor_at: datetime | None = None,
    shown_at: datetime | None = None,
) -> str:
    """Write a new session and return its token: the only time anybody sees it.

    `factor_at` says when a second factor was shown, if one was; `shown_at` when its owner last
    proved to be it: now, unless the session goes on from another.
    """
    token = ids.token()
    row = SignIn(
        account_id=account.id,
        digest=ids.digest(token),
        epoch=account.epoch,
        device=device[: db.limit(SignIn.device)],
        created_at=now,
        seen_at=now,
        shown_at=shown_at or now,
        factor_at=factor_at,
    )
    session.add(row)
    session.flush()
    audit.note(session, "sign in", account, by=account.id, now=now, factor=factor_at is not None)
    return token


def show_again(session: Session, row: SignIn, *, by_factor: bool, now: datetime) -> str:
    """Note that a session's owner proved again to be it; return its new token, the old one ends."""
    token = ids.token()
    row.digest, row.shown_at, row.seen_at = ids.digest(token), now, now
    row.factor_at = now if by_factor else row.factor_at
    session.add(row)
    session.flush()
    return token


def seen(session: Session, key: UUID, *, every: timedelta, now: datetime) -> None:
    """Move a session's last look to now, unless another request did so a moment ago."""
    due = (ROW.id == key) & (ROW.seen_at <= now - every) & ROW.ended_at.is_(None)
    session.exec(update(ROW).where(due).values(seen_at=now))


def end_token(session: Session, token: str, *, now: datetime) -> None:
    """End the session a token opens, if there is one."""
    _end(session, ROW.digest == ids.digest(token), now=now)


def end_session(session: Session, account: Account, key: UUID, *, now: datetime) -> None:
    """End one of the account's own sessions; raise Missing when it is not theirs."""
    row = session.get(SignIn, key)
    if row is None or row.account_id != account.id:
        raise Missing
    _end(session, ROW.id == key, now=now)


def end_others(session: Session, account: Account, token: str, *, now: datetime) -> None:
    """End every session of an account but the one a token opens ("" ends all)."""
    others = (ROW.account_id == account.id) & (ROW.digest != ids.digest(token))
    _end(session, others, now=now)


def _end(session: Session, which: Any, *, now: datetime) -> None:
    session.exec(update(ROW).where(which, ROW.ended_at.is_(None)).values(ended_at=now))


def renew(session: Session, account: Account, token: str, *, now: datetime) -> None:
    """Raise the account's epoch: every session ends but the one a token opens ("" ends all)."""
    account.epoch += 1
    session.flush()
    steps.forget(session, account)
    end_others(session, account, token, now=now)
    kept = (ROW.account_id == account.id) & (ROW.digest == ids.digest(token))
    session.exec(update(ROW).where(kept, ROW.ended_at.is_(None)).values(epoch=account.epoch))
