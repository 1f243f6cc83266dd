"""Pictures of the ground from one PMTiles file of our own, so that no other host is asked."""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import escape
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import TileType

from asset_hub.config import Settings, UnsafeSettings

PICTURES = {
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
}
OURS = "/tiles/{z}/{x}/{y}"


class Pack(NamedTuple):
    """An open file of tiles."""

    reader: Any
    kind: str  # of the pictures
    farthest: int  # the zoom it begins at
    closest: int  # and the one it ends at
    edges: list[list[float]]  # [[south, west], [north, east]]


def ground(settings: Settings) -> dict[str, Any]:
    """Return whose tiles the map shows: another host's, else ours, else none."""
    pack = None if settings.tile_url else opened(settings.tile_file)
    url = settings.tile_url or (OURS if pack else "")
    return {
        "url": url,
        "attribution": str(escape(settings.tile_attribution)),  # Leaflet takes it as HTML
        "farthest": pack.farthest if pack else None,
        "closest": pack.closest if pack else None,
        "edges": pack.edges if pack else None,
    }


@lru_cache(maxsize=4)
def opened(path: str) -> Pack | None:
    """Open a file of tiles; None without one. Raise UnsafeSettings when it holds no pictures."""
    if not path:
        return None
    try:
        with Path(path).open("rb") as file:
            reader: Any = Reader(MmapSource(file))  # type: ignore[no-untyped-call]
        header = reader.header()
    except (OSError, ValueError, KeyError, IndexError) as wrong:
        raise UnsafeSettings(f"TILE_FILE cannot be read as PMTiles: {wrong}") from wrong
    except Exception as wrong:  # the reader has an exception of its own for each thing amiss
        raise UnsafeSettings(f"TILE_FILE is no PMTiles file: {path}") from wrong
    if header["tile_type"] not in PICTURES:
        raise UnsafeSettings("TILE_FILE must hold PNG, JPEG or WebP: the map draws pictures only")
    west, south, east, north = (
        header[f"{end}_{way}_e7"] / 1e7 for end in ("min", "max") for way in ("lon", "lat")
    )
    edges = [[south, west], [north, east]]
    kind = PICTURES[header["tile_type"]]
    return Pack(reader, kind, int(header["min_zoom"]), int(header["max_zoom"]), edges)
