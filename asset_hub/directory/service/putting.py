"""From plain parts to rows: the one place where a service takes its words, places and times."""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, select

from asset_hub.directory.models import (
    PLACE,
    Away,
    Closure,
    Contact,
    Freq,
    Kind,
    Location,
    Parts,
    Schedule,
    Service,
    ServiceAtLocation,
    Visibility,
)
from asset_hub.directory.rules import snapshot
from asset_hub.directory.service.doubles import forget_keys
from asset_hub.directory.service.moving import lock
from asset_hub.directory.service.topics import terms_of


def put(session: Session, service: Service, parts: Mapping[str, Any]) -> list[str]:
    """Give a service some parts; return the names of those that changed.

    `organization_name` is left to the caller: a name is everything that organisation runs.
    """
    before = snapshot.parts_of(service)
    names = [name for name in snapshot.changed(before, parts) if name != "organization_name"]
    _say(service, snapshot.only([name for name in names if name in snapshot.COLUMNS], parts))
    _lists(session, service, parts, names)
    if {"places", "times"} & set(names):
        _meet(session, service, before | dict(parts))
    session.add(service)
    if names:
        flag_modified(service, "name")  # a new place or topic is a new version of the service too
    session.flush()
    forget_keys(session, service.id, changed=names)
    return names


def _lists(session: Session, service: Service, parts: Mapping[str, Any], names: list[str]) -> None:
    if "contact" in names:
        _contact(service, parts["contact"])
    if {"topics", "not_for"} & set(names):
        _topics(session, service, parts)
    if "closures" in names:
        service.closures = [_closure(one) for one in parts["closures"]]


def _say(service: Service, words: Parts) -> None:
    for name, value in words.items():
        setattr(service, name, _TYPED.get(name, _same)(value))


def _same(value: Any) -> Any:
    return value


def _optional(kind: Callable[[str], Any]) -> Callable[[str | None], Any]:
    return lambda text: kind(text) if text else None


_TYPED: dict[str, Callable[[Any], Any]] = {
    "kind": Kind,
    "community_id": _optional(UUID),
    "photo_id": _optional(UUID),
    "full_until": _optional(date.fromisoformat),
}


def _contact(service: Service, parts: Parts) -> None:
    contact = service.contacts[0] if service.contacts else Contact()
    if contact.email != parts["email"]:
        contact.proven_at = None
    contact.name, contact.email, contact.phone = (parts[name] for name in snapshot.CONTACT)
    if not service.contacts:
        service.contacts.append(contact)


def _topics(session: Session, service: Service, parts: Mapping[str, Any]) -> None:
    """Say what it is about and not for; a merge of topics at this moment waits, or is seen."""
    if inspect(service).persistent:
        lock(session, service.id)
        session.refresh(service, ["terms", "not_for"])
    if "topics" in parts:
        service.terms = terms_of(session, parts["topics"], service.terms)
    if "not_for" in parts:
        service.not_for = terms_of(session, parts["not_for"], service.not_for)


def _closure(parts: Parts) -> Closure:
    starts, ends = (date.fromisoformat(parts[name]) for name in ("starts_on", "ends_on"))
    return Closure(
        starts_on=starts, ends_on=ends, kind=Away(parts["kind"]), reason=parts.get("reason", "")
    )


def _meet(session: Session, service: Service, parts: Parts) -> None:
    """Write places that changed as new rows (another service may share the old), then times."""
    places = _places(session, service, parts["places"])
    if "times" in parts:
        service.schedules = [_schedule(one, places) for one in parts["times"]]
        session.flush()


def _places(session: Session, service: Service, wanted: list[Parts]) -> list[Location]:
    there = snapshot.places_of(service)
    if [snapshot.place_parts(one) for one in there] == wanted:
        return there
    for schedule in service.schedules:
        schedule.location_id = None
    known = [(snapshot.place_parts(one), one) for one in there]
    service.places.clear()
    session.flush()
    found: list[Location] = []
    for parts in wanted:
        same = next((pair for pair in known if pair[0] == parts), None)
        if same:
            known.remove(same)
        location = same[1] if same else _location(parts)
        session.add(location)
        session.flush()
        service.places.append(ServiceAtLocation(location_id=location.id, location=location))
        session.flush()
        found.append(location)
    for _, location in known:
        _forget_unused(session, location)
    return found


def _location(parts: Parts) -> Location:
    plain = {name: parts[name] for name in PLACE if name != "visibility"}
    return Location(**plain, visibility=Visibility(parts["visibility"]))


def _forget_unused(session: Session, location: Location) -> None:
    used = select(ServiceAtLocation.id).where(ServiceAtLocation.location_id == location.id)
    if session.exec(used).first() is None:
        session.delete(location)
        session.flush()


def _schedule(parts: Parts, places: list[Location]) -> Schedule:
    number = parts.get("place")
    at = places[number].id if number is not None and number < len(places) else None
    return Schedule(
        freq=Freq(parts["freq"]) if parts["freq"] else None,
        interval=parts["interval"],
        byday=parts["byday"],
        opens_at=_optional(time.fromisoformat)(parts["opens_at"]),
        closes_at=_optional(time.fromisoformat)(parts["closes_at"]),
        dtstart=_optional(date.fromisoformat)(parts["dtstart"]),
        valid_to=_optional(date.fromisoformat)(parts["valid_to"]),
        dates=parts.get("dates", ""),
        term_time=parts.get("term_time", False),
        not_months=parts.get("not_months", ""),
        bank_holidays=parts.get("bank_holidays", True),
        location_id=at,
        description=parts["description"],
    )
