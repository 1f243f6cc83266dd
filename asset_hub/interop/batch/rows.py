"""The rows that a record becomes, table by table, in plain values.

Nothing here needs a database, so they can be made by the process that reads the file, and sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

from asset_hub.core import ids
from asset_hub.core.bulk import Plain, Row, Shape
from asset_hub.core.calendar import london
from asset_hub.directory import service as directory
from asset_hub.directory.models import TIME, Standing
from asset_hub.directory.queries import Thesaurus
from asset_hub.interop.batch import state
from asset_hub.interop.batch.keys import meets_id, place_id
from asset_hub.interop.batch.topics import Topics
from asset_hub.interop.reading.records import Ready, Record, Spot

TABLES = SQLModel.metadata.tables
# What is not said here has its usual value: nobody has said anything about it on this site.
SERVICE = Shape.without(
    TABLES["service"], "ask_for", "venue_notes", "welcomes", "full_until", "photo_id",
    "address_agreed", "merged_into_id",
)  # fmt: skip
LOCATION = Shape(
    TABLES["location"],
    ("id", "name", "address_1", "city", "postal_code", "latitude", "longitude", "approximate",
     "visibility", "source", "source_id"),
)  # fmt: skip
MEETS = Shape(TABLES["service_at_location"], ("id", "service_id", "location_id"))
SCHEDULE = Shape(TABLES["schedule"], ("id", "service_id", *TIME))
TERM = Shape(TABLES["service_term"], ("service_id", "term_id"))
CONTACT = Shape(TABLES["contact"], ("id", "service_id", "name", "email", "phone"))
EVENT = Shape(TABLES["service_event"], ("id", "service_id", "at", "by_id", "standing", "message"))
HANGING = (LOCATION, MEETS, SCHEDULE, TERM, CONTACT, EVENT)  # on a service, in this order
WHEN = Shape(TABLES["schedule"], TIME)
REACHED = {"url", "email", "phone"}  # on the group's own page, in no copy of it


@dataclass(slots=True)
class Maker:
    """What the rows of one import have in common."""

    source: str  # as services keep it: another community's is another
    said: str  # as people read it
    topics: Topics
    communities: dict[UUID, str]
    now: datetime
    thesaurus: Thesaurus
    what: str = ""  # written beside each service
    by: UUID | None = None

    @property
    def today(self) -> date:
        """Return the day of the import."""
        return london(self.now).date()

    def ready(self, record: Record, key: UUID, runner: tuple[UUID, str]) -> Ready:
        """Return everything that a new service becomes, under an id and with an organisation."""
        service = self.new(record, key, runner[0])
        meetings = [meets_id(key, number) for number, _ in enumerate(record.places)]
        copy = None
        if record.standing is Standing.LISTED:
            copy = directory.first_copy(
                self._facts(record, key, runner, meetings), service["confirmed_by"],
                known=self.thesaurus, today=self.today,
            )  # fmt: skip
        hanging = self._hanging(record, key, meetings)
        (row,) = SERVICE.plain([service])
        return Ready(key.hex, (runner[0].hex, runner[1]), row, hanging, copy)

    def hanging(self, record: Record, key: UUID) -> list[tuple[Plain, ...]]:
        """Return what hangs on a service, in plain values: the rows of each of `HANGING`."""
        return self._hanging(record, key, [meets_id(key, n) for n, _ in enumerate(record.places)])

    def _hanging(
        self, record: Record, key: UUID, meetings: Sequence[UUID]
    ) -> list[tuple[Plain, ...]]:
        at, places = key.hex, [place_id(key, number).hex for number, _ in enumerate(record.places)]
        contacts = () if record.keeps_contacts else record.contacts
        return [
            tuple(map(self._location, places, record.places)),
            tuple((one.hex, at, place) for one, place in zip(meetings, places, strict=True)),
            tuple((ids.new().hex, at, *_when(times)) for times in record.times),
            tuple((at, term.hex) for term in record.term_ids),
            tuple((ids.new().hex, at, *contact) for contact in contacts),
            ((ids.new().hex, at, *self._event(record.standing)),),
        ]

    def new(self, record: Record, key: UUID, organization_id: UUID) -> Row:
        """Return the row of a service that is new."""
        listed = record.standing is Standing.LISTED
        return {
            **state.NO_WORDS,
            **record.words,
            **self.shared(record, organization_id),
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

    def shared(self, record: Record, organization_id: UUID) -> Row:
        """Return what a new service and a changed one have alike."""
        return {
            "organization_id": organization_id,
            "community_id": record.community_id,
            "kind": record.kind,
            "standing": record.standing,
            "minimum_age": record.minimum_age,
            "maximum_age": record.maximum_age,
            "source_digest": record.digest,
        }

    def _location(self, key: str, spot: Spot) -> Plain:
        return (
            key, spot.name, spot.address_1, spot.city, spot.postal_code, spot.latitude,
            spot.longitude, int(spot.approximate), spot.visibility.value, self.source,
            spot.source_id,
        )  # fmt: skip

    def _event(self, standing: Standing) -> Plain:
        what = self.what or f"Imported from {self.said}"
        return _event(self.now, self.by, standing, what)

    def _facts(
        self, record: Record, key: UUID, runner: tuple[UUID, str], meetings: Sequence[UUID]
    ) -> directory.Facts:
        words = {name: value for name, value in record.words.items() if name not in REACHED}
        where: Any = record.community_id
        return directory.Facts(
            **words,  # type: ignore[arg-type]
            id=key,
            organization_id=runner[0],
            organization_name=runner[1],
            community_id=where,
            community_name=self.communities.get(where, ""),
            kind=record.kind,
            source_id=record.source_id,
            confirmed_at=record.confirmed_at,
            minimum_age=record.minimum_age,
            maximum_age=record.maximum_age,
            topics=self.topics.said(record.term_ids),
            not_for=(),
            times=record.times,
            places=list(zip(meetings, record.places, strict=True)),
        )


@lru_cache(maxsize=4096)  # many groups meet at the same times
def _when(times: directory.Times) -> Plain:
    (row,) = WHEN.plain([{name: getattr(times, name) for name in TIME}])
    return row


@lru_cache(maxsize=16)
def _event(at: datetime, by: UUID | None, standing: Standing, what: str) -> Plain:
    """Return what all events of an import say alike."""
    row = {"at": at, "by_id": by, "standing": standing, "message": what}
    (said,) = Shape(TABLES["service_event"], tuple(row)).plain([row])
    return said
