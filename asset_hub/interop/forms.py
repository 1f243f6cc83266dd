"""Forms for imports and feeds."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms.validators import ValidationError

from asset_hub.core.db import limit
from asset_hub.core.fields import (
    BooleanField,
    FileField,
    IntegerField,
    SelectField,
    TextAreaField,
    TextField,
)
from asset_hub.core.forms import Form, once_only
from asset_hub.directory.models import Kind, Visibility
from asset_hub.interop.models import Feed, ImportRun
from asset_hub.interop.reading import mapping as mappings
from asset_hub.interop.reading.files import Unreadable
from asset_hub.interop.reading.mapping import Mapping, Part

MOST_BYTES = 60_000_000
COLUMN = "of_"  # and the number of a column of the file
EXAMPLES = 2
LEFT_OUT = "Leave it out"
LABELS = {
    "name": "Name of the group", "id": "A number that tells rows apart",
    "summary": "In one sentence", "description": "Description",
    "organization": "Who runs it", "organization_id": "The id of who runs it",
    "place_name": "Name of the place", "address": "Address", "town": "Town",
    "postcode": "Postcode", "latitude": "Latitude", "longitude": "Longitude", "phone": "Phone",
    "email": "Email", "url": "Website", "times": "When it meets", "fees": "What it costs",
    "eligibility": "Who it is for", "access": "Access", "how_to_join": "How to join",
    "languages": "Languages", "minimum_age": "From which age", "maximum_age": "Up to which age",
    "topics": "Topics", "confirmed_on": "When it was last confirmed", "status": "Status",
}  # fmt: skip
KINDS = [
    (Kind.GROUP, "Groups"), (Kind.ACTIVITY, "Activities"), (Kind.PLACE, "Places"),
    (Kind.ADVICE, "Advice and help"), (Kind.EXCHANGE, "Exchanges"),
]  # fmt: skip
SHOWN = [
    (Visibility.EXACT, "With its address"),
    (Visibility.AREA, "Only roughly, without the address", "Registers often give somebody’s home."),
    (Visibility.HIDDEN, "Not at all"),
]


class _InCommunity(Form):
    community_id = SelectField(
        "Community", thing="the community", required=True, blank="Choose one",
        hint="Every group in it will belong to this community.",
    )  # fmt: skip

    def offer(self, communities: Sequence[Any]) -> None:
        """Offer the communities within reach; the only one is not asked for."""
        self.community_id.choices = [(one.id, one.name) for one in communities]
        if len(communities) == 1:
            self.community_id.data = communities[0].id
            self.community_id.posted, self.community_id.unknown = None, False

    @property
    def asks_community(self) -> bool:
        """Return whether there is a choice."""
        return len(self.community_id.choices) != 1


class UploadForm(_InCommunity):
    """A file to be looked at."""

    file = FileField(
        "The file",
        thing="a file",
        required=True,
        hint="A sheet (CSV, TSV or XLSX) or an Open Referral UK feed (JSON). Up to 60 MB and"
        " 200,000 rows.",
        max_bytes=MOST_BYTES,
    )
    source = TextField(
        "What is it called?",
        thing="what it is called",
        required=True,
        hint="For example “Council directory”. Use the same name next time: then only what has"
        " changed is written.",
        max_length=limit(ImportRun.source),
    )
    once = once_only()


class GoForm(Form):
    """A yes to an import."""

    close_gone = BooleanField(
        "Also close the groups that are no longer in the file",
        hint="Those that somebody changed here stay. You can undo this for 30 days.",
    )


class FeedForm(_InCommunity):
    """An address to read again and again."""

    name = TextField(
        "What is it called?",
        thing="what it is called",
        required=True,
        hint="For example “Council directory”. It stays: its groups are remembered by it.",
        max_length=limit(Feed.name),
    )
    url = TextField(
        "Its address",
        thing="its address",
        required=True,
        hint="An Open Referral UK feed or a sheet, such as"
        " https://directory.example.gov.uk/services",
        max_length=limit(Feed.url),
    )
    days = IntegerField(
        "How many days until it is read again?",
        thing="how often it is read",
        required=True,
        default=7,
        min=1,
        max=90,
    )


class _Columns(Form):
    """What each column of a file is; those fields are made from the file's own titles."""

    titles: Sequence[str] = ()
    recognised: frozenset[str] = frozenset()  # titles of which we know what they are

    always_kind = SelectField(
        "What are they?", choices=KINDS, default=Kind.GROUP, blank=None, coerce=Kind
    )
    always_visibility = SelectField(
        "How are their places shown?", choices=SHOWN, default=Visibility.EXACT, blank=None,
        coerce=Visibility,
    )  # fmt: skip
    always_topics = TextField(
        "Topics for all of them", hint="With ; between them. Empty when the file has some.",
        max_length=300,
    )  # fmt: skip
    by_hand = TextAreaField(
        "A mapping in writing",
        hint="For what the choices above cannot say: one column in two places, words before a"
        " cell. It counts instead of everything above. How it is written: docs/importing.md",
        max_length=20_000,
        rows=8,
    )

    def validate_by_hand(self, field: Any) -> None:
        """Refuse what is no mapping."""
        if field.data:
            try:
                mappings.parse(field.data)
            except Unreadable as problem:
                raise ValidationError(str(problem)) from None

    @property
    def mapping(self) -> Mapping:
        """Return the mapping that was chosen; columns of one meaning are put together."""
        if self.by_hand.data:
            return mappings.parse(self.by_hand.data)
        columns: dict[str, tuple[Part, ...]] = {}
        for number, title in enumerate(self.titles):
            if name := self[f"{COLUMN}{number}"].data:
                columns[name] = (*columns.get(name, ()), Part(title))
        constants = {"kind": self.always_kind.data, "visibility": self.always_visibility.data}
        said = {name: value.value for name, value in constants.items() if value}
        if self.always_topics.data and "topics" not in columns:
            said["topics"] = self.always_topics.data
        return Mapping(columns, said)

    @property
    def unknown(self) -> list[Any]:
        """Return the fields of columns that would be left out, as they stand in the file."""
        return [one for one in self._asked() if one.label.text not in self.recognised]

    @property
    def known(self) -> list[tuple[Any, str]]:
        """Return the fields of columns that we know, each with what it is taken for."""
        found = [one for one in self._asked() if one.label.text in self.recognised]
        return [(one, LABELS.get(one.data or "", LEFT_OUT)) for one in found]

    def _asked(self) -> list[Any]:
        return [self[f"{COLUMN}{number}"] for number in range(len(self.titles))]

    @property
    def at_fault(self) -> str:
        """Return the field at which a mapping that does not fit is told."""
        return "by_hand" if self.by_hand.data else f"{COLUMN}0"


