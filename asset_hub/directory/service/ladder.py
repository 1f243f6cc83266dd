"""The ladder that keeps a directory true: asked, reminded, on a champion's list, hidden.

Every step is a row's compare-and-set in the transaction of its mail: a worker killed anywhere
leaves the step untaken or taken with its mail, and two workers never take it twice.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from asset_hub.core import audit, outbox
from asset_hub.core.calendar import london, working_day_from
from asset_hub.core.outbox import Message
from asset_hub.directory import queries
from asset_hub.directory.models import (
    LinkedListing,
    LinkFor,
    Service,
    Sign,
    Standing,
    Step,
)
from asset_hub.directory.rules import freshness as rules
from asset_hub.directory.service import upkeep
from asset_hub.directory.service.freshness import signal
from asset_hub.directory.service.links import new_link, send_link
from asset_hub.directory.service.moving import move, remember
from asset_hub.directory.service.publishing import freshen, withdraw

WRITES = {  # what is written at a step, and how long there is to answer
    Step.QUIET: ("listing-still-right", rules.ANSWER_WITHIN),
    Step.ASKED: ("listing-reminder", rules.REMIND_AGAIN),
    Step.REMINDED: ("listing-reminder", rules.REMIND_AGAIN),
}
TO_CONTACTS = (
    "listing-approved", "listing-keep", "listing-still-right", "listing-reminder",
    "listing-hidden",
)  # fmt: skip
HIDDEN_BECAUSE = "Nobody confirmed it for six months."


def begin(session: Session, keys: Sequence[UUID], *, now: datetime) -> None:
    """Put listed services on the ladder that are on none: imported, or from before there was one.

    One that was closed a moment ago gets a row too; it is asked about only if it is listed.
    """
    upkeep.begin_many(session, keys, now=now)


def write(session: Session, keys: Sequence[UUID], *, before: Step, now: datetime) -> list[UUID]:
    """Ask or remind the contact of some listings in one mail; return those that it is about."""
    kind, span = WRITES[before]
    until = working_day_from(london(now).date() + span)
    claimed = [key for key in keys if _claim(session, key, before, until, now)]
    services = [session.get_one(Service, key) for key in claimed]
    if not services:
        return []
    address = queries.contact_email(services[0])
    if not address:
        for key in claimed:
            upkeep.to_check(session, key, now=now)
        return claimed
    _post(session, kind, address, services, now)
    return claimed


def _claim(session: Session, key: UUID, before: Step, until: date, now: datetime) -> bool:
    if before is Step.REMINDED:
        return upkeep.remind_again(session, key, due_on=until, now=now)
    to = Step.ASKED if before is Step.QUIET else Step.REMINDED
    return upkeep.climb(session, key, before, to, due_on=until, now=now)


def _post(
    session: Session, kind: str, address: str, services: list[Service], now: datetime
) -> None:
    first, *others = services
    link, token = new_link(session, first, LinkFor.KEEP, now=now)
    session.add_all(LinkedListing(link_id=link.id, service_id=one.id) for one in others)
    session.flush()
    facts = {"services": [one.id for one in services], "first": first.id, "token": token}
    cause = f"{kind}:{first.id}:{london(now).date()}"
    outbox.post(session, kind, to=address, cause=cause, now=now, facts=facts)


def put_on_list(session: Session, key: UUID, *, before: Step, now: datetime) -> bool:
    """Give a listing that nobody answered for to a champion; False when somebody has by now."""
    until = working_day_from(london(now).date() + rules.CHECK_WITHIN)
    return upkeep.climb(session, key, before, Step.TO_CHECK, due_on=until, now=now)


def hide(session: Session, key: UUID, *, now: datetime) -> bool:
    """Take a listing that nobody could confirm out of finding, and tell its contact.

    One where people have gone or been taken lately stays, for two weeks more at a time: it is
    plainly alive.
    """
    today = london(now).date()
    if rules.is_seen_alive(queries.lives(session, [key])[key], today=today):
        upkeep.wait(session, key, until=working_day_from(today + rules.TRY_AGAIN))
        return False
    if not upkeep.climb(session, key, Step.TO_CHECK, Step.HIDDEN, due_on=None, now=now):
        return False
    service = session.get_one(Service, key)
    if not move(session, service, before=Standing.LISTED, to=Standing.HIDDEN):
        return False
    withdraw(session, service)
    remember(session, service, by=None, now=now, message=HIDDEN_BECAUSE)
    audit.note(session, "hide", service, by=None, now=now)
    if queries.contact_email(service):
        send_link(session, service, now=now, kind="listing-hidden")
    return True


def rest(session: Session, key: UUID) -> None:
    """Ask nothing about a service that is not listed."""
    upkeep.rest(session, key)


def fade(session: Session, keys: Sequence[UUID], *, now: datetime) -> int:
    """Say of published listings how old what we know of them is by now."""
    return freshen(session, keys, now=now)


def came_back(session: Session, message: Message, *, now: datetime) -> None:
    """Note that a listing's contact cannot be written to: a champion has to look."""
    facts = message.facts
    for key in facts.get("services") or [facts["service_id"]]:
        if service := session.get(Service, UUID(key)):
            cause = f"bounced:{message.id}:{service.id}"
            signal(session, service, Sign.MAIL_BOUNCED, at=now, cause=cause)


def cannot_be_written_to(session: Session, address: str, *, now: datetime) -> int:
    """Note by hand that an address is dead; return how many listings have it and are listed."""
    found = 0
    for service in queries.of_address(session, address):
        if queries.contact_email(service).casefold() != address.strip().casefold():
            continue  # written to at another one
        cause = f"bounced:{service.id}:{london(now).date()}"
        found += signal(session, service, Sign.MAIL_BOUNCED, at=now, cause=cause)
    return found


for each in TO_CONTACTS:
    outbox.refused(each)(came_back)
