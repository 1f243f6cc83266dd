"""What a topic of ours is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

from asset_hub.directory.models import TermKind, Theme

NAMESPACE = UUID("5c0f3a52-6f5e-4b0e-9d0b-2f5d5f0c7a11")


@dataclass(frozen=True)
class Topic:
    """One topic, in the words people use.

    `words` are what people say when they mean it, in any order; `urgent` topics are shown with
    the numbers to ring at once.
    """

    slug: str
    name: str
    description: str
    kind: TermKind
    theme: Theme | None = None
    words: tuple[str, ...] = ()
    urgent: bool = False

    @property
    def id(self) -> UUID:
        """Return the id that follows from the slug."""
        return uuid5(NAMESPACE, self.slug)


Written = tuple[str, str, str, str]


def topics(
    kind: TermKind, theme: Theme | None, rows: Iterable[Written], *, urgent: Iterable[str] = ()
) -> tuple[Topic, ...]:
    """Return topics written as (slug, name, description, "people’s words, apart by commas")."""
    pressing = frozenset(urgent)
    return tuple(
        Topic(slug, name, description, kind, theme, _apart(words), slug in pressing)
        for slug, name, description, words in rows
    )


def _apart(words: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in words.split(",") if phrase.strip())
