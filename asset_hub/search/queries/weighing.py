"""How much each word and each topic of a question counts, by how rare it is in the index."""

import math
from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate, islice
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from asset_hub.search.queries import spelling, vocabulary, words
from asset_hub.search.queries.question import Question, Sought, Word
from asset_hub.search.queries.vocabulary import Census

UNIT = 10_000  # what the weights of all words come to; times an impact of 100 is a fit of 1.0
ONE = 100 * UNIT
LEANING = 1.0  # what a topic we are sure about counts beside all words together
MOST_STEMS = 22  # with the topics no more than 30 bits
MOST_LEANING = 8
MOST_BEGUN = 8  # stems that one beginning stands for
BEGUN = 0.6  # what one of them counts beside the word itself
MOST_RESPELT = 4  # words of a question that are looked up again
USUAL = 0.05  # of the listings are about a topic that counts as much as it is trusted
MOST_LISTINGS = 20 * vocabulary.COUNTED  # beyond, common topics would seem too rare
TOGETHER = 2  # topics that a listing can be expected to be about at once
ENOUGH = 60_000  # listings that all words together may have; the commonest words are cut then
STEADY = 500  # so many new listings until a common word is counted again


def weighed(connection: Connection, question: Question, known: Census | None = None) -> Question:
    """Return a question that knows what it looks for, so that it is worked out once."""
    return replace(question, sought=sought(connection, question, known))


def sought(connection: Connection, question: Question, known: Census | None = None) -> Sought:
    """Return what a question looks for, weighed: a rare word counts more than a common one.

    When no listing at all has any of the words, these are words close to those typed. What is
    `known` of how many listings have something is not asked for again.
    """
    if question.sought is not None:
        return question.sought
    wanted = question.words or words.known(words.words(question.q))
    leaning = question.leaning[:MOST_LEANING]
    if not wanted and not leaning:
        return Sought((), (), {})
    slugs = [slug for slug, _ in leaning]
    known = vocabulary.census(connection, _whole(wanted), slugs, known)
    rated = _rated(connection, wanted, known)
    if rated or not wanted:
        return _sought(rated, _telling(leaning, known))
    close = _close(connection, question, known)
    known = vocabulary.census(connection, _whole(close), (), known)
    rated = _rated(connection, close, known)
    nothing = {wanted[0].stem: Rated(1.0, 0)}
    return _sought(rated or nothing, _telling(leaning, known), respelt=bool(rated))


def _whole(wanted: tuple[Word, ...]) -> tuple[str, ...]:
    return tuple(word.stem for word in wanted if not word.starts)[:MOST_STEMS]


class Rated(NamedTuple):
    """What a stem counts, and how many listings have it."""

    weight: float
    docs: int


def _close(connection: Connection, question: Question, known: Census) -> tuple[Word, ...]:
    """Return the words that were probably meant."""
    close: list[str] = []
    for word in words.words(question.q)[:MOST_RESPELT]:
        used = vocabulary.beginning(connection, word[0], known)
        close += spelling.meant(word, used)
    return tuple(Word(each) for each in dict.fromkeys(close))


def _rated(connection: Connection, wanted: tuple[Word, ...], known: Census) -> dict[str, Rated]:
    """Return the share of each stem that a listing has; together 1.0 when all words are known."""
    if not wanted:
        return {}
    whole = {word.stem: word.weight for word in wanted if not word.starts}
    listings = known.listings
    counts = _counts(connection, dict.fromkeys(_whole(wanted)), known)
    weights = {stem: whole[stem] * _rarity(docs, listings) for stem, docs in counts.items()}
    rated = {stem: Rated(weights[stem], docs) for stem, docs in counts.items() if docs}
    begun = sum(_begin(connection, word, known, rated) for word in wanted if word.starts)
    all_of_it = sum(weights.values()) or begun or 1.0
    shares = islice(rated.items(), MOST_STEMS)
    return {stem: Rated(one.weight / all_of_it, one.docs) for stem, one in shares}


def _sought(rated: dict[str, Rated], leaning: dict[str, float], *, respelt: bool = False) -> Sought:
    """Return what is looked for, the rarest words first, and how many words are cut."""
    stems = sorted(rated, key=lambda stem: (rated[stem].docs, stem))
    sums = accumulate(rated[stem].docs for stem in stems)
    cut = sum(so_far > ENOUGH for so_far in sums)
    params: dict[str, Any] = {}
    for n, stem in enumerate(stems):
        params[f"word{n}"] = stem
        params[f"weight{n}"] = max(1, round(UNIT * rated[stem].weight))
    for n, (slug, trust) in enumerate(leaning.items()):
        params[f"lean{n}"] = slug
        params[f"trust{n}"] = max(1, round(UNIT * LEANING * trust))
    surest = sorted(leaning.values(), reverse=True)[:TOGETHER]
    ideal = round(ONE * ((1.0 if rated else 0.0) + LEANING * sum(surest)))
    return Sought(tuple(stems), tuple(leaning), params, cut, respelt, ideal)


def _telling(leaning: tuple[tuple[str, float], ...], known: Census) -> dict[str, float]:
    """Return topics with what each counts: more when few listings are about it."""
    listings = min(known.listings, MOST_LISTINGS)
    usual = _rarity(round(listings * USUAL), listings)
    return {
        slug: trust * _rarity(known.topics[slug], listings) / usual
        for slug, trust in leaning
        if known.topics[slug]
    }


def _begin(connection: Connection, word: Word, known: Census, rated: dict[str, Rated]) -> float:
    """Add the stems that begin like a word, together as rare as one; return what each counts."""
    found = vocabulary.beginning(connection, word.stem, known)[:MOST_BEGUN]
    listings = known.listings
    together = min(listings, sum(docs for _, docs in found))
    each = word.weight * BEGUN * _rarity(together, listings)
    for stem, docs in found:
        rated.setdefault(stem, Rated(each, docs))
    return each if found else 0.0


def _counts(connection: Connection, stems: Iterable[str], known: Census) -> dict[str, int]:
    """Return how many listings have each stem."""
    counts = {stem: known.stems[stem] for stem in stems}
    common = _common(connection, known.listings)
    for stem in (stem for stem, docs in counts.items() if docs == vocabulary.COUNTED):
        if stem not in common:
            common[stem] = connection.execute(vocabulary.COMMON, {"word": stem}).scalar_one()
        counts[stem] = common[stem]
    return counts


_KEPT: WeakKeyDictionary[Engine, tuple[int, dict[str, int]]] = WeakKeyDictionary()


def _common(connection: Connection, listings: int) -> dict[str, int]:
    """Return what is known of words that many have; forgotten when many listings are new."""
    about, kept = listings // STEADY, _KEPT.get(connection.engine)
    if kept is None or kept[0] != about:
        kept = _KEPT[connection.engine] = about, {}
    return kept[1]


def _rarity(count: int, listings: int) -> float:
    """Return how much a word says that so many of the listings have (BM25's idf, never below 0)."""
    return math.log(1 + (max(listings, count) - count + 0.5) / (count + 0.5))
