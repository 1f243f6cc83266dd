"""Invitations: a role offered by mail, accepted once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session

from asset_hub.accounts import queries, rules
from asset_hub.accounts.models import Account, Grant, Invitation
from asset_hub.accounts.service import grants, links, passwords, registration
from asset_hub.communities.models import Community, Practice
from asset_hub.core import audit, db, ids, outbox
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.core.powers import ROLE_WORDS, SCOPE, Role

ROW: Any = Invitation
KINDS: dict[str, type[Community] | type[Practice]] = {
    "community_id": Community,
    "practice_id": Practice,
}


def invite(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    place: dict[str, UUID],
    by: Account | None,
    now: datetime,
    request_key: UUID | None = None,
) -> Invitation:
    """Offer a role in a place by mail; what waits already is sent again instead.

    Raise Missing when `by` may not give that role there. `by` is None for the command line.
    """
    email = rules.plain_email(email)
    where: dict[str, Any] = _where(session, role, place)
    if by and not grants.may_give(by, role, where):
        raise Missing
    _must_be_somebody_new(session, email, role, where, by)
    if waiting := queries.waiting_invitation(session, email, role, where):
        if now - waiting.sent_at > rules.SAME_CLICK:
            send_again(session, waiting, by=by, now=now)
        return waiting
    invitation = Invitation(
        email=email,
        name=rules.one_line(name),
        role=role,
        **where,
        request_key=request_key or ids.new(),
        digest=ids.digest(ids.token()),
        by_id=by.id if by else None,
        sent_at=now,
        expires_at=now,
    )
    if not db.claim(session, invitation):
        return queries.invitation_of(session, invitation.request_key)
    made = session.get_one(Invitation, invitation.id)
    audit.note(session, "invite", made, by=made.by_id, now=now, role=role.value)
    _send(session, made, now=now)
    return made


def _where(session: Session, role: Role, place: dict[str, UUID]) -> dict[str, UUID]:
    """Return the part of a place that a role belongs to; raise RuleBroken when it is left out."""
    scope = SCOPE[role]
    if scope is None:
        return {}
    if scope not in place:
        kind = "practice" if scope == "practice_id" else "community"
        raise RuleBroken(f"Select a {kind} for the role {ROLE_WORDS[role]}", field="place")
    if scope in KINDS and session.get(KINDS[scope], place[scope]) is None:
        raise Missing
    return {scope: place[scope]}


def _must_be_somebody_new(
    session: Session, email: str, role: Role, where: dict[str, UUID], by: Account | None
) -> None:
    if by and email == by.email:
        raise RuleBroken("You cannot give yourself a role", field="email")
    account = queries.by_email(session, email)
    if account is None:
        return
    if not account.is_active:
        raise RuleBroken("This account is disabled. Ask an administrator.", field="email")
    for held in account.given:
        if isinstance(held, Grant) and held.role is role and held.place == where:
            raise RuleBroken(f"{account.name} has this role already", field="email")


def _send(session: Session, invitation: Invitation, *, now: datetime) -> None:
    """Put a new link in the post; the one before it stops working."""
    token = ids.token()
    invitation.digest = ids.digest(token)
    invitation.sent_at, invitation.expires_at = now, now + rules.ACCEPT_WITHIN
    session.flush()
    outbox.post(
        session,
        "invitation",
        to=invitation.email,
        cause=f"invitation:{invitation.id}:{invitation.digest[:12]}",
        now=now,
        facts={"invitation_id": invitation.id, "token": token},
    )


def send_again(
    session: Session, invitation: Invitation, *, by: Account | None, now: datetime
) -> None:
    """Send an invitation that waits once more, with two new weeks; the sender vouches for it."""
    _must_be_mine(invitation, by)
    if not invitation.is_pending:
        raise RuleBroken("This invitation is no longer waiting")
    if now - invitation.sent_at > rules.SAME_CLICK:
        invitation.by = by or invitation.by
        _send(session, invitation, now=now)


def withdraw(session: Session, invitation: Invitation, *, by: Account, now: datetime) -> None:
    """Take an invitation back: its link stops working."""
    _must_be_mine(invitation, by)
    waiting = (ROW.id == invitation.id) & ROW.accepted_at.is_(None) & ROW.withdrawn_at.is_(None)
    taken = update(ROW).where(waiting).values(withdrawn_at=now).returning(ROW.id)
    if session.exec(taken).first():
        audit.note(session, "withdraw", invitation, by=by.id, now=now)


def _must_be_mine(invitation: Invitation, by: Account | None) -> None:
    if by and not grants.may_give(by, invitation.role, invitation.place):
        raise Missing


def still_stands(session: Session, invitation: Invitation, *, now: datetime) -> bool:
    """Return whether an invitation may be accepted: it waits, and its sender still may offer it."""
    if not invitation.is_pending or invitation.expires_at <= now:
        return False
    account = queries.by_email(session, invitation.email)
    if account and not account.is_active:
        return False
    by = invitation.by
    return by is None or grants.may_give(by, invitation.role, invitation.place)


def accept(session: Session, invitation: Invitation, account: Account, *, now: datetime) -> Grant:
    """Give the role to the account whose address was invited; an invitation works once."""
    if account.email != invitation.email:
        raise RuleBroken("This invitation was sent to another address")
    if not still_stands(session, invitation, now=now):
        raise RuleBroken(links.GONE)
    waiting = (ROW.id == invitation.id) & ROW.accepted_at.is_(None) & ROW.withdrawn_at.is_(None)
    taken = update(ROW).where(waiting).values(accepted_at=now).returning(ROW.id)
    if session.exec(taken).first() is None:
        raise RuleBroken(links.GONE)
    role, place = invitation.role, invitation.place
    return grants.grant(session, account, role, place=place, by=invitation.by, now=now)


def accept_as_newcomer(
    session: Session, invitation: Invitation, *, name: str, password: str, now: datetime
) -> Account:
    """Make the account of somebody invited, or take over one never confirmed, and accept."""
    name = rules.one_line(name)
    rules.must_be_good_password(password, name=name, email=invitation.email)
    account = queries.by_email(session, invitation.email)
    if account and account.confirmed_at:
        raise RuleBroken("You have an account already. Sign in to accept.")
    account = account or registration.new_account(session, name, invitation.email, now=now)
    password_hash = passwords.hashed(password)
    registration.establish(session, account, name=name, password_hash=password_hash, now=now)
    accept(session, invitation, account, now=now)
    return account


@outbox.composer("invitation")
def _compose(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Withhold what was accepted, withdrawn or sent again since."""
    invitation = session.get(Invitation, UUID(facts["invitation_id"]))
    if invitation is None or not invitation.is_pending:
        return None
    if invitation.digest != ids.digest(facts["token"]):
        return None
    return {
        "first": rules.first_name(invitation.name),
        "by": invitation.by.name if invitation.by else "",
        "role": invitation.words,
        "until": invitation.expires_at,
        "token": facts["token"],
    }
