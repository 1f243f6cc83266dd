"""Which topics a listing may choose, and what became of the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from asset_hub.directory.models import TaxonomyTerm, TermKind, Theme
from asset_hub.directory.rules.naming import key_of
from asset_hub.directory.topics import TOPICS, Topic

MOST_STEPS = 20  # of a topic merged into one that was merged into one …


@dataclass(frozen=True)
class Offer:
    """The topics on offer, in the order they are shown; those no longer used; what became what."""

    topics: list[Topic] = field(default_factory=list)
    retired: dict[str, Topic] = field(default_factory=dict)  # by slug
    became: Mapping[str, str] = field(default_factory=dict)  # slug of a merged topic → the kept one

    def of(self, kind: TermKind) -> list[Topic]:
        """Return the topics of one kind."""
        return [topic for topic in self.topics if topic.kind is kind]

    def now(self, slugs: Iterable[str]) -> list[str]:
        """Return what slugs are called now, each once."""
        return list(dict.fromkeys(self.became.get(slug, slug) for slug in slugs))


def offer(terms: Iterable[TaxonomyTerm]) -> Offer:
    """Return what a site offers: its own rows, and of our list what it has no row for yet."""
    ours = {term.slug: term for term in terms if term.ours}
    kept = {term.id: term for term in ours.values()}
    names = {term.name_key for term in ours.values()}
    missing = [
        topic for topic in TOPICS if topic.slug not in ours and key_of(topic.name) not in names
    ]
    taken_in: dict[UUID, list[TaxonomyTerm]] = {}
    for term in ours.values():
        if term.merged_into_id and (end := final(term, kept)):
            taken_in.setdefault(end.id, []).append(term)
    there = [_topic(term, taken_in.get(term.id, ())) for term in ours.values() if term.is_offered]
    retired = [term for term in ours.values() if term.retired_at and not term.merged_into_id]
    became = {gone.slug: kept[key].slug for key, some in taken_in.items() for gone in some}
    order = list(Theme)
    shown = sorted(
        [*there, *missing],
        key=lambda t: (order.index(t.theme) if t.theme else len(order), t.name.casefold()),
    )
    return Offer(shown, {term.slug: _topic(term) for term in retired}, became)


def final(term: TaxonomyTerm, terms: Mapping[UUID, TaxonomyTerm]) -> TaxonomyTerm | None:
    """Return the topic that another has become, by one merge or several."""
    found: TaxonomyTerm | None = term
    for _ in range(MOST_STEPS):
        if found is None or found.merged_into_id is None:
            return found
        found = terms.get(found.merged_into_id)
    return None


def _topic(term: TaxonomyTerm, taken_in: Iterable[TaxonomyTerm] = ()) -> Topic:
    """Return a row as a topic; people go on saying the words of what was merged into it."""
    said = [line for one in (term, *taken_in) for line in one.words.splitlines()]
    names = [one.name for one in taken_in]
    return Topic(
        term.slug, term.name, term.description, term.kind, term.theme,
        tuple(dict.fromkeys([*said, *names])), term.urgent,
    )  # fmt: skip
