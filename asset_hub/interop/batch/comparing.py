"""A batch of records beside what the directory holds: what is new, changed, or changed here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, text
from sqlmodel import Session, SQLModel

from asset_hub.interop.batch import state
from asset_hub.interop.models import Outcome
from asset_hub.interop.reading.records import Record, content_digest

TAKEN_OVER = "another community looks after it now: it stays as it is"
MOVED = "it is not this community’s any more: it stays as it is"
LOCK = 4_150_003  # PostgreSQL advisory lock: imports take turns, a batch at a time
SERVICE = SQLModel.metadata.tables["service"]


@dataclass(frozen=True, slots=True)
class Known:
    """What the directory already holds of a service."""

    id: UUID
    digest: str
    version: int
    approved_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str
    alive_at: datetime | None
    organization_id: UUID
    community_id: UUID | None
    merged_into_id: UUID | None = None


@dataclass(slots=True)
class Look:
    """What each record would become, and what is there of it."""

    outcomes: list[Outcome]
    known: dict[str, Known] = field(default_factory=dict)  # by source id
    before: dict[UUID, Record] = field(default_factory=dict)  # those the file says differently


def look(
    session: Session,
    source: str,
    records: Sequence[Record],
    only_in: UUID | None = None,
) -> Look:
    """Compare records with the services of a source; nothing is written.

    With `only_in`, what is not that community's (any more) is left alone, and nothing of it read.
    """
    connection = session.connection()
    _take_turn(connection)
    known = _known(connection, source, [record.source_id for record in records])
    if not known:
        return Look([Outcome.ADDED] * len(records))
    changed = [
        known[record.source_id]
        for record in records
        if (one := known.get(record.source_id))
        and one.digest != record.digest
        and not _is_elsewhere(one, only_in)
    ]
    found = state.of_services(connection, [one.id for one in changed])
    before = {one.id: record for one, record in zip(changed, found, strict=True)}
    edited = {one.id: content_digest(before[one.id]) != one.digest[32:] for one in changed}
    for record in records:
        there = known.get(record.source_id)
        if there and _is_elsewhere(there, only_in):
            record.warn(MOVED if there.community_id is None else TAKEN_OVER)
        elif there and there.merged_into_id:
            record.warn("merged here into another listing: it stays as it is")
    outcomes = [
        _outcome(known.get(record.source_id), record.digest, edited, only_in) for record in records
    ]
    return Look(outcomes, known, before)


def _known(connection: Connection, source: str, keys: list[str]) -> dict[str, Known]:
    c = SERVICE.c
    held = (
        c.source_digest, c.version, c.approved_at, c.confirmed_at, c.confirmed_by, c.alive_at,
        c.organization_id, c.community_id, c.merged_into_id,
    )  # fmt: skip
    wanted = select(c.source_id, c.id, *held).where(c.source == source, c.source_id.in_(keys))
    return {row[0]: Known(*tuple(row)[1:]) for row in connection.execute(wanted.with_for_update())}


def _is_elsewhere(known: Known, only_in: UUID | None) -> bool:
    return only_in is not None and known.community_id != only_in


def _outcome(
    known: Known | None, digest: str, edited: dict[UUID, bool], only_in: UUID | None = None
) -> Outcome:
    if known is None:
        return Outcome.ADDED
    if _is_elsewhere(known, only_in):
        return Outcome.KEPT
    if known.digest == digest:
        return Outcome.UNCHANGED
    if known.merged_into_id:
        return Outcome.KEPT  # a new word about it must not bring it back
    return Outcome.KEPT if edited[known.id] else Outcome.UPDATED


def _take_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
