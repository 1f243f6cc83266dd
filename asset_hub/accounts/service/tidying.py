"""Forgetting what is of no use any more."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_
from sqlmodel import Session

from asset_hub.accounts import rules
from asset_hub.accounts.models import (
    Account,
    Authenticator,
    HeldForm,
    HelpIn,
    MailedLink,
    Passkey,
    RecoveryCode,
    SignIn,
    SignInStep,
)

KEEP = timedelta(days=90)
# Everything by which an account is signed in to, in the order it may be deleted.
WAYS_IN: tuple[Any, ...] = (
    HeldForm, SignInStep, HelpIn, RecoveryCode, Passkey, Authenticator, MailedLink, SignIn,
)  # fmt: skip


def tidy(session: Session, *, now: datetime) -> None:
    """Delete what ran out, and sessions that nobody has used for a season."""
    link: Any = MailedLink
    row: Any = SignIn
    step: Any = SignInStep
    held: Any = HeldForm
    help_in: Any = HelpIn
    session.exec(delete(held).where(held.sent_at < now - rules.HELD_FOR))
    session.exec(delete(step).where(step.expires_at < now))
    session.exec(delete(help_in).where(help_in.asked_at < now - KEEP))
    session.exec(delete(link).where(link.expires_at < now - KEEP))
    session.exec(delete(row).where(row.seen_at < now - KEEP))


def forget_ways_in(session: Session, key: UUID) -> None:
    """Delete all by which an account is signed in to: whoever erases an account begins here."""
    help_in: Any = HelpIn
    session.exec(delete(help_in).where(or_(help_in.by_id == key, help_in.second_id == key)))
    for row in WAYS_IN:
        session.exec(delete(row).where(row.account_id == key))


def forget_account(session: Session, key: UUID) -> None:
    """Delete an account that nobody ever confirmed, with its links."""
    account = session.get(Account, key)
    if account and account.confirmed_at is None:
        forget_ways_in(session, key)
        session.delete(account)
        session.flush()
