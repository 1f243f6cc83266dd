"""What is to come: a group's next dates, and what is on in a community day by day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, or_, select
from sqlmodel import Session, SQLModel

from asset_hub.communities import queries as communities
from asset_hub.directory.models import Away, Closure, Service
from asset_hub.directory.rules.closures import is_soon, say_closure, to_come
from asset_hub.directory.rules.dates import Meeting, Span, meets_on, next_meetings, within
from asset_hub.directory.rules.listing import ADDRESS
from asset_hub.directory.rules.places import say_place
from asset_hub.directory.rules.times import Times, say_hours, say_when

TABLES = SQLModel.metadata.tables
LISTING, SCHEDULE, CLOSURE = TABLES["listing"], TABLES["schedule"], TABLES["closure"]
LOCATION = TABLES["location"]
LONGEST = 31  # days in one look
MOST_TIMES = 20_000  # schedules read for one look: ten times the largest community we know of
PATTERN = (
    "freq", "interval", "byday", "dtstart", "valid_to", "dates", "term_time", "not_months",
    "bank_holidays",
)  # fmt: skip


@dataclass(frozen=True)
class Coming:
    """The next dates of a group, and what is different in the time to come.

    `told` are its closures in words, `soon` those for a poster. `ask` when it meets in term time
    only and nobody has told us when the holidays are.
    """

    meetings: list[Meeting]
    closures: list[Closure]
    told: list[str]
    soon: list[str]
    ask: bool


def coming(session: Session, service: Service, *, today: date) -> Coming:
    """Return the next three dates of a group, and when it does not meet."""
    in_term = any(one.term_time for one in service.schedules)
    holidays = (
        communities.school_holidays(session, service.community_id, since=today) if in_term else []
    )
    closures = to_come(service.closures, today=today)
    return Coming(
        meetings=next_meetings(
            service.schedules, today=today, closures=closures, school_holidays=holidays
        ),
        closures=closures,
        told=[say_closure(one, today=today) for one in closures],
        soon=[say_closure(one, today=today) for one in closures if is_soon(one, today=today)],
        ask=in_term and not holidays,
    )


class Event(NamedTuple):
    """One meeting of a listed group, as everybody may know it."""

    service_id: UUID
    name: str
    where: str
    opens_at: time | None
    closes_at: time | None
    quiet: bool = False  # it welcomes nobody new that day
    ask: bool = False  # in term time only, and nobody has told us when the holidays are

    @property
    def url(self) -> str:
        """Return the address of the group's page."""
        return ADDRESS.format(self.service_id)

    @property
    def hours(self) -> str:
        """Return the hours as said: "10am to noon", or nothing."""
        return say_hours(self.opens_at, self.closes_at)


@dataclass(frozen=True, slots=True)
class Day:
    """What is on on one day, the earliest first; what says no hours comes last."""

    on: date
    events: list[Event] = field(default_factory=list)


def whats_on(session: Session, *, community_id: UUID, start: date, days: int = 7) -> list[Day]:
    """Return what is on in a community, for each of some days (31 at most).

    Four plain queries, however many groups there are; published listings only. Closures, school
    holidays and bank holidays are left out.
    """
    week = [start + timedelta(days=number) for number in range(max(1, min(days, LONGEST)))]
    connection = session.connection()
    holidays = communities.school_holidays(session, community_id, since=start)
    spells = _closures(connection, community_id, week[0], week[-1])
    places = _places(connection, community_id)
    found: dict[date, list[Event]] = {day: [] for day in week}
    known: dict[tuple[Any, ...], list[date]] = {}
    for row in _times(connection, community_id, start):
        pattern = tuple(row[: len(PATTERN)])
        if pattern not in known:  # hundreds meet every Tuesday: it is worked out once
            meets = meets_on(Times(**dict(zip(PATTERN, pattern, strict=True))), holidays)
            known[pattern] = list(filter(meets, week))
        for day in known[pattern]:
            if event := _event(row, day, spells.get(row.service_id, ()), places, not holidays):
                found[day].append(event)
    return [Day(day, sorted(events, key=_by_hour)) for day, events in found.items()]


def _by_hour(event: Event) -> tuple[bool, time, str]:
    return event.opens_at is None, event.opens_at or time(), event.name.casefold()


