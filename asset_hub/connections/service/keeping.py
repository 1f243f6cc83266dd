"""Who keeps a connection, and what ends when an agreement is taken back or a view runs out."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.connections import queries, rules
from asset_hub.connections.models import Connection, Ending, State
from asset_hub.connections.service.steps import close, move
from asset_hub.core import audit, outbox
from asset_hub.core.errors import RuleBroken
from asset_hub.people import service as persons
from asset_hub.people.models import AgreedTo, Person


def reassign(
    session: Session, connection: Connection, to: Account, *, by: Account, now: datetime
) -> Connection:
    """Give a connection to another keeper of the same place, and tell them.

    When the old keeper also kept in touch with the person, the person and everything open that
    the old keeper kept for them go along: nobody keeps a connection to a person they cannot see.
    """
    if not connection.is_open:
        raise RuleBroken("This connection has ended. Reopen it first.")
    _must_keep_here(session, connection.person, to)
    old = connection.owner_id
    if connection.person.owner_id in {old, None}:
        _give_person(session, connection.person, to, old=old, by=by, now=now)
    else:
        _give(session, connection, to, by=by, now=now)
    return connection


def keep_person(
    session: Session, person: Person, to: Account, *, by: Account, now: datetime
) -> None:
    """Choose who keeps in touch with a person; what the old keeper kept open goes along."""
    _must_keep_here(session, person, to)
    _give_person(session, person, to, old=person.owner_id, by=by, now=now)


def _must_keep_here(session: Session, person: Person, to: Account) -> None:
    if to not in queries.keepers_for(session, person):
        raise RuleBroken("Select somebody who keeps in touch with people here", field="keeper")


def _give_person(
    session: Session, person: Person, to: Account, *, old: UUID | None, by: Account, now: datetime
) -> None:
    persons.give(session, person, to, by=by, now=now)
    for connection in queries.open_of(session, person.id, owner_id=old):
        _give(session, connection, to, by=by, now=now)


def _give(
    session: Session, connection: Connection, to: Account, *, by: Account, now: datetime
) -> None:
    if connection.owner_id == to.id:
        return
    connection.owner_id = to.id
    connection.hops += connection.introduced_on is None  # one more hand-over before the first hello
    session.add(connection)
    audit.note(session, "give", connection, by=by.id, now=now, to=str(to.id))
    session.flush()
    session.expire(connection, ["owner"])
    facts = {"connection": connection.id, "keeper": to.id}
    cause = f"given:{connection.id}:{connection.version}"
    outbox.post(session, "connection-given", to=to.email, cause=cause, now=now, facts=facts)


def withdraw_agreement(
    session: Session, person: Person, agreed_to: AgreedTo, *, by: Account | None, now: datetime
) -> int:
    """Take an agreement back, and every connection it carried; return how many were ended.

    Without the agreement to share, what has not led to an introduction yet is withdrawn; without
    the one to be written down, everything open is.
    """
    persons.withdraw(session, person, agreed_to, by=by, now=now)
    ended = [
        connection
        for connection in queries.open_of(session, person.id)
        if agreed_to is AgreedTo.RECORD or connection.introduced_on is None
    ]
    for connection in ended:
        move(session, connection, State.WITHDRAWN, by=by, now=now)
    return len(ended)


def keep_out(session: Session, person: Person, who: Account, *, by: Account, now: datetime) -> None:
    """Let an account know nothing of a person any more, once it keeps nothing open of theirs."""
    if queries.open_of(session, person.id, owner_id=who.id):
        raise RuleBroken(
            f"{who.name} keeps a connection of theirs. Give it away first.", field="who"
        )
    persons.keep_out(session, person, who, by=by, now=now)


def note_death(
    session: Session, person: Person, *, on: date, by: Account, today: date, now: datetime
) -> int:
    """Write down that somebody has died, and end what is open; return how many were ended."""
    persons.mark_died(session, person, on, by=by, today=today, now=now)
    ended = queries.open_of(session, person.id)
    for connection in ended:
        if State.CLOSED not in rules.STEPS[connection.state]:
            move(session, connection, State.WITHDRAWN, by=by, now=now)
            continue
        close(session, connection, ending=Ending.DIED, words="", by=by, now=now)
    return len(ended)


def let_go(session: Session, person: Person, *, now: datetime) -> None:
    """End the view of every navigator whose last connection with a person closed long ago."""
    for keeper_id in queries.keepers_to_let_go(session, person.id, before=now - rules.VIEW_LASTS):
        if person.owner_id == keeper_id:
            persons.give(session, person, None, by=None, now=now)
        for connection in queries.kept_by(session, person.id, owner_id=keeper_id):
            connection.owner_id = None
            session.add(connection)
            audit.note(session, "let-go", connection, by=None, now=now)
    session.flush()
