"""Who looked at or changed what: written in the same transaction, chained, append-only.

Each digest is keyed (DATA_KEY), so whoever holds only the database cannot write a chain that
fits. What was cut off the end shows against an anchor kept elsewhere: each backup prints one.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import JSON, Column, Field, Session, SQLModel, col, select

from asset_hub.core import crypto
from asset_hub.core.db import moment
from asset_hub.core.triggers import append_only

START = "0" * 64
CHAIN_LOCK = 4_150_001  # PostgreSQL advisory lock: one writer extends the chain at a time


class AuditEntry(SQLModel, table=True):
    """One look or change; `detail` holds names of fields and states, never a person's words."""

    __tablename__ = "audit_entry"

    id: int = Field(default=None, primary_key=True)
    at: datetime = moment(index=True)
    by_id: UUID | None = Field(default=None, index=True)
    action: str = Field(max_length=60)
    kind: str = Field(max_length=40)
    subject_id: UUID | None = Field(default=None, index=True)
    community_id: UUID | None = Field(default=None, index=True)
    practice_id: UUID | None = Field(default=None, index=True)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    before: str = Field(max_length=64)
    digest: str = Field(max_length=64)


class AuditShown(SQLModel, table=True):
    """Whom a list showed: what its entry's `detail["shown"]` says, to be asked by person."""

    __tablename__ = "audit_shown"

    subject_id: UUID = Field(primary_key=True)
    entry_id: int = Field(foreign_key="audit_entry.id", primary_key=True)


append_only(SQLModel.metadata.tables["audit_entry"])


def note(
    session: Session, action: str, subject: Any, *, by: UUID | None, now: datetime, **detail: Any
) -> AuditEntry:
    """Write down that `by` did `action` ("read", "approve", …) to a row."""
    _lock(session)
    last = session.exec(select(AuditEntry.digest).order_by(col(AuditEntry.id).desc()).limit(1))
    entry = AuditEntry(
        at=now,
        by_id=by,
        action=action,
        kind=subject.__tablename__,
        subject_id=subject.id,
        community_id=getattr(subject, "community_id", None),
        practice_id=getattr(subject, "practice_id", None),
        detail=detail,
        before=last.first() or START,
        digest="",
    )
    entry.digest = _digest(entry)
    session.add(entry)
    session.flush()
    shown = {UUID(key) for key in detail.get("shown", ())}
    session.add_all(AuditShown(subject_id=key, entry_id=entry.id) for key in shown)
    return entry


def broken_links(session: Session) -> Iterator[int]:
    """Yield the id of every entry whose digest or place in the chain is wrong."""
    before = START
    for entry in session.exec(select(AuditEntry).order_by(col(AuditEntry.id))):
        if entry.before != before or entry.digest != _digest(entry):
            yield entry.id
        before = entry.digest


def anchor(session: Session) -> str:
    """Return "COUNT:DIGEST" of the log as it is now, to be kept somewhere else."""
    count = session.exec(select(func.count()).select_from(AuditEntry)).one()
    last = session.exec(select(AuditEntry.digest).order_by(col(AuditEntry.id).desc()).limit(1))
    return f"{count}:{last.first() or START}"


def holds(session: Session, kept: str) -> bool:
    """Return whether the log still holds everything up to an anchor; ValueError when it is none."""
    count, digest = kept.split(":")
    if int(count) == 0:
        return True
    at = select(AuditEntry.digest).order_by(col(AuditEntry.id)).offset(int(count) - 1).limit(1)
    return session.exec(at).first() == digest


def _digest(entry: AuditEntry) -> str:
    what = [
        entry.before, entry.at.astimezone(UTC).isoformat(), str(entry.by_id), entry.action,
        entry.kind,
        str(entry.subject_id), str(entry.community_id), str(entry.practice_id), entry.detail,
    ]  # fmt: skip
    return crypto.vault().fingerprint("audit:" + json.dumps(what, sort_keys=True))


def _lock(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK}
        )
