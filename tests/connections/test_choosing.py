"""Choosing a group together: the same finding as anybody's search, and why each is there."""

import re
from html import unescape

import pytest
from sqlmodel import Session, select

from asset_hub.directory import service as directory
from asset_hub.directory.models import Location, ServiceAtLocation
from asset_hub.search.models import UnmetAsk
from tests.cast import NOW, Cast
from tests.conftest import Browser

NAMES = re.compile(r'hub-card__title"><a[^>]*>([^<]+)')
SAID = "my husband died in March and I can't face the house"


def list_group(
    session: Session, cast: Cast, name: str, said: str, *, north: float = 0.0, **more: object
) -> None:
    group = cast.service(name)
    group.description = said
    for field, value in more.items():
        setattr(group, field, value)
    if north:
        place = cast.add(Location(name="Hall", latitude=53.6 + north, longitude=-2.2))
        group.places.append(ServiceAtLocation(location_id=place.id))
    session.flush()
    directory.publish(session, group, now=NOW)
    session.commit()


@pytest.fixture
def listed(session: Session, cast: Cast) -> Cast:
    list_group(session, cast, "Cruse café", "For anyone bereaved. Tea and talk.", north=0.01)
    list_group(session, cast, "Spring fete", "In March: stalls round the house", north=0.001)
    return cast


def names(page: str) -> list[str]:
    return [unescape(name) for name in NAMES.findall(page)]


def test_a_navigator_types_what_somebody_said_and_sees_what_fits_and_why(
    browser: Browser, listed: Cast
) -> None:
    rose = listed.person()
    browser.sign_in(listed.ben)
    page = unescape(browser.get(f"/people/{rose.id}/connect?q={SAID}").text)
    assert names(page)[0] == "Cruse café"
    assert "Helps with grief and loss" in page
    assert "0.7 miles" in page


def test_what_has_no_room_comes_after_what_has(
    browser: Browser, session: Session, listed: Cast
) -> None:
    list_group(session, listed, "A full café", "For anyone bereaved. Tea and talk.", north=0.01,
               welcomes=0)  # fmt: skip
    browser.sign_in(listed.ben)
    page = unescape(browser.get(f"/connect?q={SAID}").text)
    assert names(page).index("Cruse café") < names(page).index("A full café")


def test_a_tap_stays_with_the_person_and_can_be_taken_back(browser: Browser, listed: Cast) -> None:
    rose = listed.person()
    browser.sign_in(listed.ben)
    page = unescape(browser.get(f"/people/{rose.id}/connect?q={SAID}").text)
    tap = re.search(rf'href="(/people/{rose.id}/connect[^"]*about=grief[^"]*)"', page)
    assert tap, page
    tapped = unescape(browser.get(tap[1]).text)
    assert names(tapped)[0] == "Cruse café"
    back = re.search(r'hub-choice--chosen" href="([^"]*)"', tapped)
    assert back
    assert "about" not in back[1]
    assert "q=my" in back[1]


def test_when_nothing_fits_well_the_nearest_are_offered_and_said_so(
    browser: Browser, session: Session, listed: Cast
) -> None:
    for number in range(6):
        said = f"A room for support {'and a meeting about other things ' * (number + 6)}"
        list_group(session, listed, f"Meeting {number}", said, north=0.02)
    browser.sign_in(listed.ben)
    page = unescape(browser.get("/connect?q=tinnitus support zzyzx qwxyz").text)
    assert "Perhaps nothing here fits all of it" in page
    assert len(names(page)) == 3
    every = re.search(r'href="(/connect[^"]*all=1[^"]*)"', page)
    assert every
    assert len(names(browser.get(every[1]).text)) >= 6


def test_words_of_danger_put_the_numbers_first(browser: Browser, listed: Cast) -> None:
    browser.sign_in(listed.ben)
    loud = unescape(browser.get("/connect?q=she wants to kill herself").text)
    assert loud.index("Is it urgent?") < loud.index("Choose it together")
    calm = browser.get("/connect?q=singing").text
    assert "Is it urgent?" not in calm
    assert "116 123" in calm


def test_what_is_said_about_a_person_is_counted_nowhere(
    browser: Browser, session: Session, listed: Cast
) -> None:
    browser.sign_in(listed.ben)
    browser.get("/connect?q=helicopter lessons for blue elephants")
    assert session.exec(select(UnmetAsk)).first() is None


@pytest.mark.parametrize("about", ["unheard-of", "%00", "'--", "<script>"])
def test_a_tap_on_nothing_we_know_is_no_error(browser: Browser, listed: Cast, about: str) -> None:
    browser.sign_in(listed.ben)
    page = browser.get(f"/connect?q=choir&about={about}&more=99&all=1")
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_what_was_looked_for_need_not_be_typed_again(browser: Browser, listed: Cast) -> None:
    browser.sign_in(listed.ben)
    page = unescape(browser.get("/connect?q=tea and grief").text)
    here = re.search(r'href="(/connect\?service=[^"]*)"', page)
    assert here
    form = browser.get(here[1]).text
    assert re.search(r'<textarea[^>]*id="matters"[^>]*>\s*tea and grief', form)
    placed = unescape(browser.get("/connect?q=AS1 1AA").text)
    assert not re.search(r'href="/connect\?service=[^"]*AS1', placed)  # a postcode is no wish
