"""What is to come: a group's next dates, and what is on in a community day by day."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, SQLModel

from asset_hub.communities import queries as communities
from asset_hub.core.errors import Missing
from asset_hub.directory.models import Closure, Service
from asset_hub.directory.queries.sessions import LISTING, SESSION, sessions
from asset_hub.directory.rules.closures import is_soon, say_closure, to_come
from asset_hub.directory.rules.dates import Meeting, next_meetings
from asset_hub.directory.rules.listing import ADDRESS
from asset_hub.directory.rules.sessions import PATTERN, on_the_wall
from asset_hub.directory.rules.times import say_hours, say_when

SCHEDULE = SQLModel.metadata.tables["schedule"]
LONGEST = 31  # days in one look


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
    holidays = _holidays(session, service, today)
    closures = to_come(service.closures, today=today)
    return Coming(
        meetings=meetings(session, service, today=today, count=3),
        closures=closures,
        told=[say_closure(one, today=today) for one in closures],
        soon=[say_closure(one, today=today) for one in closures if is_soon(one, today=today)],
        ask=any(one.term_time for one in service.schedules) and not holidays,
    )


def meetings(session: Session, service: Service, *, today: date, count: int) -> list[Meeting]:
    """Return the next dates of a group, 400 days on at most."""
    return next_meetings(
        service.schedules,
        today=today,
        count=count,
        closures=service.closures,
        school_holidays=_holidays(session, service, today),
    )


def _holidays(session: Session, service: Service, today: date) -> list[tuple[date, date]]:
    if not any(one.term_time for one in service.schedules):
        return []
    return communities.school_holidays(session, service.community_id, since=today)


def card(session: Session, service_id: UUID) -> dict[str, Any]:
    """Return the published card of a group; raise Missing when it is not published."""
    wanted = select(LISTING.c.card).where(LISTING.c.service_id == service_id)
    found: dict[str, Any] | None = session.connection().execute(wanted).scalar()
    if found is None:
        raise Missing
    return found


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

    One statement, however many groups there are; published listings only. Closures, school
    holidays and bank holidays are left out.
    """
    week = [start + timedelta(days=number) for number in range(max(1, min(days, LONGEST)))]
    found: dict[date, list[Event]] = {day: [] for day in week}
    theirs = LISTING.c.community_id == community_id
    meets = SESSION.c.away.is_(False)
    for row in sessions(session.connection(), first=week[0], last=week[-1], where=[theirs, meets]):
        found[row.held_on].append(event_of(row))
    return [Day(day, events) for day, events in found.items()]


def event_of(row: Any) -> Event:
    """Return a row of `sessions` as a meeting."""
    return Event(
        service_id=row.service_id,
        name=row.name,
        where=row.place,
        opens_at=on_the_wall(row.starts),
        closes_at=on_the_wall(row.ends),
        quiet=row.quiet,
        ask=bool(row.ask),
    )


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
