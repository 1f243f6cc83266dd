"""Services as the directory holds them now, told as the records that would have made them."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from asset_hub.directory.models import PLACE, TEXTS, TIME
from asset_hub.directory.service import Times
from asset_hub.interop.reading.records import Record, Runner, Spot

TABLES = SQLModel.metadata.tables
SERVICE, LOCATION, MEETS = TABLES["service"], TABLES["location"], TABLES["service_at_location"]
SCHEDULE, TERM, CONTACT = TABLES["schedule"], TABLES["service_term"], TABLES["contact"]
ORGANIZATION, NOT_FOR = TABLES["organization"], TABLES["service_not_for"]

NO_WORDS = dict.fromkeys(TEXTS, "")
FACTS = ("kind", "standing", "minimum_age", "maximum_age", "community_id", "confirmed_at")
BEYOND = {"location_id": None}  # of a schedule: what no feed says, and its usual value
RUNNER = ("name", "description", "url", "email")


def of_services(connection: Connection, keys: Sequence[UUID]) -> list[Record]:
    """Return a record for each service, in the order of the ids."""
    if not keys:
        return []
    found = dict(_services(connection, keys))
    for key, spots in places_of(connection, keys).items():
        found[key].places = spots
    for row in _hanging(connection, SCHEDULE, (*TIME, *BEYOND), keys):
        record = found[row["service_id"]]
        record.times.append(Times(**{name: row[name] for name in TIME}))
        record.beyond += [f"{n}: {row[n]}" for n, usual in BEYOND.items() if row[n] != usual]
    for row in _hanging(connection, NOT_FOR, ("term_id",), keys):
        found[row["service_id"]].beyond.append(f"not for {row['term_id']}")
    for row in _hanging(connection, TERM, ("term_id",), keys):
        found[row["service_id"]].term_ids.append(row["term_id"])
    for row in _hanging(connection, CONTACT, ("name", "email", "phone"), keys):
        found[row["service_id"]].contacts.append((row["name"], row["email"], row["phone"]))
    return [found[key] for key in keys]


def places_of(connection: Connection, keys: Sequence[UUID]) -> dict[UUID, list[Spot]]:
    """Return the places of services, in their lasting order."""
    found: dict[UUID, list[Spot]] = {key: [] for key in keys}
    places = select(MEETS.c.service_id, *(LOCATION.c[name] for name in PLACE))
    joined = places.join(LOCATION, LOCATION.c.id == MEETS.c.location_id)
    there = joined.where(MEETS.c.service_id.in_(keys)).order_by(MEETS.c.id)
    for row in connection.execute(there).mappings():
        found[row["service_id"]].append(Spot(**{name: row[name] for name in PLACE}))
    return found


def times_of(connection: Connection, keys: Sequence[UUID]) -> dict[UUID, list[Times]]:
    """Return the times of services, in their lasting order."""
    found: dict[UUID, list[Times]] = {key: [] for key in keys}
    for row in _hanging(connection, SCHEDULE, TIME, keys):
        found[row["service_id"]].append(Times(**{name: row[name] for name in TIME}))
    return found


def _services(connection: Connection, keys: Sequence[UUID]) -> Iterator[tuple[UUID, Record]]:
    columns = [SERVICE.c[name] for name in ("id", *TEXTS, *FACTS)]
    runner = [ORGANIZATION.c[name].label(f"runner_{name}") for name in ("source_id", *RUNNER)]
    joined = select(*columns, *runner).join(
        ORGANIZATION, ORGANIZATION.c.id == SERVICE.c.organization_id
    )
    for row in connection.execute(joined.where(SERVICE.c.id.in_(keys))).mappings():
        words = {name: row[name] for name in TEXTS if row[name]}
        who = Runner(row["runner_source_id"] or "", *(row[f"runner_{name}"] for name in RUNNER))
        yield row["id"], Record(0, "", words, who, **{name: row[name] for name in FACTS})


def _hanging(
    connection: Connection, table: Any, columns: Sequence[str], keys: Sequence[UUID]
) -> Iterator[Any]:
    wanted = select(table.c.service_id, *(table.c[name] for name in columns))
    there = wanted.where(table.c.service_id.in_(keys))
    if "id" in table.c:
        there = there.order_by(table.c.id)
    yield from connection.execute(there).mappings()
