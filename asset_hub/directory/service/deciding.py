"""A suggested change comes to its end: once, whoever else decides at the same moment."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, select

from asset_hub.accounts.models import Account
from asset_hub.core import audit, ids, outbox
from asset_hub.core.calendar import london
from asset_hub.directory import queries
from asset_hub.directory.models import (
    Asker,
    Asks,
    ChangeLink,
    ChangeLinkFor,
    ChangeRequest,
    ChangeState,
)
from asset_hub.directory.service import doubting
from asset_hub.directory.service.moving import lock
from asset_hub.directory.service.team import team_of

FOLLOW_LIFE = timedelta(days=60)
PROVE_LIFE = timedelta(days=14)
OPEN = (ChangeState.WAITING, ChangeState.UNPROVEN)


def decide(
    session: Session,
    change: ChangeRequest,
    *,
    to: ChangeState,
    by: UUID | None,
    now: datetime,
    message: str = "",
    before: tuple[ChangeState, ...] = (ChangeState.WAITING,),
) -> bool:
    """Compare and set a change's state; return False when it was decided already.

    The listing is locked first, as everywhere: a change and the audit's chain locked in another
    order would wait for each other for ever.
    """
    session.flush()
    lock(session, change.service_id)
    table: Any = ChangeRequest
    decided = (
        update(table)
        .where(table.id == change.id, table.state.in_(before))
        .values(
            state=to, version=table.version + 1, decided_at=now, decided_by_id=by, message=message
        )
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    done = session.exec(decided).first() is not None
    session.refresh(change)
    if done:
        if to is not ChangeState.APPROVED or change.asks is Asks.ADDRESS:
            change.once = None  # the same words may be sent again
        if to in (ChangeState.SUPERSEDED, ChangeState.WITHDRAWN):
            change.reply = ""  # there is nothing to write about
        if to is not ChangeState.APPROVED:
            doubting.void(session, change, now=now)
        audit.note(session, f"{to.value} change", change, by=by, now=now)
    return done


def give_link(
    session: Session,
    change: ChangeRequest,
    purpose: ChangeLinkFor,
    *,
    now: datetime,
    life: timedelta,
    token: str = "",
) -> str:
    """Make a link about a change, good for one thing; return its token."""
    token = token or ids.token()
    digest = ids.digest(token)
    there = session.exec(select(ChangeLink).where(ChangeLink.digest == digest)).first()
    link = there or ChangeLink(
        change_id=change.id, purpose=purpose, digest=digest, expires_at=now + life
    )
    if link.purpose is purpose:
        link.change_id = change.id
    session.add(link)
    session.flush()
    return token


def tell_team(session: Session, change: ChangeRequest, now: datetime) -> None:
    """Write to those who look at the community's listings; one mail a day for each listing."""
    service = change.service
    for account in team_of(session, service.community_id):
        outbox.post(
            session,
            "change-waits",
            to=account.email,
            cause=f"change-waits:{service.id}:{account.id}:{london(now).date()}",
            now=now,
            facts={"change_id": str(change.id), "account_id": str(account.id)},
        )


def tell_author(session: Session, change: ChangeRequest, now: datetime) -> None:
    """Write to whoever asked, when we know where: what became of it is behind the link."""
    to = address_of(session, change)
    if not to:
        return
    life = FOLLOW_LIFE
    token = give_link(session, change, ChangeLinkFor.FOLLOW, now=now, life=life)
    outbox.post(
        session,
        "change-decided",
        to=to,
        cause=f"change-decided:{change.id}:{change.state.value}",
        now=now,
        facts={"change_id": str(change.id), "token": token},
    )
    change.reply = ""  # it was given for this one letter


def address_of(session: Session, change: ChangeRequest) -> str:
    """Return where to write to whoever asked for a change, or ""."""
    if change.by_id:
        account = session.get(Account, change.by_id)
        return account.email if account and account.is_active else ""
    if change.asker is Asker.CONTACT:
        return queries.contact_email(change.service)
    return str(change.reply)
