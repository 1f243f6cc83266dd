"""The statements a search is put together from, the same for both databases but for two lines.

Each is built once for its shape (which filters, text or none, near or not) and kept.
"""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

from functools import lru_cache

from sqlalchemy import Date, TextClause, bindparam, text

from asset_hub.search.queries.conditions import Shape, asked, seems, where
from asset_hub.search.queries.hits import hits, matching
from asset_hub.search.queries.measuring import BEYOND, BOX, CHORD, ROUGHLY, view

FADE = 0.35  # what is left of a text's score far away …
FADES_AT = 5_000.0  # … and the metres at which half of the rest is gone

# What is left of a text's score as a listing ages (directory.models.Age): what nobody has confirmed
# for nine months comes after what was confirmed, unless it fits much better. Nearness alone is
# never bent: the nearest list stays in order of distance, and its old ones are marked.
AGED = {0: 100, 1: 90, 2: 50, 3: 70}  # of a hundred: sure, ageing, old, unknown
FULL = 80  # of a hundred: what is left when nobody new can come at present

BANDS = 5  # texts whose scores lie within a fifth of the best are alike: the nearer comes first

# How well a text fits beside the one that fits best, in whole steps.
_BAND = f"(1 + ({2 * BANDS} * hit.fit + best.fit) / (2 * best.fit))"
_TOP = "(SELECT max(fit) AS fit FROM hit)"
_BEST = f"{_TOP} best"
_MOST = "(SELECT max(whole) FROM kept)"  # of what the filters leave

_WHENS = " ".join(f"WHEN {stage} THEN {left}" for stage, left in AGED.items())
_AGED = f"CASE f.stage {_WHENS} ELSE 100 END"
_FULL = f"CASE WHEN f.full_until > :today THEN {FULL} ELSE 100 END"


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
        hit = f"WITH hit AS MATERIALIZED ({hits(shape)}) " if shape.ranked else ""
        return _typed(f"{hit}SELECT count(*) FROM ({_nearest(shape)}) nearest", shape)
    return _typed(f"SELECT count(*) FROM listing_text_facts f{where(_filters(shape))}", shape)


@lru_cache(maxsize=256)
def fits(shape: Shape) -> TextClause:
    """Return the statement that says how well the few matches that fit best do."""
    filters = where(asked(shape))
    facts = f" JOIN listing_text_facts f ON f.number = hit.number{filters}" if filters else ""
    kept = _nearest(shape) if shape.within else f"SELECT hit.fit AS whole FROM hit{facts}"
    few = f"SELECT whole FROM ({kept}) kept ORDER BY whole DESC LIMIT :few"
    return _typed(f"WITH hit AS MATERIALIZED ({hits(shape)}) {few}", shape)


@lru_cache(maxsize=256)
def marks(shape: Shape) -> TextClause:
    """Return what each match can be filtered by: (facets, topic_slugs, full_until, community)."""
    kept = where(_filters(shape))
    if shape.within:
        kept = f" WHERE f.number IN (SELECT nearest.number FROM ({_nearest(shape)}) nearest)"
    hit = f"WITH hit AS MATERIALIZED ({hits(shape)}) " if shape.ranked and shape.within else ""
    return _typed(
        f"{hit}SELECT f.facets, f.topic_slugs, f.full_until, c.slug AS community "
        "FROM listing_text_facts f LEFT JOIN community c ON c.id = f.community_id"
        f"{kept} LIMIT :most",
        shape,
    )


@lru_cache(maxsize=256)
def places(shape: Shape, turns: int, what: str) -> TextClause:
    """Return the statement about the places in a view of the map (see `_WHAT`)."""
    conditions = view(turns)
    if filters := _filters(shape):
        wanted = matching(shape)
        if len(filters) > shape.ranked:
            wanted = f"SELECT f.number FROM listing_text_facts f{where(filters)}"
        conditions.append(f"p.number IN ({wanted})")
    if shape.within:
        conditions += [BOX, f"{CHORD} <= :reach"]
    found = _typed(_WHAT[what].format(where=where(conditions)), shape)
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


