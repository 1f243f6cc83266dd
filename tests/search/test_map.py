"""Pieces of the map: places, circles that stand for several, and boxes of every kind."""

import json
import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asset_hub.config import ROOT
from asset_hub.core import db
from asset_hub.core.grid import EDGE, SIZE, from_grid, to_grid
from asset_hub.search.geo import WORLD, Box, Point, around, columns, distance
from asset_hub.search.map import frame
from asset_hub.search.queries import Question, places
from asset_hub.search.queries.clusters import MOST_ZOOM, WIDEST, Cell, merge
from asset_hub.search.queries.finding import FEW
from tests.conftest import Browser
from tests.search.conftest import Town

LATITUDES, LONGITUDES = st.floats(-EDGE, EDGE), st.floats(-180, 180)


@given(LATITUDES, LONGITUDES)
def test_a_cell_of_the_grid_lies_where_its_point_is(latitude: float, longitude: float) -> None:
    back = Point(*from_grid(*to_grid(latitude, longitude)))
    assert distance(back, Point(latitude, min(longitude, 179.999999))) < 2


@given(LATITUDES, LONGITUDES, st.floats(1, 1_000_000), st.floats(0, 2 * math.pi))
def test_a_box_around_a_point_holds_its_whole_circle(
    latitude: float, longitude: float, metres: float, bearing: float
) -> None:
    box = around(Point(latitude, longitude), metres)
    angle = metres / 6_371_008.8 * 0.999
    north = math.radians(latitude)
    up = math.asin(
        max(-1, min(1, math.sin(north) * math.cos(angle)
            + math.cos(north) * math.sin(angle) * math.cos(bearing)))
    )  # fmt: skip
    across = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(north),
        math.cos(angle) - math.sin(north) * math.sin(up),
    )
    assert box.south - 1e-6 <= math.degrees(up) <= box.north + 1e-6
    if (box.west, box.east) != (-180, 180):
        assert box.west - 1e-6 <= longitude + math.degrees(across) <= box.east + 1e-6


