"""The ground of the map: names that can be read, and pictures from a file of our own."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

from asset_hub.core import db
from asset_hub.demo import service as demo
from tests.browser.site import Site, served
from tests.browser.test_map import opened

pytestmark = pytest.mark.browser
# Names that can be seen, then groups, each as (left, top, right, bottom).
DRAWN = """[".hub-map-label:not(.hub-map-label--under) span", ".hub-marker"].map(s =>
  [...document.querySelectorAll(s)].map(e => {
    const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; }))"""
DEEPEST = 6
PATH = "/find?view=map"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("ground"), demo=True) as site:
        with site.app.app_context(), db.transaction() as session:
            demo.fill(session, now=site.now)
        yield site


def green(folder: Path) -> Path:
    """Write a file of tiles: every one down to a zoom, the whole world over."""
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), (0, 128, 0)).save(picture, "PNG")
    path = folder / "green.pmtiles"
    with write(str(path)) as writer:
        for zoom in range(DEEPEST + 1):
            spots = [(x, y) for x in range(1 << zoom) for y in range(1 << zoom)]
            for key in sorted(zxy_to_tileid(zoom, *spot) for spot in spots):
                writer.write_tile(key, picture.getvalue())
        everywhere = {"min_lon_e7": -1800000000, "min_lat_e7": -850000000,
                      "max_lon_e7": 1800000000, "max_lat_e7": 850000000,
                      "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0}  # fmt: skip
        kind = {"tile_type": TileType.PNG, "tile_compression": Compression.NONE}
        writer.finalize(kind | everywhere, {})
    return path


def apart(one: list[float], other: list[float]) -> bool:
    return bool(
        one[2] <= other[0] + 1 or other[2] <= one[0] + 1
        or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
    )  # fmt: skip


@pytest.mark.parametrize("width", [1280, 320])
def test_names_lie_on_nothing_at_any_zoom(town: Site, chrome: Browser, width: int) -> None:
    seen: set[str] = set()
    size = {"width": width, "height": 800}
    with opened(chrome, town, PATH, viewport=size, reduced_motion="reduce") as page:
        for _ in range(7):
            page.wait_for_load_state("networkidle")
            names, groups = page.evaluate(DRAWN)
            for n, one in enumerate(names):
                assert all(apart(one, other) for other in names[:n])
                assert all(apart(one, other) for other in groups)
            shown = page.locator(".hub-map-label:not(.hub-map-label--under) span")
            seen |= set(shown.all_inner_texts())
            with page.expect_response(lambda answer: "find.geojson" in answer.url):
                page.locator(".leaflet-control-zoom-out").click()
        assert page.locator(".hub-map-label :not([aria-hidden])").count() == 0
    assert {"Averholme and the Tarns", "Canalside", "Weavers’ Rise"} <= seen


def test_a_file_of_our_own_is_the_ground_and_nobody_else_is_asked(
    chrome: Browser, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    ours = served(folder, tile_file=str(green(tmp_path)), tile_attribution="A test")
    with ours as site, opened(chrome, site, PATH) as page:
        tiles = page.locator("img.leaflet-tile-loaded")
        expect(tiles.first).to_be_visible()
        assert tiles.first.evaluate("tile => tile.naturalWidth") == 256
        expect(page.locator(".leaflet-control-attribution")).to_contain_text("A test")
        assert page.locator(".hub-map-label--town").count() == 0  # pictures have names
