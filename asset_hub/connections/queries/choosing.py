"""What a connection may be about."""

from sqlmodel import Session

from asset_hub.directory import queries as directory
from asset_hub.directory.models import Service, TaxonomyTerm, TermKind

ABOUT = (TermKind.NEED, TermKind.INTEREST)


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
