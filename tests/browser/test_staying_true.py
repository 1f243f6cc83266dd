"""A listing stays true: a passer-by says what is wrong, a champion looks, the group confirms."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from asset_hub.core import db
from asset_hub.directory import service
from asset_hub.directory.models import Service, Step
from tests.browser.chromium import window
from tests.browser.journey import answer, press, settle
from tests.browser.site import Site
from tests.browser.test_pages import sign_in
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser
OLIVE = "olive@choir.example"


def choir(site: Site) -> str:
    """List the choir of the cast, and return the address of its page."""
    settle(site)
    with site.app.app_context(), db.transaction() as session:
        found = session.exec(select(Service).where(Service.name == "Ashby choir")).one()
        service.publish(session, found, now=site.now)
        return f"{site.url}/groups/{found.id}"


def suggests(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("link", name="Suggest a change").click()
    page.get_by_role("link", name="Cost").first.click()
    answer(page, fees="£2, the first visit is free")
    press(page, "Send it")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
def test_what_a_passer_by_saw_is_looked_at_and_the_group_confirms(
    site: Site, chrome: Browser, javascript: bool
) -> None:
    url = choir(site)
    with window(chrome, java_script_enabled=javascript) as (context, asked):
        page = context.new_page()
        suggests(page, url)
        page.goto(url)
        expect(page.locator("main")).not_to_contain_text("the first visit is free")
        sign_in(page, site, "cath@example.org", PASSWORD)
        page.goto(f"{site.url}/to-approve?kind=change")
        page.get_by_role("link", name="Ashby choir").click()
        press(page, "Accept the change")
        page.goto(url)
        expect(page.locator("main")).to_contain_text("£2, the first visit is free")
        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{url}/keep")
        press(page, "Send the link")
        page.goto(site.link_to(OLIVE))
        press(page, "Yes, it is right")
        page.goto(url)
        expect(page.locator("main")).to_contain_text("Confirmed by the people who run it")
    assert {one for one in asked if not one.startswith(site.url)} == set()


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
def test_a_champion_presses_the_wrong_button_on_a_phone_and_takes_it_back(
    site: Site, chrome: Browser, javascript: bool
) -> None:
    choir(site)
    with site.app.app_context(), db.transaction() as session:
        found = session.exec(select(Service).where(Service.name == "Ashby choir")).one()
        service.begin(session, [found.id], now=site.now)
        service.put_on_list(session, found.id, before=Step.QUIET, now=site.now)
    size: Any = {"width": 320, "height": 700}
    with window(chrome, java_script_enabled=javascript, viewport=size) as (context, _):
        page = context.new_page()
        sign_in(page, site, "cath@example.org", PASSWORD)
        page.goto(f"{site.url}/my-patch")
        expect(page.get_by_role("heading", name="You said today")).to_have_count(0)
        page.get_by_role("button", name="I visited: it is running").click()
        expect(page.get_by_role("heading", name="You said today")).to_be_visible()
        expect(page.locator("main")).to_contain_text("To check (0)")
        page.get_by_role("button", name="Take it back").click()
        expect(page.locator("main")).to_contain_text("To check (1)")
        expect(page.get_by_role("button", name="I visited: it is running")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
