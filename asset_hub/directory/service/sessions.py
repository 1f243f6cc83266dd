"""Writing what listings' schedules come to, day by day, for the next five weeks.

A single listing's sessions are written with its published copy. Where thousands are published at
once (an import, a topic with another name) their copies say `sessions_to` None, and the worker
writes the sessions within a minute: an import waits for none of it.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlmodel import Session, SQLModel

from asset_hub.core.bulk import insert_rows
from asset_hub.directory.rules.places import say_place
from asset_hub.directory.rules.sessions import PATTERN, Calendar, horizon, session_rows

BATCH = 500  # listings in one transaction
TABLES = SQLModel.metadata.tables
LISTING, SESSION = TABLES["listing"], TABLES["listing_session"]
SCHEDULE, CLOSURE, LOCATION = TABLES["schedule"], TABLES["closure"], TABLES["location"]


def write_sessions(session: Session, keys: Sequence[UUID], *, today: date) -> None:
    """Write the sessions of some published listings anew, from today on."""
    connection = session.connection()
    connection.execute(delete(SESSION).where(SESSION.c.service_id.in_(keys)))
    _add(session, keys, first=today, last=horizon(today))


def roll_on(session: Session, *, today: date) -> int:
    """Write the sessions that some listings lack; return how many listings (0: none lacks any).

    What was published in bulk is written anew; the others get the days that have come into sight.
    The copies are locked meanwhile: who publishes one waits, and another worker takes others.
    """
    to, last = LISTING.c.sessions_to, horizon(today)
    for lacking in (to.is_(None), to < last):
        wanted = select(LISTING.c.service_id, to).where(lacking).order_by(to, LISTING.c.service_id)
        locked = wanted.limit(BATCH).with_for_update(skip_locked=True)
        rows = session.connection().execute(locked).all()
        if not rows:
            continue
        since = rows[0].sessions_to
        keys = [row.service_id for row in rows if row.sessions_to == since]
        if since is None or since < today:
            write_sessions(session, keys, today=today)
        else:
            _add(session, keys, first=since + timedelta(days=1), last=last)
        return len(keys)
    return 0


def forget_sessions(session: Session, *, today: date) -> None:
    """Delete the sessions of days gone by."""
    session.connection().execute(delete(SESSION).where(SESSION.c.held_on < today))


def _add(session: Session, keys: Sequence[UUID], *, first: date, last: date) -> None:
    connection = session.connection()
    columns = [SCHEDULE.c[name] for name in (*PATTERN, *_MORE)]
    schedules = connection.execute(select(*columns).where(SCHEDULE.c.service_id.in_(keys))).all()
    rows = session_rows(
        schedules,
        calendar=Calendar(first, last),
        closures=_closures(session, keys, first, last),
        places=_places(session, {one.location_id for one in schedules if one.location_id}),
    )
    insert_rows(connection, SESSION, list(rows))
    reached = update(LISTING).where(LISTING.c.service_id.in_(keys)).values(sessions_to=last)
    connection.execute(reached)


_MORE = ("id", "service_id", "location_id", "opens_at", "closes_at")


def _closures(
    session: Session, keys: Sequence[UUID], first: date, last: date
) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    wanted = select(CLOSURE).where(
        CLOSURE.c.service_id.in_(keys), CLOSURE.c.starts_on <= last, CLOSURE.c.ends_on >= first
    )
    for row in session.connection().execute(wanted.order_by(CLOSURE.c.starts_on)):
        found[row.service_id].append(row)
    return found


def _places(session: Session, keys: set[UUID]) -> dict[UUID, str]:
    if not keys:
        return {}
    wanted = select(LOCATION).where(LOCATION.c.id.in_(keys))
    return {row.id: say_place(row) for row in session.connection().execute(wanted)}
