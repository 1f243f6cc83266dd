"""The statements a search is put together from, the same for both databases but for two lines.

Each is built once for its shape (which filters, text or none, near or not) and kept.
"""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import TextClause, bindparam, text

from asset_hub.search.queries.text import COLUMNS, RANKS, WEIGHTS

FADE = 0.35  # what is left of a text's score far away …
FADES_AT = 5_000.0  # … and the metres at which half of the rest is gone

# What is left of a text's score as a listing ages (directory.models.Age): what nobody has confirmed
# for nine months comes after what was confirmed, unless it fits much better. Nearness alone is
# never bent: the nearest list stays in order of distance, and its old ones are marked.
AGED = {0: 1.0, 1: 0.9, 2: 0.5, 3: 0.7}  # sure, ageing, old, unknown

BANDS = 5  # texts whose scores lie within a fifth of the best are alike: the nearer comes first

_WEIGHTS = ", ".join(str(WEIGHTS[column]) for column in COLUMNS)
_WANTED = "to_tsquery(CAST(:language AS regconfig), :match)"
_HITS = {
    "sqlite": f"SELECT rowid AS number, -bm25(listing_text, {_WEIGHTS}) AS fit "
    "FROM listing_text WHERE listing_text MATCH :match",
    "postgresql": f"SELECT t.number, ts_rank('{RANKS}', t.words, wanted.query) AS fit "
    f"FROM listing_text t, {_WANTED} wanted(query) "
    "WHERE t.words @@ wanted.query",
}
_MATCHING = {
    "sqlite": "SELECT rowid FROM listing_text WHERE listing_text MATCH :match",
    "postgresql": f"SELECT t.number FROM listing_text t WHERE t.words @@ {_WANTED}",
}


# How well a text fits beside the one that fits best, in whole steps.
_BAND = f"1 + coalesce(round({BANDS} * hit.fit / nullif((SELECT max(fit) FROM hit), 0)), 0)"

_WHENS = " ".join(f"WHEN {stage} THEN {left}" for stage, left in AGED.items())
_AGED = f"CASE f.stage {_WHENS} ELSE 1.0 END"

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
BEYOND = 5.0  # farther than the other side of the earth: a listing without a place
_BOX = "p.gy BETWEEN :box_top AND :box_bottom AND p.gx BETWEEN :box_left AND :box_right"


class Shape(NamedTuple):
    """Which parts a question has; questions of one shape share their statements."""

    dialect: str
    words: bool = False
    near: bool = False
    within: bool = False
    topics: int = 0
    community: bool = False
    also: tuple[int, ...] = ()
    suits: int = 0


@lru_cache(maxsize=256)
def page(shape: Shape) -> TextClause:
    """Return the statement of one page: (card, chord, total), best first."""
    return text(
        f"SELECT CAST(l.card AS TEXT) AS card, page.total, {_chord('page', shape)} AS chord "
        f"FROM ({_ranked(shape)} LIMIT :limit OFFSET :offset) page "
        f"JOIN listing l ON l.number = page.number ORDER BY {_order(shape, 'page.')}"
    )


@lru_cache(maxsize=256)
def count(shape: Shape) -> TextClause:
    """Return the statement that counts every listing a question matches."""
    if shape.within:
        return text(f"SELECT count(*) FROM ({_nearest(shape)}) nearest")
    return text(f"SELECT count(*) FROM listing_text_facts f{_where(_filters(shape))}")


@lru_cache(maxsize=256)
def places(shape: Shape, turns: int, what: str) -> TextClause:
    """Return the statement about the places in a view of the map (see `_WHAT`)."""
    conditions = _view(turns)
    if filters := _filters(shape):
        wanted = _MATCHING[shape.dialect]
        if filters != _filters(Shape(shape.dialect, words=True)):
            wanted = f"SELECT f.number FROM listing_text_facts f{_where(_filters(shape))}"
        conditions.append(f"p.number IN ({wanted})")
    if shape.within:
        conditions += [_BOX, f"{CHORD} <= :reach"]
    found = text(_WHAT[what].format(where=_where(conditions)))
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


# Whether any listing has any of the words.
ANY = {dialect: text(f"{matching} LIMIT 1") for dialect, matching in _MATCHING.items()}

# The words listings use that begin with a letter: stems on SQLite, words of names on PostgreSQL.
VOCABULARY = {
    "sqlite": text(
        "SELECT term, doc FROM listing_text_vocab WHERE term >= :first AND term < :after "
        "AND length(term) BETWEEN :least AND :most"
    ),
    "postgresql": text(
        "SELECT word, count(*) FROM listing_text_facts f, "
        "unnest(string_to_array(f.sort_name, ' ')) AS word WHERE word >= :first AND word < :after "
        "AND length(word) BETWEEN :least AND :most GROUP BY word"
    ),
}


