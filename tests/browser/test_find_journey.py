"""Journey 1, "Find": five sentences, five ways; and what a first visit weighs."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from asset_hub.core import db
from asset_hub.demo import service as demo
from tests.browser.chromium import window
from tests.browser.find_journey import (
    PHONE,
    POSTCODE,
    SENTENCES,
    Wire,
    ask,
    by_keyboard,
    by_pointer,
    reach,
    slow,
)
from tests.browser.site import Site, served

pytestmark = pytest.mark.browser
MOST = 60_000  # bytes of a first visit to a page of results, with all that it needs
MOST_AGAIN = 12_000  # and of a page of results after that
WAYS: dict[str, tuple[dict[str, Any], Callable[..., None]]] = {
    "with javascript": ({}, by_pointer),
    "without": ({"java_script_enabled": False}, by_pointer),
    "by keyboard": ({}, by_keyboard),
    "on a phone": ({"viewport": PHONE, "has_touch": True}, by_pointer),
    "on a slow phone": ({"viewport": PHONE, "has_touch": True}, by_pointer),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("find"), demo=True) as site:
        with site.app.app_context(), db.transaction() as session:
            demo.fill(session, now=site.now)
        yield site


def open_first(page: Page, way: str) -> None:
    """Open the first group of the results."""
    if way == "by keyboard":
        reach(page, "#results-list .hub-card__title a")
        page.keyboard.press("Enter")
    else:
        page.locator("#results-list .hub-card__title a").first.click()


@pytest.mark.parametrize("way", WAYS)
def test_somebody_finds_a_group_in_their_own_words_and_how_to_join(
    town: Site, chrome: Browser, way: str
) -> None:
    how, asks = WAYS[way]
    with window(chrome, **how) as (context, asked):
        context.set_default_timeout(30_000)
        page = context.new_page()
        if way == "on a slow phone":
            slow(page)
        for words in SENTENCES:
            ask(page, town.url, words, asks)
            cards = page.locator("#results-list .hub-card")
            expect(cards.first.locator(".hub-card__why")).to_be_visible()
            expect(page.locator("#urgent-help")).to_be_attached()
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        open_first(page, way)
        for part in ("How to join", "What the first visit is like"):
            expect(page.get_by_role("heading", name=part)).to_be_visible()
        expect(page.get_by_role("link", name="Ask for a hello")).to_be_visible()
        expect(page.get_by_text("Print this page")).to_be_visible()
    assert {one for one in asked if not one.startswith((town.url, "data:"))} == set()


@pytest.mark.parametrize("words", SENTENCES)
def test_what_fits_is_among_the_first_three(town: Site, chrome: Browser, words: str) -> None:
    with window(chrome) as (context, _):
        page = context.new_page()
        ask(page, town.url, words, by_pointer)
        first = page.locator("#results-list .hub-card").all_inner_texts()[:3]
        assert any(SENTENCES[words] in card.lower() for card in first), first


@pytest.mark.parametrize("how", [{}, {"java_script_enabled": False}, {"viewport": PHONE}], ids=str)
def test_a_first_visit_to_results_is_light(
    town: Site, chrome: Browser, how: dict[str, Any]
) -> None:
    wire = Wire()
    words = next(iter(SENTENCES))
    with window(chrome, **how) as (context, _):
        page = context.new_page()
        wire.listen(page)
        page.goto(f"{town.url}/find?q={words}&near={POSTCODE}", wait_until="networkidle")
        page.evaluate("document.fonts.ready.then(() => 1)")
    kinds = {url.split("?")[0].rsplit(".", 1)[-1] for url, _ in wire.answers}
    assert {"css", "woff2"} <= kinds
    assert wire.size <= MOST, wire.answers
    itself = next(size for url, size in wire.answers if "/find?" in url)
    assert itself <= MOST_AGAIN  # styles, scripts and letters are kept
