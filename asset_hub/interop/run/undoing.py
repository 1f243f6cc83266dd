"""Undoing an import: what it added is closed, what it changed says what it said before.

What somebody has changed since is left alone, and marked so. A batch of rows is one transaction
that also marks them: done twice, it is done once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, SQLModel, col

from asset_hub.core import clock, db
from asset_hub.core.bulk import insert_rows
from asset_hub.directory.models import RevisionCause, Standing
from asset_hub.interop.batch import history, kept, state
from asset_hub.interop.batch.closing import EVENT, NEVER_SAID, close, event
from asset_hub.interop.batch.comparing import SERVICE
from asset_hub.interop.batch.writing import Writer, forget_parts, maker_for
from asset_hub.interop.models import ImportRow, ImportRun, Outcome, Stage, Undoing
from asset_hub.interop.reading.records import Record, content_digest
from asset_hub.interop.run.holding import Hold

BATCH = 200
ROW = SQLModel.metadata.tables["import_row"]
ORGANIZATION = SQLModel.metadata.tables["organization"]
WROTE = (Outcome.ADDED, Outcome.UPDATED, Outcome.CLOSED)


def undo(hold: Hold) -> None:
    """Put back everything a run changed, a batch at a time."""
    session = db.session()
    run = session.get_one(ImportRun, hold.run_id, populate_existing=True)
    counts = Counter(run.counts)
    what = f"The import was undone: {run.source}"
    writer = Writer(
        maker_for(
            session, run.stored_source, run.source, now=clock.now(), what=what, by=run.undone_by_id
        )
    )
    session.rollback()
    todo = sum(counts[outcome] for outcome in WROTE)
    while True:
        with hold.turn(total=max(todo, 1)) as session:
            rows = _next(session, run.id)
            if not rows:
                hold.finish(session, Stage.UNDONE)
                return
            counts.update(_put_back(session, writer, rows))
            done = counts[Undoing.BACK] + counts[Undoing.LEFT]
            hold.write(session, counts=dict(counts), position=done)


def _next(session: Session, run_id: UUID) -> Sequence[ImportRow]:
    wanted = select(ImportRow).where(
        col(ImportRow.run_id) == run_id,
        col(ImportRow.outcome).in_(WROTE),
        col(ImportRow.undone).is_(None),
    )
    return session.execute(wanted.order_by(col(ImportRow.id)).limit(BATCH)).scalars().all()


def _put_back(session: Session, writer: Writer, rows: Sequence[ImportRow]) -> Counter[str]:
    """Put back what still stands as the import left it; return how many were, and were not."""
    now = _standing(session, [row.service_id for row in rows if row.service_id])
    mine = {row.id: row for row in rows if _untouched(row, now)}
    by = {outcome: [row for row in mine.values() if row.outcome is outcome] for outcome in WROTE}
    added = {_key(row): _closed(now[_key(row)].record) for row in by[Outcome.ADDED]}
    close(session, added, why=writer.maker.what, by=writer.maker.by, now=writer.maker.now)
    _relist(session, writer, by[Outcome.CLOSED], now)
    _restore(session, writer, by[Outcome.UPDATED], now)
    marks = {row.id: Undoing.BACK if row.id in mine else Undoing.LEFT for row in rows}
    session.connection().execute(
        update(ROW).where(ROW.c.id == bindparam("key")),
        [{"key": key, "undone": mark} for key, mark in marks.items()],
    )
    return Counter(mark.value for mark in marks.values())


@dataclass(frozen=True, slots=True)
class Found:
    """What a service is now."""

    digest: str
    confirmed_by: str
    alive_at: datetime | None
    record: Record


def _standing(session: Session, keys: Sequence[UUID]) -> dict[UUID, Found]:
    connection, c = session.connection(), SERVICE.c
    wanted = select(c.id, c.source_digest, c.confirmed_by, c.alive_at).where(c.id.in_(keys))
    held = {row[0]: row[1:] for row in connection.execute(wanted.with_for_update())}
    records = state.of_services(connection, list(held))
    return {key: Found(*held[key], record) for key, record in zip(held, records, strict=True)}


def _key(row: ImportRow) -> UUID:
    assert row.service_id is not None
    return row.service_id


def _untouched(row: ImportRow, now: dict[UUID, Found]) -> bool:
    """Return whether a service stands as the import left it."""
    found = now.get(_key(row)) if row.service_id else None
    if found is None or found.digest != row.digest:
        return False
    return content_digest(found.record) == found.digest[32:]


def _closed(record: Record) -> str:
    record.standing = Standing.CLOSED
    return NEVER_SAID + content_digest(record)


def _change(session: Session, changes: list[dict[str, Any]]) -> None:
    change = update(SERVICE).where(SERVICE.c.id == bindparam("key"))
    session.connection().execute(change.values(version=SERVICE.c.version + 1), changes)


def _relist(
    session: Session, writer: Writer, rows: Sequence[ImportRow], now: dict[UUID, Found]
) -> None:
    """List again what was closed because the file had it no more."""
    if not rows:
        return
    was = {_key(row): (row.before or {})["digest"] for row in rows}
    _change(session, [
        {"key": key, "standing": Standing.LISTED, "source_digest": digest}
        for key, digest in was.items()
    ])  # fmt: skip
    maker = writer.maker
    events = [event(key, Standing.LISTED, maker.what, maker.by, maker.now) for key in was]
    insert_rows(session.connection(), EVENT, events)
    for key in was:
        now[key].record.standing = Standing.LISTED
    writer.publish_anew(session, [(now[key].record, key) for key in was])


def _restore(
    session: Session, writer: Writer, rows: Sequence[ImportRow], now: dict[UUID, Found]
) -> None:
    """Give services what they said before."""
    if not rows:
        return
    keys = [_key(row) for row in rows]
    was = {_key(row): kept.unpack(row.before or {}) for row in rows}
    for key, record in was.items():
        record.source_id = str(key)
    connection = session.connection()
    said = writer.maker.said
    _change(session, [
        {"key": _key(row)} | _columns(row.before or {}, was[_key(row)], now[_key(row)], said)
        for row in rows
    ])  # fmt: skip
    pairs = [(now[key].record, was[key]) for key in keys]
    history.revise(session, keys, pairs, writer.maker.topics, now=writer.maker.now,
                   cause=RevisionCause.UNDO, by=writer.maker.by)  # fmt: skip
    forget_parts(connection, keys)
    writer.renew_contacts(connection, keys, pairs)
    writer.add_parts(connection, list(was.values()), {str(key): key for key in keys})
    _restore_runners(session, rows)
    writer.publish_anew(session, [(was[key], key) for key in keys])


def _columns(before: dict[str, Any], record: Record, now: Found, source: str) -> dict[str, Any]:
    """Return a service's columns as they were; a person's confirmation since then stays."""
    ours = now.confirmed_by == source
    return {
        **state.NO_WORDS,
        **record.words,
        "kind": record.kind,
        "standing": record.standing,
        "minimum_age": record.minimum_age,
        "maximum_age": record.maximum_age,
        "community_id": record.community_id,
        "organization_id": UUID(before["organization_id"]),
        "approved_at": kept.moment(before["approved_at"]),
        "confirmed_at": record.confirmed_at if ours else now.record.confirmed_at,
        "confirmed_by": before["confirmed_by"] if ours else now.confirmed_by,
        "alive_at": kept.moment(before["alive_at"]) if ours else now.alive_at,
        "source_digest": before["digest"],
    }


def _restore_runners(session: Session, rows: Sequence[ImportRow]) -> None:
    """Give organisations their words back; version 1 says that nobody has saved one here."""
    for row in rows:
        before = row.before or {}
        _, name, description, url, email = before["runner"]
        theirs = ORGANIZATION.c.id == UUID(before["organization_id"])
        session.connection().execute(
            update(ORGANIZATION)
            .where(theirs, ORGANIZATION.c.version == 1)
            .values(name=name, description=description, url=url, email=email)
        )
