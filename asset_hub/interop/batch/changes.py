"""What an import changes, in words that stand side by side: before and after."""

from asset_hub.core.calendar import london, say_date
from asset_hub.directory.models import Visibility
from asset_hub.directory.service import say_when
from asset_hub.interop.batch.topics import Topics
from asset_hub.interop.reading.records import Record, Spot

LONGEST = 1_500  # letters of one part on the page
LABELS = {
    "name": "Name", "summary": "In short", "description": "Description", "url": "Website",
    "email": "Email", "phone": "Phone", "fees": "Cost", "eligibility": "Who it is for",
    "access": "Access", "how_to_join": "How to join", "first_visit": "The first visit",
    "languages": "Languages",
}  # fmt: skip
SHOWN = {Visibility.EXACT: "", Visibility.AREA: " (shown roughly)", Visibility.HIDDEN: " (hidden)"}
FIRST = ("In short", "Where", "When", "Phone", "Email", "Cost", "Website")
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
        found.append(["Private contact", "", PRIVATE])
    return found


def of_new(record: Record, topics: Topics) -> list[Change]:
    """Return every part of a new service, those by which it is recognised first."""
    said = _said(record, topics)
    order = dict.fromkeys((*FIRST, *said))
    found = [[label, "", cut(said[label])] for label in order if said[label] and label != "Name"]
    return found + [["Private contact", "", KEPT_PRIVATE]] * any(map(any, record.contacts))


def _said(record: Record, topics: Topics) -> dict[str, str]:
    confirmed = record.confirmed_at
    ages = [str(age) if age is not None else "" for age in (record.minimum_age, record.maximum_age)]
    return {
        **{label: record.words.get(name, "") for name, label in LABELS.items()},
        "Run by": record.runner.name,
        "Kind": record.kind.value,
        "Standing": record.standing.value,
        "Ages": " to ".join(ages) if any(ages) else "",
        "Where": "; ".join(map(_where, record.places)),
        "When": say_when(record.times),
        "Topics": ", ".join(name for _, name in topics.said(record.term_ids)),
        "Last confirmed": say_date(london(confirmed).date()) if confirmed else "",
    }


def _where(spot: Spot) -> str:
    parts = (spot.name, spot.address_1, spot.city, spot.postal_code)
    said = ", ".join(dict.fromkeys(filter(None, parts)))
    return (said or f"{spot.latitude}, {spot.longitude}") + SHOWN[spot.visibility]


def cut(words: str) -> str:
    """Return a text short enough for a table."""
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
