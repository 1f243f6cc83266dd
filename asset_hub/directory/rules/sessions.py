"""A schedule laid out as sessions: one row for each day on which it meets. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from asset_hub.directory.models import Away
from asset_hub.directory.rules.closures import Closing
from asset_hub.directory.rules.dates import meets_on
from asset_hub.directory.rules.times import Times

AHEAD = 35  # days that are laid out, today among them
DAY = 24 * 60  # minutes
PATTERN = (
    "freq", "interval", "byday", "dtstart", "valid_to", "dates", "term_time", "not_months",
    "bank_holidays",
)  # fmt: skip


def horizon(today: date) -> date:
    """Return the last day that is laid out today."""
    return today + timedelta(days=AHEAD - 1)


class Calendar:
    """On which of some days patterns meet: hundreds meet every Tuesday, it is worked out once."""

    def __init__(self, first: date, last: date) -> None:
        self.days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        self._known: dict[tuple[Any, ...], list[date]] = {}

    def of(self, schedule: Any) -> list[date]:
        """Return the days on which a schedule meets, closures and school holidays apart."""
        pattern = tuple(getattr(schedule, name) for name in PATTERN)
        if pattern not in self._known:
            meets = meets_on(Times(**dict(zip(PATTERN, pattern, strict=True))))
            self._known[pattern] = list(filter(meets, self.days))
        return self._known[pattern]


def session_rows(
    schedules: Iterable[Any],
    *,
    calendar: Calendar,
    closures: Mapping[UUID, Sequence[Closing]],
    places: Mapping[UUID, str],
) -> Iterable[dict[str, Any]]:
    """Return the values of each `ListingSession` of some schedules.

    `closures` are by service, `places` what everybody may know of single places, by location.
    """
    for schedule in schedules:
        starts, ends = minutes(schedule.opens_at, schedule.closes_at)
        for day in calendar.of(schedule):
            spells = closures.get(schedule.service_id, ())
            now = [one for one in spells if one.starts_on <= day <= one.ends_on]
            shut = [one.reason for one in now if one.kind is Away.AWAY]
            yield {
                "service_id": schedule.service_id,
                "held_on": day,
                "schedule_id": schedule.id,
                "starts": starts,
                "ends": ends,
                "place": places.get(schedule.location_id),
                "term_time": schedule.term_time,
                "quiet": any(one.kind is Away.QUIET for one in now),
                "away": bool(shut),
                "reason": next(filter(None, shut), ""),
            }


def minutes(opens: time | None, closes: time | None) -> tuple[int | None, int | None]:
    """Return hours as minutes after midnight; an end after midnight goes on counting."""
    if opens is None:
        return None, None
    starts = opens.hour * 60 + opens.minute
    if closes is None:
        return starts, None
    ends = closes.hour * 60 + closes.minute
    return starts, ends if ends > starts else ends + DAY


def on_the_wall(count: int | None) -> time | None:
    """Return the time that minutes after midnight are."""
    return None if count is None else time(count // 60 % 24, count % 60)