def _view(turns: int) -> list[str]:
    spans = [f"p.gx BETWEEN :first{n} AND :last{n}" for n in range(turns)]
    return ["p.gy BETWEEN :top AND :bottom", f"({' OR '.join(spans)})"] if turns else []


def _filters(shape: Shape) -> list[str]:
    found = []
    if shape.words:
        found.append(f"f.number IN ({_MATCHING[shape.dialect]})")
    if shape.topics:
        found += _about("topic", shape.topics)
    for number, count in enumerate(shape.also):
        found += _about(f"also{number}_", count)
    found += [f"f.topic_slugs NOT LIKE :not_suits{n} ESCAPE '#'" for n in range(shape.suits)]
    if shape.community:
        found.append("f.community_id = (SELECT id FROM community WHERE slug = :community)")
    return found


def _about(name: str, count: int) -> list[str]:
    """Return that a listing is about one of some topics, and that it is not "not for" any."""
    any_of = (f"f.topic_slugs LIKE :{name}{n} ESCAPE '#'" for n in range(count))
    none_of = (f"f.topic_slugs NOT LIKE :not_{name}{n} ESCAPE '#'" for n in range(count))
    return [f"({' OR '.join(any_of)})", *none_of]


def _where(conditions: list[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _order(shape: Shape, of: str = "") -> str:
    first = ["score DESC"] if shape.words else ["far"] if shape.near else []
    return ", ".join(of + part for part in [*first, "sort_name", "service_id"])


def _chord(of: str, shape: Shape) -> str:
    """Return the exact distance from the point asked about to a listing's nearest place."""
    if not shape.near:
        return "NULL"
    return f"(SELECT min({CHORD}) FROM listing_text_place p WHERE p.number = {of}.number)"


def _ranked(shape: Shape) -> str:
    """Return the narrow rows of everything that matches, in order."""
    if not shape.near:
        return _by_words(shape) if shape.words else _by_name(shape)
    score = f"fit * ({FADE} + {1 - FADE} / (1 + far / :fade))" if shape.words else "0"
    return (
        f"SELECT number, sort_name, service_id, far, {score} AS score, count(*) OVER () AS total "
        f"FROM ({_nearest(shape)}) nearest ORDER BY {_order(shape)}"
    )


def _by_name(shape: Shape) -> str:
    return (
        "SELECT f.number, f.sort_name, f.service_id, 0 AS total "
        f"FROM listing_text_facts f{_where(_filters(shape))} ORDER BY {_order(shape)}"
    )


def _by_words(shape: Shape) -> str:
    return (
        f"{_hits(shape)}SELECT f.number, f.sort_name, f.service_id, hit.fit * {_AGED} AS score, "
        "count(*) OVER () AS total FROM hit JOIN listing_text_facts f ON f.number = hit.number"
        f"{_where(_filters(shape._replace(words=False)))} ORDER BY {_order(shape)}"
    )


def _hits(shape: Shape) -> str:
    """Return, as a WITH, the listings that have the words and how well they fit.

    Materialized, because bm25 may only be asked for where the index itself is read, and because
    PostgreSQL would otherwise carry whole tsvectors through the sort.
    """
    return f"WITH hit AS MATERIALIZED ({_HITS[shape.dialect]}) "


def _nearest(shape: Shape) -> str:
    """Return every match once, with how far its nearest place is; BEYOND when it has none."""
    hits = _hits(shape) if shape.words else ""
    tables = "listing_text_facts f"
    if shape.words:
        tables = f"hit JOIN {tables} ON f.number = hit.number"
    fit = f"({_BAND}) * {_AGED}" if shape.words else "0"
    filters = _filters(shape._replace(words=False))
    if not shape.within:
        measure = ROUGHLY if shape.words else CHORD
        far = f"SELECT min({measure}) FROM listing_text_place p WHERE p.number = f.number"
        return (
            f"{hits}SELECT f.number, f.sort_name, f.service_id, {fit} AS fit, "
            f"coalesce(({far}), {BEYOND}) AS far FROM {tables}{_where(filters)}"
        )
    inside = (
        f"SELECT p.number, min({CHORD}) AS far FROM listing_text_place p WHERE {_BOX} "
        f"GROUP BY p.number HAVING min({CHORD}) <= :reach"
    )
    matched = " JOIN hit ON hit.number = inside.number" if shape.words else ""
    return (
        f"{hits}SELECT f.number, f.sort_name, f.service_id, {fit} AS fit, inside.far "
        f"FROM ({inside}) inside{matched} JOIN listing_text_facts f ON f.number = inside.number"
        f"{_where(filters)}"
    )
