"""On which days a group meets. Days and hours are those of London's wall, whatever clocks do.

A meeting that ends after midnight belongs to the day on which it starts.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import islice

from asset_hub.core.calendar import bank_holidays, say_date
from asset_hub.directory.models import Away, Freq
from asset_hub.directory.rules.closures import Closing
from asset_hub.directory.rules.times import DAYS, Timing, dates_of, days_of, months_of, say_hours

FARTHEST = timedelta(days=400)  # beyond it a next date tells nobody anything
DAY = timedelta(days=1)
Span = tuple[date, date]  # both days included
Test = Callable[[date], bool]
_NUMBER = {day: number for number, day in enumerate(DAYS)}


@dataclass(frozen=True, order=True)
class Meeting:
    """One date on which a group meets, and its hours on the wall."""

    on: date
    opens_at: time | None = None
    closes_at: time | None = None
    quiet: bool = False  # it welcomes nobody new that day

    @property
    def hours(self) -> str:
        """Return the hours as said: "10am to noon", or nothing."""
        return say_hours(self.opens_at, self.closes_at)

    @property
    def words(self) -> str:
        """Return the meeting as said: "Thursday 10 September 2026, 10am to noon"."""
        return ", ".join(filter(None, [say_date(self.on), self.hours]))


def next_meetings(
    schedules: Iterable[Timing],
    *,
    today: date,
    count: int = 3,
    closures: Iterable[Closing] = (),
    school_holidays: Sequence[Span] = (),
) -> list[Meeting]:
    """Return the next meetings from today on, the soonest first.

    A schedule kept in words, or every other week from nobody knows when, has no dates. What runs
    in term time only is taken to meet in holidays that nobody has told us.
    """
    spells = list(closures)
    away = [(one.starts_on, one.ends_on) for one in spells if one.kind is Away.AWAY]
    quiet = [(one.starts_on, one.ends_on) for one in spells if one.kind is Away.QUIET]
    found = {
        Meeting(day, when.opens_at, when.closes_at, within(day, quiet))
        for when in schedules
        for day in islice(_days(when, today, away, school_holidays), count)
    }
    return sorted(found, key=lambda m: (m.on, m.opens_at or time()))[:count]


def _days(
    when: Timing, today: date, away: Sequence[Span], school_holidays: Sequence[Span]
) -> Iterator[date]:
    meets = meets_on(when, school_holidays)
    listed = [day for day in dates_of(when) if day >= today] if when.freq is None else None
    for day in _walk(when, today) if listed is None else listed:
        if meets(day) and not within(day, away):
            yield day


def _walk(when: Timing, today: date) -> Iterator[date]:
    """Return the days on which it is worth asking, one after the other."""
    day = max(today, when.dtstart or today)
    last = min(filter(None, [when.valid_to, today + FARTHEST]))
    while day <= last:
        yield day
        day += DAY


def within(day: date, spans: Iterable[Span]) -> bool:
    """Return whether a day is in one of some spans."""
    return any(first <= day <= last for first, last in spans)


def never(_: date) -> bool:
    """Return that it does not meet."""
    return False


def meets_on(when: Timing, school_holidays: Sequence[Span] = ()) -> Test:
    """Return the test whether a schedule has a meeting on a day, closures apart.

    The parts are read once, so that the test is quick: a community's week asks it thousands of
    times.
    """
    first, last = when.dtstart or date.min, when.valid_to or date.max
    pattern = _pattern(when)
    if when.freq is None or pattern is never:
        return lambda day: day <= last and pattern(day)
    months = frozenset(months_of(when.not_months))
    holidays = school_holidays if when.term_time else ()

    def test(day: date) -> bool:
        if not first <= day <= last or day.month in months or not pattern(day):
            return False
        if not when.bank_holidays and day in bank_holidays(day.year):
            return False
        return not within(day, holidays)

    return test


def _pattern(when: Timing) -> Test:
    if when.freq is None:
        return frozenset(dates_of(when)).__contains__
    if when.dtstart is None and (when.interval > 1 or not days_of(when.byday)):
        return never
    return _weekly(when) if when.freq is Freq.WEEKLY else _monthly(when)


def _weekly(when: Timing) -> Test:
    days = frozenset(_NUMBER[day] for _, day in days_of(when.byday))
    began = when.dtstart or date.min
    days = days or frozenset([began.weekday()])
    if when.interval <= 1:
        return lambda day: day.weekday() in days
    phase, interval = _week(began), when.interval
    return lambda day: day.weekday() in days and (_week(day) - phase) % interval == 0


def _week(day: date) -> int:
    """Return the number of a week that begins on Monday, counted without a break for ever."""
    return (day.toordinal() - 1) // 7


def _monthly(when: Timing) -> Test:
    began, interval = when.dtstart or date.min, max(when.interval, 1)
    phase = began.year * 12 + began.month
    wanted = frozenset((nth, _NUMBER[day]) for nth, day in days_of(when.byday))

    def test(day: date) -> bool:
        if (day.year * 12 + day.month - phase) % interval:
            return False
        if not wanted:
            return day.day == began.day
        return not wanted.isdisjoint((nth, day.weekday()) for nth in _nths(day))

    return test


def _nths(day: date) -> tuple[int, int, int]:
    """Return which of its kind in the month a day is: any, from the start, from the end."""
    last = monthrange(day.year, day.month)[1]
    return 0, (day.day - 1) // 7 + 1, -((last - day.day) // 7 + 1)
