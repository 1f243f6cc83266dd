"""What visitors are asked who suggest a change, report a group gone, claim one, or watch."""

from collections.abc import Iterator
from typing import Any

from asset_hub.core.db import limit
from asset_hub.core.fields import (
    EmailField,
    PhoneField,
    RadioField,
    TextAreaField,
    TextField,
    WebsiteField,
)
from asset_hub.core.forms import EditForm, Form, once_only
from asset_hub.directory.forms.fields import address_agreed
from asset_hub.directory.models import PART_WORDS, ChangeRequest, Schedule, Service
from asset_hub.directory.rules.changes import NOW, SUGGESTED, WORDS

REPLY_HINT = (
    "Only if you want to hear what becomes of it. Nobody else sees it, and we write to you once"
)
ALWAYS = ("once", "csrf_token", "version", "comment", "reply")
_LAST = {"comment": 1, "reply": 2}
GONE = [
    ("stopped", "It has stopped", "Somebody told me, or a notice said so"),
    ("moved", "It has moved away"),
    ("nobody", "I went, and nobody was there"),
    ("answer", "Nobody answers the phone or mail"),
    ("other", "Something else"),
]


def _reply() -> EmailField:
    return EmailField("Your email address", thing="your email address", hint=REPLY_HINT)


def _comment(label: str, hint: str, *, required: bool = False) -> TextAreaField:
    return TextAreaField(
        label, thing="what is not right", rows=3, required=required,
        max_length=limit(ChangeRequest.comment), hint=hint,
    )  # fmt: skip


class Suggest(Form):
    """What is not right, in somebody's own words."""

    title = "What is not right?"

    comment = _comment(
        "What is not right?", "In your own words. For example: the door is round the back now",
        required=True,
    )  # fmt: skip
    reply = _reply()
    once = once_only()

    def __iter__(self) -> Iterator[Any]:
        """Give what is right first, then why, then where to write, whichever was made first."""
        return iter(sorted(super().__iter__(), key=lambda field: _LAST.get(field.short_name, 0)))

    def parts(self) -> dict[str, Any]:
        """Return the parts of the listing that were asked about."""
        return {name: value for name, value in self.values().items() if name not in ALWAYS}


class _Part(Suggest):
    """A part of the listing, with its present words to change."""

    comment = _comment("Is there more to say?", "How you know it, for example")


class _Name(_Part):
    title = "What is it called?"
    name = TextField("Its name", thing="its name", required=True, max_length=limit(Service.name))


class _When(_Part):
    title = "When does it meet?"
    when_words = TextField(
        "When it meets", thing="when it meets", required=True,
        max_length=limit(Schedule.description), hint="For example: Every Thursday, 10am to noon",
    )  # fmt: skip


class _Where(_Part):
    title = "Where does it meet?"
    where_words = TextField(
        "Where it meets", thing="where it meets", required=True, max_length=300,
        hint="The name of the place, street and postcode if you know them",
    )  # fmt: skip


class _Cost(_Part):
    title = "What does it cost?"
    fees = TextField(
        "What it costs", thing="what it costs", required=True, max_length=limit(Service.fees)
    )


class _Contact(_Part):
    title = "How do people get in touch?"
    phone = PhoneField("Phone number", thing="the phone number", autocomplete="off")
    email = EmailField("Email address of the group", thing="the email address", autocomplete="off")
    url = WebsiteField("Website", thing="the website", max_length=limit(Service.url))


class _Join(_Part):
    title = "How does somebody join?"
    how_to_join = TextAreaField(
        "How to join", thing="how to join", required=True, rows=4,
        max_length=limit(Service.how_to_join),
    )  # fmt: skip


SUGGEST: dict[str, type[Suggest]] = {
    "name": _Name,
    "when": _When,
    "where": _Where,
    "cost": _Cost,
    "contact": _Contact,
    "join": _Join,
    "other": Suggest,
}


class Gone(Form):
    """A group does not run any more, as far as a visitor knows."""

    reason = RadioField("What do you know?", thing="what you know", required=True, choices=GONE)
    found_out = TextField(
        "When did you find out?", thing="when you found out", max_length=100,
        hint="For example: last Tuesday",
    )  # fmt: skip
    comment = _comment("Is there more to say?", "What you saw or heard")
    reply = _reply()
    once = once_only()


class Claim(Form):
    """Somebody with an account runs a group."""

    comment = _comment(
        "What do you do there?",
        "Only a champion reads this, when the group has no address that we can write to",
    )
    once = once_only()


class WatchForm(Form):
    """Where to write to when something changes."""

    email = EmailField(
        "Your email address", thing="your email address", required=True,
        hint="We send you a link first. Every mail after that has a link to stop",
    )  # fmt: skip


class Return(Form):
    """Why a suggested change is not taken."""

    message = TextAreaField(
        "What should we tell them?", thing="what to tell them", required=True, rows=3,
        max_length=limit(ChangeRequest.message),
        hint="Whoever asked reads this. Be as kind as you would be at their door",
    )  # fmt: skip


def decision(names: list[str], *, shows: bool = False) -> Form:
    """Return the form that asks, for each part that needs it, which words stand.

    `shows` adds the tick for an address that may be a home's or a refuge's.
    """

    class Decision(EditForm):
        pass

    for name in names:
        label = PART_WORDS[name]
        field = RadioField(
            f"{label}: which words stand?", thing=f"which words stand for “{label}”",
            required=True, choices=_choices(name),
        )  # fmt: skip
        setattr(Decision, name, field)
    if shows:
        Decision.address_agreed = address_agreed()
    return Decision()


def _choices(name: str) -> list[tuple[str, str]]:
    there = "What the listing says now"
    if name == "where_words":
        return [(NOW, there)]
    said = "The visitor’s words, as they are" if name in WORDS else "What is suggested"
    return [(NOW, there), (SUGGESTED, said)]
