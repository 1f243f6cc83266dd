"""The statements a search is put together from, the same for both databases but for two lines.

Each is built once for its shape (which filters, text or none, near or not) and kept.
"""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Date, TextClause, bindparam, text
from sqlalchemy.dialects import postgresql, sqlite

from asset_hub.directory.queries import session_numbers
from asset_hub.search.queries.text import STRONG

FADE = 0.35  # what is left of a text's score far away …
FADES_AT = 5_000.0  # … and the metres at which half of the rest is gone

# What is left of a text's score as a listing ages (directory.models.Age): what nobody has confirmed
# for nine months comes after what was confirmed, unless it fits much better. Nearness alone is
# never bent: the nearest list stays in order of distance, and its old ones are marked.
AGED = {0: 100, 1: 90, 2: 50, 3: 70}  # of a hundred: sure, ageing, old, unknown
FULL = 80  # of a hundred: what is left when nobody new can come at present

CHAMPIONS = 5_000  # of a word that is cut: the listings that it says most about

BANDS = 5  # texts whose scores lie within a fifth of the best are alike: the nearer comes first

# How well a text fits beside the one that fits best, in whole steps.
_BAND = f"(1 + ({2 * BANDS} * hit.fit + best.fit) / (2 * best.fit))"
_BEST = "(SELECT max(fit) AS fit FROM hit) best"
_MOST = "(SELECT max(fit) FROM hit)"

_WHENS = " ".join(f"WHEN {stage} THEN {left}" for stage, left in AGED.items())
_AGED = f"CASE f.stage {_WHENS} ELSE 100 END"
_FULL = f"CASE WHEN f.full_until > :today THEN {FULL} ELSE 100 END"

_RADIANS = "0.00030461741978670857"  # squared, in a squared degree


def _wave(x: str) -> str:
    """Return 2 - 2cos(x), x in degrees, as a sum: no database must know trigonometry.

    The first term left out is x^12/239,500,800: less than a centimetre in these islands.
    """
    square = f"({x}) * ({x}) * {_RADIANS}"
    inner = f"1 - {square} / 30 * (1 - {square} / 56 * (1 - {square} / 90))"
    return f"({square} * (1 - {square} / 12 * ({inner})))"


# How far apart two longitudes are, the shorter way round.
_APART = "abs(abs(p.longitude - :longitude) - 180) - 180"
# The squared straight line through the earth, in earth radii, to the point that is asked about …
CHORD = (
    f"({_wave('p.latitude - :latitude')} + :squeeze * (1 - {_wave('p.latitude')} * 0.5) "
    f"* {_wave(_APART)})"
)
# … and nearly the same for a quarter of the work: good enough to weigh a text's score with.
ROUGHLY = (
    f"(p.latitude - :latitude) * (p.latitude - :latitude) * {_RADIANS} "
    "+ (p.longitude - :longitude) * (p.longitude - :longitude) * :across"
)
DIALECTS: dict[str, Any] = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}
BEYOND = 5.0  # farther than the other side of the earth: a listing without a place
_BOX = "p.gy BETWEEN :box_top AND :box_bottom AND p.gx BETWEEN :box_left AND :box_right"


class Shape(NamedTuple):
    """Which parts a question has; questions of one shape share their statements."""

    dialect: str
    words: int = 0  # how many stems
    cut: int = 0  # how many of them, the last ones, are so common that not every listing is read
    leaning: int = 0  # how many topics it seems to be about
    near: bool = False
    within: bool = False
    topics: int = 0
    community: bool = False
    also: tuple[int, ...] = ()
    suits: int = 0
    facets: tuple[int, ...] = ()
    age: bool = False
    today: bool = False
    room: bool = False
    on: str = ""  # a day, as YYYY-MM-DD
    hours: tuple[tuple[int, int], ...] = ()
    area: int = 0  # how many ranges of gx the piece of the map has

    @property
    def ranked(self) -> bool:
        """Return whether it is about words or topics, so that some listings fit better."""
        return self.words + self.leaning > 0

    @property
    def unfiltered(self) -> "Shape":
        """Return the same question without its words and topics."""
        return self._replace(words=0, cut=0, leaning=0)


@lru_cache(maxsize=256)
def page(shape: Shape) -> TextClause:
    """Return the statement of one page: (card, chord, total), best first."""
    return _typed(
        f"SELECT CAST(l.card AS TEXT) AS card, page.number, page.total, page.why, page.best, "
        f"{_chord('page', shape)} AS chord "
        f"FROM ({_ranked(shape)} LIMIT :limit OFFSET :offset) page "
        f"JOIN listing l ON l.number = page.number ORDER BY {_order(shape, 'page.')}",
        shape,
    )


