"""Points, distances and boxes on the map. Pure: numbers in, numbers out."""

import math
from dataclasses import dataclass

from asset_hub.core.grid import EARTH, SIZE, apart, column, to_grid

MILE = 1609.344  # metres
DEGREE = math.radians(EARTH)  # metres in a degree of latitude


@dataclass(frozen=True)
class Point:
    """A place on earth, in WGS84 degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Box:
    """A rectangle of the map in degrees; it crosses the antimeridian when west > east."""

    west: float
    south: float
    east: float
    north: float


WORLD = Box(-180.0, -90.0, 180.0, 90.0)


def distance(one: Point, other: Point) -> float:
    """Return the metres between two points along the ground."""
    return apart((one.latitude, one.longitude), (other.latitude, other.longitude))


def chord_squared(metres: float) -> float:
    """Return the squared straight line, in earth radii, under a distance along the ground."""
    return 4 * math.sin(min(metres / EARTH, math.pi) / 2) ** 2


def along_ground(chord: float) -> float:
    """Return the metres along the ground of a squared straight line in earth radii."""
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(max(chord, 0.0)) / 2))


def around(middle: Point, metres: float) -> Box:
    """Return a box that holds every point within a distance.

    Near a pole, or where it would cross the antimeridian, it is as wide as the world.
    """
    up = metres / DEGREE
    south, north = middle.latitude - up, middle.latitude + up
    squeeze = min(math.cos(math.radians(max(-90.0, south))), math.cos(math.radians(min(90, north))))
    if south <= -90 or north >= 90 or squeeze < 1e-9:
        return Box(-180.0, max(-90.0, south), 180.0, min(90.0, north))
    across = up / squeeze
    west, east = middle.longitude - across, middle.longitude + across
    if west < -180 or east > 180:
        west, east = -180.0, 180.0
    return Box(west, south, east, north)


def columns(box: Box) -> list[tuple[int, int]]:
    """Return the box's ranges of gx: two when it crosses the antimeridian."""
    if box.east - box.west >= 360:
        return [(0, SIZE - 1)]
    west, east = _turned(box.west), _turned(box.east)
    first, last = column(west), column(east)
    if box.east == 180 or (east == -180 and box.east > box.west):
        last = SIZE - 1
    return [(first, last)] if first <= last else [(first, SIZE - 1), (0, last)]


def rows(box: Box) -> tuple[int, int]:
    """Return the box's range of gy, from north to south."""
    return to_grid(box.north, 0)[1], to_grid(box.south, 0)[1]


def _turned(longitude: float) -> float:
    """Return a longitude in [-180, 180), however many times round the map was dragged."""
    return (longitude + 180) % 360 - 180
