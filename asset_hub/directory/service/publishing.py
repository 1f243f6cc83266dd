"""Writing the published copy, one service at a time or thousands."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, text, update
from sqlmodel import Session, SQLModel

from asset_hub.core.bulk import insert_rows
from asset_hub.directory.models import Service, ServiceAtLocation, ServiceTerm, TaxonomyTerm
from asset_hub.directory.rules.listing import Facts, listing_row, place_rows

BATCH = 500  # services a round: memory stays flat, and no statement has too many parameters
NUMBER_LOCK = 4_150_002  # PostgreSQL advisory lock: one writer hands out numbers at a time
LISTING = SQLModel.metadata.tables["listing"]
PLACE = SQLModel.metadata.tables["listing_place"]


def publish(session: Session, service: Service, *, now: datetime) -> None:
    """Write or renew the published copy of a service."""
    session.flush()
    publish_many(session, [facts_of(session, service)], now=now)


def withdraw(session: Session, service: Service) -> None:
    """Take a service out of finding; its own rows stay."""
    session.connection().execute(delete(PLACE).where(PLACE.c.service_id == service.id))
    session.connection().execute(delete(LISTING).where(LISTING.c.service_id == service.id))


def publish_many(session: Session, services: Iterable[Facts], *, now: datetime) -> int:
    """Write or renew the published copies of many services; return how many.

    Takes plain `Facts` (all that is published, nothing private) and inserts rows in bulk, 500
    services a round; pass a generator to keep memory flat. Services must be in the table already,
    LISTED. `now` is when, for callers that record it; nothing of the copy depends on it yet.
    """
    done = 0
    stream = iter(services)
    while batch := list(islice(stream, BATCH)):
        done += len(batch)
        _write(session, {facts.id: facts for facts in batch})
    return done


def _write(session: Session, batch: dict[UUID, Facts]) -> None:
    connection = session.connection()
    rows = {key: listing_row(facts) for key, facts in batch.items()}
    numbers = _numbers(session, list(batch))
    if unnumbered := [key for key in rows if key not in numbers]:
        _lock(session)
        numbers |= _numbers(session, unnumbered)
    known = [row for key, row in rows.items() if key in numbers]
    fresh = [row for key, row in rows.items() if key not in numbers]
    if known:
        change = update(LISTING).where(LISTING.c.service_id == bindparam("key"))
        renewed = [{**row, "key": row.pop("service_id")} for row in known]
        connection.execute(change, renewed)
        connection.execute(delete(PLACE).where(PLACE.c.service_id.in_(list(numbers))))
    if fresh:
        insert_rows(connection, LISTING, list(_numbered(session, fresh)))
    if places := [place for facts in batch.values() for place in place_rows(facts)]:
        insert_rows(connection, PLACE, places)


def _numbers(session: Session, keys: Sequence[UUID]) -> dict[UUID, int]:
    wanted = select(LISTING.c.service_id, LISTING.c.number).where(LISTING.c.service_id.in_(keys))
    return {row[0]: row[1] for row in session.connection().execute(wanted)}


def _numbered(session: Session, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    last = session.connection().execute(select(func.max(LISTING.c.number))).scalar() or 0
    for number, row in enumerate(rows, last + 1):
        yield {**row, "number": number}


def _lock(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": NUMBER_LOCK}
        )


def facts_of(session: Session, service: Service) -> Facts:
    """Return what may be published of a service, as it stands in the database."""
    key = service.id
    terms = (
        select(TaxonomyTerm.slug, TaxonomyTerm.name)  # type: ignore[call-overload]
        .join(ServiceTerm, ServiceTerm.term_id == TaxonomyTerm.id)
        .where(ServiceTerm.service_id == key)
        .order_by(TaxonomyTerm.name)
    )
    return Facts(
        id=key,
        organization_id=service.organization_id,
        organization_name=service.organization.name,
        community_id=service.community_id,
        community_name=service.community.name if service.community else "",
        name=service.name,
        kind=service.kind,
        summary=service.summary,
        description=service.description,
        eligibility=service.eligibility,
        access=service.access,
        how_to_join=service.how_to_join,
        first_visit=service.first_visit,
        languages=service.languages,
        fees=service.fees,
        source_id=service.source_id,
        confirmed_at=service.confirmed_at,
        topics=[(slug, name) for slug, name in session.connection().execute(terms)],
        times=service.schedules,
        places=[(place.id, place.location) for place in _places(service)],
    )


def _places(service: Service) -> list[ServiceAtLocation]:
    return sorted(service.places, key=lambda place: place.id)
