"""When to look again, and what an answer leads to. Decided without a database or a clock.

The follow-up plan is the one of social prescribing in England: early, because most people who
never go decide it in the first days; then at two, six and twelve weeks, until it has settled.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from asset_hub.connections.models import ENDED, Ending, State
from asset_hub.core.calendar import working_day_from, working_days_after
from asset_hub.core.errors import RuleBroken
from asset_hub.followups.models import Outcome
from asset_hub.people.models import CONTACT_WORDS, ContactBy, Person

DEFAULT_PLAN = (2, 14, 42, 84)  # days after the introduction
EARLY = timedelta(days=3)  # somebody heard this much ahead has answered the look that was coming
AGAIN = timedelta(weeks=1)  # when they have not been yet
AFTER_THE_PLAN = timedelta(weeks=2)  # when the plan is over and it has not settled
TRY_AGAIN = 3  # working days
TRIES = 3  # in a row, before closing is offered
SOON = 2  # working days, when something more is needed
LONGEST = timedelta(weeks=12)  # how far ahead a keeper may choose the next look

WENT = frozenset({Outcome.GOING_WELL, Outcome.WENT_ONCE})
SUGGESTED_ENDING: dict[Outcome, Ending] = {
    Outcome.GOING_WELL: Ending.JOINED,
    Outcome.WRONG_FIT: Ending.NOT_FOR_THEM,
    Outcome.COULD_NOT_REACH: Ending.COULD_NOT_REACH,
}


@dataclass(frozen=True)
class Step:
    """One look of a plan: so many days after the introduction, on a working day."""

    days: int
    due_on: date


@dataclass(frozen=True)
class Next:
    """What an answer leads to: the next date, and whether it may end here."""

    on: date
    may_end: Ending | None = None


def plan(
    introduced_on: date, *, today: date, days: Sequence[int] = DEFAULT_PLAN
) -> tuple[Step, ...]:
    """Return the looks of a plan, each on a working day of its own, none in the past.

    Of those an introduction written down late has passed, only the newest is kept, for the next
    working day.
    """
    missed = [n for n in days if introduced_on + timedelta(n) <= today]
    found: list[Step] = []
    after = today
    for number in [*missed[-1:], *days[len(missed) :]]:
        wanted = working_day_from(introduced_on + timedelta(number))
        after = max(wanted, working_days_after(after, 1))
        found.append(Step(number, after))
    return tuple(found)


def answered(due: Iterable[date], *, today: date) -> int:
    """Return how many of the coming looks (dates, earliest first) this conversation answers."""
    return sum(1 for on in due if on <= today + EARLY)


def next_look(outcome: Outcome, *, coming: date | None, silences: int, today: date) -> Next:
    """Return what follows from an answer.

    `coming` is the plan's next look after this conversation, None when the plan is over;
    `silences` counts how often in a row the person could not be reached before.
    """
    match outcome:
        case Outcome.GOING_WELL | Outcome.WENT_ONCE if coming:
            return Next(coming)
        case Outcome.GOING_WELL:
            return Next(working_day_from(today + AFTER_THE_PLAN), Ending.JOINED)
        case Outcome.WENT_ONCE:
            return Next(working_day_from(today + AFTER_THE_PLAN))
        case Outcome.NOT_YET:
            return Next(working_day_from(today + AGAIN))
        case Outcome.WRONG_FIT:
            return Next(working_days_after(today, 1), Ending.NOT_FOR_THEM)
        case Outcome.NEEDS_MORE:
            return Next(working_days_after(today, SOON))
        case Outcome.COULD_NOT_REACH:
            given_up = silences + 1 >= TRIES
            on = working_days_after(today, TRY_AGAIN)
            return Next(on, Ending.COULD_NOT_REACH if given_up else None)


def silences(heard: Sequence[Outcome]) -> int:
    """Return how often in a row, most recently, the person could not be reached (newest last)."""
    count = 0
    for outcome in reversed(heard):
        if outcome is not Outcome.COULD_NOT_REACH:
            break
        count += 1
    return count


def moves_to(state: State, outcome: Outcome, *, over: bool) -> tuple[State, ...]:
    """Return the states a connection goes through because of an answer (none: it stays).

    `over` says that the plan's last look has been answered.
    """
    steps: list[State] = []
    if outcome in WENT and state in {State.INTRODUCED, State.WAITING}:
        steps.append(State.ATTENDED)
    if outcome is Outcome.GOING_WELL and over and state is not State.SETTLED:
        steps.append(State.SETTLED)
    return tuple(steps)


def is_recordable(state: State, *, introduced: bool) -> bool:
    """Return whether somebody can be asked how it went: they were introduced, and it is open."""
    return introduced and state in {
        State.INTRODUCED, State.ATTENDED, State.SETTLED, State.WAITING
    }  # fmt: skip


def must_be_recordable(state: State, *, introduced: bool) -> None:
    """Refuse to write down an answer about what has not begun or has ended."""
    if state in ENDED:
        raise RuleBroken("This connection has ended. Reopen it first.")
    if not is_recordable(state, introduced=introduced):
        raise RuleBroken("They have not been introduced yet. Do that first.")


def must_have_happened(on: date, *, made_on: date, today: date) -> None:
    """Refuse an introduction in the future, or before the connection was made."""
    if on > today:
        raise RuleBroken("The introduction must be today or in the past", field="on")
    if on < made_on:
        raise RuleBroken("The introduction must be after the connection was made", field="on")


def must_be_a_good_day(on: date, *, today: date) -> None:
    """Refuse a next look that is not ahead, too far ahead, or on a day nobody works."""
    if on <= today:
        raise RuleBroken("The next look must be after today", field="next_on")
    if on > today + LONGEST:
        raise RuleBroken("The next look must be within 12 weeks", field="next_on")
    if working_day_from(on) != on:
        raise RuleBroken(
            "The next look must be on a working day: not a weekend, not a bank holiday",
            field="next_on",
        )


def is_last_try(heard: Sequence[Outcome]) -> bool:
    """Return whether one more silence is enough to offer closing it."""
    return silences(heard) + 1 >= TRIES


def is_introducible(state: State) -> bool:
    """Return whether the next thing to do is the introduction."""
    return state is State.ACCEPTED


@dataclass(frozen=True)
class Way:
    """One way to reach somebody. `to` and `href` are empty when there is nothing to press."""

    by: ContactBy
    to: str = ""
    href: str = ""

    @property
    def words(self) -> str:
        """Return what this way is called on the page."""
        return CONTACT_WORDS[self.by]

    @property
    def calls(self) -> bool:
        """Return whether a telephone rings."""
        return self.by is ContactBy.PHONE


@dataclass(frozen=True)
class Ways:
    """How somebody may be reached: the way they asked for, and those to try if it fails."""

    asked_for: Way
    others: Sequence[Way]


def ways(person: Person) -> Ways:
    """Return how a person may be reached, what they asked for before everything else."""
    found = (_way(person, by) for by in ContactBy if by is not person.contact_by)
    return Ways(_way(person, person.contact_by), [way for way in found if way.href])


def _way(person: Person, by: ContactBy) -> Way:
    number = re.sub(r"[^0-9+]", "", person.phone)
    match by:
        case ContactBy.PHONE if number:
            return Way(by, person.phone, f"tel:{number}")
        case ContactBy.TEXT if number:
            return Way(by, person.phone, f"sms:{number}")
        case ContactBy.EMAIL if person.email:
            return Way(by, person.email, f"mailto:{quote(person.email, safe='@+')}")
        case _:
            return Way(by)
