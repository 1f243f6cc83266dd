"""How many groups each choice of a filter would leave, counted from what the matches carry."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from asset_hub.search.queries.finding import marks
from asset_hub.search.queries.question import Question

MOST = 2_000  # with more matches than this no numbers are shown: every choice leaves many
Marks = tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """The marks of one set that were chosen: one of them is enough.

    Topics begin with #, communities with @; what is left are facets.
    """

    set: str
    marks: Marks


def counts(
    connection: Connection,
    question: Question,
    kept: list[Kept],
    choices: Mapping[tuple[str, str], tuple[str, Marks]],
) -> dict[tuple[str, str], int]:
    """Return, for each choice (its set, its marks), how many groups it would leave.

    The other sets stay as they were chosen; of its own set only the choice itself counts. What
    hardly fits counts too: another choice has another best. Empty when there are too many matches,
    or none, to say.
    """
    bare = replace(question, topics=(), also=(), facets=(), community="", room=False, floor=0.0)
    rows = marks(connection, bare, MOST + 1)
    if not rows or len(rows) > MOST:
        return {}
    leading: dict[str, list[tuple[tuple[str, str], str]]] = {}
    for key, (of_set, some) in choices.items():
        for mark in some:
            leading.setdefault(mark, []).append((key, of_set))
    found: Counter[tuple[str, str]] = Counter(dict.fromkeys(choices, 0))
    for row in rows:
        mine = _marks(row.facets, row.topic_slugs, row.community)
        if question.today and str(row.full_until or "") > question.today.isoformat():
            mine.discard("room")
        shut = _not_for(row.topic_slugs)
        mine -= shut
        missing = [
            one.set for one in kept if mine.isdisjoint(one.marks) or not shut.isdisjoint(one.marks)
        ]
        if len(missing) > 1:
            continue
        only = missing[0] if missing else None
        found.update({
            key for mark in mine for key, of_set in leading.get(mark, ())
            if only is None or of_set == only
        })  # fmt: skip
    return dict(found)


def _not_for(slugs: str) -> set[str]:
    """Return the topics of those whom a listing is not for: asking for them leaves it out."""
    return {f"#{slug[1:]}" for slug in slugs.split("|") if slug.startswith("!")}


def _marks(facets: str, slugs: str, community: str | None) -> set[str]:
    """Return everything one listing can be found by; what it is not for cannot be chosen."""
    mine = set(facets.split("|"))
    mine.update(f"#{slug}" for slug in slugs.split("|") if slug and slug[0] != "!")
    mine.add(f"@{community}")
    return mine
