"""Fields of choices: one of some, or some of some.

`choices` is a list of (value, label) or (value, label, hint), of WTForms' SelectChoice, of plain
texts; a mapping of value to label, such as a WORDS table; or a function without arguments that
returns one of these. A value may be a text, an enum's member, a number or a UUID: `data` holds the
very value of the choice that was made, so nothing has to be coerced, and anything else that was
posted is an error beside the field.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from wtforms import SelectChoice
from wtforms.validators import ValidationError

from asset_hub.core.fields.base import HubField
from asset_hub.core.fields.words import thing_of
from asset_hub.core.widgets import ChoicesWidget, SelectWidget

Given = Iterable[Any] | Mapping[Any, str]


@dataclass(frozen=True)
class Choice:
    """One thing to choose: what is posted, what is read, and the value it stands for."""

    key: str
    label: str
    value: Any
    hint: str = ""
    selected: bool = False


def key_of(value: Any) -> str:
    """Return the text a value is posted as."""
    return str(value.value if isinstance(value, Enum) else value)


def choices_from(given: Given | None) -> list[Choice]:
    """Return choices from any of the shapes a form may write them in."""
    pairs: Iterable[Any] = given.items() if isinstance(given, Mapping) else given or ()
    found = []
    for item in pairs:
        if isinstance(item, Choice):
            found.append(item)
        elif isinstance(item, SelectChoice):
            found.append(Choice(key_of(item.value), str(item.label), item.value))
        elif isinstance(item, tuple):
            value, label, *hint = item
            found.append(Choice(key_of(value), str(label), value, str(hint[0]) if hint else ""))
        else:
            found.append(Choice(key_of(item), key_of(item), item))
    return found


class _ChoiceField(HubField):
    verb = "Select"

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        choices: Given | Callable[[], Given] | None = None,
        coerce: Callable[[Any], Any] | None = None,
        reveals: Mapping[Any, str] | None = None,
        inline: bool = False,
        small: bool = False,
        classes: str = "",
        **rest: Any,
    ) -> None:
        kind = getattr(self.widget, "component", "")
        modes = ("inline", inline), ("small", small)
        looks = [f"govuk-{kind}--{mode}" for mode, on in modes if on and kind]
        super().__init__(label, validators, classes=" ".join([*looks, classes]).strip(), **rest)
        self.coerce = coerce
        self.posted: list[str] | None = None
        self.reveals = {key_of(value): name for value, name in (reveals or {}).items()}
        self._choices = choices_from(choices() if callable(choices) else choices)

    @property
    def choices(self) -> list[Choice]:
        """Return the choices; a view may set them after the form was made."""
        return self._choices

    @choices.setter
    def choices(self, given: Given | None) -> None:
        self._choices = choices_from(given)
        if self.posted is not None:
            self._match()

    def process_data(self, value: Any) -> None:
        """Take a value from the site's side."""
        self.posted, self.unknown, self.data = None, False, value

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take what was posted; what it means is looked up among the choices."""
        if valuelist or self.many:
            self.posted = [value for value in valuelist if isinstance(value, str)]
            self._match()

    many = False

    def _match(self) -> None:
        meant = {choice.key: choice.value for choice in self._choices}
        keys = [key for key in dict.fromkeys(self.posted or ()) if key or key in meant]
        self.unknown = any(key not in meant for key in keys)
        values = [self._value_of(meant[key]) for key in keys if key in meant]
        self.data = values if self.many else next(iter(values), None)

    def _value_of(self, value: Any) -> Any:
        if self.coerce is None:
            return value
        try:
            return self.coerce(value)
        except (ValueError, TypeError, KeyError):
            self.unknown = True
            return None

    def pre_validate(self, form: Any) -> None:
        """Refuse a choice that was never offered."""
        if self.unknown:
            raise ValidationError(f"{self.verb} {thing_of(self)} from the list")

    def shown(self) -> list[Choice]:
        """Return the choices with the chosen ones marked."""
        if self.posted is not None:
            keys = set(self.posted)
        else:
            values = self.data if self.many else [self.data]
            keys = {key_of(value) for value in values or () if value is not None}
        return [replace(choice, selected=choice.key in keys) for choice in self._choices]


class RadioField(_ChoiceField):
    """One of a few, all in sight; `data` is the chosen value or None.

    `reveals` maps a value to the name of the field that opens under it.
    """

    widget = ChoicesWidget("radios")
    never_marked = False


class CheckboxesField(_ChoiceField):
    """Any number of a few, all in sight; `data` is a list of the chosen values."""

    widget = ChoicesWidget("checkboxes")
    many = True
    never_marked = True

    def process_data(self, value: Any) -> None:
        """Take values from the site's side."""
        super().process_data(list(value) if value is not None else [])


class SelectField(_ChoiceField):
    """One of many in a drop-down list; `data` is the chosen value or None.

    `blank` is the first line, which chooses nothing; None leaves it out.
    """

    widget = SelectWidget()

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        blank: str | None = "Choose one",
        **rest: Any,
    ) -> None:
        super().__init__(label, validators, **rest)
        self.blank = blank
