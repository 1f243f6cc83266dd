"""Places of a group: which time is where, and what must not be given away."""

from collections.abc import Mapping, Sequence
from typing import Any

from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Parts, Visibility
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules.listing import Place, say_place

MOST_PLACES = 8


def say_briefly(place: Place) -> str:
    """Return a place as it is called: its name, street or town; nothing when it is hidden."""
    if place.visibility is Visibility.HIDDEN:
        return ""
    if place.visibility is Visibility.AREA:
        return say_place(place).replace("Near", "near", 1)
    return place.name or place.address_1 or place.city or place.postal_code


def say_plainly(place: Parts) -> str:
    """Return a place to those who look after it, whatever is shown of it."""
    named = (place["name"], place["address_1"], place["city"], place["postal_code"])
    return ", ".join(dict.fromkeys(filter(None, named))) or "A place on the map"


def without(places: list[Parts], times: list[Parts], number: int) -> dict[str, list[Parts]]:
    """Return places and times when one place is no longer used: its times say no place."""
    kept = [place for at, place in enumerate(places) if at != number]
    return {
        "places": kept,
        "times": [one | {"place": _after(one["place"], number)} for one in times],
    }


def _after(place: int | None, gone: int) -> int | None:
    if place is None or place == gone:
        return None
    return place - 1 if place > gone else place


def must_keep_the_secrets(places: Sequence[Parts], words: Mapping[str, Any]) -> None:
    """Refuse public words that give away the address of any place meant not to be shown."""
    for place in places:
        secret = {
            "setting": place["visibility"],
            "postcode": place["postal_code"],
            "address_1": place["address_1"],
        }
        of.must_keep_the_secret({**words, **secret})


def must_be_few(places: Sequence[Parts]) -> None:
    """Refuse more places than anybody would read."""
    if len(places) > MOST_PLACES:
        raise RuleBroken(f"A group can have {MOST_PLACES} places. Take one away first.")
