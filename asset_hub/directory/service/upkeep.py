"""Where a listing stands on the ladder: each step is taken once, whoever else tries.

Plain statements, no objects: a step neither waits for a form that somebody has open nor makes it
out of date.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session

from asset_hub.core import db
from asset_hub.core.calendar import london, working_day_from
from asset_hub.directory import queries
from asset_hub.directory.models import Step, Upkeep
from asset_hub.directory.rules import freshness as rules

TABLE: Any = Upkeep


def begin(session: Session, key: UUID, *, now: datetime) -> None:
    """Put a listed service at the foot of the ladder, wherever it stood before."""
    begin_many(session, [key], now=now)


def answered(session: Session, key: UUID, *, now: datetime) -> None:
    """Begin anew as those who run a listing have said that it is right.

    Who did so before anybody had to remind them is asked later the next time.
    """
    row = session.get(Upkeep, key, populate_existing=True)
    steady = row is not None and row.step in (Step.QUIET, Step.ASKED)
    begin_many(session, [key], now=now, steady=steady)


def begin_many(
    session: Session, keys: Sequence[UUID], *, now: datetime, steady: bool = False
) -> None:
    """Put listed services at the foot of the ladder."""
    today = london(now).date()
    for key, life in queries.lives(session, keys).items():
        on = rules.ask_on(life, today=today, steady=steady)
        _put(session, key, step=Step.QUIET, due_on=on, since=now, tries=0)


def postpone(session: Session, key: UUID, *, now: datetime) -> None:
    """Ask later, never sooner, if nobody has been asked: somebody has just gone, or been taken."""
    life = queries.lives(session, [key])[key]
    on = rules.ask_on(life, today=london(now).date())
    quiet = (TABLE.service_id == key) & (TABLE.step == Step.QUIET) & (TABLE.due_on < on)
    session.exec(_no_sync(update(TABLE).where(quiet).values(due_on=on)))


def to_check(session: Session, key: UUID, *, now: datetime) -> None:
    """Put a listed service on a champion's list; what is on it, or hidden, stays as it is."""
    on = working_day_from(london(now).date() + rules.CHECK_WITHIN)
    there = TABLE.step.not_in([Step.TO_CHECK, Step.HIDDEN])
    there |= (TABLE.step == Step.TO_CHECK) & TABLE.due_on.is_(None)  # by one report till now
    _put(session, key, where=there, step=Step.TO_CHECK, due_on=on, since=now, tries=0)


def report(session: Session, key: UUID, *, now: datetime) -> None:
    """Put a listed service on a champion's list as one person says it has gone: it stays found."""
    there = TABLE.step.not_in([Step.TO_CHECK, Step.HIDDEN])
    _put(session, key, where=there, step=Step.TO_CHECK, due_on=None, since=now, tries=0)


def settle(session: Session, key: UUID, *, now: datetime) -> None:
    """Put a listing back where it would stand, if it is on a champion's list by a report no more.

    What nobody has confirmed for so long that it would be there anyway stays.
    """
    row = session.get(Upkeep, key, populate_existing=True)
    life = queries.lives(session, [key])[key]
    if row is None or row.step is not Step.TO_CHECK or life.doubt:
        return
    if row.due_on and rules.is_owed(life, today=london(now).date()):
        return
    if life.reported:
        session.exec(_no_sync(update(TABLE).where(TABLE.service_id == key).values(due_on=None)))
    else:
        begin(session, key, now=now)


def climb(
    session: Session, key: UUID, before: Step, to: Step, *, due_on: date | None, now: datetime
) -> bool:
    """Take a step that has come due; return False when it was taken, answered or moved."""
    # What is not due yet may share the first mail of what is.
    early = rules.TOGETHER if before is Step.QUIET else timedelta()
    due = (TABLE.service_id == key) & (TABLE.step == before)
    due &= TABLE.due_on <= london(now).date() + early
    change = update(TABLE).where(due).values(step=to, due_on=due_on, since=now, tries=0)
    return session.exec(_no_sync(change.returning(TABLE.service_id))).first() is not None


def remind_again(session: Session, key: UUID, *, due_on: date, now: datetime) -> bool:
    """Take one more reminder that has come due; return False when it was taken or answered."""
    due = (TABLE.service_id == key) & (TABLE.step == Step.REMINDED)
    due &= (TABLE.due_on <= london(now).date()) & (TABLE.tries < rules.REMINDERS - 1)
    change = update(TABLE).where(due).values(due_on=due_on, tries=TABLE.tries + 1)
    return session.exec(_no_sync(change.returning(TABLE.service_id))).first() is not None


def wait(session: Session, key: UUID, *, until: date | None, tries: int = 0) -> bool:
    """Leave a listing on a champion's list for longer; return False when it is not on one.

    `tries` counts a try that reached nobody.
    """
    listed = (TABLE.service_id == key) & (TABLE.step == Step.TO_CHECK)
    change = update(TABLE).where(listed).values(due_on=until, tries=TABLE.tries + tries)
    return session.exec(_no_sync(change.returning(TABLE.service_id))).first() is not None


def rest(session: Session, key: UUID) -> None:
    """Ask nothing more about a service that is not listed now; whatever lists it begins anew."""
    session.exec(_no_sync(delete(TABLE).where(TABLE.service_id == key)))


def _put(session: Session, key: UUID, *, where: Any = None, **values: Any) -> None:
    insert = db.INSERT[session.get_bind().dialect.name](TABLE).values(service_id=key, **values)
    session.exec(
        insert.on_conflict_do_update(index_elements=["service_id"], set_=values, where=where)
    )


def _no_sync(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
