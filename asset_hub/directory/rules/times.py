"""When a group meets: said in plain words, and its next dates on London's clocks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Protocol

from dateutil import rrule  # type: ignore[import-untyped]

from asset_hub.core.calendar import say_date, say_time
from asset_hub.directory.models import Freq

DAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday",
    "SA": "Saturday", "SU": "Sunday",
}  # fmt: skip
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "last but one"}
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR"]
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_FREQ = {Freq.WEEKLY: rrule.WEEKLY, Freq.MONTHLY: rrule.MONTHLY}
FARTHEST = timedelta(days=400)  # beyond it a next date tells nobody anything


class Timing(Protocol):
    """What is read of a schedule: RRULE parts, or words instead of them."""

    @property
    def freq(self) -> Freq | None: ...  # noqa: D102
    @property
    def interval(self) -> int: ...  # noqa: D102
    @property
    def byday(self) -> str: ...  # noqa: D102
    @property
    def opens_at(self) -> time | None: ...  # noqa: D102
    @property
    def closes_at(self) -> time | None: ...  # noqa: D102
    @property
    def dtstart(self) -> date | None: ...  # noqa: D102
    @property
    def valid_to(self) -> date | None: ...  # noqa: D102
    @property
    def description(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The parts of a schedule as plain values, for imports and tests."""

    freq: Freq | None = None
    interval: int = 1
    byday: str = ""
    opens_at: time | None = None
    closes_at: time | None = None
    dtstart: date | None = None
    valid_to: date | None = None
    description: str = ""


@dataclass(frozen=True, order=True)
class Meeting:
    """One date on which a group meets, and its hours on the wall."""

    on: date
    opens_at: time | None = None
    closes_at: time | None = None

    @property
    def hours(self) -> str:
        """Return when on that day, as said: "10am to noon"; empty when nobody said."""
        return say_hours(self.opens_at, self.closes_at)

    @property
    def words(self) -> str:
        """Return the meeting as said: "Thursday 10 September 2026, 10am to noon"."""
        return ", ".join(filter(None, [say_date(self.on), self.hours]))


def say_when(schedules: Iterable[Timing]) -> str:
    """Return when a service meets, in plain words; empty when nobody said."""
    return "; ".join(dict.fromkeys(filter(None, map(say, schedules))))


def say(when: Timing) -> str:
    """Return one schedule in words: "Every Thursday, 10am to noon"."""
    if when.description:
        return when.description
    hours = say_hours(when.opens_at, when.closes_at)
    days = _say_days(when)
    return ", ".join(filter(None, [days, hours])) if days else hours[:1].upper() + hours[1:]


def say_hours(opens: time | None, closes: time | None) -> str:
    """Return "10am to noon", "from 10am", "until noon" or nothing."""
    if opens and closes:
        return f"{say_time(opens)} to {say_time(closes)}"
    if opens:
        return f"from {say_time(opens)}"
    return f"until {say_time(closes)}" if closes else ""


def days_of(byday: str) -> list[tuple[int, str]]:
    """Return the (nth, day) pairs of a BYDAY value, 0 for every; what is no day is left out."""
    found = (_DAY.fullmatch(part.strip().upper()) for part in byday.split(","))
    return [(int(day[1] or 0), day[2]) for day in found if day]


def _say_days(when: Timing) -> str:
    days = days_of(when.byday)
    if when.freq is Freq.MONTHLY and any(nth for nth, _ in days):
        return _say_monthly(days, when.interval)
    if when.freq is None or not days:
        return _say_bare(when)
    names = _names([day for _, day in days])
    if when.freq is Freq.MONTHLY or when.interval <= 1:
        return f"Every {names}"
    if when.interval == 2:
        return f"Every other {names}"
    return f"Every {when.interval} weeks on {names}"


def _say_bare(when: Timing) -> str:
    """Return what can be said without days: how often, or the one date that was given."""
    if when.freq is None:
        return say_date(when.dtstart) if when.dtstart else ""
    unit = "week" if when.freq is Freq.WEEKLY else "month"
    if when.interval <= 1:
        return f"Every {unit}"
    return f"Every other {unit}" if when.interval == 2 else f"Every {when.interval} {unit}s"


def _say_monthly(days: Sequence[tuple[int, str]], interval: int) -> str:
    grouped: dict[str, list[int]] = {}
    for nth, day in days:
        grouped.setdefault(day, []).append(nth)
    same = {tuple(sorted(nths)) for nths in grouped.values()}
    if len(same) == 1:
        which = f"{_say_nths(next(iter(grouped.values())))} {_join([DAYS[d] for d in grouped])}"
    else:
        which = _join([f"{_say_nths(nths)} {DAYS[day]}" for day, nths in grouped.items()])
    if interval <= 1:
        return f"Every {which} of the month"
    months = "Every other month" if interval == 2 else f"Every {interval} months"
    return f"{months} on the {which}"


def _say_nths(nths: Sequence[int]) -> str:
    return _join([NTH.get(nth, f"{nth}th") for nth in nths if nth])


def _names(days: Sequence[str]) -> str:
    in_order = [day for day in DAYS if day in days]
    if len(in_order) == len(DAYS):
        return "day"
    if in_order == WEEKDAYS:
        return "weekday"
    return _join([DAYS[day] for day in in_order])


def _join(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def next_meetings(schedules: Iterable[Timing], *, today: date, count: int = 3) -> list[Meeting]:
    """Return the next meetings from today on, the soonest first.

    Dates and hours are those of London's wall: a group at 10am stays at 10am when clocks change.
    A schedule kept in words, or every other week from nobody knows when, has no dates.
    """
    found = {
        Meeting(day, when.opens_at, when.closes_at)
        for when in schedules
        for day in islice(_dates(when, today), count)
    }
    return sorted(found, key=lambda m: (m.on, m.opens_at or time()))[:count]


def _dates(when: Timing, today: date) -> Iterable[date]:
    if when.freq is None:
        return [when.dtstart] if when.dtstart and when.dtstart >= today else []
    if when.interval > 1 and when.dtstart is None:
        return []
    days = days_of(when.byday)
    if not days and when.dtstart is None:
        return []
    until = min(filter(None, [when.valid_to, today + FARTHEST]))
    by = [getattr(rrule, day)(nth) if nth else getattr(rrule, day) for nth, day in days]
    dates = rrule.rrule(
        _FREQ[when.freq],
        dtstart=_midnight(_start(when, today, bool(days))),
        interval=max(when.interval, 1),
        until=_midnight(until),
        byweekday=by or None,
        wkst=rrule.MO,
    )
    return (at.date() for at in dates if at.date() >= today)


def _start(when: Timing, today: date, has_days: bool) -> date:
    """Return where to count from: near today, however long ago the group began."""
    began = when.dtstart or today
    if began >= today:
        return began
    if when.interval <= 1 and has_days:
        return today
    if when.freq is Freq.WEEKLY:
        period = 7 * max(when.interval, 1)
        return began + timedelta(days=(today - began).days // period * period)
    return began


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def say_age(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, in words: "just now", "3 hours ago", "2 days ago"."""
    waited = now - moment
    if waited < timedelta(hours=1):
        return "just now"
    if waited < timedelta(days=1):
        return _count(int(waited.total_seconds()) // 3600, "hour")
    return _count(waited.days, "day") if waited.days < 60 else _count(waited.days // 30, "month")


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'} ago"
