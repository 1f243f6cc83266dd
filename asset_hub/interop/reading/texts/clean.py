"""Small clean-ups of what registers and feeds write: text, numbers, dates, ways to reach people.

Each function takes anything JSON or a sheet can hold and never raises. Those that may have to
refuse a value return (value, problem): the problem is a sentence for the report, or "".
"""

import math
import re
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from asset_hub.core.calendar import LONDON
from asset_hub.interop.reading.texts.html import html_to_text, is_plain, plain

MISSING = frozenset({"na", "n/a", "n.a.", "#n/a", "null", "nan", "-", "--", "not applicable"})
LONGEST_MISSING = 16
LONGEST_URL = 500
SHOWN = 60  # characters of a bad value repeated in the report

_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@[^@\s<>,;:\"()\[\]\\]+\.[a-z]{2,}", re.I)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
# most addresses: what the long way round would give back as it is, with a scheme before it
_USUAL = re.compile(r"(?:https?://|www\.)(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[a-z0-9/_.-]*)?", re.ASCII)
_HOST = re.compile(r"([^\s.@:/]+\.)+[^\s.@:/]{2,}(:[0-9]{1,5})?", re.I)
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]?([0-5][0-9]))?(?::[0-5][0-9](?:\.[0-9]+)?)?(am|pm)?z?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?:[ T].*)?")
_POSTCODE = re.compile(
    r"(?<![A-Z0-9])([A-Z]{1,2}[0-9][A-Z0-9]?) {0,2}([0-9][ABD-HJLNP-UW-Z]{2})(?![A-Z0-9])"
)
_OUTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_NUMBER = re.compile(r"\(?\+?[0-9][0-9 ().-]*[0-9]")
_BEFORE_NUMBER = re.compile(r"^(tel|telephone|phone|t)\s*[.:]+\s*", re.I)
_NO_DIGIT = re.compile(r"[^0-9]")
_CITIES = ("020", "023", "024", "028", "029")


def text(value: Any) -> str:
    """Return one line of clean text, empty when the value says nothing ("NA", null, a mapping)."""
    if value is None or value == "":
        return ""
    # Most values, most of the time: what `is_plain` and `single_spaced` say, without calling them.
    if type(value) is str and value.isprintable() and (value.isascii() or is_plain(value)):
        found = " ".join(value.split()) if "  " in value else value.strip(" ")
        return "" if len(found) < LONGEST_MISSING and found.casefold() in MISSING else found
    return " ".join(lines(value).split())


def lines(value: Any) -> str:
    """Return clean text that keeps its line breaks."""
    if isinstance(value, str):
        found = plain(value)
    elif isinstance(value, bool):
        return "Yes" if value else "No"
    elif isinstance(value, int | float):
        found = _say_number(value)
    elif isinstance(value, list | tuple):
        return ", ".join(filter(None, (text(item) for item in value if not _nested(item))))
    else:
        return ""
    return "" if found.casefold() in MISSING else found


