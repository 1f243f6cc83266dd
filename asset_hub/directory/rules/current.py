"""A service as it stands, told as the answers that would have made it."""

from asset_hub.directory.models import Location, Service, TermKind, Visibility
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import when
from asset_hub.directory.rules.answers import Answers
from asset_hub.directory.rules.languages import apart

FIELD_OF = {
    TermKind.NEED: "help_with",
    TermKind.INTEREST: "doing",
    TermKind.AUDIENCE: "especially_for",
    TermKind.ACCESS: "ways_in",
}
FREE = "Free"


def answers_of(service: Service) -> dict[str, Answers]:
    """Return a service's answers, step by step, as a draft keeps them."""
    return of.in_steps(
        {
            of.WHAT: _what(service),
            of.WHERE: _where(service),
            of.PIN: _pin(service),
            of.WHEN: when.answers_from(service.schedules),
            of.WHO: _who(service),
            of.JOIN: _join(service),
        }
    )


def _what(service: Service) -> Answers:
    return {
        "name": service.name,
        "organization_name": service.organization.name,
        "kind": service.kind.value,
        "summary": service.summary,
        "description": service.description,
    }


def _where(service: Service) -> Answers:
    place = place_of(service)
    found: Answers = {
        "community_id": str(service.community_id or ""),
        "setting": place.visibility.value if place else of.NOWHERE,
        "place_name": place.name if place else "",
        "address_1": place.address_1 if place else "",
        "city": place.city if place else "",
        "postcode": place.postal_code if place else "",
        "exact": bool(place and place.latitude is not None and not place.approximate),
    }
    return pinned(found, place)


def pinned(found: Answers, place: Location | None) -> Answers:
    """Add the coordinates of a place, as text."""
    point = (place.latitude, place.longitude) if place else (None, None)
    return found | {"latitude": say_degrees(point[0]), "longitude": say_degrees(point[1])}


def say_degrees(value: float | None) -> str:
    """Return a coordinate as answers keep it: to 10 cm, empty when nobody knows it."""
    return "" if value is None else f"{value:.6f}"


def _pin(service: Service) -> Answers:
    place = place_of(service)
    if place is None or place.visibility is Visibility.HIDDEN or place.latitude is None:
        return {"point": "unsure", "latitude": "", "longitude": ""}
    return pinned({"point": "unsure" if place.approximate else "pin"}, place)


def _who(service: Service) -> Answers:
    cost = {"": None, FREE: "free"}.get(service.fees, "paid")
    spoken, others = apart(service.languages)
    found: Answers = {
        "eligibility": service.eligibility,
        "minimum_age": service.minimum_age,
        "maximum_age": service.maximum_age,
        "cost": cost,
        "fees": service.fees if cost == "paid" else "",
        "access": service.access,
        "spoken": spoken,
        "languages": others,
    }
    ours = [term for term in service.terms if term.ours]
    for kind, field in FIELD_OF.items():
        found[field] = sorted(term.slug for term in ours if term.kind is kind)
    found["not_for"] = sorted(term.slug for term in service.not_for if term.ours)
    return found


def _join(service: Service) -> Answers:
    contact = service.contacts[0] if service.contacts else None
    return {
        "how_to_join": service.how_to_join,
        "first_visit": service.first_visit,
        "ask_for": service.ask_for,
        "phone": service.phone,
        "email": service.email,
        "url": service.url,
        "contact_name": contact.name if contact else "",
        "contact_email": contact.email if contact else "",
        "contact_phone": contact.phone if contact else "",
        "venue_notes": service.venue_notes,
    }


def place_of(service: Service) -> Location | None:
    """Return the first place of a service."""
    places = sorted(service.places, key=lambda place: place.id)
    return places[0].location if places else None


def as_fields(answers: dict[str, Answers]) -> Answers:
    """Return all answers side by side, as the fields of a form take them."""
    return of.unpack(of.flat(answers))
