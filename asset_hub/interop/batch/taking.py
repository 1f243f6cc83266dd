"""One batch of a file into the database, in the caller's transaction: complete, compare, write."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DataError
from sqlmodel import Session

from asset_hub.communities import queries as communities
from asset_hub.communities.models import Community
from asset_hub.core import db
from asset_hub.directory import service as directory
from asset_hub.interop.batch.ahead import Ahead
from asset_hub.interop.batch.asking import Answers
from asset_hub.interop.batch.comparing import SERVICE, Known, Look, look
from asset_hub.interop.batch.places import Places
from asset_hub.interop.batch.writing import Writer, maker_for
from asset_hub.interop.models import Outcome
from asset_hub.interop.reading.plan import Plan, Read
from asset_hub.interop.reading.records import LIMITS, Record
from asset_hub.interop.reading.second_process import read_all

log = logging.getLogger(__name__)
BATCH = 1_000  # rows a transaction
CANNOT_HOLD = "something in it cannot be stored"


@dataclass(slots=True)
class Taken:
    """What became, or would become, of one record."""

    record: Record
    outcome: Outcome
    known: Known | None
    before: Record | None  # what was there, when the file says it otherwise


@dataclass(slots=True)
class Batch:
    """What became of some rows of a file: each is in one of these lists."""

    taken: list[Taken] = field(default_factory=list)
    repeated: list[Record] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Taker:
    """What stays the same from batch to batch of one import."""

    writer: Writer
    ahead: Ahead
    seen: dict[str, str]  # source id → what was said under it in this file
    dry_run: bool
    skip: frozenset[int] = frozenset()  # rows that are not wanted

    @contextmanager
    def reads(self, todo: Plan, *, start: int = 0) -> Iterator[Iterator[Read]]:
        """Yield what the pieces of a file become, without the first `start` of them."""
        maker = self.writer.maker
        answers = Answers(db.engine(), maker.source)
        known = todo.knowing(maker.topics.words)
        with read_all(known, ahead=self.ahead, answer=answers, start=start) as rows:
            yield rows

    def take(self, session: Session, rows: Sequence[Read]) -> Batch:
        """Take some rows; with `dry_run` only say what would become of them."""
        found = Batch()
        records = []
        for row, item in rows:
            if isinstance(item, str):
                found.refused.append((row, item))
            else:
                records.append(item)
        self._save(session, records, found)
        return found

    def _save(self, session: Session, records: Sequence[Record], found: Batch) -> None:
        if not records:
            return
        try:
            with session.begin_nested():
                taken, repeated = self._try(session, records)
        except DataError:
            # A value that the database cannot hold: its row is refused, the others go in without
            # it. What breaks a constraint is a mistake of ours, and stops the import.
            self._save_apart(session, records, found)
            return
        self.seen |= {one.record.source_id: one.record.digest for one in taken}
        found.taken += taken
        found.repeated += repeated

    def _save_apart(self, session: Session, records: Sequence[Record], found: Batch) -> None:
        if len(records) == 1:
            log.exception("row %s cannot be stored", records[0].row)
            found.refused.append((records[0].row, CANNOT_HOLD))
            return
        half = len(records) // 2
        self._save(session, records[:half], found)
        self._save(session, records[half:], found)

    def _try(self, session: Session, records: Sequence[Record]) -> tuple[list[Taken], list[Record]]:
        both, repeated = self._apart(records)
        left = [Taken(one, Outcome.SKIPPED, None, None) for one in both if one.row in self.skip]
        distinct = [one for one in both if one.row not in self.skip] if self.skip else both
        if self.dry_run:
            maker = self.writer.maker
            seen = look(session, maker.source, distinct, self.writer.only_in)
        else:
            seen = self.writer.write(session, distinct)
        became = zip(distinct, seen.outcomes, strict=True)
        return left + [_taken(seen, *one) for one in became], repeated

    def _apart(self, records: Sequence[Record]) -> tuple[list[Record], list[Record]]:
        """Set apart what says the same as an earlier row."""
        here: dict[str, str] = {}
        distinct, repeated = [], []
        for record in records:
            if self._is_repeated(record, here):
                repeated.append(record)
            else:
                here[record.source_id] = record.digest
                distinct.append(record)
        return distinct, repeated

    def _is_repeated(self, record: Record, here: dict[str, str]) -> bool:
        """Return whether a row says what an earlier one said; a different one gets its own id."""
        given, count = record.source_id, 1
        while said := here.get(record.source_id) or self.seen.get(record.source_id):
            if said == record.digest:
                return True
            count += 1
            more = record.words["name"] if count == 2 else f"{record.words['name']} {count}"
            record.source_id = f"{given[:90]} / {more}"[: LIMITS["source_id"]]
        if count > 1:
            record.ready = None  # it was made for the other id
            record.warn(f"another service has the id “{given[:60]}”: this one got its own")
        return False


def _taken(seen: Look, record: Record, outcome: Outcome) -> Taken:
    known = seen.known.get(record.source_id)
    before = seen.before.get(known.id) if known else None
    return Taken(record, outcome, known, before)


def taker_for(
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
    maker = maker_for(session, source, said, now=now)
    places = Places.of(home, communities.all_communities(session))
    ahead = Ahead(maker, places, first=not _knows(session, source), dry_run=dry_run)
    session.rollback()
    return Taker(Writer(maker, only_in=only_in), ahead, seen, dry_run)


def _knows(session: Session, source: str) -> bool:
    wanted = select(SERVICE.c.id).where(SERVICE.c.source == source).limit(1)
    return session.connection().execute(wanted).first() is not None
