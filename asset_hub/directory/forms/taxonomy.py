"""Forms of those who look after the topics."""

from collections.abc import Iterable

from asset_hub.core.db import limit
from asset_hub.core.fields import (
    BooleanField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
)
from asset_hub.core.forms import EditForm, Form
from asset_hub.directory.models import TERM_KIND_WORDS, THEME_WORDS, TaxonomyTerm


class _Kind:
    kind = RadioField(
        "What does it say about a group?", thing="what it says about a group", required=True,
        choices=TERM_KIND_WORDS,
    )  # fmt: skip


class _Words:
    """How a topic is called and found."""

    name = TextField(
        "What is it called?", thing="its name", required=True, max_length=limit(TaxonomyTerm.name),
        hint="As a neighbour would say it. For example: Coming home from hospital",
    )  # fmt: skip
    description = TextField(
        "In a few words", thing="a few words", max_length=limit(TaxonomyTerm.description),
        hint="It stands under the name where people choose",
    )  # fmt: skip
    theme = SelectField(
        "Under which heading?", thing="the heading", choices=THEME_WORDS, mark_optional=False,
        hint="For topics of “What it may help with” alone",
    )  # fmt: skip
    words = TextAreaField(
        "What do people say when they mean it?", thing="people’s words", rows=8,
        max_length=limit(TaxonomyTerm.words),
        hint="A phrase on each line, as people say it: on my own, nobody to talk to",
    )  # fmt: skip
    urgent = BooleanField(
        "Somebody who looks for this may be in danger",
        hint="The numbers to ring at once stand above what is found",
    )


class AddTopic(_Kind, _Words, Form):
    """A new topic."""


class ChangeTopic(_Words, EditForm):
    """Other words for a topic."""


class MergeTopic(EditForm):
    """Which topic stays."""

    kept_id = SelectField("Which topic stays?", thing="the topic that stays", required=True)

    def choose_from(self, gone: TaxonomyTerm, terms: Iterable[TaxonomyTerm]) -> None:
        """Offer the other topics of the same kind that are in use."""
        same = [t for t in terms if t.kind is gone.kind and t.is_offered and t.id != gone.id]
        self.kept_id.choices = [(term.id, term.name) for term in same]
