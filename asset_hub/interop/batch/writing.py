"""A batch of records into the database: what is new, what changed, what somebody changed here.

Plain inserts, no objects: thousands of services a second. Everything of one batch is one
transaction, opened and ended by the caller.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, delete, exists, select, update
from sqlmodel import Session, SQLModel

from asset_hub.core import ids
from asset_hub.core.bulk import insert_rows
from asset_hub.directory import service as directory
from asset_hub.directory.models import Service, Standing
from asset_hub.interop.batch import history, state
from asset_hub.interop.batch.comparing import Known, Look, look
from asset_hub.interop.batch.topics import Topics
from asset_hub.interop.models import Outcome
from asset_hub.interop.reading.records import Record, Runner
from asset_hub.search import service as search

NAMESPACE = UUID("6b0c1f62-8f0e-5a1b-9f3a-2f9b8a6d4e10")
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)

TABLES = SQLModel.metadata.tables
SERVICE, ORGANIZATION = TABLES["service"], TABLES["organization"]
LOCATION, MEETS = TABLES["location"], TABLES["service_at_location"]
SCHEDULE, TERM, CONTACT = TABLES["schedule"], TABLES["service_term"], TABLES["contact"]
KEY = TABLES["service_key"]
EVENT, LISTING, LISTED_AT = TABLES["service_event"], TABLES["listing"], TABLES["listing_place"]
NUMBERED = {SCHEDULE, CONTACT, EVENT}  # their rows' ids say nothing: they are given at once

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


@dataclass(slots=True)
class Writer:
    """What stays the same from batch to batch."""

    source: str  # as services keep it: another community's is another
    said: str  # as people read it
    topics: Topics
    communities: dict[UUID, str]
    now: datetime
    what: str = ""  # written beside each service
    by: UUID | None = None
    only_in: UUID | None = None  # what is another community's is neither read nor changed
    ids: dict[str, UUID] = field(default_factory=dict)  # of the batch last written, by source id

    def write(self, session: Session, records: Sequence[Record], digests: Sequence[str]) -> Look:
        """Write a batch; return what became of each record, and what was there."""
        found = look(session, self.source, records, digests, self.only_in)
        known, connection = found.known, session.connection()
        rows = list(zip(records, digests, found.outcomes, strict=True))
        fresh = [(r, d) for r, d, outcome in rows if outcome is Outcome.ADDED]
        stale = [(r, d) for r, d, outcome in rows if outcome is Outcome.UPDATED]
        runners = self._runners(connection, [record.runner for record, _ in [*fresh, *stale]])
        keys = self.new_ids(connection, [record for record, _ in fresh])
        self.ids = keys | {key: one.id for key, one in known.items()}
        if fresh:
            insert_rows(
                connection, SERVICE, [self._new(r, d, keys[r.source_id], runners) for r, d in fresh]
            )
        if stale:
            self._renew(session, stale, found, runners)
        self.add_parts(connection, [record for record, _ in (*fresh, *stale)], self.ids)
        self._publish(session, [record for record, _ in fresh], keys, runners)
        self.publish_anew(session, [(r, self.ids[r.source_id]) for r, _ in stale])
        return found

    def _renew(
        self,
        session: Session,
        stale: Sequence[tuple[Record, str]],
        found: Look,
        runners: dict[str, tuple[UUID, str]],
    ) -> None:
        known = found.known
        renewed = [self._renewed(r, d, known[r.source_id], runners) for r, d in stale]
        change = update(SERVICE).where(SERVICE.c.id == bindparam("key"))
        session.connection().execute(change, renewed)
        keys = [known[r.source_id].id for r, _ in stale]
        pairs = [(found.before[key], r) for key, (r, _) in zip(keys, stale, strict=True)]
        history.revise(session, keys, pairs, self.topics, now=self.now)
        forget_parts(session.connection(), keys)
        self.renew_contacts(session.connection(), keys, pairs)

    def _new(
        self, record: Record, digest: str, key: UUID, runners: dict[str, tuple[UUID, str]]
    ) -> dict[str, Any]:
        listed = record.standing is Standing.LISTED
        return {
            **state.NO_WORDS,
            **record.words,
            **self._shared(record, digest, runners),
            "id": key,
            "version": 1,
            "source": self.source,
            "source_id": record.source_id,
            "created_at": self.now,
            "submitted_at": None,
            "approved_at": self.now if listed else None,
            "confirmed_at": record.confirmed_at,
            "confirmed_by": self.said if record.confirmed_at else "",
            "alive_at": record.confirmed_at,
        }

    def _shared(
        self, record: Record, digest: str, runners: dict[str, tuple[UUID, str]]
    ) -> dict[str, Any]:
        return {
            "organization_id": runners[record.runner.source_id][0],
            "community_id": record.community_id,
            "kind": record.kind,
            "standing": record.standing,
            "minimum_age": record.minimum_age,
            "maximum_age": record.maximum_age,
            "source_digest": digest,
        }

    def _renewed(
        self, record: Record, digest: str, known: Known, runners: dict[str, tuple[UUID, str]]
    ) -> dict[str, Any]:
        """Return the new values of a service; the newest confirmation stays, whose ever it is."""
        listed = record.standing is Standing.LISTED
        newer = record.confirmed_at and record.confirmed_at > (known.confirmed_at or LONG_AGO)
        record.confirmed_at = record.confirmed_at if newer else known.confirmed_at
        return {
            **state.NO_WORDS,
            **record.words,
            **self._shared(record, digest, runners),
            "key": known.id,
            "version": known.version + 1,
            "approved_at": known.approved_at or (self.now if listed else None),
            "confirmed_at": record.confirmed_at,
            "confirmed_by": self.said if newer else known.confirmed_by,
            "alive_at": max(filter(None, (record.confirmed_at, known.alive_at)), default=None),
        }

    def new_ids(self, connection: Connection, records: Sequence[Record]) -> dict[str, UUID]:
        """Return ids for new services: the feed's own where it is a free UUID, else derived."""
        own = {record.source_id: _own_id(record.source_id) for record in records}
        taken = _taken(connection, SERVICE, filter(None, own.values()))
        found = {}
        for record in records:
            key = own[record.source_id]
            if key in taken:
                record.warn("its id belongs to a service of another source: it has a new one here")
            free = key is not None and key not in taken
            found[record.source_id] = key if key and free else self._derived(record.source_id)
        return found

    def _derived(self, key: str) -> UUID:
        return uuid5(NAMESPACE, f"{self.source}/{key}")

    def _runners(
        self, connection: Connection, runners: Iterable[Runner]
    ) -> dict[str, tuple[UUID, str]]:
        """Write the organisations that are new or changed; return (id, name) by their source id."""
        wanted = {runner.source_id: runner for runner in reversed(list(runners))}
        c = ORGANIZATION.c
        there = select(c.source_id, c.id, c.version, c.name, c.description, c.url, c.email).where(
            c.source == self.source, c.source_id.in_(wanted)
        )
        known = {row[0]: row for row in connection.execute(there)} if wanted else {}
        found: dict[str, tuple[UUID, str]] = {}
        for key, row in known.items():
            runner = wanted[key]
            said = {"name": runner.name, "description": runner.description,
                    "url": runner.url, "email": runner.email}  # fmt: skip
            found[key] = (row[1], row[3])
            # Version 1 says that nobody has saved it here; a name changed by hand stays.
            if row[2] == 1 and tuple(row[3:]) != tuple(said.values()):
                connection.execute(update(ORGANIZATION).where(c.id == row[1]).values(said))
                found[key] = (row[1], runner.name)
        fresh = [runner for key, runner in wanted.items() if key not in known]
        return found | self._new_runners(connection, fresh)

    def _new_runners(
        self, connection: Connection, runners: Sequence[Runner]
    ) -> dict[str, tuple[UUID, str]]:
        if not runners:
            return {}
        own = {runner.source_id: _own_id(runner.source_id) for runner in runners}
        taken = _taken(connection, ORGANIZATION, filter(None, own.values()))
        found: dict[str, tuple[UUID, str]] = {}
        for runner in runners:
            key = own[runner.source_id]
            derived = key is None or key in taken
            chosen = self._derived(f"organization/{runner.source_id}") if derived else key
            found[runner.source_id] = (chosen or ids.new(), runner.name)
        insert_rows(connection, ORGANIZATION, [
                {
                    "id": found[r.source_id][0], "version": 1, "name": r.name,
                    "description": r.description, "url": r.url, "email": r.email,
                    "source": self.source, "source_id": r.source_id,
                }
                for r in runners
            ],
        )  # fmt: skip
        return found

    def renew_contacts(
        self,
        connection: Connection,
        keys: Sequence[UUID],
        pairs: Sequence[tuple[Record, Record]],
    ) -> None:
        """Forget the contacts that change; the others stay, with the addresses they proved."""
        gone = []
        for key, (before, after) in zip(keys, pairs, strict=True):
            if sorted(filter(any, before.contacts)) == sorted(filter(any, after.contacts)):
                after.keeps_contacts = True
            else:
                gone.append(key)
        connection.execute(delete(CONTACT).where(CONTACT.c.service_id.in_(gone)))

    def add_parts(
        self, connection: Connection, records: Sequence[Record], keys: dict[str, UUID]
    ) -> None:
        """Insert what hangs on the services, table by table."""
        makers: tuple[tuple[Any, Callable[[Record, UUID], Iterable[dict[str, Any]]]], ...] = (
            (LOCATION, self._locations),
            (MEETS, _meets),
            (SCHEDULE, _schedules),
            (TERM, _terms),
            (CONTACT, _contacts),
            (EVENT, self._events),
        )
        for table, make in makers:
            rows = [row for r in records for row in make(r, keys[r.source_id])]
            if table in NUMBERED:
                for row, key in zip(rows, ids.several(len(rows)), strict=True):
                    row["id"] = key
            if rows:
                insert_rows(connection, table, rows)

    def _locations(self, record: Record, key: UUID) -> Iterable[dict[str, Any]]:
        for number, spot in enumerate(record.places):
            yield {
                "id": place_id(key, number), "name": spot.name,
                "address_1": spot.address_1, "city": spot.city, "postal_code": spot.postal_code,
                "latitude": spot.latitude, "longitude": spot.longitude,
                "approximate": spot.approximate, "visibility": spot.visibility,
                "source": self.source, "source_id": spot.source_id,
            }  # fmt: skip

    def _events(self, record: Record, key: UUID) -> Iterable[dict[str, Any]]:
        what = self.what or f"Imported from {self.said}"
        yield {"service_id": key, "at": self.now, "by_id": self.by,
               "standing": record.standing, "message": what}  # fmt: skip

    def _publish(
        self,
        session: Session,
        records: Sequence[Record],
        keys: dict[str, UUID],
        runners: dict[str, tuple[UUID, str]],
    ) -> None:
        listed = [record for record in records if record.standing is Standing.LISTED]
        if not listed:
            return
        facts = (self._facts(r, keys[r.source_id], runners[r.runner.source_id]) for r in listed)
        with search.indexing_at_once(session.connection()):
            directory.publish_many(session, facts, now=self.now)

    def publish_anew(self, session: Session, records: Sequence[tuple[Record, UUID]]) -> None:
        """Publish services that were there before, with all that was added to them here."""
        session.expire_all()
        for record, key in records:
            service = session.get_one(Service, key)
            if record.standing is Standing.LISTED:
                directory.publish(session, service, now=self.now, sessions_at_once=False)
            else:
                directory.withdraw(session, service)

    def _facts(self, record: Record, key: UUID, runner: tuple[UUID, str]) -> directory.Facts:
        words: dict[str, Any] = {
            name: value
            for name, value in record.words.items()
            if name not in {"url", "email", "phone"}
        }
        return directory.Facts(
            **words,
            id=key,
            organization_id=runner[0],
            organization_name=runner[1],
            community_id=record.community_id,
            community_name=self.communities.get(record.community_id, "")
            if record.community_id
            else "",
            kind=record.kind,
            source_id=record.source_id,
            confirmed_at=record.confirmed_at,
            minimum_age=record.minimum_age,
            maximum_age=record.maximum_age,
            topics=self.topics.said(record.term_ids),
            not_for=(),
            times=record.times,
            places=[(meets_id(key, n), spot) for n, spot in enumerate(record.places)],
        )


