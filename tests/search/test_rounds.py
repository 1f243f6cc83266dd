"""A champion says for several listings at once: what they know, one walk, one talk."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from asset_hub.directory import queries, service
from asset_hub.directory.models import (
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Sign,
    Signal,
    Standing,
    Step,
    Upkeep,
    Visibility,
)
from asset_hub.directory.service import Round
from tests.cast import NOW, TODAY
from tests.conftest import Browser
from tests.search.conftest import HALL, Town

HALL_AT = "1 Mill Lane", "ZZ9 9ZZ"


def meets(
    town: Town, name: str, *, at: tuple[str, str] = HALL_AT, step: Step = Step.TO_CHECK,
    due: int = 20, visibility: Visibility = Visibility.EXACT, **more: Any,
) -> Service:  # fmt: skip
    """List a group that meets in a building, and put it somewhere on the ladder."""
    one = town.add(name, at=HALL, visibility=visibility, **more)
    one.places[0].location.address_1, one.places[0].location.postal_code = at
    row = Upkeep(service_id=one.id, step=step, since=NOW, due_on=TODAY + timedelta(days=due))
    town.session.add(row)
    town.session.commit()
    return one


def by_others(town: Town, one: Service) -> Service:
    """Let a group be run by people of its own."""
    people = Organization(name=f"Friends of {one.name}")
    town.session.add(people)
    town.session.flush()
    one.organization_id = people.id
    town.session.commit()
    return one


def confirmed(session: Session, *services: Service) -> list[bool]:
    found = []
    for one in services:
        session.refresh(one)
        found.append(one.confirmed_at == NOW)
    return found


def never(town: Town, *services: Service) -> None:
    for one in services:
        one.confirmed_at = None
    town.session.commit()


def test_cath_ticks_what_she_knows_and_the_rest_stays(
    browser: Browser, town: Town, session: Session
) -> None:
    choir, band, chess = (meets(town, name) for name in ("Choir", "Band", "Chess"))
    never(town, choir, band, chess)
    browser.sign_in(town.cast.cath)
    url = f"/my-patch/known/{town.cast.ashby.id}"
    assert f'href="{url}' in browser.get("/my-patch").text
    page = browser.get(url).text
    assert "Tuesdays at 10am" in page
    assert confirmed(session, choir, band, chess) == [False] * 3, "looking changes nothing"
    page = browser.post(
        url, data={"running": [str(choir.id), str(band.id)]}, follow_redirects=True
    ).text
    assert "2 listings are confirmed today" in page
    assert "My patch: Ashby" in page
    assert confirmed(session, choir, band, chess) == [True, True, False]
    signs = session.exec(select(Signal)).all()
    assert {(one.sign, one.by_id) for one in signs} == {(Sign.VISITED, town.cast.cath.id)}
    assert "Choir" not in browser.get(url).text
    assert "Chess" in browser.get(url).text


def test_who_ticks_nothing_is_told_so_and_nothing_happens(
    browser: Browser, town: Town, session: Session
) -> None:
    choir = meets(town, "Choir")
    never(town, choir)
    browser.sign_in(town.cast.cath)
    answer = browser.post(f"/groups/{choir.id}/same-hall", data={})
    assert answer.status_code == 422
    assert "Tick at least one that is running" in answer.text
    assert 'href="#running"' in answer.text
    assert confirmed(session, choir) == [False]


def test_what_was_tried_in_vain_is_not_asked_of_those_who_did_not_know_it(
    browser: Browser, town: Town, session: Session
) -> None:
    choir = meets(town, "Choir")
    service.could_not_reach(session, choir, by=town.cast.cath, now=NOW)
    session.commit()
    assert queries.known(session, town.cast.cath, town.cast.ashby.id) == []


def test_one_walk_confirms_what_meets_in_the_building_and_wants_a_word(
    browser: Browser, town: Town, session: Session
) -> None:
    choir = meets(town, "Choir")
    band = by_others(town, meets(town, "Band", at=("1 mill lane ", "zz99zz")))
    soon = by_others(town, meets(town, "Soon", step=Step.QUIET, due=50))
    asked = by_others(town, meets(town, "Asked", step=Step.ASKED, due=3))
    meets(town, "Just confirmed", step=Step.QUIET, due=90)
    meets(town, "Next door", at=("3 Mill Lane", "ZZ9 9ZZ"))
    meets(town, "Elsewhere's", community=town.cast.elsewhere)
    never(town, choir, band, soon, asked)
    browser.sign_in(town.cast.cath)
    page = browser.get("/my-patch").text
    assert "1 more on this list meets in the same building" in page
    url = f"/groups/{choir.id}/same-hall"
    page = browser.get(url).text
    for name in ("Choir", "Band", "Soon", "Asked"):
        assert name in page
    for name in ("Just confirmed", "Next door", "Elsewhere"):
        assert name not in page.split('id="main-content"')[1], name
    keys = [str(one.id) for one in (choir, band, soon, asked)]
    answer = browser.post(f"{url}?next=/my-patch?from=ZZ9", data={"running": keys})
    assert answer.location == "/my-patch?from=ZZ9"
    assert confirmed(session, choir, band, soon, asked) == [True] * 4
    assert session.get_one(Upkeep, asked.id).step is Step.QUIET


@pytest.mark.parametrize("how", ["hidden", "guess", "no street"])
def test_what_is_no_building_everybody_may_know_is_no_hall(
    town: Town, session: Session, how: str
) -> None:
    refuge = meets(
        town, "Refuge", visibility=Visibility.HIDDEN if how == "hidden" else Visibility.EXACT
    )
    other = by_others(town, meets(town, "Other"))
    if how == "guess":
        refuge.places[0].location.approximate = True
    if how == "no street":
        refuge.places[0].location.address_1 = ""
    session.commit()
    cath = town.cast.cath
    assert queries.in_hall(session, cath, refuge, today=TODAY) == []
    assert [row.service for row in queries.in_hall(session, cath, other, today=TODAY)] == [other]
    assert queries.beside_on_list(session, [refuge, other]) == {}


def test_a_group_with_several_places_is_found_in_each(town: Town, session: Session) -> None:
    choir, band = (
        meets(town, "Choir"),
        by_others(town, meets(town, "Band", at=("2 Row", "ZZ9 1AA"))),
    )
    where = Location(address_1="2 Row", postal_code="ZZ9 1AA")
    session.add(where)
    session.flush()
    session.add(ServiceAtLocation(service_id=choir.id, location_id=where.id))
    session.commit()
    session.refresh(choir)
    found = queries.in_hall(session, town.cast.cath, choir, today=TODAY)
    assert {row.service.name for row in found} == {"Choir", "Band"}
    assert queries.beside_on_list(session, [choir, band]) == {choir.id: 1, band.id: 1}


def test_one_talk_confirms_what_the_same_people_run_as_their_word(
    browser: Browser, town: Town, session: Session
) -> None:
    choir, band = meets(town, "Choir"), meets(town, "Band", at=("9 Far Road", "ZZ1 1ZZ"))
    others = by_others(town, meets(town, "Others"))
    never(town, choir, band, others)
    browser.sign_in(town.cast.cath)
    url = f"/groups/{choir.id}/same-people"
    assert f'href="{url}' in browser.get("/my-patch").text
    assert "Others" not in browser.get(url).text.split('id="main-content"')[1]
    browser.post(url, data={"running": [str(choir.id), str(band.id)]})
    assert confirmed(session, choir, band, others) == [True, True, False]
    assert {one.sign for one in session.exec(select(Signal))} == {Sign.OWNER_CONFIRMED}
    assert choir.confirmed_by == "the people who run it"


def test_a_word_brings_back_what_was_hidden_and_opens_nothing_that_was_closed(
    browser: Browser, town: Town, session: Session
) -> None:
    choir, band = meets(town, "Choir"), meets(town, "Band")
    row = session.get_one(Upkeep, choir.id)
    row.due_on = TODAY
    session.flush()
    service.hide(session, choir.id, now=NOW)
    band.standing = Standing.CLOSED
    session.commit()
    browser.sign_in(town.cast.cath)
    url = f"/groups/{choir.id}/same-people"
    assert "Hidden: nobody" in browser.get(url).text
    keys = [str(choir.id), str(band.id)]
    page = browser.post(url, data={"running": keys}, follow_redirects=True).text
    assert "1 listing is confirmed today" in page
    session.refresh(choir)
    session.refresh(band)
    assert (choir.standing, band.standing) == (Standing.LISTED, Standing.CLOSED)


def test_nobody_says_for_what_is_out_of_their_reach(
    browser: Browser, town: Town, session: Session
) -> None:
    choir = meets(town, "Choir")
    there = meets(town, "There", community=town.cast.elsewhere)
    never(town, choir, there)
    browser.sign_in(town.cast.cath)
    page = browser.post(
        f"/groups/{choir.id}/same-hall", data={"running": str(there.id)}, follow_redirects=True
    ).text
    assert "None of them is listed or hidden now" in page
    browser.sign_in(town.cast.dora)
    for url in (
        f"/groups/{choir.id}/same-hall", f"/groups/{choir.id}/same-people",
        f"/my-patch/known/{town.cast.ashby.id}",
    ):  # fmt: skip
        assert browser.get(url).status_code == 404
        assert browser.post(url, data={"running": str(choir.id)}).status_code == 404
    browser.sign_in(town.cast.otto)
    assert browser.post(f"/groups/{choir.id}/same-hall").status_code == 403
    assert confirmed(session, choir, there) == [False, False]


def test_a_double_click_counts_once(town: Town, session: Session) -> None:
    choir = meets(town, "Choir")
    for seconds in range(2):
        done = service.say_running(
            session, [choir.id], how=Round.HALL, by=town.cast.cath,
            now=NOW + timedelta(seconds=seconds),
        )  # fmt: skip
        assert done == [choir]
    assert len(session.exec(select(Signal)).all()) == 1
