"""The nearest few of very many: looked for in circles around the point, each wider than the last.

Whatever lies in a circle comes before whatever lies outside, so a full page from one is the page.
How wide the first one is was learnt from earlier questions about the same piece of the map: how far
the last of a page was there. Only how wide a circle was is kept, never who asked, and a circle that
is too small or too wide costs time and changes no answer.
"""

import math
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from asset_hub.core.grid import to_grid
from asset_hub.search.geo import Point, along_ground, around, chord_squared, columns, rows
from asset_hub.search.queries import sql
from asset_hub.search.queries.conditions import Shape, about
from asset_hub.search.queries.measuring import STRIP

LEAST, FIRST, WIDEST = 50.0, 1_000.0, 60_000.0  # metres; beyond, everything is measured
FEW = 400  # about a topic: these are measured one by one
SPARE = 1.25  # how much wider than the last page needed
ENOUGH, STEPS = 1_200, (1_500, 3_000, 6_000, 12_000, 24_000)  # places, and metres
PIECE = 14  # bits of a grid: pieces of 6 km
MOST_PIECES = 4_096
Params = dict[str, Any]
_learnt: OrderedDict[tuple[Any, ...], float] = OrderedDict()


def reach(point: Point, metres: float, box: str = "box") -> Params:
    """Return the values of a circle and of the box around it, which go by a name."""
    edges = around(point, metres)
    top, bottom = rows(edges)
    left, right = columns(edges)[0]
    return {
        f"{box}_top": top, f"{box}_bottom": bottom, f"{box}_left": left, f"{box}_right": right,
        f"{box}_first": top >> STRIP, f"{box}_last": bottom >> STRIP,
        f"{box}_reach": chord_squared(metres),
    }  # fmt: skip


def nearest(
    connection: Connection, point: Point, within: float | None, shape: Shape, params: Params
) -> Sequence[Any]:
    """Return one page of everything that matches, the nearest first."""
    if about(shape) and connection.execute(sql.told(shape), params).one().total <= FEW:
        return connection.execute(sql.page(shape), params).all()
    gx, gy = to_grid(point.latitude, point.longitude)
    wanted = params["offset"] + params["limit"]
    piece = (connection.engine.url, shape, wanted, gx >> PIECE, gy >> PIECE)
    metres = _learnt.get(piece, FIRST)
    circle = sql.page(shape._replace(circle=True))
    while metres < min(within or WIDEST, WIDEST):
        found = connection.execute(circle, params | reach(point, metres, "circle")).all()
        if len(found) == params["limit"]:
            _learn(piece, SPARE * along_ground(found[-1].chord))
            return found
        known = params["offset"] + len(found) if found else 0
        metres *= min(6.0, max(1.5, math.sqrt(1.5 * wanted / (known + 1))))
    _learn(piece, WIDEST / 2)  # tried again the next time: there may be more by then
    return connection.execute(sql.page(shape), params).all()


def holding(connection: Connection, point: Point) -> float:
    """Return how wide a circle is that holds a good thousand places, roughly and at most WIDEST."""
    gx, gy = to_grid(point.latitude, point.longitude)
    piece = (connection.engine.url, gx >> PIECE, gy >> PIECE)
    if piece not in _learnt:
        params: Params = {"enough": ENOUGH}
        for metres in STEPS:
            params |= reach(point, metres, f"to_{metres}")
        counts = connection.execute(sql.around(STEPS), params).one()
        found = (step for step, held in zip(STEPS, counts, strict=True) if held == ENOUGH)
        _learn(piece, next(found, WIDEST))
    return _learnt[piece]


def _learn(piece: tuple[Any, ...], metres: float) -> None:
    _learnt[piece] = max(metres, LEAST)
    _learnt.move_to_end(piece)
    while len(_learnt) > MOST_PIECES:
        _learnt.popitem(last=False)