@pytest.mark.parametrize(
    ("box", "spans"),
    [
        (WORLD, [(0, SIZE - 1)]),
        (Box(-400, -90, 400, 90), [(0, SIZE - 1)]),
        (Box(0, 0, 90, 1), [(SIZE // 2, SIZE * 3 // 4)]),
        (Box(360, 0, 450, 1), [(SIZE // 2, SIZE * 3 // 4)]),
        (Box(90, 0, 180, 1), [(SIZE * 3 // 4, SIZE - 1)]),
        (Box(90, 0, 270, 1), [(SIZE * 3 // 4, SIZE - 1), (0, SIZE // 4)]),
        (Box(90, 0, -90, 1), [(SIZE * 3 // 4, SIZE - 1), (0, SIZE // 4)]),
        (Box(-270, 0, -90, 1), [(SIZE * 3 // 4, SIZE - 1), (0, SIZE // 4)]),
    ],
)
def test_a_box_may_lie_any_way_round_the_world(box: Box, spans: list[tuple[int, int]]) -> None:
    assert columns(box) == spans


CELLS = st.lists(
    st.tuples(st.integers(1, 50), st.integers(0, 40_000), st.integers(0, 40_000)), max_size=60
)


@given(CELLS, st.integers(0, 20))
def test_circles_never_overlap_and_nothing_is_lost(
    given_: list[tuple[int, int, int]], zoom: int
) -> None:
    cells = [Cell(count, x, y, x, y, x, y, str(n)) for n, (count, x, y) in enumerate(given_)]
    merged = merge(cells, zoom)
    assert sum(cell.count for cell in merged) == sum(count for count, _, _ in given_)
    reach = WIDEST * 2 ** max(0, MOST_ZOOM - zoom)
    for n, one in enumerate(merged):
        assert one.west <= one.x <= one.east
        for other in merged[:n]:
            assert math.hypot(one.x - other.x, one.y - other.y) >= reach


@pytest.fixture
def many(town: Town) -> Town:
    spots = {f"Walk {n}": (53.6 + n / 20_000, -2.2 + n / 20_000) for n in range(FEW + 10)}
    town.add_many({**spots})
    town.add("Far away", at=(54.9, -1.4))
    return town


def test_what_crowds_becomes_circles_and_what_stands_alone_stays(many: Town) -> None:
    with db.reading() as connection:
        view = places(connection, Question(), WORLD, 8)
    features = [json.loads(feature) for feature in view.features]
    alone, circle = features
    assert alone["properties"]["name"] == "Far away"
    assert circle["properties"]["cluster"] is True
    assert circle["properties"]["count"] == FEW + 10
    west, south, east, north = circle["properties"]["bounds"]
    lng, lat = circle["geometry"]["coordinates"]
    assert west <= lng <= east
    assert south <= lat <= north


@pytest.mark.parametrize("box", [WORLD, Box(-2.21, 53.59, -2.1995, 53.6004), Box(0, 0, 1, 1)])
def test_the_counts_of_a_view_add_up_to_the_places_in_it(many: Town, box: Box) -> None:
    inside = sum(
        1 for n in range(FEW + 10) if box.south <= 53.6 + n / 20_000 <= box.north
        and box.west <= -2.2 + n / 20_000 <= box.east
    ) + (box == WORLD)  # fmt: skip
    for zoom in (0, 5, 9, 11, 13, 15, 16, 18, 22):
        with db.reading() as connection:
            view = places(connection, Question(), box, zoom)
        counts = [json.loads(f)["properties"].get("count", 1) for f in view.features]
        assert sum(counts) == view.total
        assert abs(view.total - inside) <= 1


def test_close_by_every_place_is_shown(many: Town) -> None:
    with db.reading() as connection:
        view = places(connection, Question(), Box(-2.3, 53.5, -2.1, 53.7), 16)
    assert len(view.features) == FEW + 10
    assert not any("cluster" in feature for feature in view.features)


def test_the_map_has_the_same_filters_as_the_list(many: Town, browser: Browser) -> None:
    many.add("Choir", at=(53.61, -2.21), topics=("music",), community=many.cast.elsewhere)
    for question in (
        "q=choir",
        "topic=music",
        "community=elsewhere",
        "q=choir&near=ZZ99ZZ&within=2",
    ):
        shown = browser.get(f"/find.geojson?bbox=-3,53,-2,54&zoom=12&{question}").json
        assert shown
        assert [f["properties"]["name"] for f in shown["features"]] == ["Choir"], question
        nothing = browser.get(f"/find.geojson?bbox=0,50,1,51&zoom=12&{question}").json
        assert nothing == {"type": "FeatureCollection", "total": 0, "features": []}


@pytest.mark.parametrize(
    "window",
    ["bbox=1,2,3", "bbox=a,b,c,d", "bbox=nan,0,1,1", "bbox=0,0,inf,1", "bbox=0,10,1,5", "bbox=,,,",
     "bbox=0,91,1,92", "bbox=-9999,0,0,1", "bbox=1,2,3,4,5", "zoom=abc", "zoom=-1", "zoom=99",
     "zoom=nan", "bbox=0;0;1;1"],
)  # fmt: skip
def test_a_window_that_is_none_is_refused_in_words(browser: Browser, window: str) -> None:
    response = browser.get(f"/find.geojson?{window}")
    assert response.status_code == 422
    assert all((response.json or {})["errors"].values())


@pytest.mark.parametrize(
    "window",
    ["bbox=-180,-90,180,90", "bbox=170,-20,-170,20", "bbox=-2.3,53.5,-2.3,53.5", "zoom=0",
     "zoom=22",
     "bbox=-500,-95,500,95&zoom=3.7", "bbox=-2.2,89,-2.1,90", " bbox= -3, 53, -2, 54 "],
)  # fmt: skip
def test_any_window_on_earth_is_answered(town: Town, browser: Browser, window: str) -> None:
    town.add("Choir", at=(53.6, -2.2))
    response = browser.get(f"/find.geojson?{window}")
    assert response.status_code == 200
    assert response.mimetype == "application/geo+json"


def test_the_frame_holds_settings_and_nothing_that_anybody_wrote() -> None:
    drawn = frame("/find.geojson", "/places.geojson", "/static/outline.geojson", tiled=False)
    assert drawn.html == '<div class="hub-map hub-map--tall" id="hub_map"></div>'
    assert len(drawn.script) < 1_000
    assert 'hubMap.places(hub_map, "/places.geojson")' in drawn.script
    assert "http" not in drawn.script
    assert "hubMap.outline(" in drawn.script
    tiled = frame("/find.geojson", "/places.geojson", "/static/outline.geojson", tiled=True)
    assert "hubMap.tiles(hub_map, hub_map_view.tiles" in tiled.script
    assert "hubMap.outline" not in tiled.script


def test_no_other_file_touches_folium() -> None:
    folder = ROOT / "asset_hub"
    found = {
        path.name for path in folder.rglob("*.py")
        if any(name in path.read_text() for name in ("import folium", "from folium", "branca."))
    }  # fmt: skip
    assert found == {"map.py"}


@pytest.mark.parametrize("script", sorted((ROOT / "static/js").glob("*.js")), ids=lambda p: p.name)
def test_no_script_of_ours_makes_html_of_words(script: Path) -> None:
    """A name in a popup or a label is text: nothing that somebody typed becomes an element."""
    source = script.read_text()
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                "new Function", "createContextualFragment"):  # fmt: skip
        assert way not in source, way
    assert not re.search(r"bind(Popup|Tooltip)\((?!function)", source), "Leaflet reads text as HTML"
