"""Which groups may be chosen, what they are about, and what they are told at first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from asset_hub.communities import queries as communities
from asset_hub.communities.models import Community
from asset_hub.connections import rules
from asset_hub.directory import queries as directory
from asset_hub.directory.models import Service, TaxonomyTerm, TermKind
from asset_hub.search.queries import Question, find

MOST_GROUPS = 20
MOST_PAGES = 5
ABOUT = (TermKind.NEED, TermKind.INTEREST)


@dataclass(frozen=True)
class Choices:
    """Groups to choose from, nearest first, with their distance in miles where it is known."""

    groups: Sequence[tuple[dict[str, Any], str]]
    near: str  # the place that "near" means; "" for none
    more: int  # how much to ask for to see further ones; 0 when these are all


def groups(session: Session, asked: str, *, community: Community | None, more: int = 1) -> Choices:
    """Return listed groups that fit a postcode or words, near a community and its own first."""
    words, place = asked, communities.locate(session, asked)
    near: Any = None  # a place, or a community that knows where it is: both have coordinates
    name = ""
    if place:
        words, community, near, name = "", None, place, place.code
    elif community and community.latitude is not None and community.longitude is not None:
        near, name = community, community.name
    more = max(1, min(more, MOST_PAGES))
    everywhere = Question(q=words, near=near)
    own = replace(everywhere, community=community.slug) if community else None
    cards: dict[str, tuple[dict[str, Any], str]] = {}
    for question in filter(None, (own, everywhere)):
        for page in range(1, more + 1):
            answer = find(session.connection(), replace(question, page=page))
            for found in answer.found:
                cards.setdefault(found.card["id"], (found.card, rules.say_miles(found.metres)))
            if page >= answer.pages:
                break
    shown = list(cards.values())[: MOST_GROUPS * more]
    further = answer.total > len(shown) and more < MOST_PAGES
    return Choices(shown, name, more + 1 if further else 0)


def topic_of(service: Service) -> str:
    """Return the slug of what a service is about, its needs first; "" when nobody said."""
    about = [term for term in service.terms if term.kind in ABOUT]
    terms = sorted(about, key=lambda term: (term.kind is not TermKind.NEED, term.slug))
    return terms[0].slug if terms else ""


def topics_to_choose(session: Session) -> list[TaxonomyTerm]:
    """Return what a connection may be about: needs and interests."""
    known = directory.topics(session)
    usable = set(directory.meanings(known).values())
    return [topic for topic in known if topic.kind in ABOUT and topic.id in usable]
