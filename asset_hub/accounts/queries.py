"""Questions about accounts: who it is, who holds a role, who may be signed in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from asset_hub.accounts import rules
from asset_hub.accounts.models import Account, Grant, SignIn
from asset_hub.core import ids
from asset_hub.core.powers import Role


def by_email(session: Session, email: str) -> Account | None:
    """Return the account of a mail address, in any case and with stray spaces."""
    wanted = select(Account).where(Account.email == rules.plain_email(email))
    return session.exec(wanted).first()


def holders(session: Session, role: Role, **place: UUID) -> list[Account]:
    """Return the accounts that hold a role in a place (community_id=…), by name.

    Only those that may be used: confirmed and not disabled.
    """
    return _holding(
        session, col(Grant.role) == role, *(getattr(Grant, k) == v for k, v in place.items())
    )


def keepers(
    session: Session, *, community_id: UUID | None = None, practice_id: UUID | None = None
) -> list[Account]:
    """Return who may keep a connection.

    In a community its navigators and coordinators; in a practice its staff and leads.
    """
    asked = (
        (Grant.community_id, community_id, (Role.NAVIGATOR, Role.COORDINATOR)),
        (Grant.practice_id, practice_id, (Role.PRACTICE_STAFF, Role.PRACTICE_LEAD)),
    )
    wanted = [
        (col(column) == key) & col(Grant.role).in_(roles) for column, key, roles in asked if key
    ]
    return _holding(session, or_(*wanted)) if wanted else []


def _holding(session: Session, *conditions: Any) -> list[Account]:
    holding = select(Grant.account_id).where(col(Grant.ended_at).is_(None), *conditions)
    usable = col(Account.disabled_at).is_(None), col(Account.confirmed_at).is_not(None)
    wanted = select(Account).where(*usable, col(Account.id).in_(holding))
    return list(session.exec(wanted.order_by(col(Account.name), col(Account.id))).all())


def sign_in_of(session: Session, token: str, *, now: datetime) -> SignIn | None:
    """Return the session a token opens, or None when it ended, went idle or lost its account."""
    with_account = joinedload(SignIn.account)
    wanted = select(SignIn).where(SignIn.digest == ids.digest(token)).options(with_account)
    found = session.exec(wanted).first()
    if found is None or found.ended_at is not None:
        return None
    account = found.account
    idle = now - found.seen_at > rules.idle_limit(grant.role for grant in account.given)
    if idle or found.epoch != account.epoch or not account.is_active:
        return None
    return found


def is_to_be_noted(row: SignIn, *, now: datetime) -> bool:
    """Return whether a session's last look lies so far back that a new one is worth a write."""
    return now - row.seen_at >= rules.SEEN_EVERY
