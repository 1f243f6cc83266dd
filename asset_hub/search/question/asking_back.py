"""Which topics to offer for what was typed: "Is it about: Grief and loss · Feeling low?"."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from asset_hub.core.stems import stem
from asset_hub.directory import queries as directory
from asset_hub.search import queries
from asset_hub.search.queries import words
from asset_hub.search.question import danger, saying
from asset_hub.search.question.asking import Asked
from asset_hub.search.question.looking import Understood

FEWEST, MOST = 2, 5
MOST_HEARD = 3  # of them by the words alone
FIRST_HEARD, MOST_NEAR = 2, 2  # of these, what lies near is offered, too
HEARD = 0.15  # how surely the words must speak for a topic
GUESSED = 0.4  # … for an ask to be counted under it
FIRST = 10  # results whose topics are offered, too
ASKED_OF = ("need", "interest")  # the kinds of topics that are offered


@dataclass(frozen=True)
class Choice:
    """A topic that may be meant."""

    slug: str
    name: str


def spoken(
    connection: Connection, asked: Asked, understood: Understood, answer: queries.Answer
) -> dict[str, Any]:
    """Return what the page says to the words themselves.

    `choices` to tap, `tapped` before, `whys` of the results in their order, and `dangers`.
    """
    known = understood.heard.known or directory.thesaurus(connection)
    about = topics_of(connection, answer)
    typed = {stem(word): word for word in words.words(asked.q)}
    before = [slug for slug in asked.about if slug in known.names]
    return {
        "choices": choices(connection, understood, answer, about, (*asked.about, *asked.topics)),
        "tapped": [Choice(slug, known.names[slug][0]) for slug in before],
        "whys": [
            saying.why(one, about.get(one.number, {}), typed, known.names) for one in answer.found
        ],
        "dangers": danger.dangers(asked.q, understood.heard.topics),
    }


Topics = Mapping[int, Mapping[str, int]]  # by the listing's number: how surely about each slug


def topics_of(connection: Connection, answer: queries.Answer) -> Topics:
    """Return what the results are or seem to be about."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    if answer.found:
        for row in queries.about(connection, (one.number for one in answer.found)):
            found[row.number][row.slug] = row.strength
    return found


def choices(
    connection: Connection,
    understood: Understood,
    answer: queries.Answer,
    about: Topics,
    asked: Iterable[str],
) -> list[Choice]:
    """Return the few topics that one tap may choose from; none when there is nothing to ask."""
    if not understood.question.q:
        return []
    known = understood.heard.known or directory.thesaurus(connection)
    heard = [slug for slug, chance in understood.heard.topics if _is_heard(slug, chance)]
    asked_of = [slug for slug in heard if _may_ask(known, slug)]
    offered = queries.listed(connection, asked_of, understood.heard.census)
    slugs = [slug for slug in heard if slug in offered][:MOST_HEARD]
    slugs += [other for slug in slugs[:FIRST_HEARD] for other in directory.near(slug)][:MOST_NEAR]
    slugs += _told_of(answer, about)
    chosen = set(asked)
    left = [slug for slug in dict.fromkeys(slugs) if slug not in chosen and _may_ask(known, slug)]
    left = left[:MOST]
    found = [Choice(slug, known.names[slug][0]) for slug in left]
    return found if len(found) >= FEWEST else []


def guesses(understood: Understood) -> list[str]:
    """Return the topics that an ask is counted under."""
    return [slug for slug, chance in understood.heard.topics if chance >= GUESSED]


def _is_heard(slug: str, chance: float) -> bool:
    """Return whether a topic was heard well enough to be offered.

    Nobody whose knees hurt is asked whether they think of suicide: more than a stray word must
    speak for that.
    """
    return chance >= (GUESSED if slug in danger.URGENT_TOPICS else HEARD)


def _may_ask(known: directory.Thesaurus, slug: str) -> bool:
    return slug in known.names and known.names[slug][1] in ASKED_OF


def _told_of(answer: queries.Answer, about: Topics) -> list[str]:
    """Return the topics of the first results, those that most of them tell of first."""
    loud: dict[str, float] = defaultdict(float)
    for place, found in enumerate(answer.found[:FIRST]):
        for slug, strength in about.get(found.number, {}).items():
            loud[slug] += strength / (place + 2)
    return sorted(loud, key=lambda slug: (-loud[slug], slug))
