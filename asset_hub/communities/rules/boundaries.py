"""Boundaries as GeoJSON geometries: read from pasted text, and asked what they hold."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from asset_hub.communities.rules.crossings import Ring, TooMuch, first_crossing
from asset_hub.core.errors import RuleBroken

WEST, SOUTH, EAST, NORTH = -11.0, 49.0, 3.0, 62.0  # a box around these islands
MOST_POSITIONS = 20_000
BOUNDARY_LETTERS = 1_000_000
TOO_DETAILED = "The boundary is too detailed: simplify it and paste it again"
SIMPLIFY = "It is too detailed: keep only the shape of the community, and simplify it"
SHORTEST_CORNER = 14  # letters that most corners need at the least: [-2.1,53.511],
LONGEST_FILE = 8_000_000  # letters of an upload, before what is not needed is left out

_NAME = re.compile(r"name|nm$|title|label", re.IGNORECASE)

Position = list[float]
Polygon = list[Ring]
Boundary = dict[str, Any]  # a GeoJSON geometry, Polygon or MultiPolygon (RFC 7946 §3.1)


def is_around_here(latitude: float, longitude: float) -> bool:
    """Return whether a point lies on or near these islands (ONSPD writes 99.999999 for none)."""
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def boundary_from(text: str, which: str = "") -> Boundary | None:
    """Return the geometry in a GeoJSON text; None for no text; raise RuleBroken else.

    A Feature, or a FeatureCollection of one, is unwrapped; of several the one is taken whose
    place among `shapes_in` is `which`. Heights are dropped, open rings closed, coordinates kept
    to 6 decimals (10 cm). A boundary whose lines cross is refused: nobody could say what is in it.
    """
    if not text.strip():
        return None
    shapes = shapes_in(text)
    if len(shapes) > 1 and which not in {str(place) for place in range(len(shapes))}:
        raise RuleBroken(f"Choose which of the {len(shapes)} shapes is the boundary", field="which")
    boundary = geometry(shapes[int(which) if len(shapes) > 1 else 0].found)
    if at := crossing(boundary):
        raise _refused(
            f"The boundary crosses itself near latitude {at[1]:.4f}, longitude {at[0]:.4f}."
            " Move a corner there so that no two of its lines cross"
        )
    return boundary


@dataclass(frozen=True)
class Shape:
    """One feature of a file: what it is called, and its geometry as it was found."""

    name: str
    found: Any
    facts: dict[str, Any]


def shapes_in(text: str, most_letters: int = BOUNDARY_LETTERS) -> list[Shape]:
    """Return the features of a GeoJSON text, in order; raise RuleBroken when there is none."""
    found = _parsed(text, most_letters)
    if isinstance(found, dict) and found.get("type") == "FeatureCollection":
        features = found.get("features")
        if not isinstance(features, list) or not features:
            raise _refused("There is no shape in it: the list of features is empty")
        return [_shape(feature, place) for place, feature in enumerate(features, 1)]
    return [_shape(found, 1)]


def slim(text: str, most_letters: int) -> str:
    """Return a GeoJSON text with names and shapes alone, as short as they can be written.

    Lines and points are left out. Raise RuleBroken when it is still longer than `most_letters`.
    """
    shapes = [
        shape
        for shape in shapes_in(text, LONGEST_FILE)
        if isinstance(shape.found, dict) and shape.found.get("type") in ("Polygon", "MultiPolygon")
    ]
    if not shapes:
        raise _refused("There is no Polygon or MultiPolygon in it")
    kept: Any = list(_within(shapes, most_letters))
    kept = (
        kept[0]["geometry"] if len(kept) == 1 else {"type": "FeatureCollection", "features": kept}
    )
    short = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    if len(short) > most_letters:
        raise _refused(SIMPLIFY)
    return short


def _within(shapes: list[Shape], most_letters: int) -> Iterator[dict[str, Any]]:
    """Yield shapes put in order, and stop with words as soon as they are too much to keep."""
    left = most_letters // SHORTEST_CORNER
    for shape in shapes:
        put = geometry(shape.found)
        left -= sum(len(ring) for polygon in polygons(put) for ring in polygon)
        if left < 0:
            raise _refused(SIMPLIFY)
        yield {"type": "Feature", "properties": {"name": shape.name}, "geometry": put}


def _shape(found: Any, place: int) -> Shape:
    """Unwrap a feature; a name is the first of its facts that is called one."""
    facts: dict[str, Any] = {}
    if isinstance(found, dict) and found.get("type") == "Feature":
        given = found.get("properties")
        facts, found = given if isinstance(given, dict) else {}, found.get("geometry")
    names = [value for key, value in facts.items() if _NAME.search(str(key)) and value]
    return Shape(str(names[0])[:100] if names else f"Shape {place}", found, facts)


def geometry(found: Any) -> Boundary:
    """Return a Polygon or a MultiPolygon put in order; raise RuleBroken for anything else."""
    if not isinstance(found, dict):
        raise _refused("Give the boundary as GeoJSON, starting with { and ending with }")
    kind, coordinates = found.get("type"), found.get("coordinates")
    if kind == "Polygon":
        return {"type": kind, "coordinates": _polygon(coordinates)}
    if kind == "MultiPolygon" and isinstance(coordinates, list) and coordinates:
        return {"type": kind, "coordinates": [_polygon(part) for part in coordinates]}
    raise _refused("The boundary must be a Polygon or a MultiPolygon")


def _refused(words: str) -> RuleBroken:
    return RuleBroken(words, field="boundary")


def _parsed(text: str, most_letters: int) -> Any:
    if len(text) > most_letters:
        raise _refused(TOO_DETAILED)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise _refused("Give the boundary as GeoJSON, starting with { and ending with }") from None


def _polygon(rings: Any) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise _refused("The boundary has no corners")
    if sum(len(ring) for ring in rings if isinstance(ring, list)) > MOST_POSITIONS:
        raise _refused(TOO_DETAILED)  # before each corner is looked at
    found = [_ring(ring) for ring in rings]
    if sum(len(ring) for ring in found) > MOST_POSITIONS:
        raise _refused(TOO_DETAILED)
    return found


def _ring(ring: Any) -> Ring:
    if not isinstance(ring, list):
        raise _refused("The boundary has no corners")
    found = [_position(position) for position in ring]
    if found and found[0] != found[-1]:
        found.append(list(found[0]))
    if len({tuple(position) for position in found}) < 3:
        raise _refused("The boundary must have three different corners or more")
    return found


def _position(position: Any) -> Position:
    numbers = position[:2] if isinstance(position, list) else []
    if len(numbers) != 2 or not all(_is_number(n) for n in numbers):
        raise _refused("Each corner of the boundary must be two numbers: longitude, latitude")
    longitude, latitude = float(numbers[0]), float(numbers[1])
    if not is_around_here(latitude, longitude):
        raise _refused("The boundary is far away: write longitude first, then latitude")
    return [round(longitude, 6), round(latitude, 6)]


def _is_number(value: Any) -> bool:
    known = isinstance(value, (int, float)) and not isinstance(value, bool)
    return known and abs(value) <= 180 and math.isfinite(value)


def crossing(boundary: Boundary) -> tuple[float, float] | None:
    """Return the longitude and latitude where a boundary crosses itself, or None."""
    rings = [ring for polygon in polygons(boundary) for ring in polygon]
    try:
        return first_crossing(rings)
    except TooMuch:
        raise _refused(TOO_DETAILED) from None


def polygons(boundary: Boundary) -> list[Polygon]:
    """Return the polygons of a boundary, each an outer ring and its holes."""
    parts = boundary["coordinates"]
    found: list[Polygon] = [parts] if boundary["type"] == "Polygon" else parts
    return found


def contains(boundary: Boundary, latitude: float, longitude: float) -> bool:
    """Return whether a point is inside a boundary and in none of its holes (even-odd rule)."""
    return any(
        sum(_crosses(ring, latitude, longitude) for ring in polygon) % 2
        for polygon in polygons(boundary)
    )


def _crosses(ring: Ring, latitude: float, longitude: float) -> int:
    """Count how often a line going east from the point crosses the ring."""
    count = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > latitude) != (y2 > latitude):
            count += longitude < x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
    return count


def box(boundary: Boundary) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a boundary."""
    corners = [position for polygon in polygons(boundary) for position in polygon[0]]
    longitudes, latitudes = [c[0] for c in corners], [c[1] for c in corners]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def area(boundary: Boundary) -> float:
    """Return the size of a boundary in square degrees, holes taken out: only for comparing."""
    return sum(
        abs(_shoelace(polygon[0])) - sum(abs(_shoelace(hole)) for hole in polygon[1:])
        for polygon in polygons(boundary)
    )


def _shoelace(ring: Ring) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2
