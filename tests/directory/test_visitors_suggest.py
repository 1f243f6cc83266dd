"""Somebody who passes by, without an account, says what is not right, or that it has gone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from asset_hub.core.errors import TooOften
from asset_hub.directory import queries, service
from asset_hub.directory.models import (
    ChangeRequest,
    ChangeState,
    Service,
    Sign,
    Signal,
    Standing,
    Step,
    Visibility,
)
from tests.cast import NOW
from tests.conftest import Browser
from tests.directory.conftest import Olive
from tests.directory.test_hostile_words import HOSTILE, check
from tests.directory.waiting import waiting_changes

TOKEN = "t" * 43


def changes(olive: Olive) -> list[ChangeRequest]:
    return list(olive.session.exec(select(ChangeRequest).order_by(col(ChangeRequest.id))))


def suggests(browser: Browser, group: Service, part: str, **typed: Any) -> Any:
    data = {"once": TOKEN, "version": group.version} | typed
    return browser.post(f"/groups/{group.id}/suggest/{part}", data=data)


def bare(page: str) -> str:
    """The words of a page, without the marks of what differs."""
    hidden = re.sub(r'<span class="govuk-visually-hidden">[^<]*</span>', "", page)
    return re.sub(r"</?(?:ins|del)>", "", hidden)


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
    assert len(waiting_changes(olive.session, olive.cast.cath)) == 2


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


def test_what_is_refused_counts_too(browser: Browser, olive: Olive, choir: Service) -> None:
    same = [
        suggests(browser, choir, "cost", fees=choir.fees or "", once=f"{n:043}").status_code
        for n in range(21)
    ]
    assert same == [422] * 20 + [429], "nothing new in it, twenty times"


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


@pytest.mark.parametrize("version", ["0", "1", "", "9" * 30])
def test_what_a_listing_said_before_is_never_shown_to_a_visitor(
    browser: Browser, olive: Olive, choir: Service, version: str
) -> None:
    choir.phone = "01632 960555"
    olive.session.commit()
    parts = service.parts_of(choir)
    hidden = [place | {"visibility": "hidden"} for place in parts["places"]]
    service.save_parts(
        olive.session, choir, {"places": hidden, "phone": ""}, by=olive.cast.cath, now=NOW,
        version=choir.version,
    )  # fmt: skip
    olive.session.commit()
    for n, part in enumerate(("where", "contact")):
        typed = {"where_words": "In the library", "phone": "01632 960777"}
        sent = suggests(browser, choir, part, version=version, once=f"{n:043}", **typed)
        page = bare(browser.get(sent.location).text)
        assert "Town hall" not in page
        assert "AS1 1AA" not in page
        assert "960555" not in page
        assert ("In the library" if part == "where" else "01632 960777") in page


def test_what_a_visitor_follows_shows_todays_public_words_only(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    suggests(browser, choir, "where", where_words="In the library")
    choir.places[0].location.visibility = Visibility.HIDDEN
    olive.session.commit()
    page = bare(browser.get(f"/suggested/{TOKEN}").text)
    assert "Town hall" not in page
    assert "The organiser tells you where it is" in page
    choir.standing = Standing.CLOSED
    olive.session.commit()
    assert "The organiser" not in browser.get(f"/suggested/{TOKEN}").text


def test_a_visitors_address_never_takes_the_mail_of_an_import(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    choir.contacts.clear()
    choir.email = "old@choir.example"
    olive.session.commit()
    suggests(browser, choir, "contact", email="thief@example.org", phone="01632 960777")
    [change] = changes(olive)
    browser.sign_in(olive.cast.cath)
    assert "would go to another address" in browser.get(f"/changes/{change.id}").text
    browser.post(f"/changes/{change.id}/approve", data={"version": choir.version})
    olive.session.refresh(choir)
    assert (choir.phone, queries.contact_email(choir)) == ("01632 960777", "old@choir.example")
    assert [one.to for one in olive.letters("address-prove")] == ["thief@example.org"]
    assert [one.to for one in olive.letters("address-announced")] == ["old@choir.example"]


def test_one_network_does_not_shut_the_others_out(olive: Olive, choir: Service) -> None:
    def sends(n: int, address: str) -> None:
        service.suggest(
            olive.session, choir, {"fees": f"£{n}"}, comment="", reply="", once=f"{n:043}",
            address=address, author="a", now=NOW + timedelta(hours=n // 15),
        )  # fmt: skip

    for n in range(30):
        sends(n, "192.0.2.1")
    with pytest.raises(TooOften):
        sends(30, "192.0.2.1")
    sends(31, "198.51.100.1")


def test_a_report_is_answered_by_asking_or_by_the_group_itself(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    told = {"reason": "nobody", "once": TOKEN}
    browser.post(f"/groups/{choir.id}/gone", data=told)
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    browser.post(f"/groups/{choir.id}/gone", data=told | {"once": "x" * 43}, environ_base=elsewhere)
    first, second = changes(olive)
    browser.sign_in(olive.cast.cath)
    assert "The last sign of life" in browser.get(f"/changes/{first.id}").text
    browser.post(f"/changes/{first.id}/still-runs")
    for one in (first, second, choir):
        olive.session.refresh(one)
    assert (first.state, second.state) == (ChangeState.RETURNED, ChangeState.SUPERSEDED)
    assert choir.confirmed_by == "the people who run it"


def test_a_version_no_listing_can_have_is_refused_politely(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    suggests(browser, choir, "cost", fees="£2")
    browser.sign_in(olive.cast.cath)
    url = f"/changes/{changes(olive)[0].id}/approve"
    assert browser.post(url, data={"version": "9" * 30}).status_code == 422
    answer = browser.post(f"/groups/{choir.id}/edit/join", data={"version": "9" * 30})
    assert answer.status_code == 422


def test_the_part_comes_first_then_why_then_the_mail(browser: Browser, choir: Service) -> None:
    page = browser.get(f"/groups/{choir.id}/suggest/cost").text
    at = [page.index(f'name="{name}"') for name in ("fees", "comment", "reply")]
    assert at == sorted(at)
    assert "Cancel" in page


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
    check(browser.get("/changes", follow_redirects=True).text)
    for change in changes(olive):
        check(browser.get(f"/changes/{change.id}").text)
    waiting = waiting_changes(olive.session, olive.cast.cath)[0]
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
