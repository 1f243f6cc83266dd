"""What narrows a search besides words, place and topic: when, cost, way, language, room, age. Pure.

Each group of choices is a set: one of a set is enough, and of each set one has to be there. The
marks are those a published listing carries (`directory.rules.facets`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from asset_hub.core.calendar import say_date
from asset_hub.directory import service as directory

OLDEST = 120
MOST_CHOICES = 12  # of one group, in one address
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
PARTS = ("am", "pm", "eve")
HOURS = {"am": (0, 720), "pm": (720, 1020), "eve": (1020, 1440)}  # minutes of the day


@dataclass(frozen=True)
class Group:
    """One set of choices: its name in an address, its heading, and (value, words) of each."""

    name: str
    heading: str
    choices: tuple[tuple[str, str], ...]

    def words(self, value: str) -> str:
        """Return a choice in words."""
        return dict(self.choices).get(value, value)


WORDS: Mapping[str, tuple[tuple[str, str], ...]] = directory.choices()
GROUPS = (
    Group("day", "Which day?", WORDS["day"]),
    Group("part", "What time?", WORDS["part"]),
    Group("cost", "What does it cost?", (("free", "Free"), ("donation", "By donation"))),
    Group("way", "How?", (("in-person", "In person"), ("online", "By phone or online"))),
    Group("room", "Room", (("yes", "Has room for new people"),)),
    Group("lang", "Language", WORDS["lang"]),
    Group("kind", "What sort?", WORDS["kind"]),
)
BY_NAME = {group.name: group for group in GROUPS}
Chosen = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Filters:
    """What was chosen: values by the name of their group, a person's age, a date."""

    chosen: Chosen = ()
    age: int | None = None
    on: date | None = None

    def __bool__(self) -> bool:
        """Return whether anything is chosen."""
        return bool(self.chosen) or self.age is not None or self.on is not None

    def of(self, name: str) -> tuple[str, ...]:
        """Return what is chosen of a group."""
        return dict(self.chosen).get(name, ())

    def toggled(self, name: str, value: str) -> "Filters":
        """Return the same with one choice more, or without it when it was there."""
        had = self.of(name)
        now = tuple(v for v in had if v != value) if value in had else (*had, value)
        known = dict(self.chosen) | {name: now}
        kept = ((group.name, known.get(group.name, ())) for group in GROUPS)
        return replace(self, chosen=tuple((one, values) for one, values in kept if values))

    @property
    def sets(self) -> tuple[tuple[str, ...], ...]:
        """Return the sets of marks of which a listing must have one each."""
        found = [marks for name, values in self.chosen if (marks := _marks(name, values))]
        parts = () if self.on else self.of("part")  # then the meetings of the day are asked
        found += [days] if (days := _when(self.of("day"), parts)) else []
        return tuple(found)

    @property
    def hours(self) -> tuple[tuple[int, int], ...]:
        """Return the parts of the day that were chosen, as minutes, when a day was, too."""
        return tuple(HOURS[part] for part in self.of("part")) if self.on else ()

    @property
    def needs_room(self) -> bool:
        """Return whether only groups that can welcome somebody new are wanted."""
        return bool(self.of("room"))

    @property
    def params(self) -> dict[str, Any]:
        """Return what is chosen as the arguments of an address."""
        found: dict[str, Any] = {name: list(values) for name, values in self.chosen}
        if self.age is not None:
            found["age"] = str(self.age)
        if self.on is not None:
            found["on"] = self.on.isoformat()
        return found

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return the same one by one, for the hidden fields of a form."""
        return [
            (name, value)
            for name, values in self.params.items()
            for value in ([values] if isinstance(values, str) else values)
        ]


NOTHING = Filters()


def read(arguments: MultiDict[str, str], problems: dict[str, str]) -> Filters:
    """Read the filters from an address; a choice nobody offers is left out and said."""
    chosen = []
    for group in GROUPS:
        known = [value for value, _ in group.choices]
        typed = [text.strip().lower() for text in arguments.getlist(group.name)[:MOST_CHOICES]]
        if any(value and value not in known for value in typed):
            problems[group.name] = f"Choose “{group.heading}” from the list"
        if values := tuple(value for value in known if value in typed):
            chosen.append((group.name, values))
    return Filters(
        tuple(chosen), _age(arguments.get("age", ""), problems),
        _on(arguments.get("on", ""), problems),
    )  # fmt: skip


def _age(text: str, problems: dict[str, str]) -> int | None:
    typed = text.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 3 or int(typed) > OLDEST:
        problems["age"] = f"Enter an age in years, from 0 to {OLDEST}"
        return None
    return int(typed)


def _on(text: str, problems: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        problems["on"] = "Choose a day from the list"
        return None


def _marks(name: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return the marks one of which is enough; days and times are put together elsewhere."""
    if name in {"day", "part"}:
        return ()
    if name == "room":
        return ("room",)
    prefix = {"lang": "lang-", "kind": "kind-"}.get(name, "")
    return tuple(prefix + value for value in values)


def _when(days: tuple[str, ...], parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the marks of "Thursday afternoon": a day, a part of any day, or both together."""
    if not parts:
        return days
    return tuple(f"{day}-{part}" for day in days or DAYS for part in parts)


def mark_when(filters: Filters, name: str, value: str) -> tuple[str, ...]:
    """Return the marks that one choice more would ask for, to count what it would leave.

    With a date the part of the day is that date's, and the days of the week stand beside it.
    """
    if filters.on is not None and name in {"day", "part"}:
        return (value,) if name == "day" else (f"{DAYS[filters.on.weekday()]}-{value}",)
    if name == "day":
        return _when((value,), filters.of("part"))
    if name == "part":
        return _when(filters.of("day"), (value,))
    return _marks(name, (value,))


def say(filters: Filters) -> list[tuple[str, "Filters"]]:
    """Return each thing chosen in words, with the filters that are left without it."""
    found = [
        (BY_NAME[name].words(value), filters.toggled(name, value))
        for name, values in filters.chosen for value in values
    ]  # fmt: skip
    if filters.on is not None:
        found.insert(0, (f"On {say_date(filters.on)}", replace(filters, on=None)))
    if filters.age is not None:
        found.append((f"For somebody aged {filters.age}", replace(filters, age=None)))
    return found


def days_ahead(today: date) -> list[tuple[date, str]]:
    """Return the next seven days to choose from: "Today", "Tomorrow", "Friday 27"."""
    days = [today + timedelta(days=n) for n in range(7)]
    named = {0: "Today", 1: "Tomorrow"}
    return [
        (day, named.get(n) or f"{day:%A} {day.day}") for n, day in enumerate(days)
    ]  # fmt: skip
