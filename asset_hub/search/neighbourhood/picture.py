"""A picture of a community as SVG: its boundary and where its groups meet. Numbers in and out.

Only what everybody may know comes in (`listing_place`): an exact point, or the middle of a coarse
cell, which is drawn as the whole cell. Hidden places are not in it at all.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from asset_hub.config import ROOT
from asset_hub.core.grid import CELL
from asset_hub.search.geo import DEGREE, MILE, Box

EDGE = 0.06  # of the picture, free around what is drawn
LEAST = 600.0  # metres across, however close everything is
COUNTRY = ROOT / "static" / "geo" / "outline.geojson"
SCALES = ((MILE / 4, "¼ mile"), (MILE / 2, "½ mile"), (MILE, "1 mile"), (2 * MILE, "2 miles"),
          (5 * MILE, "5 miles"), (10 * MILE, "10 miles"), (25 * MILE, "25 miles"))  # fmt: skip
XY = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """A group's place as everybody may know it."""

    key: Any
    latitude: float
    longitude: float
    area: bool = False


Bunch = tuple[float, float, list[Spot]]


@dataclass(frozen=True)
class Pin:
    """One mark of the picture and the groups it stands for, by their numbers."""

    x: float
    y: float
    numbers: tuple[int, ...]
    radius: float  # half the height of its label
    half: float  # half the width of its label; 0 when there are no numbers

    @property
    def words(self) -> str:
        """Return its numbers as they are read: "3–5, 9"."""
        return say_numbers(self.numbers)


@dataclass(frozen=True)
class Cell:
    """A square kilometre or so in which groups meet somewhere."""

    x: float
    y: float
    width: float
    height: float
    numbers: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """Return its numbers as they are read."""
        return say_numbers(self.numbers)


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn, in the units of the SVG's own box."""

    width: int
    height: int
    land: str
    boundary: str
    pins: list[Pin]
    cells: list[Cell]
    scale: float
    scale_words: str
    numbers: dict[Any, int]  # of each spot's key


class Paper:
    """A sheet on which longitude and latitude are laid out so that shapes stay true."""

    def __init__(self, box: Box, width: int, height: int) -> None:
        self.width, self.height = width, height
        middle = (box.south + box.north) / 2
        self.squeeze = math.cos(math.radians(middle))
        across = max((box.east - box.west) * self.squeeze, LEAST / DEGREE)
        up = max(box.north - box.south, LEAST / DEGREE)
        self.scale = min(width / across, height / up) * (1 - 2 * EDGE)  # units in a degree of lat.
        self.x0, self.y0 = (box.west + box.east) / 2, middle

    def at(self, longitude: float, latitude: float) -> XY:
        """Return where a point is on the sheet."""
        return (
            self.width / 2 + (longitude - self.x0) * self.squeeze * self.scale,
            self.height / 2 - (latitude - self.y0) * self.scale,
        )

    def units(self, metres: float) -> float:
        """Return how long a distance on the ground is on the sheet."""
        return metres / DEGREE * self.scale

    def path(self, rings: Iterable[Sequence[Sequence[float]]]) -> str:
        """Return rings as an SVG path, without corners too close together to be told apart."""
        return "".join(self._ring(ring) for ring in rings)

    def _ring(self, ring: Sequence[Sequence[float]]) -> str:
        points: list[XY] = []
        for longitude, latitude in (corner[:2] for corner in ring):
            x, y = self.at(longitude, latitude)
            if not points or abs(x - points[-1][0]) + abs(y - points[-1][1]) >= 1:
                points.append((x, y))
        if len(points) < 3:
            return ""
        return f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in points)}Z"


def draw(
    boundary: dict[str, Any] | None,
    spots: Sequence[Spot],
    *,
    width: int,
    height: int,
    numbered: bool,
) -> Picture | None:
    """Return the picture of a community; None when nobody knows where it is."""
    rings = _rings(boundary)
    box = _box([corner for ring in rings for corner in ring] or [
        (spot.longitude, spot.latitude) for spot in spots
    ])  # fmt: skip
    if box is None:
        return None
    box = _with_cells(box, Paper(box, width, height), spots)
    paper = Paper(box, width, height)
    inside = [spot for spot in spots if _is_on(paper, spot)]
    ordered = _grouped(paper, inside, reach=26 if numbered else 9)
    numbers = {spot.key: n for n, spot in enumerate(_each(ordered), 1)} if numbered else {}
    pins, cells = [], []
    for x, y, some in ordered:
        marks = tuple(numbers[spot.key] for spot in some) if numbered else ()
        if some[0].area:
            cells.append(_cell(paper, some[0], marks))
        else:
            pins.append(_pin(x, y, marks))
    length, words = _scale(paper)
    return Picture(
        width,
        height,
        _land_in(box, width, height),
        paper.path(rings),
        pins,
        cells,
        length,
        words,
        numbers,
    )


def _each(ordered: list[Bunch]) -> list[Spot]:
    """Return every spot once, by its key, in the order its number follows."""
    return list({spot.key: spot for _, _, some in ordered for spot in some}.values())


def _rings(boundary: dict[str, Any] | None) -> list[Any]:
    if not boundary:
        return []
    parts = boundary["coordinates"]
    polygons = [parts] if boundary["type"] == "Polygon" else parts
    return [ring for polygon in polygons for ring in polygon]


