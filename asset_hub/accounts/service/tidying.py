"""Forgetting what is of no use any more."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session

from asset_hub.accounts.models import Account, MailedLink, SignIn

KEEP = timedelta(days=90)


def tidy(session: Session, *, now: datetime) -> None:
    """Delete links that ran out and sessions that nobody has used for a season."""
    link: Any = MailedLink
    row: Any = SignIn
    session.exec(delete(link).where(link.expires_at < now - KEEP))
    session.exec(delete(row).where(row.seen_at < now - KEEP))


def forget_account(session: Session, key: UUID) -> None:
    """Delete an account that nobody ever confirmed, with its links."""
    link: Any = MailedLink
    session.exec(delete(link).where(link.account_id == key))
    account = session.get(Account, key)
    if account and account.confirmed_at is None:
        session.delete(account)
        session.flush()
