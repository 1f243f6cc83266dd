"""Sessions of published listings, day by day: one question for every page that says what is on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, not_, or_, select
from sqlmodel import SQLModel

TABLES = SQLModel.metadata.tables
LISTING, SESSION = TABLES["listing"], TABLES["listing_session"]
HOLIDAY = TABLES["school_holiday"]
MOST = 20_000  # sessions read for one look: ten times the largest week we know of


def sessions(
    connection: Connection,
    *,
    first: date,
    last: date,
    where: Sequence[ColumnElement[bool]] = (),
    more: Sequence[Any] = (),
    most: int = MOST,
) -> list[Any]:
    """Return the sessions of some days, the earliest first; without hours, last in their day.

    One statement, however many there are. Each row has service_id, held_on, starts, ends, name,
    place (in words, as everybody may know it), quiet, away, reason, ask (in term time only, and
    nobody has told us when the holidays are) and the columns of `more`. `where` may speak of the
    listing.
    """
    held = SESSION.c
    place = func.coalesce(held.place, LISTING.c.card["where"].as_string(), "").label("place")
    ask = and_(held.term_time, not_(_holidays(HOLIDAY.c.ends_on >= first))).label("ask")
    columns = (
        held.service_id, held.held_on, held.starts, held.ends, held.quiet, held.away, held.reason,
        LISTING.c.name, place, ask,
    )  # fmt: skip
    wanted = (
        select(*columns, *more)
        .join(LISTING, LISTING.c.service_id == held.service_id)
        .where(held.held_on.between(first, last), in_term(), *where)
        .order_by(held.held_on, held.starts.is_(None), held.starts)
        .order_by(func.lower(LISTING.c.name), held.service_id, held.schedule_id)
        .limit(most)
    )
    return list(connection.execute(wanted))


def in_term() -> ColumnElement[bool]:
    """Return the condition that leaves out school holidays for what meets in term time only."""
    on = SESSION.c.held_on
    within = and_(HOLIDAY.c.starts_on <= on, HOLIDAY.c.ends_on >= on)
    return not_(and_(SESSION.c.term_time, _holidays(within)))


def _holidays(which: ColumnElement[bool]) -> ColumnElement[bool]:
    theirs = or_(HOLIDAY.c.community_id.is_(None), HOLIDAY.c.community_id == LISTING.c.community_id)
    return exists().where(theirs, which)


def session_numbers(
    days: Sequence[Any], *, opens: Any = 0, closes: Any = None
) -> Select[tuple[int]]:
    """Return the question for the numbers of listings that meet on one of some days.

    Between two minutes of the day, when they are given: a session counts when it touches them, and
    one that does not say when it ends counts by when it starts. A filter of the finder, which may
    give names of values instead of values.
    """
    held = SESSION.c
    meets = [held.held_on.in_(days), not_(held.away), in_term()]
    if closes is not None or opens:
        until = held.starts < closes if closes is not None else held.starts.is_not(None)
        meets += [until, func.coalesce(held.ends, held.starts + 1) > opens]
    joined = select(LISTING.c.number).join(SESSION, held.service_id == LISTING.c.service_id)
    return joined.where(*meets).distinct()
