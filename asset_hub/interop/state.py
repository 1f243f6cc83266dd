"""Services as the directory holds them now, told as the records that would have made them."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from asset_hub.directory.service import Times
from asset_hub.interop.records import Record, Runner, Spot

TABLES = SQLModel.metadata.tables
SERVICE, LOCATION, MEETS = TABLES["service"], TABLES["location"], TABLES["service_at_location"]
SCHEDULE, TERM, CONTACT = TABLES["schedule"], TABLES["service_term"], TABLES["contact"]

WORDS = (
    "name", "summary", "description", "url", "email", "phone", "fees", "eligibility", "access",
    "how_to_join", "first_visit", "languages",
)  # fmt: skip
NO_WORDS = dict.fromkeys(WORDS, "")
FACTS = ("kind", "standing", "minimum_age", "maximum_age", "community_id")
TIMES = (
    "freq", "interval", "byday", "opens_at", "closes_at", "dtstart", "valid_to", "dates",
    "term_time", "not_months", "bank_holidays", "description",
)  # fmt: skip
SPOT = (
    "name", "address_1", "city", "postal_code", "latitude", "longitude", "visibility",
    "approximate",
)  # fmt: skip


def of_services(connection: Connection, keys: Sequence[UUID]) -> list[Record]:
    """Return a record for each service, in the order of the ids."""
    if not keys:
        return []
    found = dict(_services(connection, keys))
    places = select(MEETS.c.service_id, *(LOCATION.c[name] for name in SPOT))
    joined = places.join(LOCATION, LOCATION.c.id == MEETS.c.location_id)
    for row in connection.execute(joined.where(MEETS.c.service_id.in_(keys))).mappings():
        found[row["service_id"]].places.append(Spot(**{name: row[name] for name in SPOT}))
    for row in _hanging(connection, SCHEDULE, TIMES, keys):
        found[row["service_id"]].times.append(Times(**{name: row[name] for name in TIMES}))
    for row in _hanging(connection, TERM, ("term_id",), keys):
        found[row["service_id"]].term_ids.append(row["term_id"])
    for row in _hanging(connection, CONTACT, ("name", "email", "phone"), keys):
        found[row["service_id"]].contacts.append((row["name"], row["email"], row["phone"]))
    return [found[key] for key in keys]


def _services(connection: Connection, keys: Sequence[UUID]) -> Iterator[tuple[UUID, Record]]:
    wanted = select(*(SERVICE.c[name] for name in ("id", *WORDS, *FACTS)))
    for row in connection.execute(wanted.where(SERVICE.c.id.in_(keys))).mappings():
        words = {name: row[name] for name in WORDS if row[name]}
        record = Record(0, "", words, Runner("", ""), **{name: row[name] for name in FACTS})
        yield row["id"], record


def _hanging(
    connection: Connection, table: Any, columns: Sequence[str], keys: Sequence[UUID]
) -> Iterator[Any]:
    wanted = select(table.c.service_id, *(table.c[name] for name in columns))
    yield from connection.execute(wanted.where(table.c.service_id.in_(keys))).mappings()
