"""What a piece of the map shows when nothing is asked: every public place of it, or circles.

The same as `finding.places` for a question without words or filters, from the map's own index (see
`plan`), for what nearly every look at a map asks. Circles are made of counted cells, so they cost
as much for a million places as for a thousand. Where cells are counted a piece of the map is as
wide as the cells it touches.
"""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from asset_hub.core.reading import dialect, rows
from asset_hub.search.geo import Box, columns
from asset_hub.search.geo import rows as rows_of
from asset_hub.search.queries.clusters import Cell, circle, merge, shift
from asset_hub.search.queries.finding import CLOSE, FEW, MOST_FEATURES, View
from asset_hub.search.queries.plan import BAND, LEVELS

Range = tuple[int, int, int, int, int]  # a band, and the edges west, east, north, south in it
COUNTED = LEVELS[-1] - 2  # up to this zoom circles are made of counted cells
MOST_CELLS = 64  # circles are no smaller than this many side by side in what is shown
MOST_BANDS = 4  # that one plain statement reads

_FEATURE = "SELECT s.feature FROM listing_text_spot s WHERE s.band IN ({}) AND "
_INSIDE = "s.gx BETWEEN :first AND :last AND s.gy BETWEEN :top AND :bottom"
_ORDER = " ORDER BY s.band, s.gx, s.gy, s.id LIMIT :limit"
_JSON = {
    "sqlite": ("json_extract(value, '$[{}]')", "json_each(:ranges)"),
    "postgresql": (
        "CAST(value ->> {} AS INTEGER)", "json_array_elements(CAST(:ranges AS json))",
    ),
}  # fmt: skip
_SPOTS = (
    "FROM {} CROSS JOIN listing_text_spot s WHERE s.band = r.band "
    "AND s.gx BETWEEN r.first AND r.last AND s.gy BETWEEN r.top AND r.bottom"
)
_WHAT = {
    "features": f"SELECT s.feature {_SPOTS}{_ORDER}",
    "cells": f"SELECT count(*), avg(s.gx), avg(s.gy), min(s.gx), min(s.gy), max(s.gx), max(s.gy) "
    f"{_SPOTS} GROUP BY s.gx >> :bits, s.gy >> :bits",
}
_COUNTS = (
    "(SELECT cx, cy, count, sx, sy FROM listing_text_cell WHERE level = :level "
    "AND cy BETWEEN :top AND :bottom AND (cx BETWEEN :first AND :last OR cx BETWEEN :again AND "
    ":until) UNION ALL SELECT gx >> :bits, gy >> :bits, n, n * CAST(gx AS BIGINT), "
    "n * CAST(gy AS BIGINT) FROM listing_text_moved WHERE gy >> :bits BETWEEN :top AND :bottom "
    "AND (gx >> :bits BETWEEN :first AND :last OR gx >> :bits BETWEEN :again AND :until)) c"
)
_CELLS = (
    "SELECT sum(count), sum(sx) * 1.0 / sum(count), sum(sy) * 1.0 / sum(count), min(cx), min(cy), "
    f"max(cx), max(cy) FROM {_COUNTS} GROUP BY cx >> :more, cy >> :more HAVING sum(count) > 0"
)
_EXTENT = f"SELECT min(cx), max(cx), min(cy), max(cy) FROM {_COUNTS}"


def places(box: Box, zoom: int) -> View:
    """Return what a piece of the map shows: places, or circles that stand for several."""
    few = MOST_FEATURES if zoom >= CLOSE else FEW
    if zoom <= COUNTED or _is_wide(box, zoom):
        return _counted(box, min(zoom, COUNTED), few)
    shown = _features(box, few + 1)
    if len(shown) <= few:
        return View(shown, len(shown))
    values = {"ranges": json.dumps(_bands(box)), "bits": shift(zoom)}
    return _circles(map(_cell, rows(_statement("cells", dialect()), values)), zoom)


def _is_wide(box: Box, zoom: int) -> bool:
    top, bottom = rows_of(box)
    wide = max(last - first for first, last in columns(box))
    return max(wide, bottom - top) >> shift(zoom) > MOST_CELLS


def _features(box: Box, limit: int) -> list[str]:
    """Return so many features of a small box."""
    top, bottom = rows_of(box)
    turns = columns(box)
    bands = range(top >> BAND, (bottom >> BAND) + 1)
    if len(turns) > 1 or len(bands) > MOST_BANDS:
        return _listed(_bands(box), limit)
    ((first, last),) = turns
    values = {"first": first, "last": last, "top": top, "bottom": bottom, "limit": limit}
    values |= {f"band{n}": band for n, band in enumerate(bands)}
    return [row[0] for row in rows(_plain(len(bands)), values)]


