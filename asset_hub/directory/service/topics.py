"""Our topics, in the database."""

from sqlmodel import Session, select

from asset_hub.directory.models import TaxonomyTerm
from asset_hub.directory.topics import TOPICS


def ensure_topics(session: Session) -> dict[str, TaxonomyTerm]:
    """Write every topic of ours, renewing words that changed; return them by slug."""
    there = {term.slug: term for term in session.exec(select(TaxonomyTerm))}
    for topic in TOPICS:
        term = there.get(topic.slug)
        if term is None:
            term = there[topic.slug] = TaxonomyTerm(id=topic.id, slug=topic.slug, name="")
        term.name, term.description, term.kind = topic.name, topic.description, topic.kind
        session.add(term)
    session.flush()
    return there
