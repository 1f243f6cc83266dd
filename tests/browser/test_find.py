"""Find: from a need to a hello, with a script, without one, by keyboard, on a phone."""

from datetime import time

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from asset_hub.core import db
from asset_hub.directory import service
from asset_hub.directory.models import (
    Freq,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
)
from tests.browser.chromium import window
from tests.browser.journey import answer, press, sees, settle
from tests.browser.site import Site
from tests.browser.test_pages import sign_in
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 700}


def town(site: Site) -> None:
    """Put three groups near Ashby's postcode: two free ones, and one that is neither."""
    settle(site)
    with site.app.app_context(), db.transaction() as session:
        choir = session.exec(select(Service).where(Service.name == "Ashby choir")).one()
        _meets(choir, "TH", 14, "Free")
        for name, day, hour, cost in (
            ("Choir practice", "MO", 19, "£4"),
            ("Singing", "TH", 10, "Free"),
        ):
            more = Service(
                organization_id=choir.organization_id, community_id=choir.community_id, name=name,
                summary=f"{name}, a choir for all", standing=choir.standing,
                created_at=site.now, approved_at=site.now,
            )  # fmt: skip
            session.add(more)
            _meets(more, day, hour, cost)
        session.flush()
        for group in session.exec(select(Service)).all():
            service.publish(session, group, now=site.now)


def _meets(group: Service, day: str, hour: int, cost: str) -> None:
    hall = Location(name="Ashby Hall", latitude=53.602, longitude=-2.202)
    group.fees = cost
    group.schedules = [Schedule(freq=Freq.WEEKLY, byday=day, opens_at=time(hour))]
    group.places = [ServiceAtLocation(location=hall, location_id=hall.id)]


def looks_for_a_choir(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.get_by_label("What would help?").fill("a choir to sing in")
    page.get_by_label("Postcode or town").fill("as11aa")
    page.get_by_role("button", name="Find support").click()
    expect(page.locator("#results")).to_contain_text("3 groups")
    expect(page.locator(".hub-card").first).to_contain_text("on foot")


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
def test_somebody_finds_a_group_narrows_it_down_and_gets_a_hello(
    site: Site, chrome: Browser, javascript: bool
) -> None:
    town(site)
    with window(chrome, java_script_enabled=javascript, viewport=PHONE) as (context, asked):
        page = context.new_page()
        looks_for_a_choir(page, site)
        page.locator(".hub-filters > summary").click()
        page.locator('.hub-choice[href*="day=th"]').click()
        expect(page.locator("#results")).to_contain_text("2 groups")
        page.locator(".hub-filters > summary").click()
        page.locator('.hub-choice[href*="part=pm"]').click()
        expect(page.locator("#results")).to_contain_text("1 group")
        page.go_back()
        expect(page.locator("#results")).to_contain_text("2 groups")  # what was chosen is kept
        page.go_forward()
        page.get_by_role("link", name="Ashby choir").click()
        sees(page, "Ashby choir")
        page.get_by_role("link", name="Ask for a hello").click()
        answer(page, name="Jo", phone="01632 960111", wish="met", agreed="y")
        press(page, "Ask for a hello")
        sees(page, "We have your message")
        sign_in(page, site, "ben@example.org", PASSWORD)
        page.goto(f"{site.url}/hellos")
        page.get_by_role("button", name="I will say hello").click()
        expect(page.locator("main")).to_contain_text("01632 960111")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert {one for one in asked if not one.startswith(site.url)} == set()


def test_all_of_it_works_by_keyboard_alone(site: Site, chrome: Browser) -> None:
    town(site)
    with window(chrome) as (context, _):
        page = context.new_page()
        page.goto(site.url)
        _reach(page, "#q")
        page.keyboard.type("choir")
        page.keyboard.press("Enter")
        expect(page.locator("#results")).to_contain_text("3 groups")
        _reach(page, ".hub-filters > summary")
        page.keyboard.press("Enter")
        _reach(page, '.hub-choice[href*="cost=free"]')
        page.keyboard.press("Enter")
        expect(page.locator("#results")).to_contain_text("2 groups")
        _reach(page, ".hub-card__title a")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Ask for a hello")).to_be_visible()


def _reach(page: Page, selector: str) -> None:
    """Go on with Tab until something has the focus, and see that the focus shows."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


def test_where_i_am_is_asked_once_and_only_roughly(site: Site, chrome: Browser) -> None:
    town(site)
    at = {"latitude": 53.6012345, "longitude": -2.2012345}
    with window(chrome, geolocation=at, permissions=["geolocation"]) as (context, asked):
        page = context.new_page()
        page.goto(f"{site.url}/find?q=choir")
        assert not [one for one in asked if "lat=" in one]
        page.get_by_role("button", name="Use where I am").click()
        expect(page.locator(".hub-card").first).to_contain_text("miles")
        assert "lat=53.601&" in page.url
        shared = page.get_by_role("link", name="The same without a place, to share")
        assert shared.get_attribute("href") == "/find?q=choir"


def test_without_leave_to_ask_a_postcode_is_asked_for(site: Site, chrome: Browser) -> None:
    town(site)
    with window(chrome, permissions=[]) as (context, _):
        page = context.new_page()
        page.goto(f"{site.url}/find?q=choir")
        page.get_by_role("button", name="Use where I am").click()
        expect(page.locator("[data-near-me-status]")).to_contain_text("Enter a postcode")
