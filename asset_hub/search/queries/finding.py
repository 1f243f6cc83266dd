"""The one adaptor that finds: a plain connection and a question in, an answer out. No objects.

Nothing here reads a table that holds anything private: only the published copies.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, text

from asset_hub.search.geo import (
    Box,
    Point,
    along_ground,
    around,
    chord_squared,
    columns,
    rows,
)  # fmt: skip
from asset_hub.search.queries import sql, weighing
from asset_hub.search.queries.clusters import Cell, circle, merge, shift
from asset_hub.search.queries.question import Question, Word
from asset_hub.search.queries.weighing import Sought

__all__ = ["Answer", "Found", "Point", "Question", "View", "Word", "find", "places"]

PAGE = 20
RINGS = (1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0, 32_000.0)  # metres
FEW_ENOUGH = 300  # results that are measured one by one rather than looked for in circles
FEW = 20  # so many places are shown one by one, however they crowd
CLOSE = 16  # from this zoom on every place is shown …
MOST_FEATURES = 1_000  # … up to so many
NEARBY = 3_000.0  # metres around, where even the commonest words are looked for
MOST_MERGES = 20  # of a topic into one that was merged itself …
Params = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """One result: its card, as the JSON text it is kept as, and the metres to its nearest place.

    `stems` and `slugs` say why it is here: which of the words it has, and which of the topics that
    the question leans to it is about.
    """

    text: str
    metres: int | None = None
    stems: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()
    number: int = 0  # of the listing

    @property
    def card(self) -> dict[str, Any]:
        """Return the card's values (see `Listing.card`)."""
        found: dict[str, Any] = json.loads(self.text)
        return found


@dataclass(frozen=True)
class Answer:
    """One page of results, best first, and how many there are in all."""

    total: int = 0
    page: int = 1
    found: list[Found] = field(default_factory=list)
    more: bool = False  # so many at least: of very common words not every listing was looked at
    respelt: bool = False  # nothing had the words as typed: these have words close to them
    fitting: float = 1.0  # how well the best of them fits, beside one that has all that was asked

    @property
    def pages(self) -> int:
        """Return how many pages there are; an empty answer has one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class View:
    """A piece of the map as GeoJSON features, and how many places they stand for."""

    features: list[str]
    total: int


def find(connection: Connection, question: Question) -> Answer:
    """Answer a question: by fit (and distance) when it has words, else by distance, else by name.

    Any text may be asked; one without a single word is taken as no text. Ties are broken by name,
    then by id, so that pages never overlap.
    """
    sought = weighing.sought(connection, question)
    shape, params = _shape(connection, question, sought)
    if not shape.ranked and not shape.within:
        return _browse(connection, question, shape, params)
    return _page(connection, question, sought, shape, params)


def settled(connection: Connection, question: Question, *, least: float, few: int) -> Question:
    """Return a question that only the few that fit best answer, when even the best fits too little.

    Only what all its filters leave is compared. `least` is the share of a perfect fit that is
    enough.
    """
    sought = weighing.sought(connection, question)
    shape, params = _shape(connection, question, sought)
    if not shape.ranked:
        return question
    fits = connection.execute(sql.fits(shape), params | {"few": few}).scalars().all()
    if not fits or fits[0] >= least * sought.ideal:
        return question
    return replace(question, floor=fits[-1] / weighing.ONE)


def marks(connection: Connection, question: Question, most: int) -> list[Any]:
    """Return what each match can be filtered by (see `sql.marks`), of `most` at most."""
    sought = weighing.sought(connection, question)
    shape, params = _shape(connection, question, sought)
    return list(connection.execute(sql.marks(shape), params | {"most": most}))


def places(connection: Connection, question: Question, box: Box, zoom: int) -> View:
    """Return what a piece of the map shows: places, or circles that stand for several."""
    sought = weighing.sought(connection, question)
    turns = len(columns(box))
    shape, params = _shape(connection, question, sought)
    params |= _edges(box)
    few = MOST_FEATURES if zoom >= CLOSE else FEW
    params["limit"] = few + 1
    shown = list(connection.execute(sql.places(shape, turns, "all"), params).scalars())
    if len(shown) <= few:
        return View(shown, len(shown))
    total = connection.execute(sql.places(shape, turns, "count"), params).scalar_one()
    return View(list(_circles(connection, shape, turns, params, zoom)), total)


def unplaced(connection: Connection, question: Question, answer: Answer) -> int:
    """Return how many of the groups found have no place on the map."""
    if question.within or answer.respelt:
        return 0
    shape, params = _shape(connection, question, weighing.sought(connection, question))
    placed: int = connection.execute(sql.places(shape, 0, "groups"), params).scalar_one()
    return max(0, answer.total - placed)


def bounds(connection: Connection, question: Question) -> Box | None:
    """Return the box around every place of the listings that match, or None without one."""
    shape, params = _shape(connection, question, weighing.sought(connection, question))
    edges = connection.execute(sql.places(shape, 0, "bounds"), params).one()
    return None if edges[0] is None else Box(*edges)


def _shape(connection: Connection, question: Question, sought: Sought) -> tuple[sql.Shape, Params]:
    """Return the question's shape and the values its statements take."""
    near, within = question.near, question.within
    shape = sql.Shape(
        connection.dialect.name, len(sought.stems), sought.cut, len(sought.slugs),
        near is not None, near is not None and within is not None,
        len(question.topics), bool(question.community),
        tuple(len(some) for some in question.also), len(question.suits),
        tuple(len(some) for some in question.facets), question.age is not None,
        question.today is not None, question.room,
        question.on.isoformat() if question.on else "", question.hours,
        len(columns(question.area)) if question.area else 0,
    )  # fmt: skip
    params: Params = {"limit": PAGE, "offset": (question.page - 1) * PAGE}
    params |= sought.params
    params |= _slugs("topic", question.topics)
    for number, some in enumerate(question.also):
        params |= _slugs(f"also{number}_", some)
    params |= _slugs("suits", question.suits)
    for number, some in enumerate(question.facets):
        params |= _slugs(f"facet{number}_", some)
    params |= {"community": question.community, "age": question.age, "today": question.today}
    if near:
        params |= _near(near, within)
    if question.area:
        params |= _edges(question.area, "area_")
    return shape, params


