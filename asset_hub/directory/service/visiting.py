"""A champion or coordinator was there and looked."""

from datetime import datetime, timedelta

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import db
from asset_hub.core.calendar import london
from asset_hub.directory.models import Service, Sign, Signal, Step, Upkeep
from asset_hub.directory.service.freshness import still_right

GOOD_FOR = timedelta(days=150)  # then its owners are asked again, before six months are over


def visited(session: Session, service: Service, *, by: Account, now: datetime) -> bool:
    """Note that somebody of the team was there and it is right; False when it is not listed.

    It is a sign of life, once a day for each visitor, and takes the listing off the list of
    those to check.
    """
    if not still_right(session, service, by=by, now=now):
        return False
    day = london(now).date()
    cause = f"visited:{service.id}:{by.id}:{day}"
    db.claim(
        session, Signal(service_id=service.id, sign=Sign.VISITED, at=now, by_id=by.id, cause=cause)
    )
    service.alive_at = now
    upkeep = session.get(Upkeep, service.id) or Upkeep(service_id=service.id, since=now)
    upkeep.step, upkeep.since, upkeep.due_on = Step.QUIET, now, day + GOOD_FOR
    session.add(upkeep)
    session.flush()
    return True