def prose(value: Any) -> str:
    """Return text of several paragraphs from text or HTML."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        return lines(value)
    if "<" not in value and "&" not in value:
        return text(value) if is_plain(value) else lines(value)
    found = html_to_text(value)
    return "" if found.casefold() in MISSING else found


def one_line(value: Any) -> str:
    """Return one line of text from text or HTML, for names and labels."""
    if value is None or value == "":
        return ""
    found = prose(value)
    return " ".join(found.split()) if "\n" in found else found


def _nested(value: Any) -> bool:
    return isinstance(value, list | tuple | dict)


def _say_number(value: float) -> str:
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value) if -(10**30) < value < 10**30 else ""


def shown(value: Any) -> str:
    """Return a bad value as the report repeats it: short, one line."""
    said = text(value) or str(type(value).__name__)
    return said if len(said) <= SHOWN else f"{said[: SHOWN - 1]}…"


def url(value: Any) -> tuple[str, str]:
    """Return a web address with a scheme; anything but http and https is refused."""
    found = text(value).strip("<>\"' ,;").rstrip(".")
    if not found:
        return "", ""
    if _USUAL.fullmatch(found) and len(found) < LONGEST_URL - 8:
        return (found if found.startswith("http") else f"https://{found}"), ""
    address = found if _SCHEME.match(found) and not _HOST.match(found) else f"https://{found}"
    try:
        parts = urlsplit(address)
        sound = parts.scheme in {"http", "https"} and bool(_HOST.fullmatch(parts.netloc))
    except ValueError:
        sound = False
    if not sound or " " in address or re.search(r"[<>\"\\^`{|}]", address):
        return "", f"the web address “{shown(found)}” cannot be used"
    if len(address) > LONGEST_URL:
        return "", f"the web address is longer than {LONGEST_URL} characters"
    return f"{parts.scheme}{address[len(parts.scheme) :]}", ""


def email(value: Any) -> tuple[str, str]:
    """Return the first address in a text, its domain in small letters."""
    found = text(value)
    if not found:
        return "", ""
    match = _EMAIL.search(found.removeprefix("mailto:"))
    address = match[0].strip(".'") if match else ""
    if not address or ".." in address or len(address) > 254:
        return "", f"the email address “{shown(found)}” cannot be used"
    name, _, domain = address.rpartition("@")
    more = found.count("@") - 1
    return f"{name}@{domain.lower()}", f"only the first of {more + 1} email addresses" * bool(more)


def phone(value: Any) -> tuple[str, str]:
    """Return a telephone number spaced as people write it; words beside it are kept."""
    found = _BEFORE_NUMBER.sub("", text(value))
    if not found:
        return "", ""
    digits = _NO_DIGIT.sub("", found)
    if len(digits) < 3 or not any(digit != "0" for digit in digits):
        return "", f"the phone number “{shown(found)}” cannot be used"
    if len(found) > 60:
        first = _NUMBER.search(found)
        found = first[0][:60] if first else found[:60]
        return found, "only the first phone number was kept of a longer text"
    if _NUMBER.fullmatch(found):
        return _spaced(found, digits), ""
    return found, ""


def _spaced(found: str, digits: str) -> str:
    if found.startswith("+44") or (digits.startswith("44") and len(digits) == 12):
        digits = "0" + digits.removeprefix("44").removeprefix("0")
    elif not digits.startswith("0") and len(digits) == 10 and digits[0] in "12378":
        digits = "0" + digits  # a spreadsheet took it for a number
    if len(digits) != 11 or not digits.startswith("0") or found.startswith("+") != ("+44" in found):
        return " ".join(found.split())
    if digits[:3] in _CITIES:
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if digits[1] in "389" or (digits[1] == "1" and "1" in digits[2:4]):
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    return f"{digits[:5]} {digits[5:]}"


def number(value: Any) -> float | None:
    """Return a finite number, also from a text; None when it is not one."""
    if isinstance(value, str):
        try:
            value = float(value.strip().replace(",", "."))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def age(value: Any) -> tuple[int | None, str]:
    """Return an age in years between 0 and 120."""
    if text(value) == "":
        return None, ""
    found = number(value)
    if found is None or not 0 <= found <= 120:
        return None, f"the age “{shown(value)}” cannot be used"
    return int(found), ""


def day(value: Any) -> date | None:
    """Return a date from "2026-04-14", "2026-04-14T09:30:00Z" or "14/04/2026"; else None."""
    return _day(found) if (found := text(value)) else None


@lru_cache(maxsize=1024)
def _day(found: str) -> date | None:
    try:
        return date.fromisoformat(found[:10])
    except ValueError:
        pass
    parts = _DAY_FIRST.fullmatch(found)
    try:
        return date(int(parts[3]), int(parts[2]), int(parts[1])) if parts else None
    except ValueError:
        return None


def instant(value: Any) -> datetime | None:
    """Return an instant: a time with its zone as it is, a date or a bare time as London's."""
    return _instant(found) if (found := text(value)) else None


@lru_cache(maxsize=1024)  # a register has many of one day
def _instant(found: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(found)
    except ValueError:
        on = day(found)
        at = datetime.combine(on, time(12)) if on else None  # type: ignore[assignment]
    if at is None or not 1900 <= at.year <= 2200:
        return None
    if len(found) <= 10:
        at = at.replace(hour=12)
    return (at if at.tzinfo else at.replace(tzinfo=LONDON)).astimezone(UTC)


def clock_time(value: Any) -> time | None:
    """Return a time of day from "10:00:00", "10.30am", "7pm", an ISO instant; else None."""
    return _clock_time(found) if (found := text(value)) else None


@lru_cache(maxsize=1024)
def _clock_time(given: str) -> time | None:
    found = re.sub(r"[\s]", "", given.lower().replace(".m.", "m").replace(".m", "m"))
    if len(found) > 11 and "t" in found:
        found = found.split("t", 1)[1].split("+")[0]
    parts = _CLOCK.fullmatch(found)
    if not parts:
        return None
    hour, minute, half = int(parts[1]), int(parts[2] or 0), parts[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 else time(23, 59) if (hour, minute) == (24, 0) else None


def postcode(value: Any) -> str:
    """Return a postcode written "OUT IN", or its first half alone; "" for anything else."""
    squeezed = "".join(text(value).upper().split())
    if squeezed[-3:-2] == "O":  # a letter typed for the zero of the second half
        squeezed = f"{squeezed[:-3]}0{squeezed[-2:]}"
    whole = _POSTCODE.fullmatch(squeezed)
    if whole:
        return f"{whole[1]} {whole[2]}"
    return squeezed if _OUTCODE.fullmatch(squeezed) else ""


def postcodes_in(words: str) -> list[str]:
    """Return the full postcodes a text mentions, each once, written "OUT IN"."""
    found = (f"{match[1]} {match[2]}" for match in _POSTCODE.finditer(words))
    return list(dict.fromkeys(found))


def cut(words: str, limit: int) -> str:
    """Return a text within a limit, ended at a word with "…"."""
    if len(words) <= limit:
        return words
    kept = words[: limit - 1]
    whole = kept.rsplit(None, 1)[0]
    return (whole if len(whole) > limit // 2 else kept).rstrip(" ,;:") + "…"


def summary_of(description: str, limit: int) -> str:
    """Return the beginning of a description: whole sentences that fit, else cut at a word."""
    first = " ".join(" ".join(description[: limit * 3].split("\n\n")[:2]).split())
    if len(first) <= limit:
        return first
    end = max(first.rfind(mark, 0, limit - 1) for mark in (". ", "! ", "? "))
    return first[: end + 1] if end > limit // 4 else cut(first, limit)
