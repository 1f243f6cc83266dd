"""What a community does not have yet. Pure: what there is in, what is missing out.

The rule, in words (docs/communities.md says the same):
1. For each need, in the order of how commonly it is asked about: is there anything at all? If so,
   is there anything in the evening, at the weekend, without steps? The first "no" is the gap.
2. Is there a day of the week on which nothing at all is on?
3. For each audience: is there any group especially for it?
A need with nothing weighs 3, one without an evening 2, without a way in free of steps 2, without
a weekend 1.5; each is weighed down by how seldom the need is asked about. An empty day weighs 1.2
and an audience 1: both at full weight, because they are about everybody or somebody whole.
What meets at no known time counts as there, but never as an evening or a weekend.
What is urgent or a matter for a clinic is said to champions, not on the page of a community: nobody
starts a group for it because a page asks for one.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import time

EVENING = time(17)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STEP_FREE = "step-free"
# After what was asked in vain in a place itself: what practices and navigators say they are asked
# for most. A topic that is not here comes after these, by name.
ASKED_ORDER = (
    "company", "worry", "grief", "moving", "money", "caring", "long-term-illness", "memory",
    "food", "housing", "eating-well", "parenting", "rights", "alcohol-drugs", "online", "work",
    "transport", "warmth", "sleep", "safety", "smoking",
)  # fmt: skip
QUIETLY = frozenset({
    "suicidal", "mental-illness", "trauma", "eating-disorder", "alcohol-drugs", "gambling",
    "homeless", "memory", "long-term-illness", "cancer", "end-of-life", "after-hospital",
    "diabetes", "heart-lungs", "safety", "sexual-violence", "after-prison",
})  # fmt: skip
_DAY = re.compile("MO|TU|WE|TH|FR|SA|SU")
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
Slot = tuple[int, bool]  # day of the week from Monday, and whether it is an evening


@dataclass(frozen=True)
class Topic:
    """A need or an audience somebody could look for."""

    slug: str
    name: str
    kind: str


@dataclass
class Offer:
    """One group that is there: its topics and when it meets."""

    topics: frozenset[str]
    slots: set[Slot] = field(default_factory=set)


@dataclass(frozen=True)
class Gap:
    """Something that is missing: in words, how heavy it weighs, and the topic to look for."""

    words: str
    weight: float
    topic: str = ""

    @property
    def openly(self) -> bool:
        """Return whether the page of a community asks its readers for it."""
        return self.topic not in QUIETLY


def asked_order(in_vain: Sequence[str]) -> list[str]:
    """Return topics in the order they are asked: what was asked in vain here, then the rest."""
    return list(dict.fromkeys([*in_vain, *ASKED_ORDER]))


def slots(byday: str, opens_at: time | None) -> set[Slot]:
    """Return when a schedule meets, from its RRULE days and its hour."""
    evening = opens_at is not None and opens_at >= EVENING
    return {(_CODES.index(day), evening) for day in _DAY.findall(byday.upper())}


def gaps(
    offers: Sequence[Offer],
    topics: Iterable[Topic],
    *,
    order: Sequence[str] = ASKED_ORDER,
) -> list[Gap]:
    """Return what is missing, the heaviest first; nothing when there is nothing to compare with."""
    if not offers:
        return []
    topics = list(topics)
    found = _needs(offers, [one for one in topics if one.kind == "need"], order)
    found += _days(offers)
    found += _audiences(offers, [one for one in topics if one.kind == "audience"])
    return sorted(found, key=lambda gap: (-gap.weight, gap.words))


_MISSING: tuple[tuple[float, str, Callable[[Offer], bool]], ...] = (
    (3.0, "", lambda offer: True),
    (2.0, " in the evening", lambda offer: any(evening for _, evening in offer.slots)),
    (2.0, " without steps", lambda offer: STEP_FREE in offer.topics),
    (1.5, " at the weekend", lambda offer: any(day >= 5 for day, _ in offer.slots)),
)


def _needs(offers: Sequence[Offer], needs: list[Topic], order: Sequence[str]) -> list[Gap]:
    rank = {slug: place for place, slug in enumerate(order)}
    needs = sorted(needs, key=lambda one: (rank.get(one.slug, len(rank)), one.name))
    found = []
    for place, need in enumerate(needs):
        mine = [offer for offer in offers if need.slug in offer.topics]
        commonly = 1 - place / (2 * len(needs))  # from 1 for the first down to a half
        for weight, when, has in _MISSING:
            if not any(has(offer) for offer in mine):
                words = f"Something for {_small(need.name)}{when}"
                found.append(Gap(words, weight * commonly, need.slug))
                break
    return found


def _days(offers: Sequence[Offer]) -> list[Gap]:
    taken = {day for offer in offers for day, _ in offer.slots}
    if not taken:
        return []  # nobody said when anything meets
    return [Gap(f"Something on a {name}", 1.2) for day, name in enumerate(DAYS) if day not in taken]


def _audiences(offers: Sequence[Offer], audiences: list[Topic]) -> list[Gap]:
    there = frozenset().union(*(offer.topics for offer in offers))
    return [
        Gap(f"A group especially for {_small(one.name)}", 1.0, one.slug)
        for one in audiences
        if one.slug not in there
    ]


def _small(name: str) -> str:
    """Return a name as it stands inside a sentence; "LGBT+ people" keeps its letters."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
