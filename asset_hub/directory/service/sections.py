"""From the form of one section of a listing to the parts it changes."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Parts, Service, Visibility
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import sections, snapshot
from asset_hub.directory.rules.current import answers_of
from asset_hub.directory.rules.places import must_be_few, must_keep_the_secrets, without
from asset_hub.directory.service.drafts import located
from asset_hub.directory.service.filling import answered

UNKNOWN = "We do not know this postcode. Check it, or put the pin on the map below."


def section_parts(service: Service, section: str, values: Mapping[str, Any]) -> Parts:
    """Return the parts that the answers of one section give.

    Raises RuleBroken at the field whose answer does not fit the others.
    """
    packed = of.pack(values)
    of.must_add_up(packed)
    now = snapshot.parts_of(service)
    must_keep_the_secrets(now["places"], packed)
    _, parts = answered(service, of.flat(answers_of(service)) | packed)
    names = {name: packed[name] for name in ("organization_name",) if name in packed}
    return sections.of_section(section, parts | names)


def community_parts(values: Mapping[str, Any]) -> Parts:
    """Return the parts of a move to another community."""
    return {"community_id": of.pack(values)["community_id"]}


def answers_of_place(place: Parts) -> Parts:
    """Return the answers that would have made a place."""
    return {
        "setting": place["visibility"],
        "place_name": place["name"],
        "address_1": place["address_1"],
        "city": place["city"],
        "postcode": place["postal_code"],
        "latitude": place["latitude"],
        "longitude": place["longitude"],
    }


def place_parts(
    session: Session, service: Service, number: int | None, values: Mapping[str, Any]
) -> Parts:
    """Return the places of a service with one changed, or with one more (`number` is None)."""
    places = list(snapshot.parts_of(service)["places"])
    before = places[number] if number is not None else None
    packed = of.pack(values)
    _must_say_where(packed)
    place: Parts = {
        "name": packed["place_name"],
        "address_1": packed["address_1"],
        "city": packed["city"],
        "postal_code": packed["postcode"],
        "visibility": packed["setting"],
    } | _point(session, packed, before)
    places = (
        [*places, place] if number is None else [*places[:number], place, *places[number + 1 :]]
    )
    must_be_few(places)
    if place["visibility"] != Visibility.EXACT:
        must_keep_the_secrets([place], of.flat(answers_of(service)) | {"city": place["city"]})
    return {"places": places}


def parts_without_place(service: Service, number: int) -> Parts:
    """Return the places and times of a service with one place taken away."""
    now = snapshot.parts_of(service)
    return dict(without(now["places"], now["times"], number))


def parts_at_places(service: Service, at: list[int | None]) -> Parts:
    """Return the times of a service, each at a place of its own (or None: not said)."""
    times = snapshot.parts_of(service)["times"]
    return {"times": [one | {"place": place} for one, place in zip(times, at, strict=True)]}


def _must_say_where(packed: Mapping[str, Any]) -> None:
    pinned = packed["latitude"] and packed["longitude"]
    if packed["setting"] != Visibility.HIDDEN and not packed["postcode"] and not pinned:
        raise RuleBroken("Enter the postcode, or put the pin on the map", field="postcode")


def _point(session: Session, packed: Mapping[str, Any], before: Parts | None) -> Parts:
    """Return where it is: as typed, or else where a changed postcode says."""
    names = ("latitude", "longitude")
    typed = {name: round(float(packed[name]), 6) if packed[name] else None for name in names}
    known = before or dict.fromkeys((*names, "postal_code"), None)
    moved = any(typed[name] != known[name] for name in names)
    if moved and None not in typed.values():
        return typed | {"approximate": False}
    if before and packed["postcode"] == before["postal_code"] and not moved:
        return {name: before[name] for name in (*names, "approximate")}
    found = located(session, packed["postcode"])
    if packed["postcode"] and not found["latitude"]:
        raise RuleBroken(UNKNOWN, field="postcode")
    point = {name: float(found[name]) if found[name] else None for name in names}
    return point | {"approximate": not found["exact"]}
