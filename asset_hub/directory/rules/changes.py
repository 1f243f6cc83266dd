"""What a suggested change does to a listing: what waits, what clashes, what is at risk."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from asset_hub.core.calendar import UNDO_WITHIN
from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Parts, Visibility
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.telling import say_part, say_times, say_where_public

NOTICE = timedelta(days=7)  # how long the old address may say "this was not us"
FAR = 200  # metres; a pin that moves farther may be another place
NOW, SUGGESTED = "now", "suggested"  # what a reviewer picks
WORDS = ("when_words", "where_words")  # said by a visitor, for somebody to put into the listing
_STRICT = [Visibility.EXACT.value, Visibility.AREA.value, Visibility.HIDDEN.value]
_IN_WORDS: Parts = {
    "freq": None, "interval": 1, "byday": "", "opens_at": None, "closes_at": None,
    "dtstart": None, "valid_to": None, "place": None,
}  # fmt: skip


def with_words(parts: Mapping[str, Any], near: str) -> Parts:
    """Return the parts, and beside them when and where in the words that everybody reads."""
    return {
        **parts,
        "when_words": say_times(parts["times"]),
        "where_words": say_where_public(parts["places"], near),
    }


def at_once(before: Mapping[str, Any], after: Mapping[str, Any]) -> Parts:
    """Return the parts that need no look: true for a while, or an address shown less than it was.

    Takes what those who run a group change themselves.
    """
    found = {name: value for name, value in after.items() if name in snapshot.OPERATING}
    if "places" in after and _only_hides(before["places"], after["places"]):
        found["places"] = after["places"]
    return found


def _only_hides(before: list[Parts], after: list[Parts]) -> bool:
    def bare(places: list[Parts]) -> list[Parts]:
        return [{**place, "visibility": ""} for place in places]

    def strict(places: list[Parts]) -> list[int]:
        return [_STRICT.index(place["visibility"]) for place in places]

    stricter = all(b <= a for b, a in zip(strict(before), strict(after), strict=False))
    return bool(after) and bare(before) == bare(after) and stricter


def to_pick(
    before: Mapping[str, Any], now: Mapping[str, Any], after: Mapping[str, Any]
) -> list[str]:
    """Return the names of the parts that a reviewer must choose for."""
    words = {name for name in WORDS if name in after}
    return sorted({*snapshot.conflicts(before, now, after), *words})


def chosen(
    before: Mapping[str, Any],
    now: Mapping[str, Any],
    after: Mapping[str, Any],
    picks: Mapping[str, str],
) -> Parts:
    """Return the parts to give the listing; raise RuleBroken while a choice is missing.

    Where in words is never put into a listing: a place has an address and a point.
    """
    asked = to_pick(before, now, after)
    for name in asked:
        if picks.get(name) not in (NOW, SUGGESTED):
            raise RuleBroken("Choose one for each part that was changed twice", field=name)
    found = {
        name: value
        for name, value in after.items()
        if name not in asked or picks[name] == SUGGESTED
    }
    found.pop("where_words", None)
    if words := found.pop("when_words", None):
        found["times"] = [{**_IN_WORDS, "description": words}]
    return found


def undoable(before: Parts, after: Parts, now: Parts) -> tuple[Parts, list[str]]:
    """Return the parts an undo puts back, and the names of those that were changed since."""
    since = sorted(name for name in before if now.get(name) != after.get(name))
    return {name: value for name, value in before.items() if name not in since}, since


def may_undo(at: datetime, now: datetime) -> bool:
    """Return whether a change is young enough to be undone by a button."""
    return now - at < UNDO_WITHIN


def risks(now: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return what a reviewer should think about before saying yes."""
    changed = [name for name in after if now.get(name) != after[name]]
    found = [words for name, words in _RISKS.items() if name in changed]
    touches = "contact" in after or "email" in after
    if touches and mail_of(now).casefold() != mail_of({**now, **after}).casefold():
        found.append("Mail about this listing would go to another address.")
    if "places" in after:
        found += list(_place_risks(now["places"], after["places"]))
    return found


_RISKS = {
    "name": "It would have another name. Is it still the same group?",
    "organization_name": "Somebody else would be said to run it.",
    "community_id": "It would be in another community, whose champions look at it then.",
    "phone": "People would ring another number. Ring it first if you do not know it.",
    "email": "People would write to another address.",
    "url": "People would go to another website. Look at it first.",
}


def mail_of(parts: Mapping[str, Any]) -> str:
    """Return where mail about a listing goes: its private contact, else its public address."""
    return str(parts["contact"]["email"] or parts["email"])


def _place_risks(before: list[Parts], after: list[Parts]) -> list[str]:
    found = []
    for number, new in enumerate(after):
        old, said = _was(number, before, after), say_part("places", [new], names={})
        if old is None:
            found.append(f"A place would be added: {said}. Is it somebody’s home?")
            continue
        if _STRICT.index(new["visibility"]) < _STRICT.index(old["visibility"]):
            words = "An address that was kept back would be shown"
            found.append(f"{words}: {said}. Is it somebody’s home?")
        moved = metres(old, new)
        if moved > FAR:
            found.append(f"The pin moves {_say_metres(moved)}.")
    return found


def _was(number: int, before: list[Parts], after: list[Parts]) -> Parts | None:
    """Return what a place was before, by its address or else by its number; None when added."""

    def same(one: Parts) -> bool:
        names = ("name", "address_1", "postal_code")
        return all(one[name] == after[number][name] for name in names)

    found = next(filter(same, before), None)
    return found or (before[number] if len(before) == len(after) else None)


def metres(old: Parts, new: Parts) -> float:
    """Return how far apart two places are; 0 when one has no point."""
    points = [place[name] for place in (old, new) for name in ("latitude", "longitude")]
    if None in points:
        return 0
    north = (points[2] - points[0]) * 111_195
    east = (points[3] - points[1]) * 111_195 * math.cos(math.radians(points[0]))
    return math.hypot(north, east)


def _say_metres(distance: float) -> str:
    return f"{distance / 1000:.1f} km" if distance >= 1000 else f"{round(distance, -1):.0f} m"
