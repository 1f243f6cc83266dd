"""Somebody who passes by, without an account, says what is not right, or that it has gone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from asset_hub.directory import queries, service
from asset_hub.directory.models import (
    ChangeRequest,
    ChangeState,
    Service,
    Sign,
    Signal,
    Standing,
    Step,
)
from tests.cast import NOW
from tests.conftest import Browser
from tests.directory.conftest import Olive
from tests.directory.test_hostile_words import HOSTILE, check

TOKEN = "t" * 43


def changes(olive: Olive) -> list[ChangeRequest]:
    return list(olive.session.exec(select(ChangeRequest).order_by(col(ChangeRequest.id))))


def suggests(browser: Browser, group: Service, part: str, **typed: Any) -> Any:
    data = {"once": TOKEN, "version": group.version} | typed
    return browser.post(f"/groups/{group.id}/suggest/{part}", data=data)


def test_the_present_words_are_there_to_be_changed(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    page = browser.get(f"/groups/{choir.id}").text
    assert f'href="/groups/{choir.id}/suggest"' in page
    page = browser.get(f"/groups/{choir.id}/suggest").text
    assert "Every Thursday" in page
    assert "Town hall, AS1 1AA" in page
    assert (
        'value="Every Thursday, from 10am"' in browser.get(f"/groups/{choir.id}/suggest/when").text
    )
    assert changes(olive) == [], "looking changes nothing"


def test_a_cost_is_suggested_looked_at_and_heard_of(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    answer = suggests(browser, choir, "cost", fees="£2", reply="vi@example.org", comment="I paid")
    assert answer.location == f"/suggested/{TOKEN}"
    assert "Thank you, it is on its way" in browser.get(answer.location).text
    suggests(browser, choir, "cost", fees="£2", reply="vi@example.org", comment="I paid")
    [change] = changes(olive)
    assert (change.after, change.comment, change.reply) == (
        {"fees": "£2"}, "I paid", "vi@example.org",
    )  # fmt: skip
    browser.sign_in(olive.cast.cath)
    assert "I paid" in browser.get(f"/changes/{change.id}").text
    browser.post(f"/changes/{change.id}/approve", data={"version": choir.version})
    olive.session.refresh(choir)
    assert choir.fees == "£2"
    assert [letter.to for letter in olive.letters("change-decided")] == ["vi@example.org"]
    assert "it is done" in browser.get(f"/suggested/{TOKEN}").text


def test_when_in_a_visitors_words_is_chosen_by_a_human(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    suggests(browser, choir, "when", when_words="Every Friday, 10am")
    [change] = changes(olive)
    browser.sign_in(olive.cast.cath)
    url = f"/changes/{change.id}"
    assert "These are a visitor’s words" in browser.get(url).text
    bare = browser.post(f"{url}/approve", data={"version": choir.version})
    assert "Select which words stand" in bare.text
    data = {"version": choir.version, "when_words": "suggested"}
    browser.post(f"{url}/approve", data=data)
    olive.session.refresh(choir)
    assert [one.description for one in choir.schedules] == ["Every Friday, 10am"]


def test_where_in_a_visitors_words_never_becomes_an_address_by_itself(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    suggests(browser, choir, "where", where_words="In the library now")
    [change] = changes(olive)
    browser.sign_in(olive.cast.cath)
    url = f"/changes/{change.id}/approve"
    taken = browser.post(url, data={"version": choir.version, "where_words": "suggested"})
    assert taken.status_code == 422
    browser.post(url, data={"version": choir.version, "where_words": "now"})
    olive.session.refresh(change)
    assert change.state is ChangeState.APPROVED
    assert choir.places[0].location.name == "Town hall"


def test_own_words_are_enough_and_nothing_is_too_little(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    assert "Enter what is not right" in suggests(browser, choir, "other").text
    assert "Nothing is different yet" in suggests(browser, choir, "cost", fees="Free").text
    assert suggests(browser, choir, "other", comment="The door is blue").status_code == 302
    assert browser.get(f"/groups/{choir.id}/suggest/nonsense").status_code == 404


def test_a_second_thought_takes_the_place_of_the_first_and_others_words_stay(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    suggests(browser, choir, "cost", fees="£2")
    suggests(browser, choir, "cost", fees="£3", once="u" * 43)
    assert [(one.state.value, one.after["fees"]) for one in changes(olive)] == [
        ("superseded", "£2"), ("waiting", "£3"),
    ]  # fmt: skip
    browser.delete_cookie("hub")
    suggests(browser, choir, "cost", fees="£4", once="v" * 43)
    assert len(queries.waiting_changes(olive.session, olive.cast.cath)) == 2


def test_a_visitor_takes_it_back_with_their_link_and_nobody_elses(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    suggests(browser, choir, "cost", fees="£2")
    assert browser.post("/suggested/guessed/withdraw").status_code == 404
    for _ in range(2):
        browser.post(f"/suggested/{TOKEN}/withdraw")
    assert changes(olive)[0].state is ChangeState.WITHDRAWN
    assert "It is taken back" in browser.get(f"/suggested/{TOKEN}").text


def test_it_has_gone_asks_the_group_and_a_champion(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    url = f"/groups/{choir.id}/gone"
    told = {"reason": "nobody", "found_out": "last Tuesday", "once": TOKEN}
    assert "Select what you know" in browser.post(url, data={"once": TOKEN}).text
    for _ in range(2):
        assert browser.post(url, data=told).location == f"/suggested/{TOKEN}"
    [signal] = olive.session.exec(select(Signal))
    [change] = changes(olive)
    assert (signal.sign, signal.cause) == (Sign.REPORTED_GONE, f"change:{change.id}")
    assert [letter.to for letter in olive.letters("listing-reported")] == ["olive@choir.example"]
    keep = olive.letters("listing-reported")[-1].facts["token"]
    assert "Is this still right?" in browser.get(f"/list-a-group/keep/{keep}").text
    answer = browser.post(url, data=told | {"once": "w" * 43})
    assert answer.status_code == 429, "once a month from one place"
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    browser.post(url, data=told | {"once": "v" * 43}, environ_overrides=elsewhere)
    assert len(olive.letters("listing-reported")) == 1, "once a week is enough"
    browser.sign_in(olive.cast.cath)
    page = browser.get(f"/changes/{change.id}").text
    assert "Nobody was there" in page
    assert "last Tuesday" in page
    browser.post(f"/changes/{change.id}/approve", data={"version": choir.version})
    olive.session.refresh(choir)
    assert choir.standing is Standing.CLOSED
    assert browser.get(url).status_code == 404


def test_a_script_cannot_suggest_without_end(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    answers = [
        suggests(browser, choir, "cost", fees=f"£{n}", once=f"{n:043}").status_code
        for n in range(21)
    ]
    assert answers == [302] * 20 + [429]


def test_a_hidden_address_is_not_told_and_not_given_away(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    place = choir.places[0].location
    place.visibility, place.address_1 = place.visibility.HIDDEN, "12 Secret Lane"
    olive.session.commit()
    for part in ("", "/where", "/name"):
        page = browser.get(f"/groups/{choir.id}/suggest{part}").text
        assert "Secret Lane" not in page
        assert "AS1 1AA" not in page
        assert "olive@choir.example" not in page
    suggests(browser, choir, "join", how_to_join="Come to 12 Secret Lane")
    [change] = changes(olive)
    browser.sign_in(olive.cast.cath)
    answer = browser.post(f"/changes/{change.id}/approve", data={"version": choir.version})
    assert answer.status_code == 422
    assert "gives it away" in answer.text


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_a_visitor_types_ever_runs(
    browser: Browser, olive: Olive, choir: Service, words: str
) -> None:
    name = words if "https:" not in words else "[x](javascript:alert(1))"
    for n, (part, typed) in enumerate({
        "name": {"name": name}, "when": {"when_words": words}, "where": {"where_words": words},
        "cost": {"fees": words}, "join": {"how_to_join": words}, "other": {},
    }.items()):  # fmt: skip
        answer = suggests(browser, choir, part, once=f"{n:043}", comment=words, **typed)
        assert answer.status_code == 302, answer.text
        check(browser.get(answer.location).text)
    browser.post(
        f"/groups/{choir.id}/gone",
        data={"reason": "other", "comment": words, "found_out": words[:100], "once": TOKEN},
    )
    browser.sign_in(olive.cast.cath)
    check(browser.get("/changes").text)
    for change in changes(olive):
        check(browser.get(f"/changes/{change.id}").text)
    waiting = queries.waiting_changes(olive.session, olive.cast.cath)[0]
    picks = {"when_words": "suggested", "where_words": "now"}
    answer = browser.post(f"/changes/{waiting.id}/approve", data={"version": choir.version} | picks)
    assert answer.status_code == 302, answer.text
    check(browser.get(f"/groups/{choir.id}").text)
    check(browser.get(f"/groups/{choir.id}/history").text)


@pytest.mark.parametrize("part", ["name", "when", "cost", "contact", "other"])
def test_a_post_made_by_hand_is_refused_politely(
    browser: Browser, olive: Olive, choir: Service, part: str
) -> None:
    answer = browser.post(
        f"/groups/{choir.id}/suggest/{part}", data={"version": "x", "reply": "nonsense"}
    )
    assert answer.status_code == 422
    assert changes(olive) == []


def report(browser: Browser, group: Service, n: int, address: str = "198.51.100.1") -> int:
    data = {"reason": "stopped", "once": f"{n:043}"}
    where = {"REMOTE_ADDR": address}
    url = f"/groups/{group.id}/gone"
    return browser.post(url, data=data, environ_overrides=where).status_code


def test_a_network_reports_three_groups_a_day(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    groups = [choir, *(olive.cast.service(f"Choir {n}") for n in range(3))]
    for one in groups:
        service.publish(olive.session, one, now=NOW)
    olive.session.commit()
    answers = [report(browser, one, n) for n, one in enumerate(groups)]
    assert answers == [302, 302, 302, 429]


@pytest.mark.parametrize("way", ["returned", "withdrawn"])
def test_an_untrue_report_leaves_nothing_behind(
    browser: Browser, olive: Olive, choir: Service, way: str
) -> None:
    session = olive.session
    service.still_right(session, choir, by=None, now=NOW - timedelta(days=10))
    session.commit()
    before = queries.upkeep(session, choir)
    assert before is not None
    due = before.due_on
    for n in (1, 2):
        assert report(browser, choir, n, f"198.51.100.{n}") == 302
    assert "may have stopped" in browser.get(f"/groups/{choir.id}").text, "two are believed"
    for change in changes(olive):
        if way == "withdrawn":
            service.withdraw_change(session, change, by=None, now=NOW)
        else:
            service.return_change(
                session, change, message="It runs", by=olive.cast.cath, now=NOW
            )  # fmt: skip
    session.commit()
    row = queries.upkeep(session, choir)
    assert row is not None
    assert (row.step, row.due_on) == (Step.QUIET, due)
    assert "may have stopped" not in browser.get(f"/groups/{choir.id}").text
    signs = session.exec(select(Signal.sign)).all()
    assert Sign.REPORTED_GONE not in signs
