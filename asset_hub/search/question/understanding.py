"""What was typed, understood: the words to look for and the topics it seems to be about.

Words count as they are typed, as they were probably meant, and as groups would put it; topics lead
where somebody speaks of themselves, words where a thing is named (see docs/finding.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sqlalchemy import Connection

from asset_hub.core.stems import STOP_WORDS, stem, tokens
from asset_hub.directory import queries as directory
from asset_hub.search.queries import Word, spelling, vocabulary, words
from asset_hub.search.queries.vocabulary import Census
from asset_hub.search.question import danger, names, whom

_OWN = """
i im ive id ill my me mine myself we our us he she him her hers his cant dont
doesnt wont havent hasnt isnt am was hes shes theyre
"""
OWN_WORDS = frozenset(_OWN.split())
LEADS = (0.6, 2.0)  # what topics count beside the words: of a thing named, of one's own words
ASIDE = (1.0, 0.5)  # what a typed word counts that speaks for no topic
GROUPS_WORDS, MOST_GROUPS_WORDS = 0.15, 12  # the words of groups beside those typed
NEARBY = (0.0, 0.3)  # a topic near one that is meant
BESIDE = 0.3  # for whom, and how one gets in: beside what it is about
TAPPED, LEFT = 3.0, 0.1  # a topic that was tapped leads; what is left then of the others
MOST_LEANING, MOST_TOPICS = 8, 16
CLOSE, ROUGHLY, IN_PARTS, OTHER_NAME = 0.8, 0.6, 0.5, 1.0  # what repaired words count
UNREPAIRED = 0.3  # what the typed word still counts then
MOST_REPAIRED = 4
SHORT, LONG = (
    5,
    6,
)  # letters of two words that may be one, and of a word that may be several written in one


@dataclass(frozen=True)
class Heard:
    """What somebody typed, as the index is asked for it, and what it seems to be about."""

    words: tuple[Word, ...] = ()
    leaning: tuple[tuple[str, float], ...] = ()
    topics: tuple[tuple[str, float], ...] = ()  # (slug, confidence), the surest first
    respelt: bool = False  # no listing has any of the words as typed
    plain: bool = False  # every word is one of the thesaurus's own
    age: int | None = None  # of whom it is asked for
    known: directory.Thesaurus | None = None  # by which it was understood
    census: Census | None = None  # what the index has of it


def hear(connection: Connection, q: str, about: Iterable[str] = ()) -> Heard:
    """Understand some words, and topics that were tapped to make them clearer."""
    tapped = tuple(about)
    if not q and not tapped:
        return Heard()
    known = directory.thesaurus(connection)
    asked_for = whom.wanted(q)
    meaning = directory.meant(asked_for, known)
    own = speaks_of_oneself(q)
    if danger.Danger.VIOLENCE in danger.dangers(q, meaning.topics):
        # "my husband hit me": he is whom it is about, not whom a group should be for
        topics = tuple(pair for pair in meaning.topics if pair[0] not in known.beside)
        meaning = replace(meaning, topics=topics)
    leaning = _leaning(meaning, known, tapped, own=own)
    typed = Typed.of(asked_for)
    groups_words = meaning.words[:MOST_GROUPS_WORDS]
    census = vocabulary.census(
        connection, [*typed.all, *(each for each, _ in groups_words)],
        [slug for slug, _ in (*leaning, *meaning.topics[:MOST_TOPICS])],
    )  # fmt: skip
    found, respelt, census = _repaired(connection, typed, census)
    found = {
        each: weight * (1.0 if each in meaning.known else ASIDE[own])
        for each, weight in found.items()
    }
    for each, chance in groups_words:
        if census.stems[each]:  # somebody here puts it like that
            found[each] = found.get(each, 0.0) + GROUPS_WORDS * chance
    return Heard(
        (*(Word(each, weight) for each, weight in found.items()), *_begins(typed, census)),
        leaning, meaning.topics, respelt,
        plain=bool(typed.stems) and all(each in meaning.known for each in typed.stems.values()),
        age=whom.age(q), known=known, census=census,
    )  # fmt: skip


def _leaning(
    meaning: directory.Meaning, known: directory.Thesaurus, tapped: tuple[str, ...], *, own: bool
) -> tuple[tuple[str, float], ...]:
    """Return what each topic counts: those meant, what lies near them, and above all the tapped."""
    leaning = {
        slug: LEADS[own] * chance * (BESIDE if slug in known.beside else 1.0)
        for slug, chance in meaning.topics
    }
    for slug, trust in list(leaning.items()):
        for other in directory.near(slug) if NEARBY[own] else ():
            leaning[other] = max(leaning.get(other, 0.0), NEARBY[own] * trust)
    if tapped:
        leaning = {slug: trust * LEFT for slug, trust in leaning.items()}
        leaning |= {slug: leaning.get(slug, 0.0) + TAPPED for slug in tapped}
    ranked = sorted(leaning.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(ranked[:MOST_LEANING])


def speaks_of_oneself(q: str) -> bool:
    """Return whether somebody says how it is with them, rather than what they look for."""
    return not OWN_WORDS.isdisjoint(_plain(q))


def _plain(q: str) -> list[str]:
    return list(tokens(q[:2_000].replace("'", "").replace("’", "")))


@dataclass(frozen=True)
class Typed:
    """What was typed, as stems: of each word, of two written in one, of other names for it."""

    stems: Mapping[str, str]  # by the word
    joined: frozenset[str]
    others: tuple[str, ...]

    @classmethod
    def of(cls, q: str) -> "Typed":
        """Take a text apart."""
        plain = _plain(q)
        joined = frozenset(stem(a + b) for a, b in pairwise(plain) if len(a + b) >= SHORT)
        stems = {word: stem(word) for word in words.words(q)}
        return cls(stems, joined, tuple(map(stem, names.also(plain))))

    @property
    def all(self) -> list[str]:
        """Return every stem there is to look for."""
        return [*self.stems.values(), *sorted(self.joined), *self.others]


def _begins(typed: Typed, census: Census) -> tuple[Word, ...]:
    """Return the last word as a beginning, unless it is a whole word that listings have."""
    last = next(reversed([*typed.stems]), "")
    if not last or not words.may_go_on(last) or census.stems[typed.stems[last]]:
        return ()
    return (Word(last, starts=True),)


def _repaired(
    connection: Connection, typed: Typed, census: Census
) -> tuple[dict[str, float], bool, Census]:
    """Return stems with their weights, and whether none of what was typed is known as it is.

    What became known of those that were meant is in the census that comes back.
    """
    found = {each: 1.0 for each in sorted(typed.joined) if census.stems[each]}
    found |= dict.fromkeys(typed.stems.values(), 1.0)
    found |= dict.fromkeys(typed.others, OTHER_NAME)
    lost = [word for word, each in typed.stems.items() if not census.stems[each]]
    for word in lost[:MOST_REPAIRED]:
        used = vocabulary.beginning(connection, word[0], census)
        if meant := _meant(connection, word, used):
            found[typed.stems[word]] = UNREPAIRED
            for each, weight in meant.items():
                found[each] = max(found.get(each, 0.0), weight)
            census |= Census(stems={each: docs for each, docs in used if each in meant})
    return found, bool(lost) and len(lost) == len(typed.stems), census


def _meant(connection: Connection, word: str, used: Sequence[tuple[str, int]]) -> dict[str, float]:
    """Return the stems that a word nobody uses was probably meant for."""
    if len(word) < spelling.SHORTEST:
        return {}
    close, weight = spelling.meant(word, used), CLOSE
    if not close and len(word) >= LONG and (pieces := _in_parts(connection, word)):
        return dict.fromkeys(map(stem, pieces), IN_PARTS)
    if not close:
        close, weight = spelling.resembling(word, used), ROUGHLY
    return {each: weight / len(close) ** 0.5 for each in close}


def _in_parts(connection: Connection, word: str) -> list[str]:
    spans = [
        word[start:end]
        for start in range(len(word))
        for end in range(start + 2, min(len(word), start + spelling.LONGEST_PART) + 1)
    ]
    likely = [span for span in spans if len(span) > 2 or span in STOP_WORDS]
    there = vocabulary.there(connection, [stem(span) for span in likely])
    known = {span for span in likely if span in STOP_WORDS or stem(span) in there}
    return spelling.parts(word, known.__contains__)
