"""Pictures of the ground from a file of our own, or from the one host that the settings name."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

from asset_hub import create_app
from asset_hub.config import UnsafeSettings
from asset_hub.search.ground import ground, opened
from tests.conftest import Browser, test_settings
from tests.search.conftest import Town

PICTURE = b"\x89PNG not really"
Pack = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    def make(kind: TileType = TileType.PNG) -> Path:
        path = tmp_path / f"{kind.name}.pmtiles"
        with write(str(path)) as writer:
            for zoom, column, row in ((0, 0, 0), (1, 0, 0), (1, 1, 1)):
                key = zxy_to_tileid(zoom, column, row)
                writer.write_tile(key, PICTURE + bytes([zoom, column, row]))
            edges = {"min_lon_e7": 0, "min_lat_e7": 0, "max_lon_e7": 1, "max_lat_e7": 1,
                     "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0}  # fmt: skip
            head = {"tile_type": kind, "tile_compression": Compression.NONE, **edges}
            writer.finalize(head, {})
        return path

    return make


@pytest.fixture
def use(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def change(**more: Any) -> None:
        given = replace(app.extensions["settings"], **more)
        monkeypatch.setitem(app.extensions, "settings", given)

    return change


def test_a_file_of_tiles_is_served_by_us(
    app: Flask, town: Town, browser: Browser, pack: Pack, use: Callable[..., None]
) -> None:
    use(tile_file=str(pack()), tile_attribution="© <b>Maps</b>")
    answer = browser.get("/tiles/1/1/1")
    assert answer.data == PICTURE + bytes([1, 1, 1])
    assert answer.mimetype == "image/png"
    assert "max-age=86400" in answer.headers["Cache-Control"]
    page = browser.get("/find?view=map")
    assert '"url": "/tiles/{z}/{x}/{y}"' in page.text
    assert ground(app.extensions["settings"])["attribution"] == "© &lt;b&gt;Maps&lt;/b&gt;"
    assert "img-src 'self' data:;" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["1/0/1", "1/2/0", "1/0/2", "23/0/0", "99999/1/1", "0/0/1"])
def test_a_tile_that_is_not_there_is_not_found(
    town: Town, browser: Browser, pack: Pack, use: Callable[..., None], path: str
) -> None:
    assert browser.get("/tiles/0/0/0").status_code == 404  # without a file
    use(tile_file=str(pack()))
    assert browser.get(f"/tiles/{path}").status_code == 404


@pytest.mark.parametrize("kind", [TileType.MVT, TileType.UNKNOWN])
def test_a_site_does_not_start_with_tiles_it_cannot_draw(
    pack: Pack, tmp_path: Path, kind: TileType
) -> None:
    given = test_settings("sqlite://", tmp_path, tile_file=str(pack(kind)))
    with pytest.raises(UnsafeSettings, match="PNG, JPEG or WebP"):
        create_app(given)


@pytest.mark.parametrize("text", [b"", b"PMTiles", b"not at all" * 100])
def test_a_file_that_is_something_else_is_told_at_the_start(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "wrong.pmtiles"
    path.write_bytes(text)
    with pytest.raises(UnsafeSettings, match="TILE_FILE"):
        opened(str(path))
    with pytest.raises(UnsafeSettings, match="TILE_FILE"):
        opened(str(tmp_path / "missing.pmtiles"))


def test_another_hosts_tiles_add_exactly_that_host(
    town: Town, browser: Browser, pack: Pack, use: Callable[..., None]
) -> None:
    url = "https://{s}.tiles.example.org/{z}/{x}/{y}.png"
    use(tile_url=url, tile_file=str(pack()))
    page = browser.get("/find?view=map")
    policy = page.headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://*.tiles.example.org;" in policy
    assert policy.count("https://") == 1
    assert url in page.text


def test_the_map_knows_where_the_file_ends_and_asks_for_nothing_beyond(
    tmp_path: Path, pack: Pack
) -> None:
    said = ground(test_settings("sqlite://", tmp_path, tile_file=str(pack())))
    assert (said["farthest"], said["closest"]) == (0, 1)
    assert said["edges"] == [[0.0, 0.0], [1e-7, 1e-7]]


def test_without_either_there_is_the_coast(tmp_path: Path) -> None:
    assert ground(test_settings("sqlite://", tmp_path))["url"] == ""
