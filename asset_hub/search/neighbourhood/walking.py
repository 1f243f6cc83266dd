"""A short walk past several places. Pure: points in, an order and its length out.

The nearest place first, then pairs of legs are crossed over while that makes the walk shorter
(2-opt). It is not always the shortest of all, but never one that crosses itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from asset_hub.search.geo import Point, distance
from asset_hub.search.question.saying import DETOUR, PACE, say_distance

MOST_ROUNDS = 12  # of crossing legs over; most walks are settled after four
MOST_STOPS = 60  # more nobody walks, and they are left in the order of nearness


@dataclass(frozen=True)
class Walk:
    """The places in the order they are walked, by their position in what was given."""

    order: list[int]
    metres: float

    @property
    def minutes(self) -> int:
        """Return how long it takes on foot, without the stops."""
        return max(1, round(self.metres / PACE)) if self.metres else 0

    @property
    def words(self) -> str:
        """Return the length as said: "About 1.2 miles, 26 minutes on foot"."""
        far = say_distance(round(self.metres), roughly=True)
        minutes = f"{self.minutes} minute{'' if self.minutes == 1 else 's'} on foot"
        return f"{far[:1].upper()}{far[1:]}, {minutes}"


def walk(stops: Sequence[Point], start: Point | None = None) -> Walk:
    """Return a short walk past every stop, from a start, else from the first stop."""
    if not stops:
        return Walk([], 0.0)
    order = _nearest_next(stops, start)
    if len(stops) <= MOST_STOPS:
        order = _uncrossed(order, stops, start)
    return Walk(order, _length(order, stops, start) * DETOUR)


def _nearest_next(stops: Sequence[Point], start: Point | None) -> list[int]:
    left = list(range(len(stops)))
    order = [] if start else [left.pop(0)]
    at = start or stops[0]
    while left:
        nearest = min(left, key=lambda stop: (distance(at, stops[stop]), stop))
        left.remove(nearest)
        order.append(nearest)
        at = stops[nearest]
    return order


def _uncrossed(order: list[int], stops: Sequence[Point], start: Point | None) -> list[int]:
    """Turn a stretch of the walk round wherever that makes it shorter, until nothing does.

    Turning changes two legs alone, so only these are looked at; MOST_ROUNDS bound the rest.
    """
    points = [*([start] if start else []), *(stops[stop] for stop in order)]
    apart = [[distance(one, other) for other in points] for one in points]
    path = list(range(len(points)))  # the first stays: it is the start, or the first stop
    for _ in range(MOST_ROUNDS):
        if not _turned(path, apart):
            break
    shift = 1 if start else 0
    return [order[place - shift] for place in path[shift:]]


def _turned(path: list[int], apart: list[list[float]]) -> bool:
    """Turn every stretch that is shorter the other way round, once; return whether any was."""
    better, last = False, len(path) - 1
    for i in range(1, last):
        for j in range(i + 1, len(path)):
            before, first, end = path[i - 1], path[i], path[j]
            saved = apart[before][first] - apart[before][end]
            if j < last:
                saved += apart[end][path[j + 1]] - apart[first][path[j + 1]]
            if saved > 0.01:
                path[i : j + 1] = path[i : j + 1][::-1]
                better = True
    return better


def _length(order: list[int], stops: Sequence[Point], start: Point | None) -> float:
    path = ([start] if start else []) + [stops[stop] for stop in order]
    return sum(distance(one, other) for one, other in pairwise(path))
