"""Forms for whoever looks things over: approve, compare, merge."""

from typing import Any
from uuid import UUID

from asset_hub.core.fields import HiddenField, RadioField
from asset_hub.core.forms import Form
from asset_hub.directory.forms.fields import address_agreed
from asset_hub.directory.rules.beside import Beside
from asset_hub.directory.rules.joining import Take


class Approve(Form):
    """The button that lists it, and the tick for an address that may be a home's."""

    version = HiddenField()
    address_agreed = address_agreed()


class Undo(Form):
    """The button that undoes a change, and the tick for an address that it shows again."""

    address_agreed = address_agreed()


def undo_form(key: UUID, *, posted: bool) -> Undo:
    """Return the form that undoes one of the changes on a page; each tick has an id of its own."""
    form = Undo() if posted else Undo(formdata=None)
    form.address_agreed.id = form.address_agreed.label.field_id = f"address_agreed-{key}"
    return form


class MergeForm(Form):
    """Which words are kept; one question for each part in which the two differ."""

    keep = HiddenField()
    kept_version = HiddenField()
    gone_version = HiddenField()

    def choices(self) -> dict[str, Take]:
        """Return what was chosen, by part."""
        chosen = {name.removeprefix("take-"): value for name, value in self.data.items()}
        return {name: Take(value) for name, value in chosen.items() if name in self.parts and value}

    parts: tuple[str, ...] = ()


def _take_words(names: tuple[str, str]) -> dict[Take, str]:
    """Return how each choice is called: by the listings' names, told apart when they are one."""
    first, second = names
    if first.casefold() == second.casefold():
        first, second = f"{first} (the first)", f"{second} (the second)"
    return {Take.KEPT: first, Take.GONE: second, Take.BOTH: "Both"}


def merge_form(
    rows: list[Beside], keep: UUID, versions: tuple[int, int], names: tuple[str, str]
) -> MergeForm:
    """Return the form for two listings as they are now; `names` are theirs, the kept one first."""
    words = _take_words(names)
    asked: dict[str, Any] = {
        f"take-{row.name}": RadioField(
            row.label,
            thing=f"whose words stay: {row.label.lower()}",
            choices=[(take.value, words[take]) for take in row.may_take],
            inline=True,
            small=True,
            label_size="hidden",
            default=row.usual.value,
        )
        for row in rows
        if not row.same
    }
    parts = tuple(name.removeprefix("take-") for name in asked)
    kind = type("MergeForm", (MergeForm,), {**asked, "parts": parts})
    opened = {"keep": str(keep), "kept_version": versions[0], "gone_version": versions[1]}
    form: MergeForm = kind(data=opened)
    return form
