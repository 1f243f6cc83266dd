"""Forms about connections. Those on a connection remember the version they were opened on."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from flask import request
from markupsafe import Markup
from wtforms.validators import ValidationError

from asset_hub.accounts.models import Account
from asset_hub.connections.models import (
    ANSWER_WORDS,
    HELLO_WISH_WORDS,
    TOLD_ANSWER_WORDS,
    Answer,
    Ending,
)
from asset_hub.core import clock
from asset_hub.core.fields import (
    BooleanField,
    Choice,
    DatePartsField,
    EmailField,
    PhoneField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
)
from asset_hub.core.forms import EditForm, Form, once_only
from asset_hub.directory.models import TaxonomyTerm
from asset_hub.people.models import HEARD_WORDS, AgreedTo
from asset_hub.people.queries import Home

MESSAGE_LIMIT = 600


def _tomorrow() -> date:
    return clock.today() + timedelta(days=1)


class CheckedForm(Form):
    """A form whose answers are looked at once more before they are sent."""

    request_key = once_only()

    def stage(self) -> str:
        """Return where the reader is.

        "write"; "keep" when what was posted is good, and "send" when Send was pressed; "check"
        on the page that shows what was kept.
        """
        if self.is_submitted():
            step = request.form.get("step", "keep")
            return "write" if not self.validate() else "send" if step == "send" else "keep"
        kept = "draft" in request.args and "change" not in request.args
        return "check" if kept and self.validate() else "write"

    def answers(self) -> dict[str, str]:
        """Return what was typed, ready to be kept or carried on."""
        typed = {name: field.raw_data for name, field in self._fields.items()}
        return {n: raw[0] for n, raw in typed.items() if raw and n != "csrf_token"}


class TopicForm(Form):
    """A form that may name one topic."""

    topic = SelectField("What is it about?", blank="Nothing from the list")

    def offer(self, topics: Sequence[TaxonomyTerm]) -> Self:
        """Offer the topics; return the form."""
        self.topic.choices = [(topic.slug, topic.name) for topic in topics]
        return self

    def values(self) -> dict[str, Any]:
        """Return the answers as services take them: "" for no topic."""
        found = super().values()
        return found | {"topic": found["topic"] or ""}


class MakeForm(TopicForm, CheckedForm):
    """A connection for a person who is known already."""

    reason = TextAreaField(
        "Why this group?",
        hint="Only for those who keep in touch with them. The group never sees it.",
        max_length=1000,
        rows=3,
    )
    message = TextAreaField(
        "What should the group be told?",
        thing="what the group should be told",
        hint="The group sees exactly these words. Leave out health and anything private.",
        required=True,
        max_length=MESSAGE_LIMIT,
        rows=4,
    )
    how = RadioField(
        "Did they agree to be shared?",
        thing="how they agreed",
        choices=HEARD_WORDS,
        required="Read them the words, and say how they agreed",
    )


class QuickForm(CheckedForm):
    """A new person and their connection in one go: eight fields (journey 6)."""

    name = TextField(
        "What do they like to be called?",
        thing="what they like to be called",
        hint="One word will do. The group is only told the first name.",
        required=True,
        max_length=100,
        autocomplete="off",
    )
    phone = PhoneField("Phone number", autocomplete="off")
    voicemail_ok = BooleanField("It is safe to leave a message on this phone")
    email = EmailField("Email address", autocomplete="off")
    safe_contact = TextAreaField(
        "When and how is it safe to reach them?",
        thing="when and how it is safe to reach them",
        required=True,
        hint="Like “after ten, never on Sundays”, or “any time”. The group sees this too.",
        max_length=300,
        rows=2,
    )
    matters = TextAreaField(
        "What matters to them?",
        hint="Why this group? In their own words. The group never sees it.",
        max_length=1000,
        rows=3,
    )
    home = RadioField("Which community is theirs?", thing="their community")
    message = TextAreaField(
        "What should the group be told?",
        thing="what the group should be told",
        hint="The group sees exactly these words. Leave out health and anything private.",
        required=True,
        max_length=MESSAGE_LIMIT,
        rows=3,
    )
    how = RadioField(
        "Did they agree to both?",
        thing="how they agreed",
        choices=HEARD_WORDS,
        required="Read them the words, and say how they agreed",
    )

    def offer(self, homes: Sequence[Home]) -> "QuickForm":
        """Choose the first community, and let it be changed where there are others."""
        self.home.choices = [Choice(home.key, home.label, home) for home in homes]
        self.first_home = homes[0]
        if len(homes) == 1:
            del self.home
        elif self.home.posted is None:
            self.home.data = self.first_home
        return self

    def validate_email(self, field: EmailField) -> None:
        """Ask for one way to reach them, unless what was typed is wrong already."""
        if not field.data and not self.phone.data and not self.phone.errors:
            raise ValidationError("Enter their phone number or email address")

    def values(self) -> dict[str, Any]:
        """Return the answers as `service.connect_new` takes them."""
        found = super().values()
        return found | {"home": found.pop("home", None) or self.first_home}


class FirstDayField(DatePartsField):
    """The first day, and under it who will meet them: both go with a yes."""

    def __call__(self, **given: Any) -> Markup:
        """Draw both."""
        day: Markup = super().__call__(**given)
        who: Markup = self._form["who"]()
        return day + who


class AnswerFields:
    """What a group may answer."""

    answer = RadioField(
        "Will you welcome them?",
        thing="your answer",
        choices=ANSWER_WORDS,
        required=True,
        reveals={Answer.YES: "first_on", Answer.NOT_NOW: "until"},
    )
    first_on = FirstDayField(
        "When could they come first?",
        thing="the first day",
        hint="If you know it. Like 14 4 2027.",
        earliest=clock.today,
    )
    until = DatePartsField(
        "From when could it be possible?",
        thing="the day from which it is possible",
        hint="If you know it. Like 14 4 2027.",
        earliest=_tomorrow,
    )
    who = TextField("Who will meet them?", hint="If you know it. A first name.", max_length=100)
    words = TextAreaField(
        "Anything else?",
        hint="Why not now, or what they should know before they come.",
        max_length=600,
        rows=3,
    )


class ReplyForm(AnswerFields, Form):
    """The group's answer, by its link; beside it, that what people read of the group is right."""

    right = BooleanField("Yes, all of this is still right")

    def ask_beside(self, asks: bool) -> "ReplyForm":
        """Ask whether the listing is right only when its people have not said so for long."""
        if not asks:
            del self.right
        return self