@lru_cache(maxsize=8192)
def place_id(key: UUID, number: int) -> UUID:
    """Return the lasting id of a service's place."""
    return uuid5(key, f"place {number}")


@lru_cache(maxsize=8192)
def meets_id(key: UUID, number: int) -> UUID:
    """Return the lasting id of the row that joins a service and its place."""
    return uuid5(key, f"meets {number}")


def _own_id(key: str) -> UUID | None:
    return UUID(key) if _UUID.fullmatch(key) else None


def _taken(connection: Connection, table: Any, keys: Iterable[UUID | None]) -> set[UUID]:
    wanted = list(keys)
    if not wanted:
        return set()
    found = connection.execute(select(table.c.id).where(table.c.id.in_(wanted)))
    return {row[0] for row in found}


def forget_parts(connection: Connection, keys: Sequence[UUID]) -> None:
    """Delete what hangs on services that are written anew; their events stay."""
    if not keys:
        return
    where = connection.execute(select(MEETS.c.location_id).where(MEETS.c.service_id.in_(keys)))
    locations = [row[0] for row in where]
    for table in (MEETS, SCHEDULE, TERM, KEY):  # without keys it is compared again
        connection.execute(delete(table).where(table.c.service_id.in_(keys)))
    shared = exists().where(MEETS.c.location_id == LOCATION.c.id)
    connection.execute(delete(LOCATION).where(LOCATION.c.id.in_(locations), ~shared))


def _meets(record: Record, key: UUID) -> Iterable[dict[str, Any]]:
    for number, _ in enumerate(record.places):
        yield {
            "id": meets_id(key, number),
            "service_id": key,
            "location_id": place_id(key, number),
        }


def _schedules(record: Record, key: UUID) -> Iterable[dict[str, Any]]:
    for times in record.times:
        yield {
            "service_id": key, "freq": times.freq, "interval": times.interval,
            "byday": times.byday, "opens_at": times.opens_at, "closes_at": times.closes_at,
            "dtstart": times.dtstart, "valid_to": times.valid_to, "dates": times.dates,
            "term_time": times.term_time, "not_months": times.not_months,
            "bank_holidays": times.bank_holidays, "description": times.description,
        }  # fmt: skip


def _terms(record: Record, key: UUID) -> Iterable[dict[str, Any]]:
    return ({"service_id": key, "term_id": term} for term in record.term_ids)


def _contacts(record: Record, key: UUID) -> Iterable[dict[str, Any]]:
    for name, email, phone in () if record.keeps_contacts else record.contacts:
        yield {"service_id": key, "name": name, "email": email, "phone": phone}
