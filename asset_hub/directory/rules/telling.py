"""Parts of a service in plain words: for those who review, for its history, for everybody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from asset_hub.core.calendar import say_date
from asset_hub.directory.models import (
    KIND_WORDS,
    PART_WORDS,
    TIME,
    Away,
    Freq,
    Kind,
    Parts,
    Schedule,
)
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.dates import next_meetings
from asset_hub.directory.rules.places import TOLD_BY_ORGANISER, place_of, say_kept, say_place
from asset_hub.directory.rules.times import say, say_when
from asset_hub.directory.rules.wording import Piece, compared

AWAY = {Away.AWAY: "does not meet", Away.QUIET: "meets, nobody new"}
FULL = "Until they say so"
_TYPED: dict[str, Callable[[str], Any]] = {
    "freq": Freq,
    "opens_at": time.fromisoformat,
    "closes_at": time.fromisoformat,
    "dtstart": date.fromisoformat,
    "valid_to": date.fromisoformat,
}
Names = Mapping[str, str]  # what a topic's slug or a community's id is called


@dataclass(frozen=True)
class Told:
    """One part in words: as it was, as it is now, as it is suggested."""

    name: str
    label: str
    was: str
    to: str
    now: str = ""
    clash: bool = False  # somebody else has changed it meanwhile
    notes: Sequence[str] = field(default_factory=tuple)
    public: bool = True  # whether everybody may read `was`

    @property
    def pieces(self) -> tuple[list[Piece], list[Piece]]:
        """Return both texts in pieces, those that differ marked."""
        return compared(self.was, self.to)

    @property
    def private(self) -> bool:
        """Return whether it is never published."""
        return self.name in snapshot.PRIVATE


def tell(before: Parts, after: Parts, *, names: Names, today: date) -> list[Told]:
    """Return each part of `after` beside what `before` holds, in the order of a listing."""
    order = [name for name in PART_WORDS if name in after]
    return [
        Told(
            name=name,
            label=PART_WORDS[name],
            was=say_part(name, before.get(name), names=names),
            to=say_part(name, after[name], names=names),
            notes=next_dates(after[name], today) if name == "times" else (),
        )
        for name in order
    ]


def labels(names: list[str]) -> str:
    """Return the parts' names as one phrase: "cost, when"."""
    return ", ".join(PART_WORDS[name].lower() for name in PART_WORDS if name in names)


def say_part(name: str, value: Any, *, names: Names) -> str:
    """Return a part in words; an empty one is an empty text."""
    if value in (None, "", []):
        return ""
    return _SAID[name](value, names) if name in _SAID else str(value)


def say_openly(name: str, value: Any, *, near: str, names: Names) -> str:
    """Return a part in the words that everybody may read, in one line."""
    if name == "places":
        return say_where_public(value, near)
    if name == "times":
        return say_times(value)
    return say_part(name, value, names=names).replace("\n", "; ")


def say_times(times: list[Parts]) -> str:
    """Return when it meets, from parts."""
    return say_when(map(schedule_of, times))


def schedule_of(parts: Parts) -> Schedule:
    """Return a time's parts as a row that nobody saves, so that it can be said."""
    kept = {name: parts[name] for name in TIME if name in parts}
    return Schedule(
        **{
            name: _TYPED[name](value) if name in _TYPED and value else value
            for name, value in kept.items()
        }
    )


def next_dates(times: list[Parts], today: date) -> tuple[str, ...]:
    """Return the next dates that times give, as one note."""
    found = next_meetings(list(map(schedule_of, times)), today=today)
    if not found:
        return ("No dates follow from these words.",) if times else ()
    return ("Next: " + "; ".join(say_date(meeting.on) for meeting in found),)


def say_where_public(places: list[Parts], near: str) -> str:
    """Return where it is, as much as everybody may know; nothing of a hidden address."""
    said = (say_place(one, near, hidden=TOLD_BY_ORGANISER) for one in map(place_of, places))
    return "; ".join(dict.fromkeys(filter(None, said)))


def _places(value: list[Parts], _: Names) -> str:
    return "\n".join(say_kept(place_of(parts)) for parts in value)


def _times(value: list[Parts], _: Names) -> str:
    return "\n".join(filter(None, (say(schedule_of(one)) for one in value)))


def _closures(value: list[Parts], _: Names) -> str:
    return "\n".join(map(_closure, value))


def _closure(parts: Parts) -> str:
    first, last = (date.fromisoformat(parts[name]) for name in ("starts_on", "ends_on"))
    days = say_date(first) if first == last else f"{say_date(first)} to {say_date(last)}"
    why = f" ({parts['reason']})" if parts.get("reason") else ""
    return f"{days}: {AWAY[Away(parts['kind'])]}{why}"


def _named(value: list[str], names: Names) -> str:
    return ", ".join(sorted(names.get(slug, slug) for slug in value))


def _contact(value: Parts, _: Names) -> str:
    return "\n".join(filter(None, (value.get(name) for name in snapshot.CONTACT)))


def _full(value: str, _: Names) -> str:
    day = date.fromisoformat(value)
    return FULL if day == date.max else say_date(day)


_SAID: dict[str, Callable[[Any, Names], str]] = {
    "kind": lambda value, _: KIND_WORDS[Kind(value)],
    "community_id": lambda value, names: names.get(value, "Another community"),
    "photo_id": lambda *_: "A picture",
    "places": _places,
    "times": _times,
    "closures": _closures,
    "topics": _named,
    "not_for": _named,
    "contact": _contact,
    "full_until": _full,
}
