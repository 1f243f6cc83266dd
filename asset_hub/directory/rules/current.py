"""A service as it stands, told as the answers that would have made it."""

from datetime import time
from itertools import zip_longest
from typing import Any

from asset_hub.directory.models import (
    Freq,
    Location,
    Schedule,
    Service,
    TermKind,
    Visibility,
)
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules.answers import Answers
from asset_hub.directory.rules.languages import apart
from asset_hub.directory.rules.times import DAYS, days_of, say
from asset_hub.directory.topics import OURS

FIELD_OF = {
    TermKind.NEED: "help_with",
    TermKind.INTEREST: "doing",
    TermKind.AUDIENCE: "especially_for",
    TermKind.ACCESS: "ways_in",
}
FREE = "Free"


def answers_of(service: Service) -> dict[str, Answers]:
    """Return a service's answers, step by step, as a draft keeps them."""
    return {
        of.WHAT: _what(service),
        of.WHERE: _where(service),
        of.PIN: _pin(service),
        of.WHO: _who(service),
        of.JOIN: _join(service),
    }


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
    first, *more = slots_of(service) or [Schedule()]
    found = pinned(found, place) | _when(first)
    for end, slot in zip_longest(of.FURTHER, map(_when, more), fillvalue=_when(Schedule())):
        found |= {f"{name}{end}": slot[name] for name in of.SLOT}
    return found


def slots_of(service: Service) -> list[Schedule]:
    """Return the schedules that the form asks about: all that differ only in days and hours.

    When they differ in more (some imports do), it is the first alone.
    """
    told = [_when(schedule) for schedule in service.schedules]
    same = {str([one[name] for name in ("often", "nth", "next_on")]) for one in told}
    plain = told and told[0]["often"] not in (None, of.VARIES)
    if not plain or len(same) > 1 or len(told) > len(of.FURTHER) + 1:
        return service.schedules[:1]
    return sorted(service.schedules, key=_first_meeting)


def _first_meeting(schedule: Schedule) -> tuple[int, time]:
    days = [list(DAYS).index(day) for _, day in days_of(schedule.byday)]
    return min(days), schedule.opens_at or time()


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


def _when(schedule: Schedule) -> Answers:
    found: Answers = {"often": None, "days": [], "nth": [], "next_on": None, "when_words": ""}
    for name in ("opens_at", "closes_at"):
        value = getattr(schedule, name)
        found[name] = f"{value:%H:%M}" if value else None
    days = days_of(schedule.byday)
    names = list(dict.fromkeys(day for _, day in days))
    nths = [nth for nth in dict.fromkeys(nth for nth, _ in days) if nth]
    if often := _often(schedule, days, names, nths):
        found |= {"often": often, "days": names, "nth": [str(nth) for nth in nths]}
        found["next_on"] = str(schedule.dtstart) if often == of.FORTNIGHTLY else None
        return found
    words = say(schedule)
    return found | {"often": of.VARIES if words else None, "when_words": words}


def _often(schedule: Schedule, days: Any, names: list[str], nths: list[int]) -> str | None:
    """Return which of the form's plain choices a schedule is, if it is one of them."""
    if schedule.description or not days or schedule.valid_to:
        return None
    if schedule.freq is Freq.MONTHLY and schedule.interval == 1:
        whole = bool(nths) and len(days) == len(names) * len(nths)
        return of.MONTHLY if whole else None
    if schedule.freq is not Freq.WEEKLY or nths:
        return None
    if schedule.interval == 2 and schedule.dtstart:
        return of.FORTNIGHTLY
    return of.WEEKLY if schedule.interval == 1 else None


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
    ours = [term for term in service.terms if term.slug in OURS]
    for kind, field in FIELD_OF.items():
        found[field] = sorted(term.slug for term in ours if term.kind is kind)
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
