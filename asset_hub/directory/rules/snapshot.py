"""A service as plain parts: what is compared, suggested, kept as history and put back.

Parts are JSON. Words and numbers stand under their column's name, the rest under `contact`
(name, email, phone), `places` and `times` (lists, in order), `topics` and `not_for` (slugs),
`closures`. A time's `place` is the place's number in the list, or None for all of them.
"""

from collections.abc import Mapping
from datetime import date, time
from enum import Enum
from typing import Any
from uuid import UUID

from asset_hub.directory.models import (
    PLACE,
    TEXTS,
    TIME,
    Closure,
    Contact,
    Location,
    Parts,
    Schedule,
    Service,
)

COLUMNS = (
    *TEXTS, "ask_for", "venue_notes", "minimum_age", "maximum_age", "welcomes", "full_until",
    "kind", "community_id", "photo_id",
)  # fmt: skip
CLOSURE = ("starts_on", "ends_on", "kind", "reason")
CONTACT = ("name", "email", "phone")
PRIVATE = frozenset({"contact", "venue_notes"})
OPERATING = frozenset({"closures", "welcomes", "full_until"})  # true for a while: needs no look


def parts_of(service: Service) -> Parts:
    """Return every part of a service as it stands."""
    places = places_of(service)
    numbers: dict[UUID | None, int] = {place.id: n for n, place in enumerate(places)}
    return {
        **{name: plain(getattr(service, name)) for name in COLUMNS},
        "organization_name": service.organization.name,
        "contact": contact_parts(service.contacts[0] if service.contacts else Contact()),
        "places": [place_parts(place) for place in places],
        "times": [
            time_parts(one) | {"place": numbers.get(one.location_id)} for one in service.schedules
        ],
        "topics": sorted(term.slug for term in service.terms),
        "not_for": sorted(term.slug for term in service.not_for),
        "closures": sorted(map(closure_parts, service.closures), key=lambda c: c["starts_on"]),
    }


def places_of(service: Service) -> list[Location]:
    """Return the places of a service, in their lasting order."""
    return [at.location for at in sorted(service.places, key=lambda at: at.id)]


def place_parts(place: Location) -> Parts:
    """Return a place as plain values; coordinates to 10 cm."""
    found = {name: plain(getattr(place, name)) for name in PLACE}
    for name in ("latitude", "longitude"):
        found[name] = None if found[name] is None else round(found[name], 6)
    return found


def time_parts(schedule: Schedule) -> Parts:
    """Return a time as plain values, without its place."""
    return {name: plain(getattr(schedule, name)) for name in TIME}


def closure_parts(closure: Closure) -> Parts:
    """Return a closure as plain values."""
    return {name: plain(getattr(closure, name)) for name in CLOSURE}


def contact_parts(contact: Contact) -> Parts:
    """Return the private contact as plain values."""
    return {name: getattr(contact, name) for name in CONTACT}


def plain(value: Any) -> Any:
    """Return a column's value as JSON can hold it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the names, sorted, of the parts of `after` that `before` holds differently."""
    return sorted(name for name, value in after.items() if before.get(name) != value)


def only(names: list[str], parts: Mapping[str, Any]) -> Parts:
    """Return some of the parts."""
    return {name: parts.get(name) for name in names}


def conflicts(
    before: Mapping[str, Any], now: Mapping[str, Any], after: Mapping[str, Any]
) -> list[str]:
    """Return the names of parts that somebody else has changed to something else meanwhile."""
    return sorted(name for name in after if now.get(name) not in (before.get(name), after[name]))
