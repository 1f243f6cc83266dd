"""The champion's own room, and the walk past what is to be checked."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from asset_hub.accounts.models import Grant
from asset_hub.core import clock, powers
from asset_hub.core.calendar import say_date
from asset_hub.core.powers import Can, Role
from asset_hub.directory import service
from asset_hub.directory.models import Service, Sign, Signal, Standing, Step, Upkeep, Visibility
from asset_hub.search.geo import Point, distance
from asset_hub.search.neighbourhood import walking
from asset_hub.search.neighbourhood.walking import walk
from tests.cast import NOW, TODAY
from tests.conftest import Browser
from tests.search.conftest import HALL, Town
from tests.search.test_community import asked

URL = "/my-patch"


def to_check(town: Town, name: str, *, at: Any = HALL, **more: Any) -> Service:
    service = town.add(name, at=at, **more)
    row = Upkeep(service_id=service.id, step=Step.TO_CHECK, since=NOW)
    row.due_on = TODAY + timedelta(days=20)
    town.session.add(row)
    town.session.commit()
    return service


def test_cath_sees_what_to_check_whom_to_ring_and_where_to_go(browser: Browser, town: Town) -> None:
    to_check(town, "Choir")
    browser.sign_in(town.cast.cath)
    page = browser.get(URL).text
    assert "My patch: Ashby" in page
    assert 'href="tel:01632960001"' in page
    assert "Olive" in page
    assert 'href="geo:53.600000,-2.200000"' in page
    assert "To check (1)" in page
    assert "Nobody answered our mails" in page
    assert f"It is hidden on {say_date(TODAY + timedelta(days=20))}" in page
    assert "Tried" not in page
    assert "Volunteers who offer" not in page, "Cath does not welcome volunteers"
    assert "http" not in page.split('id="main-content"')[1].split("</main>")[0]


def test_each_sees_their_own_patch_alone(browser: Browser, town: Town) -> None:
    to_check(town, "Choir")
    browser.sign_in(town.cast.dora)
    page = browser.get(f"{URL}?community=ashby").text
    assert "My patch: Elsewhere" in page
    assert "Choir" not in page
    browser.sign_in(town.cast.ben)
    assert browser.get(URL).status_code == 403


def test_who_has_two_patches_sees_one_at_a_time(browser: Browser, town: Town) -> None:
    cast = town.cast
    here, there = to_check(town, "Choir"), to_check(town, "Band", community=cast.elsewhere)
    cast.add(
        Grant(
            account_id=cast.cath.id, role=Role.CHAMPION, community_id=cast.elsewhere.id,
            given_at=NOW,
        )
    )  # fmt: skip
    town.session.commit()
    town.session.refresh(cast.cath)
    browser.sign_in(cast.cath)
    for slug, shown, not_shown in (("ashby", here, there), ("elsewhere", there, here)):
        page = browser.get(f"{URL}?community={slug}").text
        assert shown.name in page
        assert not_shown.name not in page
        assert 'aria-current="page"' in page


def test_the_stops_are_in_the_order_of_a_walk(browser: Browser, town: Town) -> None:
    for name, north in (("Third", 53.63), ("First", 53.61), ("Second", 53.62)):
        to_check(town, name, at=(north, -2.2))
    to_check(town, "By phone", at=None)
    browser.sign_in(town.cast.cath)
    page = browser.get(f"{URL}?from=zz99zz").text
    places = [page.index(f"{n}. {name}") for n, name in enumerate(("First", "Second", "Third"), 1)]
    assert places == sorted(places)
    assert "About 2.6 miles, 56 minutes on foot" in page
    assert page.index("Without a place on the map") < page.index(">By phone</a>")


def test_a_start_nobody_knows_is_said_beside_the_box(browser: Browser, town: Town) -> None:
    to_check(town, "Choir")
    browser.sign_in(town.cast.cath)
    page = browser.get(f"{URL}?from=<b>nowhere").text
    assert "We do not know where “&lt;b&gt;nowhere” is" in page
    assert 'value="&lt;b&gt;nowhere"' in page
    assert "Choir" in page


@pytest.mark.parametrize(
    ("word", "sign"), [("visited", Sign.VISITED), ("heard", Sign.OWNER_CONFIRMED)]
)
def test_a_champions_word_is_taken_once_and_leads_back(
    browser: Browser, town: Town, session: Session, word: str, sign: Sign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    choir = to_check(town, "Choir")
    choir.confirmed_at = None
    session.commit()
    browser.sign_in(town.cast.cath)
    back = f"{URL}?community=ashby&from=ZZ9+9ZZ"
    page = browser.get(back).text
    assert page.count(f'action="/groups/{choir.id}/') == 4, "four buttons"
    for wait in range(2):  # a double click
        monkeypatch.setattr(clock, "now", lambda wait=wait: NOW + timedelta(seconds=wait))
        answer = browser.post(f"/groups/{choir.id}/{word}", data={"next": back})
        assert answer.location == back
    session.refresh(choir)
    assert choir.confirmed_at == NOW
    signal = session.exec(select(Signal)).one()
    assert (signal.sign, signal.by_id) == (sign, town.cast.cath.id)
    upkeep = session.get_one(Upkeep, choir.id)
    assert upkeep.step is Step.QUIET
    assert upkeep.due_on
    assert upkeep.due_on > TODAY
    page = browser.get(URL).text
    assert "Choir is confirmed today" in page
    assert "Nothing needs checking" in page


def test_nobody_there_is_counted_once_and_said(
    browser: Browser, town: Town, session: Session
) -> None:
    choir = to_check(town, "Choir")
    browser.sign_in(town.cast.cath)
    for _ in range(2):  # a double click: both say that none was counted before
        browser.post(f"/groups/{choir.id}/could-not-reach", data={"next": URL, "tries": "0"})
    page = browser.get(URL).text
    assert "Noted. There is time until" in page
    assert "Tried once, nobody reached. Ring at another hour." in page
    browser.post(f"/groups/{choir.id}/could-not-reach", data={"next": URL, "tries": "1"})
    assert "Tried twice" in browser.get(URL).text
    row = session.get_one(Upkeep, choir.id)
    session.refresh(row)
    assert row.tries == 2
    service.heard(session, choir, by=town.cast.cath, now=NOW)
    session.commit()
    answer = browser.post(f"/groups/{choir.id}/could-not-reach", data={"next": URL})
    assert answer.location == URL
    assert "not waiting to be checked any more" in browser.get(URL).text


def test_it_has_stopped_can_be_taken_back_and_the_list_goes_on(
    browser: Browser, town: Town, session: Session
) -> None:
    choir = to_check(town, "Choir")
    browser.sign_in(town.cast.cath)
    here = f"{URL}?community=ashby"
    page = browser.post(
        f"/groups/{choir.id}/close", data={"next": here}, follow_redirects=True
    ).text
    assert "Undo: list it again" in page
    assert f'href="{here}"' in page
    assert "Nothing needs checking" in browser.get(URL).text
    browser.post(f"/groups/{choir.id}/reopen")
    session.refresh(choir)
    assert choir.standing is Standing.LISTED
    elsewhere = browser.post(f"/groups/{choir.id}/close", data={"next": "//evil.example"})
    assert "evil" not in elsewhere.location


def test_what_is_hidden_comes_back_by_a_champions_word(
    browser: Browser, town: Town, session: Session
) -> None:
    choir = to_check(town, "Choir")
    service.put_on_list(session, choir.id, before=Step.TO_CHECK, now=NOW)
    row = session.get_one(Upkeep, choir.id)
    row.due_on = TODAY
    session.flush()
    assert service.hide(session, choir.id, now=NOW)
    session.commit()
    browser.sign_in(town.cast.cath)
    page = browser.get(URL).text
    assert "Hidden (1)" in page
    assert "To check (0)" in page
    assert "Could not reach" not in page.split('id="hidden"')[1].split("</section>")[0]
    browser.post(f"/groups/{choir.id}/heard", data={"next": URL})
    session.refresh(choir)
    assert choir.standing is Standing.LISTED
    assert "Hidden (" not in browser.get(URL).text


def test_whom_to_ring_is_said_to_those_alone_who_may_read_it(
    browser: Browser, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_check(town, "Choir")
    browser.sign_in(town.cast.cath)
    assert "Olive" in browser.get(URL).text
    monkeypatch.delitem(powers.POWERS[Role.CHAMPION], Can.READ_PRIVATE_CONTACT)
    page = browser.get(URL).text
    assert "Choir" in page
    assert "Olive" not in page


def test_what_the_same_people_run_is_asked_about_at_once(browser: Browser, town: Town) -> None:
    for name in ("Choir", "Band"):
        to_check(town, name)
    browser.sign_in(town.cast.cath)
    page = browser.get(URL).text
    assert "The same people have on this list: Band." in page
    assert "The same people have on this list: Choir." in page


def test_what_has_closed_is_not_confirmed_by_a_visit(
    browser: Browser, town: Town, session: Session
) -> None:
    choir = to_check(town, "Choir")
    choir.standing = Standing.CLOSED
    session.commit()
    browser.sign_in(town.cast.cath)
    page = browser.post(f"/groups/{choir.id}/visited", follow_redirects=True).text
    assert "It is neither listed nor hidden now." in page
    assert session.exec(select(Signal)).all() == []


def test_nobody_from_elsewhere_says_it_is_right(
    browser: Browser, town: Town, session: Session
) -> None:
    choir = to_check(town, "Choir")
    browser.sign_in(town.cast.dora)
    assert browser.post(f"/groups/{choir.id}/visited").status_code == 404
    browser.sign_in(town.cast.otto)
    assert browser.post(f"/groups/{choir.id}/visited").status_code == 403
    assert session.exec(select(Signal)).all() == []


def test_a_hidden_place_is_not_on_the_walk_and_a_shy_one_has_its_street(
    browser: Browser, town: Town
) -> None:
    refuge = to_check(town, "Refuge", visibility=Visibility.HIDDEN)
    refuge.places[0].location.address_1 = "8 Quiet Way"
    home = to_check(town, "At home", visibility=Visibility.AREA)
    home.places[0].location.address_1 = "3 Bleach Green"
    town.session.commit()
    browser.sign_in(town.cast.cath)
    page = browser.get(URL).text
    assert "3 Bleach Green" in page
    assert "8 Quiet Way" not in page
    assert page.count("geo:") == 1
    assert page.index("Without a place on the map") < page.index(">Refuge</a>")


def test_what_is_missing_can_be_listed_or_looked_for(browser: Browser, town: Town) -> None:
    town.add("Choir", at=HALL, topics=("grief",))
    browser.sign_in(town.cast.cora)
    page = browser.get(URL).text
    assert "Something for grief in the evening" in page
    assert 'href="/find?near=Ashby&amp;topic=grief"' in page
    assert 'href="/list-a-group?community=ashby"' in page
    assert "Volunteers who offer" in page


def test_a_longer_list_asks_no_more_questions(
    browser: Browser, town: Town, session: Session
) -> None:
    browser.sign_in(town.cast.cath)
    to_check(town, "First")
    few = asked(browser, session, URL)
    for number in range(6):
        to_check(town, f"Group {number}", at=(53.6 + number / 100, -2.2))
    assert asked(browser, session, URL) == few
    assert few <= 20


@pytest.mark.parametrize("start", [None, Point(53.6, -2.2)])
def test_a_walk_passes_every_stop_once_and_never_crosses_itself(start: Point | None) -> None:
    corners = [Point(53.6, -2.2), Point(53.62, -2.16), Point(53.6, -2.16), Point(53.62, -2.2)]
    found = walk(corners, start)
    assert sorted(found.order) == [0, 1, 2, 3]
    assert found.order[0] == 0
    assert found.order in ([0, 3, 1, 2], [0, 2, 1, 3])


def test_the_nearest_stop_is_not_always_the_next() -> None:
    stops = [Point(53.61, -2.2), Point(53.585, -2.2), Point(53.64, -2.2)]
    assert walk(stops, Point(53.6, -2.2)).order == [1, 0, 2]


def test_short_walks_are_said_in_words() -> None:
    assert walk([]).minutes == 0
    one = walk([Point(53.6, -2.2)])
    assert (one.order, one.metres) == ([0], 0)
    assert walk([Point(53.6, -2.2), Point(53.6008, -2.2)]).words == (
        "About 0.1 miles, 1 minute on foot"
    )


def test_a_walk_past_sixty_places_is_planned_in_the_blink_of_an_eye(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each pair of stops is measured once, and turning a stretch looks at two legs alone."""
    measured: list[Point] = []

    def counted(one: Point, other: Point) -> float:
        measured.append(one)
        return distance(one, other)

    monkeypatch.setattr(walking, "distance", counted)
    spread = random.Random(3)
    stops = [Point(53.5 + spread.random() / 50, -2.2 + spread.random() / 50) for _ in range(60)]
    found = walk(stops, Point(53.5, -2.2))
    assert sorted(found.order) == list(range(60))
    assert round(found.metres) == 13184, "as short as when every leg was measured each time"
    assert len(measured) < 6_000
