"""What is at risk while something waits to be looked at: in words, the gravest first."""

import re
from dataclasses import dataclass
from enum import StrEnum

from asset_hub.directory.models import (
    Asker,
    Asks,
    ChangeRequest,
    Duplicate,
    Service,
    Standing,
    Visibility,
)
from asset_hub.directory.rules import homes, snapshot
from asset_hub.directory.rules.homes import Sign

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
REACHED_BY = ("phone", "email", "url")


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
    """One thing that may go wrong; a grave one harms somebody."""

    words: str
    grave: bool = False


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


def of_change(change: ChangeRequest, *, reports: int = 1) -> list[Risk]:
    """Return what is at risk in a change that somebody asks for."""
    found: list[Risk] = []
    public = change.service.standing is Standing.LISTED
    if change.asks is Asks.GONE:
        said = "somebody says" if reports < 2 else f"{reports} people say"
        found.append(Risk(f"it is public now and {said} it has gone", grave=public))
    if change.asks is Asks.CLAIM:
        found.append(Risk("whoever gets it can change what everybody reads", grave=True))
    if change.asks is Asks.CHANGE:
        found += _of_parts(change)
    if change.asker is Asker.VISITOR and change.asks is not Asks.GONE:
        found.append(Risk("from somebody we do not know"))
    if change.made_on != change.service.version:
        found.append(Risk("the listing has changed since"))
    return _gravest_first(found)


def _of_parts(change: ChangeRequest) -> list[Risk]:
    after, found = change.after, []
    if "contact" in after:
        found.append(Risk("the private contact changes", grave=True))
    if any(name in after for name in REACHED_BY):
        found.append(Risk("how people reach it changes", grave=change.asker is Asker.VISITOR))
    if "places" in after:
        places = [one for one in after["places"] or [] if isinstance(one, dict)]
        shown = any(one.get("visibility") == Visibility.EXACT.value for one in places)
        if shown and homes.sign_of(change.service):
            found.append(Risk("shows what may be a home address", grave=True))
        found.append(Risk("the address changes"))
    if "times" in after:
        found.append(Risk("people may come at the wrong time"))
    if change.photo_id:
        found.append(Risk("a new photograph: look at who is in it"))
    if set(after) & snapshot.PRIVATE - {"contact"}:
        found.append(Risk("private notes change"))
    return found


def of_pair(pair: Duplicate, *, alike: int = 1) -> list[Risk]:
    """Return what is at risk while one group may be listed twice."""
    found = [Risk("people may find the one that is out of date")]
    confirmed = [one.confirmed_at for one in (pair.one, pair.other)]
    if None in confirmed and any(confirmed):
        found.append(Risk("only one of them was ever confirmed"))
    if alike > 1:
        found.append(Risk(f"{alike} pairs like it from the same import"))
    return found


def _gravest_first(found: list[Risk]) -> list[Risk]:
    return sorted(found, key=lambda risk: not risk.grave)
