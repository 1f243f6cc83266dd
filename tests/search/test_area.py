"""The part of the map that is in view, as a list; and what it must not give away."""

import json
import re
from typing import Any

import pytest

from asset_hub.core import db
from asset_hub.directory.models import Visibility
from asset_hub.search.geo import WORLD, Box
from asset_hub.search.queries import Question, find, places
from tests.conftest import Browser
from tests.search.conftest import Town

# Two homes in one cell of the published grid, as far from each other as can be, and one outside it.
CELL = (53.6001, -2.2070), (53.6090, -2.1925)
NEAR = Box(-2.21, 53.59, -2.19, 53.61)


def test_the_list_of_an_area_has_what_the_map_shows_there(town: Town, browser: Browser) -> None:
    town.add_many({"In view": (53.6, -2.2), "Out of view": (53.9, -2.2), "Nowhere": None})
    for view in ("list", "map"):
        page = browser.get(f"/find?area=-2.21,53.59,-2.19,53.61&view={view}").text
        assert "1 group in this part of the map" in page
        assert "In view" in page
        assert "Out of view" not in page
        assert "Search everywhere again" in page
    shown = browser.get("/find.geojson?area=-2.21,53.59,-2.19,53.61&bbox=-3,53,-2,54").json
    assert shown is not None
    assert [feature["properties"]["name"] for feature in shown["features"]] == ["In view"]


@pytest.mark.parametrize("question", [{}, {"q": "walk"}, {"topics": ("walks",)}])
def test_an_area_goes_with_every_other_filter(town: Town, question: dict[str, Any]) -> None:
    town.add("Walk here", at=(53.6, -2.2), topics=("walks",))
    town.add("Walk there", at=(53.9, -2.2), topics=("walks",))
    assert town.ask(area=NEAR, **question) == ["Walk here"]
    assert town.ask(area=Box(170, 50, -170, 60), **question) == []


def test_an_area_that_is_none_is_told_and_the_rest_is_answered(
    town: Town, browser: Browser
) -> None:
    town.add("Choir", at=(53.6, -2.2))
    page = browser.get("/find?area=nonsense&view=map")
    assert page.status_code == 200
    assert "Choose the piece of the map again" in page.text
    assert "Choir" in page.text
    assert browser.get("/find.geojson?area=1,2,3").status_code == 422


def test_an_area_is_in_every_address_that_leads_on(town: Town, browser: Browser) -> None:
    town.add("Choir", at=(53.6, -2.2), topics=("music",))
    page = browser.get("/find?area=-2.21,53.59,-2.19,53.61&view=map").text
    assert re.search(r'href="/find\?[^"]*area=-2.21000(?:,|%2C)53.59000[^"]*">List', page)
    assert '"bounds": [[53.59, -2.21], [53.61, -2.19]]' in page


def seen(box: Box, zoom: int) -> list[str]:
    """Return all that a piece of the map tells a stranger, without the names."""
    with db.reading() as connection:
        view = places(connection, Question(), box, zoom)
        listed = find(connection, Question(area=box)).total
    features = [json.loads(feature) for feature in view.features]
    told = sorted(
        json.dumps([f["geometry"], f["properties"].get("bounds"), f["properties"].get("count")])
        for f in features
    )
    return [*told, str(view.total), str(listed)]


def boxes() -> list[Box]:
    """Return small boxes side by side over the cell, as somebody would try who wants to know."""
    steps = range(12)
    return [
        Box(-2.22 + x / 500, 53.595 + y / 800, -2.218 + x / 500, 53.59625 + y / 800)
        for x in steps for y in steps
    ]  # fmt: skip


@pytest.mark.parametrize("zoom", [9, 16, 22])
def test_no_move_of_the_map_tells_where_in_its_area_a_home_is(town: Town, zoom: int) -> None:
    home = town.add("Home", at=CELL[0], visibility=Visibility.AREA)
    before = [seen(box, zoom) for box in (*boxes(), WORLD)]
    location = home.places[0].location
    location.latitude, location.longitude = CELL[1]
    town.republish(home)
    assert [seen(box, zoom) for box in (*boxes(), WORLD)] == before
    location.latitude = 53.6201  # another cell: then it may tell, or this test shows nothing
    town.republish(home)
    assert [seen(box, zoom) for box in (*boxes(), WORLD)] != before


def test_the_middle_of_an_area_is_not_the_place(town: Town, browser: Browser) -> None:
    town.add("Home", at=CELL[0], visibility=Visibility.AREA)
    feature = (browser.get("/find.geojson?bbox=-3,53,-2,54").json or {})["features"][0]
    longitude, latitude = feature["geometry"]["coordinates"]
    assert feature["properties"]["area"] is True
    assert abs(latitude - CELL[0][0]) > 0.001
    page = browser.get("/find?view=map").text
    assert str(CELL[0][0]) not in page
    assert str(latitude) in page
    assert str(longitude) in page


@pytest.mark.parametrize("zoom", [0, 9, 16, 22])
def test_a_hidden_place_is_on_no_map(town: Town, browser: Browser, zoom: int) -> None:
    town.add("Refuge", at=CELL[0], visibility=Visibility.HIDDEN)
    assert all(seen(box, zoom) == ["0", "0"] for box in (*boxes(), WORLD))
    page = browser.get("/find?view=map").text
    assert "Refuge" in page
    assert "1 group has no place on the map" in page
    assert '"spots": []' in page
    assert "53.6001" not in page


def test_the_pins_of_a_page_have_the_numbers_of_the_list(town: Town, browser: Browser) -> None:
    town.add_many({f"Walk {n:02}": (53.6 + n / 100, -2.2) for n in range(25)} | {"Wandering": None})
    second = browser.get("/find?view=map&page=2").text
    view = json.loads(second.split('id="map-view">')[1].split("</script>")[0])
    assert [spot["number"] for spot in view["spots"]] == [21, 22, 23, 24, 25]
    for spot in view["spots"]:
        card = second.split(f'id="group-{spot["id"]}"')
        assert f'hub-numbered__number">{spot["number"]}</span>' in card[0][-200:]
        assert f"Walk {spot['number'] - 1}" in card[1]
    assert "26 groups" in second


HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "{% if %}",
    "</script><b>", "'; DROP TABLE listing; --", "\u202etxt.exe", "שלום", "x" * 200,
    "a\\u0027b`${1}",
]  # fmt: skip


def test_hostile_names_come_out_as_they_were_written(town: Town, browser: Browser) -> None:
    town.add_many({name: (53.6 + n / 100, -2.2) for n, name in enumerate(HOSTILE)})
    shown = browser.get("/find.geojson?bbox=-3,53,-2,54").json or {}
    assert {f["properties"]["name"] for f in shown["features"]} == set(HOSTILE)
    page = browser.get("/find?view=map").text
    assert "{{7*7}}" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
