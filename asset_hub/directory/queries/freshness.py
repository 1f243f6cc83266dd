"""Questions about how sure we are of listings, and about what is due on the ladder."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, or_, true
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, select

from asset_hub.accounts.models import Account
from asset_hub.core import calendar
from asset_hub.core.access import reaches, within
from asset_hub.core.calendar import london
from asset_hub.core.powers import Can
from asset_hub.directory.models import (
    Contact,
    LinkedListing,
    Listing,
    ListingLink,
    Service,
    ServiceAtLocation,
    Sign,
    Signal,
    Standing,
    Step,
    Upkeep,
)
from asset_hub.directory.rules.freshness import (
    LONGEST_LIST,
    REMINDERS,
    REPORTED_FOR,
    TOGETHER,
    Due,
    Life,
    Report,
    heard_of,
    together,
    within_a_day,
)

MOST_DUE = 5_000  # rows of the ladder looked at in one go
BATCH = 500
LONGEST_SHOWN = 60  # more than these nobody visits in a month
EVERY = true()


def lives(session: Session, keys: Sequence[UUID]) -> dict[UUID, Life]:
    """Return what is known of each service's life; at most three questions, however many."""
    wanted: Any = select(Service.id, Service.confirmed_at, Service.confirmed_by).where(
        col(Service.id).in_(keys)
    )
    latest: Any = (
        select(Signal.service_id, Signal.sign, func.max(Signal.at))
        .where(col(Signal.service_id).in_(keys))
        .group_by(col(Signal.service_id), col(Signal.sign))
    )
    signs: dict[UUID, dict[Sign, datetime]] = {}
    for key, sign, at in session.exec(latest):
        signs.setdefault(key, {})[sign] = at
    reports = _reports(session, [key for key in signs if Sign.REPORTED_GONE in signs[key]])
    return {
        key: heard_of(at, by, signs.get(key, {}), reports.get(key, []))
        for key, at, by in session.exec(wanted)
    }


def _reports(session: Session, keys: Sequence[UUID]) -> dict[UUID, list[Report]]:
    if not keys:
        return {}
    wanted = select(Signal.service_id, Signal.at, Signal.said_by).where(
        col(Signal.service_id).in_(keys), Signal.sign == Sign.REPORTED_GONE
    )
    found: dict[UUID, list[Report]] = {}
    for key, at, who in session.exec(wanted):
        found.setdefault(key, []).append((at, who))
    return found


def fading(session: Session, *, today: date) -> list[UUID]:
    """Return a batch of published services whose age or words change by today."""
    wanted = select(Listing.service_id).where(col(Listing.fades_on) <= today)
    return list(session.exec(wanted.order_by(col(Listing.fades_on)).limit(BATCH)))


def upkeep(session: Session, service: Service) -> Upkeep | None:
    """Return where a listing stands on the ladder, as the database has it now."""
    return session.get(Upkeep, service.id, populate_existing=True)


def upkeeps(session: Session, services: Sequence[Service]) -> dict[UUID, Upkeep]:
    """Return where each of some listings stands."""
    keys = [service.id for service in services]
    wanted = select(Upkeep).where(col(Upkeep.service_id).in_(keys))
    fresh = session.exec(wanted.execution_options(populate_existing=True))
    return {row.service_id: row for row in fresh}


def unkept(session: Session, *, now: datetime) -> list[UUID]:
    """Return a batch of listed services that stand on no ladder, or on one as if hidden.

    Or on a champion's list by one report that nobody has taken up for five weeks.
    """
    alone = and_(col(Upkeep.step) == Step.TO_CHECK, col(Upkeep.due_on).is_(None))
    long_ago = and_(alone, col(Upkeep.since) <= now - REPORTED_FOR)
    wanted = (
        select(Service.id)
        .outerjoin(Upkeep, col(Upkeep.service_id) == Service.id)
        .where(
            Service.standing == Standing.LISTED,
            or_(col(Upkeep.service_id).is_(None), col(Upkeep.step) == Step.HIDDEN, long_ago),
        )
    )
    return list(session.exec(wanted.order_by(col(Service.id)).limit(BATCH)))


