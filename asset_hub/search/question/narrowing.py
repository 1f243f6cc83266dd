"""The panel that narrows a search: every choice a plain link, with how many groups it leaves.

A choice that would leave nothing is not offered; one that was made can always be taken back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from asset_hub.search import queries
from asset_hub.search.queries import Answer, Kept
from asset_hub.search.queries.counting import MOST
from asset_hub.search.question import filters, leading
from asset_hub.search.question.asking import Asked
from asset_hub.search.question.looking import Understood

Counts = Mapping[tuple[str, str], int]
TOPICS = {"audience": "Who is it for?", "access": "Getting in"}
ABOUT = {"need": "What would help?", "interest": "What do you enjoy?"}


@dataclass(frozen=True)
class Choice:
    """One link of the panel; `left` says how many groups there are with it, None when unknown."""

    words: str
    url: str
    left: int | None = None
    chosen: bool = False


@dataclass(frozen=True)
class Offered:
    """Choices under one heading; `folded` ones are out of sight until asked for."""

    heading: str
    choices: Sequence[Choice]
    folded: bool = False


def counted(
    connection: Connection,
    asked: Asked,
    understood: Understood,
    answer: Answer,
    topics: Sequence[Any],
    communities: Sequence[Any],
) -> Counts:
    """Return how many groups each choice would leave, where that can be said."""
    if answer.total > MOST or answer.more:
        return {}
    kinds = {topic.slug: topic.kind for topic in topics}
    choices: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
        (group.name, value): (
            _set_of(group.name, asked), filters.mark_when(asked.filters, group.name, value),
        )
        for group in filters.GROUPS for value, _ in group.choices
    }  # fmt: skip
    for topic in topics:
        choices["topic", topic.slug] = (_topics_set(topic.kind, topic.slug), (f"#{topic.slug}",))
    for one in communities:
        choices["community", one.slug] = ("community", (f"@{one.slug}",))
    anytime = replace(understood.question, hours=())  # of the day that was chosen: marks say it
    return queries.counts(connection, anytime, _kept(asked, kinds), choices)


def _kept(asked: Asked, kinds: Mapping[str, str]) -> list[Kept]:
    """Return the marks that were chosen, set by set, as the search puts them together."""
    found: dict[str, list[str]] = {}
    for name, values in asked.filters.chosen:
        for value in values:
            marks = filters.mark_when(asked.filters, name, value)
            found.setdefault(_set_of(name, asked), []).extend(marks)
    for slug in asked.topics:
        found.setdefault(_topics_set(kinds.get(slug, ""), slug), []).append(f"#{slug}")
    if asked.community:
        found["community"] = [f"@{asked.community}"]
    return [Kept(name, tuple(marks)) for name, marks in found.items()]


def _set_of(name: str, asked: Asked) -> str:
    """Return the set that a choice is one of: days and times are one, unless a date is chosen."""
    return "when" if name in {"day", "part"} and asked.filters.on is None else name


def _topics_set(kind: str, slug: str) -> str:
    """Return the set that a topic is one of (see `looking`): each way in is one by itself."""
    return {"audience": "audience", "access": f"access {slug}"}.get(kind, "about")


def panel(
    asked: Asked,
    topics: Sequence[Any],
    excluded: Sequence[Any],
    communities: Sequence[Any],
    counts: Counts,
    today: date,
) -> list[Offered]:
    """Return what there is to choose from, in the order people ask."""
    found = [_dates(asked, today)]
    found += [_group(asked, group, counts) for group in filters.GROUPS]
    found += [_topics(asked, kind, heading, topics, counts) for kind, heading in TOPICS.items()]
    found.append(_leaving_out(asked, excluded))
    found.append(_communities(asked, communities, counts))
    found += [_topics(asked, kind, heading, topics, counts) for kind, heading in ABOUT.items()]
    return [offered for offered in found if offered.choices]


def taken(asked: Asked, names: Mapping[str, str], community: str) -> list[tuple[str, str]]:
    """Return each thing chosen, in words, with the address of the search without it."""
    found = [
        (words, leading.address(asked, filters=rest)) for words, rest in filters.say(asked.filters)
    ]
    found += [
        (names.get(slug, slug.replace("-", " ")), leading.without_topic(asked, slug))
        for slug in asked.topics
    ]
    found += [
        (f"Open to {names.get(slug, slug.replace('-', ' '))}", leading.not_suiting(asked, slug))
        for slug in asked.suits
    ]
    if asked.community:
        found.append((community or asked.community, leading.address(asked, community="")))
    return found


def _dates(asked: Asked, today: date) -> Offered:
    days = [
        Choice(words, leading.on_day(asked, None if day == asked.filters.on else day),
               chosen=day == asked.filters.on)
        for day, words in filters.days_ahead(today)
    ]  # fmt: skip
    return Offered("On in the next days", days)


def _group(asked: Asked, group: filters.Group, counts: Counts) -> Offered:
    chosen = asked.filters.of(group.name)
    choices = [
        Choice(words, leading.filtered(asked, group.name, value),
               counts.get((group.name, value)), value in chosen)
        for value, words in group.choices
        if value in chosen or counts.get((group.name, value)) != 0
    ]  # fmt: skip
    return Offered(group.heading, choices, folded=group.name in {"lang", "kind"} and not chosen)


def _topics(
    asked: Asked, kind: str, heading: str, topics: Sequence[Any], counts: Counts
) -> Offered:
    choices = []
    for topic in topics:
        chosen, left = topic.slug in asked.topics, counts.get(("topic", topic.slug))
        if topic.kind == kind and (chosen or left != 0):
            turn = leading.without_topic if chosen else leading.with_topic
            choices.append(Choice(topic.name, turn(asked, topic.slug), left, chosen))
    return Offered(heading, choices, folded=kind in ABOUT)


def _leaving_out(asked: Asked, excluded: Sequence[Any]) -> Offered:
    choices = []
    for topic in excluded:
        chosen = topic.slug in asked.suits
        turn = leading.not_suiting if chosen else leading.suiting
        choices.append(Choice(topic.name, turn(asked, topic.slug), chosen=chosen))
    return Offered("Leave out what is not for…", choices)


def _communities(asked: Asked, communities: Sequence[Any], counts: Counts) -> Offered:
    choices = []
    for one in communities:
        chosen, left = one.slug == asked.community, counts.get(("community", one.slug))
        if chosen or left != 0:
            url = leading.address(asked, community="" if chosen else one.slug)
            choices.append(Choice(one.name, url, left, chosen))
    return Offered("Communities", choices)
