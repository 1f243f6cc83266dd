"""How much each word and each topic of a question counts, by how rare it is in the index."""

import math
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from asset_hub.core.stems import LONGEST
from asset_hub.search.queries import spelling, sql, words
from asset_hub.search.queries.question import Question, Word

UNIT = 10_000  # what the weights of all words come to; times an impact of 100 is a fit of 1.0
ONE = 100 * UNIT
LEANING = 1.0  # what a topic we are sure about counts beside all words together
MOST_STEMS = 24
MOST_LEANING = 8
MOST_BEGUN = 8  # stems that one beginning stands for
BEGUN = 0.6  # what one of them counts beside the word itself
MOST_RESPELT = 4  # words of a question that are looked up again
MOST_VOCABULARY = 5_000
LAST = "\U0010ffff"


@dataclass(frozen=True)
class Sought:
    """The stems and topics of a question, in the order of their bits, and what they count."""

    stems: tuple[str, ...]
    slugs: tuple[str, ...]
    params: dict[str, Any]
    unknown: bool = False  # no listing has any of the words

    def why(self, bits: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the stems and the slugs that some bits stand for."""
        both = self.stems + self.slugs
        has = [bool(bits >> place & 1) for place in range(len(both))]
        count = len(self.stems)
        return (
            tuple(stem for stem, it in zip(self.stems, has[:count], strict=True) if it),
            tuple(slug for slug, it in zip(self.slugs, has[count:], strict=True) if it),
        )


def sought(connection: Connection, question: Question) -> Sought:
    """Return what a question looks for, weighed: a rare word counts more than a common one."""
    wanted = question.words or words.known(words.words(question.q))
    return _weighed(connection, wanted, question)


def respelt(connection: Connection, question: Question, before: Sought) -> Sought | None:
    """Return the same with words close to those typed, when no listing at all has these."""
    if not before.unknown:
        return None
    close: list[str] = []
    for word in words.words(question.q)[:MOST_RESPELT]:
        params = {"first": word[0], "after": word[0] + LAST, "most": MOST_VOCABULARY}
        lengths = {"least": len(word) - 5, "longest": len(word) + 2}
        vocabulary = connection.execute(sql.VOCABULARY, params | lengths)
        close += spelling.meant(word, ((known, count) for known, count in vocabulary))
    if not close:
        return None
    return _weighed(connection, tuple(Word(each) for each in dict.fromkeys(close)), question)


def _weighed(connection: Connection, wanted: tuple[Word, ...], question: Question) -> Sought:
    whole = {word.stem: word.weight for word in wanted if not word.starts}
    rated: dict[str, float] = {}
    listings = connection.execute(sql.LISTINGS).scalar_one() if wanted else 0
    counts = _counts(connection, tuple(whole)[:MOST_STEMS])
    rarities = {stem: whole[stem] * _rarity(count, listings) for stem, count in counts.items()}
    rated = {stem: rarities[stem] for stem, count in counts.items() if count}
    begun = 0.0
    for word in wanted:
        if word.starts:
            begun += _begin(connection, word, listings, rated)
    sum_of = sum(rarities.values()) or begun or 1.0
    stems = tuple(rated)[:MOST_STEMS]
    leaning = question.leaning[:MOST_LEANING]
    params: dict[str, Any] = {"floor": round(question.floor * ONE)}
    for n, stem in enumerate(stems):
        params[f"word{n}"] = stem
        params[f"weight{n}"] = max(1, round(UNIT * rated[stem] / sum_of))
    for n, (slug, trust) in enumerate(leaning):
        params[f"lean{n}"], params[f"trust{n}"] = slug, max(1, round(UNIT * LEANING * trust))
    slugs = tuple(slug for slug, _ in leaning)
    if wanted and not stems and not slugs:
        stems, params = (wanted[0].stem,), params | {"word0": wanted[0].stem, "weight0": 1}
        return Sought(stems, slugs, params, unknown=True)
    return Sought(stems, slugs, params, unknown=bool(wanted) and not stems)


def _begin(connection: Connection, word: Word, listings: int, rated: dict[str, float]) -> float:
    """Add the stems that begin like a word, together as rare as one; return what each counts."""
    params = {"first": word.stem, "after": word.stem + LAST, "most": MOST_BEGUN}
    lengths = {"least": len(word.stem), "longest": LONGEST}
    found = connection.execute(sql.VOCABULARY, params | lengths).all()
    count = min(listings, sum(row.docs for row in found))
    each = word.weight * BEGUN * _rarity(count, listings)
    for row in found:
        rated.setdefault(row.stem, each)
    return each if found else 0.0


def _counts(connection: Connection, stems: tuple[str, ...]) -> dict[str, int]:
    if not stems:
        return {}
    params = {f"word{n}": stem for n, stem in enumerate(stems)}
    row = connection.execute(sql.known(len(stems)), params).one()
    return dict(zip(stems, row, strict=True))


def _rarity(count: int, listings: int) -> float:
    """Return how much a word says that so many of the listings have (BM25's idf, never below 0)."""
    return math.log(1 + (max(listings, count) - count + 0.5) / (count + 0.5))
