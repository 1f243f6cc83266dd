"""Roles: given, ended, given back; accounts disabled and enabled."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session

from asset_hub.accounts import rules
from asset_hub.accounts.models import Account, Grant, Invitation, ShownAs
from asset_hub.accounts.service import links, sessions
from asset_hub.core import audit
from asset_hub.core.access import allows, reaches
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.core.powers import SCOPE, Can, Role


def may_give(by: Account, role: Role, place: dict[str, UUID]) -> bool:
    """Return whether an account may give or offer a role in a place."""
    return _may(by, role, place, rules.GIVEN_BY)


def may_end(by: Account, role: Role, place: dict[str, UUID]) -> bool:
    """Return whether an account may end a role in a place, and give it back after that."""
    return _may(by, role, place, rules.ENDED_BY)


def _may(
    by: Account, role: Role, place: dict[str, UUID], table: dict[Can, tuple[Role, ...]]
) -> bool:
    where = SimpleNamespace(**place)
    for power, roles in table.items():
        everywhere = power is Can.MANAGE_ACCOUNTS
        if role in roles and allows(by, power) and (everywhere or reaches(by, where, power)):
            return True
    return False


def givable(by: Account) -> list[Role]:
    """Return the roles an account may give somewhere, in the order of the table of powers."""
    known = {role for power, roles in rules.GIVEN_BY.items() if allows(by, power) for role in roles}
    return [role for role in Role if role in known]


def grant(
    session: Session,
    account: Account,
    role: Role,
    *,
    place: dict[str, UUID],
    by: Account | None,
    now: datetime,
) -> Grant:
    """Give a role in its kind of place; return the one already held when it is.

    Nobody gives oneself a role over people, unless one has a role over these people already.
    """
    scope = SCOPE[role]
    where: dict[str, Any] = {scope: place[scope]} if scope else {}
    oneself_over_people = by and by.id == account.id and rules.is_over_people(role)
    if oneself_over_people and not reaches(account, SimpleNamespace(**where), Can.READ_PERSON):
        raise RuleBroken("You cannot give yourself a role over people")
    for held in account.grants:
        if held.ended_at is None and held.role is role and held.place == where:
            return held
    given_by = by.id if by else None
    row = Grant(account=account, role=role, given_by_id=given_by, given_at=now, **where)
    session.add(row)
    session.flush()
    audit.note(session, "grant", row, by=given_by, now=now, role=role.value)
    return row


def show_as(
    session: Session, account: Account, grant_id: UUID, shown: str, *, now: datetime
) -> Grant:
    """Choose how a champion is named on the community's page; raise Missing for another role."""
    mine = {row.id: row for row in account.grants if row.ended_at is None}
    row = mine.get(grant_id)
    if row is None or row.role is not Role.CHAMPION or shown not in set(ShownAs):
        raise Missing
    row.shown = ShownAs(shown)
    session.add(row)
    session.flush()
    audit.note(session, "change", row, by=account.id, now=now, fields=["shown"])
    return row


def end_grant(session: Session, row: Grant, *, by: Account, now: datetime) -> None:
    """End a role at once; raise Missing when it is not the account's to end."""
    if not may_end(by, row.role, row.place):
        raise Missing
    if row.account_id == by.id and row.role is Role.ADMIN:
        raise RuleBroken("Ask another administrator to end this role: the site needs one")
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        audit.note(session, "end grant", row, by=by.id, now=now, role=row.role.value)


def give_back(session: Session, row: Grant, *, by: Account, now: datetime) -> Grant:
    """Give again a role that was ended by mistake, within 30 days."""
    if row.ended_at is None:
        return row
    if not may_end(by, row.role, row.place) or now - row.ended_at > rules.UNDO_WITHIN:
        raise Missing
    if not row.account.is_active:
        raise RuleBroken(f"{row.account.name}’s account is disabled. Enable it first.")
    return grant(session, row.account, row.role, place=row.place, by=by, now=now)


def disable(session: Session, account: Account, *, by: Account, now: datetime) -> None:
    """Shut an account: its sessions, roles, links and open invitations end with it.

    The people it kept are found without an owner by the connections that look for them.
    """
    if account.id == by.id:
        raise RuleBroken("You cannot disable your own account")
    if account.disabled_at:
        return
    account.disabled_at = now
    for row in account.grants:
        row.ended_at = row.ended_at or now
    sessions.renew(session, account, "", now=now)
    links.use_up(session, account, now=now)
    _withdraw_all_of(session, account, now=now)
    audit.note(session, "disable", account, by=by.id, now=now)


def _withdraw_all_of(session: Session, account: Account, *, now: datetime) -> None:
    row: Any = Invitation
    open_ones = (row.by_id == account.id) & row.accepted_at.is_(None) & row.withdrawn_at.is_(None)
    session.exec(update(row).where(open_ones).values(withdrawn_at=now))


def enable(session: Session, account: Account, *, by: Account, now: datetime) -> None:
    """Open a disabled account again; its roles are given back one by one."""
    if account.disabled_at:
        account.disabled_at = None
        session.flush()
        audit.note(session, "enable", account, by=by.id, now=now)
