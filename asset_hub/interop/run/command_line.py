"""One import from a file to a report: read, clean, locate, compare, write, a batch at a time.

A batch is one transaction. A run that is killed keeps the batches before, and running it again
completes it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from asset_hub.communities import queries as communities
from asset_hub.communities.models import Community
from asset_hub.core import db
from asset_hub.core.errors import Missing
from asset_hub.directory import service as directory
from asset_hub.interop.batch.comparing import SERVICE
from asset_hub.interop.batch.places import Places
from asset_hub.interop.batch.taking import Batch, Taker
from asset_hub.interop.batch.topics import Topics
from asset_hub.interop.batch.writing import Writer
from asset_hub.interop.models import Outcome
from asset_hub.interop.reading import mapping as mappings
from asset_hub.interop.reading import plan as reading
from asset_hub.interop.reading.files import Opened, Unreadable
from asset_hub.interop.reading.plan import Plan
from asset_hub.interop.reading.second_process import read_all
from asset_hub.interop.run.tally import Tally

BATCH = 1_000

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
    taker, tally = _taker(todo.source, home, dry_run=dry_run, now=now), Tally()
    before = count_of(db.session(), todo.source)
    db.session().rollback()
    with read_all(todo.knowing(taker.writer.topics.words)) as rows:
        while (batch := list(islice(rows, BATCH))) and not tally.stopped:
            with _turn(dry_run) as session:
                found = taker.take(session, batch)
            _count(tally, found)
            progress(todo.opened.done, tally)
    done = tally.outcomes
    tally.gone = before - done.total() + done[Outcome.ADDED]
    return tally


def _taker(source: str, home: Community | None, *, dry_run: bool, now: datetime) -> Taker:
    return taker(source, source, home, seen={}, dry_run=dry_run, now=now)


def taker(
    source: str,
    said: str,
    home: Community | None,
    *,
    seen: dict[str, str],
    dry_run: bool,
    now: datetime,
    only_in: UUID | None = None,
) -> Taker:
    """Return what takes batches of one source; everything belongs to `home` when it is given.

    With `only_in`, what has moved to another community is neither read nor changed.
    """
    if not dry_run:
        with db.transaction() as session:
            directory.ensure_topics(session)
    session = db.session()
    topics, places = Topics(session), Places(session, home)
    session.rollback()
    writer = Writer(source, said, topics, places.names, now, only_in=only_in)
    return Taker(writer, places, seen, dry_run)


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
