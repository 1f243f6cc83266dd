"""Once a week a champion hears what their list has: only when there is something to do."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from asset_hub.core import clock, outbox
from asset_hub.core.outbox import Message, MessageState
from asset_hub.directory import jobs, queries, service
from asset_hub.directory.models import LinkFor, Service, Sign, Signal, Step, Upkeep
from asset_hub.directory.service.links import new_link
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.core.test_bounces import report

KIND = "patch-week"


def day(monkeypatch: pytest.MonkeyPatch, on: date) -> None:
    """Make it half past nine on a day."""
    monkeypatch.setattr(clock, "now", lambda: NOW + (on - TODAY))


def waits(session: Session, one: Service, *, hides_in: int = 35) -> None:
    """Put a group on the champions' list now."""
    row = session.get(Upkeep, one.id) or Upkeep(service_id=one.id)
    row.step, row.since = Step.TO_CHECK, clock.now()
    row.due_on = clock.today() + timedelta(days=hides_in)
    session.add(row)
    session.commit()


def mails(session: Session) -> list[Message]:
    return list(session.exec(select(Message).where(Message.kind == KIND)))


def text_of(message: Message) -> str:
    letter = outbox._written(message.id)
    assert letter is not None
    body = letter.get_body(("plain",))
    assert body is not None
    return f"{letter['Subject']}\n{body.get_content()}"


def test_cath_hears_what_is_hidden_soon_and_nobody_else_does(session: Session, cast: Cast) -> None:
    waits(session, cast.choir, hides_in=10)
    for _ in range(2):
        jobs.tell_patches()
    [letter] = mails(session)
    assert letter.to == "cath@example.org"
    text = text_of(letter)
    assert text.startswith("One listing waits for a word from you\nHello Cath,")
    assert "Ashby choir: hidden on Thursday 17 September 2026" in text
    assert "/my-patch" in text
    assert "olive@choir.example" not in text


def test_an_empty_list_or_one_that_has_not_changed_is_no_mail(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.tell_patches()
    assert mails(session) == [], "nothing to do"
    day(monkeypatch, TODAY + timedelta(days=1))
    waits(session, cast.choir)
    jobs.tell_patches()
    assert mails(session) == [], "this week has been looked at"
    day(monkeypatch, TODAY + timedelta(days=7))
    jobs.tell_patches()
    assert len(mails(session)) == 1, "it is new on the list"
    day(monkeypatch, TODAY + timedelta(days=14))
    jobs.tell_patches()
    assert len(mails(session)) == 1, "the same list, and time enough"
    day(monkeypatch, TODAY + timedelta(days=28))
    jobs.tell_patches()
    assert len(mails(session)) == 2, "it is hidden in a week"


def test_a_bank_holiday_monday_is_kept_and_tuesday_does_it(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    easter_monday = date(2027, 3, 29)
    for off in (easter_monday - timedelta(days=1), easter_monday):
        day(monkeypatch, off)
        waits(session, cast.choir)
        jobs.tell_patches()
        assert mails(session) == []
    day(monkeypatch, easter_monday + timedelta(days=1))
    jobs.tell_patches()
    assert len(mails(session)) == 1


def test_what_was_confirmed_before_it_left_is_not_written_about(
    session: Session, cast: Cast
) -> None:
    waits(session, cast.choir)
    jobs.tell_patches()
    [letter] = mails(session)
    service.visited(session, cast.choir, by=cast.cath, now=clock.now())
    session.commit()
    assert outbox._written(letter.id) is None


def test_cath_stops_it_on_her_page_and_has_it_again(
    session: Session, cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits(session, cast.choir)
    jobs.tell_patches()
    browser.sign_in(cast.cath)
    page = browser.get("/my-patch").text
    assert "Stop the weekly mail" in page
    answer = browser.post("/my-patch/mail", data={"wanted": "no", "next": "/my-patch"})
    assert answer.location == "/my-patch"
    assert "Write to me each week" in browser.get("/my-patch").text
    [letter] = mails(session)
    assert outbox._written(letter.id) is None, "not even the one that waits for the morning"
    day(monkeypatch, TODAY + timedelta(days=7))
    waits(session, cast.choir)
    jobs.tell_patches()
    assert len(mails(session)) == 1
    service.begin_patch_mail(session, cast.cath)
    session.commit()
    day(monkeypatch, TODAY + timedelta(days=14))
    jobs.tell_patches()
    assert len(mails(session)) == 2


def test_two_workers_write_once_and_one_killed_between_writes_not_at_all(
    session: Session, cast: Cast
) -> None:
    waits(session, cast.choir)
    assert service.tell_of_patch(session, cast.cath.id, now=NOW)
    session.rollback()  # killed before the commit
    assert mails(session) == []
    assert service.tell_of_patch(session, cast.cath.id, now=NOW)
    session.commit()
    assert not service.tell_of_patch(session, cast.cath.id, now=NOW)
    assert len(mails(session)) == 1


# --- Mail that comes back -----------------------------------------------------------------------


def asked(session: Session, cast: Cast) -> Message:
    """Return the letter that asked Olive, as it has left."""
    link, token = new_link(session, cast.choir, LinkFor.KEEP, now=NOW)
    facts = {"services": [cast.choir.id], "first": cast.choir.id, "token": token}
    outbox.post(
        session, "listing-still-right", to="olive@choir.example", cause=f"asked:{link.id}",
        now=NOW, facts=facts,
    )  # fmt: skip
    letter = session.exec(select(Message).where(Message.kind == "listing-still-right")).one()
    letter.state, letter.sent_at = MessageState.SENT, NOW
    session.commit()
    return letter


def test_a_report_on_standard_input_puts_the_choir_on_the_list_once(
    app: Flask, session: Session, cast: Cast
) -> None:
    service.publish(session, cast.choir, now=NOW)
    letter = asked(session, cast)
    raw = report(message_id=f"<{letter.id}@hub.example>")
    for said in ("1 of our letters", "0 of our letters"):
        done = app.test_cli_runner().invoke(args=["directory", "bounced"], input=raw)
        assert (done.exit_code, said in done.output) == (0, True), done.output
    session.expire_all()
    assert session.exec(select(Signal.sign)).all() == [Sign.MAIL_BOUNCED]
    [row] = queries.to_check(session, cast.cath)
    assert (row.why, row.unwritable) == ("Our mail to them came back", True)


def test_a_report_of_a_letter_we_never_sent_says_nothing(
    app: Flask, session: Session, cast: Cast
) -> None:
    asked(session, cast)
    for raw in (report(), b"Subject: on holiday\n\nBack soon."):
        done = app.test_cli_runner().invoke(args=["directory", "bounced"], input=raw)
        assert (done.exit_code, "0 of our letters" in done.output) == (0, True)
    assert session.exec(select(Signal)).all() == []


def test_an_address_can_be_named_by_hand(app: Flask, session: Session, cast: Cast) -> None:
    service.publish(session, cast.choir, now=NOW)
    session.commit()
    run = app.test_cli_runner().invoke
    assert "0 listings" in run(args=["directory", "bounced", "nobody@example.org"]).output
    assert "1 listings" in run(args=["directory", "bounced", " Olive@Choir.example"]).output
    session.expire_all()
    assert len(queries.to_check(session, cast.cath)) == 1
