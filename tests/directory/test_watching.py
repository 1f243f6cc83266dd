"""Wanda is told by mail when something changes, without an account, and stops with one button."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from asset_hub.core import clock, outbox
from asset_hub.core.outbox import Message
from asset_hub.directory import jobs, service
from asset_hub.directory.models import Asker, Service, Visibility, Watch
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.answers import edit
from tests.directory.conftest import Olive
from tests.directory.test_hostile_words import HOSTILE, check
from tests.directory.test_suggested_changes import edits

WANDA = "wanda@example.org"
NEXT_DAY = NOW + timedelta(days=1)


def letters(session: Session, kind: str) -> list[Message]:
    return list(session.exec(select(Message).where(Message.kind == kind).order_by(col(Message.id))))


def watches(session: Session) -> list[Watch]:
    return list(session.exec(select(Watch)))


def asks(browser: Browser, address: str, email: str = WANDA) -> None:
    answer = browser.post(f"{address}/watch", data={"email": email})
    assert answer.location == "/watching/sent"


def written(session: Session, kind: str) -> dict[str, Any]:
    """Return the newest letter of a kind as its composer has it now."""
    found = outbox._COMPOSERS[kind](session, letters(session, kind)[-1].facts)
    assert found is not None
    return found


def says_yes(browser: Browser, session: Session) -> None:
    token = written(session, "watch-begin")["begin"]
    assert "Shall we tell you?" in browser.get(f"/watching/{token}").text
    assert watches(session)[-1].confirmed_at is None, "looking begins nothing"
    for _ in range(2):
        page = browser.post(f"/watching/{token}/begin", follow_redirects=True).text
        assert "We will tell you" in page


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def lines(session: Session) -> dict[str, list[str]]:
    """Return what the newest letter tells, by listing."""
    told = written(session, "watch-news")["told"]
    return {item.service.name: item.lines for one in told for item in one["news"]}


@pytest.fixture
def wanda(browser: Browser, session: Session, choir: Service) -> Service:
    """Wanda watches the choir."""
    asks(browser, f"/groups/{choir.id}")
    says_yes(browser, session)
    return choir


def test_only_a_pressed_button_begins_it(
    browser: Browser, session: Session, cast: Cast, choir: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    asks(browser, f"/groups/{choir.id}")
    assert [letter.to for letter in letters(session, "watch-begin")] == [WANDA]
    edits(cast, choir, access="Ramp")
    at(monkeypatch, NEXT_DAY)
    jobs.tell_watchers()
    assert letters(session, "watch-news") == []
    at(monkeypatch, NOW + timedelta(days=7))
    jobs.forget_watches()
    assert watches(session) == []


def test_her_address_is_sealed_and_found_by_its_print(
    browser: Browser, session: Session, choir: Service
) -> None:
    asks(browser, f"/groups/{choir.id}", email="Wanda@Example.ORG")
    [row] = watches(session)
    assert row.email == WANDA
    assert WANDA not in str(row.model_dump())
    asks(browser, f"/groups/{choir.id}")
    assert len(watches(session)) == 1


def test_nobody_learns_whether_she_watches(
    browser: Browser, session: Session, wanda: Service
) -> None:
    answers = [
        browser.post(f"/groups/{wanda.id}/watch", data={"email": WANDA}).location for _ in range(8)
    ]
    assert answers == ["/watching/sent"] * 8, "not even by too many tries"
    assert len(letters(session, "watch-begin")) <= 5
    assert len(watches(session)) == 1


def test_one_letter_a_day_says_what_changed_in_plain_words(
    session: Session, cast: Cast, wanda: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NOW + timedelta(hours=1))
    edit(
        session, wanda, by=cast.cora, now=NOW + timedelta(hours=1),
        **service.as_fields(service.answers_of(wanda))
        | {"days": ["FR"], "fees": "£2", "cost": "paid"},
    )  # fmt: skip
    session.commit()
    at(monkeypatch, NEXT_DAY)
    for _ in range(3):
        jobs.tell_watchers()
    [letter] = letters(session, "watch-news")
    assert letter.to == WANDA
    assert lines(session) == {"Ashby choir": ["When: Every Friday, from 10am", "Cost: £2"]}
    at(monkeypatch, NEXT_DAY + timedelta(days=1))
    jobs.tell_watchers()
    assert len(letters(session, "watch-news")) == 1, "what was told is not told again"


def test_nothing_private_is_ever_told(
    app: Flask, session: Session, cast: Cast, wanda: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = NOW + timedelta(hours=1)
    place = wanda.places[0].location
    place.visibility, place.address_1 = Visibility.HIDDEN, "CANARY Lane"
    session.commit()
    for parts in (
        {"contact": {"name": "CANARY", "email": "canary@choir.example", "phone": "01632 960999"}},
        {"venue_notes": "CANARY under the pot", "access": "Ramp"},
    ):
        service.propose(
            session, wanda, parts, made_on=wanda.version, asker=Asker.VISITOR, by=None,
            comment="CANARY", reply="", now=hour, once=json.dumps(parts),
        )  # fmt: skip
    edits_at(cast, wanda, hour, contact_name="CANARY", address_1="CANARY Street")
    at(monkeypatch, NEXT_DAY)
    jobs.tell_watchers()
    assert letters(session, "watch-news") == [], "there is nothing for everybody in it"
    edits_at(cast, wanda, NEXT_DAY, access="Ramp")
    at(monkeypatch, NEXT_DAY + timedelta(days=1))
    jobs.tell_watchers()
    assert lines(session) == {"Ashby choir": ["Access: Ramp"]}
    with app.test_request_context(base_url="https://hub.example"):
        for part in ("subject", "txt", "html", "headers"):
            template = app.jinja_env.get_template(f"emails/watch-news.{part}")
            assert "CANARY" not in template.render(**written(session, "watch-news"))


def edits_at(cast: Cast, group: Service, now: datetime, **values: Any) -> None:
    given = service.as_fields(service.answers_of(group)) | {"cost": "free"} | values
    edit(cast.session, group, by=cast.cora, now=now, **given)
    cast.session.commit()


def test_it_has_stopped_and_runs_again(
    session: Session, cast: Cast, wanda: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.close(session, wanda, by=cast.cora, now=NOW + timedelta(hours=1))
    session.commit()
    at(monkeypatch, NEXT_DAY)
    jobs.tell_watchers()
    assert lines(session) == {"Ashby choir": ["It has stopped."]}
    service.reopen(session, wanda, by=cast.cora, now=NEXT_DAY + timedelta(hours=1))
    session.commit()
    at(monkeypatch, NEXT_DAY + timedelta(days=1))
    jobs.tell_watchers()
    assert lines(session) == {"Ashby choir": ["It can be found again."]}


def test_a_community_tells_what_starts_and_what_changes_there_only(
    browser: Browser, session: Session, olive: Olive, choir: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    cast = olive.cast
    away = cast.service("Elsewhere choir", community=cast.elsewhere)
    session.commit()
    assert "/communities/ashby/watch" in browser.get("/communities/ashby").text
    asks(browser, "/communities/ashby")
    says_yes(browser, session)
    hour = NOW + timedelta(hours=1)
    at(monkeypatch, hour)
    club = olive.lists()
    service.approve(session, club, by=cast.cath, now=hour)
    edits_at(cast, choir, hour, access="Ramp")
    service.close(session, away, by=cast.dora, now=hour)
    session.commit()
    at(monkeypatch, NEXT_DAY)
    jobs.tell_watchers()
    assert lines(session) == {"Ashby choir": ["Access: Ramp"], "Lunch club": ["It is new here."]}


def test_two_things_watched_make_one_letter(
    browser: Browser, session: Session, cast: Cast, wanda: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    walkers = cast.service("Ashby walkers")
    service.publish(session, walkers, now=NOW)
    session.commit()
    at(monkeypatch, NOW + timedelta(minutes=2))
    asks(browser, f"/groups/{walkers.id}")
    says_yes(browser, session)
    for group in (wanda, walkers):
        service.close(session, group, by=cast.cora, now=NOW + timedelta(hours=1))
    session.commit()
    at(monkeypatch, NEXT_DAY)
    jobs.tell_watchers()
    assert len(letters(session, "watch-news")) == 1
    assert set(lines(session)) == {"Ashby choir", "Ashby walkers"}


def test_looking_stops_nothing_and_one_button_stops_it(
    browser: Browser, session: Session, wanda: Service
) -> None:
    [row] = watches(session)
    stop = f"/watching/{written(session, 'watch-begin')['stop']}/stop"
    assert "Stop these mails?" in browser.get(stop).text
    assert watches(session) == [row]
    for _ in range(2):
        assert "The mails are stopped" in browser.post(stop).text
    assert watches(session) == []
    assert "The mails are stopped" in browser.get(stop).text


def test_a_letter_on_its_way_is_not_sent_to_somebody_who_stopped(
    browser: Browser, session: Session, cast: Cast, wanda: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    stop = f"/watching/{written(session, 'watch-begin')['stop']}/stop"
    service.close(session, wanda, by=cast.cora, now=NOW + timedelta(hours=1))
    session.commit()
    at(monkeypatch, NEXT_DAY)
    jobs.tell_watchers()
    browser.post(stop)
    facts = letters(session, "watch-news")[-1].facts
    assert outbox._COMPOSERS["watch-news"](session, facts) is None


def test_mail_programs_find_the_button_in_the_headers(
    app: Flask, browser: Browser, session: Session, cast: Cast, wanda: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    service.close(session, wanda, by=cast.cora, now=NOW + timedelta(hours=1))
    session.commit()
    at(monkeypatch, NEXT_DAY)
    jobs.tell_watchers()
    with app.test_request_context(base_url="https://hub.example"):
        letter = outbox._letter(
            session, letters(session, "watch-news")[-1], app.extensions["settings"]
        )
    assert letter is not None
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = letter["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = browser.post(f"/{address}", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200, "no cookie, no token, no redirect (RFC 8058)"
    assert watches(session) == []


def test_the_quiet_hours_hold(
    session: Session, cast: Cast, wanda: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.close(session, wanda, by=cast.cora, now=NOW + timedelta(hours=1))
    session.commit()
    early = NEXT_DAY.replace(hour=6, minute=30)  # half past seven in London
    at(monkeypatch, early)
    jobs.tell_watchers()
    assert letters(session, "watch-news")[-1].due_at == early.replace(hour=7, minute=0)


@pytest.mark.parametrize("words", HOSTILE)
def test_letters_carry_no_more_than_text(
    app: Flask, session: Session, cast: Cast, wanda: Service, words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    edits_at(cast, wanda, NOW + timedelta(hours=1), access=words.replace("\x00", ""))
    at(monkeypatch, NEXT_DAY)
    jobs.tell_watchers()
    with app.test_request_context(base_url="https://hub.example"):
        letter = outbox._letter(
            session, letters(session, "watch-news")[-1], app.extensions["settings"]
        )
    assert letter is not None
    html = letter.get_body(("html",))
    assert html is not None
    check(html.get_content())


def test_a_script_cannot_have_letters_written_without_end(
    browser: Browser, session: Session, choir: Service
) -> None:
    answers = [
        browser.post(f"/groups/{choir.id}/watch", data={"email": f"w{n}@example.org"}).status_code
        for n in range(21)
    ]
    assert answers == [302] * 20 + [429]