def _box(corners: Sequence[Sequence[float]]) -> Box | None:
    if not corners:
        return None
    across, up = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return Box(min(across), min(up), max(across), max(up))


def _with_cells(box: Box, paper: Paper, spots: Sequence[Spot]) -> Box:
    """Return the box made large enough for the whole of every cell whose middle is on the paper."""
    corners = [(box.west, box.south), (box.east, box.north)]
    for spot in spots:
        if spot.area and _is_on(paper, spot):
            up = CELL / 2
            across = up / max(math.cos(math.radians(spot.latitude)), 0.05)
            corners.append((spot.longitude - across, spot.latitude - up))
            corners.append((spot.longitude + across, spot.latitude + up))
    return _box(corners) or box


def _is_on(paper: Paper, spot: Spot) -> bool:
    x, y = paper.at(spot.longitude, spot.latitude)
    return 0 <= x <= paper.width and 0 <= y <= paper.height


def _grouped(paper: Paper, spots: Iterable[Spot], *, reach: float) -> list[Bunch]:
    """Return the spots in bunches that would overlap, from the top left to the bottom right.

    A spot joins the first bunch within reach; cells are bunches of their own.
    """
    found: list[Bunch] = []
    shelves: dict[tuple[int, int], list[Bunch]] = {}
    placed = [(*paper.at(spot.longitude, spot.latitude), spot) for spot in spots]
    for x, y, spot in sorted(placed, key=lambda p: (round(p[1] / 60), p[0], p[1], str(p[2].key))):
        column, row = int(x // reach), int(y // reach)
        near = (
            one
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for one in shelves.get((across, down), ())
        )
        host = next((one for one in near if _joins(one, x, y, spot, reach)), None)
        if host:
            host[2].append(spot)
        else:
            found.append((x, y, [spot]))
            shelves.setdefault((column, row), []).append(found[-1])
    return found


def _joins(host: Bunch, x: float, y: float, spot: Spot, reach: float) -> bool:
    if host[2][0].area != spot.area:
        return False
    if spot.area:
        return abs(host[0] - x) < 0.5 and abs(host[1] - y) < 0.5
    return math.hypot(host[0] - x, host[1] - y) < reach


def _pin(x: float, y: float, numbers: tuple[int, ...]) -> Pin:
    if not numbers:
        return Pin(x, y, (), 5.5, 0)
    letters = len(say_numbers(numbers))
    return Pin(x, y, numbers, 11, max(11, 4 + letters * 3.8))


def _cell(paper: Paper, spot: Spot, numbers: tuple[int, ...]) -> Cell:
    """Return the whole cell that `core.grid.coarse` gave the middle of."""
    height = CELL * paper.scale
    width = CELL / max(math.cos(math.radians(spot.latitude)), 0.05) * paper.squeeze * paper.scale
    x, y = paper.at(spot.longitude, spot.latitude)
    return Cell(x - width / 2, y - height / 2, width, height, numbers)


def _scale(paper: Paper) -> tuple[float, str]:
    """Return a length that is at most a quarter of the sheet, and its words."""
    fitting = [one for one in SCALES if paper.units(one[0]) <= paper.width / 4] or [SCALES[0]]
    return paper.units(fitting[-1][0]), fitting[-1][1]


def say_numbers(numbers: Sequence[int]) -> str:
    """Return numbers as they are read: "3–5, 9"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    if len(run) > 2:
        return f"{run[0]}–{run[-1]}"
    return ", ".join(str(number) for number in run)


@lru_cache(maxsize=1)
def _coast() -> list[list[list[float]]]:
    """Return the rings of the coast from our own file."""
    features = json.loads(COUNTRY.read_text(encoding="utf-8"))["features"]
    return [ring for feature in features for ring in _rings(feature["geometry"])]


def _land(paper: Paper) -> str:
    """Return the land on the sheet as a path: the coast, cut off at the sheet's edges."""
    found = []
    for ring in _coast():
        cut = [paper.at(longitude, latitude) for longitude, latitude in ring]
        for axis, edge, keep in ((0, 0.0, 1), (0, float(paper.width), -1),
                                 (1, 0.0, 1), (1, float(paper.height), -1)):  # fmt: skip
            cut = _cut(cut, axis, edge, keep)
        if len(cut) >= 3:
            found.append(f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in cut)}Z")
    return "".join(found)


@lru_cache(maxsize=256)
def _land_in(box: Box, width: int, height: int) -> str:
    """Return the same for a sheet that was drawn before, without drawing it again."""
    return _land(Paper(box, width, height))


def _cut(ring: list[XY], axis: int, edge: float, keep: int) -> list[XY]:
    """Return what of a ring lies on one side of a straight edge (Sutherland and Hodgman).

    The sheet is convex, so this is exact for what is filled; only its edge is drawn twice.
    """
    found: list[XY] = []
    for place, here in enumerate(ring):
        before = ring[place - 1]
        inside, was = (here[axis] - edge) * keep >= 0, (before[axis] - edge) * keep >= 0
        if inside != was:
            along = (edge - before[axis]) / (here[axis] - before[axis])
            other = before[1 - axis] + along * (here[1 - axis] - before[1 - axis])
            found.append((edge, other) if axis == 0 else (other, edge))
        if inside:
            found.append(here)
    return found
