"""The main job from end to end, in a real browser against the served site, with real mail."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import window
from tests.browser.journey import OLIVE, Walk, settle
from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
def test_from_a_listed_group_to_a_recorded_follow_up(
    site: Site, chrome: Browser, javascript: bool
) -> None:
    settle(site)
    with window(chrome, java_script_enabled=javascript) as (context, asked):
        walk = Walk(site, context.new_page())
        walk.list_a_group()
        walk.confirm_listing()
        walk.approve()
        assert site.letters_to(OLIVE)[-1]["Subject"] == "Your listing can now be found"
        walk.find()
        on_the_map(walk.page, site, javascript=javascript)
        walk.connect()
        walk.say_yes()
        walk.introduce()
        before = len(site.letters_to("petra@example.org"))
        site.later(days=2)
        link = site.link_to("petra@example.org")
        assert len(site.letters_to("petra@example.org")) == before + 1, "reminded once"
        no_reason_in(site)
        walk.record(link)
        site.tick()
        assert len(site.letters_to("petra@example.org")) == before + 1, "and not again"
    assert asked
    assert {url for url in asked if not url.startswith(site.url)} == set()


def on_the_map(page: Page, site: Site, *, javascript: bool) -> None:
    """See the same group on the map; without JavaScript the list is there and says so."""
    found = page.url
    page.get_by_role("navigation", name="List or map").get_by_role("link", name="Map").click()
    expect(page.locator("#results-list")).to_contain_text("Lunch club")
    if javascript:
        expect(page.locator(".leaflet-marker-pane > *").first).to_be_visible()
    else:
        expect(page.locator("noscript p")).to_be_visible()
    page.goto(found)


def no_reason_in(site: Site) -> None:
    """Letters carry a first name and a link, never a surname, a number or a reason."""
    for letter in site.sink.letters:
        text = letter.as_string()
        assert not [word for word in ("Hallam", "960777", "Ken ", "Sundays") if word in text]
