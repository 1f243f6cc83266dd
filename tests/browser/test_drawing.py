"""Drawing a boundary: with a mouse, with keys alone, taken back, and without the script."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from asset_hub.communities.models import Community
from asset_hub.core import db
from tests.browser.chromium import window
from tests.browser.journey import press, settle
from tests.browser.site import Site
from tests.browser.test_pages import sign_in
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser
URL = "/communities/ashby/boundary"


def drawn(page: Page) -> list[list[float]]:
    """Return the corners the text holds."""
    text = page.locator("#boundary").input_value()
    return json.loads(text)["coordinates"][0][:-1] if text else []


def saved(site: Site) -> Any:
    with site.app.app_context(), db.transaction() as session:
        wanted = select(Community.boundary).where(Community.slug == "ashby")
        return session.exec(wanted).one()


def opened(page: Page, site: Site) -> Page:
    settle(site)
    sign_in(page, site, "cora@example.org", PASSWORD)
    page.goto(site.url + URL, wait_until="networkidle")
    return page


def test_cora_draws_moves_and_takes_back_with_a_mouse(site: Site, chrome: Browser) -> None:
    with window(chrome) as (context, _):
        page = opened(context.new_page(), site)
        frame = page.locator("#boundary-map").bounding_box()
        assert frame
        for x, y in ((0.3, 0.3), (0.6, 0.3), (0.6, 0.7), (0.3, 0.7)):
            page.mouse.click(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"])
            page.wait_for_timeout(350)  # Leaflet takes two quick clicks for a double one
        assert len(drawn(page)) == 4
        expect(page.locator("#boundary-status")).to_contain_text("4 corners, about")
        before = drawn(page)
        corner = page.get_by_role("button", name="Corner 1 of 4")
        corner.drag_to(page.locator("#boundary-map"), target_position={"x": 60, "y": 120})
        assert drawn(page)[0] != before[0]
        page.get_by_role("button", name="Add a corner between 4 and 1").click()
        assert len(drawn(page)) == 5
        for _ in range(2):
            press(page, "Undo the last step")
        assert drawn(page) == before
        press(page, "Save the boundary")
        page.wait_for_url("**/communities/ashby")
    assert [corner[:2] for corner in saved(site)["coordinates"][0][:-1]] == before


def test_the_same_with_keys_alone(site: Site, chrome: Browser) -> None:
    with window(chrome) as (context, _):
        page = opened(context.new_page(), site)
        frame = page.locator("#boundary-map")
        for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft"):
            frame.focus()
            page.keyboard.press("Enter")
            page.keyboard.press(key)
            page.wait_for_timeout(400)  # the map glides
        assert len(drawn(page)) == 4
        before = drawn(page)
        page.get_by_role("button", name="Corner 2 of 4").focus()
        page.keyboard.press("ArrowUp")
        assert drawn(page)[1][1] > before[1][1]
        expect(page.get_by_role("button", name="Corner 2 of 4")).to_be_focused()
        page.keyboard.press("Delete")
        assert len(drawn(page)) == 3
        expect(page.get_by_role("button", name="Corner 1 of 3")).to_be_focused()
        page.get_by_role("button", name="Add a corner at the cross").focus()
        page.keyboard.press("Enter")
        assert len(drawn(page)) == 4
        page.get_by_role("button", name="Start again").press("Enter")
        assert drawn(page) == []
        page.get_by_role("button", name="Undo the last step").press("Enter")
        assert len(drawn(page)) == 4


def test_a_pasted_boundary_is_shown_and_one_of_many_parts_is_left_alone(
    site: Site, chrome: Browser
) -> None:
    part = [[[-2.3, 53.5], [-2.2, 53.5], [-2.2, 53.6], [-2.3, 53.5]]]
    many = {"type": "MultiPolygon", "coordinates": [part, [[[-2.1, 53.5], [-2, 53.5], [-2, 53.6]]]]}
    with window(chrome) as (context, _):
        page = opened(context.new_page(), site)
        page.get_by_text("Paste or edit the shape as text (GeoJSON)").click()
        text = page.locator("#boundary")
        text.fill(json.dumps({"type": "Polygon", "coordinates": part}))
        text.blur()
        expect(page.get_by_role("button", name="Corner 3 of 3")).to_be_visible()
        text.fill(json.dumps(many))
        text.blur()
        expect(page.locator("#boundary-status")).to_contain_text("several parts")
        assert json.loads(text.input_value()) == many
        text.fill("round the canal")
        text.blur()
        expect(page.locator("#boundary-status")).to_contain_text("cannot be read")


def test_without_the_script_the_text_is_enough(site: Site, chrome: Browser) -> None:
    ring = [[[-2.3, 53.5], [-2.2, 53.5], [-2.2, 53.6], [-2.3, 53.5]]]
    with window(chrome, java_script_enabled=False) as (context, _):
        page = opened(context.new_page(), site)
        expect(page.locator("#boundary-map")).to_be_hidden()
        page.get_by_text("Paste or edit the shape as text").click()
        page.locator("#boundary").fill(json.dumps({"type": "Polygon", "coordinates": ring}))
        press(page, "Save the boundary")
        page.wait_for_url("**/communities/ashby")
    assert saved(site)["coordinates"] == ring
