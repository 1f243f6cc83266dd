"""One import from a file to a report: read, clean, locate, compare, write, a batch at a time.

A batch is one transaction. A run that is killed keeps the batches before, and running it again
completes it.
"""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import Session

from asset_hub.communities import queries as communities
from asset_hub.communities.models import Community
from asset_hub.core import db
from asset_hub.core.errors import Missing
from asset_hub.directory import service as directory
from asset_hub.interop import feed, homes, open_referral, sheets
from asset_hub.interop.feed import Broken
from asset_hub.interop.files import Opened, Unreadable, format_of
from asset_hub.interop.mapping import Mapping, guess, load
from asset_hub.interop.places import Places
from asset_hub.interop.records import LIMITS, Record, Refused, source_digest
from asset_hub.interop.tally import Tally
from asset_hub.interop.topics import Topics
from asset_hub.interop.writing import SERVICE, Outcome, Writer

BATCH = 500
LONGEST_SOURCE = 60

Piece = tuple[int, Any]
Reader = Callable[[int, Any], Record]
Progress = Callable[[int, Tally], None]  # bytes read so far


@dataclass(frozen=True)
class Plan:
    """What is to be imported, and how: worked out before anything is read."""

    opened: Opened
    source: str
    pieces: Iterator[Piece]
    read: Reader
    mapping: Mapping | None = None  # of a sheet
    guessed: bool = False
    unused: tuple[str, ...] = ()  # columns nothing is taken from


def plan(path: Path, *, source: str, mapping: Path | None, now: datetime) -> Plan:
    """Open a file and decide how to read it; raise Unreadable with what to do."""
    opened = Opened(path)
    try:
        return _plan(opened, source, mapping, now)
    except BaseException:
        opened.close()
        raise


def _plan(opened: Opened, source: str, mapping: Path | None, now: datetime) -> Plan:
    path, kind = opened.path, format_of(opened)
    if kind != "sheet":
        if mapping:
            raise Unreadable("A mapping is for CSV; this file is a feed and needs none.")
        pieces = (feed.lines if kind == "lines" else feed.items)(opened.text)

        def read(row: int, item: Any) -> Record:
            return open_referral.record(row, item, now=now)

        return Plan(opened, _source(source, path), enumerate(pieces, 1), read)
    sheet = sheets.Sheet(opened.text)
    chosen = load(mapping) if mapping else guess(sheet.header)
    chosen.check(sheet.header)

    def read_row(row: int, cells: Any) -> Record:
        return sheets.record(row, cells, chosen, now=now)

    used = {part.column for parts in chosen.columns.values() for part in parts}
    unused = tuple(title for title in sheet.header if title and title not in used)
    name = _source(source or chosen.source, path)
    return Plan(opened, name, sheet.items(), read_row, chosen, mapping is None, unused)


def _source(given: str, path: Path) -> str:
    """Return the name under which services are remembered from one import to the next."""
    return (" ".join(given.split()) or path.stem)[:LONGEST_SOURCE]


def run(todo: Plan, *, community: str, dry_run: bool, now: datetime, progress: Progress) -> Tally:
    """Import everything, or with `dry_run` only say what would become of it; close the file."""
    gc.freeze()  # the site itself need not be looked over while rows come and go
    try:
        return _run(todo, community, dry_run, now, progress)
    finally:
        gc.unfreeze()
        todo.opened.close()


def _run(todo: Plan, community: str, dry_run: bool, now: datetime, progress: Progress) -> Tally:
    home = _community(community)
    if not dry_run:
        with db.transaction() as session:
            directory.ensure_topics(session)
    session = db.session()
    topics, places = Topics(session), Places(session, home)
    writer = Writer(todo.source, topics, places.names, now)
    before = _count(session, todo.source)
    session.rollback()
    job = _Run(todo, writer, places, Tally(), {}, dry_run)
    while job.batch():
        progress(todo.opened.done, job.tally)
    done = job.tally.outcomes
    job.tally.gone = before - done.total() + done[Outcome.ADDED]
    return job.tally


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


