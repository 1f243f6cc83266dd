"""The one adaptor that finds: a plain connection and a question in, an answer out. No objects.

Nothing here reads a table that holds anything private: only the published copies.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, bindparam, text

from asset_hub.search.geo import (
    Box,
    Point,
    along_ground,
    chord_squared,
    columns,
    rows,
)  # fmt: skip
from asset_hub.search.queries import circles, ranking, sql, weighing
from asset_hub.search.queries.clusters import Cell, circle, merge, shift
from asset_hub.search.queries.conditions import Shape
from asset_hub.search.queries.hits import BITS
from asset_hub.search.queries.question import Question, Sought, Word

__all__ = ["Answer", "Found", "Point", "Question", "View", "Word", "find", "places"]

PAGE = 20
MOST_COUNTED = 1_000  # of what only the distance or the name puts in order
LIKELY = 3 * PAGE  # those that fit best, scored first (see `ranking`)
FEW = 20  # so many places are shown one by one, however they crowd
CLOSE = 16  # from this zoom on every place is shown …
MOST_FEATURES = 1_000  # … up to so many
NEARBY = 3_000.0  # metres around: there even the commonest words are looked for, and scored first
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
    left_out: int = 0  # how many more hardly fit …
    floor: float = 0.0  # … because they fit less than this (see `find`)

    @property
    def pages(self) -> int:
        """Return how many pages there are; an empty answer has one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class View:
    """A piece of the map as GeoJSON features, and how many places they stand for."""

    features: list[str]
    total: int


def find(connection: Connection, question: Question, *, least: float = 0.0, few: int = 1) -> Answer:
    """Answer a question: by fit (and distance) when it has words, else by distance, else by name.

    Any text may be asked; one without a single word is taken as no text. Ties are broken by name,
    then by id, so that pages never overlap. When the best of what the filters leave comes to less
    than `least` of a perfect fit, only the `few` that fit best are found.
    """
    sought = weighing.sought(connection, question)
    shape, params = _shape(connection, question, sought)
    params |= {"poor": math.ceil(least * sought.ideal), "few": few - 1}
    if shape.ranked or not question.near:
        rows = connection.execute(sql.page(shape), params).all()
    else:
        rows = circles.nearest(connection, question.near, question.within, shape, params)
    told = rows[0] if rows else connection.execute(sql.told(shape), params).one()
    if shape.ranked:
        return _ranked(question, sought, shape, rows, told)
    total = min(told.total, params["most"] - 1)
    return Answer(total, question.page, [_found(row) for row in rows], total < told.total)


def settled(connection: Connection, question: Question, *, least: float, few: int) -> Question:
    """Return a question that only the few that fit best answer, when even the best fits too little.

    Only what all its filters leave is compared. `least` is the share of a perfect fit that is
    enough.
    """
    sought = weighing.sought(connection, question)
    shape, params = _shape(connection, question, sought)
    if not shape.ranked:
        return question
    params |= {"poor": math.ceil(least * sought.ideal), "few": few - 1}
    told = connection.execute(sql.told(shape), params).one()
    return replace(question, floor=(told.least >> BITS) / weighing.ONE) if told.least else question


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
    if answer.more:
        return 0  # nobody can say
    placed: int = connection.execute(sql.places(shape, 0, "groups"), params).scalar_one()
    return max(0, answer.total - placed)


def bounds(connection: Connection, question: Question) -> Box | None:
    """Return the box around every place of the listings that match, or None without one."""
    shape, params = _shape(connection, question, weighing.sought(connection, question))
    edges = connection.execute(sql.places(shape, 0, "bounds"), params).one()
    return None if edges[0] is None else Box(*edges)


def _shape(connection: Connection, question: Question, sought: Sought) -> tuple[Shape, Params]:
    """Return the question's shape and the values its statements take."""
    near, within = question.near, question.within
    shape = Shape(
        connection.dialect.name, len(sought.stems), sought.cut, len(sought.slugs),
        near is not None, near is not None and within is not None, False,
        len(question.topics), bool(question.community),
        tuple(len(some) for some in question.also), len(question.suits),
        tuple(len(some) for some in question.facets), question.age is not None,
        question.today is not None, question.room,
        question.on is not None, len(question.hours),
        len(columns(question.area)) if question.area else 0, question.said_age is not None,
    )  # fmt: skip
    offset = (question.page - 1) * PAGE
    params: Params = {
        "limit": PAGE, "offset": offset, "last": offset + PAGE - 1, "likely": offset + LIKELY,
        "most": max(MOST_COUNTED, offset + 10 * PAGE) + 1, "poor": 0, "few": 0,
        "floor": round(question.floor * weighing.ONE), **sought.params,
    }  # fmt: skip
    params |= _slugs("topic", question.topics)
    for number, some in enumerate(question.also):
        params |= _slugs(f"also{number}_", some)
    params |= _slugs("suits", question.suits)
    for number, some in enumerate(question.facets):
        params |= _slugs(f"facet{number}_", some)
    params |= {"community": question.community, "age": question.age, "today": question.today}
    params["said_age"] = question.said_age
    params |= _when(question)
    if near:
        params |= _near(near) | circles.reach(near, within or NEARBY)
    if near and shape.ranked:
        params |= _likely(connection, near)
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


