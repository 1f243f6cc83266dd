"""How matches are put in order: by fit, age, room and nearness. Pieces of statements.

What cannot be on the page is left out before it is measured. A few listings that are likely to be
on it (the nearest, else those that fit best) are scored first; the last of a full page of them is
the bar. Whatever would not reach it, were it as near as anything outside the box can be, confirmed
and with room, is not looked at again. That is exact: no order depends on which few came first.
"""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

from asset_hub.search.queries import hits
from asset_hub.search.queries.conditions import Shape
from asset_hub.search.queries.hits import BITS, WHY
from asset_hub.search.queries.measuring import BEYOND, ROUGHLY, numbers

FADE = 0.35  # what is left of a text's score far away …
FADES_AT = 5_000.0  # … and the metres at which half of the rest is gone

# What is left of a text's score as a listing ages (directory.models.Age): what nobody has confirmed
# for nine months comes after what was confirmed, unless it fits much better. Nearness alone is
# never bent: the nearest list stays in order of distance, and its old ones are marked.
AGED = {0: 100, 1: 90, 2: 50, 3: 70}  # of a hundred: sure, ageing, old, unknown
FULL = 80  # of a hundred: what is left when nobody new can come at present
OTHERS = 50  # of a hundred: what is left when it is for people of another age than was said

BANDS = 5  # texts whose scores lie within a fifth of the best are alike: the nearer comes first

# How well a text fits beside the one that fits best, in whole steps.
_FIT = f"(hit.packed >> {BITS})"
_BAND = f"(1 + ({2 * BANDS} * {_FIT} + told.best) / (2 * told.best))"

_WHENS = " ".join(f"WHEN {stage} THEN {left}" for stage, left in AGED.items())
_AGED = f"CASE f.stage {_WHENS} ELSE 100 END"
_FULL = f"CASE WHEN f.full_until > :today THEN {FULL} ELSE 100 END"
_OTHERS = (
    "CASE WHEN coalesce(f.age_from, 0) > :said_age OR coalesce(f.age_to, 999) < :said_age "
    f"THEN {OTHERS} ELSE 100 END"
)
_FAR = (
    f"coalesce((SELECT min({ROUGHLY}) FROM listing_text_place p WHERE p.number = f.number), "
    f"{BEYOND})"
)
ORDER = "score DESC, sort_name, service_id"


def faded(far: float, fade: float) -> float:
    """Return what is left of a text's score at a distance; both are squared straight lines."""
    return FADE + (1 - FADE) / (1 + far / fade)


def matches(shape: Shape) -> str:
    """Return what fits (`hit`), and what there is to tell of all of it (`told`).

    When even the best fits less than `poor`, only those are kept that fit as well as the one in
    place `few`: `least` is how well that is, packed (see `hits`).
    """
    place = "SELECT packed FROM hit ORDER BY packed DESC LIMIT 1 OFFSET :few"
    return (
        f"hit AS MATERIALIZED ({hits.kept(shape)}), top AS MATERIALIZED "
        f"(SELECT count(*) AS every, max(packed) >> {BITS} AS best FROM hit), "
        "cut AS MATERIALIZED (SELECT every, best, CASE WHEN best < :poor "
        f"THEN coalesce((({place}) >> {BITS}) << {BITS}, 0) ELSE 0 END AS least FROM top), "
        "told AS MATERIALIZED (SELECT every, best, least, CASE WHEN least > 0 THEN "
        "(SELECT count(*) FROM hit WHERE packed >= least) ELSE every END AS total FROM cut)"
    )


def ranked(shape: Shape) -> str:
    """Return the tables above and `page`, the narrow rows of one page, in no order."""
    likely = "SELECT * FROM (SELECT number FROM hit ORDER BY packed DESC LIMIT :likely) best"
    bar = "score / 100.0"
    if shape.near:
        likely = f"{likely} UNION {numbers('likely')}"
        # the lowest step that reaches the bar, turned round to a fit (see _BAND)
        bar = f"best * (2 * (score - 1) / :steep - 3) / {2.0 * BANDS}"
    last = "coalesce((SELECT score FROM first ORDER BY score DESC LIMIT 1 OFFSET :last), 0)"
    first = _scored(shape, "hit.number IN (SELECT number FROM likely)")
    rest = "hit.packed >= bar.packed AND hit.number NOT IN (SELECT number FROM likely)"
    both = f"SELECT * FROM first UNION ALL {_scored(shape, rest, 'bar CROSS JOIN ')}"
    return (
        f"WITH {matches(shape)}, likely AS MATERIALIZED ({likely}), "
        f"first AS MATERIALIZED ({first}), "
        f"bar AS MATERIALIZED (SELECT CAST({bar} AS BIGINT) * {1 << BITS} AS packed "
        f"FROM (SELECT {last} AS score) lowest CROSS JOIN told), "
        f"page AS MATERIALIZED (SELECT * FROM ({both}) each_of "
        f"ORDER BY {ORDER} LIMIT :limit OFFSET :offset) "
    )


def _scored(shape: Shape, condition: str, more: str = "") -> str:
    """Return some of the hits with their scores."""
    return (
        f"SELECT f.number, f.sort_name, f.service_id, hit.packed & {WHY} AS why, "
        f"{_score(shape)} AS score "
        f"FROM {more}told CROSS JOIN hit CROSS JOIN listing_text_facts f "
        f"WHERE f.number = hit.number AND hit.packed >= told.least AND {condition}"
    )


def _score(shape: Shape) -> str:
    fit = _BAND if shape.near else _FIT
    left = f"{fit} * {_AGED}" + (f" * {_FULL} / 100" if shape.today else "")
    left += f" * {_OTHERS} / 100" if shape.said_age else ""
    if not shape.near:
        return left
    return f"round({left} * ({FADE} + {1 - FADE} / (1 + {_FAR} / :fade)))"