@lru_cache(maxsize=MOST_BANDS)
def _plain(bands: int) -> str:
    named = ", ".join(f":band{n}" for n in range(bands))
    return _FEATURE.format(named) + _INSIDE + _ORDER


@lru_cache(maxsize=8)
def _statement(what: str, dialect: str) -> str:
    one, each = _JSON[dialect]
    names = enumerate(("band", "first", "last", "top", "bottom"))
    ranges = ", ".join(f"{one.format(n)} AS {name}" for n, name in names)
    return _WHAT[what].format(f"(SELECT {ranges} FROM {each}) r")


def _bands(box: Box) -> list[Range]:
    top, bottom = rows_of(box)
    return [
        (band, first, last, top, bottom)
        for band in range(top >> BAND, (bottom >> BAND) + 1)
        for first, last in columns(box)
    ]


def _listed(ranges: list[Range], limit: int) -> list[str]:
    values = {"ranges": json.dumps(ranges), "limit": limit}
    return [row[0] for row in rows(_statement("features", dialect()), values)]


def _counted(box: Box, zoom: int, few: int) -> View:
    """Return circles, made of counted cells; the places themselves when they are few."""
    if _is_wide(box, zoom):
        zoom = _fitting(box, zoom)
    level = next(level for level in LEVELS if level >= min(zoom + 2, LEVELS[-1]))
    bits = shift(level)
    values = _edges(box, level) | {"more": max(0, shift(zoom) - bits)}
    found = rows(_CELLS, values)
    total = sum(int(row[0]) for row in found)
    if total <= few:
        listed = _few(box, few)
        return View(listed, len(listed))
    return _circles((_whole_cell(row, bits) for row in found), zoom)


def _fitting(box: Box, zoom: int) -> int:
    """Return the zoom whose circles suit what there is in a wide box, as near to one as can be."""
    level = LEVELS[2]
    ((west, east, north, south),) = rows(_EXTENT, _edges(box, level))
    wide = max(east - west, south - north) if west is not None else 0
    while zoom > 0 and (wide << shift(level)) >> shift(zoom) > MOST_CELLS:
        zoom -= 1
    return zoom


def _edges(box: Box, level: int) -> dict[str, int]:
    """Return the values of a box, as the cells of a level count them."""
    bits = shift(level)
    top, bottom = (edge >> bits for edge in rows_of(box))
    (first, last), (again, until) = [*columns(box), (1 << bits, 0)][:2]
    edges = {"first": first >> bits, "last": last >> bits, "top": top, "bottom": bottom}
    return edges | {"again": again >> bits, "until": until >> bits, "level": level, "bits": bits}


def _few(box: Box, few: int) -> list[str]:
    """Return the features of a box whose cells hold few places, found through those cells."""
    level = LEVELS[-1]
    bits = shift(level)  # less than a band's: a cell lies in one
    top, bottom = rows_of(box)
    within = (bits, top, bottom)
    ranges = [
        (row[4] << bits >> BAND, *_both(row[3], bits, first, last), *_both(row[4], *within))
        for row in rows(_CELLS, _edges(box, level) | {"more": 0})
        for first, last in columns(box)
    ]
    return _listed(ranges, few)


def _both(cell: int, bits: int, first: int, last: int) -> tuple[int, int]:
    """Return the edges, one way, of what is both in a cell and in a range."""
    return max(first, cell << bits), min(last, (cell + 1 << bits) - 1)


def _whole_cell(row: Any, bits: int) -> Cell:
    """Return some counted cells as one, with the edges of the cells."""
    count, x, y, west, north, east, south = row
    edges = (west << bits, north << bits, (east + 1 << bits) - 1, (south + 1 << bits) - 1)
    return Cell(int(count), float(x), float(y), *edges)


def _cell(row: Any) -> Cell:
    return Cell(row[0], float(row[1]), float(row[2]), *row[3:])


def _circles(cells: Iterable[Cell], zoom: int) -> View:
    """Return the circles of some cells, and those places that stay alone."""
    merged = merge(cells, zoom)
    alone = [(round(cell.x), round(cell.y)) for cell in merged if cell.count == 1]
    ranges = [(y >> BAND, x, x, y, y) for x, y in alone]
    lone = _listed(ranges, len(ranges)) if ranges else []
    drawn = (circle(cell) for cell in merged if cell.count > 1)
    return View([*lone, *drawn], sum(cell.count for cell in merged))
