"""Answers of somebody listing a group: which steps there are, and what makes answers add up.

Answers are kept as JSON, one mapping for each step; `flat` lays them side by side.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Freq, Visibility
from asset_hub.directory.rules.languages import LONGEST, together
from asset_hub.directory.rules.prose import straight

Answers = dict[str, Any]

WHAT, WHERE, PIN, WHO, JOIN, CHECK = "what", "where", "pin", "who", "join", "check"
STEPS = (WHAT, WHERE, WHO, JOIN, CHECK)  # as counted on the screen; the pin belongs to "where"
NOWHERE = "none"  # it meets at no place
MOST_TOPICS = 12
WAYS_IN = "ways_in"  # facts about the place: any number of them
TOPIC_FIELDS = ("help_with", "doing", "especially_for", WAYS_IN)
WEEKLY, FORTNIGHTLY, MONTHLY, VARIES = "weekly", "fortnightly", "monthly", "varies"
FURTHER = ("_2", "_3", "_4")  # the endings of the fields about another day and time
SLOT = ("days", "opens_at", "closes_at")
_ADDRESS_IN_NAME = re.compile(  # what a mail program would turn into a link
    r"https?:|://|www\.|\w@\w|\w\.(app|biz|cc|club|co|com|dev|eu|gg|info|io|link|live|ly|me|net|online"
    r"|org|page|ru|shop|site|store|to|top|tv|uk|us|vip|xyz)\b",
    re.IGNORECASE,
)
_PUBLIC_TEXTS = {
    "name": "its name",
    "organization_name": "who runs it",
    "summary": "the one sentence about it",
    "description": "the description",
    "city": "the town",
    "when_words": "what you say about when it meets",
    "eligibility": "who it is for",
    "fees": "what it costs",
    "access": "what you say about getting in",
    "languages": "what you say about languages",
    "ask_for": "whom to ask for",
    "alt": "what you say about the picture",
    "credit": "who took the picture",
    "how_to_join": "how to join",
    "first_visit": "what you say about the first visit",
}


def pack(values: Mapping[str, Any]) -> Answers:
    """Return form values as JSON can hold them, without signs that turn the writing."""
    return {name: _packed(value) for name, value in values.items()}


def _packed(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return straight(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (UUID, date)):
        return str(value)
    if isinstance(value, list):
        return [_packed(item) for item in value]
    return value


def unpack(answers: Mapping[str, Any]) -> Answers:
    """Return packed answers as the fields of a form take them."""
    found = dict(answers)
    if found.get("next_on"):
        found["next_on"] = date.fromisoformat(found["next_on"])
    return found


def flat(answers: Mapping[str, Answers]) -> Answers:
    """Return the answers of every step side by side."""
    steps = (answers.get(step, {}) for step in (WHAT, WHERE, PIN, WHO, JOIN))
    return {name: value for step in steps for name, value in step.items()}


def needs_pin(where: Mapping[str, Any]) -> bool:
    """Return whether the place is to be shown and its postcode did not say exactly where."""
    return where.get("setting") in {Visibility.EXACT, Visibility.AREA} and not where.get("exact")


def unfinished(answers: Mapping[str, Answers]) -> str | None:
    """Return the first step still to be answered, or None when all are."""
    for step in (WHAT, WHERE, WHO, JOIN):
        if step not in answers:
            return step
        if step == WHERE and PIN not in answers and needs_pin(answers[WHERE]):
            return PIN
    return None


def first_missing(answers: Mapping[str, Answers], *, before: str) -> str | None:
    """Return the first unanswered step among those that come before one, if any."""
    order = (WHAT, WHERE, PIN, WHO, JOIN, CHECK)
    missing = unfinished(answers)
    return missing if missing and order.index(missing) < order.index(before) else None


def following(step: str, answers: Mapping[str, Answers], *, checking: bool) -> str:
    """Return the step to show after one was saved; someone who was checking goes back to that."""
    if checking:
        return unfinished(answers) or CHECK
    if step == WHERE and needs_pin(answers[WHERE]):
        return PIN
    return STEPS[STEPS.index(WHERE if step == PIN else step) + 1]


def before(step: str) -> str | None:
    """Return the step that comes before, None for the first."""
    if step == PIN:
        return WHERE
    return STEPS[STEPS.index(step) - 1] if step != WHAT else None


def must_add_up(answers: Mapping[str, Any]) -> None:
    """Raise RuleBroken at the field whose answer does not fit the others.

    Takes one step's answers or all of them; a question that was not asked is not missed.
    """
    for check in (_name, _place, _days, _hours, _further, _ages, _cost, _topics, _languages):
        check(answers)


def must_keep_the_secret(answers: Mapping[str, Any]) -> None:
    """Refuse public words that give away an address meant not to be shown."""
    if answers.get("setting") not in {Visibility.AREA, Visibility.HIDDEN}:
        return
    secrets = [_squeezed(answers.get(name) or "") for name in ("postcode", "address_1")]
    for name, words in _PUBLIC_TEXTS.items():
        said = _squeezed(answers.get(name) or "")
        if any(len(secret) >= 5 and secret in said for secret in secrets):
            raise RuleBroken(
                f"You asked us not to show the address, but {words} gives it away. "
                "Take it out there, or choose to show the address.",
                field=name,
            )


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _name(answers: Mapping[str, Any]) -> None:
    for field in ("name", "organization_name"):
        if _ADDRESS_IN_NAME.search(answers.get(field) or ""):
            raise RuleBroken("Enter the name without a web address", field=field)


def _place(answers: Mapping[str, Any]) -> None:
    setting = answers.get("setting")
    if setting not in {Visibility.EXACT, Visibility.AREA} or "postcode" not in answers:
        return
    if not answers["postcode"]:
        raise RuleBroken("Enter the postcode of the place", field="postcode")


def _days(answers: Mapping[str, Any]) -> None:
    often = answers.get("often")
    if often == VARIES and not answers.get("when_words"):
        raise RuleBroken("Enter when it meets, in your own words", field="when_words")
    if often in {WEEKLY, FORTNIGHTLY, MONTHLY} and not answers.get("days"):
        raise RuleBroken("Select the days it meets", field="days")
    if often == FORTNIGHTLY and not answers.get("next_on"):
        raise RuleBroken("Enter a date on which it meets", field="next_on")
    if often == MONTHLY and not answers.get("nth"):
        raise RuleBroken("Select which weeks of the month", field="nth")


def _hours(answers: Mapping[str, Any]) -> None:
    opens, closes = answers.get("opens_at"), answers.get("closes_at")
    into_the_night = bool(closes) and str(closes) < "06:00"
    if opens and closes and str(closes) <= str(opens) and not into_the_night:
        raise RuleBroken("It must end later than it starts", field="closes_at")


def _further(answers: Mapping[str, Any]) -> None:
    if answers.get("often") == VARIES:
        return
    for end in FURTHER:
        hours = {name: answers.get(f"{name}{end}") for name in ("opens_at", "closes_at")}
        if any(hours.values()) and not answers.get(f"days{end}"):
            raise RuleBroken("Select the days it meets at these times", field=f"days{end}")
        try:
            _hours(hours)
        except RuleBroken as broken:
            raise RuleBroken(broken.message, field=f"{broken.field}{end}") from None


def _ages(answers: Mapping[str, Any]) -> None:
    youngest, oldest = answers.get("minimum_age"), answers.get("maximum_age")
    if youngest is not None and oldest is not None and oldest < youngest:
        raise RuleBroken("The oldest age must not be below the youngest", field="maximum_age")


def _cost(answers: Mapping[str, Any]) -> None:
    if answers.get("cost") == "paid" and not answers.get("fees"):
        raise RuleBroken("Enter what it costs", field="fees")


def _topics(answers: Mapping[str, Any]) -> None:
    counted = {name: answers.get(name) for name in TOPIC_FIELDS if name != WAYS_IN}
    if len(topics_of(counted)) > MOST_TOPICS:
        raise RuleBroken(f"Select {MOST_TOPICS} topics or fewer altogether", field="help_with")


def _languages(answers: Mapping[str, Any]) -> None:
    if len(together(answers.get("spoken") or (), answers.get("languages") or "")) > LONGEST:
        raise RuleBroken("Select or enter fewer languages", field="languages")


def topics_of(answers: Mapping[str, Any]) -> list[str]:
    """Return the slugs of every topic chosen."""
    return [slug for field in TOPIC_FIELDS for slug in answers.get(field) or ()]


def schedules_from(answers: Mapping[str, Any]) -> list[Answers]:
    """Return the parts of every Schedule: further days and times come as often as the first."""
    found = [schedule_parts(answers)]
    if answers.get("often") != VARIES:
        for end in FURTHER:
            slot = {name: answers.get(f"{name}{end}") for name in SLOT}
            if slot["days"]:
                found.append(schedule_parts({**answers, **slot}))
    return found


def schedule_parts(answers: Mapping[str, Any]) -> Answers:
    """Return the parts of a Schedule from the answers about when."""
    often, days = answers.get("often"), answers.get("days") or []
    parts: Answers = {
        "opens_at": _time(answers.get("opens_at")),
        "closes_at": _time(answers.get("closes_at")),
    }
    if often == VARIES:
        return {"description": answers.get("when_words") or ""}
    if often == MONTHLY:
        byday = [f"{nth}{day}" for day in days for nth in answers.get("nth") or []]
        return parts | {"freq": Freq.MONTHLY, "byday": ",".join(byday)}
    parts |= {"freq": Freq.WEEKLY, "byday": ",".join(days)}
    if often == FORTNIGHTLY:
        parts |= {"interval": 2, "dtstart": date.fromisoformat(answers["next_on"])}
    return parts


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def must_be_pinned(pin: Mapping[str, Any]) -> None:
    """Refuse a pin without both coordinates."""
    for name in ("latitude", "longitude"):
        if not pin.get(name):
            raise RuleBroken("Put the pin on the map, or enter where it is", field=name)