def columns_form(sample: dict[str, Any], start: Mapping) -> _Columns:
    """Return the form for the columns of a file, each with its title and first cells."""
    columns = [(at, title) for at, title in enumerate(sample["header"]) if title]
    chosen = {part.column: name for name, parts in start.columns.items() for part in parts}
    fields: dict[str, Any] = {"titles": [title for _, title in columns]}
    for number, (at, title) in enumerate(columns):
        fields[f"{COLUMN}{number}"] = SelectField(
            title, thing=f"what “{title}” is", choices=list(LABELS.items()), blank=LEFT_OUT,
            default=chosen.get(title), hint=_examples(sample["rows"], at), mark_optional=False,
        )  # fmt: skip
    fields["recognised"] = frozenset(title for _, title in columns if title in chosen)
    made: type[_Columns] = type("ColumnsForm", (_Columns,), fields)
    said: dict[str, Any] = {f"always_{name}": start.constants.get(name) for name in
            ("kind", "visibility", "topics") if start.constants.get(name)}  # fmt: skip
    if not start.can_be_chosen:
        said["by_hand"] = json.dumps(mappings.to_plain(start), indent=1, ensure_ascii=False)
    return made(data=said)


def _examples(rows: Sequence[Sequence[str]], at: int) -> str:
    """Return the first cells of a column, as a hint."""
    cells = dict.fromkeys(row[at] for row in rows if at < len(row) and row[at])
    said = ", ".join(f"“{cell}”" for cell in list(cells)[:EXAMPLES])
    return f"For example {said}" if said else "Empty in the first rows"


def community_of(form: _InCommunity) -> UUID:
    """Return the chosen community."""
    found = form.community_id.data
    assert isinstance(found, UUID)
    return found
