"""A batch of records into the database: what is new, what changed, what somebody changed here.

Plain inserts, no objects: thousands of services a second. Everything of one batch is one
transaction, opened and ended by the caller.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, exists, select, update
from sqlmodel import Session, SQLModel

from asset_hub.communities import queries as communities
from asset_hub.core.bulk import Plain, insert_rows
from asset_hub.directory import queries
from asset_hub.directory import service as directory
from asset_hub.directory.models import Service, Standing
from asset_hub.interop.batch import history, rows, state
from asset_hub.interop.batch.comparing import Known, Look, look
from asset_hub.interop.batch.keys import derived, own_id, runner_key
from asset_hub.interop.batch.rows import Maker
from asset_hub.interop.batch.topics import Topics
from asset_hub.interop.models import Outcome
from asset_hub.interop.reading.records import Ready, Record, Runner
from asset_hub.search import service as search

LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)

TABLES = SQLModel.metadata.tables
SERVICE, ORGANIZATION = TABLES["service"], TABLES["organization"]
LOCATION, MEETS = TABLES["location"], TABLES["service_at_location"]
SCHEDULE, TERM, CONTACT = TABLES["schedule"], TABLES["service_term"], TABLES["contact"]
KEY = TABLES["service_key"]


@dataclass(slots=True)
class Writer:
    """What stays the same from batch to batch."""

    maker: Maker
    only_in: UUID | None = None  # what is another community's is neither read nor changed
    ids: dict[str, UUID] = field(default_factory=dict)  # of the batch last written, by source id

    def write(self, session: Session, records: Sequence[Record]) -> Look:
        """Write a batch; return what became of each record, and what was there."""
        found = look(session, self.maker.source, records, self.only_in)
        known, connection = found.known, session.connection()
        became = list(zip(records, found.outcomes, strict=True))
        fresh = [record for record, outcome in became if outcome is Outcome.ADDED]
        stale = [record for record, outcome in became if outcome is Outcome.UPDATED]
        runners = self._runners(connection, [record.runner for record in (*fresh, *stale)])
        keys = self.new_ids(connection, fresh)
        self.ids = keys | {key: one.id for key, one in known.items()}
        self._add(connection, [self._ready(one, keys[one.source_id], runners) for one in fresh])
        if stale:
            self._renew(session, stale, found, runners)
            self.add_parts(connection, stale, self.ids)
            self.publish_anew(session, [(record, self.ids[record.source_id]) for record in stale])
        return found

    def _ready(self, record: Record, key: UUID, runners: dict[str, tuple[UUID, str]]) -> Ready:
        """Return the rows of a new service: those made ahead, when they are for the right ids."""
        runner = runners[record.runner.source_id]
        ready = record.ready
        if ready and ready.key == key.hex and ready.runner == (runner[0].hex, runner[1]):
            return ready
        return self.maker.ready(record, key, runner)

    def _add(self, connection: Connection, fresh: Sequence[Ready]) -> None:
        """Insert new services with all that hangs on them, table by table, and publish them."""
        rows.SERVICE.insert(connection, [one.service for one in fresh])
        self._hang(connection, [one.parts for one in fresh])
        if copies := [one.copy for one in fresh if one.copy]:
            with search.indexing_at_once(connection) as words:
                first = directory.add_copies(connection, copies)
                for number, copy in enumerate(copies, first):
                    words.add(number, copy.stems.split(), copy.impacts)

    def _renew(
        self,
        session: Session,
        stale: Sequence[Record],
        found: Look,
        runners: dict[str, tuple[UUID, str]],
    ) -> None:
        known, maker = found.known, self.maker
        renewed = [self._renewed(record, known[record.source_id], runners) for record in stale]
        change = update(SERVICE).where(SERVICE.c.id == bindparam("key"))
        session.connection().execute(change, renewed)
        keys = [known[record.source_id].id for record in stale]
        pairs = [(found.before[key], record) for key, record in zip(keys, stale, strict=True)]
        history.revise(session, keys, pairs, maker.topics, now=maker.now)
        forget_parts(session.connection(), keys)
        self.renew_contacts(session.connection(), keys, pairs)

    def _renewed(
        self, record: Record, known: Known, runners: dict[str, tuple[UUID, str]]
    ) -> dict[str, Any]:
        """Return the new values of a service; the newest confirmation stays, whose ever it is."""
        listed = record.standing is Standing.LISTED
        newer = record.confirmed_at and record.confirmed_at > (known.confirmed_at or LONG_AGO)
        record.confirmed_at = record.confirmed_at if newer else known.confirmed_at
        return {
            **state.NO_WORDS,
            **record.words,
            **self.maker.shared(record, runners[record.runner.source_id][0]),
            "key": known.id,
            "version": known.version + 1,
            "approved_at": known.approved_at or (self.maker.now if listed else None),
            "confirmed_at": record.confirmed_at,
            "confirmed_by": self.maker.said if newer else known.confirmed_by,
            "alive_at": max(filter(None, (record.confirmed_at, known.alive_at)), default=None),
        }

    def new_ids(self, connection: Connection, records: Sequence[Record]) -> dict[str, UUID]:
        """Return ids for new services: the feed's own where it is a free UUID, else derived."""
        own = {record.source_id: own_id(record.source_id) for record in records}
        taken = _taken(connection, SERVICE, filter(None, own.values()))
        found = {}
        for record in records:
            key = own[record.source_id]
            if key in taken:
                record.warn("its id belongs to a service of another source: it has a new one here")
            free = key is not None and key not in taken
            given = key if key and free else derived(self.maker.source, record.source_id)
            found[record.source_id] = given
        return found

    def _runners(
        self, connection: Connection, runners: Iterable[Runner]
    ) -> dict[str, tuple[UUID, str]]:
        """Write the organisations that are new or changed; return (id, name) by their source id."""
        wanted = {runner.source_id: runner for runner in reversed(list(runners))}
        c = ORGANIZATION.c
        there = select(c.source_id, c.id, c.version, c.name, c.description, c.url, c.email).where(
            c.source == self.maker.source, c.source_id.in_(wanted)
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
        own = {runner.source_id: own_id(runner.source_id) for runner in runners}
        taken = _taken(connection, ORGANIZATION, filter(None, own.values()))
        found: dict[str, tuple[UUID, str]] = {}
        for runner in runners:
            key = own[runner.source_id]
            if key is None or key in taken:
                key = derived(self.maker.source, runner_key(runner.source_id))
            found[runner.source_id] = (key, runner.name)
        insert_rows(connection, ORGANIZATION, [
                {
                    "id": found[r.source_id][0], "version": 1, "name": r.name,
                    "description": r.description, "url": r.url, "email": r.email,
                    "source": self.maker.source, "source_id": r.source_id,
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
        self._hang(connection, [self.maker.hanging(one, keys[one.source_id]) for one in records])

    def _hang(self, connection: Connection, parts: Sequence[Sequence[Sequence[Plain]]]) -> None:
        for at, shape in enumerate(rows.HANGING):
            shape.insert(connection, [row for each in parts for row in each[at]])

    def publish_anew(self, session: Session, records: Sequence[tuple[Record, UUID]]) -> None:
        """Publish services that were there before, with all that was added to them here."""
        session.expire_all()
        for record, key in records:
            service = session.get_one(Service, key)
            if record.standing is Standing.LISTED:
                directory.publish(session, service, now=self.maker.now, sessions_at_once=False)
            else:
                directory.withdraw(session, service)


def maker_for(
    session: Session, source: str, said: str, *, now: datetime, what: str = "",
    by: UUID | None = None,
) -> Maker:  # fmt: skip
    """Return what the rows of an import of one source have in common."""
    names = {one.id: one.name for one in communities.all_communities(session)}
    thesaurus = queries.thesaurus(session.connection())
    return Maker(source, said, Topics(session), names, now, thesaurus, what, by)


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
