"""Our topics, in the database, and what slugs stand for there."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, select

from asset_hub.core.db import claim
from asset_hub.directory.models import TaxonomyTerm
from asset_hub.directory.rules.naming import key_of
from asset_hub.directory.rules.offering import final
from asset_hub.directory.topics import TOPICS, Topic


def ensure_topics(session: Session) -> dict[str, TaxonomyTerm]:
    """Write every topic of ours, renewing words that changed; return the site's topics by slug.

    What a coordinator has changed, retired or merged stays as it is, and a topic whose name the
    site uses for one of its own is left out.
    """
    there = _all(session)
    fresh = [claim(session, _row(topic)) for topic in TOPICS if topic.slug not in there]
    if any(fresh):
        there = _all(session)
    keys = {term.name_key: term for term in there.values() if term.name_key}
    for topic in TOPICS:
        term = there.get(topic.slug)
        if term is not None and term.edited_at is None:
            _renew(term, topic, keys)
            session.add(term)
    session.flush()
    return there


def _all(session: Session) -> dict[str, TaxonomyTerm]:
    return {term.slug: term for term in session.exec(select(TaxonomyTerm))}


def _row(topic: Topic) -> TaxonomyTerm:
    return TaxonomyTerm(id=topic.id, slug=topic.slug, **_values(topic), name_key=key_of(topic.name))


def _values(topic: Topic) -> dict[str, Any]:
    return {
        "name": topic.name,
        "description": topic.description,
        "kind": topic.kind,
        "theme": topic.theme,
        "words": "\n".join(topic.words),
        "urgent": topic.urgent,
        "ours": True,
    }


def _renew(term: TaxonomyTerm, topic: Topic, keys: dict[str, TaxonomyTerm]) -> None:
    """Give a row our list's words, but never a name that another topic of the site has."""
    values, key = _values(topic), key_of(topic.name)
    if keys.get(key, term) is not term:
        values.pop("name")
    else:
        values["name_key"], keys[key] = key, term
    for name, value in values.items():
        if getattr(term, name) != value:
            setattr(term, name, value)


def terms_of(
    session: Session, slugs: Iterable[str], had: Iterable[TaxonomyTerm]
) -> list[TaxonomyTerm]:
    """Return the topics that slugs stand for now, by name.

    A merged one is what it became; a retired one stays where it was and comes nowhere new.
    """
    wanted = select(TaxonomyTerm).where(col(TaxonomyTerm.slug).in_(list(slugs)))
    found = list(session.exec(wanted))
    if len(found) < len(set(slugs)):
        ensure_topics(session)
        found = list(session.exec(wanted))
    kept = _kept(session) if any(term.merged_into_id for term in found) else {}
    before = {term.id for term in had}
    now = {end.id: end for term in found if (end := final(term, kept)) is not None}
    usable = [term for term in now.values() if term.retired_at is None or term.id in before]
    return sorted(usable, key=lambda term: term.slug)


def _kept(session: Session) -> dict[Any, TaxonomyTerm]:
    return {term.id: term for term in session.exec(select(TaxonomyTerm))}
