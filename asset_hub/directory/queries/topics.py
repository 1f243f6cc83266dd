"""Questions about topics: what is on offer, how much each is used, what happened to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as rows

from asset_hub.accounts.models import Account
from asset_hub.directory.models import (
    Service,
    ServiceNotFor,
    ServiceTerm,
    Standing,
    TaxonomyTerm,
    TermKind,
    TopicEvent,
    TopicMerge,
)
from asset_hub.directory.rules import offering
from asset_hub.directory.rules.naming import key_of


def topics(session: Session) -> list[TaxonomyTerm]:
    """Return every topic, by name: also those retired, merged, or of other lists."""
    return list(session.exec(rows(TaxonomyTerm).order_by(col(TaxonomyTerm.name))))


def offer(session: Session) -> offering.Offer:
    """Return what listings may choose."""
    return offering.offer(topics(session))


@dataclass(frozen=True)
class Tally:
    """A topic, and how many listings have it; what it became, when it was merged."""

    term: TaxonomyTerm
    listed: int
    excluded: int
    became: TaxonomyTerm | None = None


def tallies(session: Session) -> dict[UUID, Tally]:
    """Return every topic with its counts of listed groups, by id and in order of names."""
    about, excluded = _counts(session, ServiceTerm), _counts(session, ServiceNotFor)
    found = topics(session)
    known = {term.id: term for term in found}
    return {
        term.id: Tally(
            term,
            about.get(term.id, 0),
            excluded.get(term.id, 0),
            offering.final(term, known) if term.merged_into_id else None,
        )
        for term in sorted(found, key=lambda term: (term.name.casefold(), term.slug))
    }


def _counts(session: Session, link: Any) -> dict[UUID, int]:
    wanted = (
        select(link.term_id, func.count())
        .join(Service, col(Service.id) == link.service_id)
        .where(col(Service.standing) == Standing.LISTED)
        .group_by(link.term_id)
    )
    return {row[0]: row[1] for row in session.connection().execute(wanted)}


def topics_like(session: Session, q: str, kind: TermKind | None) -> list[Tally]:
    """Return the topics whose name, slug, description or people's words have a text in them."""
    wanted = key_of(q)
    return [
        tally
        for tally in tallies(session).values()
        if (kind is None or tally.term.kind is kind)
        and (not wanted or wanted in _haystack(tally.term))
    ]


def _haystack(term: TaxonomyTerm) -> str:
    return " ".join(map(key_of, (term.name, term.slug, term.description, term.words)))


def topic_history(session: Session, term: TaxonomyTerm) -> list[tuple[TopicEvent, str]]:
    """Return what happened to a topic and who did it, the newest first."""
    wanted: Any = (
        select(TopicEvent, Account.name)  # type: ignore[call-overload]
        .outerjoin(Account, col(Account.id) == col(TopicEvent.by_id))
        .where(col(TopicEvent.term_id) == term.id)
        .order_by(col(TopicEvent.at).desc(), col(TopicEvent.id).desc())
    )
    return [(event, name or "") for event, name in session.execute(wanted)]


def merges_of(session: Session, term: TaxonomyTerm) -> list[tuple[TopicMerge, TaxonomyTerm]]:
    """Return the merges into a topic that stand, with what went into it, the newest first."""
    wanted: Any = (
        select(TopicMerge, TaxonomyTerm)
        .join(TaxonomyTerm, col(TaxonomyTerm.id) == col(TopicMerge.gone_id))
        .where(col(TopicMerge.kept_id) == term.id, col(TopicMerge.undone_at).is_(None))
        .order_by(col(TopicMerge.at).desc())
    )
    return [(merge, gone) for merge, gone in session.execute(wanted)]


def meanings(terms: Iterable[TaxonomyTerm]) -> dict[UUID, UUID]:
    """Return what may be chosen for each topic: itself, or what it became; retired ones nothing."""
    known = {term.id: term for term in terms}
    ends = {key: offering.final(term, known) for key, term in known.items()}
    return {key: end.id for key, end in ends.items() if end and end.retired_at is None}
