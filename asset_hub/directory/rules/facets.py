"""What a listing can be filtered by, as short marks that are kept with its published copy.

One text, "|free|in-person|th|th-pm|lang-polish|room|", the same on both databases. Marks of topics
are not here: they have a column of their own. What depends on the day (whether a group that is
full has room again) is kept as a date beside the marks.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from functools import lru_cache

from asset_hub.directory.models import KIND_WORDS, Kind
from asset_hub.directory.rules.languages import COMMON, apart
from asset_hub.directory.rules.times import DAYS, Times, dates_of, days_of

LONGEST = 1000  # letters; the column's limit
FROM_HOME = "from-home"  # the topic of what is done by phone or online
NOON, EVENING = time(12), time(17)
PARTS = {"am": "Morning", "pm": "Afternoon", "eve": "Evening"}
DAY_MARKS = {code.lower(): name for code, name in DAYS.items()}
_CODES = tuple(DAY_MARKS)
# "Free", "It is free of charge", "No charge"; not "Free for members", "First visit free, then £3"
_FREE = re.compile(
    r"\s*(?:it(?:’|'| i)s |always |completely |totally )?"
    r"(?:free(?: of charge| to all| entry| event| service)?|no (?:charge|cost|fee)s?|nothing"
    r"|£?0(?:\.00)?)(?:\s*[.,;:(–-](?!\d).*)?\s*",
    re.IGNORECASE | re.DOTALL,
)
_GIFTS = re.compile(r"\bdonations?\b|\bpay what you can\b", re.IGNORECASE)
_SUM = re.compile(r"[£$€]\s*\d*[1-9]|\b\d+p\b", re.IGNORECASE)


@lru_cache(maxsize=4096)  # in a register many say the same
def facets(
    *,
    kind: Kind,
    fees: str,
    languages: str,
    times: tuple[Times, ...],
    slugs: tuple[str, ...],
    has_place: bool,
    welcomes: int | None,
    today: date | None = None,
) -> str:
    """Return the marks of a listing, apart by "|". Single dates before `today` do not count."""
    marks = [f"kind-{kind.value}", *_cost(fees), *_ways(slugs, has_place=has_place)]
    if welcomes:
        marks.append("room")
    marks += _when(times, today or date.min)
    marks += [f"lang-{mark}" for mark in _languages(languages)]
    kept, letters = [], 1
    for mark in dict.fromkeys(marks):
        letters += len(mark) + 1
        if letters <= LONGEST:
            kept.append(f"{mark}|")
    return "".join(["|", *kept])


def is_free(fees: str) -> bool:
    """Return whether a cost in words says that it costs nothing; a gift may be asked for."""
    return bool(_FREE.fullmatch(fees)) and not _SUM.search(fees)


def _cost(fees: str) -> list[str]:
    if not fees.strip():
        return []
    if is_free(fees):
        return ["free"]
    return ["donation"] if _GIFTS.search(fees) and not _SUM.search(fees) else ["paid"]


def _ways(slugs: Iterable[str], *, has_place: bool) -> list[str]:
    found = ["online"] if FROM_HOME in slugs else []
    return [*found, "in-person"] if has_place or not found else found


def _when(times: Iterable[Times], today: date) -> list[str]:
    found: set[str] = set()
    for when in times:
        parts = _parts(when.opens_at, when.closes_at)
        days = [code.lower() for _, code in days_of(when.byday)]
        days += [_CODES[day.weekday()] for day in dates_of(when) if day >= today]
        for day in days:
            found |= {day, *(f"{day}-{part}" for part in parts)}
    return sorted(found)


def _parts(opens: time | None, closes: time | None) -> Sequence[str]:
    """Return the parts of a day that hours touch; none when nobody said the hours."""
    if opens is None:
        return []
    ends = closes if closes is not None and closes > opens else opens
    if closes is not None and closes < opens:
        ends = time.max  # past midnight
    found = []
    if opens < NOON:
        found.append("am")
    if opens < EVENING and (ends > NOON or opens >= NOON):
        found.append("pm")
    if opens >= EVENING or ends > EVENING:
        found.append("eve")
    return found


def _languages(languages: str) -> list[str]:
    spoken, _ = apart(languages)
    return [mark_of(name) for name in spoken if name != "English"]


def mark_of(language: str) -> str:
    """Return the mark of one of our languages: "british-sign-language"."""
    return re.sub(r"[^a-z]+", "-", language.lower()).strip("-")


def choices() -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what can be chosen to filter by, as (value, words), by the name of its group.

    The value of a day, a part of one, a cost and a way is its mark; of a language and a sort of
    listing the mark follows "lang-" and "kind-".
    """
    spoken = [name for name in COMMON if name != "English"]
    return {
        "day": tuple(DAY_MARKS.items()),
        "part": tuple(PARTS.items()),
        "lang": tuple((mark_of(name), name) for name in spoken),
        "kind": tuple((kind.value, words) for kind, words in KIND_WORDS.items()),
    }
