"""Forms about what is kept of a person."""

from asset_hub.core.fields import RadioField, TextAreaField, TextField
from asset_hub.core.forms import EditForm, Form, once_only
from asset_hub.privacy.models import LONGEST_WORDS, WISH_WORDS


class OpenForm(Form):
    """What whoever holds a person's link is asked first."""

    digits = TextField(
        "What are the last four digits of your phone number?",
        thing="the last four digits of your phone number",
        hint="The number you gave to whoever looks after you here.",
        mark_optional=False,
        max_length=30,
        autocomplete="off",
        options={"inputmode": "numeric"},
    )


class AskForm(Form):
    """What a person asks about what is kept of them."""

    wish = RadioField("What is it?", thing="what it is", choices=WISH_WORDS, required=True)
    words = TextAreaField("In your words", max_length=LONGEST_WORDS, rows=4)
    request_key = once_only()


class AnswerPersonForm(EditForm):
    """What was done about what a person asked."""

    answer = TextAreaField(
        "What did you do about it?",
        thing="what you did about it",
        hint="They read exactly these words by their link.",
        required=True,
        max_length=LONGEST_WORDS,
        rows=4,
    )