def _when(question: Question) -> Params:
    """Return the day and the hours that are asked for."""
    found: Params = {"on_day": question.on and question.on.isoformat()}
    for number, (opens, closes) in enumerate(question.hours):
        found |= {f"opens{number}": opens, f"closes{number}": closes}
    return found


def _near(point: Point) -> Params:
    squeeze = math.cos(math.radians(point.latitude))
    return {
        "latitude": point.latitude, "longitude": point.longitude, "squeeze": squeeze,
        "across": (math.radians(1) * squeeze) ** 2, "fade": chord_squared(ranking.FADES_AT),
    }  # fmt: skip


def _likely(connection: Connection, point: Point) -> Params:
    """Return the box whose listings are scored first, and what is left of a score outside it."""
    metres = circles.holding(connection, point)
    left = ranking.faded(chord_squared(metres), chord_squared(ranking.FADES_AT))
    return {"steep": 100 * left, **circles.reach(point, metres, "likely")}


def _ranked(
    question: Question, sought: Sought, shape: Shape, rows: Sequence[Any], told: Any
) -> Answer:
    found = [_found(row, sought) for row in rows]
    best = (told.best or 0) / sought.ideal if told.total and sought.ideal else 1.0
    more = sought.cut > 0 and not (shape.within or shape.community)
    respelt = sought.respelt and told.total > 0
    left_out, floor = told.every - told.total, (told.least >> BITS) / weighing.ONE
    return Answer(told.total, question.page, found, more, respelt, best, left_out, floor)


def _found(row: Any, sought: Sought | None = None) -> Found:
    metres = None if row.chord is None else round(along_ground(row.chord))
    if sought is None:
        return Found(row.card, metres, number=row.number)
    return Found(row.card, metres, *sought.why(row.why), row.number)


def _circles(
    connection: Connection, shape: Shape, turns: int, params: Params, zoom: int
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
    return placed(communities(connection))


def placed(rows: Iterable[Any]) -> list[Home]:
    """Return those of some communities whose place is known."""
    return [
        Home(row.name, row.slug, Box(row.west, row.south, row.east, row.north),
             Point(row.latitude, row.longitude))
        for row in rows if row.latitude is not None
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
    known: dict[str, Any] = {}
    wanted = set(slugs)
    for _ in range(MOST_MERGES):
        if not wanted:
            break
        rows = connection.execute(_BY_SLUG, {"slugs": sorted(wanted)}).all()
        known |= {row.slug: row for row in rows}
        wanted = {row.merged_into for row in rows if row.merged_into} - known.keys()
    return {slug: _now(known, slug) for slug in slugs if slug in known}


def _now(known: Mapping[str, Any], slug: str) -> Any:
    row, turns = known[slug], 0
    while row.merged_into in known and turns < MOST_MERGES:
        row, turns = known[row.merged_into], turns + 1
    return row


def communities(connection: Connection) -> list[Any]:
    """Return (slug, name) of every community and where it is (see `placed`), by name."""
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
    "LEFT JOIN taxonomy_term k ON k.id = t.merged_into_id WHERE t.slug IN :slugs"
).bindparams(bindparam("slugs", expanding=True))
_COMMUNITIES = text(
    "SELECT name, slug, coalesce(west, longitude) AS west, coalesce(south, latitude) AS south, "
    "coalesce(east, longitude) AS east, coalesce(north, latitude) AS north, "
    "coalesce(latitude, (south + north) / 2) AS latitude, "
    "coalesce(longitude, (west + east) / 2) AS longitude FROM community ORDER BY name"
)
_OUTLINES = text(
    "SELECT slug, CAST(boundary AS TEXT) AS boundary FROM community WHERE boundary IS NOT NULL"
)
