"""Points on the map: how far apart they are, a grid, and cells coarse enough to hide a home.

Pure. The grid is Web Mercator in integers of 26 bits: cell (gx, gy) of a coarser grid is a shift.
"""

import math

BITS = 26
SIZE = 1 << BITS
EDGE = 85.05112877980659  # degrees; where Web Mercator's square world ends
CELL = 0.01  # degrees of latitude: 1.1 km
EARTH = 6_371_008.8  # metres, mean radius (IUGG)


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the metres along the ground between two (latitude, longitude) points (haversine)."""
    south, north = math.radians(one[0]), math.radians(other[0])
    across = math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    chord = math.sin((north - south) / 2) ** 2 + across * math.cos(south) * math.cos(north)
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(chord)))


def to_grid(latitude: float, longitude: float) -> tuple[int, int]:
    """Return (gx, gy), 26 bits each: x from the antimeridian eastwards, y from the north down."""
    sine = math.sin(math.radians(max(-EDGE, min(EDGE, latitude))))
    y = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return column(longitude), _inside(y)


def from_grid(gx: float, gy: float) -> tuple[float, float]:
    """Return (latitude, longitude) of a grid position, rounded to 6 decimals (10 cm)."""
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * gy / SIZE))))
    return round(latitude, 6), round(gx / SIZE * 360 - 180, 6)


def column(longitude: float) -> int:
    """Return the gx of a longitude."""
    return _inside((longitude + 180) / 360)


def coarse(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the middle of the cell, about 1 km each way, that a point lies in.

    Every point of a cell gives the same answer, so the answer says no more than the cell.
    """
    middle = (math.floor(latitude / CELL) + 0.5) * CELL
    width = CELL / max(math.cos(math.radians(middle)), 0.05)
    across = (math.floor(longitude / width) + 0.5) * width
    return round(middle, 5), round(across, 5)


def _inside(share: float) -> int:
    return min(SIZE - 1, max(0, int(share * SIZE)))
