"""The group answers by its link: without an account, once, and never by being opened."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from asset_hub.connections import service
from asset_hub.connections.models import Connection, Ending, Handover, ReplyLink, State
from asset_hub.core import outbox
from asset_hub.core.outbox import Message
from asset_hub.directory import service as directory
from asset_hub.people.models import AgreedTo
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.connections.steps import connect

NO_DATES = {
    f"{name}-{part}": "" for name in ("first_on", "until") for part in ("day", "month", "year")
}
YES = {**NO_DATES, "answer": "yes", "who": "Olive", "words": "Come early"}


def token_of(session: Session) -> str:
    asked = session.exec(select(Message).where(Message.kind == "connection-asked")).one()
    return str(asked.facts["token"])


@pytest.fixture
def made(session: Session, cast: Cast) -> Connection:
    return connect(session, cast, cast.person("Rose Ashworth"))


@pytest.fixture
def link(session: Session, made: Connection) -> str:
    return f"/reply/{token_of(session)}"


def written(session: Session, kind: str, app: Flask) -> str:
    """Return everything a mail of this kind would say, or "" when it is withheld."""
    message = session.exec(select(Message).where(Message.kind == kind)).one()
    with app.test_request_context(base_url="http://hub.example"):
        letter = outbox._letter(session, message, app.extensions["settings"])
    return letter.as_string() if letter else ""


def test_the_page_shows_what_was_agreed_and_no_more(browser: Browser, link: str) -> None:
    page = browser.get(link)
    for said in ("Rose", "01632 960777", "After ten", "Rose would love to sing again."):
        assert said in page.text
    assert "Ben, Ashby Surgery, asked you" in page.text
    for kept in ("Ashworth", "misses"):
        assert kept not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Referrer-Policy"] == "strict-origin"


def test_opening_it_never_answers(browser: Browser, link: str, made: Connection) -> None:
    for _ in range(3):
        browser.get(link)
    assert made.state is State.SENT
    assert len(made.events) == 2


def test_olive_says_yes_with_a_day_and_a_name(
    browser: Browser, link: str, made: Connection, session: Session, app: Flask
) -> None:
    day = {"first_on-day": "14", "first_on-month": "9", "first_on-year": "2026"}
    answer = browser.post(link, data={**YES, **day})
    assert answer.location == link
    assert made.state is State.ACCEPTED
    assert [event.state for event in made.events[-2:]] == [State.SEEN, State.ACCEPTED]
    assert made.events[-1].by_id is None
    assert "First visit: Monday 14 September 2026" in made.events[-1].note
    assert str(made.next_check_on) == "2026-09-09"
    told = written(session, "connection-answered", app)
    assert "Rose" in told
    for kept in ("Ashworth", "singing", "choir", "Come early"):
        assert kept not in told


def test_after_a_yes_the_page_still_says_how_to_say_hello(browser: Browser, link: str) -> None:
    browser.post(link, data=YES)
    page = browser.get(link).text
    assert "You answered “Yes, we will welcome them” on Monday 7 September 2026" in page
    assert "01632 960777" in page


@pytest.mark.parametrize("answer", ["not_now", "full"])
def test_a_no_is_told_to_the_keeper_and_looked_at_tomorrow(
    answer: str, browser: Browser, link: str, made: Connection, session: Session
) -> None:
    browser.post(link, data={**NO_DATES, "answer": answer, "words": "No room"})
    assert made.state is State.DECLINED_BY_GROUP
    assert str(made.next_check_on) == "2026-09-08"
    assert "No room" in made.events[-1].note
    mail = session.exec(select(Message).where(Message.kind == "connection-answered")).one()
    assert mail.to == "ben@example.org"
    assert "01632 960777" not in browser.get(link).text


def test_not_now_with_a_day_is_a_wait_that_the_person_is_asked_about(
    browser: Browser, link: str, made: Connection
) -> None:
    later = {"until-day": "5", "until-month": "10", "until-year": "2026"}
    browser.post(link, data={**NO_DATES, **later, "answer": "not_now"})
    assert made.state is State.WAITING
    assert (str(made.waiting_until), str(made.next_check_on)) == ("2026-10-05", "2026-09-08")


def test_an_answer_counts_once(browser: Browser, link: str, made: Connection) -> None:
    for _ in range(2):
        assert browser.post(link, data=YES).location == link
    assert made.state is State.ACCEPTED
    assert len(made.events) == 4


def test_olive_may_change_her_answer_until_something_follows(
    browser: Browser, link: str, made: Connection, cast: Cast, session: Session
) -> None:
    browser.post(link, data={**NO_DATES, "answer": "full"})
    assert "Change your answer" in browser.get(link).text
    assert browser.post(link, data=YES).location == link
    assert made.state is State.ACCEPTED
    mails = session.exec(select(Message).where(Message.kind == "connection-answered")).all()
    assert len(mails) == 2
    service.introduce(session, made, handover=Handover.CALL, on=TODAY, by=cast.ben, now=NOW)
    session.commit()
    assert "Change your answer" not in browser.get(link).text
    browser.post(link, data={**NO_DATES, "answer": "full"})
    assert made.events[-1].state is State.INTRODUCED


def test_an_answer_stands_after_a_day(
    browser: Browser, link: str, made: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post(link, data=YES)
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + timedelta(days=1))
    assert "Change your answer" not in browser.get(link).text
    browser.post(link, data={**NO_DATES, "answer": "full"})
    assert made.state is State.ACCEPTED


def _new_contact(session: Session, made: Connection) -> None:
    made.service.contacts[0].email = "nadia@choir.example"
    session.commit()


def test_a_link_in_an_old_contacts_mailbox_shows_nothing(
    browser: Browser, link: str, made: Connection, session: Session
) -> None:
    _new_contact(session, made)
    for page in (browser.get(link), browser.post(link, data=YES)):
        assert "This has ended" in page.text
        for kept in ("Rose", "960777", "sing again"):
            assert kept not in page.text
    assert made.state is State.SENT


def test_an_old_contact_who_said_yes_reads_nothing_more(
    browser: Browser, link: str, made: Connection, session: Session
) -> None:
    browser.post(link, data=YES)
    assert "960777" in browser.get(link).text
    _new_contact(session, made)
    assert "960777" not in browser.get(link).text


def test_a_letter_to_an_old_contact_is_withheld(
    link: str, session: Session, app: Flask, made: Connection
) -> None:
    _new_contact(session, made)
    assert written(session, "connection-asked", app) == ""


def test_asking_again_ends_the_links_sent_before(
    link: str, made: Connection, session: Session, cast: Cast, browser: Browser
) -> None:
    service.move(session, made, State.DECLINED_BY_GROUP, by=cast.ben, now=NOW)
    service.ask(session, made, by=cast.ben, now=NOW)
    session.commit()
    assert made.state is State.SENT
    assert "This has ended" in browser.get(link).text
    first, second = session.exec(select(ReplyLink).order_by(col(ReplyLink.expires_at))).all()
    assert (first.expires_at, second.expires_at) == (NOW, NOW + timedelta(days=60))


def test_a_used_link_stays_used_when_the_group_is_asked_again(
    browser: Browser, link: str, made: Connection, session: Session, cast: Cast
) -> None:
    browser.post(link, data={**NO_DATES, "answer": "full"})
    service.ask(session, made, by=cast.ben, now=NOW)
    session.commit()
    assert "You answered “We are full”" in browser.post(link, data=YES).text
    assert made.state is State.SENT


def test_no_choice_is_no_answer(browser: Browser, link: str, made: Connection) -> None:
    answer = browser.post(link, data={**YES, "answer": ""})
    assert answer.status_code == 422
    assert "Select your answer" in answer.text
    assert "Come early" in answer.text
    assert made.state is State.SENT


def _take_back(session: Session, made: Connection, cast: Cast) -> None:
    service.withdraw_agreement(session, made.person, AgreedTo.SHARE, by=cast.ben, now=NOW)


def _close(session: Session, made: Connection, cast: Cast) -> None:
    service.close(session, made, ending=Ending.CHANGED_MIND, words="", by=cast.ben, now=NOW)


def _no_contact(session: Session, made: Connection, cast: Cast) -> None:
    made.person.no_contact = True


def _age(session: Session, made: Connection, cast: Cast) -> None:
    session.exec(select(ReplyLink)).one().expires_at = NOW


def _telephone(session: Session, made: Connection, cast: Cast) -> None:
    service.move(session, made, State.ACCEPTED, by=cast.ben, now=NOW)


OVER = [_take_back, _close, _no_contact, _age, _telephone]


@pytest.mark.parametrize("end", OVER)
def test_a_link_that_is_over_says_so_and_nothing_about_rose(
    end: Any, browser: Browser, link: str, made: Connection, session: Session, cast: Cast
) -> None:
    end(session, made, cast)
    session.commit()
    before = made.state
    for page in (browser.get(link), browser.post(link, data=YES)):
        assert page.status_code == 200
        assert "This has ended" in page.text
        for kept in ("Rose", "960777", "sing again"):
            assert kept not in page.text
    assert made.state is before


def test_a_yes_shows_nothing_more_once_the_agreement_is_taken_back(
    browser: Browser, link: str, made: Connection, session: Session, cast: Cast
) -> None:
    browser.post(link, data=YES)
    _take_back(session, made, cast)
    session.commit()
    assert "960777" not in browser.get(link).text


def test_a_link_lasts_sixty_days(session: Session, made: Connection) -> None:
    assert session.exec(select(ReplyLink)).one().expires_at == NOW + timedelta(days=60)


def test_a_made_up_link_is_not_there(browser: Browser, made: Connection) -> None:
    page = browser.get("/reply/made-up")
    assert page.status_code == 404
    assert "A part of the link seems to be missing" in page.text
    assert browser.post("/reply/made-up", data=YES).status_code == 404


def test_answers_are_not_taken_without_end(
    browser: Browser, link: str, made: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asset_hub.connections.views.reply.MOST_TRIES", 0)
    assert browser.post(link, data=YES).status_code == 429
    assert made.state is State.SENT


def test_the_group_is_told_a_first_name_and_a_link(
    link: str, session: Session, app: Flask, made: Connection
) -> None:
    mail = written(session, "connection-asked", app)
    assert "http://hub.example/reply/" in mail.replace("=\n", "")
    assert "Could you welcome Rose?" in mail
    for kept in ("Ashworth", "misses", "sing again", "960777", "After ten"):
        assert kept not in mail


@pytest.mark.parametrize("end", [_take_back, _close, _no_contact, _telephone])
def test_a_letter_is_withheld_when_it_is_true_no_more(
    end: Any, link: str, made: Connection, session: Session, cast: Cast, app: Flask
) -> None:
    end(session, made, cast)
    session.commit()
    assert written(session, "connection-asked", app) == ""


def test_a_keepers_letter_is_withheld_once_somebody_else_keeps_it(
    browser: Browser, link: str, made: Connection, session: Session, cast: Cast, app: Flask
) -> None:
    browser.post(link, data=YES)
    service.reassign(session, made, cast.cora, by=cast.cora, now=NOW)
    session.commit()
    assert written(session, "connection-answered", app) == ""
    assert "You keep in touch with Rose" in written(session, "connection-given", app)


def test_what_the_group_says_is_shown_as_words(
    browser: Browser, link: str, made: Connection, cast: Cast
) -> None:
    nasty = "{{7*7}}<script>alert(1)</script>"
    browser.post(link, data={**YES, "who": nasty, "words": nasty})
    browser.sign_in(cast.ben)
    page = browser.get(f"/connections/{made.id}").text
    assert "<script>alert" not in page
    assert "{{7*7}}" in page


def long_ago(session: Session, made: Connection) -> Connection:
    """Let the choir have been confirmed half a year ago."""
    made.service.confirmed_at = NOW - timedelta(days=150)
    directory.publish(session, made.service, now=NOW)
    session.commit()
    return made


def test_who_answers_says_beside_it_that_the_page_is_right(
    browser: Browser, session: Session, link: str, made: Connection
) -> None:
    choir = long_ago(session, made).service
    page = browser.get(link).text
    assert "Is what people read of you still right?" in page
    assert "checked" not in page.split('name="right"')[1].split(">")[0], "nobody ticks it for them"
    browser.post(link, data={**YES, "right": "y"})
    session.refresh(choir)
    assert choir.confirmed_at == NOW
    assert choir.confirmed_by == "the people who run it"
    session.refresh(made)
    assert made.state is State.ACCEPTED
    assert "still right?" not in browser.get(link).text, "asked once"


def test_an_answer_alone_says_nothing_of_the_page(
    browser: Browser, session: Session, link: str, made: Connection
) -> None:
    choir = long_ago(session, made).service
    browser.post(link, data=YES)
    session.refresh(choir)
    assert choir.confirmed_at == NOW - timedelta(days=150)


def test_who_said_so_lately_is_not_asked_and_cannot_be_made_to_say_it(
    browser: Browser, session: Session, link: str, made: Connection
) -> None:
    made.service.confirmed_at = NOW - timedelta(days=30)
    session.commit()
    assert "still right?" not in browser.get(link).text
    browser.post(link, data={**YES, "right": "y"})
    session.refresh(made.service)
    assert made.service.confirmed_at == NOW - timedelta(days=30)


def test_a_refused_answer_confirms_nothing_and_keeps_the_tick(
    browser: Browser, session: Session, link: str, made: Connection
) -> None:
    choir = long_ago(session, made).service
    answer = browser.post(link, data={**NO_DATES, "right": "y", "words": "Come early"})
    assert answer.status_code == 422
    assert "checked" in answer.text.split('name="right"')[1].split(">")[0]
    session.refresh(choir)
    assert choir.confirmed_at == NOW - timedelta(days=150)
