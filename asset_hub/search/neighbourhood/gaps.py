"""What a community does not have yet. Pure: what there is in, what is missing out.

The rule, in words (docs/communities.md says the same):
1. For each need, those asked for in vain here first, then in the order of how commonly it is asked
   about: is there anything at all? If so, is there anything in the evening, at the weekend, without
   steps? The first "no" is the gap. A need that was asked for in vain though all of this is there
   wants more of the same.
2. Is there a day of the week on which nothing at all is on?
3. For each audience: is there any group especially for it?
A need with nothing weighs 3, one without an evening 2, without a way in free of steps 2, without
a weekend 1.5; each is weighed down by how seldom the need is asked about. An empty day weighs 1.2
and an audience 1: both at full weight, because they are about everybody or somebody whole.
What was asked for in vain weighs a quarter more, from FEW times on half as much again.
What meets at no known time counts as there, but never as an evening or a weekend.
What is urgent or a matter for a clinic is said to champions, not on the page of a community: nobody
starts a group for it because a page asks for one.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time

from asset_hub.core.words import in_a_sentence

EVENING = time(17)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STEP_FREE = "step-free"
FEW = 8  # fewer asks than this are said as "a few": nobody is to be guessed at (TRUST: 1 to 7)
A_FEW, OFTEN = 1.25, 1.5  # what was asked for in vain weighs so much more
MORE = 1.0  # the weight of more of what is there
# Beside what was asked in vain: what practices and navigators say they are asked for most. A topic
# that is not here comes after these, by name.
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
    asks: int = 0  # how often it was asked for in vain here, in a season

    @property
    def said(self) -> str:
        """Return how often it was asked for in vain, in words; "" when it never was."""
        return f"Asked for in vain {say_times(self.asks).lower()}" if self.asks else ""

    @property
    def openly(self) -> bool:
        """Return whether the page of a community asks its readers for it."""
        return self.topic not in QUIETLY


def say_times(asks: int) -> str:
    """Return how often something was asked for, in words: few are not counted, many are rounded."""
    return "A few times" if asks < FEW else f"About {5 * round(asks / 5):,} times"


def slots(byday: str, opens_at: time | None) -> set[Slot]:
    """Return when a schedule meets, from its RRULE days and its hour."""
    evening = opens_at is not None and opens_at >= EVENING
    return {(_CODES.index(day), evening) for day in _DAY.findall(byday.upper())}


def gaps(
    offers: Sequence[Offer],
    topics: Iterable[Topic],
    *,
    order: Sequence[str] = ASKED_ORDER,
    asked: Mapping[str, int] | None = None,
) -> list[Gap]:
    """Return what is missing, the heaviest first; nothing when there is nothing to compare with.

    `asked` says how often each topic was asked for in vain around here.
    """
    if not offers:
        return []
    asked, topics = asked or {}, list(topics)
    heard = sorted(asked, key=lambda slug: (-asked[slug], slug))
    order = [*heard, *(slug for slug in order if slug not in asked)]
    found = _needs(offers, [one for one in topics if one.kind == "need"], order, asked)
    found += _days(offers)
    found += _audiences(offers, [one for one in topics if one.kind == "audience"])
    found = [_heard(gap, asked.get(gap.topic, 0)) for gap in found]
    return sorted(found, key=lambda gap: (-gap.weight, gap.words))


def _heard(gap: Gap, asks: int) -> Gap:
    """Return a gap as heavy as what was asked for in vain makes it."""
    if not asks:
        return gap
    return replace(gap, weight=gap.weight * (OFTEN if asks >= FEW else A_FEW), asks=asks)


_MISSING: tuple[tuple[float, str, Callable[[Offer], bool]], ...] = (
    (3.0, "", lambda offer: True),
    (2.0, " in the evening", lambda offer: any(evening for _, evening in offer.slots)),
    (2.0, " without steps", lambda offer: STEP_FREE in offer.topics),
    (1.5, " at the weekend", lambda offer: any(day >= 5 for day, _ in offer.slots)),
)


def _needs(
    offers: Sequence[Offer], needs: list[Topic], order: Sequence[str], asked: Mapping[str, int]
) -> list[Gap]:
    rank = {slug: place for place, slug in enumerate(order)}
    needs = sorted(needs, key=lambda one: (rank.get(one.slug, len(rank)), one.name))
    found = []
    for place, need in enumerate(needs):
        mine = [offer for offer in offers if need.slug in offer.topics]
        commonly = 1 - place / (2 * len(needs))  # from 1 for the first down to a half
        for weight, when, has in _MISSING:
            if not any(has(offer) for offer in mine):
                words = f"Something for {in_a_sentence(need.name)}{when}"
                found.append(Gap(words, weight * commonly, need.slug))
                break
        else:
            if need.slug in asked:
                found.append(
                    Gap(f"More for {in_a_sentence(need.name)}", MORE * commonly, need.slug)
                )
    return found


def _days(offers: Sequence[Offer]) -> list[Gap]:
    taken = {day for offer in offers for day, _ in offer.slots}
    if not taken:
        return []  # nobody said when anything meets
    return [Gap(f"Something on a {name}", 1.2) for day, name in enumerate(DAYS) if day not in taken]


def _audiences(offers: Sequence[Offer], audiences: list[Topic]) -> list[Gap]:
    there = frozenset().union(*(offer.topics for offer in offers))
    return [
        Gap(f"A group especially for {in_a_sentence(one.name)}", 1.0, one.slug)
        for one in audiences
        if one.slug not in there
    ]
