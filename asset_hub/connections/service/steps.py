"""One step of a connection: its new state, its next date, its event and its audit row."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.connections import queries, rules
from asset_hub.connections.models import (
    ENDED,
    Connection,
    ConnectionEvent,
    Ending,
    Handover,
    State,
)
from asset_hub.core import audit
from asset_hub.core.calendar import london
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import service as directory
from asset_hub.directory.models import Service, Sign
from asset_hub.people import queries as people
from asset_hub.people.models import AgreedTo, Person

# What a step says of the group: it is alive (each once for a connection).
SIGNS = {State.ACCEPTED: Sign.ACCEPTED, State.ATTENDED: Sign.ATTENDED}


def move(
    session: Session,
    connection: Connection,
    to: State,
    *,
    by: Account | None,
    now: datetime,
    note: str = "",
    until: date | None = None,
) -> Connection:
    """Take one step; `by` is None when the group answered by its link.

    Sets the next date as the new state asks (`promise` may set another afterwards). `until` goes
    with WAITING. Closing goes through `close`, going back from an end through `reopen`.
    """
    if to is State.CLOSED:
        raise RuleBroken("Choose how it ended", field="ending")
    rules.must_be_open(connection.state)
    return _step(session, connection, to, by=by, now=now, note=note, until=until)


def _step(
    session: Session,
    connection: Connection,
    to: State,
    *,
    by: Account | None,
    now: datetime,
    note: str = "",
    until: date | None = None,
) -> Connection:
    came_from = connection.state
    rules.must_follow(came_from, to)
    today = london(now).date()
    connection.state = to
    connection.next_check_on = rules.next_check(to, today=today, until=until)
    connection.waiting_until = until if to is State.WAITING else None
    connection.ended_at = now if to in ENDED else None
    if to is State.ATTENDED and connection.attended_on is None:
        connection.attended_on = today
    session.add(connection)
    log(session, connection, came_from, by=by, now=now, note=note)
    if sign := SIGNS.get(to):
        cause = f"connection:{connection.id}:{to}"
        directory.signal(session, connection.service, sign, at=now, cause=cause)
    return connection


def log(
    session: Session,
    connection: Connection,
    came_from: State | None,
    *,
    by: Account | None,
    now: datetime,
    note: str = "",
) -> ConnectionEvent:
    """Write the event that led to the connection's present state, and its audit row."""
    event = ConnectionEvent(
        connection_id=connection.id,
        number=queries.steps_so_far(session, connection.id) + 1,
        at=now,
        by_id=by.id if by else None,
        came_from=came_from,
        state=connection.state,
    )
    event.note = note
    session.add(event)
    states = {"came_from": came_from and came_from.value, "to": connection.state.value}
    audit.note(session, "change", connection, by=event.by_id, now=now, **states)
    session.flush()
    session.expire(connection, ["events"])
    return event


def promise(connection: Connection, on: date) -> None:
    """Say when somebody looks again."""
    rules.must_be_open(connection.state)
    connection.next_check_on = on


def look_again(
    session: Session, connection: Connection, *, on: date, by: Account, today: date, now: datetime
) -> None:
    """Promise another day within the next 12 weeks, with its audit row."""
    rules.must_be_a_promise(on, today=today)
    promise(connection, on)
    session.add(connection)
    audit.note(session, "promise", connection, by=by.id, now=now, on=str(on))


def look_at(session: Session, connection: Connection, *, by: Account, now: datetime) -> Connection:
    """Write down that somebody looked at a connection; return the connection."""
    audit.note(session, "read", connection, by=by.id, now=now)
    return connection


def browse(
    session: Session,
    *,
    state: State | None,
    person_id: UUID | None,
    page: int,
    by: Account,
    now: datetime,
) -> tuple[queries.Page, Sequence[Connection]]:
    """Return a page of connections and those that need a keeper; note once which were shown."""
    found = queries.connections(session, by, state=state, person_id=person_id, page=page)
    lost = queries.in_need_of_an_owner(session, by)
    shown = [str(each.id) for each in (*lost, *found.connections)]
    audit.note(session, "list", by, by=by.id, now=now, of="connection", shown=shown)
    return found, lost


def introduce(
    session: Session,
    connection: Connection,
    *,
    handover: Handover,
    on: date,
    by: Account,
    now: datetime,
) -> Connection:
    """Write down how and when the person and the group were brought together."""
    if not people.has_agreed(session, connection.person_id, AgreedTo.SHARE):
        raise RuleBroken("They have not agreed to be introduced. Ask again first.")
    move(session, connection, State.INTRODUCED, by=by, now=now)
    connection.handover = handover
    connection.introduced_on = on
    session.flush()
    return connection


def close(
    session: Session,
    connection: Connection,
    *,
    ending: Ending,
    words: str,
    by: Account,
    now: datetime,
) -> Connection:
    """End a connection, and keep how it ended in the person's own words."""
    rules.must_be_open(connection.state)
    connection.ending = ending
    connection.ending_words = words
    if ending is Ending.DIED and not connection.person.no_contact:
        connection.person.no_contact = True  # nothing more is sent about them, to anybody
        session.add(connection.person)
        audit.note(session, "change", connection.person, by=by.id, now=now, fields=["no_contact"])
    return _step(session, connection, State.CLOSED, by=by, now=now)


def reopen(
    session: Session, connection: Connection, *, reason: str, by: Account, now: datetime
) -> Connection:
    """Open an ended connection again, as far on as it had come, with somebody to keep it."""
    rules.must_say_why(reason)
    if connection.is_open:
        raise RuleBroken("This connection is open already.")
    must_be_wanted(session, connection.person, connection.service)
    if not people.has_agreed(session, connection.person_id, AgreedTo.SHARE):
        raise RuleBroken("They took back the agreement to share. Make a new connection instead.")
    connection.ending = None
    connection.ending_words = ""
    if not people.can_keep(connection.owner, connection):
        connection.owner_id = by.id
    stands = rules.reopens_as(
        introduced=connection.introduced_on is not None,
        attended=connection.attended_on is not None,
    )
    name = connection.person.first_name
    try:
        return _step(session, connection, stands, by=by, now=now, note=reason)
    except IntegrityError:  # another one was made or opened at the same instant
        raise rules.open_already(name) from None


def must_be_wanted(session: Session, person: Person, service: Service) -> None:
    """Refuse what the person did not agree to, what is not listed, and a second one of the same."""
    rules.must_be_connectable(
        person.first_name,
        service.stands_in.standing,
        recorded=people.has_agreed(session, person.id, AgreedTo.RECORD),
        no_contact=person.no_contact,
        has_open=queries.has_open(session, person.id, service.stands_in.id),
    )
