"""A service as it was before an import, as JSON, so that it can be put back."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from asset_hub.directory.models import Freq, Kind, Standing, Visibility
from asset_hub.directory.service import Times
from asset_hub.interop.batch.comparing import Known
from asset_hub.interop.reading.records import Record, Runner, Spot

SPOT = ("name", "address_1", "city", "postal_code", "latitude", "longitude", "approximate")


def pack(record: Record, known: Known) -> dict[str, Any]:
    """Return everything an import changes in a service, as it is now."""
    return {
        "words": record.words,
        "runner": [record.runner.source_id, record.runner.name, record.runner.description,
                   record.runner.url, record.runner.email],
        "organization_id": str(known.organization_id),
        "kind": record.kind.value,
        "standing": record.standing.value,
        "minimum_age": record.minimum_age,
        "maximum_age": record.maximum_age,
        "community_id": str(record.community_id) if record.community_id else None,
        "approved_at": _moment(known.approved_at),
        "confirmed_at": _moment(known.confirmed_at),
        "confirmed_by": known.confirmed_by,
        "alive_at": _moment(known.alive_at),
        "digest": known.digest,
        "places": [
            {name: getattr(spot, name) for name in SPOT} | {"visibility": spot.visibility.value}
            for spot in record.places
        ],
        "times": [_time(times) for times in record.times],
        "terms": [str(key) for key in record.term_ids],
        "contacts": [list(contact) for contact in record.contacts],
    }  # fmt: skip


def unpack(kept: dict[str, Any]) -> Record:
    """Return the record that was packed."""
    return Record(
        0,
        "",
        dict(kept["words"]),
        Runner(*kept["runner"]),
        kind=Kind(kept["kind"]),
        standing=Standing(kept["standing"]),
        minimum_age=kept["minimum_age"],
        maximum_age=kept["maximum_age"],
        confirmed_at=moment(kept["confirmed_at"]),
        places=[
            Spot(**{**spot, "visibility": Visibility(spot["visibility"])})
            for spot in kept["places"]
        ],
        times=[_times(one) for one in kept["times"]],
        contacts=[(name, email, phone) for name, email, phone in kept["contacts"]],
        community_id=UUID(kept["community_id"]) if kept["community_id"] else None,
        term_ids=[UUID(key) for key in kept["terms"]],
    )


def moment(text: str | None) -> datetime | None:
    """Return a moment that was packed."""
    return datetime.fromisoformat(text) if text else None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(times: Times) -> dict[str, Any]:
    found: dict[str, Any] = {
        "freq": times.freq.value if times.freq else None,
        "interval": times.interval,
        "byday": times.byday,
        "description": times.description,
        "dates": times.dates,
        "term_time": times.term_time,
        "not_months": times.not_months,
        "bank_holidays": times.bank_holidays,
    }
    for name in ("opens_at", "closes_at", "dtstart", "valid_to"):
        value = getattr(times, name)
        found[name] = value.isoformat() if value else None
    return found


def _times(found: dict[str, Any]) -> Times:
    def on(name: str) -> date | None:
        return date.fromisoformat(found[name]) if found[name] else None

    def at(name: str) -> time | None:
        return time.fromisoformat(found[name]) if found[name] else None

    return Times(
        freq=Freq(found["freq"]) if found["freq"] else None,
        interval=found["interval"],
        byday=found["byday"],
        opens_at=at("opens_at"),
        closes_at=at("closes_at"),
        dtstart=on("dtstart"),
        valid_to=on("valid_to"),
        description=found["description"],
        dates=found["dates"],
        term_time=found["term_time"],
        not_months=found["not_months"],
        bank_holidays=found["bank_holidays"],
    )