@lru_cache(maxsize=256)
def count(shape: Shape) -> TextClause:
    """Return the statement that counts every listing a question matches."""
    if shape.within:
        hits = f"WITH hit AS MATERIALIZED ({_hits(shape)}) " if shape.ranked else ""
        return _typed(f"{hits}SELECT count(*) FROM ({_nearest(shape)}) nearest", shape)
    return _typed(f"SELECT count(*) FROM listing_text_facts f{_where(_filters(shape))}", shape)


@lru_cache(maxsize=256)
def fits(shape: Shape) -> TextClause:
    """Return the statement that says how well the few that fit best do."""
    return text(f"SELECT fit FROM ({_hits(shape)}) hit ORDER BY fit DESC LIMIT :few")


@lru_cache(maxsize=256)
def marks(shape: Shape) -> TextClause:
    """Return what each match can be filtered by: (facets, topic_slugs, full_until, community)."""
    where = _where(_filters(shape))
    if shape.within:
        where = f" WHERE f.number IN (SELECT nearest.number FROM ({_nearest(shape)}) nearest)"
    hits = f"WITH hit AS MATERIALIZED ({_hits(shape)}) " if shape.ranked and shape.within else ""
    return _typed(
        f"{hits}SELECT f.facets, f.topic_slugs, f.full_until, c.slug AS community "
        "FROM listing_text_facts f LEFT JOIN community c ON c.id = f.community_id"
        f"{where} LIMIT :most",
        shape,
    )


@lru_cache(maxsize=256)
def places(shape: Shape, turns: int, what: str) -> TextClause:
    """Return the statement about the places in a view of the map (see `_WHAT`)."""
    conditions = _view(turns)
    if filters := _filters(shape):
        wanted = _matching(shape)
        if len(filters) > shape.ranked:
            wanted = f"SELECT f.number FROM listing_text_facts f{_where(filters)}"
        conditions.append(f"p.number IN ({wanted})")
    if shape.within:
        conditions += [_BOX, f"{CHORD} <= :reach"]
    found = _typed(_WHAT[what].format(where=_where(conditions)), shape)
    return found.bindparams(bindparam("ids", expanding=True)) if what == "alone" else found


_WHAT = {
    "count": "SELECT count(*) FROM listing_text_place p{where}",
    "all": "SELECT l.feature FROM listing_text_place p JOIN listing_place l ON l.id = p.id{where} "
    "ORDER BY p.gy, p.gx, p.id LIMIT :limit",
    "cells": "SELECT count(*), avg(p.gx), avg(p.gy), min(p.gx), min(p.gy), max(p.gx), max(p.gy), "
    "min(CAST(p.id AS TEXT)) FROM listing_text_place p{where} "
    "GROUP BY p.gx >> :shift, p.gy >> :shift",
    "alone": "SELECT feature FROM listing_place WHERE id IN :ids ORDER BY gy, gx, id",
    "groups": "SELECT count(DISTINCT p.number) FROM listing_text_place p{where}",
    "bounds": "SELECT min(p.longitude), min(p.latitude), max(p.longitude), max(p.latitude) "
    "FROM listing_text_place p{where}",
}


def _typed(statement: str, shape: Shape) -> TextClause:
    found = text(statement)
    dates = [bindparam("today", type_=Date)] if ":today" in statement else []
    return found.bindparams(*dates)


def _view(turns: int, of: str = "p", name: str = "") -> list[str]:
    """Return that a place is in a box, whose edges are values called by `name`."""
    spans = [f"{of}.gx BETWEEN :{name}first{n} AND :{name}last{n}" for n in range(turns)]
    rows = f"{of}.gy BETWEEN :{name}top AND :{name}bottom"
    return [rows, f"({' OR '.join(spans)})"] if turns else []


def _filters(shape: Shape) -> list[str]:
    found = []
    if shape.ranked:
        found.append(f"f.number IN ({_matching(shape)})")
    if shape.topics:
        found += _about("topic", shape.topics, shape)
    for number, count in enumerate(shape.also):
        found += _about(f"also{number}_", count, shape)
    found += [f"{_at('topic_slugs', f'not_suits{n}', shape)} = 0" for n in range(shape.suits)]
    if shape.community:
        found.append("f.community_id = (SELECT id FROM community WHERE slug = :community)")
    if shape.area:
        inside = " AND ".join(_view(shape.area, "v", "area_"))
        found.append(f"f.number IN (SELECT v.number FROM listing_text_place v WHERE {inside})")
    if shape.on:
        found.append(f"({' OR '.join(_meets(shape))})")
    return found + _facets(shape)


