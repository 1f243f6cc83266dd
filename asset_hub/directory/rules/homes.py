"""Listings of homes and refuges: an address that must not be everybody's.

Signs are read from the words. They are asked about, never taken for a fact: whoever lists is
asked twice, whoever approves must agree, and until somebody has agreed the address is not shown.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from asset_hub.directory.models import Kind, Parts, Service, Visibility
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.answers import topics_of
from asset_hub.directory.rules.places import stricter


class Sign(StrEnum):
    """What a listing looks like."""

    HOME = "home"  # somebody's home
    REFUGE = "refuge"  # people are kept safe there from others who look for them
    SAFETY = "safety"  # it helps people who are not safe, and may be such a place


SIGN_WORDS = {
    Sign.HOME: "This may be somebody’s home.",
    Sign.REFUGE: "People may be kept safe here from somebody who looks for them.",
    Sign.SAFETY: "It helps people who are not safe; somebody may look for them here.",
}
SHOWN_AS = {
    Sign.HOME: Visibility.AREA,
    Sign.REFUGE: Visibility.HIDDEN,
    Sign.SAFETY: Visibility.AREA,
}
ASK_AGAIN = "Say whether the address may be public"
ASK_A_CHAMPION = (
    "This may be somebody’s home, or a place where people are kept safe. "
    "Ask your health champion to show the address."
)
REFUSED = (
    "The address of a refuge or safe place must not be public. Choose to show roughly where it is, "
    "or none of it. A champion can show it later, if it is meant for everybody."
)
SAFETY = "safety"  # the topic: domestic abuse, hate crime

TEXTS = ("name", "summary", "description", "eligibility", "how_to_join", "first_visit", "access")

_ANIMALS = r"(?<!animal )(?<!animals )(?<!wildlife )(?<!bird )(?<!dog )(?<!cat )(?<!donkey )"
_ANIMALS += r"(?<!hedgehog )(?<!horse )(?<!horses )"
# The signs are looked for in small letters.
_REFUGE = re.compile(
    rf"\b({_ANIMALS}refuges?\b(?! (point|from))|safe[ -]?houses?|women['’]?s[ -]aid|womans[ -]aid"
    r"|safe accommodation|sanctuary scheme"
    r"|(hostels?|accommodation|shelters?|home) for (women|men|people|families|survivors|victims)"
    r"[^.]{0,40}(abuse|violence|trafficking))\b"
)
_SAFETY = re.compile(
    r"\b((fleeing|escaping|victims of|survivors of)[^.]{0,30}(abuse|violence|trafficking)"
    r"|domestic (abuse|violence)|honour[- ]based|forced marriage"
    r"|rape crisis|sexual (abuse|assault|violence))\b"
)
_HOME = re.compile(
    r"\b((at|in|from|to) (my|our) (own )?(home|house|flat|kitchen|garage|garden|living room)"
    r"|my (home|house|flat|kitchen|front room|living room|garage|garden|dining room)"
    r"|our (house|flat|front room|living room|kitchen table)"
    r"|(someone|somebody|a member|member)['’]s (home|house|living room)"
    r"|(host|leader|organiser)['’]s (home|house)|private (home|house|residence)"
    r"|members['’]? (homes|houses)|each other['’]?s (homes|houses))\b"
)
_SEVERAL = re.compile(
    r"\b(association|assoc|society|club|group|trust|charity|council|church|parish|mosque|temple"
    r"|school|college|university|centre|center|cic|cio|ltd|limited|company|partnership|friends"
    r"|neighbours|community|library|service|services|foundation|team|choir|band|project"
    r"|network|forum|nhs|surgery|practice|hall|institute|union|league|academy|hub|cafe|café|and"
    r"|the|of|uk|aid|house|inn|bar|pub|shop|store|gym|studio|fc|afc|rfc|cc|arts|studios?|agency|army|therapies)\b|&|\d",
    re.IGNORECASE,
)
# Small words of which every match has one: looking for them first is many times as quick, and an
# import looks at tens of thousands of texts.
_HINTS = {
    _REFUGE: (
        "refuge", "safe house", "safe-house", "safehouse", "safe accommodation", "s aid", "s-aid",
        "sanctuary scheme", "abuse", "violence", "trafficking",
    ),
    _SAFETY: ("abuse", "violence", "trafficking", "honour", "forced", "rape", "assault"),
    _HOME: (
        " home", " house", " flat", " kitchen", " garage", " garden", " living room",
        " front room", " dining room", " residence",
    ),
}  # fmt: skip
_ROOM = re.compile(" (?:home|house|flat|kitchen|garage|garden|living|front|dining|residence)")
_WHOSE = ("my", "our", "own", "s", "'", "’", "private")  # what stands before it
_PERSON = re.compile(r"((Mr|Mrs|Ms|Miss|Mx|Dr)\.? )?[^\W\d_][\w'’.-]*( [^\W\d_][\w'’.-]*){1,2}")
_STREET = re.compile(r"^\s*((flat|apartment)\s*)?\d+[a-z]?\b", re.IGNORECASE)


def sign_in(
    texts: Iterable[str],
    *,
    kind: Kind | str,
    runner: str = "",
    topics: Sequence[str] = (),
    places: Sequence[tuple[str, str]] = (),
) -> Sign | None:
    """Return what a listing looks like, if it is a home or a refuge.

    `places` holds (name, street address) pairs, `topics` slugs.
    """
    said, runs = "\n".join(texts).lower(), runner.lower()
    if _has(_REFUGE, said) or _has(_REFUGE, runs):
        return Sign.REFUGE
    if SAFETY in topics or _has(_SAFETY, said) or _has(_SAFETY, runs):
        return Sign.SAFETY
    if kind == Kind.GIFT or _has_home(said):
        return Sign.HOME
    residential = any(not name and _STREET.match(street) for name, street in places)
    return Sign.HOME if residential and is_a_person(runner) else None


def sign_of(service: Service) -> Sign | None:
    """Return whether a listing looks like a home or a refuge."""
    return sign_in(
        [getattr(service, name) or "" for name in TEXTS],
        kind=service.kind,
        runner=service.organization.name if service.organization else "",
        topics=[term.slug for term in service.terms],
        places=[(at.location.name, at.location.address_1) for at in service.places],
    )


def sign_of_answers(answers: Mapping[str, Any]) -> Sign | None:
    """Return whether answers look like a home or a refuge that is to be shown to everybody."""
    if answers.get("setting") != Visibility.EXACT:
        return None
    return sign_in(
        [answers.get(name) or "" for name in TEXTS],
        kind=answers.get("kind") or "",
        runner=answers.get("organization_name") or "",
        topics=topics_of(answers),
        places=[(answers.get("place_name") or "", answers.get("address_1") or "")],
    )


def names_a_refuge(answers: Mapping[str, Any]) -> bool:
    """Return whether answers that show an address name a refuge, not only a topic near one."""
    exact = answers.get("setting") == Visibility.EXACT
    return exact and is_certain(
        [answers.get(name) or "" for name in TEXTS], answers.get("organization_name") or ""
    )


def to_agree(service: Service) -> Sign | None:
    """Return what an address has to be agreed for before everybody may know it."""
    sign = sign_of(service)
    exact = [at.location for at in service.places if at.location.visibility is Visibility.EXACT]
    asked = sign and any(not is_agreed(service, snapshot.place_parts(one), sign) for one in exact)
    return sign if asked else None


def newly_shown(before: Parts, after: Parts, agreed: str) -> Sign | None:
    """Return what a change has to be agreed for: it shows an address that was not shown before.

    `before` and `after` are all parts of a service. What was a home or refuge before the change
    counts as one: a change does not take the sign away and show the address at once.
    """
    sign = max(filter(None, map(sign_of_parts, (before, after))), key=_HARDER.index, default=None)
    if sign is None:
        return None
    shown = {_mark(one, sign) for one in _exact(before)} | set(agreed.split())
    return sign if any(_mark(one, sign) not in shown for one in _exact(after)) else None


def sign_of_parts(parts: Parts) -> Sign | None:
    """Return whether a service's parts look like a home or a refuge."""
    return sign_in(
        [parts[name] or "" for name in TEXTS],
        kind=parts["kind"],
        runner=parts["organization_name"],
        topics=parts["topics"],
        places=[(one["name"], one["address_1"]) for one in parts["places"]],
    )