def _edges(box: Box, name: str = "") -> Params:
    """Return the values of a box, as the grid counts them."""
    found: Params = dict(zip((f"{name}top", f"{name}bottom"), rows(box), strict=True))
    for number, (first, last) in enumerate(columns(box)):
        found |= {f"{name}first{number}": first, f"{name}last{number}": last}
    return found


def _slugs(name: str, slugs: tuple[str, ...]) -> Params:
    """Return what a listing's marks are compared with: "|men|" is about them, "|!men|" not for."""
    found: Params = {}
    for number, slug in enumerate(slugs):
        found[f"is_{name}{number}"] = slug
        found[f"{name}{number}"], found[f"not_{name}{number}"] = f"|{slug}|", f"|!{slug}|"
    return found


def _near(point: Point, within: float | None) -> Params:
    squeeze = math.cos(math.radians(point.latitude))
    found: Params = {
        "latitude": point.latitude, "longitude": point.longitude, "squeeze": squeeze,
        "across": (math.radians(1) * squeeze) ** 2, "fade": chord_squared(sql.FADES_AT),
    }  # fmt: skip
    return found | _reach(point, within or NEARBY)


def _reach(point: Point, metres: float) -> Params:
    box = around(point, metres)
    top, bottom = rows(box)
    left, right = columns(box)[0]
    return {
        "box_top": top, "box_bottom": bottom, "box_left": left, "box_right": right,
        "reach": chord_squared(metres),
    }  # fmt: skip


def _page(
    connection: Connection, question: Question, sought: Sought, shape: sql.Shape, params: Params
) -> Answer:
    found = connection.execute(sql.page(shape), params).all()
    if found or question.page == 1:
        total = found[0].total if found else 0
    else:
        total = _count(connection, shape, params)
    rows = [_found(row, sought) for row in found]
    best = (found[0].best or 0) / sought.ideal if found and sought.ideal else 1.0
    more = sought.cut > 0 and not (shape.within or shape.community)
    return Answer(total, question.page, rows, more, sought.respelt and total > 0, best)


def _browse(connection: Connection, question: Question, shape: sql.Shape, params: Params) -> Answer:
    """Answer a question without words or reach: everything, the nearest first, else by name."""
    total = _count(connection, shape._replace(near=False), params)
    if not total or params["offset"] >= total:
        return Answer(total, question.page)
    found = None
    if question.near and total > FEW_ENOUGH and params["offset"] < 10 * PAGE:
        found = _ring(connection, question.near, shape._replace(within=True), params)
    if found is None:
        found = connection.execute(sql.page(shape), params).all()
    return Answer(total, question.page, [_found(row) for row in found])


def _ring(connection: Connection, point: Point, shape: sql.Shape, params: Params) -> Any:
    """Return the page from the smallest circle that fills it, or None when none does.

    Whatever lies in a circle comes before whatever lies outside, so a full page is the page.
    """
    for metres in RINGS:
        found = connection.execute(sql.page(shape), params | _reach(point, metres)).all()
        if len(found) == PAGE:
            return found
    return None


