"""Working days, quiet hours and how a date is said aloud. Pure: nothing here reads the clock."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAY_STARTS = time(8)  # TRUST.md, promise 3: nothing is sent between 20:00 and 08:00
DAY_ENDS = time(20)
UNDO_WITHIN = timedelta(days=30)  # PRODUCT.md: destructive acts can be undone for 30 days


@lru_cache(maxsize=16)
def bank_holidays(year: int) -> frozenset[date]:
    """Return England's bank holidays of a year, substitute days included."""
    import holidays  # 0.2 s to import; only working-day sums need it

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Return whether England works: not a weekend, not a bank holiday."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def working_day_from(day: date) -> date:
    """Return the day itself, or the next working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_after(day: date, count: int) -> date:
    """Return the `count`-th working day after a day."""
    for _ in range(count):
        day = working_day_from(day + timedelta(days=1))
    return day


def is_quiet(moment: datetime) -> bool:
    """Return whether nobody should be disturbed at this instant."""
    return not DAY_STARTS <= moment.astimezone(LONDON).time() < DAY_ENDS


def loud_from(moment: datetime) -> datetime:
    """Return the instant itself, or the next 8 o'clock when it falls in the quiet hours (UTC)."""
    local = moment.astimezone(LONDON)
    if not is_quiet(moment):
        return moment
    day = local.date() + timedelta(days=local.time() >= DAY_ENDS)
    return at(day, DAY_STARTS)


def at(day: date, wall: time) -> datetime:
    """Return the instant, in UTC, at which London's clocks show a time on a day."""
    return datetime.combine(day, wall, LONDON).astimezone(UTC)


def london(moment: datetime) -> datetime:
    """Return the instant as London's clocks show it."""
    return moment.astimezone(LONDON)


def say_date(day: date) -> str:
    """Return a date as it is said: "Tuesday 14 April 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def say_time(moment: time) -> str:
    """Return a time as it is said: "10am", "2:30pm", "noon", "midnight"."""
    if (moment.hour, moment.minute) in {(12, 0), (0, 0)}:
        return "noon" if moment.hour else "midnight"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'pm' if moment.hour >= 12 else 'am'}"


def say_moment(moment: datetime) -> str:
    """Return an instant as London says it: "Tuesday 14 April 2026 at 2:30pm"."""
    local = london(moment)
    return f"{say_date(local.date())} at {say_time(local.time())}"
