"""What is to come: a group's next dates, and what is on in a community day by day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, or_, select
from sqlmodel import Session, SQLModel

from asset_hub.communities import queries as communities
from asset_hub.directory.models import Away, Closure, Service
from asset_hub.directory.rules.closures import is_soon, say_closure, to_come
from asset_hub.directory.rules.dates import Meeting, Span, meets_on, next_meetings, within
from asset_hub.directory.rules.listing import ADDRESS, say_place
from asset_hub.directory.rules.times import say_hours

TABLES = SQLModel.metadata.tables
LISTING, SCHEDULE, CLOSURE = TABLES["listing"], TABLES["schedule"], TABLES["closure"]
LOCATION = TABLES["location"]
LONGEST = 31  # days in one look
MOST_TIMES = 20_000  # schedules read for one look: ten times the largest community we know of
TIMES = (
    "freq", "interval", "byday", "opens_at", "closes_at", "dtstart", "valid_to", "dates",
    "term_time", "not_months", "bank_holidays", "description",
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


@dataclass(frozen=True, slots=True)
class Event:
    """One meeting of a listed group, as everybody may know it."""

    service_id: UUID
    name: str
    url: str
    where: str
    opens_at: time | None
    closes_at: time | None
    quiet: bool = False  # it welcomes nobody new that day
    ask: bool = False  # in term time only, and nobody has told us when the holidays are

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
    rows = list(_times(connection, community_id, start))
    holidays = communities.school_holidays(session, community_id, since=start)
    spells = _closures(connection, community_id, week[0], week[-1])
    places = _places(connection, community_id)
    found: dict[date, list[Event]] = {day: [] for day in week}
    for row in rows:
        meets, closed = meets_on(_Row(row), holidays), spells.get(row["service_id"], ())
        for day in week:
            if meets(day) and not within(day, (span for kind, span in closed if kind is Away.AWAY)):
                quiet = bool(closed) and within(day, (span for _, span in closed))
                where = places.get(row["location_id"], row["place"])
                found[day].append(_event(row, where, quiet, not holidays))
    return [Day(day, sorted(events, key=_by_hour)) for day, events in found.items()]


def _by_hour(event: Event) -> tuple[bool, time, str]:
    return event.opens_at is None, event.opens_at or time(), event.name.casefold()


class _Row:
    """A schedule's row, read as `rules.times.Timing`."""

    __slots__ = ("_row",)

    def __init__(self, row: RowMapping) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return self._row[name]


def _event(row: RowMapping, where: str, quiet: bool, unknown: bool) -> Event:
    return Event(
        row["service_id"], row["name"], ADDRESS.format(row["service_id"]), where or "",
        row["opens_at"], row["closes_at"], quiet, bool(row["term_time"]) and unknown,
    )  # fmt: skip


def _times(connection: Connection, community_id: UUID, start: date) -> Iterable[RowMapping]:
    """Return the schedules of a community's listings that may meet from a day on."""
    columns = [SCHEDULE.c[name] for name in (*TIMES, "service_id", "location_id")]
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
    return connection.execute(wanted).mappings()


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
