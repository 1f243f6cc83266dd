"""From answers to rows: the one place where a service takes its words, places and times."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from asset_hub.directory.models import (
    Contact,
    Kind,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
    Visibility,
)
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules.answers import NOWHERE, flat, topics_of
from asset_hub.directory.rules.current import FREE, answers_of
from asset_hub.directory.service.topics import ensure_topics
from asset_hub.directory.topics import OURS

PLAIN = ("name", "summary", "description", "eligibility", "minimum_age", "maximum_age", "access",
         "languages", "how_to_join", "first_visit", "phone", "email", "url")  # fmt: skip
PLACE = ("setting", "place_name", "address_1", "city", "postcode", "latitude", "longitude",
         "point")  # fmt: skip
TIMES = ("often", "days", "nth", "next_on", "when_words", "opens_at", "closes_at")


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
    if not service.schedules or set(changed) & set(TIMES):
        service.schedules[:1] = _schedules(answers)
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


def organization_for(session: Session, answers: Mapping[str, Any]) -> Organization:
    """Return who runs it: theirs already, when this contact listed under the name before.

    A stranger who only knows an organisation's name gets one of their own: becoming its owner
    must never follow from typing a name.
    """
    known = (
        select(Organization)
        .join(Service, col(Service.organization_id) == Organization.id)
        .join(Contact, col(Contact.service_id) == Service.id)
        .where(
            Organization.name == answers["organization_name"],
            Service.community_id == UUID(answers["community_id"]),
            Contact.email == answers["contact_email"],
        )
    )
    found = session.exec(known).first() or Organization(name=answers["organization_name"])
    session.add(found)
    session.flush()
    return found


def _contact(service: Service, answers: Mapping[str, Any]) -> None:
    contact = service.contacts[0] if service.contacts else Contact()
    contact.name = answers["contact_name"]
    contact.email = answers["contact_email"]
    contact.phone = answers["contact_phone"]
    if not service.contacts:
        service.contacts.append(contact)


def _schedules(answers: Mapping[str, Any]) -> list[Schedule]:
    return [Schedule(**of.schedule_parts(answers))] if answers.get("often") else []


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


def _forget_unused(session: Session, location: Location) -> None:
    used = select(ServiceAtLocation.id).where(ServiceAtLocation.location_id == location.id)
    if session.exec(used).first() is None:
        session.delete(location)


def _degrees(text: str | None) -> float | None:
    return float(text) if text else None
