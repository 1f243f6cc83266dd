"""Points on the map: a Web-Mercator grid of integers, and cells coarse enough to hide a home."""

import math

BITS = 26
SIZE = 1 << BITS
EDGE = 85.05112877980659  # degrees; where Web Mercator's square world ends
CELL = 0.01  # degrees of latitude: 1.1 km


def to_grid(latitude: float, longitude: float) -> tuple[int, int]:
    """Return (gx, gy), 26 bits each: x from the antimeridian eastwards, y from the north down."""
    sine = math.sin(math.radians(max(-EDGE, min(EDGE, latitude))))
    x = (longitude + 180) / 360
    y = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return _inside(int(x * SIZE)), _inside(int(y * SIZE))


def coarse(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the middle of the cell, about 1 km each way, that a point lies in.

    Every point of a cell gives the same answer, so the answer says no more than the cell.
    """
    middle = (math.floor(latitude / CELL) + 0.5) * CELL
    width = CELL / max(math.cos(math.radians(middle)), 0.05)
    across = (math.floor(longitude / width) + 0.5) * width
    return round(middle, 5), round(across, 5)


def _inside(value: int) -> int:
    return min(SIZE - 1, max(0, value))
