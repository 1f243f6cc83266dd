"""Sessions as an iCalendar file (RFC 5545): one dated event each, on London's clocks.

Dated events and no rule: closures, school and bank holidays are worked out by one code, ours, and
a calendar that subscribes asks again. A group's session keeps its UID when its hours change: it is
the group, the day, and which of that day's sessions it is.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from asset_hub.core.calendar import LONDON
from asset_hub.core.words import one_line

REFRESH = timedelta(hours=12)  # how often a calendar may ask again
MAKER = "-//Asset Hub//What is on//EN"


@dataclass(frozen=True)
class Dated:
    """One session, as everybody may know it."""

    service_id: UUID
    on: date
    opens_at: time | None
    closes_at: time | None
    name: str
    where: str
    words: str
    url: str
    version: int  # of the listing: what a later edition of the same event has more of
    stamp: datetime


@lru_cache(maxsize=64)
def written(title: str, sessions: tuple[Dated, ...], host: str) -> bytes:
    """Return the calendar's text; kept in mind, for it takes a millisecond an event."""
    from icalendar import Calendar, vDuration, vText  # 0.3 s to import; only calendars need it

    calendar = Calendar()
    for name, value in (
        ("prodid", MAKER), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", "PUBLISH"),
        ("name", one_line(title)), ("x-wr-calname", one_line(title)),
        ("x-wr-timezone", LONDON.key),
    ):  # fmt: skip
        calendar.add(name, vText(value))  # NAME is no property it knows: it would not escape it
    for name in ("refresh-interval", "x-published-ttl"):
        calendar.add(name, vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add_component(_london())
    seen: Counter[tuple[UUID, date]] = Counter()
    for one in sessions:
        seen[one.service_id, one.on] += 1
        calendar.add_component(_event(one, seen[one.service_id, one.on], host))
    text: bytes = calendar.to_ical()
    return text


def _london() -> Any:
    """Return London's clocks as a rule: since 1996 they change at 01:00 UTC on these Sundays."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    zone = Timezone()
    zone.add("tzid", LONDON.key)
    hour, none = timedelta(hours=1), timedelta()
    for part, name, month, since, at, before, after in (
        (TimezoneDaylight(), "BST", 3, date(1996, 3, 31), time(1), none, hour),
        (TimezoneStandard(), "GMT", 10, date(1996, 10, 27), time(2), hour, none),
    ):
        part.add("dtstart", datetime.combine(since, at))
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def _event(one: Dated, number: int, host: str) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{one.service_id}-{one.on:%Y%m%d}-{number}@{host}")
    event.add("dtstamp", one.stamp.astimezone(UTC))
    event.add("sequence", one.version)
    event.add("summary", one_line(one.name))
    if one.opens_at is None:
        event.add("dtstart", one.on)
    else:
        starts = datetime.combine(one.on, one.opens_at, LONDON)
        event.add("dtstart", starts)
        if one.closes_at is not None:
            later = one.closes_at <= one.opens_at
            event.add(
                "dtend", datetime.combine(one.on + timedelta(days=later), one.closes_at, LONDON)
            )
    for name, value in (("location", one.where), ("description", one.words), ("url", one.url)):
        if value:
            event.add(name, value)
    event.add("transp", "TRANSPARENT")  # to know of it is not to be busy
    return event