def _meets(shape: Shape) -> Iterator[str]:
    """Yield that a listing meets on a day, between some hours; the day is one of ours, and safe."""
    day = [date.fromisoformat(shape.on)]
    for opens, closes in shape.hours or ((0, None),):
        asked = session_numbers(day, opens=opens, closes=closes)
        known = DIALECTS[shape.dialect]()
        meets = asked.compile(dialect=known, compile_kwargs={"literal_binds": True})
        yield f"f.number IN ({meets})"


def _facets(shape: Shape) -> list[str]:
    found = []
    for number, count in enumerate(shape.facets):
        some = (f"{_at('facets', f'facet{number}_{n}', shape)} > 0" for n in range(count))
        found.append(f"({' OR '.join(some)})")
    if shape.age:
        found.append("coalesce(f.age_from, 0) <= :age AND coalesce(f.age_to, 999) >= :age")
    if shape.room:
        found.append("f.facets LIKE '%|room|%'")
        if shape.today:
            found.append("(f.full_until IS NULL OR f.full_until <= :today)")
    return found


def _about(name: str, count: int, shape: Shape) -> list[str]:
    """Return that a listing is about one of some topics, and that it is not "not for" any."""
    any_of = (f"{_at('topic_slugs', f'{name}{n}', shape)} > 0" for n in range(count))
    none_of = (f"{_at('topic_slugs', f'not_{name}{n}', shape)} = 0" for n in range(count))
    return [*_seems(name, count, "f"), f"({' OR '.join(any_of)})", *none_of]


def _seems(name: str, count: int, row: str) -> list[str]:
    """Return that a row's listing was said, or seems, to be about one of some topics.

    An index answers it: whether it was said, its own slugs say.
    """
    slugs = ", ".join(f":is_{name}{n}" for n in range(count))
    return [f"{row}.number IN (SELECT number FROM listing_topic WHERE slug IN ({slugs}))"]


def _at(column: str, name: str, shape: Shape) -> str:
    """Return where a mark stands in a column: a plain search, several times as fast as LIKE."""
    call = "instr" if shape.dialect == "sqlite" else "strpos"
    return f"{call}(f.{column}, :{name})"


