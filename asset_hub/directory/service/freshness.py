"""Saying that a listing is still right."""

from datetime import datetime

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.core.access import places
from asset_hub.core.powers import Can
from asset_hub.directory.models import Service, Standing
from asset_hub.directory.service.moving import move, remember
from asset_hub.directory.service.publishing import publish

CONFIRMED_BY = "the people who run it"
CONFIRMED_FOR = "the community’s team"  # who look after it, but do not run it


def still_right(session: Session, service: Service, *, by: Account | None, now: datetime) -> bool:
    """Take somebody's word that a listing is right; False when it is not listed.

    Without an account it is the word of those who run it, by their mailed link.
    """
    listed = Standing.LISTED
    owns = by is None or service.organization_id in places(by, Can.EDIT_LISTING, "organization_id")
    who = CONFIRMED_BY if owns else CONFIRMED_FOR
    if not move(session, service, before=listed, to=listed, confirmed_at=now, confirmed_by=who):
        return False
    publish(session, service, now=now)
    key = by.id if by else None
    remember(session, service, by=key, now=now)
    audit.note(session, "confirm", service, by=key, now=now)
    return True
