"""Days on which a group does not meet or welcomes nobody new: said at once, without approval.

They are facts of the next weeks, not words about the group, so those who run it and those who
look after listings say them and take them back as they please.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.core.calendar import london
from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import (
    Away,
    Closure,
    ListingLink,
    RevisionCause,
    Service,
    Standing,
)
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.closures import MOST, must_be_sensible, to_come
from asset_hub.directory.rules.current import answers_of
from asset_hub.directory.service.history import revise
from asset_hub.directory.service.links import must_be_alive
from asset_hub.directory.service.moving import lock
from asset_hub.directory.service.publishing import publish


def go_away(
    session: Session,
    service: Service,
    *,
    by: Account | None,
    now: datetime,
    kind: Away,
    starts_on: date,
    ends_on: date | None = None,
    reason: str = "",
) -> Closure:
    """Note that a group does not meet, or welcomes nobody new, from a day to another (or that day).

    Saying the same again changes nothing. `by` is None for those who come by their mailed link.
    """
    last, today = ends_on or starts_on, london(now).date()
    must_be_sensible(starts_on, last, today=today)
    of.must_keep_the_secret(of.flat(answers_of(service)) | {"reason": reason})
    with _changing(session, service, by=by, now=now):
        for one in service.closures:
            if (one.kind, one.starts_on, one.ends_on, one.reason) == (
                kind, starts_on, last, reason,
            ):  # fmt: skip
                return one
        if len(to_come(service.closures, today=today)) >= MOST:
            raise RuleBroken("That is as many as we can keep. Take one away first.")
        added = Closure(kind=kind, starts_on=starts_on, ends_on=last, reason=reason)
        service.closures.append(added)
    return added


def come_back(
    session: Session, service: Service, closure_id: UUID, *, by: Account | None, now: datetime
) -> bool:
    """Take a closure of a group back; False when it is not there any more."""
    with _changing(session, service, by=by, now=now):
        found = next((one for one in service.closures if one.id == closure_id), None)
        if found is not None:
            service.closures.remove(found)
    return found is not None


def must_be_kept_by(link: ListingLink, *, now: datetime) -> Service:
    """Return the listed service that a mailed link keeps; refuse one that has ended."""
    must_be_alive(link, now)
    if link.service.standing is not Standing.LISTED:
        raise RuleBroken("This listing cannot be found now, so nobody needs to be told.")
    return link.service


@contextmanager
def _changing(
    session: Session, service: Service, *, by: Account | None, now: datetime
) -> Iterator[None]:
    """Lock a service while its closures are changed; then write down what changed and publish."""
    lock(session, service.id)
    session.refresh(service)  # what somebody else has said meanwhile is published too
    if service.standing not in {Standing.LISTED, Standing.WAITING}:
        raise RuleBroken("This listing cannot be changed now.")
    before = snapshot.parts_of(service)
    yield
    session.add(service)
    session.flush()
    key = by.id if by else None
    cause = RevisionCause.EDIT if by else RevisionCause.CONTACT
    if revise(session, service, before=before, cause=cause, by=key, now=now) is None:
        return
    audit.note(session, "away", service, by=key, now=now)
    if service.standing is Standing.LISTED:
        publish(session, service, now=now)
