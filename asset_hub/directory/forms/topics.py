"""Choosing topics: many at once, found by heading, by words, or by what was written already."""

from collections.abc import Collection, Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup

from asset_hub.core.fields import CheckboxesField, Choice
from asset_hub.core.widgets import ChoicesWidget
from asset_hub.directory.models import THEME_WORDS, TermKind
from asset_hub.directory.rules.answers import NEVER_SHUT_OUT
from asset_hub.directory.rules.offering import Offer
from asset_hub.directory.rules.suggesting import suggested

FEW = 12  # so many are shown in sight
WRITTEN = ("name", "summary", "description")  # what suggestions are read from
FIELDS = {
    TermKind.NEED: "help_with",
    TermKind.INTEREST: "doing",
    TermKind.AUDIENCE: "especially_for",
}
RETIRED = "No longer offered: it goes when you take it off"


def on_offer(form: Any) -> Offer:
    """Return the topics of this site, asked for once for each form.

    Who answers is set by the capability (`extensions["topics"]`): a form asks no database.
    """
    found = getattr(form, "_topics", None) or current_app.extensions["topics"]()
    if form is not None:
        form._topics = found
    assert isinstance(found, Offer)
    return found


class TopicsWidget(ChoicesWidget):
    """Checkboxes under headings that open; what the words suggest stands in sight above them."""

    def __init__(self) -> None:
        super().__init__("checkboxes")

    def __call__(self, field: Any, **given: Any) -> Markup:
        """Draw the field."""
        found: Any = current_app.jinja_env.get_template("directory/_topics.html").module
        return Markup(found.choose(field))  # noqa: S704 (the macro escapes every text)


class TopicsField(CheckboxesField):
    """Topics of one kind, chosen from the site's own; `data` is a sorted list of slugs.

    A topic that was merged is what it became; one that was retired stays where it was chosen.
    """

    widget = TopicsWidget()

    def __init__(
        self,
        label: str,
        *,
        of: TermKind,
        but: Collection[str] = (),
        bare: bool = False,
        **rest: Any,
    ) -> None:
        super().__init__(label, **rest)
        self.bare = bare  # folded, and without the hints, which say whom a topic is for
        self.kind = of
        self.offer = on_offer(rest.get("_form"))
        self.topics = {topic.slug: topic for topic in self.offer.of(of) if topic.slug not in but}
        self.suggested: list[str] = []
        self.choices = self._offered()

    def process_data(self, value: Any) -> None:
        """Take what was chosen before; what is no longer offered may be kept or taken off."""
        slugs = self.offer.now(value or ())
        kept = [self.offer.retired[slug] for slug in slugs if slug in self.offer.retired]
        gone = [(topic.slug, topic.name, RETIRED) for topic in kept if topic.kind is self.kind]
        self.choices = self._offered() + gone
        super().process_data(sorted(slug for slug in slugs if slug in self._known()))

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take what was posted, also from a page opened before topics were merged."""
        super().process_formdata(self.offer.now(v for v in valuelist if isinstance(v, str)))
        self.data = sorted(self.data or ())

    def _offered(self) -> list[tuple[str, str, str]]:
        return [(t.slug, t.name, "" if self.bare else t.description) for t in self.topics.values()]

    def _known(self) -> set[str]:
        return {choice.key for choice in self.choices}

    def suggest(self, text: str) -> None:
        """Offer first what some words seem to be about; nothing is chosen by it."""
        self.suggested = [topic.slug for topic in suggested(text, self.topics.values())]

    def groups(self) -> list[tuple[str, list[Choice]]]:
        """Return the choices under their headings, without the suggested ones."""
        found: dict[str, list[Choice]] = {}
        for choice in self.shown():
            if choice.key not in self.suggested:
                found.setdefault(self._heading(choice), []).append(choice)
        return list(found.items())

    def _heading(self, choice: Choice) -> str:
        topic = self.topics.get(choice.key)
        if topic is None:
            return "No longer offered"
        if topic.theme is not None:
            return THEME_WORDS[topic.theme]
        if len(self.topics) <= FEW and not self.bare:
            return ""
        more = len(self.topics) - len(self.suggested)
        return f"{more} more to choose from" if self.suggested else f"Choose from {more}"

    def offered_first(self) -> list[Choice]:
        """Return the suggested choices, the likeliest first."""
        shown = {choice.key: choice for choice in self.shown()}
        return [shown[slug] for slug in self.suggested if slug in shown]

    def words_of(self, slug: str) -> str:
        """Return the words a filter looks in."""
        topic = self.topics.get(slug)
        return " ".join((topic.name, topic.description, *topic.words)).lower() if topic else ""

    @property
    def focus_id(self) -> str:
        """Return the id of the control an error summary links to: the first one drawn."""
        return f"{self.id}-{next(iter(self._order()), '')}"

    def _order(self) -> list[str]:
        rest = [choice.key for _, choices in self.groups() for choice in choices]
        return [*self.suggested, *rest]


class Suggests:
    """Topics that what was written seems to be about are offered first."""

    def suggest_from(self, written: Any) -> None:
        """Offer topics first that what was written about the group seems to be about."""
        text = ". ".join(str(written.get(name) or "") for name in WRITTEN)
        for name in FIELDS.values():
            if hasattr(self, name):
                getattr(self, name).suggest(text)


class About(Suggests):
    """What it is about, and how one gets in."""

    help_with = TopicsField(
        "What may it help with?", of=TermKind.NEED,
        hint="Choose a few. They are how people find the group",
    )  # fmt: skip
    doing = TopicsField("What do people do there?", of=TermKind.INTEREST)
    ways_in = TopicsField("Getting in and around", of=TermKind.ACCESS)


class For(Suggests):
    """Whom it is especially for, and whom not."""

    especially_for = TopicsField(
        "Is it especially for…", of=TermKind.AUDIENCE, hint="Leave empty if it is for everybody"
    )
    not_for = TopicsField(
        "Who is it not for?", of=TermKind.AUDIENCE, but=NEVER_SHUT_OUT, bare=True,
        hint="Only if some people cannot come. They are told before they set out",
    )  # fmt: skip


class Topics(About, For):
    """Every question about topics."""
