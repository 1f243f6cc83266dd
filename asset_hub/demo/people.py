"""People of the town and how their connections went, each step by the verb that makes it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from asset_hub.accounts.models import Account
from asset_hub.connections import service as connections
from asset_hub.connections.models import (
    Answer,
    Connection,
    ConnectionEvent,
    Ending,
    Handover,
    HelloWish,
    ReplyLink,
    Route,
    State,
)
from asset_hub.core import ids
from asset_hub.demo.town import Town, Words
from asset_hub.followups import service as followups
from asset_hub.followups.models import Outcome
from asset_hub.people import service as people
from asset_hub.people.models import AgreedHow, ContactBy, Person

FIRST_NUMBER = 960_200  # of Ofcom's range for drama


def add_all(session: Session, town: Town, persons: list[Words]) -> None:
    """Write everybody down and live through their connections."""
    for number, words in enumerate(persons, FIRST_NUMBER):
        person = _person(session, town, words, phone=f"01632 {number}")
        for story in words["connection"]:
            _connect(session, town, person, story)


def ask_for_hellos(session: Session, town: Town, asked: list[Words]) -> None:
    """Let a few neighbours ask for a hello themselves."""
    for number, words in enumerate(asked, FIRST_NUMBER + 90):
        connections.ask_for_hello(
            session,
            town.services[words["group"]],
            name=words["name"],
            phone=f"01632 {number}",
            email="",
            safe_contact=words["safe"],
            wish=HelloWish(words["wish"]),
            matters=words["matters"],
            request_key=ids.token(),
            address="",
            today=town.day(words["asked"]),
            now=town.at(words["asked"]),
        )


def _person(session: Session, town: Town, words: Words, *, phone: str) -> Person:
    practice = words.get("practice")
    contact_by = ContactBy(words.get("contact_by", ContactBy.PHONE))
    first = words["name"].split()[0].lower()
    return people.add_person(
        session,
        name=words["name"],
        community_id=town.communities[words["community"]].id,
        practice_id=town.practices[practice].id if practice else None,
        phone=phone,
        email=f"{first}@people.example" if contact_by is ContactBy.EMAIL else "",
        contact_by=contact_by,
        safe_contact=words["safe"],
        voicemail_ok=words.get("voicemail", contact_by is ContactBy.PHONE),
        matters=words["matters"],
        how=AgreedHow.SPOKEN,
        by=town.accounts[words["keeper"]],
        now=town.at(words["since"]),
    )


def _connect(session: Session, town: Town, person: Person, story: Words) -> None:
    if "stands" in story:
        _begin(session, town, person, story)
        return
    assert person.owner is not None
    connection = connections.make(
        session,
        person,
        town.services[story["group"]],
        by=person.owner,
        request_key=ids.token(),
        reason=story["reason"],
        message=story["message"],
        topic=story["topic"],
        route=Route.PRACTICE if person.practice_id else Route.NAVIGATOR,
        how=AgreedHow.SPOKEN,
        today=town.day(story["made"]),
        now=town.at(story["made"]),
    )
    for what, ago, *rest in story["steps"]:
        assert connection.owner is not None
        STEPS[what](session, town, connection, connection.owner, ago, *rest)


def _begin(session: Session, town: Town, person: Person, story: Words) -> None:
    """Begin a connection that the person has not agreed to yet."""
    service = town.services[story["group"]]
    connection = Connection(
        person_id=person.id,
        service_id=service.id,
        organization_id=service.organization_id,
        community_id=person.community_id,
        practice_id=person.practice_id,
        owner_id=person.owner_id,
        made_by_id=person.added_by_id,
        request_key=ids.token(),
        state=State(story["stands"]),
        route=Route.NAVIGATOR,
        topic=story["topic"],
        made_at=town.at(story["made"]),
        next_check_on=town.today + timedelta(1),
    )
    connection.reason, connection.message = story["reason"], story["message"]
    session.add(connection)
    session.flush()
    event = ConnectionEvent(
        connection_id=connection.id,
        number=1,
        at=connection.made_at,
        by_id=person.added_by_id,
        state=connection.state,
    )
    session.add(event)
    session.flush()


def _answers(answer: Answer) -> "Step":
    """Return the step in which the group gives this answer by its link."""

    def step(
        session: Session, town: Town, connection: Connection, _: Account, ago: int, *rest: Any
    ) -> None:
        words, *until = rest
        mailed = select(ReplyLink).where(ReplyLink.connection_id == connection.id)
        link = session.exec(mailed.order_by(col(ReplyLink.sent_at).desc())).first()
        assert link is not None
        connections.answer(
            session,
            link,
            answer=answer,
            words=words,
            first_on=None,
            who="",
            until=town.today + timedelta(until[0]) if until else None,
            now=town.at(ago),
        )

    return step


def _seen(
    session: Session, town: Town, connection: Connection, _: Account, ago: int, *__: Any
) -> None:
    connections.move(session, connection, State.SEEN, by=None, now=town.at(ago))


def _introduced(
    session: Session, town: Town, connection: Connection, by: Account, ago: int, *rest: Any
) -> None:
    handover, today, now = Handover(rest[0]), town.day(ago), town.at(ago)
    followups.begin(session, connection, by=by, handover=handover, today=today, now=now)


def _heard(
    session: Session, town: Town, connection: Connection, by: Account, ago: int, *rest: Any
) -> None:
    outcome, note = rest
    followups.record(
        session,
        connection,
        by=by,
        request_key=ids.token(),
        outcome=Outcome(outcome),
        note=note,
        today=town.day(ago),
        now=town.at(ago),
    )


def _closed(
    session: Session, town: Town, connection: Connection, by: Account, ago: int, *rest: Any
) -> None:
    ending, words = rest
    followups.finish(
        session, connection, by=by, ending=Ending(ending), words=words, now=town.at(ago)
    )


def _moved(
    session: Session, town: Town, connection: Connection, by: Account, ago: int, *rest: Any
) -> None:
    state, note = rest
    connections.move(session, connection, State(state), by=by, now=town.at(ago), note=note)


def _due(
    session: Session, town: Town, connection: Connection, _: Account, ahead: int, *__: Any
) -> None:
    connections.promise(connection, town.today + timedelta(ahead))
    session.add(connection)


Step = Callable[..., None]
STEPS: dict[str, Step] = {
    "yes": _answers(Answer.YES),
    "not-now": _answers(Answer.NOT_NOW),
    "full": _answers(Answer.FULL),
    "seen": _seen,
    "introduced": _introduced,
    "heard": _heard,
    "closed": _closed,
    "moved": _moved,
    "due": _due,
}