def _event(
    row: Any,
    day: date,
    closed: Sequence[tuple[Away, Span]],
    places: Mapping[UUID, str],
    unknown: bool,
) -> Event | None:
    """Return the meeting that a schedule's row has on a day, unless the group is away."""
    kinds = [kind for kind, span in closed if within(day, [span])] if closed else ()
    if Away.AWAY in kinds:
        return None
    return Event(
        service_id=row.service_id,
        name=row.name,
        where=places.get(row.location_id, row.place) or "",
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        quiet=Away.QUIET in kinds,
        ask=unknown and row.term_time,
    )


def _times(connection: Connection, community_id: UUID, start: date) -> Iterable[Any]:
    """Return the schedules of a community's listings that may meet from a day on."""
    columns = [
        SCHEDULE.c[name]
        for name in (*PATTERN, "opens_at", "closes_at", "service_id", "location_id")
    ]
    where = LISTING.c.card["where"].as_string().label("place")
    wanted = (
        select(*columns, LISTING.c.name, where)
        .join(LISTING, LISTING.c.service_id == SCHEDULE.c.service_id)
        .where(LISTING.c.community_id == community_id)
        .where(or_(SCHEDULE.c.valid_to.is_(None), SCHEDULE.c.valid_to >= start))
        .where(
            or_(SCHEDULE.c.freq.is_not(None), SCHEDULE.c.dates != "", SCHEDULE.c.dtstart >= start)
        )
        .order_by(SCHEDULE.c.id)
        .limit(MOST_TIMES)
    )
    return connection.execute(wanted)


def _closures(
    connection: Connection, community_id: UUID, first: date, last: date
) -> Mapping[UUID, list[tuple[Away, Span]]]:
    wanted = (
        select(CLOSURE.c.service_id, CLOSURE.c.kind, CLOSURE.c.starts_on, CLOSURE.c.ends_on)
        .join(LISTING, LISTING.c.service_id == CLOSURE.c.service_id)
        .where(LISTING.c.community_id == community_id)
        .where(CLOSURE.c.starts_on <= last, CLOSURE.c.ends_on >= first)
    )
    found: dict[UUID, list[tuple[Away, Span]]] = defaultdict(list)
    for key, kind, starts, ends in connection.execute(wanted):
        found[key].append((kind, (starts, ends)))
    return found


def _places(connection: Connection, community_id: UUID) -> Mapping[UUID, str]:
    """Return what everybody may know of the places at which single sessions are."""
    wanted = (
        select(LOCATION)
        .join(SCHEDULE, SCHEDULE.c.location_id == LOCATION.c.id)
        .join(LISTING, LISTING.c.service_id == SCHEDULE.c.service_id)
        .where(LISTING.c.community_id == community_id)
        .distinct()
        .limit(MOST_TIMES)
    )
    return {row.id: say_place(row) for row in connection.execute(wanted)}


def words_turned(session: Session, *, today: date) -> list[UUID]:
    """Return the ids of listings whose published words about when no longer fit the day.

    A date has gone by, a course has ended or begun. The last month is looked at, so that nothing
    is missed when nobody looked for a while.
    """
    month = timedelta(days=31)
    turning = or_(
        SCHEDULE.c.dates != "",
        SCHEDULE.c.valid_to.between(today - month, today),
        SCHEDULE.c.dtstart.between(today - month, today + timedelta(days=400)),
    )
    columns = [SCHEDULE.c[name] for name in (*PATTERN, "opens_at", "closes_at", "description")]
    wanted = (
        select(*columns, SCHEDULE.c.service_id, LISTING.c.card["when"].as_string().label("said"))
        .join(LISTING, LISTING.c.service_id == SCHEDULE.c.service_id)
        .where(SCHEDULE.c.service_id.in_(select(SCHEDULE.c.service_id).where(turning)))
        .order_by(SCHEDULE.c.service_id, SCHEDULE.c.id)
    )
    found = []
    rows = session.connection().execute(wanted)
    for (key, said), group in groupby(rows, key=lambda row: (row.service_id, row.said)):
        if say_when(group, today=today) != said:
            found.append(key)
    return found
