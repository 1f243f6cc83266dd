"""Whether a group can welcome new people, and how that is said."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from asset_hub.core.errors import RuleBroken

UNTIL_WE_SAY = date.max  # full until somebody says otherwise
AS_MANY_AS_COME = 999  # people a month: a group that sets no limit has said that it has room
MOST = 99  # people a month that a group may name
ROOM, SOME, FULL, FULL_FOR_NOW = "room", "some", "full", "for_now"  # the choices of the form


def is_full(full_until: date | None, today: date) -> bool:
    """Return whether a group takes nobody new today; on the day it named it does again."""
    return full_until is not None and full_until > today


def say_room(welcomes: int | None, full_until: date | None, today: date) -> str:
    """Return "Has room: welcomes 3 new people a month", "Full until 1 October" or nothing."""
    if is_full(full_until, today):
        return _say_full(full_until or today, today)
    if welcomes is None:
        return ""
    if welcomes >= AS_MANY_AS_COME:
        return "Has room for new people"
    return f"Has room: welcomes {welcomes} new {'person' if welcomes == 1 else 'people'} a month"


def _say_full(until: date, today: date) -> str:
    if until == UNTIL_WE_SAY:
        return "Full for now"
    year = f" {until.year}" if until.year != today.year else ""
    return f"Full until {until.day} {until:%B}{year}"


def say_card(room: Mapping[str, Any] | None, today: date) -> str:
    """Return the same from the published card (`card["room"]`)."""
    if not room:
        return ""
    until = room.get("full_until")
    return say_room(room.get("welcomes"), date.fromisoformat(until) if until else None, today)


def on_card(welcomes: int | None, full_until: date | None) -> dict[str, Any] | None:
    """Return what the published card keeps, to be said and filtered by on any later day.

    `full_until` is the first day with room again, as YYYY-MM-DD ("9999-12-31": nobody knows),
    `welcomes` how many a month (999: as many as come).
    """
    if welcomes is None and full_until is None:
        return None
    return {"welcomes": welcomes, "full_until": full_until.isoformat() if full_until else None}


def answers_from(welcomes: int | None, full_until: date | None, today: date) -> dict[str, Any]:
    """Return how a group would answer the form now."""
    many = welcomes if welcomes is not None and welcomes < AS_MANY_AS_COME else None
    found: dict[str, Any] = {"room": None, "welcomes": many, "full_until": None}
    if is_full(full_until, today):
        known = full_until != UNTIL_WE_SAY
        return found | {
            "room": FULL if known else FULL_FOR_NOW,
            "full_until": full_until if known else None,
        }
    if welcomes is not None:
        found["room"] = SOME if many is not None else ROOM
    return found


def room_from(answers: Mapping[str, Any], now: int | None, today: date) -> dict[str, Any]:
    """Return the parts of a service that the form's answers give; `now` is what it welcomes.

    A group that is full keeps how many it welcomes, for the day when it has room again.
    """
    room, until = answers["room"], answers["full_until"]
    if room == SOME:
        if not answers["welcomes"]:
            raise RuleBroken("Enter how many new people a month", field="welcomes")
        return {"welcomes": answers["welcomes"], "full_until": None}
    if room == FULL:
        if until is None:
            raise RuleBroken("Enter the day from which there is room again", field="full_until")
        if until <= today:
            raise RuleBroken("Enter a day in the future", field="full_until")
        return {"welcomes": now, "full_until": until.isoformat()}
    if room == FULL_FOR_NOW:
        return {"welcomes": now, "full_until": UNTIL_WE_SAY.isoformat()}
    return {"welcomes": AS_MANY_AS_COME, "full_until": None}
