import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from asset_hub.core import outbox
from asset_hub.core.mail import Refused, Unreachable
from asset_hub.core.outbox import Message, MessageState
from tests.cast import NOW

pytestmark = pytest.mark.usefixtures("mails")
NIGHT = datetime(2026, 9, 7, 21, tzinfo=UTC)
MORNING = datetime(2026, 9, 8, 7, tzinfo=UTC)  # eight o'clock in London


class Post:
    """A mail server that remembers, and fails as it is told to: one error a letter, in turn."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.errors: list[Exception | None] = []
        self.asked = 0

    def send(self, letter: EmailMessage) -> None:
        self.asked += 1
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error
        self.letters.append(letter)


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Post:
    way = Post()

    @contextmanager
    def here(_: object) -> Iterator[Post]:
        yield way

    monkeypatch.setattr(outbox, "transport", here)
    return way


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("asset_hub.core.clock.now", clock)
    return clock


def post(session: Session, cause: str = "c", kind: str = "hello", **more: Any) -> bool:
    facts = more.pop("facts", {"name": "Ben"})
    sent = outbox.post(
        session, kind, to=more.pop("to", "ben@example.org"), cause=cause, facts=facts,
        now=more.pop("now", NOW), **more,
    )  # fmt: skip
    session.commit()
    return sent


def only(session: Session) -> Message:
    session.expire_all()
    return session.exec(select(Message)).one()


def test_a_message_leaves_once_and_says_where_it_is_from(session: Session, way: Post) -> None:
    assert post(session)
    assert outbox.deliver() == 1
    assert outbox.deliver() == 0
    [letter] = way.letters
    assert letter["To"] == "ben@example.org"
    assert letter["Subject"] == "Hello Ben"
    assert letter["From"] == "Asset Hub <hello@asset-hub.example>"
    assert letter["Message-ID"] == f"<{only(session).id}@127.0.0.1>"
    assert letter["Auto-Submitted"] == "auto-generated"
    plain, html = letter.iter_parts()
    assert "see http://127.0.0.1:8000/livez" in plain.get_content()
    assert "<p" in html.get_content()
    assert "Ben" in html.get_content()
    assert (only(session).state, only(session).sent_at) == (MessageState.SENT, NOW)


def test_one_cause_makes_one_message(session: Session, way: Post) -> None:
    assert post(session, "reminder:1")
    assert not post(session, "reminder:1", facts={"name": "Cora"})
    assert post(session, "reminder:2")
    assert outbox.deliver() == 2


def test_a_message_dies_with_the_transaction_that_caused_it(session: Session, way: Post) -> None:
    outbox.post(session, "hello", to="ben@example.org", cause="c", now=NOW)
    session.rollback()
    assert outbox.deliver() == 0


def test_addresses_and_links_are_sealed_in_the_row(session: Session) -> None:
    post(session, facts={"name": "Ben", "link": "secret-token"})
    row = session.connection().execute(text("SELECT * FROM message")).one()
    assert "ben@example.org" not in str(row)
    assert "secret-token" not in str(row)
    assert only(session).facts == {"name": "Ben", "link": "secret-token"}


def test_what_is_written_at_night_waits_for_the_morning(
    session: Session, way: Post, clock: Clock
) -> None:
    clock.now = NIGHT
    post(session, now=NIGHT)
    assert only(session).due_at == MORNING
    assert outbox.deliver() == 0
    clock.now = MORNING
    assert outbox.deliver() == 1


def test_what_was_due_by_day_is_not_sent_at_night_either(
    session: Session, way: Post, clock: Clock
) -> None:
    post(session)
    clock.now = NIGHT
    assert outbox.deliver() == 0
    assert (only(session).state, only(session).attempts) == (MessageState.DUE, 0)


def test_an_answer_to_what_somebody_just_did_comes_at_any_hour(
    session: Session, way: Post, clock: Clock
) -> None:
    clock.now = NIGHT
    post(session, now=NIGHT, any_hour=True)
    assert outbox.deliver() == 1


def test_a_batch_that_runs_into_the_evening_stops(
    session: Session, way: Post, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now = datetime(2026, 9, 7, 18, 59, 59, tzinfo=UTC)
    for n in range(3):
        post(session, f"c{n}", now=clock.now)
    slow = way.send

    def send(letter: EmailMessage) -> None:
        slow(letter)
        clock.now += timedelta(seconds=1)

    monkeypatch.setattr(way, "send", send)
    assert outbox.deliver() == 1
    clock.now = MORNING
    assert outbox.deliver() == 2


def test_a_composer_may_withhold_what_is_no_longer_true(
    session: Session, way: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(outbox._COMPOSERS, "hello", lambda _, facts: facts["still"] or None)
    post(session, facts={"still": None})
    assert outbox.deliver() == 0
    assert only(session).state is MessageState.WITHHELD
    post(session, "d", facts={"still": {"name": "Cora"}})
    assert outbox.deliver() == 1
    assert way.letters[0]["Subject"] == "Hello Cora"


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPDataError(451, b"later"), smtplib.SMTPServerDisconnected("reset"),
        TimeoutError(), ConnectionResetError(), RuntimeError("nobody foresaw this"),
        smtplib.SMTPSenderRefused(550, b"who are you", "hello@asset-hub.example"),
    ],
    ids=lambda e: type(e).__name__,
)  # fmt: skip
def test_what_may_pass_is_tried_again_under_the_same_message_id(
    session: Session, way: Post, clock: Clock, error: Exception
) -> None:
    post(session, "ill")
    post(session, "well")
    way.errors = [error]
    assert outbox.deliver() == 1  # the other one is not held up
    clock.now += outbox.FIRST_WAIT
    assert outbox.deliver() == 1
    ids = {f"<{key}@127.0.0.1>" for key in session.exec(select(Message.id))}
    assert {letter["Message-ID"] for letter in way.letters} == ids


def test_each_try_waits_longer_until_two_hours(session: Session, way: Post, clock: Clock) -> None:
    post(session)
    waits = []
    for _ in range(9):
        way.errors = [TimeoutError()]
        outbox.deliver()
        waits.append(only(session).due_at - clock.now)
        clock.now = clock.now.replace(hour=9) if waits[-1] > timedelta(hours=1) else clock.now
        clock.now = max(clock.now, only(session).due_at)
    assert [w // timedelta(minutes=1) for w in waits] == [1, 2, 4, 8, 16, 32, 64, 120, 120]
    assert only(session).error == "TimeoutError"


def test_after_sixty_tries_it_is_parked_and_not_tried_again(
    session: Session, way: Post, clock: Clock
) -> None:
    post(session)
    session.connection().execute(text("UPDATE message SET attempts = 59"))
    session.commit()
    way.errors = [TimeoutError(), None]
    assert outbox.deliver() == 0
    clock.now += timedelta(days=1)
    assert outbox.deliver() == 0
    assert (only(session).state, way.asked) == (MessageState.PARKED, 1)


def test_a_letter_nobody_will_ever_take_is_parked_at_once(session: Session, way: Post) -> None:
    post(session, "gone")
    post(session, "here")
    way.errors = [Refused("[550]")]
    assert outbox.deliver() == 1
    [parked] = session.exec(select(Message).where(Message.state == MessageState.PARKED)).all()
    assert parked.error == "refused [550]"


def test_when_no_server_answers_only_one_letter_is_tried(
    session: Session, way: Post, clock: Clock
) -> None:
    for n in range(30):
        post(session, f"c{n}")
    way.errors = [Unreachable("TimeoutError")]
    assert outbox.deliver() == 0
    assert way.asked == 1
    assert outbox.deliver() == 29  # the next tick finds the server back
    clock.now += outbox.FIRST_WAIT
    assert outbox.deliver() == 1


@pytest.mark.parametrize("kind", ["broken", "of_no_template"])
def test_a_message_that_cannot_be_written_is_parked_and_delays_nobody(
    session: Session, way: Post, kind: str
) -> None:
    post(session, "poison", kind)
    post(session, "healthy")
    assert outbox.deliver() == 1
    states = session.exec(select(Message.kind, Message.state)).all()
    assert set(states) == {(kind, MessageState.PARKED), ("hello", MessageState.SENT)}


def test_a_composer_that_fails_parks_only_its_own(
    session: Session, way: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(outbox._COMPOSERS, "ill", lambda _, facts: facts["none"])
    post(session, "poison", "ill")
    post(session, "healthy")
    assert outbox.deliver() == 1


def test_a_database_that_fails_while_composing_is_asked_again(
    session: Session, way: Post, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Any] = [OperationalError("x", {}, Exception()), None]

    def compose(_: Session, facts: dict[str, Any]) -> dict[str, Any]:
        if error := answers.pop(0):
            raise error
        return facts

    monkeypatch.setitem(outbox._COMPOSERS, "hello", compose)
    post(session)
    assert outbox.deliver() == 0
    clock.now += outbox.FIRST_WAIT
    assert outbox.deliver() == 1


@pytest.mark.parametrize("bad", ["ben@example.org\nBcc: all@example.org", "a@b\r\n\r\nHello", "no"])
def test_an_address_cannot_smuggle_in_another_header(session: Session, way: Post, bad: str) -> None:
    post(session, to=bad)
    outbox.deliver()
    assert not any("Bcc" in str(letter) or "\r\n\r\nHello" in str(letter) for letter in way.letters)
    assert [letter["To"] for letter in way.letters] in ([], [bad])


def test_a_subject_cannot_smuggle_in_another_header(session: Session, way: Post) -> None:
    post(session, facts={"name": "Ben\r\nBcc: all@example.org"})
    outbox.deliver()
    [letter] = way.letters
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Hello Ben Bcc: all@example.org"


def test_accents_survive_in_subject_and_body(session: Session, way: Post) -> None:
    post(session, facts={"name": "Zoë Ó Néill"})
    outbox.deliver()
    [letter] = way.letters
    assert letter["Subject"] == "Hello Zoë Ó Néill"
    assert "Zoë" in next(letter.iter_parts()).get_content()


# Leases


def lease(session: Session, now: datetime = NOW) -> list[Any]:
    return outbox._claim(now)


def test_what_one_worker_holds_another_does_not_get(session: Session) -> None:
    post(session)
    assert len(outbox._claim(NOW)) == 1
    assert outbox._claim(NOW) == []


def test_a_killed_worker_loses_its_lease_and_another_sends(
    session: Session, way: Post, clock: Clock
) -> None:
    post(session)
    outbox._claim(NOW)
    clock.now += outbox.LEASE / 2
    assert outbox.deliver() == 0
    clock.now += outbox.LEASE
    assert outbox.deliver() == 1


def test_a_frozen_workers_late_finish_changes_nothing(
    session: Session, way: Post, clock: Clock
) -> None:
    post(session)
    [old] = outbox._claim(NOW)
    clock.now += timedelta(minutes=10)
    assert outbox.deliver() == 1
    sent = only(session).model_dump()
    outbox._finish(old, MessageState.PARKED, error="late")
    outbox._put_back(old, "late")
    outbox._let_go([old])
    assert only(session).model_dump() == sent


def test_a_worker_that_wakes_up_late_does_not_send_what_another_took(
    session: Session, way: Post, clock: Clock
) -> None:
    post(session)
    [old] = outbox._claim(NOW)
    clock.now += timedelta(minutes=10)
    outbox._take_back(clock.now)
    [new] = outbox._claim(clock.now)
    assert not outbox._deliver_one(way, old)
    assert way.letters == []
    assert outbox._deliver_one(way, new)


def test_a_slow_batch_renews_its_lease_before_each_letter(
    session: Session, way: Post, clock: Clock
) -> None:
    for n in range(2):
        post(session, f"c{n}")
    first, second = outbox._claim(NOW)
    clock.now += outbox.LEASE - timedelta(seconds=1)
    assert outbox._deliver_one(way, first)
    outbox._take_back(clock.now + timedelta(seconds=2))  # the second was not renewed
    assert not outbox._deliver_one(way, second)


def test_a_message_that_kills_its_worker_takes_no_other_with_it(
    session: Session, way: Post, clock: Clock
) -> None:
    for n in range(3):
        post(session, f"c{n}")
    assert len(outbox._claim(NOW)) == 3  # and the worker dies on the first
    clock.now += outbox.LEASE * 2
    outbox._take_back(clock.now)
    assert [len(outbox._claim(clock.now)) for _ in range(4)] == [1, 1, 1, 0]


def test_a_message_that_kills_again_and_again_waits_longer_and_ends_parked(
    session: Session, way: Post, clock: Clock
) -> None:
    post(session)
    waits = []
    for _ in range(5):
        outbox._claim(clock.now)
        clock.now += outbox.LEASE * 2
        outbox._take_back(clock.now)
        waits.append((only(session).due_at - clock.now) // timedelta(minutes=1))
        clock.now = only(session).due_at
    assert waits == [0, 1, 2, 4, 8]
    session.connection().execute(text("UPDATE message SET attempts = 59"))
    session.commit()
    outbox._claim(clock.now)
    outbox._take_back(clock.now + outbox.LEASE * 2)
    assert only(session).state is MessageState.PARKED


def test_a_parked_message_is_shown_to_a_human_who_may_send_it_again(
    session: Session, way: Post, clock: Clock
) -> None:
    post(session)
    session.connection().execute(text("UPDATE message SET state = 'parked', attempts = 60"))
    session.commit()
    assert [message.kind for message in outbox.parked(session)] == [only(session).kind]
    assert outbox.try_again(session, now=NOW) == 1
    session.commit()
    session.expire_all()
    assert only(session).state is MessageState.DUE
    assert only(session).attempts == 0
    assert outbox.parked(session) == []
