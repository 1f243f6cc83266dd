"""Merge the cells of a grid so that no two circles overlap on the screen. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from asset_hub.core.grid import BITS, from_grid

WIDEST = 76  # pixels; the largest circle static/js/hub-map.js draws
TILE_BITS = 8  # the world is 256 pixels wide at zoom 0
MOST_ZOOM = BITS - TILE_BITS  # one grid unit is a pixel here


@dataclass(slots=True)
class Cell:
    """Some places close together: how many, their middle, and the edges of where they are.

    `id` is the place's own when it is alone.
    """

    count: int
    x: float
    y: float
    west: int
    north: int
    east: int
    south: int
    id: str = ""

    def take(self, other: "Cell") -> None:
        """Take in another cell; the circle stays where it is."""
        self.count += other.count
        self.west, self.east = min(self.west, other.west), max(self.east, other.east)
        self.north, self.south = min(self.north, other.north), max(self.south, other.south)


def shift(zoom: int) -> int:
    """Return how many bits make a cell of 64 pixels at a zoom."""
    return max(0, MOST_ZOOM - zoom + 6)


def merge(cells: Iterable[Cell], zoom: int) -> list[Cell]:
    """Return the cells merged, the fullest first; centres end at least WIDEST pixels apart.

    A circle keeps the middle of its fullest cell, so nothing that was apart comes together.
    """
    reach = WIDEST * 2.0 ** max(0, MOST_ZOOM - zoom)
    kept: list[Cell] = []
    shelves: dict[tuple[int, int], list[Cell]] = {}
    for cell in sorted(cells, key=lambda c: (-c.count, c.x, c.y)):
        column, row = int(cell.x // reach), int(cell.y // reach)
        if host := _nearest(cell, _around(shelves, column, row), reach):
            host.take(cell)
        else:
            kept.append(cell)
            shelves.setdefault((column, row), []).append(cell)
    return kept


def circle(cell: Cell) -> str:
    """Return a cell as a GeoJSON feature: how many it stands for, and where they are."""
    latitude, longitude = from_grid(cell.x, cell.y)
    south, west = from_grid(cell.west, cell.south)
    north, east = from_grid(cell.east + 1, cell.north)
    edges = f"{west},{south},{east},{north}"
    return (
        '{"type":"Feature","geometry":{"type":"Point","coordinates":'
        f"[{longitude},{latitude}]}},"
        f'"properties":{{"cluster":true,"count":{cell.count},"bounds":[{edges}]}}}}'
    )


def _around(shelves: dict[tuple[int, int], list[Cell]], column: int, row: int) -> Iterator[Cell]:
    for across in (column - 1, column, column + 1):
        for down in (row - 1, row, row + 1):
            yield from shelves.get((across, down), ())


def _nearest(cell: Cell, hosts: Iterable[Cell], reach: float) -> Cell | None:
    found, least = None, reach * reach
    for host in hosts:
        apart = (host.x - cell.x) ** 2 + (host.y - cell.y) ** 2
        if apart < least:
            found, least = host, apart
    return found
