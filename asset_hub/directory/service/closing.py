"""A group has stopped: it is taken out of finding; or it runs again."""

from datetime import datetime

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import queries
from asset_hub.directory.models import Service, Standing
from asset_hub.directory.service import upkeep
from asset_hub.directory.service.moving import move, remember
from asset_hub.directory.service.publishing import publish, withdraw

ASK_TO_REOPEN = "This listing was closed by somebody else. Ask your health champion to open it."


def close(session: Session, service: Service, *, by: Account | None, now: datetime) -> bool:
    """Take a group that has stopped out of finding; return False when it was closed before."""
    shown = service.standing if service.standing is Standing.HIDDEN else Standing.LISTED
    if not move(session, service, before=shown, to=Standing.CLOSED):
        return False
    upkeep.rest(session, service.id)
    withdraw(session, service)
    key = by.id if by else None
    remember(session, service, by=key, now=now)
    audit.note(session, "close", service, by=key, now=now)
    return True


def reopen(session: Session, service: Service, *, by: Account | None, now: datetime) -> bool:
    """Undo a closing; return False when the group was not closed.

    What the community's team closed, only somebody who approves listings opens again.
    """
    if service.merged_into_id:
        raise RuleBroken("This listing was merged into another one. Undo that instead.")
    if service.approved_at is None:
        raise RuleBroken("This listing was never approved.")
    if by and not queries.may_reopen(session, service, by):
        raise RuleBroken(ASK_TO_REOPEN)
    if not move(session, service, before=Standing.CLOSED, to=Standing.LISTED):
        return False
    publish(session, service, now=now)
    upkeep.begin(session, service.id, now=now)
    key = by.id if by else None
    remember(session, service, by=key, now=now)
    audit.note(session, "reopen", service, by=key, now=now)
    return True
