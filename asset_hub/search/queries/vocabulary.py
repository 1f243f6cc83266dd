"""What words listings use and what they are about, asked of the index."""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, TextClause, bindparam, text

MOST_VOCABULARY = 5_000  # stems that begin with one letter
AT_ONCE = 100
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
_VOCABULARY = text(
    f"{_STEMS}SELECT stem, {_HAVE.format('known.stem', COUNTED)} AS docs FROM known "
    "WHERE stem IS NOT NULL"
)
COMMON = text("SELECT count(*) FROM listing_text_word WHERE stem = :word")


@dataclass(frozen=True)
class Census:
    """How many listings there are, and how many have each stem and are about each topic.

    Both are counted up to a thousand; nothing is said of what was not asked for.
    """

    listings: int = 0
    stems: Mapping[str, int] = field(default_factory=dict)
    topics: Mapping[str, int] = field(default_factory=dict)
    newest: str = ""  # the listing that came last

    def __or__(self, other: "Census") -> "Census":
        """Return both together."""
        most = max(self.listings, other.listings)
        stems, topics = {**self.stems, **other.stems}, {**self.topics, **other.topics}
        return Census(most, stems, topics, other.newest or self.newest)


def census(
    connection: Connection, stems: Iterable[str], topics: Iterable[str], known: Census | None = None
) -> Census:
    """Return what is known already and the rest; one statement, and none when nothing is left."""
    known = known or Census()
    words = [stem for stem in dict.fromkeys(stems) if stem not in known.stems]
    slugs = [slug for slug in dict.fromkeys(topics) if slug not in known.topics]
    if known.listings and not words and not slugs:
        return known
    params = {f"word{n}": word for n, word in enumerate(_filled(words))}
    params |= {f"slug{n}": slug for n, slug in enumerate(_filled(slugs))}
    rows = connection.execute(_census(len(_filled(words)), len(_filled(slugs))), params).all()
    found: dict[str, dict[str, int]] = {"word": {}, "slug": {}, "all": {}}
    for row in rows:
        found[row.kind][row.name] = row.docs
    [(newest, listings)] = found["all"].items()
    return known | Census(listings, found["word"], found["slug"], newest)


def _filled(some: list[str]) -> list[str]:
    """Return some names and as many empty ones as make a round number: few statements then do."""
    return [*some, *[""] * (-len(some) % 8)]


@lru_cache(maxsize=64)
def _census(words: int, slugs: int) -> TextClause:
    asked = (("word", "listing_text_word", "stem", words), ("slug", "listing_topic", "slug", slugs))
    parts = [
        f"SELECT '{kind}' AS kind, v.column1 AS name, (SELECT count(*) FROM (SELECT 1 FROM {table} "
        f"WHERE {column} = v.column1 LIMIT {COUNTED}) counted) AS docs "
        f"FROM (VALUES {', '.join(f'(:{kind}{n})' for n in range(count))}) v"
        for kind, table, column, count in asked if count
    ]  # fmt: skip
    newest = "SELECT CAST(service_id AS TEXT) FROM listing_text_facts ORDER BY number DESC LIMIT 1"
    every = "(SELECT coalesce(max(number), 0) FROM listing_text_facts) AS docs"
    return text(
        " UNION ALL ".join(
            [*parts, f"SELECT 'all' AS kind, coalesce(({newest}), '') AS name, {every}"]
        )
    )


def there(connection: Connection, stems: Iterable[str]) -> set[str]:
    """Return those of some stems that any listing has."""
    wanted, found = list(dict.fromkeys(stems)), set()
    for start in range(0, len(wanted), AT_ONCE):
        known = census(connection, wanted[start : start + AT_ONCE], ())
        found |= {stem for stem, docs in known.stems.items() if docs}
    return found


def beginning(connection: Connection, start: str, known: Census) -> list[tuple[str, int]]:
    """Return (stem, listings that have it, up to a thousand) of what begins with some letters.

    What begins with a letter is kept for as long as there are no new listings, however it is asked.
    """
    now = known.listings, known.newest
    at, kept = _KEPT.get(connection.engine, (None, {}))
    if at != now:
        kept = {}
        _KEPT[connection.engine] = now, kept
    letter = start[:1]
    if letter not in kept:
        kept[letter] = _read(connection, letter)
    if len(kept[letter]) >= MOST_VOCABULARY and start != letter:
        return _read(connection, start)  # what is kept may end before it
    return [(stem, docs) for stem, docs in kept[letter] if stem.startswith(start)]


def _read(connection: Connection, start: str) -> list[tuple[str, int]]:
    params = {"first": start, "after": start + LAST, "most": MOST_VOCABULARY}
    return [(row.stem, row.docs) for row in connection.execute(_VOCABULARY, params)]


_KEPT: WeakKeyDictionary[Engine, tuple[tuple[int, str], dict[str, list[tuple[str, int]]]]]
_KEPT = WeakKeyDictionary()


def about(connection: Connection, numbers: Iterable[int]) -> list[Any]:
    """Return (number, slug, strength) of the topics that listings are or seem to be about."""
    return list(connection.execute(_ABOUT, {"numbers": list(numbers)}))


def listed(connection: Connection, slugs: Iterable[str], known: Census | None = None) -> set[str]:
    """Return those of some topics that any listing is or seems to be about."""
    wanted = set(slugs)
    if not wanted:
        return set()
    counted = census(connection, (), wanted, known).topics
    return {slug for slug in wanted if counted[slug]}


_ABOUT = text(
    "SELECT number, slug, strength FROM listing_topic WHERE number IN :numbers "
    "ORDER BY number, slug"
).bindparams(bindparam("numbers", expanding=True))