class AnswerForm(AnswerFields, EditForm):
    """The group's answer, told to the keeper."""

    answer = RadioField(
        "What did they say?",
        thing="what they said",
        choices=TOLD_ANSWER_WORDS,
        required=True,
        reveals={Answer.YES: "first_on", Answer.NOT_NOW: "until"},
    )


class CloseForm(EditForm):
    """How a connection ended."""

    ending = RadioField("How did it end?", thing="how it ended", required=True)
    words = TextAreaField(
        "How do they say it themself?",
        hint="In their own words, if they said anything.",
        max_length=1000,
        rows=3,
    )

    def offer(self, endings: Mapping[Ending, str]) -> "CloseForm":
        """Offer the endings that are possible so far; return the form."""
        self.ending.choices = endings
        return self


class ReopenForm(EditForm):
    """Why a connection is open again."""

    reason = TextAreaField(
        "Why is it open again?", thing="why it is open again", required=True, max_length=600, rows=3
    )


class TakeOutForm(EditForm):
    """That a connection is taken back before it came to anything."""

    note = TextAreaField("Why is it withdrawn?", max_length=600, rows=3)


class DateForm(EditForm):
    """When somebody looks again."""

    on = DatePartsField(
        "When will you look again?",
        thing="the day you will look again",
        hint="In the next 12 weeks. Like 14 4 2027.",
        required=True,
    )


class KeeperForm(EditForm):
    """Who keeps in touch from now on."""

    keeper = SelectField(
        "Who looks after it from now on?", thing="who looks after it", required=True
    )

    def offer(self, keepers: Sequence[Account], *, but: Any) -> "KeeperForm":
        """Offer everybody except the present keeper; return the form."""
        self.keeper.choices = [(each.id, each.name) for each in keepers if each.id != but]
        return self


class TakeBackForm(Form):
    """Which agreement a person takes back."""

    agreed_to = RadioField(
        "What do they take back?",
        thing="what they take back",
        choices=[
            (
                AgreedTo.SHARE,
                "That groups are told about them",
                "Connections that have not led to a first meeting are taken back too.",
            ),
            (
                AgreedTo.RECORD,
                "That they are written down and kept in touch with",
                "Every open connection is taken back, and nobody contacts them any more.",
            ),
        ],
        required=True,
    )


class NeedForm(TopicForm):
    """Something somebody would like help with."""

    words = TextAreaField(
        "What would they like help with?",
        hint="In their own words, like “somebody to walk with on Sundays”.",
        max_length=600,
        rows=3,
    )
    topic = SelectField("Which topic is it nearest to?", blank="None of these")


class KeepOutForm(Form):
    """Who must not know of a person."""

    who = SelectField("Who must not see them?", thing="who must not see them", required=True)

    def offer(self, there: Sequence[Account], *, but: UUID) -> "KeepOutForm":
        """Offer everybody whose role would let them see the person; return the form."""
        self.who.choices = [(each.id, each.name) for each in there if each.id != but]
        return self


class DiedForm(Form):
    """When somebody died."""

    on = DatePartsField(
        "When did they die?",
        thing="the day they died",
        hint="If you only know it roughly, write the day you heard. Like 14 4 2026.",
        required=True,
    )


class HelloForm(Form):
    """Four questions to somebody who would like a hello. `request_key` becomes their link."""

    name = TextField(
        "What may we call you?",
        thing="what we may call you",
        hint="A first name is enough.",
        required=True,
        max_length=100,
        autocomplete="given-name",
    )
    phone = PhoneField("Phone number", autocomplete="tel", mark_optional=False)
    email = EmailField("Email address", autocomplete="email", mark_optional=False)
    safe_contact = TextField(
        "When is a good and safe time?",
        hint="For example: after ten, never on Sundays. Leave it empty if any time is fine.",
        max_length=300,
        autocomplete="off",
    )
    wish = RadioField(
        "What would help you to come along?",
        thing="what would help you to come along",
        choices=HELLO_WISH_WORDS,
        required=True,
    )
    matters = TextAreaField(
        "Is there anything you would like to say?",
        hint="In your own words. The group does not see it.",
        max_length=1000,
        rows=3,
    )
    agreed = BooleanField(
        "Yes, I agree",
        required="Tick the box if you agree, or ring the group yourself",
    )
    request_key = once_only()

    def values(self) -> dict[str, Any]:
        """Return the answers as `service.ask_for_hello` takes them."""
        found = super().values()
        found.pop("agreed")
        return found | {"safe_contact": found["safe_contact"] or "Any time"}
