"""Places of a group: what is said of them and to whom, and what must not be given away.

A place is exact (everybody reads its address), an area (everybody reads "Near Ashby") or hidden
(nobody reads where it is). Every page, feed, mail and file says a place with one of the verbs
here: `say_place` to everybody, `say_address` to those who may know it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from asset_hub.core.errors import RuleBroken
from asset_hub.core.grid import coarse
from asset_hub.directory.models import Parts, Visibility
from asset_hub.directory.rules import answers as of

MOST_PLACES = 8
STRICTNESS = (Visibility.EXACT, Visibility.AREA, Visibility.HIDDEN)  # from open to closed
SHOWN = {
    Visibility.EXACT: "shown to everybody",
    Visibility.AREA: "shown only roughly",
    Visibility.HIDDEN: "not shown",
}
TOLD_BY_ORGANISER = "The organiser tells you where it is."
ON_THE_MAP = "A point on the map"


class Place(Protocol):
    """What is read of a location."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def address_1(self) -> str: ...  # noqa: D102
    @property
    def city(self) -> str: ...  # noqa: D102
    @property
    def postal_code(self) -> str: ...  # noqa: D102
    @property
    def latitude(self) -> float | None: ...  # noqa: D102
    @property
    def longitude(self) -> float | None: ...  # noqa: D102
    @property
    def visibility(self) -> Visibility: ...  # noqa: D102
    @property
    def approximate(self) -> bool: ...  # noqa: D102


@dataclass(slots=True, kw_only=True)
class PlainPlace:
    """A location as plain values, for imports."""

    name: str = ""
    address_1: str = ""
    city: str = ""
    postal_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    visibility: Visibility = Visibility.EXACT
    approximate: bool = False


def place_of(parts: Parts) -> PlainPlace:
    """Return a place as a listing's parts hold it."""
    return PlainPlace(**{**parts, "visibility": Visibility(parts["visibility"])})


def stricter(one: Visibility, other: Visibility) -> Visibility:
    """Return the one of the two that shows less."""
    return max(one, other, key=STRICTNESS.index)


def shows_more(one: Visibility, other: Visibility) -> bool:
    """Return whether the one shows more than the other."""
    return STRICTNESS.index(one) < STRICTNESS.index(other)


def is_shown(place: Place) -> bool:
    """Return whether anything of where it is may be said or drawn."""
    return place.visibility is not Visibility.HIDDEN


def public_point(place: Place) -> tuple[float, float] | None:
    """Return the point everybody may see of a place, if there is one."""
    if place.latitude is None or place.longitude is None or not is_shown(place):
        return None
    if is_area(place):
        return coarse(place.latitude, place.longitude)
    return place.latitude, place.longitude


def is_area(place: Place) -> bool:
    """Return whether the public point is only roughly right, on purpose or for want of better."""
    return place.visibility is Visibility.AREA or (
        place.approximate and place.visibility is Visibility.EXACT
    )


def say_where(places: Iterable[Place], community: str = "") -> str:
    """Return where a service meets, as much of it as everybody may know."""
    return "; ".join(dict.fromkeys(filter(None, (say_place(place, community) for place in places))))


def say_place(place: Place, community: str = "", *, hidden: str = "") -> str:
    """Return one place to everybody: its address, "Near Ashby", or `hidden` when it is."""
    if place.visibility is Visibility.EXACT:
        return say_address(place)
    if place.visibility is Visibility.HIDDEN:
        return hidden
    near = place.city or community
    return f"Near {near}" if near else ""


def say_address(place: Place) -> str:
    """Return the whole address, to those who may know it; empty when it is only a point."""
    parts = (place.name, place.address_1, place.city, place.postal_code)
    return ", ".join(dict.fromkeys(filter(None, parts)))


def say_kept(place: Place) -> str:
    """Return a place to those who look after it: its address, and how much of it is shown."""
    return f"{say_address(place) or ON_THE_MAP} ({SHOWN[place.visibility]})"


def say_on_the_way(place: Place) -> str:
    """Return a place to a champion who goes there: with its street, unless it is hidden."""
    return say_address(place) if is_shown(place) else ""


def say_briefly(place: Place) -> str:
    """Return a place as it is called: its name, street or town; nothing when it is hidden."""
    if place.visibility is Visibility.EXACT:
        return place.name or place.address_1 or place.city or place.postal_code
    return say_place(place).replace("Near", "near", 1)


def say_plainly(place: Parts) -> str:
    """Return a place to those who look after it, whatever is shown of it."""
    return say_address(place_of(place)) or ON_THE_MAP


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
