"""Fields of numbers, dates, times, ticks and files."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from asset_hub.core import clock
from asset_hub.core.calendar import say_time
from asset_hub.core.fields.base import HubField
from asset_hub.core.fields.dates import read_date
from asset_hub.core.fields.text import TextField
from asset_hub.core.fields.words import about, clean_text, first_text
from asset_hub.core.widgets import DateWidget, FileWidget, TextWidget, TickWidget

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


class _Typed(TextField):
    """A text box whose text means a value that is not text; what was typed is shown again."""

    limit = 40
    typed: str = ""
    data: Any

    def process_data(self, value: Any) -> None:
        """Take a value from the site's side."""
        self.data = value
        self.typed = "" if value is None else self.say(value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take what was posted: a value, or None with an error."""
        if valuelist:
            self.typed = clean_text(first_text(valuelist))[:200]
            self.data = None
            if self.typed:
                self.data = self.read(self.typed)

    def pre_validate(self, form: Any) -> None:
        """Nothing to measure: the text was read already."""

    def say(self, value: Any) -> str:
        """Return the value as it is typed."""
        return str(value)

    def read(self, typed: str) -> Any:
        """Return the value typed, or raise ValueError with what to say."""
        raise NotImplementedError

    def _value(self) -> str:
        return self.typed


class DecimalField(_Typed):
    """A number with at most `places` decimals; `data` is a Decimal or None."""

    widget = TextWidget()
    defaults = {"inputmode": "decimal", "classes": "govuk-input--width-5", "spellcheck": False}
    shape = re.compile(r"-?[0-9]{0,12}(\.[0-9]{1,9})?")
    kind = "a number"

    def own_checks(self, rest: dict[str, Any]) -> list[Any]:
        """Take out the bounds."""
        self.least, self.most = rest.pop("min", None), rest.pop("max", None)
        self.places = rest.pop("places", 2)
        return []

    def say(self, value: Any) -> str:
        """Return the number as it may be typed: one that was worked out has too many decimals."""
        if not isinstance(value, float):
            return str(value)
        said = f"{value:.{self.places}f}"
        return said.rstrip("0").rstrip(".") if "." in said else said

    def read(self, typed: str) -> Any:
        """Return the number; spaces, thousands commas and a pound sign do not matter."""
        digits = re.sub(r"[\s,£]", "", typed).replace("−", "-")
        if not self.shape.fullmatch(digits) or not re.search("[0-9]", digits):
            raise ValueError(f"{about(self)} must be {self.kind}")
        value = self.convert(digits)
        self._check(value)
        return value

    def convert(self, digits: str) -> Any:
        """Return the value of a string of digits."""
        value = Decimal(digits)
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            raise ValueError(f"{about(self)} must have {self.places} decimal places or fewer")
        return value

    def _check(self, value: Any) -> None:
        if self.least is not None and self.most is not None:
            if not self.least <= value <= self.most:
                raise ValueError(f"{about(self)} must be between {self.least} and {self.most}")
        elif self.least is not None and value < self.least:
            raise ValueError(f"{about(self)} must be {self.least} or more")
        elif self.most is not None and value > self.most:
            raise ValueError(f"{about(self)} must be {self.most} or fewer")


class IntegerField(DecimalField):
    """A whole number between `min` and `max`; `data` is an int or None."""

    defaults = {"inputmode": "numeric", "classes": "govuk-input--width-5", "spellcheck": False}
    shape = re.compile(r"-?[0-9]{1,18}")
    kind = "a whole number"

    def convert(self, digits: str) -> int:
        """Return the value of a string of digits."""
        return int(digits)


HOURS = (
    "twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven",
)  # fmt: skip
SPOKEN = re.compile(r"(half|quarter)(past|to)([0-9]{1,2})(am|pm)?")


def in_figures(typed: str) -> str:
    """Return a time of day in figures, as far as it was said in words: "half past ten" is 10:30."""
    word = typed.lower().replace("a.m.", "am").replace("p.m.", "pm").replace("’", "'")
    for hour, name in enumerate(HOURS):
        word = re.sub(rf"\b{name}\b", str(hour or 12), word)
    word = re.sub(r"\s+|o'?clock", "", word)
    found = SPOKEN.fullmatch(word)
    if not found or (found[1], found[2]) == ("half", "to"):
        return word
    hour = int(found[3]) - (found[2] == "to")
    minute = {"half": 30, "quarter": 45 if found[2] == "to" else 15}[found[1]]
    return f"{hour or 12}:{minute}{found[4] or ''}"


class TimeField(_Typed):
    """A time of day: 10:30, 10.30, 1030, 2pm, midday; `data` is a datetime.time or None.

    Hours from 1 to 7 without am or pm could be either, so they are asked about; "02:30" is not.
    """

    defaults = {"classes": "govuk-input--width-5"}
    shape = re.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?(am|pm)?")
    unclear = range(1, 8)
    named = {
        "midday": dt.time(12), "12midday": dt.time(12), "noon": dt.time(12), "12noon": dt.time(12),
        "midnight": dt.time(0), "12midnight": dt.time(0),
    }  # fmt: skip

    def say(self, value: Any) -> str:
        """Return the time as it is typed."""
        return f"{value:%H:%M}" if isinstance(value, dt.time) else str(value)

    def read(self, typed: str) -> dt.time:
        """Return the time typed."""
        word = in_figures(typed)
        if word in self.named:
            return self.named[word]
        found = self.shape.fullmatch(word)
        if found:
            hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
            if half and 1 <= hour <= 12:
                hour = hour % 12 + (12 if half == "pm" else 0)
            if hour < 24 and minute < 60:
                by_24 = word[0] == "0" and bool(found[2])
                self._must_be_clear(dt.time(hour, minute), sure=bool(half) or by_24)
                return dt.time(hour, minute)
        raise ValueError(f"{about(self)} must be a time, like 10:30am or 14:00")

    def _must_be_clear(self, time: dt.time, *, sure: bool) -> None:
        if not sure and time.hour in self.unclear:
            early, late = say_time(time), say_time(time.replace(hour=time.hour + 12))
            raise ValueError(f"{about(self)}: is that {early} or {late}? Write {late} or {early}")


class DatePartsField(HubField):
    """A date in three boxes; `data` is a datetime.date or None.

    Months may be words. With `short` the year may be two numbers or, for a date near today, left
    out. `earliest` and `latest` are dates, or functions that return one.
    """

    widget = DateWidget()

    def own_checks(self, rest: dict[str, Any]) -> list[Any]:
        """Take out the bounds."""
        self.earliest, self.latest = rest.pop("earliest", None), rest.pop("latest", None)
        self.birthday = bool(rest.pop("birthday", False))
        self.short = bool(rest.pop("short", False))
        self.parts = dict.fromkeys(("day", "month", "year"), "")
        self.wrong_parts: list[str] = list(self.parts)
        return []

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Take a date from the site's side, then the three boxes if any was posted."""
        names = {part: f"{self.name}-{part}" for part in self.parts}
        super().process(None, data, extra_filters)
        self.raw_data = None
        if formdata is None or not any(name in formdata for name in names.values()):
            return
        for part, name in names.items():
            self.parts[part] = clean_text(first_text(formdata.getlist(name)))[:20]
        self.raw_data, self.data = [v for v in self.parts.values() if v], None
        try:
            self.data = self._read() if self.raw_data else None
        except ValueError as wrong:
            self.process_errors.append(str(wrong))

    def process_data(self, value: Any) -> None:
        """Take a date from the site's side."""
        self.data = value if isinstance(value, dt.date) else None
        if isinstance(self.data, dt.date):
            self.parts = {part: str(getattr(self.data, part)) for part in self.parts}

    def _lengthened(self) -> None:
        """Take a year of two numbers for one of this century, and none for the nearest."""
        year = self.parts["year"]
        if re.fullmatch(r"[0-9]{2}", year):
            self.parts["year"] = f"20{year}"
        elif not year and self.parts["day"] and self.parts["month"]:
            try:
                near = read_date(f"{self.parts['day']} {self.parts['month']}", clock.today())
            except ValueError:
                return
            self.parts["year"] = str(near.year)

    def _read(self) -> dt.date:
        if self.short:
            self._lengthened()
        missing = [part for part, typed in self.parts.items() if not typed]
        if missing:
            self.wrong_parts = missing
            raise ValueError(f"{about(self)} must include a {' and '.join(missing)}")
        if not re.fullmatch(r"[0-9]{4}", self.parts["year"]):
            self.wrong_parts = ["year"]
            raise ValueError(f"{about(self)} must have a year of 4 numbers, like 2026")
        month = self.parts["month"].lower()[:3]
        number = str(MONTHS.index(month) + 1) if month in MONTHS else self.parts["month"]
        if not all(re.fullmatch(r"[0-9]{1,2}", typed) for typed in (self.parts["day"], number)):
            raise ValueError(f"{about(self)} must be a real date")
        try:
            return dt.date(int(self.parts["year"]), int(number), int(self.parts["day"]))
        except ValueError:
            raise ValueError(f"{about(self)} must be a real date") from None

    def pre_validate(self, form: Any) -> None:
        """Hold the date within its bounds."""
        if not isinstance(self.data, dt.date):
            return
        earliest, latest = _date(self.earliest), _date(self.latest)
        if earliest and self.data < earliest:
            raise ValidationError(f"{about(self)} must be the same as or after {_say(earliest)}")
        if latest and self.data > latest:
            raise ValidationError(f"{about(self)} must be the same as or before {_say(latest)}")

    @property
    def focus_id(self) -> str:
        """Return the id of the first box that is wrong."""
        return f"{self.id}-{self.wrong_parts[0]}"


def _date(bound: Any) -> dt.date | None:
    found = bound() if callable(bound) else bound
    return found if isinstance(found, dt.date) else None


def _say(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


class BooleanField(HubField):
    """One box to tick; `data` is a bool. Required means it must be ticked ("Confirm …")."""

    widget = TickWidget()
    verb = "Confirm"
    never_marked = True

    def process_data(self, value: Any) -> None:
        """Take a value from the site's side."""
        self.data = bool(value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Ticked when anything but a no was posted."""
        self.data = first_text(valuelist).strip().lower() not in ("", "false", "no", "0", "off")

    def is_empty(self) -> bool:
        """Return whether it is not ticked."""
        return not self.data


class FileField(HubField):
    """An uploaded file; `data` is a werkzeug FileStorage or None.

    `accept` lists endings without a dot; `max_bytes` is the largest size.
    """

    widget = FileWidget()
    verb = "Select"
    multipart = True

    def own_checks(self, rest: dict[str, Any]) -> list[Any]:
        """Take out what is accepted."""
        self.accept: tuple[str, ...] = tuple(rest.pop("accept", ()))
        self.max_bytes: int = rest.pop("max_bytes", 5_000_000)
        return []

    def process_data(self, value: Any) -> None:
        """Start with no file: a browser never sends one back."""
        self.data = None

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take the first real upload; text in its place is nothing."""
        uploads = (v for v in valuelist if getattr(v, "filename", "") and hasattr(v, "stream"))
        self.data = next(uploads, None)

    def pre_validate(self, form: Any) -> None:
        """Refuse another kind of file, an empty one and one too large."""
        if self.data is None:
            return
        ending = PurePath(str(self.data.filename)).suffix.lower().lstrip(".")
        if self.accept and ending not in self.accept:
            kinds = " or ".join(kind.upper() for kind in self.accept)
            raise ValidationError(f"The selected file must be a {kinds}")
        size = self.data.stream.seek(0, 2)
        self.data.stream.seek(0)
        if size == 0:
            raise ValidationError("The selected file is empty")
        if size > self.max_bytes:
            raise ValidationError(
                f"The selected file must be smaller than {_megabytes(self.max_bytes)}"
            )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:g} MB" if size >= 100_000 else f"{size / 1000:g} kB"