def is_agreed(service: Service, place: Parts, sign: Sign) -> bool:
    """Return whether somebody agreed that this address is for everybody, knowing this sign."""
    return _mark(place, sign) in service.address_agreed


def marks(service: Service, sign: Sign) -> str:
    """Return what is kept of an agreement: its addresses, each with the sign and lesser ones."""
    known = _HARDER[: _HARDER.index(sign) + 1]
    exact = _exact(snapshot.parts_of(service))
    return " ".join(sorted(_mark(place, each) for place in exact for each in known))


_HARDER = (Sign.HOME, Sign.SAFETY, Sign.REFUGE)


def _exact(parts: Parts) -> list[Parts]:
    return [one for one in parts["places"] if one["visibility"] == Visibility.EXACT.value]


def _mark(place: Parts, sign: Sign) -> str:
    names = ("name", "address_1", "postal_code", "latitude", "longitude")
    said = json.dumps([sign.value, *(place[name] for name in names)])
    return hashlib.sha256(said.encode()).hexdigest()


def is_certain(texts: Iterable[str], runner: str = "") -> bool:
    """Return whether the words themselves name a refuge, not only a topic that may mean one."""
    return _has(_REFUGE, "\n".join(texts).lower()) or _has(_REFUGE, runner.lower())


def _has(signs: re.Pattern[str], low: str) -> bool:
    return _hinted(signs, low) and bool(signs.search(low))


def _hinted(signs: re.Pattern[str], low: str) -> bool:
    for hint in _HINTS[signs]:  # noqa: SIM110 (`any` costs twice as much, and texts are many)
        if hint in low:
            return True
    return False


def _has_home(low: str) -> bool:
    """Return whether a text in small letters speaks of somebody's home."""
    if not _hinted(_HOME, low):
        return False
    for room in _ROOM.finditer(low):
        if low.endswith(_WHOSE, 0, room.start()):
            return bool(_HOME.search(low))
    return False


def is_a_person(name: str) -> bool:
    """Return whether who runs it reads like somebody's name: "Olive Green", "Mrs Patel"."""
    return bool(_PERSON.fullmatch(name.strip())) and not _SEVERAL.search(name)


def at_most(shown: Visibility, sign: Sign) -> Visibility:
    """Return how much of a place may be shown until somebody agreed to more."""
    return stricter(shown, SHOWN_AS[sign])
