"""The words of a group's own page."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from markupsafe import Markup

from asset_hub.core.calendar import london, say_date
from asset_hub.directory.models import KIND_WORDS, Service, ServiceAtLocation, TermKind, Visibility
from asset_hub.directory.rules.listing import say_not_for
from asset_hub.directory.rules.photos import ShownPhoto
from asset_hub.directory.rules.places import (
    TOLD_BY_ORGANISER,
    is_shown,
    public_point,
    say_briefly,
    say_place,
)
from asset_hub.directory.rules.prose import prose
from asset_hub.directory.rules.times import say, say_when

_ADDRESS = re.compile(r"[\w.+\-]+@[\w.\-]+")  # nothing that would add a subject or a copy


@dataclass(frozen=True)
class Shown:
    """What is said about a group in words worked out from its rows."""

    kind: str
    when: str
    times: list[str]  # each of its times, and where when it has several places
    where: list[str]
    ages: str
    topics: list[tuple[str, str]]
    not_for: str
    ways_in: list[str]  # what makes it easy to get there, in and around
    steps: list[str]
    paragraphs: Markup
    web: str
    confirmed: str
    dial: str
    mail: str
    room: str = ""
    photo: ShownPhoto | None = None


def shown(
    service: Service,
    *,
    today: date | None = None,
    room: str = "",
    photo: ShownPhoto | None = None,
) -> Shown:
    """Return what everybody may read about a listed service; dates before `today` are left out."""
    places = sorted(service.places, key=lambda place: place.id)
    near = service.community.name if service.community else ""
    where = [_say_where(place, near) for place in places]
    return Shown(
        kind=KIND_WORDS[service.kind],
        when=say_when(service.schedules, today=today),
        times=_say_times(service, today),
        where=list(dict.fromkeys(filter(None, where))),
        ages=say_ages(service.minimum_age, service.maximum_age),
        topics=sorted((t.name, t.slug) for t in service.terms if t.kind is not TermKind.ACCESS),
        not_for=say_not_for(term.name for term in service.not_for),
        ways_in=sorted(term.name for term in service.terms if term.kind is TermKind.ACCESS),
        paragraphs=prose(service.description),
        web=service.url if re.match(r"https?://", service.url, re.IGNORECASE) else "",
        confirmed=say_date(london(service.confirmed_at).date()) if service.confirmed_at else "",
        dial=dial(service.phone),
        mail=service.email if _ADDRESS.fullmatch(service.email) else "",
        steps=[line.strip() for line in service.how_to_join.splitlines() if line.strip()],
        room=room,
        photo=photo,
    )


def _say_times(service: Service, today: date | None) -> list[str]:
    """Return each time in words: "Every Tuesday, 10am to noon, at Ashby Library"."""
    places = service.places if len(service.places) > 1 else []
    named: dict[UUID | None, str] = {at.location_id: say_briefly(at.location) for at in places}
    said = (
        _say_time(say(one, today=today), named.get(one.location_id, ""))
        for one in service.schedules
    )
    return list(dict.fromkeys(filter(None, said)))


def _say_time(when: str, where: str) -> str:
    if not when or not where:
        return when
    return f"{when}, {where if where.startswith('near ') else f'at {where}'}"


def _say_where(at: ServiceAtLocation, near: str) -> str:
    place = at.location
    said = say_place(place, near, hidden=TOLD_BY_ORGANISER)
    if not is_shown(place):
        return said
    if place.visibility is Visibility.EXACT:
        return said if said or public_point(place) is None else "On the map"
    return f"{said or 'Nearby'} – the organiser tells you the address"


def dial(phone: str) -> str:
    """Return what a telephone dials, or nothing when the text is more than one number."""
    digits = re.sub(r"[\s()\-.]", "", phone)
    return digits if re.fullmatch(r"\+?[0-9]{3,15}", digits) else ""


def say_ages(youngest: int | None, oldest: int | None) -> str:
    """Return "18 and over", "Under 12", "5 to 11" or nothing."""
    if youngest and oldest is not None:
        return f"{youngest} to {oldest}" if youngest != oldest else f"{youngest}"
    if youngest:
        return f"{youngest} and over"
    return f"{oldest} and under" if oldest is not None else ""
