"""What words listings use and what they are about, asked of the index."""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, TextClause, bindparam, text

MOST_VOCABULARY = 5_000  # stems that begin with one letter
AT_ONCE = 100
MOST_COUNTED = 1_000  # listings about a topic
LAST = "\U0010ffff"

# The stems that begin with something, each found by a jump from the one before …
_STEMS = (
    "WITH RECURSIVE known(stem, place) AS (SELECT min(stem), 1 FROM listing_text_word "
    "WHERE stem >= :first AND stem < :after UNION ALL SELECT (SELECT min(w.stem) "
    "FROM listing_text_word w WHERE w.stem > known.stem AND w.stem < :after), place + 1 "
    "FROM known WHERE known.stem IS NOT NULL AND place < :most) "
)
_HAVE = (
    "(SELECT count(*) FROM (SELECT 1 FROM listing_text_word w WHERE w.stem = {} LIMIT {}) counted)"
)
# … and how many listings have each, counted up to this
COUNTED = 1_000
VOCABULARY = text(
    f"{_STEMS}SELECT stem, {_HAVE.format('known.stem', COUNTED)} AS docs FROM known "
    "WHERE stem IS NOT NULL AND length(stem) BETWEEN :least AND :longest"
)
COMMON = text("SELECT count(*) FROM listing_text_word WHERE stem = :word")
LISTINGS = text("SELECT coalesce(max(number), 0) FROM listing_text_facts")


@lru_cache(maxsize=64)
def known(words: int) -> TextClause:
    """Return the statement that says how many listings have each of some stems, in their order."""
    counts = ", ".join(_HAVE.format(f":word{n}", COUNTED) for n in range(words))
    return text(f"SELECT {counts}")


def there(connection: Connection, stems: Iterable[str]) -> set[str]:
    """Return those of some stems that any listing has."""
    wanted, found = list(dict.fromkeys(stems)), set()
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        params = {f"word{n}": stem for n, stem in enumerate(some)}
        row = connection.execute(_there(len(some)), params).one()
        found |= {stem for stem, has in zip(some, row, strict=True) if has}
    return found


def beginning(
    connection: Connection, letter: str, *, least: int = 1, longest: int = 60
) -> list[tuple[str, int]]:
    """Return (stem, listings that have it, up to a thousand) of what begins with a letter."""
    params = {"first": letter, "after": letter + LAST, "most": MOST_VOCABULARY}
    found = connection.execute(VOCABULARY, params | {"least": least, "longest": longest})
    return [(row.stem, row.docs) for row in found]


def about(connection: Connection, numbers: Iterable[int]) -> list[Any]:
    """Return (number, slug, strength) of the topics that listings are or seem to be about."""
    return list(connection.execute(_ABOUT, {"numbers": list(numbers)}))


def tally(connection: Connection, slugs: Sequence[str]) -> dict[str, int]:
    """Return how many listings are or seem to be about each of some topics, up to a thousand."""
    if not slugs:
        return {}
    params = {f"slug{n}": slug for n, slug in enumerate(slugs)}
    counts = connection.execute(_tally(len(slugs)), params).one()
    return dict(zip(slugs, counts, strict=True))


def listed(connection: Connection, slugs: Sequence[str]) -> set[str]:
    """Return those of some topics that any listing is or seems to be about."""
    return {slug for slug, count in tally(connection, slugs).items() if count}


@lru_cache(maxsize=128)
def _there(words: int) -> TextClause:
    has = "EXISTS (SELECT 1 FROM listing_text_word WHERE stem = :word{})"
    return text(f"SELECT {', '.join(has.format(n) for n in range(words))}")


@lru_cache(maxsize=64)
def _tally(topics: int) -> TextClause:
    have = "(SELECT count(*) FROM (SELECT 1 FROM listing_topic WHERE slug = :slug{} LIMIT {}) few)"
    return text(f"SELECT {', '.join(have.format(n, MOST_COUNTED) for n in range(topics))}")


_ABOUT = text(
    "SELECT number, slug, strength FROM listing_topic WHERE number IN :numbers "
    "ORDER BY number, slug"
).bindparams(bindparam("numbers", expanding=True))
