"""What people decide about an import: start it, say which column is what, say yes, no, undo."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from asset_hub.core import audit
from asset_hub.core.calendar import UNDO_WITHIN
from asset_hub.core.db import claim
from asset_hub.core.errors import RuleBroken
from asset_hub.interop import queries
from asset_hub.interop.models import Feed, ImportFile, ImportRun, Stage
from asset_hub.interop.reading.mapping import Mapping, Unfit, to_plain
from asset_hub.interop.reading.plan import named
from asset_hub.interop.service.files import keep_file

MOST_SKIPPED = 5_000
FRESH = {"position": 0, "total": 0, "attempts": 0, "lease_until": None, "token": None}


def start(
    session: Session,
    stream: IO[bytes],
    *,
    file_name: str,
    source: str,
    community_id: UUID,
    by: UUID,
    now: datetime,
    once: str,
) -> ImportRun | None:
    """Keep a file and let the worker look at it; return None when this was sent already."""
    file = keep_file(session, stream, name=file_name, community_id=community_id, now=now)
    run = ImportRun(
        community_id=community_id, file_id=file.id, source=named(source, file.name),
        started_by_id=by, created_at=now, once=once,
        mapping=queries.last_mapping(session, community_id, named(source, file.name)),
    )  # fmt: skip
    if not claim(session, run):
        return None
    audit.note(session, "look at import", run, by=by, now=now, file=file.name, source=run.source)
    return session.get_one(ImportRun, run.id)


def start_feed(session: Session, feed: Feed, file: ImportFile, *, now: datetime) -> ImportRun:
    """Let the worker look at what a feed says now."""
    run = ImportRun(
        community_id=feed.community_id, file_id=file.id, feed_id=feed.id, source=feed.name,
        mapping=feed.mapping, created_at=now, close_gone=feed.close_gone,
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run


def map_columns(
    session: Session, run: ImportRun, mapping: Mapping, *, header: Sequence[str], field: str
) -> None:
    """Say which column means what, and let the worker look (again).

    What does not fit is told at `field` of the form.
    """
    try:
        mapping.check(header)
    except Unfit as problem:
        raise RuleBroken(str(problem), field=field) from None
    _move(session, run, (Stage.MAPPING, Stage.READY), Stage.CHECKING, mapping=to_plain(mapping))
    if run.feed_id:
        feed = session.get_one(Feed, run.feed_id)
        feed.mapping = to_plain(mapping)
        session.add(feed)


def say_yes(
    session: Session, run: ImportRun, *, close_gone: bool, by: UUID | None, now: datetime
) -> None:
    """Import what was looked at."""
    said = {"close_gone": close_gone, "imported_at": now, "started_by_id": by or run.started_by_id}
    _move(session, run, (Stage.READY,), Stage.IMPORTING, **said)
    if run.feed_id and by:
        feed = session.get_one(Feed, run.feed_id)
        feed.trusted, feed.close_gone = True, close_gone
        session.add(feed)
    audit.note(session, "import", run, by=by, now=now, source=run.source)


def skip(session: Session, run: ImportRun, number: int) -> None:
    """Leave a new row out of an import, or take it in again."""
    wanted = select(ImportRun).where(col(ImportRun.id) == run.id).with_for_update()
    held = session.execute(wanted.execution_options(populate_existing=True)).scalar_one()
    if held.stage is not Stage.READY:
        raise RuleBroken("Somebody has decided about this import already.")
    kept = [one for one in held.skipped if one != number]
    held.skipped = kept if len(kept) < len(held.skipped) else [*kept, number][-MOST_SKIPPED:]
    session.add(held)


def say_no(session: Session, run: ImportRun, *, by: UUID, now: datetime) -> None:
    """Import nothing of it."""
    _move(session, run, (Stage.MAPPING, Stage.READY), Stage.DROPPED)
    audit.note(session, "drop import", run, by=by, now=now, source=run.source)


def again(session: Session, run: ImportRun, *, by: UUID, now: datetime) -> None:
    """Look once more at a file that was not imported, while it is kept."""
    if run.file.emptied_at or run.feed_id:
        raise RuleBroken("The file is no longer here. Send it again.")
    _move(session, run, (Stage.DROPPED,), Stage.CHECKING, counts={})
    audit.note(session, "look at import", run, by=by, now=now, source=run.source)


def undo(session: Session, run: ImportRun, *, by: UUID, now: datetime) -> None:
    """Put back what an import changed, within 30 days."""
    if not can_undo(run, now):
        raise RuleBroken("This import can be undone no more")
    _move(session, run, (Stage.DONE, Stage.FAILED), Stage.UNDOING, undone_at=now, undone_by_id=by)
    audit.note(session, "undo import", run, by=by, now=now, source=run.source)


def can_undo(run: ImportRun, now: datetime) -> bool:
    """Return whether an import may still be undone."""
    done = run.stage in {Stage.DONE, Stage.FAILED} and run.imported_at is not None
    changed = any(run.counts.get(name) for name in ("added", "updated", "closed"))
    return done and changed and now - (run.imported_at or now) <= UNDO_WITHIN


def _move(
    session: Session, run: ImportRun, before: tuple[Stage, ...], to: Stage, **values: Any
) -> None:
    """Bring a run to its next stage, unless somebody else has moved it meanwhile."""
    change = (
        update(ImportRun)
        .where(col(ImportRun.id) == run.id, col(ImportRun.stage).in_(before))
        .values(stage=to, message="", **FRESH, **values)
        .returning(col(ImportRun.id))
        .execution_options(synchronize_session=False)
    )
    if session.execute(change).first() is None:
        raise RuleBroken("Somebody has decided about this import already. Look at it as it is now.")
    session.refresh(run)
