"""Two listings side by side: the words of each, and which of them may be kept."""

from dataclasses import dataclass

from asset_hub.directory.models import PART_WORDS, Parts, Service
from asset_hub.directory.rules import joining, snapshot
from asset_hub.directory.rules.joining import Take
from asset_hub.directory.rules.prose import straight
from asset_hub.directory.rules.shown import say_ages
from asset_hub.directory.rules.telling import Names, Told, say_openly, say_part


@dataclass(frozen=True, kw_only=True)
class Beside(Told):
    """One part of both listings: `was` holds the words of the first, `to` those of the other."""

    same: bool
    usual: Take
    may_take: list[Take]


def beside(one: Service, other: Service, *, private: bool) -> list[Beside]:
    """Return every part that either says something about; the first is the one to be kept.

    Without `private` (for whoever looks after only one of them) only what everybody may read.
    """
    left, right = snapshot.parts_of(one), snapshot.parts_of(other)
    differ = joining.differing(left, right)
    names = {term.slug: term.name for each in (one, other) for term in each.terms + each.not_for}
    rows = []
    for part in joining.ASKED:
        if not private and part in snapshot.PRIVATE:
            continue
        first, second = (_say(parts, part, names, private) for parts in (left, right))
        if first or second:
            row = Beside(
                name=part, label=PART_WORDS[part], was=first, to=second, same=part not in differ,
                usual=joining.usual(part, left, right),
                may_take=joining.may_take(part, left, right),
            )  # fmt: skip
            rows.append(row)
    return rows


def _say(parts: Parts, part: str, names: Names, private: bool) -> str:
    if part == "ages":
        return say_ages(parts["minimum_age"], parts["maximum_age"])
    if private:
        return straight(say_part(part, parts[part], names=names))
    return straight(say_openly(part, parts[part], near="", names=names))
