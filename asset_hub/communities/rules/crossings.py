"""Whether the lines of a boundary cross. Pure: rings of positions in, a position out."""

import math
from collections.abc import Iterator
from itertools import combinations, pairwise

Ring = list[list[float]]
Line = tuple[float, float, float, float]
Cell = tuple[int, int]
MOST_WORK = 3_000_000  # lines put into cells or held against each other: about a second


class TooMuch(Exception):
    """So many lines lie so close together that looking at all of them would take minutes."""


def first_crossing(rings: list[Ring]) -> tuple[float, float] | None:
    """Return (x, y) of a place where two lines cross, or None; lines that only touch do not.

    The lines are put into the cells of a grid, so that only neighbours are compared. Raises
    TooMuch when that is still too many.
    """
    lines = [(a[0], a[1], b[0], b[1]) for ring in rings for a, b in pairwise(ring)]
    cells: dict[Cell, list[Line]] = {}
    size = _size(lines)
    if sum(len(_span(x1, x2, size)) * len(_span(y1, y2, size)) for x1, y1, x2, y2 in lines) > (
        MOST_WORK
    ):
        raise TooMuch
    for line in lines:
        for cell in _cells(line, size):
            cells.setdefault(cell, []).append(line)
    if sum(math.comb(len(near), 2) for near in cells.values()) > MOST_WORK:
        raise TooMuch
    for near in cells.values():
        for one, other in combinations(near, 2):
            if _cross(one, other):
                return _meeting(one, other)
    return None


def _size(lines: list[Line]) -> float:
    """Return how wide a cell is: twice the mean line, but no more than 500 cells across."""
    mean = sum(abs(x2 - x1) + abs(y2 - y1) for x1, y1, x2, y2 in lines) / max(1, len(lines))
    across = max(x for line in lines for x in line[::2]) - min(
        x for line in lines for x in line[::2]
    )
    return max(mean * 2, across / 500, 1e-9)


def _cells(line: Line, size: float) -> Iterator[Cell]:
    x1, y1, x2, y2 = line
    for column in _span(x1, x2, size):
        for row in _span(y1, y2, size):
            yield column, row


def _span(one: float, other: float, size: float) -> range:
    low, high = min(one, other), max(one, other)
    return range(math.floor(low / size), math.floor(high / size) + 1)


def _cross(one: Line, other: Line) -> bool:
    ax, ay, bx, by = one
    cx, cy, dx, dy = other
    apart = _side(ax, ay, bx, by, cx, cy) * _side(ax, ay, bx, by, dx, dy) < 0
    return apart and _side(cx, cy, dx, dy, ax, ay) * _side(cx, cy, dx, dy, bx, by) < 0


def _side(ax: float, ay: float, bx: float, by: float, x: float, y: float) -> int:
    """Return on which side of a line a point is: 1, -1, or 0 when it lies on it."""
    turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
    return 0 if abs(turn) < 1e-14 else 1 if turn > 0 else -1


def _meeting(one: Line, other: Line) -> tuple[float, float]:
    ax, ay, bx, by = one
    cx, cy, dx, dy = other
    slope = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    along = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / slope
    return ax + along * (bx - ax), ay + along * (by - ay)
