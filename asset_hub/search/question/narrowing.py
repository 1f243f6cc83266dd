"""The panel that narrows a search: every choice a plain link, with how many groups it leaves. Pure.

A choice that would leave nothing is not offered; one that was made can always be taken back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from asset_hub.search.question import filters, leading
from asset_hub.search.question.asking import Asked

Counts = Mapping[tuple[str, str], int]
Keys = dict[tuple[str, str], tuple[str, ...]]
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


def wanted(asked: Asked, topics: Iterable[Any], communities: Iterable[Any]) -> Keys:
    """Return the marks to count, by (group, value): topics and communities go by their slugs."""
    found: Keys = {
        (group.name, value): filters.mark_when(asked.filters, group.name, value)
        for group in filters.GROUPS for value, _ in group.choices
    }  # fmt: skip
    found |= {("topic", topic.slug): (topic.slug,) for topic in topics}
    return found | {("community", one.slug): (one.slug,) for one in communities}


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