def _count(connection: Connection, shape: sql.Shape, params: Params) -> int:
    total: int = connection.execute(sql.count(shape), params).scalar_one()
    return total


def _found(row: Any, sought: Sought | None = None) -> Found:
    metres = None if row.chord is None else round(along_ground(row.chord))
    if sought is None:
        return Found(row.card, metres, number=row.number)
    return Found(row.card, metres, *sought.why(row.why), row.number)


def _circles(
    connection: Connection, shape: sql.Shape, turns: int, params: Params, zoom: int
) -> Iterator[str]:
    """Yield the circles and the lone places of a view."""
    params["shift"] = shift(zoom)
    cells = connection.execute(sql.places(shape, turns, "cells"), params).all()
    merged = merge((Cell(row[0], float(row[1]), float(row[2]), *row[3:]) for row in cells), zoom)
    if alone := [cell.id for cell in merged if cell.count == 1]:
        yield from connection.execute(sql.places(shape, turns, "alone"), {"ids": alone}).scalars()
    yield from (circle(cell) for cell in merged if cell.count > 1)


@dataclass(frozen=True)
class Home:
    """Where a community is: the box around its boundary (or its point) and its centre."""

    name: str
    slug: str
    box: Box
    centre: Point


def homes(connection: Connection) -> list[Home]:
    """Return every community whose place is known, by name."""
    return [
        Home(row.name, row.slug, Box(row.west, row.south, row.east, row.north),
             Point(row.latitude, row.longitude))
        for row in connection.execute(_HOMES) if row.latitude is not None
    ]  # fmt: skip


def outlines(connection: Connection) -> dict[str, str]:
    """Return the boundaries there are, as GeoJSON geometries, by the community's slug."""
    rows = connection.execute(_OUTLINES)
    return {row.slug: row.boundary for row in rows if row.boundary.startswith("{")}


def topics(connection: Connection) -> list[Any]:
    """Return (slug, name, description, kind, theme, urgent) of every topic a listing has."""
    return list(connection.execute(_TOPICS))


def excluded(connection: Connection) -> list[Any]:
    """Return (slug, name) of those whom some published listing is not for, by name."""
    return list(connection.execute(_EXCLUDED))


def meant(connection: Connection, slugs: tuple[str, ...]) -> dict[str, Any]:
    """Return (slug, name, kind, urgent) of what each slug means now, by the slug that was asked.

    A topic that was merged means the one it became; a slug nobody knows is left out.
    """
    found = {}
    for slug in slugs:
        row = connection.execute(_BY_SLUG, {"slug": slug}).first()
        for _ in range(MOST_MERGES):
            if row is None or row.merged_into is None:
                break
            row = connection.execute(_BY_SLUG, {"slug": row.merged_into}).first()
        if row is not None:
            found[slug] = row
    return found


def communities(connection: Connection) -> list[Any]:
    """Return (slug, name) of every community, by name."""
    return list(connection.execute(_COMMUNITIES))


_TOPICS = text(
    "SELECT t.slug, t.name, t.description, t.kind, t.theme, t.urgent FROM taxonomy_term t "
    "WHERE t.merged_into_id IS NULL AND EXISTS (SELECT 1 "
    "FROM service_term s JOIN listing l ON l.service_id = s.service_id WHERE s.term_id = t.id) "
    "ORDER BY t.name"
)
_EXCLUDED = text(
    "SELECT t.slug, t.name FROM taxonomy_term t WHERE t.merged_into_id IS NULL AND EXISTS "
    "(SELECT 1 FROM service_not_for s JOIN listing l ON l.service_id = s.service_id "
    "WHERE s.term_id = t.id) ORDER BY t.name"
)
_BY_SLUG = text(
    "SELECT t.slug, t.name, t.kind, t.urgent, k.slug AS merged_into FROM taxonomy_term t "
    "LEFT JOIN taxonomy_term k ON k.id = t.merged_into_id WHERE t.slug = :slug"
)
_COMMUNITIES = text("SELECT slug, name FROM community ORDER BY name")
_HOMES = text(
    "SELECT name, slug, coalesce(west, longitude) AS west, coalesce(south, latitude) AS south, "
    "coalesce(east, longitude) AS east, coalesce(north, latitude) AS north, "
    "coalesce(latitude, (south + north) / 2) AS latitude, "
    "coalesce(longitude, (west + east) / 2) AS longitude FROM community ORDER BY name"
)
_OUTLINES = text(
    "SELECT slug, CAST(boundary AS TEXT) AS boundary FROM community WHERE boundary IS NOT NULL"
)
