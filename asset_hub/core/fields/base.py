"""What every field of ours has in common."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field

from asset_hub.core.fields.words import Required, worded


class HubField(Field):
    """A field that draws itself, words its own errors, and takes any post without falling over.

    `thing` is what is asked for, as it reads in a sentence: "the name of the group".
    `required` is a short way to write `Required()`; a text is the message to show instead.
    `hint` is another name for WTForms' `description`.
    `mark_optional=False` never adds "(optional)": what was answered elsewhere may ask for it.
    `label_size` is s, m, l or hidden. `options` go to the GOV.UK macro (prefix, formGroup, …).
    """

    verb = "Enter"
    never_marked = False

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        thing: str | None = None,
        required: bool | str = False,
        hint: str = "",
        label_size: str = "s",
        classes: str = "",
        options: dict[str, Any] | None = None,
        mark_optional: bool = True,
        **rest: Any,
    ) -> None:
        checks = [worded(v) for v in [*(validators or ()), *self.own_checks(rest)]]
        if required:
            checks.insert(0, Required(required if isinstance(required, str) else None))
        self.thing, self.label_size = thing, label_size
        self.never_marked = self.never_marked or not mark_optional
        self.options = {"classes": classes} | (options or {})
        rest.setdefault("description", hint)
        super().__init__(label, checks, **rest)

    def own_checks(self, rest: dict[str, Any]) -> list[Any]:
        """Return the kind's own validators, taking its own words out of the arguments."""
        return []

    def is_empty(self) -> bool:
        """Return whether nothing was entered."""
        return self.data in (None, "", [])

    @property
    def focus_id(self) -> str:
        """Return the id of the control an error summary links to."""
        return str(self.id)
