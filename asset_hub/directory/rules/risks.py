"""What is at risk while something waits to be looked at: in words, the gravest first."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from asset_hub.core.calendar import london, say_date
from asset_hub.core.grid import apart
from asset_hub.directory.models import (
    Asker,
    Asks,
    ChangeRequest,
    Duplicate,
    Parts,
    Service,
    Standing,
    Visibility,
)
from asset_hub.directory.rules import homes
from asset_hub.directory.rules.changes import mail_moves
from asset_hub.directory.rules.homes import Sign
from asset_hub.directory.rules.places import place_of, say_kept, shows_more

ADULT = 18
CHILDREN = re.compile(
    r"\b(child(ren)?|kids?|toddlers?|babies|bab(y|ies)|youth|young people|teen(ager)?s?|pupils?"
    r"|under[- ]?(5|8|11|12|13|16|18)s?)\b",
    re.IGNORECASE,
)
AT_HOME = re.compile(
    r"\b(in|to|at) (your|people['’]s|their|a person['’]s) (own )?homes?\b|home visits?\b"
    r"|visit you at home",
    re.IGNORECASE,
)
MOBILE = re.compile(r"^\s*(\+?44\s?\(?0?\)?|0)\s?7[0-9 ]{8,}")
FAR = 200  # metres; a pin that moves farther may be another place


class Waits(StrEnum):
    """What waits for a champion or coordinator."""

    LISTING = "listing"
    CHANGE = "change"
    GONE = "gone"
    CLAIM = "claim"
    ADDRESS = "address"
    DOUBLE = "double"


WAITS_WORDS = {
    Waits.LISTING: "New listing",
    Waits.CHANGE: "Suggested change",
    Waits.GONE: "Reported gone",
    Waits.CLAIM: "Somebody asks to run it",
    Waits.ADDRESS: "Another address for its mail",
    Waits.DOUBLE: "Possible duplicate",
}
PLURAL_WORDS = {
    Waits.LISTING: "New listings",
    Waits.CHANGE: "Suggested changes",
    Waits.GONE: "Reported gone",
    Waits.CLAIM: "Who runs it",
    Waits.ADDRESS: "Addresses for mail",
    Waits.DOUBLE: "Possible duplicates",
}


@dataclass(frozen=True, slots=True)
class Risk:
    """One thing that may go wrong; a grave one harms somebody.

    `words` stand in the list of what waits, `advice` before whoever says yes to the change itself.
    """

    words: str
    grave: bool = False
    advice: str = ""


def of_listing(service: Service, *, doubles: int) -> list[Risk]:
    """Return what is at risk in a listing that waits."""
    found = _of_address(service)
    if service.approved_at and service.confirmed_at and service.approved_at < service.confirmed_at:
        found.append(Risk("it was public before; nobody finds it until you look"))
    if _is_for_children(service):
        found.append(Risk("children come", grave=True))
    if AT_HOME.search(f"{service.summary}\n{service.description}"):
        found.append(Risk("goes to people’s homes", grave=True))
    if MOBILE.search(service.phone):
        found.append(Risk("shows a mobile number"))
    if doubles:
        found.append(Risk("may be listed already"))
    return _gravest_first(found)


def _of_address(service: Service) -> list[Risk]:
    exact = any(at.location.visibility is Visibility.EXACT for at in service.places)
    sign = homes.sign_of(service)
    if sign in (Sign.REFUGE, Sign.SAFETY):
        words = "shows the address of what may be a refuge" if exact else "may be a refuge"
        return [Risk(words, grave=exact or sign is Sign.REFUGE)]
    if sign is Sign.HOME and exact:
        return [Risk("shows what may be a home address", grave=True)]
    return []


def _is_for_children(service: Service) -> bool:
    youngest, oldest = service.minimum_age, service.maximum_age
    if oldest is not None and oldest < ADULT:
        return True
    if youngest is not None and youngest >= ADULT:
        return False
    slugs = {term.slug for term in service.terms}
    said = f"{service.name}\n{service.summary}\n{service.eligibility}"
    return bool(slugs & {"children", "young-people", "parenting"}) or bool(CHILDREN.search(said))


def of_change(
    change: ChangeRequest, now: Mapping[str, Any] | None = None, *, reports: int = 1
) -> list[Risk]:
    """Return what is at risk in a change that somebody asks for.

    `now` holds the listing's parts as they stand, for whoever decides; without them the change is
    measured by what the listing said when it was sent in.
    """
    found: list[Risk] = []
    service = change.service
    if change.asks is Asks.GONE:
        said = "somebody says" if reports < 2 else f"{reports} people say"
        public = service.standing is Standing.LISTED
        found.append(Risk(f"it is public now and {said} it has gone", public, _since(change)))
    if change.asks is Asks.CLAIM:
        words = "whoever gets it can change what everybody reads"
        advice = f"They would look after everything that {service.organization.name} runs."
        found.append(Risk(words, grave=True, advice=advice))
    if change.asks in (Asks.CHANGE, Asks.ADDRESS):
        found += _of_parts(change, change.before if now is None else now)
    if change.asker is Asker.VISITOR and change.asks is not Asks.GONE:
        found.append(Risk("from somebody we do not know"))
    if change.made_on != service.version:
        found.append(Risk("the listing has changed since"))
    return _gravest_first(found)


def _since(change: ChangeRequest) -> str:
    confirmed = change.service.confirmed_at
    if not confirmed or confirmed <= change.submitted_at:
        return ""
    day = say_date(london(confirmed).date())
    return f"Since then it was confirmed by {change.service.confirmed_by}, on {day}."


def _of_parts(change: ChangeRequest, now: Mapping[str, Any]) -> list[Risk]:
    after = change.after
    found = [
        risk for name, risk in _PARTS.items() if name in after and now.get(name) != after[name]
    ]
    if change.asker is Asker.VISITOR:
        found = [replace(risk, grave=True) if risk.words == _REACHED else risk for risk in found]
    moves = "contact" in now and "email" in now and mail_moves(now, after)
    if "contact" in after or moves:
        advice = "Mail about this listing would go to another address." if moves else ""
        found.append(Risk("the private contact changes", grave=True, advice=advice))
    if "places" in after:
        found += _of_places(change, _dicts(now.get("places")), _dicts(after["places"]))
    if change.photo_id:
        found.append(Risk("a new photograph: look at who is in it"))
    return found


_REACHED = "how people reach it changes"
_PARTS = {
    "name": Risk("its name changes", advice="It would have another name. Is it the same group?"),
    "organization_name": Risk(
        "who runs it changes", advice="Somebody else would be said to run it."
    ),
    "community_id": Risk(
        "it moves to another community",
        advice="It would be in another community, whose champions look at it then.",
    ),
    "phone": Risk(
        _REACHED,
        advice="People would ring another number. Ring it first if you do not know it.",
    ),
    "email": Risk(_REACHED, advice="People would write to another address."),
    "url": Risk(_REACHED, advice="People would go to another website. Look at it first."),
    "times": Risk("people may come at the wrong time"),
    "venue_notes": Risk("private notes change"),
}


def _of_places(change: ChangeRequest, before: list[Parts], after: list[Parts]) -> list[Risk]:
    found = [Risk("the address changes")]
    places = [place_of(one) for one in after]
    exact = any(place.visibility is Visibility.EXACT for place in places)
    if exact and homes.sign_of(change.service):
        found.append(Risk("shows what may be a home address", grave=True))
    for number, (parts, place) in enumerate(zip(after, places, strict=True)):
        old = _was(number, before, after)
        if old is None:
            advice = f"A place would be added: {say_kept(place)}. Is it somebody’s home?"
            found.append(Risk("a place is added", advice=advice))
            continue
        if shows_more(place.visibility, Visibility(old["visibility"])):
            words = "An address that was kept back would be shown"
            advice = f"{words}: {say_kept(place)}. Is it somebody’s home?"
            found.append(Risk("shows an address that was kept back", grave=True, advice=advice))
        moved = _moved(old, parts)
        if moved > FAR:
            found.append(Risk("the address changes", advice=f"The pin moves {_metres(moved)}."))
    return found


def _dicts(value: Any) -> list[Parts]:
    """Return what is readable as places, so that one bad row hides no list of what waits."""
    return [one for one in value or () if isinstance(one, dict)]


def _was(number: int, before: list[Parts], after: list[Parts]) -> Parts | None:
    """Return what a place was before, by its address or else by its number; None when added."""

    def same(one: Parts) -> bool:
        names = ("name", "address_1", "postal_code")
        return all(one[name] == after[number][name] for name in names)

    found = next(filter(same, before), None)
    return found or (before[number] if len(before) == len(after) else None)


def _moved(old: Parts, new: Parts) -> float:
    """Return by how many metres a place moves; 0 when one has no point."""
    points = [(place["latitude"], place["longitude"]) for place in (old, new)]
    return 0 if any(None in point for point in points) else apart(*points)


def _metres(distance: float) -> str:
    return f"{distance / 1000:.1f} km" if distance >= 1000 else f"{round(distance, -1):.0f} m"


def of_pair(pair: Duplicate, *, alike: int = 1) -> list[Risk]:
    """Return what is at risk while one group may be listed twice."""
    found = [Risk("people may find the one that is out of date")]
    confirmed = [one.confirmed_at for one in (pair.one, pair.other)]
    if None in confirmed and any(confirmed):
        found.append(Risk("only one of them was ever confirmed"))
    if alike > 1:
        found.append(Risk(f"{alike} pairs like it from the same import"))
    return found


def briefly(found: Iterable[Risk]) -> list[Risk]:
    """Return risks as the list of what waits says them: each once."""
    return list({risk.words: risk for risk in found}.values())


def _gravest_first(found: list[Risk]) -> list[Risk]:
    return sorted(found, key=lambda risk: not risk.grave)
