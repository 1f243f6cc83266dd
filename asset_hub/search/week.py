"""What is on in a community, day by day. Pure: schedules in, days out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from asset_hub.core.calendar import bank_holidays
from asset_hub.directory.service import Meeting, next_meetings

LENGTH = 7  # days
MOST_A_DAY = 40  # nobody reads more; the page links to everything


@dataclass(frozen=True)
class Off:
    """Days on which a service (or, without one, whatever keeps to school terms) does not meet."""

    starts_on: date
    ends_on: date
    service_id: UUID | None = None

    def holds(self, day: date) -> bool:
        """Return whether a day is one of them."""
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class Event:
    """One thing that is on: who, when, where and its page."""

    meeting: Meeting
    name: str
    where: str
    service_id: UUID

    @property
    def hours(self) -> str:
        """Return when on that day: "10am to noon"; empty when nobody said."""
        return self.meeting.hours


@dataclass(frozen=True)
class Day:
    """A day and what is on."""

    on: date
    events: list[Event]


def week(schedules: Iterable[Any], offs: Sequence[Off], *, today: date) -> list[Day]:
    """Return the seven days from today that have anything on.

    A schedule is a row with the parts of a `Schedule` and the `name`, `service_id` and `where`
    of its service.
    """
    days: dict[date, set[Event]] = {}
    last = today + timedelta(days=LENGTH - 1)
    away = {one.service_id for one in offs}
    for row in schedules:
        most = row.byday.count(",") + 1 if row.byday else LENGTH  # in one week
        for meeting in next_meetings([row], today=today, count=most):
            if meeting.on > last:
                break
            if not _is_off(row, meeting.on, offs, away):
                event = Event(meeting, row.name, row.where or "", row.service_id)
                days.setdefault(meeting.on, set()).add(event)
    return [Day(on, _in_order(days[on])) for on in sorted(days)]


def _in_order(events: Iterable[Event]) -> list[Event]:
    ordered = sorted(
        events,
        key=lambda one: (
            one.meeting.opens_at is None,
            one.meeting.opens_at or time(),
            one.name,
            one.service_id,
        ),
    )
    return ordered[:MOST_A_DAY]


def _is_off(row: Any, day: date, offs: Sequence[Off], away: set[UUID | None]) -> bool:
    """Return whether a schedule leaves a day out: a closure, a holiday, a month off."""
    if row.service_id in away and any(
        off.service_id == row.service_id and off.holds(day) for off in offs
    ):
        return True
    if row.term_time and any(off.service_id is None and off.holds(day) for off in offs):
        return True
    if str(day.month) in row.not_months.split(","):
        return True
    return not row.bank_holidays and day in bank_holidays(day.year)
