"""When a group meets: as parts, and said in plain words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol

from asset_hub.core.calendar import say_date, say_time
from asset_hub.directory.models import TIME, Freq

DAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday",
    "SA": "Saturday", "SU": "Sunday",
}  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "last but one"}
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR"]
NO_MORE = "No more dates yet"
FOR_EVER = 2200  # an end of 9999-12-31, as some feeds have it, is none
MOST_SAID = 6  # dates in one sentence; beyond them a number says how many more
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")


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
    def dates(self) -> str: ...  # noqa: D102
    @property
    def term_time(self) -> bool: ...  # noqa: D102
    @property
    def not_months(self) -> str: ...  # noqa: D102
    @property
    def bank_holidays(self) -> bool: ...  # noqa: D102
    @property
    def description(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The parts of a schedule as plain values: what is published, imported and tested."""

    freq: Freq | None = None
    interval: int = 1
    byday: str = ""
    opens_at: time | None = None
    closes_at: time | None = None
    dtstart: date | None = None
    valid_to: date | None = None
    dates: str = ""
    term_time: bool = False
    not_months: str = ""
    bank_holidays: bool = True
    description: str = ""


def say_when(schedules: Iterable[Timing], *, today: date | None = None) -> str:
    """Return when a service meets, in plain words; empty when nobody said.

    Given `today`, what is over is left out and what has not begun says from when. Without it (or
    read later) the words stay true, for every date in them is whole. See `stale_after`.
    """
    given = [when for when in schedules if any(_told(when, None))]
    told = dict.fromkeys(_told(when, today) for when in given if not is_over(when, today))
    if not told:
        return NO_MORE if given else ""
    same: dict[tuple[str, str], list[str]] = {}
    for days, hours, bounds in told:
        same.setdefault((days, bounds), []).append(hours)
    heads = [_head(days, hours) for (days, _), hours in same.items()]
    tails = [tail for _, tail in same]
    if len(set(tails)) == 1:
        return "; ".join(filter(None, [*heads, tails[0] if any(heads) else _capital(tails[0])]))
    said = zip(heads, tails, strict=True)
    return "; ".join(", ".join(filter(None, one)) for one in said)


@lru_cache(maxsize=4096)
def when_of(times: tuple[Times, ...], *, today: date | None) -> str:
    """Return what `say_when` says of plain values, kept: many groups meet at the same times."""
    return say_when(times, today=today)


def plain_times(when: Timing) -> Times:
    """Return the parts of a schedule as plain values."""
    return Times(**{name: getattr(when, name) for name in TIME})


def _head(days: str, hours: Sequence[str]) -> str:
    """Return "Every Tuesday, 10am to noon and 2pm to 4pm"."""
    said = _join([one for one in hours if one])
    return ", ".join(filter(None, [days, said])) if days else _capital(said)


def say(when: Timing, *, today: date | None = None) -> str:
    """Return one schedule in words: "Every Thursday, 10am to noon; not in August"."""
    return say_when([when], today=today)


def is_over(when: Timing, today: date | None) -> bool:
    """Return whether a schedule has no day left from today on."""
    if today is None:
        return False
    if when.valid_to and when.valid_to < today:
        return True
    listed = () if when.freq or when.description else dates_of(when)
    return bool(listed) and max(listed) < today


def stale_after(schedules: Iterable[Timing], *, today: date) -> date | None:
    """Return the next day on which `say_when` says something else; None when it never will."""
    kept = list(schedules)
    days = {day for when in kept for day in _turns(when) if day > today}
    now = say_when(kept, today=today)
    return next((day for day in sorted(days) if say_when(kept, today=day) != now), None)


def _turns(when: Timing) -> Iterable[date]:
    """Return the days on which the words of a schedule may change."""
    ends = [*dates_of(when), *([when.valid_to] if when.valid_to else [])]
    yield from (day + timedelta(days=1) for day in ends if day < date.max)
    if when.dtstart:
        yield when.dtstart
        if when.dtstart.year > 1:
            yield when.dtstart - _soon(when)


def _told(when: Timing, today: date | None) -> tuple[str, str, str]:
    """Return the days and the hours of a schedule, and what they are bound to."""
    if when.description:
        return when.description, "", ""
    hours = say_hours(when.opens_at, when.closes_at)
    return _say_days(when, today), hours, _bounds(when, today)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _bounds(when: Timing, today: date | None) -> str:
    """Return "in term time, not in August, until 12 December 2026" or less."""
    ends = when.valid_to and when.valid_to.year < FOR_EVER
    until = [f"until {_say_day(when.valid_to)}"] if when.valid_to and ends else []
    if when.freq is None:
        return "".join(until)
    found = ["in term time"] if when.term_time else []
    if months := months_of(when.not_months):
        found.append(f"not in {_join([MONTHS[month - 1] for month in months])}")
    if not when.bank_holidays:
        found.append("not on bank holidays")
    if today and when.dtstart and when.dtstart > today + _soon(when):
        found.append(f"from {_say_day(when.dtstart)}")
    return ", ".join(found + until)


def _soon(when: Timing) -> timedelta:
    """Return how near a beginning is only the next of many: every other week from next Tuesday."""
    period = 7 if when.freq is Freq.WEEKLY else 28
    return timedelta(days=period * min(when.interval, 13) if when.interval > 1 else 0)


def _say_day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def dates_of(when: Timing) -> list[date]:
    """Return the very dates a schedule lists, sorted; what is no date is left out."""
    found = {_date(part) for part in when.dates.split(",")}
    if when.freq is None and not when.dates:
        found.add(when.dtstart)
    return sorted(day for day in found if day)


def _date(part: str) -> date | None:
    try:
        return date.fromisoformat(part.strip())
    except ValueError:
        return None


def months_of(not_months: str) -> list[int]:
    """Return the numbers of the months left out, sorted; what is no month is left out."""
    found = {int(part) for part in not_months.split(",") if part.strip().isdecimal()}
    return sorted(month for month in found if 1 <= month <= 12)


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


def _say_days(when: Timing, today: date | None) -> str:
    if when.freq is None:
        return _say_dates([day for day in dates_of(when) if today is None or day >= today])
    days = days_of(when.byday)
    if when.freq is Freq.MONTHLY and any(nth for nth, _ in days):
        return _say_monthly(days, when.interval)
    if not days:
        return _say_bare(when)
    names = _names([day for _, day in days])
    if when.freq is Freq.MONTHLY or when.interval <= 1:
        return f"Every {names}"
    if when.interval == 2:
        return f"Every other {names}"
    return f"Every {when.interval} weeks on {names}"


def _say_dates(days: Sequence[date]) -> str:
    """Return "10 September, 8 October and 12 November 2026"; the year with each where they differ.

    Of many only the first are said, and how many more there are.
    """
    if len(days) == 1:
        return say_date(days[0])
    said, more = days[:MOST_SAID], len(days) - MOST_SAID
    same = len({day.year for day in said}) == 1
    words = [f"{day.day} {day:%B}" if same else _say_day(day) for day in said]
    if more > 0:
        year = f" {said[-1].year}" if same else ""
        return f"{', '.join(words)}{year} and {more} more date{'' if more == 1 else 's'}"
    return _join(words) + (f" {said[-1].year}" if same and said else "")


def _say_bare(when: Timing) -> str:
    """Return what can be said without days: how often."""
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
