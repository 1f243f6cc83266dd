"""A group has stopped: it is taken out of finding; or it runs again."""

from datetime import datetime

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Service, Standing
from asset_hub.directory.service.moving import move, remember
from asset_hub.directory.service.publishing import publish, withdraw


def close(session: Session, service: Service, *, by: Account | None, now: datetime) -> bool:
    """Take a group that has stopped out of finding; return False when it was closed before."""
    if not move(session, service, before=Standing.LISTED, to=Standing.CLOSED):
        return False
    withdraw(session, service)
    key = by.id if by else None
    remember(session, service, by=key, now=now)
    audit.note(session, "close", service, by=key, now=now)
    return True


def reopen(session: Session, service: Service, *, by: Account | None, now: datetime) -> bool:
    """Undo a closing; return False when the group was not closed."""
    if service.approved_at is None:
        raise RuleBroken("This listing was never approved.")
    if not move(session, service, before=Standing.CLOSED, to=Standing.LISTED):
        return False
    publish(session, service, now=now)
    key = by.id if by else None
    remember(session, service, by=key, now=now)
    audit.note(session, "reopen", service, by=key, now=now)
    return True
