"""One batch of a file into the database, in the caller's transaction: complete, compare, write."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import DataError
from sqlmodel import Session

from asset_hub.communities.models import Community
from asset_hub.core import db
from asset_hub.directory import service as directory
from asset_hub.interop.batch.comparing import Known, Look, look
from asset_hub.interop.batch.places import Places
from asset_hub.interop.batch.topics import Topics
from asset_hub.interop.batch.writing import Writer
from asset_hub.interop.models import Outcome
from asset_hub.interop.reading.plan import Read
from asset_hub.interop.reading.records import LIMITS, Record, source_digest

log = logging.getLogger(__name__)
BATCH = 1_000  # rows a transaction
CANNOT_HOLD = "something in it cannot be stored"


@dataclass(slots=True)
class Taken:
    """What became, or would become, of one record."""

    record: Record
    digest: str
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
    places: Places
    seen: dict[str, str]  # source id → what was said under it in this file
    dry_run: bool
    skip: frozenset[int] = frozenset()  # rows that are not wanted

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
        self.seen |= {one.record.source_id: one.digest for one in taken}
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
        all_distinct, all_digests, repeated = self._prepare(session, records)
        both = list(zip(all_distinct, all_digests, strict=True))
        left = [Taken(one, digest, Outcome.SKIPPED, None, None)
                for one, digest in both if one.row in self.skip]  # fmt: skip
        distinct = [one for one, _ in both if one.row not in self.skip]
        digests = [digest for one, digest in both if one.row not in self.skip]
        if self.dry_run:
            seen = look(session, self.writer.source, distinct, digests, self.writer.only_in)
        else:
            seen = self.writer.write(session, distinct, digests)
        became = zip(distinct, digests, seen.outcomes, strict=True)
        return left + [_taken(seen, *one) for one in became], repeated

    def _prepare(
        self, session: Session, records: Sequence[Record]
    ) -> tuple[list[Record], list[str], list[Record]]:
        """Complete records with what the site knows; set repeated ones apart."""
        for record in records:
            record.term_ids = self.writer.topics.numbered(record.topic_numbers)
        self.places.session = session
        self.places.find(records)
        here: dict[str, str] = {}
        distinct, digests, repeated = [], [], []
        for record in records:
            digest = source_digest(record)
            if self._is_repeated(record, digest, here):
                repeated.append(record)
            else:
                here[record.source_id] = digest
                distinct.append(record)
                digests.append(digest)
        return distinct, digests, repeated

    def _is_repeated(self, record: Record, digest: str, here: dict[str, str]) -> bool:
        """Return whether a row says what an earlier one said; a different one gets its own id."""
        given, count = record.source_id, 1
        while said := here.get(record.source_id) or self.seen.get(record.source_id):
            if said == digest:
                return True
            count += 1
            more = record.words["name"] if count == 2 else f"{record.words['name']} {count}"
            record.source_id = f"{given[:90]} / {more}"[: LIMITS["source_id"]]
        if count > 1:
            record.warn(f"another service has the id “{given[:60]}”: this one got its own")
        return False


def _taken(seen: Look, record: Record, digest: str, outcome: Outcome) -> Taken:
    known = seen.known.get(record.source_id)
    before = seen.before.get(known.id) if known else None
    return Taken(record, digest, outcome, known, before)


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
    topics, places = Topics(session), Places(session, home)
    session.rollback()
    writer = Writer(source, said, topics, places.names, now, only_in=only_in)
    return Taker(writer, places, seen, dry_run)
