"""Boundaries as GeoJSON geometries: read from pasted text, and asked what they hold."""

import json
import math
from itertools import pairwise
from typing import Any

from asset_hub.core.errors import RuleBroken

WEST, SOUTH, EAST, NORTH = -11.0, 49.0, 3.0, 62.0  # a box around these islands
MOST_POSITIONS = 20_000
BOUNDARY_LETTERS = 1_000_000

Position = list[float]
Ring = list[Position]
Polygon = list[Ring]
Boundary = dict[str, Any]  # a GeoJSON geometry, Polygon or MultiPolygon (RFC 7946 §3.1)


def is_around_here(latitude: float, longitude: float) -> bool:
    """Return whether a point lies on or near these islands (ONSPD writes 99.999999 for none)."""
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def boundary_from(text: str) -> Boundary | None:
    """Return the geometry in a pasted GeoJSON text; None for no text; raise RuleBroken else.

    A Feature, or a FeatureCollection of one, is unwrapped. Heights are dropped, open rings
    closed, coordinates kept to 6 decimals (10 cm).
    """
    if not text.strip():
        return None
    found = _unwrapped(_parsed(text))
    kind, coordinates = found.get("type"), found.get("coordinates")
    if kind == "Polygon":
        return {"type": kind, "coordinates": _polygon(coordinates)}
    if kind == "MultiPolygon" and isinstance(coordinates, list) and coordinates:
        return {"type": kind, "coordinates": [_polygon(part) for part in coordinates]}
    raise _refused("The boundary must be a Polygon or a MultiPolygon")


def _refused(words: str) -> RuleBroken:
    return RuleBroken(words, field="boundary")


def _parsed(text: str) -> Any:
    if len(text) > BOUNDARY_LETTERS:
        raise _refused("The boundary is too detailed: simplify it and paste it again")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise _refused("Paste the boundary as GeoJSON, starting with { and ending with }") from None


def _unwrapped(found: Any) -> dict[str, Any]:
    for _ in range(2):
        if isinstance(found, dict) and found.get("type") == "FeatureCollection":
            features = found.get("features")
            if not isinstance(features, list) or len(features) != 1:
                raise _refused("The boundary must be one shape: paste a single feature")
            found = features[0]
        if isinstance(found, dict) and found.get("type") == "Feature":
            found = found.get("geometry")
    if not isinstance(found, dict):
        raise _refused("Paste the boundary as GeoJSON, starting with { and ending with }")
    return found


def _polygon(rings: Any) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise _refused("The boundary has no corners")
    found = [_ring(ring) for ring in rings]
    if sum(len(ring) for ring in found) > MOST_POSITIONS:
        raise _refused("The boundary is too detailed: simplify it and paste it again")
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
