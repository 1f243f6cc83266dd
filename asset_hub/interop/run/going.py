"""Going through a file batch by batch: first only looking, then importing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlmodel import Session, SQLModel, col

from asset_hub.communities.models import Community
from asset_hub.core import clock, db, ids
from asset_hub.core.bulk import insert_rows
from asset_hub.directory.models import Service, Standing
from asset_hub.interop.batch import changes, kept
from asset_hub.interop.batch.closing import close_untouched
from asset_hub.interop.batch.taking import BATCH, Batch, Taken, Taker, taker_for
from asset_hub.interop.batch.topics import Topics
from asset_hub.interop.models import ImportFile, ImportRow, ImportRun, Outcome, Stage
from asset_hub.interop.reading import mapping
from asset_hub.interop.reading import plan as reading
from asset_hub.interop.reading.files import MOST_ROWS, Opened, Unreadable
from asset_hub.interop.reading.plan import Plan
from asset_hub.interop.reading.second_process import TOO_SLOW
from asset_hub.interop.reading.texts import clean
from asset_hub.interop.reading.workbook import too_many
from asset_hub.interop.run import deciding
from asset_hub.interop.run.holding import LEASE, Hold
from asset_hub.interop.service.files import unpacked

ROW = SQLModel.metadata.tables["import_row"]
KNOWN = (Outcome.SKIPPED, Outcome.ADDED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.KEPT)
MOST_REFUSED = 10_000
LONGEST_COUNT = timedelta(minutes=5)
SAMPLE = 5  # rows shown beside the columns
WRONG_FILE = f"{MOST_REFUSED:,} rows were refused. Is this the right file?"
EMPTY = "There is no group in the file: it has nothing but its frame."
NO_FILE = "The file is kept for 30 days, and is gone by now."


@dataclass
class Way:
    """A run on its way, with what the worker holds in its hands for it."""

    hold: Hold
    run: ImportRun
    taker: Taker
    counts: Counter[str]

    @property
    def checking(self) -> bool:
        """Return whether this is only a look."""
        return self.hold.stage is Stage.CHECKING


def go(hold: Hold) -> None:
    """Go through a run from where it stands to its end; raise Unreadable when that cannot be."""
    session = db.session()
    run = session.get_one(ImportRun, hold.run_id, populate_existing=True)
    file = session.get_one(ImportFile, run.file_id)
    session.rollback()
    if file.emptied_at:
        raise Unreadable(NO_FILE)
    with unpacked(session, file.id) as binary:
        if run.total == 0 and not _begin(hold, run, file, binary):
            return
        way = _way(hold, run)
        with _plan(run, file, binary) as todo:
            _through(way, todo)
    _look_for_gone(way)


def _begin(hold: Hold, run: ImportRun, file: ImportFile, binary: BinaryIO) -> bool:
    """Count the pieces before anything is done with them; return whether it may go on."""
    with _plan(run, file, binary) as todo:
        total, first = _count(hold, todo)
        note, unfit = todo.opened.note, _unfit(todo)
    if total == 0:
        raise Unreadable(EMPTY)
    sample = {"header": todo.header, "rows": first} if todo.mapping else None
    if unfit is not None and hold.stage is Stage.CHECKING:
        with db.transaction() as session:
            hold.finish(session, Stage.MAPPING, note=note, sample=sample, message=unfit, total=0)
            if run.feed_id:
                deciding.tell(session, run, clock.now())
        return False
    if unfit:
        raise Unreadable(unfit)
    with hold.turn(total=total, note=note, counts={}, sample=sample) as session:
        session.execute(delete(ImportRow).where(col(ImportRow.run_id) == run.id))
    run.total, run.position, run.counts = total, 0, {}
    return True


def _count(hold: Hold, todo: Plan) -> tuple[int, list[list[str]]]:
    """Return how many pieces a file has, and the first rows of a sheet."""
    total, first = 0, list[list[str]]()
    began = said = clock.now()
    for total, (_, cells) in enumerate(todo.pieces, 1):
        if total > MOST_ROWS:
            raise Unreadable(too_many(MOST_ROWS))
        if total % 1_000 == 0 and (now := clock.now()) > said + LEASE / 4:
            if now > began + LONGEST_COUNT:
                raise Unreadable(TOO_SLOW)
            hold.stay()
            said = now
        if len(first) < SAMPLE and todo.mapping and isinstance(cells, dict):
            first.append([clean.cut(clean.text(cell), 80) for cell in cells.values()])
    return total, first


def _unfit(todo: Plan) -> str | None:
    """Return what a person must say before a sheet can be read; None when nothing."""
    if todo.mapping is None:
        return None
    try:
        todo.mapping.check(todo.header)
    except mapping.Unfit as problem:
        return str(problem)
    return "" if todo.guessed else None


@contextmanager
def _plan(run: ImportRun, file: ImportFile, binary: BinaryIO) -> Iterator[Plan]:
    binary.seek(0)
    own = open(binary.fileno(), "rb", closefd=False)  # noqa: SIM115 (closed with the plan)
    opened = Opened(own, file.name, file.size)
    chosen = mapping.from_plain(run.mapping) if run.mapping else None
    todo = reading.guess_plan(opened, source=run.source, mapping=chosen, now=clock.now())
    try:
        yield todo
    finally:
        todo.opened.close()


def _way(hold: Hold, run: ImportRun) -> Way:
    session = db.session()
    known = select(ROW.c.source_id, ROW.c.digest).where(
        ROW.c.run_id == run.id, ROW.c.outcome.in_(KNOWN)
    )
    seen = {row[0]: row[1] for row in session.connection().execute(known)}
    home = session.get_one(Community, run.community_id)
    session.rollback()
    checking = hold.stage is Stage.CHECKING
    found = taker_for(
        run.stored_source, run.source, home, seen=seen, dry_run=checking, now=clock.now(),
        only_in=run.community_id,
    )  # fmt: skip
    found.skip = frozenset() if checking else frozenset(run.skipped)
    return Way(hold, run, found, Counter(run.counts))


def _through(way: Way, todo: Plan) -> None:
    position = way.run.position
    with way.taker.reads(todo, start=position) as rows:
        while batch := list(islice(rows, BATCH)):
            position += len(batch)
            with way.hold.turn(position=position) as session:
                found = way.taker.take(session, batch)
                _remember(session, way, found)
            if way.checking and way.counts[Outcome.REFUSED] >= MOST_REFUSED:
                raise Unreadable(WRONG_FILE)


def _remember(session: Session, way: Way, found: Batch) -> None:
    """Write down what became of each row, and how many became what."""
    rows = [_taken(way, one) for one in found.taken]
    for record in found.repeated:
        rows.append(_row(way, record.row, Outcome.REPEATED, name=record.words["name"]))
    for number, reason in found.refused:
        rows.append(_row(way, number, Outcome.REFUSED, said=reason))
    insert_rows(session.connection(), ROW, rows)
    way.counts.update(row["outcome"].value for row in rows)
    way.counts["warnings"] += sum(bool(row["warnings"]) for row in rows)
    way.hold.write(session, counts=dict(way.counts))


def _taken(way: Way, one: Taken) -> dict[str, Any]:
    record, topics = one.record, way.taker.writer.maker.topics
    kept_before = None
    if one.outcome is Outcome.UPDATED and not way.checking and one.known and one.before:
        kept_before = kept.pack(one.before, one.known)
    return _row(
        way,
        record.row,
        one.outcome,
        name=record.words["name"],
        source_id=record.source_id,
        service_id=_service(way, one),
        digest=one.record.digest,
        changes=_changes(one, topics),
        warnings=list(dict.fromkeys(record.warnings)),
        before=kept_before,
    )


def _service(way: Way, one: Taken) -> UUID | None:
    if one.known:
        return one.known.id
    if way.checking or one.outcome is Outcome.SKIPPED:
        return None
    return way.taker.writer.ids[one.record.source_id]


def _changes(one: Taken, topics: Topics) -> list[changes.Change]:
    if one.outcome is Outcome.ADDED:
        return changes.of_new(one.record, topics)
    return changes.between(one.before, one.record, topics) if one.before else []


def _row(way: Way, number: int, outcome: Outcome, **values: Any) -> dict[str, Any]:
    return {
        "id": ids.new(), "run_id": way.run.id, "number": number, "outcome": outcome, "name": "",
        "source_id": "", "service_id": None, "said": "", "digest": "", "changes": [],
        "warnings": [], "before": None, "undone": None, **values,
    }  # fmt: skip


def _look_for_gone(way: Way) -> None:
    """Find what came from this source before and is not in the file; then the run is through."""
    while True:
        with way.hold.turn() as session:
            gone = _gone(session, way.run)
            if not gone:
                deciding.through(session, way.hold, way.run, way.counts, now=clock.now())
                return
            closed = _close(session, way, gone)
            rows = [
                _row(way, 0, Outcome.CLOSED if key in closed else Outcome.GONE, name=name,
                     service_id=key, **closed.get(key, {}))
                for key, name in gone
            ]  # fmt: skip
            insert_rows(session.connection(), ROW, rows)
            way.counts.update(row["outcome"].value for row in rows)
            way.hold.write(session, counts=dict(way.counts))


def _gone(session: Session, run: ImportRun) -> Sequence[tuple[UUID, str]]:
    here = exists().where(ROW.c.run_id == run.id, ROW.c.service_id == col(Service.id))
    wanted = select(Service.id, Service.name).where(  # type: ignore[call-overload]
        col(Service.source) == run.stored_source,
        col(Service.community_id) == run.community_id,
        col(Service.standing) == Standing.LISTED,
        ~here,
    )
    rows = session.connection().execute(wanted.order_by(col(Service.id)).limit(BATCH))
    return [(row[0], row[1]) for row in rows]


def _close(
    session: Session, way: Way, gone: Sequence[tuple[UUID, str]]
) -> dict[UUID, dict[str, Any]]:
    """Close those that nobody changed here, when whoever said yes wanted that."""
    if way.checking or not way.run.close_gone:
        return {}
    keys = [key for key, _ in gone]
    why = f"No longer in {way.run.source}"
    return close_untouched(session, keys, why=why, by=way.run.started_by_id, now=clock.now())