def _where(conditions: list[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _order(shape: Shape, of: str = "") -> str:
    first = ["score DESC"] if shape.ranked else ["far"] if shape.near else []
    return ", ".join(of + part for part in [*first, "sort_name", "service_id"])


def _chord(of: str, shape: Shape) -> str:
    """Return the exact distance from the point asked about to a listing's nearest place."""
    if not shape.near:
        return "NULL"
    return f"(SELECT min({CHORD}) FROM listing_text_place p WHERE p.number = {of}.number)"


def _ranked(shape: Shape) -> str:
    """Return the narrow rows of everything that matches, in order."""
    if not shape.near:
        return _by_words(shape) if shape.ranked else _by_name(shape)
    score = f"round(fit * ({FADE} + {1 - FADE} / (1 + far / :fade)))" if shape.ranked else "0"
    hits = f"hit AS MATERIALIZED ({_hits(shape)}), " if shape.ranked else ""
    best = _MOST if shape.ranked else "0"
    return (
        f"WITH {hits}kept AS MATERIALIZED ({_nearest(shape)}) SELECT number, sort_name, "
        f"service_id, far, why, {score} AS score, (SELECT count(*) FROM kept) AS total, "
        f"{best} AS best FROM kept ORDER BY {_order(shape)}"
    )


def _by_name(shape: Shape) -> str:
    return (
        "SELECT f.number, f.sort_name, f.service_id, 0 AS total, 0 AS why, 0 AS best "
        f"FROM listing_text_facts f{_where(_filters(shape))} ORDER BY {_order(shape)}"
    )


def _by_words(shape: Shape) -> str:
    """Return what has the words, the best first; a window that counts would cost as much again."""
    where = _where(_filters(shape.unfiltered))
    rows = (
        "SELECT f.number, f.sort_name, f.service_id, hit.why, "
        f"{_left('hit.fit', shape)} AS score{{}} "
        f"FROM hit JOIN listing_text_facts f ON f.number = hit.number{where}"
    )
    hits = f"WITH hit AS MATERIALIZED ({_hits(shape)})"
    if not where:
        every = rows.format(f", (SELECT count(*) FROM hit) AS total, {_MOST} AS best")
        return f"{hits} {every} ORDER BY {_order(shape)}"
    return (
        f"{hits}, kept AS MATERIALIZED ({rows.format('')}) SELECT number, sort_name, service_id, "
        f"why, score, (SELECT count(*) FROM kept) AS total, {_MOST} AS best FROM kept "
        f"ORDER BY {_order(shape)}"
    )


def _left(fit: str, shape: Shape) -> str:
    """Return what is left of a score as a listing ages, and when it has no room."""
    return f"{fit} * {_AGED}" + (f" * {_FULL} / 100" if shape.today else "")


def _hits(shape: Shape) -> str:
    """Return what has any of the words or topics: how well it fits, and why (a bit for each).

    All of it is whole numbers: no database rounds them its own way.
    """
    words = (
        f"SELECT number, impact * CAST(:weight{n} AS INTEGER) AS fit, {1 << n} AS why "
        f"FROM {_having(n, shape)}"
        for n in range(shape.words)
    )
    leaning = (
        f"SELECT number, strength * CAST(:trust{n} AS INTEGER) AS fit, "
        f"{1 << shape.words + n} AS why FROM listing_topic WHERE slug = :lean{n}"
        for n in range(shape.leaning)
    )
    if shape.words + shape.leaning == 1:
        return (
            "SELECT number, CAST(fit AS BIGINT) AS fit, why "
            f"FROM ({''.join((*words, *leaning))}) found WHERE fit >= :floor"
        )
    return (
        "SELECT number, CAST(sum(fit) AS BIGINT) AS fit, CAST(sum(why) AS BIGINT) AS why "
        f"FROM ({' UNION ALL '.join((*words, *leaning))}) found GROUP BY number "
        "HAVING sum(fit) >= :floor"
    )


def _having(n: int, shape: Shape) -> str:
    """Return the listings that have a word, and how much it says about them.

    Of a word that is cut: those nearby or in the community, and those that are most about it.
    """
    every = f"listing_text_word WHERE stem = :word{n}"
    if n < shape.words - shape.cut:
        return every
    where = _filters(Shape(shape.dialect, community=shape.community))
    local = f"SELECT f.number FROM listing_text_facts f{_where(where)}"
    if shape.near:
        local = f"SELECT p.number FROM listing_text_place p WHERE {_BOX}"
    local = f"SELECT number, impact FROM {every} AND number IN ({local})"
    if shape.within or shape.community:
        return f"({local}) nearby"
    most = (
        f"SELECT * FROM (SELECT number, impact FROM {every} AND impact >= {STRONG} "
        f"ORDER BY stem, impact DESC, number LIMIT {CHAMPIONS}) most"
    )
    return f"({local} UNION {most}) nearby" if shape.near else f"({most}) champion"


def _matching(shape: Shape) -> str:
    return f"SELECT matched.number FROM ({_hits(shape)}) matched"


def _nearest(shape: Shape) -> str:
    """Return every match once, with how far its nearest place is; BEYOND when it has none.

    With words it reads the hits, which whoever asks for it has put before it.
    """
    tables = "listing_text_facts f"
    if shape.ranked:
        tables = f"hit CROSS JOIN {_BEST} JOIN {tables} ON f.number = hit.number"
    fit = _left(_BAND, shape) if shape.ranked else "0"
    why = "hit.why" if shape.ranked else "0 AS why"
    filters = _filters(shape.unfiltered)
    if not shape.within:
        measure = ROUGHLY if shape.ranked else CHORD
        far = f"SELECT min({measure}) FROM listing_text_place p WHERE p.number = f.number"
        return (
            f"SELECT f.number, f.sort_name, f.service_id, {fit} AS fit, {why}, "
            f"coalesce(({far}), {BEYOND}) AS far FROM {tables}{_where(filters)}"
        )
    where = [_BOX, *(_seems("topic", shape.topics, "p") if shape.topics else [])]
    inside = (
        f"SELECT number, min(far) AS far FROM (SELECT p.number, {CHORD} AS far "
        f"FROM listing_text_place p{_where(where)}) around WHERE far <= :reach GROUP BY number"
    )
    matched = f" JOIN hit ON hit.number = inside.number CROSS JOIN {_BEST}" if shape.ranked else ""
    return (
        f"SELECT f.number, f.sort_name, f.service_id, {fit} AS fit, {why}, inside.far "
        f"FROM ({inside}) inside{matched} JOIN listing_text_facts f ON f.number = inside.number"
        f"{_where(filters)}"
    )
