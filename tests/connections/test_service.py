"""Making a connection and taking its steps."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, func, select

from asset_hub.connections import service
from asset_hub.connections.models import (
    Connection,
    ConnectionEvent,
    Ending,
    Handover,
    ReplyLink,
    State,
)
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import RuleBroken
from asset_hub.core.outbox import Message
from asset_hub.directory.models import Standing
from asset_hub.people import service as people
from asset_hub.people.models import AgreedTo
from tests.cast import NOW, TODAY, Cast
from tests.connections.steps import connect


def count(session: Session, kind: type) -> int:
    return session.exec(select(func.count()).select_from(kind)).one()


def walk(session: Session, cast: Cast, connection: Connection, *states: State) -> None:
    for state in states:
        service.move(session, connection, state, by=cast.ben, now=NOW)


def test_a_connection_is_made_and_the_group_asked_in_one_go(session: Session, cast: Cast) -> None:
    made = connect(session, cast)
    assert (made.state, made.owner_id, made.next_check_on) == (
        State.SENT,
        cast.ben.id,
        date(2026, 9, 9),
    )
    assert [(e.number, e.came_from, e.state) for e in made.events] == [
        (1, None, State.AGREED),
        (2, State.AGREED, State.SENT),
    ]
    message = session.exec(select(Message)).one()
    assert (message.kind, message.to) == ("connection-asked", "olive@choir.example")
    assert session.exec(select(ReplyLink)).one().digest not in message.facts_text


def test_a_group_without_mail_is_to_be_telephoned_tomorrow(session: Session, cast: Cast) -> None:
    cast.choir.contacts[0].email = ""
    made = connect(session, cast)
    assert (made.state, made.next_check_on) == (State.AGREED, date(2026, 9, 8))
    assert count(session, Message) == count(session, ReplyLink) == 0


def test_a_group_that_gives_an_address_later_can_be_asked_then(
    session: Session, cast: Cast
) -> None:
    cast.choir.contacts[0].email = ""
    made = connect(session, cast)
    cast.choir.email = "hello@choir.example"
    assert service.ask(session, made, by=cast.ben, now=NOW)
    assert made.state is State.SENT
    with pytest.raises(RuleBroken):
        service.ask(session, made, by=cast.ben, now=NOW)


def test_a_double_click_makes_one_connection(session: Session, cast: Cast) -> None:
    rose = cast.person()
    first = connect(session, cast, rose)
    assert connect(session, cast, rose) is first
    assert count(session, Connection) == count(session, Message) == 1


def test_somebody_elses_form_does_not_answer(session: Session, cast: Cast) -> None:
    rose = cast.person()
    connect(session, cast, rose)
    with pytest.raises(RuleBroken):
        connect(session, cast, rose, by=cast.cora)


def test_the_same_group_is_not_asked_twice_at_once(session: Session, cast: Cast) -> None:
    rose = cast.person()
    made = connect(session, cast, rose)
    with pytest.raises(RuleBroken):
        connect(session, cast, rose, request_key="another")
    service.close(session, made, ending=Ending.NOT_FOR_THEM, words="", by=cast.ben, now=NOW)
    assert connect(session, cast, rose, request_key="another") is not made


def test_the_database_refuses_a_second_open_connection_to_the_same_group(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rose = cast.person()
    first = connect(session, cast, rose)
    monkeypatch.setattr("asset_hub.connections.queries.has_open", lambda *_: False)  # a race
    with pytest.raises(RuleBroken, match="open connection to this group already"):
        connect(session, cast, rose, request_key="another")
    service.close(session, first, ending=Ending.CHANGED_MIND, words="", by=cast.ben, now=NOW)
    connect(session, cast, rose, request_key="third")
    with pytest.raises(RuleBroken, match="open connection to this group already"):
        service.reopen(session, first, reason="She rang", by=cast.ben, now=NOW)


def test_a_closed_group_cannot_be_chosen(session: Session, cast: Cast) -> None:
    cast.choir.standing = Standing.CLOSED
    with pytest.raises(RuleBroken):
        connect(session, cast)


@pytest.mark.parametrize("no_longer", ["agreed", "contacted"])
def test_nobody_is_connected_against_their_will(
    no_longer: str, session: Session, cast: Cast
) -> None:
    rose = cast.person()
    if no_longer == "agreed":
        people.withdraw(session, rose, AgreedTo.RECORD, by=cast.ben, now=NOW)
    rose.no_contact = no_longer == "contacted"
    with pytest.raises(RuleBroken):
        connect(session, cast, rose)


def test_the_persons_keeper_keeps_what_a_coordinator_makes(session: Session, cast: Cast) -> None:
    assert connect(session, cast, by=cast.cora).owner_id == cast.ben.id


def test_whoever_makes_it_keeps_it_when_the_keeper_left(session: Session, cast: Cast) -> None:
    rose = cast.person()
    cast.ben.disabled_at = NOW
    assert connect(session, cast, rose, by=cast.cora).owner_id == cast.cora.id


def test_words_about_rose_are_sealed(session: Session, cast: Cast) -> None:
    made = connect(session, cast)
    words = {"ending": Ending.JOINED, "words": "I feel alive", "by": cast.ben, "now": NOW}
    service.move(session, made, State.ACCEPTED, by=cast.ben, now=NOW, note="Olive was kind")
    service.close(session, made, **words)  # type: ignore[arg-type]
    for table in ("connection", "connection_event", "message", "audit_entry"):
        for row in session.connection().execute(text(f"SELECT * FROM {table}")):
            kept = b" ".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
            for word in (b"Rose", b"singing", b"alive", b"kind", b"sing again"):
                assert word not in kept, (table, word)


def test_the_whole_road_is_walked_and_told(session: Session, cast: Cast) -> None:
    made = connect(session, cast)
    walk(session, cast, made, State.SEEN, State.ACCEPTED)
    service.introduce(session, made, handover=Handover.MET, on=TODAY, by=cast.ben, now=NOW)
    walk(session, cast, made, State.ATTENDED, State.SETTLED)
    service.close(session, made, ending=Ending.JOINED, words="I sing", by=cast.ben, now=NOW)
    assert [event.number for event in made.events] == list(range(1, 9))
    assert (made.introduced_on, made.attended_on) == (TODAY, TODAY)
    assert (made.state, made.next_check_on, made.ended_at) == (State.CLOSED, None, NOW)
    assert made.ending_words == "I sing"


def test_closing_without_an_ending_is_refused(session: Session, cast: Cast) -> None:
    made = connect(session, cast)
    with pytest.raises(RuleBroken):
        service.move(session, made, State.CLOSED, by=cast.ben, now=NOW)


def test_what_has_ended_only_moves_by_being_reopened(session: Session, cast: Cast) -> None:
    made = connect(session, cast)
    service.close(session, made, ending=Ending.CHANGED_MIND, words="", by=cast.ben, now=NOW)
    with pytest.raises(RuleBroken):
        service.move(session, made, State.AGREED, by=cast.ben, now=NOW)
    with pytest.raises(RuleBroken):
        service.promise(made, TODAY)
    with pytest.raises(RuleBroken):
        service.reopen(session, made, reason="", by=cast.ben, now=NOW)
    service.reopen(session, made, reason="She asked again", by=cast.ben, now=NOW)
    assert (made.state, made.ending, made.ended_at) == (State.AGREED, None, None)
    assert made.next_check_on == date(2026, 9, 8)
    with pytest.raises(RuleBroken):
        service.reopen(session, made, reason="Again", by=cast.ben, now=NOW)


def test_reopening_asks_for_agreement_again(session: Session, cast: Cast) -> None:
    made = connect(session, cast)
    service.withdraw_agreement(session, made.person, AgreedTo.SHARE, by=cast.ben, now=NOW)
    assert made.state is State.WITHDRAWN
    with pytest.raises(RuleBroken):
        service.reopen(session, made, reason="She asked", by=cast.ben, now=NOW)


def test_an_introduction_needs_the_agreement_to_share(session: Session, cast: Cast) -> None:
    made = connect(session, cast)
    people.withdraw(session, made.person, AgreedTo.SHARE, by=cast.ben, now=NOW)
    with pytest.raises(RuleBroken):
        service.introduce(session, made, handover=Handover.TOLD, on=TODAY, by=cast.ben, now=NOW)


def test_each_step_leaves_its_audit_row(session: Session, cast: Cast) -> None:
    made = connect(session, cast)
    service.look_at(session, made, by=cast.cora, now=NOW)
    rows = session.exec(select(AuditEntry).where(AuditEntry.subject_id == made.id)).all()
    assert [(row.action, row.by_id) for row in rows] == [
        ("change", cast.ben.id),
        ("change", cast.ben.id),
        ("read", cast.cora.id),
    ]


@pytest.mark.parametrize("lost", ["owner_id", "next_check_on"])
def test_the_database_refuses_an_open_connection_nobody_looks_after(
    lost: str, session: Session, cast: Cast
) -> None:
    connect(session, cast)
    with pytest.raises(IntegrityError):
        session.connection().execute(text(f"UPDATE connection SET {lost} = NULL"))


def test_the_database_refuses_a_close_without_an_ending(session: Session, cast: Cast) -> None:
    connect(session, cast)
    with pytest.raises(IntegrityError):
        session.connection().execute(
            text("UPDATE connection SET state = 'closed', next_check_on = NULL")
        )


@pytest.mark.parametrize("verb", ["UPDATE connection_event SET number = 9",
                                  "DELETE FROM connection_event"])  # fmt: skip
def test_what_happened_cannot_be_rewritten(verb: str, session: Session, cast: Cast) -> None:
    connect(session, cast)
    with pytest.raises(SQLAlchemyError):
        session.connection().execute(text(verb))


def test_two_keepers_at_once_do_not_overwrite_each_other(session: Session, cast: Cast) -> None:
    made = connect(session, cast)
    session.connection().execute(text("UPDATE connection SET version = version + 1"))
    with pytest.raises(StaleDataError):
        service.move(session, made, State.ACCEPTED, by=cast.ben, now=NOW)
    session.rollback()
    assert count(session, ConnectionEvent) == 2
