"""Olive, without an account, keeps her lunch club right by the link in the mail of approval."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from asset_hub.core import clock
from asset_hub.directory import queries, service
from asset_hub.directory.models import Service, Standing
from tests.cast import NOW
from tests.conftest import Browser
from tests.directory.answers import STEPS
from tests.directory.conftest import Olive
from tests.directory.waiting import waiting_changes

LISTING = SQLModel.metadata.tables["listing"]
LATER = NOW + timedelta(days=300)


def found(session: Session) -> list[str]:
    return list(session.connection().execute(select(LISTING.c.name)).scalars())


@pytest.fixture
def club(olive: Olive) -> Service:
    group = olive.lists()
    service.approve(olive.session, group, by=olive.cast.cath, now=NOW)
    olive.session.commit()
    return group


@pytest.fixture
def link(olive: Olive, club: Service, monkeypatch: pytest.MonkeyPatch) -> str:
    """The link in the mail of approval, opened in another browser 300 days later."""
    olive.browser.delete_cookie("hub-listing", path="/list-a-group")
    monkeypatch.setattr(clock, "now", lambda: LATER)
    return keep(olive)


def keep(olive: Olive, kind: str = "listing-approved") -> str:
    return f"/list-a-group/keep/{olive.letters(kind)[-1].facts['token']}"


def now_at(session: Session, club: Service) -> Standing:
    session.refresh(club)
    return club.standing


def test_olive_says_that_it_is_still_right(
    browser: Browser, olive: Olive, club: Service, link: str
) -> None:
    assert "Is this still right?" in browser.get(link).text
    olive.session.refresh(club)
    assert club.confirmed_at == NOW, "looking is not confirming"
    page = browser.post(f"{link}/right", follow_redirects=True).text
    assert "you confirmed it today" in page
    olive.session.refresh(club)
    assert (club.confirmed_at, club.confirmed_by) == (LATER, "the people who run it")


def test_a_used_link_lives_on(
    browser: Browser, olive: Olive, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post(f"{link}/right")
    monkeypatch.setattr(clock, "now", lambda: LATER + timedelta(days=399))
    assert "Is this still right?" in browser.get(link).text


def test_a_change_waits_for_a_champion_and_is_found_after_that(
    browser: Browser, olive: Olive, club: Service, link: str
) -> None:
    browser.post(f"{link}/change")
    assert "Lunch club" in browser.get("/list-a-group/check").text
    browser.post("/list-a-group/who?from=check", data=STEPS["who"] | {"fees": "£4"})
    assert "it is on its way" in browser.post("/list-a-group/check", follow_redirects=True).text
    assert now_at(olive.session, club) is Standing.LISTED
    assert (found(olive.session), club.fees) == (["Lunch club"], "£3"), "people read it as it was"
    assert "waits for a champion" in browser.get(link).text
    [change] = waiting_changes(olive.session, olive.cast.cath)
    assert (change.after, change.before) == ({"fees": "£4"}, {"fees": "£3"})
    assert service.approve_change(
        olive.session, change, by=olive.cast.cath, now=LATER, version=club.version
    )
    olive.session.commit()
    assert (found(olive.session), club.fees) == (["Lunch club"], "£4")
    assert [letter.to for letter in olive.letters("change-decided")] == ["olive@lunch.example"]
    assert "waits for a champion" not in browser.get(link).text


def test_a_change_of_nothing_says_that_it_is_right(
    browser: Browser, olive: Olive, club: Service, link: str
) -> None:
    browser.post(f"{link}/change")
    browser.post("/list-a-group/check")
    assert now_at(olive.session, club) is Standing.LISTED
    assert club.confirmed_at == LATER
    assert found(olive.session) == ["Lunch club"]


def test_a_new_address_has_to_be_proven_and_the_old_one_is_told(
    browser: Browser, olive: Olive, club: Service, link: str
) -> None:
    browser.post(f"{link}/change")
    changed = STEPS["join"] | {"contact_email": "new@lunch.example"}
    browser.post("/list-a-group/join?from=check", data=changed)
    browser.post("/list-a-group/check")
    assert now_at(olive.session, club) is Standing.LISTED
    assert found(olive.session) == ["Lunch club"]
    assert queries.contact_email(club) == "olive@lunch.example"
    assert "We have written there" in browser.get(link).text
    assert olive.letters("address-prove")[-1].to == "new@lunch.example"
    assert olive.letters("address-announced")[-1].to == "olive@lunch.example"


def test_olive_says_that_it_has_stopped_and_takes_it_back(
    browser: Browser, olive: Olive, club: Service, link: str
) -> None:
    for _ in range(2):
        page = browser.post(f"{link}/stopped", follow_redirects=True).text
        assert "It is closed" in page
    assert (now_at(olive.session, club), found(olive.session)) == (Standing.CLOSED, [])
    for _ in range(2):
        page = browser.post(f"{link}/undo", follow_redirects=True).text
        assert "Is this still right?" in page
    assert (now_at(olive.session, club), found(olive.session)) == (Standing.LISTED, ["Lunch club"])


def test_what_a_champion_closed_olive_cannot_open(
    browser: Browser, olive: Olive, club: Service, link: str
) -> None:
    service.close(olive.session, club, by=olive.cast.cath, now=LATER)
    olive.session.commit()
    page = browser.get(link).text
    assert "list it again" not in page
    assert browser.post(f"{link}/undo").status_code == 422
    assert now_at(olive.session, club) is Standing.CLOSED


def test_a_link_that_ended_can_be_had_again_at_the_address_it_went_to(
    browser: Browser, olive: Olive, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=400))
    page = browser.get(link).text
    assert "This link has ended" in page
    assert "01632 960 999" not in page, "an old mail tells nothing"
    assert browser.post(f"{link}/stopped").status_code == 422
    browser.post(f"{link}/again")
    assert olive.letters("listing-keep")[-1].to == "olive@lunch.example"
    assert "Is this still right?" in browser.get(keep(olive, "listing-keep")).text


def test_strangers_move_one_mail_a_day_and_none_at_night(
    browser: Browser, olive: Olive, club: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = NOW.replace(hour=22)
    monkeypatch.setattr(clock, "now", lambda: night)
    for _ in range(2):
        assert browser.post(f"/groups/{club.id}/keep").status_code == 200
    [letter] = olive.letters("listing-keep")
    assert not letter.any_hour
    assert letter.due_at > night + timedelta(hours=8)


def test_a_network_asks_for_twenty_links_an_hour(browser: Browser, olive: Olive) -> None:
    groups = [olive.cast.service(f"Choir {n}") for n in range(21)]
    for one in groups:
        service.publish(olive.session, one, now=NOW)
    olive.session.commit()
    answers = [browser.post(f"/groups/{one.id}/keep").status_code for one in groups]
    assert answers == [200] * 20 + [429]


def test_a_group_that_lost_its_mail_asks_for_the_link_three_times_a_day(
    browser: Browser, olive: Olive, club: Service
) -> None:
    asking = f"/groups/{club.id}/keep"
    assert f'href="{asking}"' in browser.get(f"/groups/{club.id}").text
    page = browser.get(asking).text
    assert "Do you run this group?" in page
    assert "olive@lunch.example" not in page
    assert olive.letters("listing-keep") == [], "looking mails nothing"
    answers: list[Any] = [browser.post(asking).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    assert [letter.to for letter in olive.letters("listing-keep")] == ["olive@lunch.example"]


def test_each_link_opens_its_own_door(browser: Browser, olive: Olive, link: str) -> None:
    listing, keeping = olive.link().rsplit("/", 1)[1], link.rsplit("/", 1)[1]
    assert browser.get(f"/list-a-group/link/{keeping}").status_code == 404
    assert browser.get(f"/list-a-group/keep/{listing}").status_code == 404
    assert browser.post(f"/list-a-group/keep/{listing}/stopped").status_code == 404
