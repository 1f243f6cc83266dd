"""What an import changes, in words that stand side by side: before and after."""

from asset_hub.core.calendar import london, say_date
from asset_hub.directory.models import PART_WORDS, TEXTS
from asset_hub.directory.service import say_address, say_kept, say_when
from asset_hub.interop.batch.topics import Topics
from asset_hub.interop.reading.records import Record, Spot

LONGEST = 1_500  # letters of one part on the page
FIRST = ("summary", "places", "times", "phone", "email", "fees", "url")
CONTACT = PART_WORDS["contact"]
KEPT_PRIVATE = "there is one; it is private and not shown here"
PRIVATE = "changed; it is private and not shown here"

Change = list[str]  # label, before, after


def between(before: Record, after: Record, topics: Topics) -> list[Change]:
    """Return each part that differs, with what it was and what it becomes."""
    was, becomes = _said(before, topics), _said(after, topics)
    found = [
        [label, cut(was[label]), cut(becomes[label])]
        for label in was
        if was[label] != becomes[label]
    ]
    if sorted(filter(any, before.contacts)) != sorted(filter(any, after.contacts)):
        found.append([CONTACT, "", PRIVATE])
    return found


def of_new(record: Record, topics: Topics) -> list[Change]:
    """Return every part of a new service, those by which it is recognised first."""
    said = _said(record, topics)
    order = dict.fromkeys((*(PART_WORDS[name] for name in FIRST), *said))
    del order[PART_WORDS["name"]]
    found = [[label, "", cut(said[label])] for label in order if said[label]]
    return found + [[CONTACT, "", KEPT_PRIVATE]] * any(map(any, record.contacts))


def _said(record: Record, topics: Topics) -> dict[str, str]:
    confirmed = record.confirmed_at
    ages = [str(age) if age is not None else "" for age in (record.minimum_age, record.maximum_age)]
    return {
        **{PART_WORDS[name]: record.words.get(name, "") for name in TEXTS},
        PART_WORDS["organization_name"]: record.runner.name,
        PART_WORDS["kind"]: record.kind.value,
        "Standing": record.standing.value,
        PART_WORDS["ages"]: " to ".join(ages) if any(ages) else "",
        PART_WORDS["places"]: "; ".join(map(_where, record.places)),
        PART_WORDS["times"]: say_when(record.times),
        PART_WORDS["topics"]: ", ".join(name for _, name in topics.said(record.term_ids)),
        "Last confirmed": say_date(london(confirmed).date()) if confirmed else "",
    }


def _where(spot: Spot) -> str:
    point = "" if say_address(spot) else f"{spot.latitude}, {spot.longitude}: "
    return point + say_kept(spot)


def cut(words: str) -> str:
    """Return a text short enough for a table."""
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
