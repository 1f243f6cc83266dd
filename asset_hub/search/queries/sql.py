"""The statements a search is put together from, the same for both databases but for two lines.

Each is built once for its shape (which filters, text or none, near or not) and kept.
"""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

from functools import lru_cache

from sqlalchemy import Date, TextClause, bindparam, text

from asset_hub.search.queries import hits, ranking
from asset_hub.search.queries.conditions import Shape, about, asked, where
from asset_hub.search.queries.measuring import (
    BEYOND,
    CHORD,
    numbers,
    reached,
    view,
    within,
)

_NARROW = "SELECT f.number, f.sort_name, f.service_id"


@lru_cache(maxsize=256)
def page(shape: Shape) -> TextClause:
    """Return the statement of one page, best first: cards, and what there is to tell of them all.

    Each row has card, number, chord (to its nearest place) and total; of words also why, every and
    best (see `ranking`). Without words the total ends at `most`.
    """
    if shape.ranked:
        order = "page.score DESC, page.sort_name"
        chord = f"(SELECT min({CHORD}) FROM listing_text_place p WHERE p.number = page.number)"
        chord = chord if shape.near else "NULL"
        told = f"page.why, told.total, told.every, told.best, told.least, {chord}"
        tables = f"{ranking.ranked(shape)}SELECT {{}} FROM page CROSS JOIN told"
    else:
        order = "page.far, page.sort_name" if shape.near else "page.sort_name"
        nearest = f"nullif(page.far, {BEYOND})"
        told = f"({_counting(shape)}) AS total, {nearest if shape.near else 'NULL'}"
        tables = f"SELECT {{}} FROM ({_narrow(shape)}) page"
    found = tables.format(f"CAST(l.card AS TEXT) AS card, page.number, {told} AS chord")
    return _typed(
        f"{found} CROSS JOIN listing l WHERE l.number = page.number "
        f"ORDER BY {order}, page.service_id"
    )


@lru_cache(maxsize=256)
def told(shape: Shape) -> TextClause:
    """Return the statement that tells of everything that matches: total, every, best, least."""
    if shape.ranked:
        return _typed(f"WITH {ranking.matches(shape)} SELECT total, every, best, least FROM told")
    return _typed(f"SELECT ({_counting(shape)}) AS total, 0 AS every, 0 AS best, 0 AS least")


@lru_cache(maxsize=256)
def marks(shape: Shape) -> TextClause:
    """Return what each match can be filtered by: (facets, topic_slugs, full_until, community)."""
    return _typed(
        "SELECT f.facets, f.topic_slugs, f.full_until, c.slug AS community "
        "FROM listing_text_facts f LEFT JOIN community c ON c.id = f.community_id "
        f"WHERE f.number IN ({hits.matching(shape)}) LIMIT :most"
    )


@lru_cache(maxsize=256)
def places(shape: Shape, turns: int, what: str) -> TextClause:
    """Return the statement about the places in a view of the map (see `_WHAT`)."""
    conditions = view(turns)
    if hits.narrows(shape):
        conditions.append(f"p.number IN ({hits.matching(shape)})")
    if shape.within:
        conditions.append(reached())
    found = _typed(_WHAT[what].format(where=where(conditions)))
    return found.bindparams(bindparam("ids", expanding=True)) if what == "alone" else found


@lru_cache(maxsize=8)
def around(steps: tuple[int, ...]) -> TextClause:
    """Return the statement that counts the places in boxes of some metres, up to `enough`."""
    held = "(SELECT count(*) FROM (SELECT 1 FROM ({}) box LIMIT :enough) counted)"
    return text(f"SELECT {', '.join(held.format(numbers(f'to_{step}')) for step in steps)}")


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


def _typed(statement: str) -> TextClause:
    found = text(statement)
    dates = [bindparam("today", type_=Date)] if ":today" in statement else []
    return found.bindparams(*dates)


def _narrow(shape: Shape) -> str:
    """Return the narrow rows of one page without words: the nearest first, else by name."""
    far = "far, " if shape.near else ""
    rows = _around(shape) if shape.within or shape.circle else _everywhere(shape)
    return (
        f"SELECT * FROM ({rows}) found ORDER BY {far}sort_name, service_id "
        "LIMIT :limit OFFSET :offset"
    )


def _everywhere(shape: Shape) -> str:
    conditions = where(hits.first(shape, "f") + asked(shape))
    far = f"SELECT min({CHORD}) FROM listing_text_place p WHERE p.number = f.number"
    far = f", coalesce(({far}), {BEYOND}) AS far" if shape.near else ""
    return f"{_NARROW}{far} FROM listing_text_facts f{conditions}"


def _around(shape: Shape) -> str:
    """Return what is in a circle: place by place, each with a copy of its listing's topics."""
    box = "circle" if shape.circle else "box"
    places = where([*within(box), *about(shape), reached(box)])
    conditions = where(["f.number = near.number", *asked(shape)])
    return (
        f"{_NARROW}, near.far FROM (SELECT p.number, min({CHORD}) AS far "
        f"FROM listing_text_place p{places} GROUP BY p.number) near "
        f"CROSS JOIN listing_text_facts f{conditions}"
    )


def _counting(shape: Shape) -> str:
    """Return how many match, up to `most`."""
    rows = f"{numbers().replace('SELECT', 'SELECT DISTINCT', 1)} AND {reached()}"
    if asked(shape) or about(shape) or not shape.within:
        rows = hits.matching(shape)
    return f"SELECT count(*) FROM (SELECT 1 FROM ({rows}) found LIMIT :most) counted"
