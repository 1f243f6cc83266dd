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
from asset_hub.directory.models import Visibility
from asset_hub.directory.rules import when
from asset_hub.directory.rules.languages import LONGEST, together
from asset_hub.directory.rules.prose import straight

Answers = dict[str, Any]

WHAT, WHERE, PIN, WHEN, WHO, ABOUT, JOIN, CHECK = (
    "what", "where", "pin", "when", "who", "about", "join", "check",
)  # fmt: skip
STEPS = (
    WHAT,
    WHERE,
    WHEN,
    WHO,
    ABOUT,
    JOIN,
    CHECK,
)  # as counted on the screen; the pin is of "where"
NOWHERE = "none"  # it meets at no place
MOST_TOPICS = 12
MOST_NOT_FOR = 6
# Whom a group may be for especially, but whom none may turn away for who they are (Equality Act).
NEVER_SHUT_OUT = frozenset({
    "disabled-people", "lgbt", "minority-ethnic", "new-here", "older-people",
})  # fmt: skip
WAYS_IN = "ways_in"  # facts about the place: any number of them
ABOUT_FIELDS = ("help_with", "doing", "ways_in", "access", "spoken", "languages")
TOPIC_FIELDS = ("help_with", "doing", "especially_for", WAYS_IN)
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
    "reason": "the reason",
}


def pack(values: Mapping[str, Any]) -> Answers:
    """Return form values as JSON can hold them, without signs that turn the writing.

    What was answered about when it meets and does not count beside the choice made is left out.
    """
    return when.that_count({name: _packed(value) for name, value in values.items()})


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
    return when.unpacked(answers)


def in_steps(answers: Mapping[str, Answers]) -> dict[str, Answers]:
    """Return a draft's answers in the steps of today: older drafts had fewer."""
    found, where = dict(answers), answers.get(WHERE, {})
    if WHEN not in found and "often" in where:
        found[WHERE] = {name: said for name, said in where.items() if name not in when.FIELDS}
        found[WHEN] = {name: where[name] for name in when.FIELDS if name in where}
    who = answers.get(WHO, {})
    if ABOUT not in found and any(name in who for name in ABOUT_FIELDS):
        found[WHO] = {name: said for name, said in who.items() if name not in ABOUT_FIELDS}
        found[ABOUT] = {name: who[name] for name in ABOUT_FIELDS if name in who}
    return found


def flat(answers: Mapping[str, Answers]) -> Answers:
    """Return the answers of every step side by side."""
    steps = (answers.get(step, {}) for step in (WHAT, WHERE, PIN, WHEN, WHO, ABOUT, JOIN))
    return {name: value for step in steps for name, value in step.items()}


def needs_pin(where: Mapping[str, Any]) -> bool:
    """Return whether the place is to be shown and its postcode did not say exactly where."""
    return where.get("setting") in {Visibility.EXACT, Visibility.AREA} and not where.get("exact")


def unfinished(answers: Mapping[str, Answers]) -> str | None:
    """Return the first step still to be answered, or None when all are."""
    for step in (WHAT, WHERE, WHEN, WHO, ABOUT, JOIN):
        if step not in answers:
            return step
        if step == WHERE and PIN not in answers and needs_pin(answers[WHERE]):
            return PIN
    return None


def first_missing(answers: Mapping[str, Answers], *, before: str) -> str | None:
    """Return the first unanswered step among those that come before one, if any."""
    order = (WHAT, WHERE, PIN, WHEN, WHO, ABOUT, JOIN, CHECK)
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
    for check in (_name, _place, when.must_add_up, _ages, _cost, _topics, _languages):
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
    not_for = set(answers.get("not_for") or ())
    if len(not_for) > MOST_NOT_FOR:
        raise RuleBroken(f"Select {MOST_NOT_FOR} or fewer", field="not_for")
    if not_for & NEVER_SHUT_OUT:
        raise RuleBroken("A group cannot turn people away for who they are", field="not_for")
    if not_for.intersection(topics_of(answers)):
        raise RuleBroken(
            "It cannot be especially for somebody and not for them. Take one of the two away",
            field="not_for",
        )


def _languages(answers: Mapping[str, Any]) -> None:
    if len(together(answers.get("spoken") or (), answers.get("languages") or "")) > LONGEST:
        raise RuleBroken("Select or enter fewer languages", field="languages")


def topics_of(answers: Mapping[str, Any]) -> list[str]:
    """Return the slugs of every topic chosen."""
    return [slug for field in TOPIC_FIELDS for slug in answers.get(field) or ()]


def must_be_pinned(pin: Mapping[str, Any]) -> None:
    """Refuse a pin without both coordinates."""
    for name in ("latitude", "longitude"):
        if not pin.get(name):
            raise RuleBroken("Put the pin on the map, or enter where it is", field=name)
