"""Everything that happened to a listing can be read, and for thirty days put back."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from asset_hub.core import clock
from asset_hub.directory import queries, service
from asset_hub.directory.models import Asker, LinkFor, Revision, RevisionCause, Service
from asset_hub.directory.queries.history import CAUSE_WORDS
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.conftest import Olive
from tests.directory.test_suggested_changes import edits
from tests.directory.waiting import waiting_changes


def revisions(cast: Cast) -> list[Revision]:
    return list(cast.session.exec(select(Revision).order_by(col(Revision.number).desc())))


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def undoes(browser: Browser, cast: Cast, group: Service, which: int = 0) -> str:
    url = f"/groups/{group.id}/history/{revisions(cast)[which].id}/undo"
    return browser.post(url, follow_redirects=True).text


def test_the_history_says_who_did_what(browser: Browser, cast: Cast, choir: Service) -> None:
    edits(cast, choir, access="Ramp")
    service.close(cast.session, choir, by=cast.cath, now=NOW + timedelta(minutes=1))
    service.reopen(cast.session, choir, by=cast.cath, now=NOW + timedelta(minutes=2))
    service.still_right(cast.session, choir, by=cast.cath, now=NOW + timedelta(minutes=3))
    change = service.propose(
        cast.session, choir, {"fees": "£2"}, made_on=choir.version, asker=Asker.VISITOR, by=None,
        comment="", reply="", now=NOW, once="x",
    )  # fmt: skip
    assert change
    service.approve_change(
        cast.session, change, by=cast.cora, now=NOW + timedelta(minutes=4), version=choir.version
    )
    cast.session.commit()
    browser.sign_in(cast.cora)
    page = browser.get(f"/groups/{choir.id}/history").text
    said = [
        "Cora took what a visitor suggested", "Cath said that it is right", "Cath listed it",
        "Cath closed it", "Cora changed it", "Ramp",
    ]  # fmt: skip
    places = [page.index(words) for words in said]
    assert places == sorted(places), "the latest first"


def test_there_are_words_for_every_way_a_listing_is_changed() -> None:
    assert {*RevisionCause} == {*CAUSE_WORDS, RevisionCause.CHANGE}


def test_an_undo_puts_back_and_can_be_undone(
    browser: Browser,
    cast: Cast,
    choir: Service,
) -> None:
    edits(cast, choir, access="Ramp", languages="Urdu")
    browser.sign_in(cast.cath)
    assert "Put back: access, languages" in undoes(browser, cast, choir)
    cast.session.refresh(choir)
    assert (choir.access, choir.languages) == ("", "")
    assert revisions(cast)[0].cause is RevisionCause.UNDO
    assert "Undone on" in browser.get(f"/groups/{choir.id}/history").text
    undoes(browser, cast, choir)
    cast.session.refresh(choir)
    assert choir.access == "Ramp"


def test_what_was_changed_since_is_left(browser: Browser, cast: Cast, choir: Service) -> None:
    edits(cast, choir, access="Ramp", languages="Urdu")
    edits(cast, choir, access="Ramp and lift")
    browser.sign_in(cast.cath)
    page = undoes(browser, cast, choir, which=1)
    assert "Put back: languages." in page
    assert "Changed since then, and left as it is: access" in page
    cast.session.refresh(choir)
    assert (choir.access, choir.languages) == ("Ramp and lift", "")
    assert "Nothing is put back" in undoes(browser, cast, choir, which=2), "a second click"


def test_places_and_times_come_back_whole(browser: Browser, cast: Cast, choir: Service) -> None:
    edits(cast, choir, days=["FR"], setting="hidden")
    browser.sign_in(cast.cath)
    undoes(browser, cast, choir)
    cast.session.refresh(choir)
    assert [one.byday for one in choir.schedules] == ["TH"]
    assert choir.places[0].location.visibility.value == "exact"


def test_after_thirty_days_it_is_history(
    browser: Browser,
    cast: Cast,
    choir: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edits(cast, choir, access="Ramp")
    at(monkeypatch, NOW + timedelta(days=30))
    browser.sign_in(cast.cath)
    assert "Undo this" not in browser.get(f"/groups/{choir.id}/history").text
    url = f"/groups/{choir.id}/history/{revisions(cast)[0].id}/undo"
    assert browser.post(url).status_code == 422
    assert choir.access == "Ramp"


def test_an_owners_undo_waits_for_a_look(browser: Browser, cast: Cast, choir: Service) -> None:
    edits(cast, choir, access="Ramp")
    browser.sign_in(cast.otto)
    assert "Put back once a champion has looked: access" in undoes(browser, cast, choir)
    assert choir.access == "Ramp"
    [change] = waiting_changes(cast.session, cast.cath)
    assert change.after == {"access": ""}


@pytest.mark.parametrize(("name", "status"), [("dora", 404), ("ben", 403), ("mia", 403)])
def test_others_read_and_undo_nothing(
    browser: Browser,
    cast: Cast,
    choir: Service,
    name: str,
    status: int,
) -> None:
    edits(cast, choir, access="Ramp")
    browser.sign_in(getattr(cast, name))
    assert browser.get(f"/groups/{choir.id}/history").status_code == status
    url = f"/groups/{choir.id}/history/{revisions(cast)[0].id}/undo"
    assert browser.post(url).status_code == status


def test_a_revision_of_another_listing_is_not_undone_by_this_ones_address(
    browser: Browser,
    cast: Cast,
    choir: Service,
) -> None:
    edits(cast, choir, access="Ramp")
    other = cast.service("Ashby walkers")
    cast.session.commit()
    browser.sign_in(cast.cath)
    url = f"/groups/{other.id}/history/{revisions(cast)[0].id}/undo"
    assert browser.post(url).status_code == 404


def test_those_who_run_it_read_it_by_their_link_without_the_teams_names(
    browser: Browser,
    olive: Olive,
    choir: Service,
) -> None:
    cast = olive.cast
    edits(cast, choir, access="Ramp")
    service.mail_keep_link(cast.session, choir, address="", now=NOW)
    cast.session.commit()
    keep = f"/list-a-group/keep/{olive.letters('listing-keep')[-1].facts['token']}"
    page = browser.get(f"{keep}/history").text
    assert "The community’s team changed it" in page
    assert "Cora" not in page
    browser.post(f"{keep}/history/{revisions(cast)[0].id}/undo")
    [change] = waiting_changes(cast.session, cast.cath)
    assert (change.asker, change.after) == (Asker.CONTACT, {"access": ""})
    browser.post(f"{keep}/withdraw/{change.id}")
    assert waiting_changes(cast.session, cast.cath) == []
    link = queries.link(cast.session, keep.rsplit("/", 1)[1], LinkFor.KEEP)
    link.expires_at = NOW
    cast.session.commit()
    assert browser.get(f"{keep}/history").status_code == 422
