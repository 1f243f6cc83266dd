"""Days on which a group does not meet or welcomes nobody new: what holds, and how it is said."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar

from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Away

AHEAD = timedelta(days=731)
MOST = 20  # to come at a time
ON_POSTER = timedelta(days=28)  # a poster hangs about as long
YEAR = timedelta(days=300)  # farther off, a date is said with its year


class Closing(Protocol):
    """What is read of a closure."""

    @property
    def starts_on(self) -> date: ...  # noqa: D102
    @property
    def ends_on(self) -> date: ...  # noqa: D102
    @property
    def kind(self) -> Away: ...  # noqa: D102
    @property
    def reason(self) -> str: ...  # noqa: D102


def must_be_sensible(starts_on: date, ends_on: date, *, today: date) -> None:
    """Refuse days that end before they begin, are over, or too far off to be known."""
    if ends_on < starts_on:
        raise RuleBroken("The last day must not be before the first", field="ends_on")
    if ends_on < today:
        raise RuleBroken("These days are over. Enter days to come", field="starts_on")
    if ends_on > today + AHEAD:
        raise RuleBroken("Enter days within the next two years", field="ends_on")


def say_closure(closure: Closing, *, today: date) -> str:
    """Return "Not meeting Monday 21 December to Monday 4 January: Christmas"."""
    first, last = (_say_day(day, today) for day in (closure.starts_on, closure.ends_on))
    away = closure.kind is Away.AWAY
    said = "Not meeting" if away else "Meeting, but not welcoming new people"
    if first == last:
        said += f" on {first}"
    else:
        said += f"{'' if away else ' from'} {first} to {last}"
    return f"{said}: {closure.reason}" if closure.reason else said


def _say_day(day: date, today: date) -> str:
    year = "" if abs(day - today) < YEAR else f" {day.year}"
    return f"{day:%A} {day.day} {day:%B}{year}"


Days = TypeVar("Days", bound=Closing)


def to_come(closures: Iterable[Days], *, today: date) -> list[Days]:
    """Return the closures that are not over, the nearest first."""
    kept = [one for one in closures if one.ends_on >= today]
    return sorted(kept, key=lambda one: (one.starts_on, one.ends_on))


def is_soon(closure: Closing, *, today: date) -> bool:
    """Return whether a closure belongs on a poster printed today."""
    return today <= closure.ends_on and closure.starts_on <= today + ON_POSTER
