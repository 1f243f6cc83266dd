"""A field of several dates, typed one a line in any spelling that is usual in Britain."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any

from wtforms.validators import ValidationError

from asset_hub.core import clock
from asset_hub.core.calendar import say_date
from asset_hub.core.fields.text import TextAreaField
from asset_hub.core.fields.words import about, clean_text, first_text

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST_YEAR, LAST_YEAR = 2000, 2100
LOOKS_BACK = dt.timedelta(days=60)  # "10 Sep" said in October is last month's
_DAY = re.compile(rf"({'|'.join(DAYS)})[a-z]*\.?(?![a-z])\s*")
_SHAPES = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})(?:[-/. ](?P<year>\d{4}|\d{2}))?"),
    re.compile(
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[-\s]*(?:of\s+)?(?P<month>[a-z]{3,9})\.?"
        r"(?:[-\s']*(?P<year>\d{4}|\d{2}))?"
    ),
    re.compile(
        r"(?P<month>[a-z]{3,9})\.?\s*(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:[\s']+(?P<year>\d{4}|\d{2}))?"
    ),
)


def read_date(text: str, today: dt.date) -> dt.date:
    """Return the date a text means: "10 Sep", "10/9/26", "Thursday 10th September 2026".

    Without a year it is the one from two months ago to ten months ahead. Raises ValueError, with
    what to say, for what is no date and for a day of the week that does not go with it.
    """
    words = " ".join(text.lower().replace(",", " ").replace("’", "'").split()).strip(" .")
    weekday = _DAY.match(words)
    rest = words[weekday.end() :] if weekday else words
    found = next(filter(None, (shape.fullmatch(rest) for shape in _SHAPES)), None)
    day = _dated(found.groupdict(), today) if found else None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"“{text[:40]}” is no date we can read. Write it like 10 September 2026")
    if weekday and DAYS[day.weekday()] != weekday[1]:
        raise ValueError(f"{day.day} {day:%B %Y} is a {day:%A}. Check “{text[:40]}”")
    return day


def _dated(parts: dict[str, str | None], today: dt.date) -> dt.date | None:
    day, month = int(parts["day"] or 0), _month(parts["month"] or "")
    if year := parts["year"]:
        return _real(int(year) + (2000 if len(year) == 2 else 0), month, day)
    years = (_real(year, month, day) for year in range(today.year - 1, today.year + 2))
    oldest = today - LOOKS_BACK
    newest = oldest + dt.timedelta(days=366)
    return next((one for one in years if one and oldest <= one < newest), None)


def _month(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return next((number for number, name in enumerate(MONTHS, 1) if name.startswith(word)), 0)


def _real(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def read_dates(text: str, today: dt.date) -> list[dt.date]:
    """Return the dates of a text, sorted, each once; raise ValueError at the first that is none."""
    return sorted(set(_each(text, today)))


def _each(text: str, today: dt.date) -> Iterator[dt.date]:
    for chunk in filter(None, map(str.strip, re.split(r"[\n;]|\band\b|&", text))):
        try:
            yield read_date(chunk, today)
        except ValueError:
            if "," not in chunk:
                raise
            yield from (read_date(one.strip(), today) for one in chunk.split(",") if one.strip())


class DatesField(TextAreaField):
    """Several dates, one a line; `data` is a sorted list of dates, at most `most` of them."""

    data: Any
    limit = 4000

    def own_checks(self, rest: dict[str, Any]) -> list[Any]:
        """Take out how many there may be."""
        self.most = rest.pop("most", 50)
        self.typed = ""
        return []

    def process_data(self, value: Any) -> None:
        """Take dates from the site's side."""
        self.data = list(value or ())
        self.typed = "\n".join(map(say_date, self.data))

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take what was typed; it is shown again as it stands."""
        if valuelist:
            self.typed = clean_text(first_text(valuelist), lines=True)[: self.limit]
            self.data = []
            self.data = read_dates(self.typed, clock.today())

    def pre_validate(self, form: Any) -> None:
        """Hold the number of dates within its bound."""
        if len(self.data) > self.most:
            raise ValidationError(f"{about(self)}: {self.most} dates or fewer")

    def _value(self) -> str:
        return self.typed