def unlisted(session: Session, *, today: date) -> list[UUID]:
    """Return services that have a step due but are not listed any more."""
    wanted = (
        select(Upkeep.service_id)
        .join(Service, col(Service.id) == Upkeep.service_id)
        .where(col(Upkeep.due_on) <= today, Service.standing != Standing.LISTED)
    )
    return list(session.exec(wanted.limit(MOST_DUE)))


def due(session: Session, step: Step, *, until: date, only: Any = EVERY) -> list[Due]:
    """Return what is due at a step by a day, the longest due first, with its contact's address."""
    private = (
        select(func.min(Contact.email))
        .where(Contact.service_id == Service.id, Contact.email != "")
        .scalar_subquery()
    )
    columns: Any = (
        Upkeep.service_id, Upkeep.due_on, Service.community_id,
        func.coalesce(private, Service.email),
    )  # fmt: skip
    wanted: Any = (
        select(*columns)
        .join(Service, col(Service.id) == Upkeep.service_id)
        .where(
            col(Upkeep.due_on) <= until,
            Upkeep.step == step,
            Service.standing == Standing.LISTED,
            only,
        )
        .order_by(col(Upkeep.due_on), col(Upkeep.service_id))
    )
    return [Due(*row) for row in session.exec(wanted.limit(MOST_DUE))]


def overdue(session: Session, step: Step, *, today: date) -> list[UUID]:
    """Return the services that are due at a step."""
    return [row.key for row in due(session, step, until=today)]


def unanswered(session: Session, *, today: date) -> dict[UUID, Step]:
    """Return what nobody answered for in time, and its step: there is no more mail to write.

    The last reminder has gone, or there is no address any more.
    """
    last = due(session, Step.REMINDED, until=today, only=col(Upkeep.tries) >= REMINDERS - 1)
    found = dict.fromkeys((row.key for row in last), Step.REMINDED)
    for step in (Step.ASKED, Step.REMINDED):
        rows = due(session, step, until=today)
        found |= dict.fromkeys((row.key for row in rows if not row.address), step)
    return found


def mails(session: Session, step: Step, *, now: datetime) -> list[list[UUID]]:
    """Return the mails to write today at a step: each is the listings of one contact.

    First questions are spread: a community has only so many a day, an import of thousands too.
    """
    day = london(now).date()
    early = TOGETHER if step is Step.QUIET else timedelta()
    once_more = col(Upkeep.tries) < REMINDERS - 1 if step is Step.REMINDED else EVERY
    rows = [row for row in due(session, step, until=day + early, only=once_more) if row.address]
    found: Iterable[list[Due]] = together(rows, today=day)
    if step is Step.QUIET:
        midnight = calendar.at(day, time())
        asked = and_(Upkeep.step == Step.ASKED, Upkeep.since >= midnight)  # type: ignore[arg-type]
        found = within_a_day(list(found), _by_community(session, asked))
    return [[row.key for row in rows] for rows in found]


def unreachable(session: Session, *, today: date) -> list[UUID]:
    """Return what is due but has no address, as much as champions' lists have room for."""
    rows = [[row] for row in due(session, Step.QUIET, until=today) if not row.address]
    if not rows:
        return []
    waiting = _by_community(session, Upkeep.step == Step.TO_CHECK)
    return [row.key for [row] in within_a_day(rows, waiting, most=LONGEST_LIST)]


def _by_community(session: Session, condition: Any) -> dict[UUID | None, int]:
    wanted: Any = (
        select(Service.community_id, func.count())
        .join(Upkeep, col(Upkeep.service_id) == Service.id)
        .where(condition)
        .group_by(col(Service.community_id))
    )
    return dict(session.exec(wanted).all())


class ToCheck(NamedTuple):
    """A listing that a champion is to look at, with all it takes to do so."""

    service: Service
    phone: str  # public
    private_name: str  # for those who may see the private contact, else ""
    private_phone: str
    since: datetime  # when it came onto the list
    hides_on: date | None  # when it leaves the finding, unless confirmed; None: it does not
    tries: int  # how often somebody tried and reached nobody
    why: str  # in words
    unwritable: bool  # no mail reaches them: ask for an address


