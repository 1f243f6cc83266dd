"""What an import changed in a service, written to its history like any other change."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlmodel import Session

from asset_hub.directory.models import PLACE, TEXTS, Parts, RevisionCause
from asset_hub.directory.service import Times, revise_many
from asset_hub.interop.batch.topics import Topics
from asset_hub.interop.reading.records import Record, Spot


def revise(
    session: Session,
    keys: Sequence[UUID],
    pairs: Sequence[tuple[Record, Record]],
    topics: Topics,
    *,
    now: datetime,
    cause: RevisionCause = RevisionCause.IMPORT,
    by: UUID | None = None,
) -> None:
    """Write a revision of each service from what it was (first of a pair) to what it is.

    Called when the services have their new versions, and these revisions with them.
    """
    changed = {}
    for key, (before, after) in zip(keys, pairs, strict=True):
        # as `snapshot` orders places: by the ids of their meetings
        meetings = sorted((uuid5(key, f"meets {n}"), n) for n in range(len(after.places)))
        now_is = _parts(after, [after.places[n] for _, n in meetings], topics)
        changed[key] = (_parts(before, before.places, topics), now_is)
    revise_many(session, changed, cause=cause, by=by, now=now)


def _parts(record: Record, places: Sequence[Spot], topics: Topics) -> Parts:
    """Return the parts of a record that an import can change, as `snapshot` names them."""
    name, email, phone = next(iter(record.contacts), ("", "", ""))
    return {
        **{word: record.words.get(word, "") for word in TEXTS},
        "kind": record.kind.value,
        "community_id": str(record.community_id) if record.community_id else None,
        "minimum_age": record.minimum_age,
        "maximum_age": record.maximum_age,
        "contact": {"name": name, "email": email, "phone": phone},
        "places": [_place(spot) for spot in places],
        "times": [_time(times) for times in record.times],
        "topics": sorted(slug for slug, _ in topics.said(record.term_ids)),
    }


def _place(spot: Spot) -> Parts:
    return {name: getattr(spot, name) for name in PLACE} | {"visibility": spot.visibility.value}


def _time(times: Times) -> Parts:
    return {
        "freq": times.freq.value if times.freq else None,
        "interval": times.interval,
        "byday": times.byday,
        **{at: f"{value:%H:%M}" if (value := getattr(times, at)) else None
           for at in ("opens_at", "closes_at")},
        **{on: value.isoformat() if (value := getattr(times, on)) else None
           for on in ("dtstart", "valid_to")},
        "dates": times.dates,
        "term_time": times.term_time,
        "not_months": times.not_months,
        "bank_holidays": times.bank_holidays,
        "description": times.description,
        "place": None,
    }  # fmt: skip
