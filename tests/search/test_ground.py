"""Where our communities are: on the ground of every map, as a place to ask from, and in words."""

import json
import re
from html import unescape
from typing import Any

import pytest

from asset_hub.communities.models import Community, Locality
from asset_hub.directory.models import Visibility
from tests.conftest import Browser
from tests.search.conftest import HALL, Town

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-2.3, 53.5], [-2.1, 53.5], [-2.1, 53.7], [-2.3, 53.7], [-2.3, 53.5]]],
}


def headline(page: str) -> str:
    """Return the h1 of a page."""
    return unescape(page.split('<h1 class="govuk-heading-xl">')[1].split("</h1>")[0])


@pytest.fixture
def ashby(town: Town) -> Community:
    """Give Ashby a boundary, and Elsewhere no more than a point."""
    here, there = town.cast.ashby, town.cast.elsewhere
    here.boundary, here.west, here.south, here.east, here.north = SQUARE, -2.3, 53.5, -2.1, 53.7
    here.latitude, here.longitude = HALL
    there.latitude, there.longitude = 53.9, -2.9
    town.session.add_all([here, there])
    town.session.commit()
    return here


def features(browser: Browser) -> dict[str, Any]:
    found = browser.get("/places.geojson").json
    assert found
    return {feature["properties"]["name"]: feature for feature in found["features"]}


def test_the_map_has_our_communities_as_boundaries_or_else_as_points(
    ashby: Community, browser: Browser
) -> None:
    found = features(browser)
    assert found["Ashby"]["geometry"] == SQUARE
    assert found["Ashby"]["properties"] == {
        "name": "Ashby", "url": "/communities/ashby", "label": [-2.2, 53.7]
    }  # fmt: skip
    assert found["Elsewhere"]["geometry"] == {"type": "Point", "coordinates": [-2.9, 53.9]}


def test_towns_that_our_places_name_are_there_to_find_ones_way_by(
    ashby: Community, town: Town, browser: Browser
) -> None:
    for n, city in enumerate(["Millbrook"] * 3 + ["Ashby"] * 3 + ["Once"]):
        _meets_in(town, f"Choir {n}", city, at=(53.62, -2.25))
    for n in range(3):
        _meets_in(town, f"Refuge {n}", "Nowhere", at=(53.6, -2.2), visibility=Visibility.AREA)
    found = features(browser)
    assert found["Millbrook"]["properties"] == {
        "name": "Millbrook", "town": True, "label": [-2.25, 53.62]
    }  # fmt: skip
    assert "town" not in found["Ashby"]["properties"]  # it is a community's name already
    assert not {"Once", "Nowhere"} & set(found)  # too few to tell, or not shown exactly


def test_a_locality_stands_in_the_middle_of_its_communities(
    ashby: Community, town: Town, browser: Browser
) -> None:
    locality = Locality(name="The Vale")
    town.session.add(locality)
    for community in (ashby, town.cast.elsewhere):
        community.locality_id = locality.id
    town.session.commit()
    assert features(browser)["The Vale"]["properties"]["label"] == [-2.55, 53.75]


def _meets_in(town: Town, name: str, city: str, **where: Any) -> None:
    group = town.add(name, **where)
    group.places[0].location.city = city
    town.session.commit()


def test_a_community_that_nobody_has_placed_is_not_on_the_map(town: Town, browser: Browser) -> None:
    town.cast.ashby.latitude = town.cast.ashby.longitude = None
    town.session.commit()
    assert features(browser) == {}


def test_what_a_community_is_called_can_not_break_out_of_the_answer(
    ashby: Community, town: Town, browser: Browser
) -> None:
    ashby.name = '"}</script><b>{{7*7}}'
    town.session.commit()
    assert ashby.name in features(browser)


def test_the_ground_of_the_map_may_be_kept_and_asked_for_again(
    ashby: Community, browser: Browser
) -> None:
    first = browser.get("/places.geojson")
    assert first.mimetype == "application/geo+json"
    assert first.headers["Cache-Control"].startswith("public")
    again = browser.get("/places.geojson", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("typed", ["Ashby", " ashby ", "ASHBY"])
def test_the_name_of_a_community_does_instead_of_a_postcode(
    ashby: Community, town: Town, browser: Browser, typed: str
) -> None:
    town.add("Choir", at=HALL)
    page = browser.get("/find", query_string={"near": typed, "within": 1}).text
    assert "1 group within 1 mile" in page
    assert "Measured from the middle of Ashby." in page
    assert headline(page) == "Support near Ashby"
    assert "<title>Error" not in page


def test_the_map_shows_where_the_question_was_asked_from(
    ashby: Community, town: Town, browser: Browser
) -> None:
    town.add("Choir", at=HALL)
    assert '"here": [53.6, -2.2]' in browser.get("/find?view=map&near=ZZ9+9ZZ").text
    assert '"here": null' in browser.get("/find?view=map").text


def test_a_map_near_a_place_opens_on_it_and_on_what_was_found_and_no_wider(
    ashby: Community, town: Town, browser: Browser
) -> None:
    town.add("North choir", at=(53.65, -2.2))
    page = browser.get("/find?view=map&near=ZZ9+9ZZ").text
    ((south, west), (north, east)) = json.loads(re.findall(r'"bounds": (.*?\]\])', page)[0])
    assert 53.59 < south < 53.6
    assert north == pytest.approx(53.65, abs=0.001)
    assert -2.22 < west < -2.2 < east < -2.18


def test_choosing_a_place_opens_on_our_communities_and_the_map_comes_first(
    ashby: Community, browser: Browser
) -> None:
    page = browser.get("/find?pin=choose").text
    assert '"bounds": [[53.5, -2.9], [53.9, -2.1]]' in page
    assert page.index('id="pin-map"') < page.index('id="lat"') < page.index('id="lng"')
    assert page.count("Filled in by the pin") == 2


def test_a_map_without_a_single_group_opens_on_our_communities(
    ashby: Community, browser: Browser
) -> None:
    assert '"bounds": [[53.5, -2.9], [53.9, -2.1]]' in browser.get("/find?view=map").text


def test_far_from_all_our_communities_the_answer_says_so(
    ashby: Community, town: Town, browser: Browser
) -> None:
    town.add("Choir", at=HALL)
    far = "we have no communities within 50 miles"
    assert far in browser.get("/find?lat=50.1&lng=-5.5").text
    assert far not in browser.get("/find?lat=53.5&lng=-2.5").text
    assert far not in browser.get("/find").text


def test_where_nobody_has_placed_a_community_no_place_is_far(town: Town, browser: Browser) -> None:
    town.cast.ashby.latitude = town.cast.ashby.longitude = None
    town.session.commit()
    assert "50 miles" not in browser.get("/find?lat=50.1&lng=-5.5").text


def test_the_map_says_what_it_can_not_show(town: Town, browser: Browser) -> None:
    town.add("Choir", at=HALL)
    town.add("Online choir")
    town.add("Bingo", at=HALL)
    assert "1 group has no place on the map" in browser.get("/find?view=map&q=choir").text
    assert "no place on the map" not in browser.get("/find?view=map&q=bingo").text
    assert "no place on the map" not in browser.get("/find?q=choir").text
