"""Somebody asks for a hello themself; a navigator or coordinator takes it; nothing is left over."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g, render_template
from sqlmodel import Session, select

from asset_hub.connections import jobs, service
from asset_hub.connections.models import (
    Connection,
    Hello,
    HelloState,
    HelloWish,
    Route,
    State,
)
from asset_hub.core import outbox
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import RuleBroken, TooOften
from asset_hub.core.outbox import Message, MessageState
from asset_hub.directory.models import Standing
from asset_hub.directory.service import publish
from asset_hub.people import queries as people
from asset_hub.people import rules as people_rules
from asset_hub.people import service as persons
from asset_hub.people.models import AgreedHow, AgreedTo, Consent, Person
from asset_hub.people.queries import name_print
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.connections.steps import connect

TYPED = {
    "name": "Jo Brown", "phone": "01632 960111", "email": "", "safe_contact": "After ten",
    "wish": "met", "matters": "I used to sing", "agreed": "y",
    "request_key": "the-key-of-this-form",
}  # fmt: skip


def ask(session: Session, cast: Cast, **other: Any) -> Hello:
    answers: dict[str, Any] = {
        "name": "Jo Brown", "phone": "01632 960111", "email": "", "safe_contact": "After ten",
        "wish": HelloWish.MET, "matters": "I used to sing", "request_key": "key",
        "address": "192.0.2.1", "today": TODAY, "now": NOW,
    }  # fmt: skip
    group = other.pop("group", cast.choir)
    asked = service.ask_for_hello(session, group, **(answers | other))
    session.commit()
    return session.get_one(Hello, asked.id)


def sent(session: Session, kind: str) -> list[str]:
    return sorted(m.to for m in session.exec(select(Message).where(Message.kind == kind)))


@pytest.fixture
def listed(session: Session, cast: Cast) -> Cast:
    publish(session, cast.choir, now=NOW)
    session.commit()
    return cast


def test_a_hello_is_asked_for_without_an_account_and_reaches_those_who_may_take_it(
    browser: Browser, session: Session, listed: Cast
) -> None:
    address = f"/groups/{listed.choir.id}/hello"
    assert "Ask for a hello" in browser.get(f"/groups/{listed.choir.id}").text
    assert browser.get(address).status_code == 200
    answer = browser.post(address, data=TYPED)
    assert answer.headers["Location"].endswith("/hello/the-key-of-this-form")
    page = browser.get(answer.headers["Location"])
    assert "Wednesday 9 September 2026" in page.text  # two working days
    assert page.headers["Cache-Control"] == "no-store"
    assert not re.search(r"[>\s“]Jo[\s,.<]", page.text)  # a nonce may have these letters
    assert sent(session, "hello-waiting") == ["ben@example.org", "cora@example.org"]


def test_a_double_click_asks_once(browser: Browser, session: Session, listed: Cast) -> None:
    for _ in range(2):
        browser.post(f"/groups/{listed.choir.id}/hello", data=TYPED)
    assert len(session.exec(select(Hello)).all()) == 1
    assert len(sent(session, "hello-waiting")) == 2


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "what we may call you"),
        ("phone", "", "Enter your phone number or email address"),
        ("wish", "", "what would help you to come along"),
        ("agreed", "", "Tick the box if you agree"),
        ("email", "no address", "email address"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    browser: Browser, session: Session, listed: Cast, field: str, typed: str, words: str
) -> None:
    page = browser.post(f"/groups/{listed.choir.id}/hello", data=TYPED | {field: typed})
    assert page.status_code == 422
    assert words in page.text
    assert "I used to sing" in page.text
    assert session.exec(select(Hello)).first() is None


def test_nobody_is_promised_a_hello_where_nobody_is(
    browser: Browser, session: Session, cast: Cast
) -> None:
    alone = cast.service("Lonely club")
    alone.community_id = None
    publish(session, alone, now=NOW)
    session.commit()
    assert "Ask for a hello" not in browser.get(f"/groups/{alone.id}").text
    assert "nobody in this neighbourhood" in browser.get(f"/groups/{alone.id}/hello").text
    with pytest.raises(RuleBroken):
        ask(session, cast, group=alone)


def test_the_words_are_sealed_and_leave_no_trace_in_mails(
    app: Flask, session: Session, cast: Cast
) -> None:
    hello = ask(session, cast, email="jo@example.org")
    assert b"Jo Brown" not in (hello.name_sealed or b"")
    for message in session.exec(select(Message)).all():
        with app.test_request_context(base_url="http://hub.example"):
            letter = outbox._letter(session, message, app.extensions["settings"])
        assert letter is not None
        said = letter.as_string()
        assert "Ashby choir" in said
        for kept in ("Jo ", "960111", "sing", "After ten"):
            assert kept not in said


def test_the_page_of_hellos_shows_a_first_name_and_how_to_reach_them_only_once_taken(
    browser: Browser, session: Session, listed: Cast
) -> None:
    ask(session, listed)
    browser.sign_in(listed.ben)
    assert "1 neighbour would like a hello" in browser.get("/today").text
    page = browser.get("/hellos").text
    assert "Jo, for Ashby choir" in page
    assert "Would like to be met at the door" in page
    for kept in ("Brown", "960111", "I used to sing"):
        assert kept not in page


def test_a_navigator_takes_it_and_it_becomes_a_connection_of_theirs(
    browser: Browser, session: Session, listed: Cast
) -> None:
    hello = ask(session, listed)
    browser.sign_in(listed.ben)
    answer = browser.post(f"/hellos/{hello.id}/take")
    made = session.exec(select(Connection)).one()
    assert answer.headers["Location"].endswith(f"/connections/{made.id}")
    assert (made.route, made.state, made.owner_id) == (Route.SELF, State.AGREED, listed.ben.id)
    assert made.next_check_on == TODAY + timedelta(1)
    assert "met at the door" in made.reason
    assert (made.person.name, made.person.phone) == ("Jo Brown", "01632 960111")
    agreed = session.exec(select(Consent)).all()
    assert {(one.how, one.wording) for one in agreed} == {(AgreedHow.ONLINE, "online 1")}
    assert len(agreed) == 2
    session.refresh(hello)
    assert (hello.state, hello.name, hello.phone, hello.matters) == (HelloState.TAKEN, "", "", "")
    assert sent(session, "connection-asked") == []  # they speak to the person first
    assert browser.get(answer.headers["Location"]).status_code == 200
    assert "Nobody is waiting" in browser.get("/hellos").text


def test_taken_twice_by_the_same_hand_is_one_connection_and_by_another_is_refused(
    session: Session, cast: Cast
) -> None:
    hello = ask(session, cast)
    first = service.take(session, hello, by=cast.ben, today=TODAY, now=NOW)
    again = service.take(session, hello, by=cast.ben, today=TODAY, now=NOW)
    assert first.id == again.id
    with pytest.raises(RuleBroken, match="Somebody else"):
        service.take(session, hello, by=cast.cora, today=TODAY, now=NOW)


def test_somebody_known_is_not_written_down_twice(
    browser: Browser, session: Session, listed: Cast
) -> None:
    rose = listed.person("Jo Brown")
    rose.name_print = name_print("Jo Brown")
    session.commit()
    hello = ask(session, listed)
    browser.sign_in(listed.ben)
    page = browser.post(f"/hellos/{hello.id}/take").text
    assert "Is Jo here already?" in page
    browser.post(f"/hellos/{hello.id}/take", data={"person": str(rose.id)})
    assert len(session.exec(select(Person)).all()) == 1
    assert session.exec(select(Connection)).one().person_id == rose.id


def test_another_places_person_cannot_be_named_as_the_same(
    browser: Browser, session: Session, listed: Cast
) -> None:
    theirs = listed.person("Jo Brown", owner=listed.dev)
    theirs.community_id, theirs.practice_id = listed.elsewhere.id, None
    hello = ask(session, listed)
    browser.sign_in(listed.ben)
    taken = browser.post(f"/hellos/{hello.id}/take", data={"person": str(theirs.id)})
    assert taken.status_code == 404
    assert session.exec(select(Connection)).first() is None


def test_whoever_asked_takes_it_back_and_it_is_wiped(
    browser: Browser, session: Session, listed: Cast
) -> None:
    browser.post(f"/groups/{listed.choir.id}/hello", data=TYPED)
    link = "/hello/the-key-of-this-form"
    browser.post(f"{link}/take-back")
    assert "You have taken it back" in browser.get(link).text
    hello = session.exec(select(Hello)).one()
    assert (hello.state, hello.name_sealed, hello.safety_sealed) == (
        HelloState.WITHDRAWN, None, None,
    )  # fmt: skip
    assert browser.get("/hello/another-key").status_code == 404


def test_a_coordinator_says_that_nobody_can_and_whoever_asked_is_told(
    browser: Browser, session: Session, listed: Cast
) -> None:
    hello = ask(session, listed, email="jo@example.org")
    browser.sign_in(listed.cora)
    browser.post(f"/hellos/{hello.id}/decline")
    session.refresh(hello)
    assert (hello.state, hello.email) == (HelloState.DECLINED, "")
    assert sent(session, "hello-ended") == ["jo@example.org"]


def test_what_nobody_takes_is_said_to_the_coordinator_and_ends_after_two_weeks(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hello = ask(session, cast, email="jo@example.org")
    later = NOW + timedelta(days=3)
    service.remind(session, hello, today=later.date(), now=later)
    service.remind(session, hello, today=later.date(), now=later)
    assert sent(session, "hello-overdue") == ["cora@example.org"]
    end = NOW + timedelta(days=18)
    service.remind(session, hello, today=end.date(), now=end)
    assert (hello.state, hello.name) == (HelloState.LAPSED, "")
    assert sent(session, "hello-ended") == ["jo@example.org"]


def test_the_job_reminds_of_the_late_ones_only(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(session, cast)
    jobs.remind_of_hellos()
    assert sent(session, "hello-overdue") == []
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + timedelta(days=3))
    jobs.remind_of_hellos()
    assert sent(session, "hello-overdue") == ["cora@example.org"]


def test_one_address_cannot_flood_the_volunteers(session: Session, cast: Cast) -> None:
    for number in range(5):
        ask(session, cast, request_key=f"key {number}")
    with pytest.raises(TooOften):
        ask(session, cast, request_key="one more")


def test_a_network_of_many_addresses_cannot_flood_them_either(session: Session, cast: Cast) -> None:
    for number in range(5):
        ask(session, cast, request_key=f"key {number}", phone=f"01632 96011{number}",
            address=f"2001:db8:0:1::{number + 1}")  # fmt: skip
    with pytest.raises(TooOften):
        ask(session, cast, request_key="more", phone="01632 960119", address="2001:db8:0:1::99")


@pytest.mark.parametrize(
    "ways", [{"phone": "+44 1632 960111"}, {"phone": "", "email": "VICTIM@example.org"}]
)
def test_nobody_is_rung_or_written_to_over_and_over_by_somebody_elses_hand(
    session: Session, cast: Cast, ways: dict[str, str]
) -> None:
    spelt = {"+44 1632 960111": {"phone": "01632960111"}}.get(
        ways["phone"], {"phone": "", "email": "victim@example.org"}
    )
    for number in range(5):
        ask(session, cast, request_key=f"key {number}", address=f"192.0.2.{number}", **spelt)
    with pytest.raises(TooOften):
        ask(session, cast, request_key="one more", address="198.51.100.1", **ways)


def test_many_networks_cannot_write_to_those_who_help_without_end(
    session: Session, cast: Cast
) -> None:
    for number in range(40):
        ask(session, cast, request_key=f"key {number}", phone=f"01632 9601{number:02}",
            address=f"192.0.2.{number}")  # fmt: skip
    with pytest.raises(TooOften):
        ask(session, cast, request_key="more", phone="01632 960199", address="198.51.100.1")


def test_what_is_taken_back_leaves_no_address_in_the_outbox(
    browser: Browser, session: Session, listed: Cast
) -> None:
    browser.post(f"/groups/{listed.choir.id}/hello", data=TYPED | {"email": "jo@example.org"})
    browser.post("/hello/the-key-of-this-form/take-back")
    letter = session.exec(select(Message).where(Message.kind == "hello-asked")).one()
    assert (letter.state, letter.to_sealed, letter.facts_sealed) == (
        MessageState.WITHHELD, None, None,
    )  # fmt: skip


def test_somebody_known_who_asks_is_reached_as_they_ask_now(session: Session, cast: Cast) -> None:
    rose = cast.person("Jo Brown")
    hello = ask(session, cast, phone="01632 960444", safe_contact="Never on Sundays")
    made = service.take(session, hello, by=cast.ben, known=rose, today=TODAY, now=NOW)
    assert "01632 960444" in made.reason
    assert "Never on Sundays" in made.reason


def test_nobody_undoes_anothers_wish_not_to_be_contacted_by_asking_in_their_name(
    session: Session, cast: Cast
) -> None:
    rose = cast.person("Jo Brown")
    rose.no_contact = True
    hello = ask(session, cast)
    with pytest.raises(RuleBroken, match="asked not to be contacted"):
        service.take(session, hello, by=cast.ben, known=rose, today=TODAY, now=NOW)
    assert rose.no_contact
    assert hello.is_waiting


def test_once_a_letter_about_a_hello_has_left_nothing_remembers_to_whom(
    session: Session, cast: Cast, listed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hello = ask(session, cast, email="jo@example.org")
    service.decline(session, hello, by=cast.cora, now=NOW)
    session.commit()
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + timedelta(minutes=1))
    outbox.deliver()
    session.expire_all()
    told = session.exec(select(Message).where(Message.kind == "hello-ended")).one()
    assert (told.state, told.to_sealed) == (MessageState.SENT, None)


def test_the_agreements_say_which_words_were_read_and_when_not_when_it_was_taken(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rose = cast.person("Rose")
    first, second = ask(session, cast), ask(session, cast, request_key="another")
    monkeypatch.setattr(people_rules, "ONLINE", "online 2")
    later = NOW + timedelta(days=2)
    made = service.take(session, first, by=cast.ben, today=later.date(), now=later)
    service.take(session, second, by=cast.ben, known=rose, today=later.date(), now=later)
    for person_id in (made.person_id, rose.id):
        found = people.agreements(session, person_id)
        online = [each for each in found if each.how is AgreedHow.ONLINE]
        assert sorted(each.agreed_to for each in online) == sorted(AgreedTo)
        assert {(each.wording, each.given_at) for each in online} == {("online 1", NOW)}


def test_somebody_new_agrees_once_to_be_written_down(session: Session, cast: Cast) -> None:
    hello = ask(session, cast)
    made = service.take(session, hello, by=cast.ben, today=TODAY, now=NOW)
    found = people.agreements(session, made.person_id)
    assert sorted(each.agreed_to for each in found) == sorted(AgreedTo)
    noted = session.exec(select(AuditEntry).where(AuditEntry.action == "agree")).all()
    assert len(noted) == 2


def test_what_somebody_agreed_to_since_they_asked_stands(session: Session, cast: Cast) -> None:
    rose = cast.person("Rose")
    hello = ask(session, cast)
    later = NOW + timedelta(hours=1)
    for what in AgreedTo:
        persons.agree(session, rose, what, how=AgreedHow.SPOKEN, by=cast.ben, now=later)
    service.take(session, hello, by=cast.ben, known=rose, today=TODAY, now=later)
    for what in AgreedTo:
        live = people.live_agreement(session, rose.id, what)
        assert live is not None
        assert (live.how, live.given_at) == (AgreedHow.SPOKEN, later)
    assert AgreedHow.ONLINE not in {each.how for each in people.agreements(session, rose.id)}


@pytest.mark.parametrize("what", list(AgreedTo))
def test_nobody_gives_back_an_agreement_that_another_took_back_by_asking_in_their_name(
    session: Session, cast: Cast, what: AgreedTo
) -> None:
    rose = cast.person("Jo Brown")
    persons.withdraw(session, rose, what, by=cast.ben, now=NOW)
    rose.no_contact = False
    hello = ask(session, cast)
    with pytest.raises(RuleBroken, match=r"took back .* Ask them first .* somebody else"):
        service.take(session, hello, by=cast.ben, known=rose, today=TODAY, now=NOW)
    assert not people.has_agreed(session, rose.id, what)
    assert hello.is_waiting
    persons.agree(session, rose, AgreedTo.RECORD, how=AgreedHow.SPOKEN, by=cast.ben, now=NOW)
    persons.agree(session, rose, AgreedTo.SHARE, how=AgreedHow.SPOKEN, by=cast.ben, now=NOW)
    assert service.take(session, hello, by=cast.ben, known=rose, today=TODAY, now=NOW).is_open


def test_whoever_takes_it_keeps_it_though_another_keeps_in_touch_with_the_person(
    browser: Browser, session: Session, listed: Cast
) -> None:
    rose = listed.person("Jo Brown")
    hello = ask(session, listed)
    browser.sign_in(listed.cora)
    answer = browser.post(f"/hellos/{hello.id}/take", data={"person": str(rose.id)})
    made = session.exec(select(Connection)).one()
    assert (made.owner_id, made.person.owner_id) == (listed.cora.id, listed.ben.id)
    page = browser.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "Ben keeps in touch with them too" in page.text
    assert browser.get(f"/people/{rose.id}").status_code == 200


def test_a_keeper_whose_role_has_ended_is_not_said_to_keep_in_touch(
    browser: Browser, session: Session, listed: Cast
) -> None:
    rose = listed.person("Jo Brown", owner=listed.mia)
    hello = ask(session, listed)
    browser.sign_in(listed.cora)
    answer = browser.post(f"/hellos/{hello.id}/take", data={"person": str(rose.id)})
    page = browser.get(answer.headers["Location"]).text
    assert "You keep in touch with them from now on" in page
    assert "too: tell them" not in page


def test_a_hello_for_a_group_that_closed_meanwhile_says_so_and_can_be_declined(
    browser: Browser, session: Session, listed: Cast
) -> None:
    hello = ask(session, listed)
    listed.choir.standing = Standing.CLOSED
    session.commit()
    browser.sign_in(listed.ben)
    page = browser.get("/hellos").text
    assert "not listed at the moment" in page
    assert "Say so to them" in page
    assert "I will say hello" not in page
    refused = browser.post(f"/hellos/{hello.id}/take")
    assert refused.status_code == 422
    assert "Ashby choir is not listed at the moment" in refused.text
    assert session.exec(select(Person)).first() is None
    browser.sign_in(listed.cora)
    page = browser.get("/hellos").text
    assert "not listed at the moment" in page
    assert "Nobody here can" in page
    browser.post(f"/hellos/{hello.id}/decline")
    session.refresh(hello)
    assert hello.state is HelloState.DECLINED


def without_coordinators(session: Session, cast: Cast) -> None:
    for grant in cast.cora.grants:
        grant.ended_at = NOW
    session.commit()


def test_where_nobody_coordinates_navigators_and_once_the_administrator_are_told(
    session: Session, cast: Cast
) -> None:
    hello = ask(session, cast)
    without_coordinators(session, cast)
    for days in (3, 4, 4):
        later = NOW + timedelta(days=days)
        service.remind(session, hello, today=later.date(), now=later)
    assert sent(session, "hello-overdue") == ["ben@example.org", "ben@example.org"]
    assert sent(session, "hello-unheard") == ["ada@example.org"]


def test_the_administrator_is_not_told_what_it_is_about_or_of_whom(
    app: Flask, session: Session, cast: Cast
) -> None:
    hello = ask(session, cast, email="jo@example.org")
    without_coordinators(session, cast)
    later = NOW + timedelta(days=3)
    service.remind(session, hello, today=later.date(), now=later)
    message = session.exec(select(Message).where(Message.kind == "hello-unheard")).one()
    with app.test_request_context(base_url="http://hub.example"):
        letter = outbox._letter(session, message, app.extensions["settings"])
    assert letter is not None
    said = letter.as_string()
    assert "nobody coordinates Ashby" in said
    assert "/team" in said
    for kept in ("Jo", "choir", "960111", "sing"):
        assert kept not in said


def test_a_coordinator_named_meanwhile_spares_the_administrator_the_letter(
    app: Flask, session: Session, cast: Cast
) -> None:
    hello = ask(session, cast)
    without_coordinators(session, cast)
    service.remind(session, hello, today=TODAY + timedelta(3), now=NOW + timedelta(days=3))
    cast.cora.grants[0].ended_at = None
    session.commit()
    message = session.exec(select(Message).where(Message.kind == "hello-unheard")).one()
    with app.test_request_context(base_url="http://hub.example"):
        assert outbox._letter(session, message, app.extensions["settings"]) is None


def test_where_nobody_coordinates_a_navigator_says_that_nobody_can(
    browser: Browser, session: Session, listed: Cast
) -> None:
    hello = ask(session, listed)
    browser.sign_in(listed.ben)
    assert "Nobody here can" not in browser.get("/hellos").text
    refused = browser.post(f"/hellos/{hello.id}/decline")
    assert refused.status_code == 422
    assert "Your coordinator can say" in refused.text
    without_coordinators(session, listed)
    assert "Nobody here can" in browser.get("/hellos").text
    browser.post(f"/hellos/{hello.id}/decline")
    session.refresh(hello)
    assert hello.state is HelloState.DECLINED


def test_a_navigator_tells_whoever_asked_that_the_group_has_closed(
    app: Flask, browser: Browser, session: Session, listed: Cast
) -> None:
    hello = ask(session, listed, email="jo@example.org")
    listed.choir.standing = Standing.CLOSED
    session.commit()
    assert "not listed at the moment" in browser.get("/hello/key").text
    browser.sign_in(listed.ben)
    browser.post(f"/hellos/{hello.id}/decline")
    message = session.exec(select(Message).where(Message.kind == "hello-ended")).one()
    with app.test_request_context(base_url="http://hub.example"):
        letter = outbox._letter(session, message, app.extensions["settings"])
    assert letter is not None
    said = letter.as_string()
    assert "not listed at the moment" in said
    assert f"/groups/{listed.choir.id}" not in said, "that page is gone"
    page = browser.get("/hello/key").text
    assert "Find another group" in page
    assert f'href="/groups/{listed.choir.id}"' not in page


def test_a_hello_for_a_group_that_closed_waits_a_week_and_no_longer(
    session: Session, cast: Cast
) -> None:
    hello = ask(session, cast)
    cast.choir.standing = Standing.CLOSED
    session.commit()
    days = (hello.due_on - TODAY).days + 7
    service.remind(session, hello, today=TODAY + timedelta(days), now=NOW + timedelta(days=days))
    assert hello.is_waiting
    days += 1
    service.remind(session, hello, today=TODAY + timedelta(days), now=NOW + timedelta(days=days))
    assert hello.state is HelloState.LAPSED


STEPS = re.compile(r'hub-status--(green|grey)">([^<]+)<')


def test_whoever_asked_sees_how_far_it_is_without_an_account(
    browser: Browser, session: Session, listed: Cast
) -> None:
    def done() -> list[str]:
        page = browser.get("/hello/key").text
        for kept in ("Jo Brown", "960111", "I used to sing"):
            assert kept not in page
        return [words for colour, words in STEPS.findall(page) if colour == "green"]

    hello = ask(session, listed)
    assert done() == ["You asked"]
    made = service.take(session, hello, by=listed.ben, today=TODAY, now=NOW)
    session.commit()
    assert len(done()) == 2
    for state, count in ((State.SENT, 3), (State.ACCEPTED, 4), (State.INTRODUCED, 5)):
        made.state = state
        session.commit()
        assert len(done()) == count
    made.state = State.DECLINED_BY_GROUP
    session.commit()
    assert "looks for another group with you" in browser.get("/hello/key").text
    made.state, made.next_check_on = State.WITHDRAWN, None
    session.commit()
    assert done() == []
    assert "It is finished" in browser.get("/hello/key").text


def test_whoever_waits_too_long_is_told_so_and_how_to_go_on_themself(
    browser: Browser, session: Session, listed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(session, listed)
    assert "Nobody has taken it yet" not in browser.get("/hello/key").text
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + timedelta(days=4))
    page = browser.get("/hello/key").text
    assert "Nobody has taken it yet" in page
    assert "get in touch with Ashby choir yourself" in page


def test_somebody_known_who_is_being_introduced_there_already_is_not_connected_twice(
    session: Session, cast: Cast
) -> None:
    before = connect(session, cast)
    hello = ask(session, cast)
    with pytest.raises(RuleBroken, match="Go on with that one"):
        service.take(session, hello, by=cast.ben, known=before.person, today=TODAY, now=NOW)
    assert hello.is_waiting


def test_the_pages_are_drawn_when_nothing_is_being_written_any_more(
    browser: Browser, session: Session, listed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed.person("Jo Brown").name_print = name_print("Jo Brown")
    hello = ask(session, listed)
    browser.sign_in(listed.ben)
    drawn: list[str] = []

    def draw(name: str, **page: Any) -> str:
        assert not g.get("writing")
        drawn.append(name)
        return render_template(name, **page)

    monkeypatch.setattr("asset_hub.connections.views.hello.render_template", draw)
    browser.get("/hellos")
    browser.post(f"/hellos/{hello.id}/take")
    assert drawn == ["connections/hellos.html", "connections/hello_alike.html"]


def test_what_ended_more_than_a_year_ago_is_deleted_and_what_waits_or_was_made_stands(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, taken, waits = (ask(session, cast, request_key=key) for key in ("1", "2", "3"))
    service.take_back(session, gone, now=NOW)
    service.take(session, taken, by=cast.ben, today=TODAY, now=NOW + timedelta(days=1))
    session.commit()
    kept = {taken.id, waits.id}
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + timedelta(days=400, hours=1))
    jobs.forget_hellos()
    assert set(session.exec(select(Hello.id))) == kept
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + timedelta(days=402))
    jobs.forget_hellos()
    jobs.forget_hellos()
    assert set(session.exec(select(Hello.id))) == {waits.id}
    assert session.exec(select(Connection)).one().is_open