def to_check(session: Session, actor: Account, community_id: UUID | None = None) -> list[ToCheck]:
    """Return what this account is to check, what leaves the finding first at the top.

    In one community, or in all of theirs.
    """
    return _on_patch(session, actor, community_id, Step.TO_CHECK, Standing.LISTED)


def hidden(session: Session, actor: Account, community_id: UUID | None = None) -> list[ToCheck]:
    """Return what this account may bring back: hidden, as nobody confirmed it."""
    return _on_patch(session, actor, community_id, Step.HIDDEN, Standing.HIDDEN)


def _on_patch(
    session: Session, actor: Account, community_id: UUID | None, step: Step, standing: Standing
) -> list[ToCheck]:
    mine = within(Service, actor, Can.APPROVE_LISTING)
    if community_id:
        mine = and_(mine, Service.community_id == community_id)  # type: ignore[arg-type]
    wanted = (
        select(Upkeep)
        .join(Service, col(Service.id) == Upkeep.service_id)
        .where(mine, Upkeep.step == step, Service.standing == standing)
        .options(
            joinedload(Upkeep.service).selectinload(Service.contacts),  # type: ignore[arg-type]
            joinedload(Upkeep.service).joinedload(Service.organization),  # type: ignore[arg-type]
            joinedload(Upkeep.service)  # type: ignore[arg-type]
            .selectinload(Service.places)  # type: ignore[arg-type]
            .joinedload(ServiceAtLocation.location),  # type: ignore[arg-type]
        )
        .order_by(col(Upkeep.due_on).nulls_last(), col(Upkeep.since), col(Upkeep.service_id))
        .limit(LONGEST_SHOWN)
        .execution_options(populate_existing=True)
    )
    rows = list(session.exec(wanted))
    known = lives(session, [row.service_id for row in rows])
    return [_to_check(row, known[row.service_id], actor) for row in rows]


def _to_check(row: Upkeep, life: Life, actor: Account) -> ToCheck:
    service = row.service
    private = reaches(actor, service, Can.READ_PRIVATE_CONTACT)
    contact = service.contacts[0] if service.contacts and private else Contact()
    return ToCheck(
        service=service,
        phone=service.phone,
        private_name=contact.name,
        private_phone=contact.phone,
        since=row.since,
        hides_on=row.due_on,
        tries=row.tries,
        why=_why(service, life),
        unwritable=not _has_address(service)
        or bool(life.doubt and Sign.MAIL_BOUNCED in life.doubt),
    )


NO_ADDRESS = "We have no mail address for them"
_WHY = {
    Sign.REPORTED_GONE: "Somebody told us that it may have stopped",
    Sign.MAIL_BOUNCED: "Our mail to them came back",
}


def _why(service: Service, life: Life) -> str:
    if life.doubt:
        return _WHY[life.doubt[0]]
    if life.reported:
        return "One person told us that it may have stopped"
    return "Nobody answered our mails" if _has_address(service) else NO_ADDRESS


def _has_address(service: Service) -> bool:
    return bool(service.email or any(contact.email for contact in service.contacts))


def confirmable(session: Session, link: ListingLink) -> list[Service]:
    """Return the listings a mailed link opens, by name: its own, and others of the same contact."""
    also = select(LinkedListing.service_id).where(LinkedListing.link_id == link.id)
    wanted = (
        select(Service)
        .where(or_(Service.id == link.service_id, col(Service.id).in_(also)))  # type: ignore[arg-type]
        .options(selectinload(Service.contacts))  # type: ignore[arg-type]
        .order_by(col(Service.name), col(Service.id))
    )
    return list(session.exec(wanted))


def of_address(session: Session, address: str) -> list[Service]:
    """Return the listed services that have an address, private or public."""
    plain = address.strip().casefold()
    theirs = select(Contact.service_id).where(func.lower(Contact.email) == plain)
    wanted = select(Service).where(
        Service.standing == Standing.LISTED,
        or_(col(Service.id).in_(theirs), func.lower(Service.email) == plain),
    )
    return list(session.exec(wanted))
