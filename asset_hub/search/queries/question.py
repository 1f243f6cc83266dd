"""What may be asked of the adaptor: a question, understood. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from asset_hub.search.geo import Box, Point


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the index knows it (see `core.stems.stem`), and how much it counts.

    One that `starts` stands for every stem that begins with it.
    """

    stem: str
    weight: float = 1.0
    starts: bool = False


@dataclass(frozen=True)
class Sought:
    """The stems and topics of a question, in the order of their bits, and what they count."""

    stems: tuple[str, ...]
    slugs: tuple[str, ...]
    params: Mapping[str, Any]
    cut: int = 0  # how many of the stems, the last ones, are too common to read every listing
    respelt: bool = False  # no listing has any of the words: these are close to them
    ideal: int = 0  # the fit of a listing that has all of it

    def why(self, bits: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the stems and the slugs that some bits stand for."""
        both = self.stems + self.slugs
        has = [bool(bits >> place & 1) for place in range(len(both))]
        count = len(self.stems)
        return (
            tuple(stem for stem, it in zip(self.stems, has[:count], strict=True) if it),
            tuple(slug for slug, it in zip(self.slugs, has[count:], strict=True) if it),
        )


@dataclass(frozen=True)
class Question:
    """What is looked for, understood: words, topics it seems to be about, a point, filters.

    A listing is found when it has any of the words or any topic of `leaning` (slug, confidence
    from 0 to 1), unless all of it together comes to less than `floor`: 1.0 is a listing that has
    every word as most listings that have it do, or one topic we are sure about, chosen for it.
    Without `words` those of `q` are looked for.

    It is about one of `topics` and about one of each set in `also`, and neither any of these nor
    of `suits` are people whom it is not for. It has one of each set of `facets` and is for somebody
    of `age` or does not say; what is for others than somebody of `said_age` comes after the rest.
    On the day `today`, what has no room comes after what has; with `room` only what says that it
    has room is found; with `on` only what meets that day, in some of `hours` when they are given.
    It has a place in `area`, as everybody may see it.

    `sought` says what the words and topics count here, once that is known (see `weighing.weighed`).
    """

    q: str = ""
    near: Point | None = None
    within: float | None = None  # metres
    topics: tuple[str, ...] = ()
    community: str = ""
    page: int = 1
    also: tuple[tuple[str, ...], ...] = ()
    suits: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    leaning: tuple[tuple[str, float], ...] = ()
    floor: float = 0.0
    facets: tuple[tuple[str, ...], ...] = ()
    age: int | None = None
    said_age: int | None = None
    today: date | None = None
    room: bool = False
    on: date | None = None
    hours: tuple[tuple[int, int], ...] = ()  # minutes of the day, with `on`
    area: Box | None = None
    sought: Sought | None = None
