"""How the tests come to a connection that waits for a follow-up."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlmodel import Session

from asset_hub.connections import service as connections
from asset_hub.connections.models import Connection, Handover, State
from asset_hub.core import ids
from asset_hub.followups import service
from asset_hub.followups.models import Attempt, Outcome
from asset_hub.people.models import Person
from tests.cast import NOW, TODAY, Cast
from tests.connections.steps import connect


def morning(day: date) -> datetime:
    """Return half past nine of a day."""
    return datetime.combine(day, time(9, 30), UTC)


def accepted(session: Session, cast: Cast, person: Person | None = None, **more: Any) -> Connection:
    """The choir said yes to Rose."""
    connection = connect(session, cast, person, **more)
    connections.move(session, connection, State.ACCEPTED, by=None, now=NOW)
    session.commit()
    return connection


def introduced(
    session: Session, cast: Cast, person: Person | None = None, **more: Any
) -> Connection:
    """Ben introduced Rose to the choir, today."""
    connection = accepted(session, cast, person, **more)
    service.begin(
        session, connection, by=cast.ben, handover=Handover.MET, today=TODAY, now=NOW
    )  # fmt: skip
    session.commit()
    return connection


def hear(
    session: Session,
    connection: Connection,
    outcome: Outcome,
    *,
    on: date | None = None,
    **more: Any,
) -> Attempt:
    """Whoever keeps it records an answer on the day it was due, or on another."""
    day = on or connection.next_check_on
    assert day is not None
    assert connection.owner is not None
    answers: dict[str, Any] = {"by": connection.owner, "request_key": ids.token(), "note": ""}
    attempt = service.record(
        session, connection, outcome=outcome, today=day, now=morning(day), **{**answers, **more}
    )
    session.commit()
    return attempt