def _filters(shape: Shape) -> list[str]:
    """Return everything that a question asks of a listing, without its distance."""
    matched = [f"f.number IN ({matching(shape)})"] if shape.ranked else []
    return matched + asked(shape)


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
    hit = f"hit AS MATERIALIZED ({hits(shape)}), " if shape.ranked else ""
    best = _MOST if shape.ranked else "0"
    return (
        f"WITH {hit}kept AS MATERIALIZED ({_nearest(shape)}) SELECT number, sort_name, "
        f"service_id, far, why, {score} AS score, (SELECT count(*) FROM kept) AS total, "
        f"{best} AS best FROM kept ORDER BY {_order(shape)}"
    )


def _by_name(shape: Shape) -> str:
    return (
        "SELECT f.number, f.sort_name, f.service_id, 0 AS total, 0 AS why, 0 AS best "
        f"FROM listing_text_facts f{where(_filters(shape))} ORDER BY {_order(shape)}"
    )


def _by_words(shape: Shape) -> str:
    """Return what has the words, the best first; a window that counts would cost as much again."""
    kept = where(asked(shape))
    rows = (
        "SELECT f.number, f.sort_name, f.service_id, hit.why, hit.fit AS whole, "
        f"{_left('hit.fit', shape)} AS score{{}} "
        f"FROM hit JOIN listing_text_facts f ON f.number = hit.number{kept}"
    )
    hit = f"WITH hit AS MATERIALIZED ({hits(shape)})"
    if not kept:
        every = rows.format(f", (SELECT count(*) FROM hit) AS total, {_TOP} AS best")
        return f"{hit} {every} ORDER BY {_order(shape)}"
    return (
        f"{hit}, kept AS MATERIALIZED ({rows.format('')}) SELECT number, sort_name, service_id, "
        f"why, score, (SELECT count(*) FROM kept) AS total, {_MOST} AS best FROM kept "
        f"ORDER BY {_order(shape)}"
    )


def _left(fit: str, shape: Shape) -> str:
    """Return what is left of a score as a listing ages, and when it has no room."""
    return f"{fit} * {_AGED}" + (f" * {_FULL} / 100" if shape.today else "")


def _nearest(shape: Shape) -> str:
    """Return every match once, with how far its nearest place is; BEYOND when it has none.

    With words it reads the hits, which whoever asks for it has put before it.
    """
    tables = "listing_text_facts f"
    if shape.ranked:
        tables = f"hit CROSS JOIN {_BEST} JOIN {tables} ON f.number = hit.number"
    fit = _left(_BAND, shape) if shape.ranked else "0"
    why = "hit.why, hit.fit AS whole" if shape.ranked else "0 AS why"
    filters = asked(shape)
    if not shape.within:
        measure = ROUGHLY if shape.ranked else CHORD
        far = f"SELECT min({measure}) FROM listing_text_place p WHERE p.number = f.number"
        return (
            f"SELECT f.number, f.sort_name, f.service_id, {fit} AS fit, {why}, "
            f"coalesce(({far}), {BEYOND}) AS far FROM {tables}{where(filters)}"
        )
    inside_of = [BOX, *(seems("topic", shape.topics, "p") if shape.topics else [])]
    inside = (
        f"SELECT number, min(far) AS far FROM (SELECT p.number, {CHORD} AS far "
        f"FROM listing_text_place p{where(inside_of)}) around WHERE far <= :reach GROUP BY number"
    )
    matched = f" JOIN hit ON hit.number = inside.number CROSS JOIN {_BEST}" if shape.ranked else ""
    return (
        f"SELECT f.number, f.sort_name, f.service_id, {fit} AS fit, {why}, inside.far "
        f"FROM ({inside}) inside{matched} JOIN listing_text_facts f ON f.number = inside.number"
        f"{where(filters)}"
    )