def _count(session: Session, source: str) -> int:
    wanted = select(func.count()).select_from(SERVICE).where(SERVICE.c.source == source)
    return int(session.connection().execute(wanted).scalar_one())


@dataclass
class _Run:
    """The state of a running import."""

    todo: Plan
    writer: Writer
    places: Places
    tally: Tally
    seen: dict[str, str]  # source id → what was said under it in this file
    dry_run: bool

    def batch(self) -> bool:
        """Take the next rows; return False when there are none left."""
        pieces = list(islice(self.todo.pieces, BATCH))
        records = [found for row, item in pieces if (found := self._read(row, item))]
        self._save(records)
        return len(pieces) == BATCH and not self.tally.stopped

    def _read(self, row: int, item: Any) -> Record | None:
        if isinstance(item, Broken):
            self.tally.refuse(row, item.reason)
            return None
        try:
            return self.todo.read(row, item)
        except Refused as refused:
            self.tally.refuse(row, str(refused))
        except RecursionError:
            self.tally.refuse(row, feed.TOO_DEEP)
        return None

    def _save(self, records: list[Record]) -> None:
        if not records:
            return
        try:
            self._try(records)
        except (DataError, IntegrityError):
            if len(records) == 1:
                self._give_up(records[0])
                return
            for record in records:  # one of them is at fault: the others go in without it
                self._save([record])

    def _give_up(self, record: Record) -> None:
        self.tally.refuse(record.row, "the database did not take it")

    def _try(self, records: list[Record]) -> None:
        """Write records in one transaction; the tally counts them only when it has landed."""
        seen = dict[str, str]()
        if self.dry_run:
            session = db.session()
            distinct, digests, repeated = self._prepare(session, records, seen)
            outcomes = self.writer.classify(session, distinct, digests)[0]
            session.rollback()
        else:
            with db.transaction() as session:
                distinct, digests, repeated = self._prepare(session, records, seen)
                outcomes = self.writer.write(session, distinct, digests)
        self.seen |= seen
        self.tally.repeated += repeated
        for record, outcome in zip(distinct, outcomes, strict=True):
            self._count(record, outcome)

    def _count(self, record: Record, outcome: Outcome) -> None:
        self.tally.outcomes[outcome] += 1
        if outcome is Outcome.KEPT:
            self.tally.kept.append((record.row, record.words["name"]))
        for warning in record.warnings:
            self.tally.warn(record.row, warning)

    def _prepare(
        self, session: Session, records: list[Record], seen: dict[str, str]
    ) -> tuple[list[Record], list[str], list[tuple[int, str]]]:
        """Complete records with what the site knows; set repeated ones apart."""
        for record in records:
            record.term_ids = self.writer.topics.match(record.topics)
        self.places.session = session
        self.places.find(records)
        for record in records:
            homes.keep_hidden(record, self.writer.topics)
        distinct, digests, repeated = [], [], []
        for record in records:
            digest = source_digest(record)
            if self._is_repeated(record, digest, seen):
                repeated.append((record.row, record.words["name"]))
            else:
                seen[record.source_id] = digest
                distinct.append(record)
                digests.append(digest)
        return distinct, digests, repeated

    def _is_repeated(self, record: Record, digest: str, seen: dict[str, str]) -> bool:
        """Return whether a row says what an earlier one said; a different one gets its own id."""
        given, count = record.source_id, 1
        while said := seen.get(record.source_id) or self.seen.get(record.source_id):
            if said == digest:
                return True
            count += 1
            more = record.words["name"] if count == 2 else f"{record.words['name']} {count}"
            record.source_id = f"{given[:90]} / {more}"[: LIMITS["source_id"]]
        if count > 1:
            record.warn(f"another service has the id “{given[:60]}”: this one got its own")
        return False
