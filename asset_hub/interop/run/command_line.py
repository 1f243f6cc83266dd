"""An import from the command line: a file read, compared and written, a batch at a time.

A batch is one transaction. A run that is killed keeps the batches before, and running it again
completes it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session

from asset_hub.communities import queries as communities
from asset_hub.communities.models import Community
from asset_hub.core import db
from asset_hub.core.errors import Missing
from asset_hub.interop.batch.comparing import SERVICE
from asset_hub.interop.batch.taking import BATCH, Batch, taker_for
from asset_hub.interop.models import Outcome
from asset_hub.interop.reading import mapping as mappings
from asset_hub.interop.reading import plan as reading
from asset_hub.interop.reading.files import Opened, Unreadable
from asset_hub.interop.reading.plan import Plan
from asset_hub.interop.run.tally import Tally

Progress = Callable[[int, Tally], None]  # bytes read so far


def plan(path: Path, *, source: str, mapping: Path | None, now: datetime) -> Plan:
    """Open a file and decide how to read it; raise Unreadable with what to do."""
    opened = Opened.at(path)
    try:
        chosen = mappings.load(mapping) if mapping else None
    except BaseException:
        opened.close()
        raise
    return reading.plan(opened, source=source, mapping=chosen, now=now)


def run(todo: Plan, *, community: str, dry_run: bool, now: datetime, progress: Progress) -> Tally:
    """Import everything, or with `dry_run` only say what would become of it; close the file."""
    try:
        return _run(todo, _community(community), dry_run, now, progress)
    finally:
        todo.opened.close()


def _run(
    todo: Plan, home: Community | None, dry_run: bool, now: datetime, progress: Progress
) -> Tally:
    source, tally = todo.source, Tally()
    taker = taker_for(source, source, home, seen={}, dry_run=dry_run, now=now)
    before = count_of(db.session(), source)
    db.session().rollback()
    with taker.reads(todo) as rows:
        while (batch := list(islice(rows, BATCH))) and not tally.stopped:
            with _turn(dry_run) as session:
                found = taker.take(session, batch)
            _count(tally, found)
            progress(todo.opened.done, tally)
    done = tally.outcomes
    tally.gone = before - done.total() + done[Outcome.ADDED]
    return tally


@contextmanager
def _turn(dry_run: bool) -> Iterator[Session]:
    """Yield a session for one batch: one transaction, which leaves nothing after a dry run."""
    if not dry_run:
        with db.transaction() as session:
            yield session
        return
    yield db.session()
    db.session().rollback()


def _count(tally: Tally, found: Batch) -> None:
    for row, reason in found.refused:
        tally.refuse(row, reason)
    tally.repeated += [(record.row, record.words["name"]) for record in found.repeated]
    for one in found.taken:
        tally.outcomes[one.outcome] += 1
        if one.outcome is Outcome.KEPT:
            tally.kept.append((one.record.row, one.record.words["name"]))
        for warning in one.record.warnings:
            tally.warn(one.record.row, warning)


def _community(slug: str) -> Community | None:
    if not slug:
        return None
    session = db.session()
    try:
        return communities.by_slug(session, slug)
    except Missing:
        known = ", ".join(one.slug for one in communities.all_communities(session)) or "none yet"
        raise Unreadable(f"There is no community “{slug}”. There are: {known}.") from None
    finally:
        session.rollback()


def count_of(session: Session, source: str) -> int:
    """Return how many services came from a source."""
    wanted = select(func.count()).select_from(SERVICE).where(SERVICE.c.source == source)
    return int(session.connection().execute(wanted).scalar_one())
