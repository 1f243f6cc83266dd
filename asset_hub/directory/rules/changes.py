"""What a suggested change does to a listing: what waits, what clashes, what is put back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from asset_hub.core.calendar import UNDO_WITHIN
from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Parts, RevisionCause
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.places import STRICTNESS
from asset_hub.directory.rules.telling import say_times, say_where_public

UNDONE_ELSEWHERE = frozenset({RevisionCause.MERGE, RevisionCause.TOPIC})  # as a whole
NOTICE = timedelta(days=7)  # how long the old address may say "this was not us"
NOW, SUGGESTED = "now", "suggested"  # what a reviewer picks
WORDS = ("when_words", "where_words")  # said by a visitor, for somebody to put into the listing
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
        return [STRICTNESS.index(place["visibility"]) for place in places]

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


def mail_moves(now: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Return whether mail about a listing would go to another address."""
    return mail_of(now).casefold() != mail_of({**now, **after}).casefold()


def mail_of(parts: Mapping[str, Any]) -> str:
    """Return where mail about a listing goes: its private contact, else its public address."""
    return str(parts["contact"]["email"] or parts["email"])
