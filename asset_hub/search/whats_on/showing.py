"""The sessions somebody wants to see, in words. A plain connection in, items out."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, or_, select
from sqlmodel import SQLModel

from asset_hub.directory import queries as directory
from asset_hub.directory.service import say_card
from asset_hub.search.geo import Point, around, columns, distance, rows
from asset_hub.search.question import looking, saying
from asset_hub.search.whats_on.asking import Wanted

TABLES = SQLModel.metadata.tables
LISTING, PLACE, COMMUNITY = TABLES["listing"], TABLES["listing_place"], TABLES["community"]
SERVICE = TABLES["service"]
MOST = 300  # sessions on one page; beyond them it says that there are more
MOST_DATED = 500  # in one calendar
MOST_NEAR = 5_000  # places looked at around a postcode
NOT_THIS_TIME = "Not this time"


@dataclass(frozen=True)
class Item:
    """One session, as the page says it."""

    key: UUID
    name: str
    url: str
    hours: str
    where: str
    cost: str
    room: str
    distance: str
    away: bool  # it would meet, but does not
    told: str  # what is different this time


@dataclass(frozen=True)
class Day:
    """What is on on one day."""

    on: date
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Programme:
    """Every day with what is on, and what to say around it."""

    days: list[Day]
    more: bool  # there is more than a page holds
    problem: str = ""  # why the postcode is not part of it
    place: str = ""  # what is measured from
    is_urgent: bool = False  # a topic was asked for that tells of danger

    @property
    def count(self) -> int:
        """Return how many sessions there are, those that are off not counted."""
        return sum(not item.away for day in self.days for item in day.items)


def programme(connection: Connection, wanted: Wanted) -> Programme:
    """Return what is on; as many statements however much it is."""
    understood = looking.understand(connection, wanted.asked, today=wanted.today)
    where, metres = _narrow(connection, wanted, understood)
    found = directory.sessions(
        connection, first=wanted.first, last=wanted.last, where=where, more=[LISTING.c.card],
        most=MOST + 1,
    )  # fmt: skip
    length = (wanted.last - wanted.first).days + 1
    days = {day: Day(day) for day in (wanted.first + timedelta(days=n) for n in range(length))}
    for row in found[:MOST]:
        days[row.held_on].items.append(_item(row, metres.get(row.service_id), wanted.today))
    return Programme(
        days=[day for day in days.values() if day.items],
        more=len(found) > MOST,
        problem=understood.problem,
        place=understood.place.code if understood.place else "",
        is_urgent=understood.is_urgent,
    )


def dated(connection: Connection, wanted: Wanted) -> tuple[dict[str, str], list[Any]]:
    """Return, by field, what could not be understood; and the sessions for a calendar when all was.

    From today on, as far as anything is known.
    """
    understood = looking.understand(connection, wanted.asked, today=wanted.today)
    lost = {"near": understood.problem} if understood.problem else {}
    if problems := wanted.asked.problems | lost:
        return problems, []
    where, _ = _narrow(connection, wanted, understood)
    return {}, _told_to_calendars(connection, wanted.today, wanted.horizon, where)


def of_group(connection: Connection, key: UUID, *, today: date) -> tuple[list[Any], date | None]:
    """Return one group's sessions for a calendar, and the last day they are laid out for.

    They are the rows that the calendar of everything has: the same meeting is the same event.
    """
    reached = select(LISTING.c.sessions_to).where(LISTING.c.service_id == key)
    last = connection.execute(reached).scalar()
    if last is None or last < today:
        return [], None
    return _told_to_calendars(connection, today, last, [LISTING.c.service_id == key]), last


def _told_to_calendars(
    connection: Connection, first: date, last: date, where: list[ColumnElement[bool]]
) -> list[Any]:
    """Return sessions with all that an event of a calendar says."""
    stamp = func.coalesce(SERVICE.c.approved_at, SERVICE.c.created_at).label("stamp")
    joined = SERVICE.c.id == LISTING.c.service_id
    return directory.sessions(
        connection, first=first, last=last, where=[*where, joined],
        more=[LISTING.c.card, SERVICE.c.version, stamp], most=MOST_DATED,
    )  # fmt: skip


def _narrow(
    connection: Connection, wanted: Wanted, understood: looking.Understood
) -> tuple[list[ColumnElement[bool]], dict[UUID, int]]:
    """Return the conditions of a question, and how far away what is near is."""
    question = understood.question
    found: list[ColumnElement[bool]] = []
    if question.community:
        slug = COMMUNITY.c.slug == question.community
        found.append(LISTING.c.community_id.in_(select(COMMUNITY.c.id).where(slug)))
    for some in filter(None, (question.topics, *question.also)):
        found.append(or_(*(_has(LISTING.c.topic_slugs, slug) for slug in some)))
    if wanted.free:
        found.append(_has(LISTING.c.facets, "free"))
    metres: dict[UUID, int] = {}
    if question.near is not None and question.within is not None:
        metres = _around(connection, question.near, question.within)
        found.append(LISTING.c.service_id.in_(list(metres)))
    return found, metres


def _has(column: Any, mark: str) -> ColumnElement[bool]:
    held: ColumnElement[bool] = column.contains(f"|{mark}|", autoescape=True)
    return held


def _around(connection: Connection, middle: Point, metres: float) -> dict[UUID, int]:
    """Return what is within a distance, and how many metres away its nearest place is."""
    box = around(middle, metres)
    (left, right), *_ = columns(box)
    top, bottom = rows(box)
    wanted = select(PLACE.c.service_id, PLACE.c.latitude, PLACE.c.longitude).where(
        PLACE.c.gx.between(left, right), PLACE.c.gy.between(top, bottom)
    )
    found: dict[UUID, int] = {}
    for key, latitude, longitude in connection.execute(wanted.limit(MOST_NEAR)):
        away = distance(middle, Point(latitude, longitude))
        if away <= metres:
            found[key] = min(round(away), found.get(key, round(away)))
    return found


def _item(row: Any, metres: int | None, today: date) -> Item:
    event = directory.event_of(row)
    return Item(
        key=row.service_id,
        name=row.name,
        url=event.url,
        hours=event.hours,
        where=row.place,
        cost=row.card.get("cost", ""),
        room=say_card(row.card.get("room"), today),
        distance=saying.say_distance(metres, roughly=bool(row.card.get("area"))),
        away=row.away,
        told=_told(row),
    )


def _told(row: Any) -> str:
    if row.away:
        return f"{NOT_THIS_TIME}: {row.reason}" if row.reason else NOT_THIS_TIME
    if row.quiet:
        return "Welcomes nobody new this time"
    return "In term time only: ask first" if row.ask else ""
