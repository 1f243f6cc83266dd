"""Clean text, and the sentences a form answers with."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from wtforms import Field, Form
from wtforms import validators as stock
from wtforms.validators import StopValidation, ValidationError

from asset_hub.core.words import in_a_sentence

# Control characters, halves of surrogate pairs, and signs that turn the direction of writing so
# that a name reads otherwise than it stands.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
FORMAT_CHECKS = (
    stock.Length,
    stock.NumberRange,
    stock.DateRange,
    stock.Email,
    stock.Regexp,
    stock.URL,
    stock.UUID,
)


def first_text(values: Sequence[Any]) -> str:
    """Return the first text among posted values; an upload in a text's place is no text."""
    return next((value for value in values if isinstance(value, str)), "")


def clean_text(text: str, *, lines: bool = False, strip: bool = True) -> str:
    r"""Return text fit to keep: NFC, \n for line ends, no control characters, no outer space.

    Without `lines` it is one line, so that a name can never start a header of a mail.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", _UNWANTED.sub("", text))
    if not lines:
        text = re.sub(r"[\n\t\x85]+", " ", text)
    return text.strip() if strip else text


def capital(text: str) -> str:
    """Return the text with its first letter large and the rest as it was."""
    return text[:1].upper() + text[1:]


def thing_of(field: Field) -> str:
    """Return what the field asks for, as it reads inside a sentence ("the name of the group")."""
    thing = getattr(field, "thing", None)
    if thing:
        return str(thing)
    label = str(field.label.text).rstrip(": ")
    if label.endswith("?"):
        return f"an answer to “{label}”"
    return in_a_sentence(label)


def about(field: Field) -> str:
    """Return the start of a sentence about the field ("The name of the group")."""
    return capital(thing_of(field)) if getattr(field, "thing", None) else f"“{field.label.text}”"


class Required:
    """The field must be filled in; says "Enter …", "Select …" or the message given."""

    field_flags = {"required": True}

    def __init__(self, message: str | None = None) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Stop at the first thing wrong: what was typed badly, or nothing typed."""
        if field.process_errors:
            raise StopValidation
        empty = field.is_empty() if hasattr(field, "is_empty") else not field.data
        if empty:
            verb = getattr(field, "verb", "Enter")
            raise StopValidation(self.message or f"{verb} {thing_of(field)}")


class Limit:
    """A text may have at most `max` letters, and at least `min` unless it is empty."""

    def __init__(self, max: int, min: int = 0, message: str | None = None) -> None:
        self.max, self.min, self.message = max, min, message
        self.field_flags = {"maxlength": max} | ({"minlength": min} if min else {})

    def __call__(self, form: Form, field: Field) -> None:
        """Say how long the text may be."""
        length = len(field.data or "")
        words = None
        if length > self.max:
            words = f"must be {self.max:,} characters or fewer"
        elif 0 < length < self.min:
            words = f"must be {self.min:,} characters or more"
        if words:
            given = self.message and self.message % {"max": self.max, "min": self.min}
            raise ValidationError(given or f"{about(field)} {words}")


class _WhenFilled:
    """Another validator, asked only when there is something to look at."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.field_flags = getattr(inner, "field_flags", {})

    def __call__(self, form: Form, field: Field) -> None:
        if not field.process_errors and not field.is_empty():
            self.inner(form, field)


def worded(validator: Any) -> Any:
    """Return a validator that speaks our words, for one of WTForms' own without a message."""
    if isinstance(validator, (stock.InputRequired, stock.DataRequired)):
        return Required(validator.message)
    if isinstance(validator, stock.Length) and validator.message is None and validator.max != -1:
        return Limit(validator.max, max(validator.min, 0))
    return _WhenFilled(validator) if isinstance(validator, FORMAT_CHECKS) else validator
