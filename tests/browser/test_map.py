"""The map in a browser: by keyboard, beside its list, small, dark, still, and without a script."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from asset_hub.core import db
from asset_hub.directory.models import Visibility
from tests.browser.chromium import window
from tests.browser.journey import people
from tests.browser.site import Site, served
from tests.search.conftest import Town
from tests.search.test_area import HOSTILE

pytestmark = pytest.mark.browser
PIN = ".hub-marker"
Spots = dict[str, tuple[float, float] | None]
CHOSEN = re.compile("hub-marker--chosen")
# Everything that can be pressed on the map, as (left, top, right, bottom, is round).
BUTTONS = """[...document.querySelectorAll(".hub-marker")].map(e => {
  const r = e.getBoundingClientRect();
  return [r.left, r.top, r.right, r.bottom, e.classList.contains("hub-marker--cluster")];
})"""


def fill(session: Session) -> None:
    town = Town(session, people(session))
    near: Spots = {f"Walk {n}": (53.6 + n / 90, -2.2 + (n * n % 7) / 60) for n in range(6)}
    town.add_many(near, topics=("walks",))
    spread: Spots = {f"Crowd {n}": (53.6 + n % 20 / 400, -2.2 + n // 20 / 300) for n in range(200)}
    town.add_many(spread, topics=("crowds",))
    town.add_many({f"Hall {n}": (53.6, -2.2) for n in range(3)}, topics=("halls",))
    town.add_many({name: (53.6 + n / 20, -2.2) for n, name in enumerate(HOSTILE)}, topics=("odd",))
    town.add("Home", at=(53.6, -2.2), topics=("homes",), visibility=Visibility.AREA)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("map")) as site:
        with site.app.app_context(), db.transaction() as session:
            fill(session)
        yield site


@contextmanager
def opened(chrome: Browser, site: Site, path: str, **how: Any) -> Iterator[Page]:
    """Open a page; at the end nobody else was asked and the browser had nothing to say."""
    said: list[str] = []
    with window(chrome, **how) as (context, asked):
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda problem: said.append(str(problem)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(site.url + path, wait_until="networkidle")
        yield page
    assert not said
    assert all(address.startswith((site.url, "data:")) for address in asked)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('aria-label') || ''"))


def tab_to(page: Page, words: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in str(page.evaluate("document.activeElement.textContent")):
            return
    pytest.fail(f"{words} cannot be reached by keyboard")


def test_the_keyboard_goes_round_the_pins_opens_one_and_comes_back(
    place: Site, chrome: Browser
) -> None:
    with opened(chrome, place, "/find?view=map&topic=walks") as page:
        expect(page.locator("#map-status")).to_contain_text("6 groups in view")
        tab_to(page, "Skip the map")
        page.keyboard.press("Tab")
        assert focused(page) == "Map of community groups"
        page.keyboard.press("Tab")
        first = focused(page)
        page.keyboard.press("Tab")
        assert (first[:2], focused(page)[:2]) == ("1.", "2.")  # in the order of the list
        second = focused(page)
        page.keyboard.press("Enter")
        expect(page.locator(".leaflet-popup a").first).to_be_focused()
        expect(page.locator(".leaflet-popup")).to_contain_text("In the list: number 2")
        expect(page.locator(".leaflet-popup")).to_contain_text("Group")
        page.keyboard.press("Escape")
        expect(page.locator(".leaflet-popup")).to_have_count(0)
        assert focused(page) == second
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # "In the list"
        assert "Walk" in str(page.evaluate("document.activeElement.textContent"))
        assert page.evaluate("!!document.activeElement.closest('.hub-card--chosen')")


def test_a_circle_opens_by_keyboard_and_the_keyboard_stays_on_the_map(
    place: Site, chrome: Browser
) -> None:
    with opened(chrome, place, "/find?view=map&topic=crowds") as page:
        circle = page.locator(f"{PIN}--cluster").first
        expect(circle).to_be_visible()
        before = page.locator(PIN).count()
        circle.focus()
        assert "groups here. Zoom in" in focused(page)
        with page.expect_response(lambda answer: "find.geojson" in answer.url):
            page.keyboard.press("Enter")
        page.wait_for_function("!!document.activeElement.closest('.leaflet-marker-pane')")
        assert before
        expect(page.locator("#map-status")).to_contain_text("in view")


def test_the_way_past_the_map_leads_to_the_list(place: Site, chrome: Browser) -> None:
    with opened(chrome, place, "/find?view=map&topic=walks") as page:
        tab_to(page, "Skip the map")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('#results-list')")


def test_a_card_marks_its_pin_and_shows_it(place: Site, chrome: Browser) -> None:
    with opened(chrome, place, "/find?view=map&topic=walks") as page:
        card = page.locator("article.hub-card").nth(2)
        pin = page.locator(f"{PIN}[aria-label^='3.']")
        expect(pin).to_be_visible()
        card.hover()
        expect(pin).to_have_class(CHOSEN)
        page.locator("h1").hover()
        expect(pin).not_to_have_class(CHOSEN)
        card.locator("a").first.focus()
        expect(pin).to_have_class(CHOSEN)
        card.get_by_role("button", name="Show on the map").click()
        expect(page.locator(".leaflet-popup")).to_contain_text("In the list: number 3")


def test_a_card_marks_the_circle_that_holds_its_pin(place: Site, chrome: Browser) -> None:
    with opened(chrome, place, "/find?view=map&topic=crowds") as page:
        expect(page.locator(PIN).first).to_be_visible()
        page.locator("article.hub-card").nth(4).hover()
        expect(page.locator(f"{PIN}--chosen")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("topic", ["walks", "crowds", "halls", "odd"])
def test_nothing_on_the_map_lies_on_anything_else_at_any_zoom(
    place: Site, chrome: Browser, width: int, topic: str
) -> None:
    size = {"width": width, "height": 800}
    with opened(chrome, place, f"/find?view=map&topic={topic}", viewport=size) as page:
        nearer = page.locator(".leaflet-control-zoom-in")
        for _ in range(6):
            buttons = page.evaluate(BUTTONS)
            for n, one in enumerate(buttons):
                assert one[2] - one[0] >= 44
                assert one[3] - one[1] >= 44
                assert all(apart(one, other) for other in buttons[:n])
            if "leaflet-disabled" in str(nearer.get_attribute("class")):
                break
            with page.expect_response(lambda answer: "find.geojson" in answer.url):
                nearer.click()
            page.wait_for_timeout(400)  # a zoom is drawn over a quarter of a second
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def apart(one: list[float], other: list[float]) -> bool:
    """Return whether two buttons do not touch; round ones have no corners."""
    (x, y), (to_x, to_y) = (((b[0] + b[2]) / 2, (b[1] + b[3]) / 2) for b in (one, other))
    if one[4] and other[4]:
        reach = (one[2] - one[0] + other[2] - other[0]) / 2
        return bool(((x - to_x) ** 2 + (y - to_y) ** 2) ** 0.5 >= reach - 1)
    across, down = abs(x - to_x), abs(y - to_y)
    wide = (one[2] - one[0] + other[2] - other[0]) / 2
    high = (one[3] - one[1] + other[3] - other[1]) / 2
    if across >= wide - 1 or down >= high - 1:
        return True
    return bool(one[4] or other[4]) and (across**2 + down**2) ** 0.5 >= 60


def test_groups_in_one_hall_are_told_together(place: Site, chrome: Browser) -> None:
    with opened(chrome, place, "/find?view=map&topic=halls") as page:
        stack = page.locator(PIN)
        expect(stack).to_have_count(1)
        expect(stack).to_have_attribute("aria-label", "3 groups close together here. Show them")
        stack.click()
        for n in range(3):
            expect(page.locator(".leaflet-popup")).to_contain_text(f"Hall {n}")


def test_a_place_that_is_not_shown_is_an_area_in_look_and_in_words(
    place: Site, chrome: Browser
) -> None:
    with opened(chrome, place, "/find?view=map&topic=homes") as page:
        pin = page.locator(f"{PIN}--area")
        expect(pin).to_have_attribute("aria-label", re.compile("Somewhere in this area"))
        expect(page.locator(".hub-map-area")).to_have_count(1)
        pin.click()
        expect(page.locator(".leaflet-popup")).to_contain_text("The exact place is not shown")


def test_the_list_follows_the_map_when_it_is_asked_to(place: Site, chrome: Browser) -> None:
    with opened(chrome, place, "/find?view=map&topic=walks") as page:
        link = page.locator("#search-this-area")
        expect(link).to_be_hidden()
        page.locator(".leaflet-control-zoom-in").click()
        page.locator(".leaflet-control-zoom-in").click()
        expect(link).to_be_visible()
        page.wait_for_load_state("networkidle")
        link.click()
        expect(page.locator("#results")).to_contain_text("in this part of the map")
        expect(page.get_by_role("link", name="Search everywhere again")).to_be_visible()


def test_names_of_every_kind_are_only_words(place: Site, chrome: Browser) -> None:
    with opened(chrome, place, "/find?view=map&topic=odd") as page:
        for _ in range(5):  # the map moves to make room, so that others come and go
            page.locator(PIN).last.focus()
            page.keyboard.press("Enter")
            expect(page.locator(".leaflet-popup")).to_have_count(1)
            assert page.locator(".leaflet-popup img, .leaflet-popup script").count() == 0
            page.keyboard.press("Escape")


def test_without_a_script_the_list_is_whole(place: Site, chrome: Browser) -> None:
    path = "/find?view=map&topic=walks"
    with opened(chrome, place, path, java_script_enabled=False) as page:
        expect(page.locator("article.hub-card")).to_have_count(6)
        assert "The map needs JavaScript" in page.content()
        expect(page.get_by_text("Show on the map")).to_have_count(0)


@pytest.mark.parametrize(
    "how",
    [{"color_scheme": "dark"}, {"reduced_motion": "reduce"}, {"forced_colors": "active"}],
    ids=lambda how: next(iter(how)),
)
def test_the_map_suits_how_somebody_looks_at_it(
    place: Site, chrome: Browser, how: dict[str, str]
) -> None:
    with opened(chrome, place, "/find?view=map&topic=walks", **how) as page:
        expect(page.locator(PIN).first).to_be_visible()
        moves = page.evaluate("[hub_map.options.zoomAnimation, hub_map.options.fadeAnimation]")
        assert moves == ([False, False] if "reduced_motion" in how else [True, True])


@contextmanager
def elsewhere(text: str) -> Iterator[str]:
    """Serve one page as another site, and yield its address."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_another_site_may_frame_the_map_and_nothing_else(place: Site, chrome: Browser) -> None:
    with window(chrome) as (context, _):
        page = context.new_page()
        frames = "".join(
            f'<iframe name="{name}" src="{place.url}{path}" width="600" height="700"></iframe>'
            for name, path in {"map": "/embed/find?topic=walks", "page": "/find"}.items()
        )
        with elsewhere(f"<!doctype html><title>Elsewhere</title>{frames}") as outer:
            page.goto(outer, wait_until="networkidle")
        inside = page.frame("map")
        assert inside is not None
        expect(inside.locator(PIN).first).to_be_visible()
        expect(inside.locator("article.hub-card")).to_have_count(6)
        other = page.frame("page")
        assert other is not None
        assert not other.url.startswith(place.url)
        assert context.cookies() == []
        inside.locator("article.hub-card a").first.click()
        page.wait_for_url(f"{place.url}/groups/**")


def test_tiles_that_do_not_come_give_way_to_the_coast(
    chrome: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = "https://tiles.nowhere.example/{z}/{x}/{y}.png"
    with served(tmp_path_factory.mktemp("tiles"), tile_url=url) as site, window(chrome) as (at, _):
        at.route("https://tiles.nowhere.example/**", lambda route: route.abort())
        page = at.new_page()
        page.goto(f"{site.url}/find?view=map")
        expect(page.get_by_text("The coast is shown instead")).to_be_visible()
        expect(page.locator("path.hub-map-land").first).to_be_attached()
