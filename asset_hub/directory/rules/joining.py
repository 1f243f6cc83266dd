"""Two listings as parts, made one: what is kept of each, and how they are put apart again."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from asset_hub.core.grid import apart
from asset_hub.directory.models import PART_WORDS, Parts
from asset_hub.directory.rules.prose import fold


class Take(StrEnum):
    """Whose words are kept."""

    KEPT = "kept"  # those of the listing that stays
    GONE = "gone"  # those of the listing that goes
    BOTH = "both"


TOGETHER = {"ages": ("minimum_age", "maximum_age")}  # asked about as one
UNASKED = frozenset(  # who runs it and its community are never taken over
    {"organization_name", "community_id", "when_words", "where_words", *TOGETHER["ages"]}
)
ASKED = tuple(part for part in PART_WORDS if part not in UNASKED)
LISTS = ("topics", "not_for", "places", "times", "closures")
TEXTS = ("description", "venue_notes")  # both may be kept, one after the other
SAME_PLACE = 50  # metres


def names_of(part: str) -> tuple[str, ...]:
    """Return the names, as a service's parts have them, that one question is about."""
    return TOGETHER.get(part, (part,))


def differing(kept: Parts, gone: Parts) -> list[str]:
    """Return the parts in which two listings differ, in the order they are asked about."""
    return [
        part for part in ASKED if any(kept.get(name) != gone.get(name) for name in names_of(part))
    ]


def is_empty(parts: Parts, part: str) -> bool:
    """Return whether a listing says nothing about a part."""
    found = [parts.get(name) for name in names_of(part)]
    if part == "contact":
        return not any((found[0] or {}).values())
    return all(value in (None, "", []) for value in found)


def usual(part: str, kept: Parts, gone: Parts) -> Take:
    """Return what is taken when nobody chooses: lists of both, else what the kept one says."""
    if part == "contact" and kept["email"]:
        return Take.KEPT  # who reads its public address runs it; nobody else gets its mail unasked
    if is_empty(kept, part):
        return Take.GONE
    if part in LISTS and not is_empty(gone, part):
        return Take.BOTH
    return Take.KEPT


def may_take(part: str, kept: Parts, gone: Parts) -> list[Take]:
    """Return what may be chosen for a part."""
    both = part in (*LISTS, *TEXTS) and not is_empty(kept, part) and not is_empty(gone, part)
    return [Take.KEPT, Take.GONE, *([Take.BOTH] if both else [])]


def joined(kept: Parts, gone: Parts, choices: Mapping[str, Take]) -> Parts:
    """Return the parts of the kept listing that change; the community is never taken over."""
    found: Parts = {}
    for part in differing(kept, gone):
        take = choices.get(part) or usual(part, kept, gone)
        if take is Take.KEPT or part in ("places", "times"):
            continue
        for name in names_of(part):
            found[name] = gone[name] if take is Take.GONE else _both(part, kept, gone)
    return found | _where_and_when(kept, gone, choices)


def _both(part: str, kept: Parts, gone: Parts) -> Any:
    if part in TEXTS:
        return "\n\n".join(dict.fromkeys(filter(None, (kept[part].strip(), gone[part].strip()))))
    if part == "closures":
        every = [*kept[part], *(one for one in gone[part] if one not in kept[part])]
        return sorted(every, key=lambda one: str(one["starts_on"]))
    return sorted({*kept[part], *gone[part]})


def _where_and_when(kept: Parts, gone: Parts, choices: Mapping[str, Take]) -> Parts:
    """Return places and times; a time that came along points at its place's new number."""
    where = choices.get("places") or usual("places", kept, gone)
    when = choices.get("times") or usual("times", kept, gone)
    places, numbers = _places(kept["places"], gone["places"], where)
    mine = [_moved(one, numbers[0]) for one in kept["times"]]
    theirs = [_moved(one, numbers[1]) for one in gone["times"]]
    if when is Take.BOTH:
        mine += [one for one in theirs if not any(_same_time(one, other) for other in mine)]
    times = theirs if when is Take.GONE else mine
    found: Parts = {}
    if places != kept["places"]:
        found["places"] = places
    if times != kept["times"] or "places" in found:
        found["times"] = times
    return found


Numbers = dict[int, int]


def _places(
    kept: list[Parts], gone: list[Parts], take: Take
) -> tuple[list[Parts], tuple[Numbers, Numbers]]:
    """Return the places, and for each listing's old numbers the new ones."""
    every = list(kept) if take is not Take.GONE else list(gone)
    if take is Take.BOTH:
        every += [one for one in gone if _find(one, every) is None]
    return every, (_numbers(kept, every), _numbers(gone, every))


def _numbers(old: list[Parts], every: list[Parts]) -> Numbers:
    found = {number: _find(place, every) for number, place in enumerate(old)}
    return {number: at for number, at in found.items() if at is not None}


def _find(place: Parts, among: list[Parts]) -> int | None:
    if place in among:
        return among.index(place)
    return next((n for n, other in enumerate(among) if _same_place(place, other)), None)


def _same_place(one: Parts, other: Parts) -> bool:
    """Return whether two are one place, shown as much of; a hidden one stays apart."""
    if one["visibility"] != other["visibility"]:
        return False
    left, right = (fold(f"{each['address_1']} {each['postal_code']}") for each in (one, other))
    if left and left == right:
        return True
    numbers = [re.findall(r"\d+", each["address_1"]) for each in (one, other)]
    if all(numbers) and numbers[0] != numbers[1]:
        return False
    points = [(each["latitude"], each["longitude"]) for each in (one, other)]
    if any(None in point for point in points) or one["approximate"] or other["approximate"]:
        return False
    same_code = one["postal_code"] == other["postal_code"]
    return same_code and apart(points[0], points[1]) <= SAME_PLACE


def _moved(time: Parts, numbers: Numbers) -> Parts:
    at = time.get("place")
    return time | {"place": None if at is None else numbers.get(at)}


def _same_time(one: Parts, other: Parts) -> bool:
    return {**one, "place": None} == {**other, "place": None}


def parted(before: Parts, after: Parts, now: Parts) -> tuple[Parts, list[str]]:
    """Return what the kept listing gets back, and the names that somebody changed since."""
    stays = sorted(name for name in after if now.get(name) != after[name] != before[name])
    back = {name: before[name] for name in after if name not in stays}
    if "places" in stays or "times" in stays:  # times point at places by number
        for name in ("places", "times"):
            if back.pop(name, None) is not None:
                stays.append(name)
    return back, sorted(set(stays))
