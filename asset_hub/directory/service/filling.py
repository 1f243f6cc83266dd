"""From answers to rows: the one place where a service takes its words, places and times."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from asset_hub.directory.models import (
    Contact,
    Kind,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
    Visibility,
)
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules.answers import NOWHERE, flat, topics_of
from asset_hub.directory.rules.current import FREE, answers_of, slots_of
from asset_hub.directory.service.topics import ensure_topics
from asset_hub.directory.topics import OURS

PLAIN = ("name", "summary", "description", "eligibility", "minimum_age", "maximum_age", "access",
         "languages", "how_to_join", "first_visit", "phone", "email", "url")  # fmt: skip
PLACE = ("setting", "place_name", "address_1", "city", "postcode", "latitude", "longitude",
         "point")  # fmt: skip
STRICTNESS = (Visibility.EXACT, Visibility.AREA, Visibility.HIDDEN)
TIMES = ("often", "days", "nth", "next_on", "when_words", "opens_at", "closes_at",
         *(name + end for end in of.FURTHER for name in of.SLOT))  # fmt: skip


def fill(session: Session, service: Service, answers: Mapping[str, Any]) -> list[str]:
    """Give a service its answers; return the names of those that changed.

    `organization_name` is left to the caller. Places and times are left alone unless an answer
    about them changed, so an import with several of them survives an edit of the words.
    """
    before = flat(answers_of(service))
    changed = sorted(name for name, value in answers.items() if before.get(name) != value)
    for name in PLAIN:
        setattr(service, name, answers[name])
    service.kind = Kind(answers["kind"])
    service.community_id = UUID(answers["community_id"])
    service.fees = FREE if answers["cost"] == "free" else answers["fees"]
    _contact(service, answers)
    service.terms = _terms(session, service, topics_of(answers))
    if not service.places or set(changed) & set(PLACE):
        _place(session, service, answers)
    if "setting" in changed:
        _hide_the_others(session, service, answers["setting"])
    if not service.schedules or set(changed) & set(TIMES):
        _meet(service, answers)
    session.add(service)
    session.flush()
    return changed


def _terms(session: Session, service: Service, slugs: list[str]) -> list[TaxonomyTerm]:
    """Return the chosen topics, and those of other lists that an import gave the service."""
    others = [term for term in service.terms if term.slug not in OURS]
    wanted = select(TaxonomyTerm).where(col(TaxonomyTerm.slug).in_(slugs))
    found = list(session.exec(wanted))
    if len(found) < len(slugs):
        ensure_topics(session)
        found = list(session.exec(wanted))
    return [*found, *others]


def _contact(service: Service, answers: Mapping[str, Any]) -> None:
    contact = service.contacts[0] if service.contacts else Contact()
    contact.name = answers["contact_name"]
    if contact.email != answers["contact_email"]:
        contact.email, contact.proven_at = answers["contact_email"], None
    contact.phone = answers["contact_phone"]
    if not service.contacts:
        service.contacts.append(contact)


def _meet(service: Service, answers: Mapping[str, Any]) -> None:
    """Meet when the answers say; times the form did not ask about stay."""
    asked = {schedule.id for schedule in slots_of(service)}
    others = [schedule for schedule in service.schedules if schedule.id not in asked]
    parts = of.schedules_from(answers) if answers.get("often") else []
    service.schedules = [*(Schedule(**part) for part in parts), *others]


def _place(session: Session, service: Service, answers: Mapping[str, Any]) -> None:
    """Meet at a new row: another service may share the old one."""
    old = sorted(service.places, key=lambda place: place.id)[:1]
    for place in old:
        before = place.location
        service.places.remove(place)
        session.flush()
        _forget_unused(session, before)
    if answers["setting"] == NOWHERE:
        return
    latitude, longitude = (_degrees(answers.get(name)) for name in ("latitude", "longitude"))
    location = Location(
        name=answers["place_name"],
        address_1=answers["address_1"],
        city=answers["city"],
        postal_code=answers["postcode"],
        latitude=latitude,
        longitude=longitude,
        approximate=not answers.get("exact") and answers.get("point") != "pin",
        visibility=Visibility(answers["setting"]),
    )
    session.add(location)
    session.flush()
    service.places.append(ServiceAtLocation(location_id=location.id, location=location))


def _hide_the_others(session: Session, service: Service, setting: str) -> None:
    """Hide the further places at least as much as the one that was asked about.

    They get rows of their own, for another service may share the hall; showing one place shows
    no other, for nobody was asked about those.
    """
    if setting == NOWHERE:
        places = list(service.places)
        service.places.clear()
        session.flush()
        for place in places:
            _forget_unused(session, place.location)
        return
    wanted = Visibility(setting)
    for place in service.places:
        before = place.location
        if STRICTNESS.index(before.visibility) < STRICTNESS.index(wanted):
            kept = before.model_dump(exclude={"id", "source", "source_id"})
            place.location = Location(**kept | {"visibility": wanted})
            session.add(place.location)
            session.flush()
            _forget_unused(session, before)


def _forget_unused(session: Session, location: Location) -> None:
    used = select(ServiceAtLocation.id).where(ServiceAtLocation.location_id == location.id)
    if session.exec(used).first() is None:
        session.delete(location)


def _degrees(text: str | None) -> float | None:
    return float(text) if text else None
