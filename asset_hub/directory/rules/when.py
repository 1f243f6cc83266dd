"""When a group meets, as plain choices: what makes them add up, to parts and back.

Up to seven sessions, each with its own days and hours, come equally often and are bound to the
same months and dates. What a schedule says beyond that is told in words and left as it is.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import Any

from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Freq, Schedule
from asset_hub.directory.rules.times import DAYS, dates_of, days_of, months_of, say

Answers = dict[str, Any]

WEEKLY, FORTNIGHTLY, MONTHLY, DATES, VARIES = "weekly", "fortnightly", "monthly", "dates", "varies"
REPEATING = frozenset({WEEKLY, FORTNIGHTLY, MONTHLY})
SCHOOL, BANK, SOME_MONTHS, BEGINS, ENDS = "school", "bank", "months", "begins", "ends"
FURTHER = ("_2", "_3", "_4", "_5", "_6", "_7")  # the endings of the fields about another session
SLOT = ("days", "opens_at", "closes_at")
SHARED = (
    "often", "next_on", "nth", "dates", "when_words", "apart", "not_months", "first_on", "last_on",
)  # fmt: skip
FIELDS = (*SHARED, *SLOT, *(name + end for end in FURTHER for name in SLOT), "gone")
MOST_DATES = 80  # as many as the column holds
NTHS = frozenset({1, 2, 3, 4, -1})
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)  # what the form takes
NOTHING: Answers = {
    "often": None, "next_on": None, "nth": [], "dates": [], "when_words": "", "apart": [],
    "not_months": [], "first_on": None, "last_on": None, "days": [], "opens_at": None,
    "closes_at": None, "gone": [],
}  # fmt: skip


def unpacked(answers: Mapping[str, Any]) -> Answers:
    """Return packed answers with their dates as dates."""
    found = dict(answers)
    for name in ("next_on", "first_on", "last_on"):
        if found.get(name):
            found[name] = date.fromisoformat(found[name])
    if "dates" in found:
        found["dates"] = [date.fromisoformat(day) for day in found["dates"] or ()]
    return found


HOURS = frozenset(name + end for end in ("", *FURTHER) for name in ("opens_at", "closes_at"))
DAY_FIELDS = frozenset(f"days{end}" for end in ("", *FURTHER))
REPEATS = HOURS | DAY_FIELDS | {"apart", "not_months", "first_on", "last_on"}
COUNTS: dict[str, frozenset[str]] = {
    WEEKLY: REPEATS,
    FORTNIGHTLY: REPEATS | {"next_on"},
    MONTHLY: REPEATS | {"nth"},
    DATES: HOURS | {"dates"},
    VARIES: frozenset({"when_words"}),
}
UNDER = {SOME_MONTHS: "not_months", BEGINS: "first_on", ENDS: "last_on"}


def out_of_sight(often: Any, apart: Sequence[str]) -> list[str]:
    """Return the names of the questions that the choices made leave shut."""
    if often not in COUNTS:
        return []
    wanted = (COUNTS[often] | {"gone"}) - {
        field for box, field in UNDER.items() if box not in apart
    }
    return [name for name in FIELDS if name not in wanted and name != "often"]


def that_count(answers: Mapping[str, Any]) -> Answers:
    """Return packed answers without what was out of sight: left over from another choice."""
    shut = out_of_sight(answers.get("often"), answers.get("apart") or ())
    return {**answers, **{name: nothing(name) for name in shut if name in answers}}


def nothing(name: str) -> Any:
    """Return what an unanswered question about when says."""
    return NOTHING[re.sub(r"_[2-7]$", "", name)]


# Do they add up?


def must_add_up(answers: Mapping[str, Any]) -> None:
    """Raise RuleBroken at the field about when whose answer does not fit the others."""
    for check in (_days, _hours, _further, _apart):
        check(answers)


_MISSING = {
    VARIES: ("when_words", "Enter when it meets, in your own words"),
    DATES: ("dates", "Enter the dates on which it meets"),
    FORTNIGHTLY: ("next_on", "Enter a date on which it meets"),
    MONTHLY: ("nth", "Select which weeks of the month"),
}


def _days(answers: Mapping[str, Any]) -> None:
    often = answers.get("often")
    if often in REPEATING and not answers.get("days"):
        raise RuleBroken("Select the days it meets", field="days")
    field, words = _MISSING.get(str(often), ("", ""))
    if field and not answers.get(field):
        raise RuleBroken(words, field=field)


def _hours(answers: Mapping[str, Any]) -> None:
    told = answers.get("often") == VARIES  # then they are in the words, or not at all
    if not told and not _in_order(answers.get("opens_at"), answers.get("closes_at")):
        raise RuleBroken("It must end later than it starts", field="closes_at")


def _in_order(opens: Any, closes: Any) -> bool:
    into_the_night = bool(closes) and str(closes) < "06:00"
    return not opens or not closes or str(closes) > str(opens) or into_the_night


def _further(answers: Mapping[str, Any]) -> None:
    often = answers.get("often")
    if often == VARIES:
        return
    for end in FURTHER:
        hours = {name: answers.get(f"{name}{end}") for name in ("opens_at", "closes_at")}
        if often != DATES and any(hours.values()) and not answers.get(f"days{end}"):
            raise RuleBroken("Select the days it meets at these times", field=f"days{end}")
        try:
            _hours(hours)
        except RuleBroken as broken:
            raise RuleBroken(broken.message, field=f"{broken.field}{end}") from None


def _apart(answers: Mapping[str, Any]) -> None:
    """Check what it is bound to; the fields under a box that is not ticked do not count."""
    if answers.get("often") not in REPEATING:
        return
    apart = answers.get("apart") or ()
    months = answers.get("not_months") or ()
    if SOME_MONTHS in apart and not 0 < len(months) < 12:
        words = "Leave at least one month in which it meets" if months else "Select the months"
        raise RuleBroken(words, field="not_months")
    for choice, field, words in (
        (BEGINS, "first_on", "Enter the date of the first meeting"),
        (ENDS, "last_on", "Enter the date of the last meeting"),
    ):
        if choice in apart and not answers.get(field):
            raise RuleBroken(words, field=field)
    began = _bounds(answers)
    if began and answers["often"] == FORTNIGHTLY:
        began = [str(_fortnightly(answers)["dtstart"])]
    if ENDS in apart and str(answers["last_on"]) < max(began, default=""):
        raise RuleBroken("The last meeting must not be before the first", field="last_on")


def _bounds(answers: Mapping[str, Any]) -> list[str]:
    """Return the dates, as text, before which it does not meet."""
    found = [answers.get("first_on")] if BEGINS in (answers.get("apart") or ()) else []
    if answers.get("often") == FORTNIGHTLY:
        found.append(answers.get("next_on"))
    return [str(day) for day in found if day]


# To parts


def schedules_from(answers: Mapping[str, Any]) -> dict[int, Answers]:
    """Return the parts of every Schedule, by the number of its session from 0."""
    if not answers.get("often"):
        return {}
    if answers["often"] == VARIES:
        return {0: {"description": answers.get("when_words") or ""}}
    often = answers["often"]
    shared = _SHARED_PARTS[often](answers) | _apart_parts(answers)
    found = {}
    for number, end in enumerate(("", *FURTHER)):
        slot = {name: answers.get(f"{name}{end}") for name in SLOT}
        asked = slot["opens_at"] or slot["closes_at"] if often == DATES else slot["days"]
        if number and not asked:
            continue
        hours = {name: _time(slot[name]) for name in ("opens_at", "closes_at")}
        found[number] = shared | hours | {"byday": _byday(answers, slot["days"] or ())}
    return found


def _byday(answers: Mapping[str, Any], days: Sequence[str]) -> str:
    if answers["often"] == DATES:
        return ""
    if answers["often"] == MONTHLY:
        return ",".join(f"{nth}{day}" for day in days for nth in answers.get("nth") or ())
    return ",".join(days)


def _listed(answers: Mapping[str, Any]) -> Answers:
    return {"dates": ",".join(sorted({str(day) for day in answers["dates"]})[:MOST_DATES])}


def _fortnightly(answers: Mapping[str, Any]) -> Answers:
    """Count every other week from a date on which it met; not before it begins."""
    phase = date.fromisoformat(answers["next_on"])
    begins = max(map(date.fromisoformat, _bounds(answers)))
    behind = (begins - phase).days
    return {
        "freq": Freq.WEEKLY,
        "interval": 2,
        "dtstart": date.fromordinal(phase.toordinal() + -(-behind // 14) * 14),
    }


_SHARED_PARTS: dict[str, Callable[[Mapping[str, Any]], Answers]] = {
    WEEKLY: lambda _: {"freq": Freq.WEEKLY},
    MONTHLY: lambda _: {"freq": Freq.MONTHLY},
    FORTNIGHTLY: _fortnightly,
    DATES: _listed,
}


def _apart_parts(answers: Mapping[str, Any]) -> Answers:
    apart = set(answers.get("apart") or ()) if answers["often"] in REPEATING else set()
    found: Answers = {"term_time": SCHOOL in apart, "bank_holidays": BANK not in apart}
    if SOME_MONTHS in apart:
        months = sorted(int(month) for month in answers["not_months"])
        found["not_months"] = ",".join(map(str, months))
    if BEGINS in apart and answers["often"] != FORTNIGHTLY:
        found["dtstart"] = date.fromisoformat(answers["first_on"])
    if ENDS in apart:
        found["valid_to"] = date.fromisoformat(answers["last_on"])
    return found


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


# And back


def answers_from(schedules: Sequence[Schedule]) -> Answers:
    """Return the answers that would have made the sessions the form asks about.

    `others` are the times that it does not, in words; those among `gone` are to be taken away.
    """
    slots = slots_of(schedules)
    found = NOTHING | (_one(slots[0]) if slots else {})
    found["others"] = list(others_of(schedules).values())
    for number, end in enumerate(FURTHER, 1):
        slot = _one(slots[number]) if number < len(slots) else NOTHING
        found |= {f"{name}{end}": slot[name] for name in SLOT}
    return found


def slots_of(schedules: Sequence[Schedule]) -> list[Schedule]:
    """Return the sessions that the form asks about, the earliest in the week first.

    It asks about those that differ from the first in days and hours alone; the others (an import
    may have them) are left as they are.
    """
    if not schedules:
        return []
    told = [_one(schedule) for schedule in schedules]
    if told[0]["often"] not in {*REPEATING, DATES}:
        return list(schedules[:1])
    first = _shared(told[0])
    alike = [one for one, said in zip(schedules, told, strict=True) if _shared(said) == first]
    return sorted(alike[: len(FURTHER) + 1], key=_first_meeting)


def others_of(schedules: Sequence[Schedule]) -> dict[int, str]:
    """Return the times that the form does not ask about, in words, by their number."""
    asked = {schedule.id for schedule in slots_of(schedules)}
    return {number: say(one) or "?" for number, one in enumerate(schedules) if one.id not in asked}


def _shared(answers: Answers) -> Answers:
    return {name: answers[name] for name in SHARED}


def _first_meeting(schedule: Schedule) -> tuple[int, time]:
    days = [list(DAYS).index(day) for _, day in days_of(schedule.byday)]
    return min(days, default=0), schedule.opens_at or time()


def _one(schedule: Schedule) -> Answers:
    often = _often(schedule)
    if often is None:
        words = say(schedule)
        return NOTHING | {"often": VARIES if words else None, "when_words": words}
    found = dict(NOTHING)
    for name in ("opens_at", "closes_at"):
        value = getattr(schedule, name)
        found[name] = f"{value:%H:%M}" if value else None
    days = days_of(schedule.byday)
    found |= {"often": often, "days": [day for day in DAYS if day in {day for _, day in days}]}
    if often == MONTHLY:
        found["nth"] = [str(nth) for nth in dict.fromkeys(nth for nth, _ in days)]
    if often == DATES:
        found["dates"] = [str(day) for day in dates_of(schedule)]
    if often == FORTNIGHTLY:
        found["next_on"] = str(schedule.dtstart)
    return found | _apart_answers(schedule, often)


def _apart_answers(schedule: Schedule, often: str) -> Answers:
    begins = schedule.dtstart if often in {WEEKLY, MONTHLY} else None
    months = months_of(schedule.not_months)
    ticked = {
        SCHOOL: schedule.term_time, BANK: not schedule.bank_holidays, SOME_MONTHS: bool(months),
        BEGINS: begins is not None, ENDS: schedule.valid_to is not None,
    }  # fmt: skip
    return {
        "apart": [choice for choice, on in ticked.items() if on],
        "not_months": [str(month) for month in months],
        "first_on": str(begins) if begins else None,
        "last_on": str(schedule.valid_to) if schedule.valid_to else None,
    }


def _often(schedule: Schedule) -> str | None:
    """Return which of the form's plain choices a schedule is, if it is one of them."""
    if schedule.description or not _in_order(schedule.opens_at, schedule.closes_at):
        return None
    if schedule.freq is None:
        return DATES if _is_dates(schedule) else None
    if not _is_bound_plainly(schedule) or not days_of(schedule.byday):
        return None
    nths = {nth for nth, _ in days_of(schedule.byday)}
    if schedule.freq is Freq.MONTHLY:
        return MONTHLY if schedule.interval == 1 and _is_whole(schedule) else None
    if nths != {0}:
        return None
    if schedule.interval == 2 and schedule.dtstart:
        return FORTNIGHTLY
    return WEEKLY if schedule.interval == 1 else None


def _is_dates(schedule: Schedule) -> bool:
    plain = not (schedule.valid_to or schedule.byday or (schedule.dates and schedule.dtstart))
    days = dates_of(schedule)
    return plain and 0 < len(days) <= MOST_DATES and days[0] >= EARLIEST and days[-1] <= LATEST


def _is_bound_plainly(schedule: Schedule) -> bool:
    """Return whether the form has words for the months and dates it is bound to."""
    first, last = schedule.dtstart or EARLIEST, schedule.valid_to or LATEST
    some_months = len(months_of(schedule.not_months)) < 12
    return EARLIEST <= first <= last <= LATEST and some_months and not schedule.dates


def _is_whole(schedule: Schedule) -> bool:
    """Return whether each of some weeks goes with each of some days."""
    days = days_of(schedule.byday)
    nths, names = {nth for nth, _ in days}, {day for _, day in days}
    return nths <= NTHS and len(set(days)) == len(nths) * len(names)
