from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from flask import Flask, render_template
from sqlalchemy import event
from sqlmodel import Session, col, select

from asset_hub.connections import service as connections
from asset_hub.connections.models import Connection, Ending
from asset_hub.core import calendar, outbox
from asset_hub.core.mail import Folder
from asset_hub.core.outbox import Message, MessageState
from asset_hub.followups import jobs, queries, service
from asset_hub.followups.models import FollowUp, Outcome, Reminder
from asset_hub.people.models import AgreedTo
from tests.cast import NOW, TODAY, Cast
from tests.conftest import test_settings
from tests.followups.stories import hear, introduced

WEDNESDAY = TODAY + timedelta(2)
Set = Callable[..., None]


@pytest.fixture
def rose(session: Session, cast: Cast) -> Connection:
    """Rose, whose first look is due on Wednesday."""
    return introduced(session, cast)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Set:
    """Set the clock to a time in London."""

    def turn(day: date, wall: time = time(10)) -> None:
        monkeypatch.setattr("asset_hub.core.clock.now", lambda: calendar.at(day, wall))

    return turn


@pytest.fixture
def box(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setitem(app.extensions, "settings", test_settings("sqlite://", tmp_path))
    return Folder(tmp_path)


def posted(session: Session, kind: str = "follow-up-due") -> list[Message]:
    session.expire_all()
    return list(session.exec(select(Message).where(Message.kind == kind)))


def test_ben_is_told_once_on_the_day_it_is_due(session: Session, rose: Connection, at: Set) -> None:
    jobs.remind()
    assert posted(session) == []
    at(WEDNESDAY)
    for _ in range(3):
        jobs.remind()
    [message] = posted(session)
    assert message.to == "ben@example.org"


def test_the_mail_has_a_first_name_and_a_link_and_no_reason(
    session: Session, cast: Cast, rose: Connection, at: Set, box: Folder
) -> None:
    outbox.deliver()
    at(WEDNESDAY)
    jobs.remind()
    outbox.deliver()
    letter = box.letters()[0]
    assert letter["Subject"] == "A follow-up is due"
    for part in letter.iter_parts():
        words = part.get_content()
        assert "Rose" in words
        assert f"http://127.0.0.1:8000/connections/{rose.id}" in words
        for secret in ("singing", "choir", "960777", "After ten"):
            assert secret not in words


def test_a_coordinator_who_keeps_somebody_is_not_sent_to_her_coordinator(
    session: Session, cast: Cast, rose: Connection, app: Flask
) -> None:
    said = []
    for keeper in (cast.ben, cast.cora):
        rose.owner_id = keeper.id
        session.commit()
        session.refresh(rose)
        facts = {"connection": str(rose.id), "owner": str(keeper.id), "due_on": str(WEDNESDAY)}
        context = service.compose_due(session, facts)
        assert context
        with app.test_request_context():
            kinds = ("txt", "html")
            said.append([render_template(f"emails/follow-up-due.{k}", **context) for k in kinds])
    for bens, coras in zip(*said, strict=True):
        assert "tell your coordinator" in bens
        assert "tell your coordinator" not in coras
        assert "give it to somebody else on that page" in coras


def test_the_next_date_is_told_again(session: Session, rose: Connection, at: Set) -> None:
    at(WEDNESDAY)
    jobs.remind()
    hear(session, rose, Outcome.NOT_YET)
    at(WEDNESDAY + timedelta(7))
    jobs.remind()
    assert len(posted(session)) == 2


def test_two_workers_at_once_remind_once(session: Session, rose: Connection) -> None:
    now = calendar.at(WEDNESDAY, time(10))
    assert service.remind(session, rose, today=WEDNESDAY, now=now)
    assert not service.remind(session, rose, today=WEDNESDAY, now=now)
    assert len(posted(session)) == 1


@pytest.mark.parametrize("day", [date(2026, 12, 25), date(2026, 12, 28), date(2026, 9, 12)])
def test_nobody_is_reminded_on_a_day_of_rest(
    session: Session, rose: Connection, at: Set, day: date
) -> None:
    at(day)
    jobs.remind()
    assert posted(session) == []
    at(calendar.working_days_after(day, 1))
    jobs.remind()
    assert len(posted(session)) == 1


def test_a_reminder_raised_after_midnight_waits_for_eight(
    session: Session, rose: Connection, at: Set, box: Folder
) -> None:
    at(WEDNESDAY, time(0, 1))
    jobs.remind()
    [message] = posted(session)
    assert message.due_at == calendar.at(WEDNESDAY, time(8))


@pytest.mark.parametrize("day", [date(2027, 3, 30), date(2026, 10, 26), date(2028, 2, 29)], ids=str)
def test_each_is_told_once_over_a_change_of_the_clocks(
    session: Session, rose: Connection, monkeypatch: pytest.MonkeyPatch, day: date
) -> None:
    connections.promise(rose, day)
    session.commit()
    moment = calendar.at(day, time(0)) - timedelta(hours=30)
    for _ in range(120):
        moment += timedelta(minutes=30)
        monkeypatch.setattr("asset_hub.core.clock.now", lambda moment=moment: moment)
        jobs.remind()
    [message] = posted(session)
    assert calendar.london(message.created_at).date() == day


def test_a_clock_set_back_a_day_reminds_nobody_twice(
    session: Session, rose: Connection, at: Set
) -> None:
    for day in (WEDNESDAY, WEDNESDAY - timedelta(1), WEDNESDAY):
        at(day)
        jobs.remind()
    assert len(posted(session)) == 1


# What is no longer true when the mail is to leave


def answered(session: Session, cast: Cast, rose: Connection) -> None:
    hear(session, rose, Outcome.WENT_ONCE)


def closed(session: Session, cast: Cast, rose: Connection) -> None:
    connections.close(session, rose, ending=Ending.JOINED, words="", by=cast.ben, now=NOW)


def given_away(session: Session, cast: Cast, rose: Connection) -> None:
    connections.reassign(session, rose, cast.cora, by=cast.cora, now=NOW)


def no_contact(session: Session, cast: Cast, rose: Connection) -> None:
    rose.person.no_contact = True


def agreement_taken_back(session: Session, cast: Cast, rose: Connection) -> None:
    connections.withdraw_agreement(session, rose.person, AgreedTo.RECORD, by=cast.ben, now=NOW)


def disabled(session: Session, cast: Cast, rose: Connection) -> None:
    cast.ben.disabled_at = NOW


def role_ended(session: Session, cast: Cast, rose: Connection) -> None:
    cast.ben.grants[0].ended_at = NOW


@pytest.mark.parametrize(
    "change",
    [answered, closed, given_away, no_contact, agreement_taken_back, disabled, role_ended],
    ids=lambda change: change.__name__,
)
def test_a_reminder_that_is_no_longer_true_is_withheld(
    session: Session,
    cast: Cast,
    rose: Connection,
    at: Set,
    box: Folder,
    change: Callable[[Session, Cast, Connection], None],
) -> None:
    at(WEDNESDAY)
    jobs.remind()
    change(session, cast, rose)
    session.commit()
    outbox.deliver()
    [message] = posted(session)
    assert message.state is MessageState.WITHHELD
    assert not [each for each in box.letters() if each["Subject"] == "A follow-up is due"]


def test_when_the_owner_has_left_the_coordinator_is_told_once(
    session: Session, cast: Cast, rose: Connection, at: Set, box: Folder
) -> None:
    introduced(session, cast, cast.person("Iris"))
    cast.ben.disabled_at = NOW
    session.commit()
    at(WEDNESDAY)
    jobs.remind()
    jobs.remind()
    told = posted(session, "follow-up-unkept")
    assert {message.to for message in told} == {"cora@example.org", "lee@example.org"}
    assert len(told) == 2
    outbox.deliver()
    letter = next(each for each in box.letters() if each["To"] == "cora@example.org")
    plain = next(letter.iter_parts()).get_content()
    assert "Ben" in plain
    assert "/today?who=nobody" in plain
    assert "Rose" not in plain


def test_the_new_owner_is_told_of_the_same_date(
    session: Session, cast: Cast, rose: Connection, at: Set
) -> None:
    at(WEDNESDAY)
    jobs.remind()
    given_away(session, cast, rose)
    session.commit()
    jobs.remind()
    assert {message.to for message in posted(session)} == {"ben@example.org", "cora@example.org"}


def test_one_that_fails_delays_nobody(
    session: Session, cast: Cast, rose: Connection, at: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = introduced(session, cast, cast.person("Iris"))
    remind = service.remind

    def fail(session: Session, connection: Connection, **rest: object) -> bool:
        if connection.id == rose.id:
            raise ValueError
        return remind(session, connection, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "remind", fail)
    at(WEDNESDAY)
    jobs.remind()
    assert [row.connection_id for row in session.exec(select(Reminder))] == [other.id]
    monkeypatch.setattr(service, "remind", remind)
    jobs.remind()
    assert len(posted(session)) == 2


def test_many_are_found_in_batches_each_once(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "BATCH", 2)
    made = {introduced(session, cast, cast.person(f"Rose {n}")).id for n in range(5)}
    found = list(queries.unreminded(session, today=WEDNESDAY))
    assert len(found) == 5
    assert set(found) == made


def test_nothing_due_is_one_look_into_an_index(session: Session, rose: Connection) -> None:
    said: list[tuple[str, object]] = []
    engine = session.get_bind()
    note = lambda _, __, sql, values, *___: said.append((sql, values))  # noqa: E731
    event.listen(engine, "before_cursor_execute", note)
    assert list(queries.unreminded(session, today=TODAY)) == []
    event.remove(engine, "before_cursor_execute", note)
    [(sql, values)] = [each for each in said if each[0].startswith("SELECT")]
    if engine.dialect.name == "sqlite":
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()  # type: ignore[arg-type]
        steps = " / ".join(row[3] for row in plan)
        assert "SEARCH connection USING" in steps
        assert "next_check_on<" in steps
        assert "SCAN" not in steps


def test_looks_at_what_was_ended_elsewhere_are_dropped_within_a_minute(
    session: Session, cast: Cast, rose: Connection
) -> None:
    kept = introduced(session, cast, cast.person("Iris"))
    closed(session, cast, rose)
    session.commit()
    jobs.drop_plans_of_ended()
    session.expire_all()
    dropped = select(FollowUp.connection_id).where(col(FollowUp.dropped_at).is_not(None))
    assert set(session.exec(dropped)) == {rose.id}
    assert len(queries.planned(session, kept)) == 4


def test_the_owner_is_never_told_about_somebody_elses_person(
    session: Session, cast: Cast, rose: Connection
) -> None:
    facts = {"connection": str(rose.id), "owner": str(cast.cora.id), "due_on": str(WEDNESDAY)}
    rose.owner_id = cast.cora.id
    session.flush()
    assert service.compose_due(session, facts)  # Cora keeps it now, so she is told
    rose.owner_id = cast.dev.id
    session.flush()
    assert service.compose_due(session, facts | {"owner": str(cast.dev.id)}) is None
    rose.owner_id = cast.pip.id
    session.flush()
    assert service.compose_due(session, facts | {"owner": str(cast.pip.id)}) is None
    session.rollback()
