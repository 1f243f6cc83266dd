"""School holidays as people write them, one on a line. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from asset_hub.core.errors import RuleBroken

MOST_LINES = 60
LONGEST = timedelta(days=92)  # no holiday of a school is longer than a summer
LONGEST_NAME = 60
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NO_NAME = "School holiday"
LIKE = "Autumn half term: 26 October 2026 to 30 October 2026"

_DATE = re.compile(
    r"(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4}|\d{2})"
    r"|(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>[A-Za-z]{3,9})\.?,?(?:\s+(?P<year>\d{4}))?"
)
_WEEKDAY = re.compile(r"\b(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Holiday:
    """Days without school, both included."""

    name: str
    starts_on: date
    ends_on: date


def holidays_in(text: str) -> list[Holiday]:
    """Return the holidays of a text, one on each line; raise RuleBroken naming the wrong line.

    Dates may be written "26 October 2026", "26/10/2026" or "2026-10-26"; the first of two may
    leave its year out; a line with one date is one day.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line]
    if len(lines) > MOST_LINES:
        raise RuleBroken(f"Enter {MOST_LINES} holidays or fewer at a time", field="lines")
    return [_holiday(number, line) for number, line in lines]


def _holiday(number: int, line: str) -> Holiday:
    found = list(_DATE.finditer(line))
    try:
        days = list(_dates(found))
    except ValueError as wrong:
        raise _refused(number, str(wrong)) from None
    if not days or len(days) > 2:
        raise _refused(number, f"write a name and two dates, like “{LIKE}”")
    name = " ".join(_WEEKDAY.sub(" ", line[: found[0].start()]).split()).strip(" :,;–—-(\t")
    name = re.sub(r"\s+(from|on)$", "", name)[:LONGEST_NAME] or NO_NAME
    return checked(Holiday(name, days[0], days[-1]), number)


def checked(holiday: Holiday, number: int = 0) -> Holiday:
    """Return a holiday whose days make sense; raise RuleBroken otherwise."""
    if holiday.ends_on < holiday.starts_on:
        raise _refused(number, "the last day must be the same as or after the first")
    if holiday.ends_on - holiday.starts_on > LONGEST:
        raise _refused(number, "a holiday is three months long at most")
    return holiday


def _refused(number: int, words: str) -> RuleBroken:
    if number:
        return RuleBroken(f"Line {number}: {words}", field="lines")
    return RuleBroken(f"{words[0].upper()}{words[1:]}", field="ends_on")


def _dates(found: list[re.Match[str]]) -> Iterator[date]:
    """Yield the dates of a line; one without a year takes that of the next one."""
    later: date | None = None
    days: list[date] = []
    for match in reversed(found):
        later = _date(match, later)
        days.append(later)
    yield from reversed(days)


def _date(match: re.Match[str], later: date | None) -> date:
    if match["iso"]:
        return date.fromisoformat(match["iso"])
    if match["d"]:
        year = int(match["y"])
        return _real(year + 2000 if year < 100 else year, int(match["m"]), int(match["d"]))
    short = match["month"][:3].lower()
    if short not in MONTHS:
        raise ValueError(f"“{match['month']}” is not a month")
    month, day = MONTHS.index(short) + 1, int(match["day"])
    if match["year"]:
        return _real(int(match["year"]), month, day)
    if later is None:
        raise ValueError(f"say which year {match[0].strip()} is in")
    before = (month, day) > (later.month, later.day)
    return _real(later.year - before, month, day)


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{day}/{month}/{year} is not a real date") from None
