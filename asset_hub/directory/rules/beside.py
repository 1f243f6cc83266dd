"""Two listings side by side: the words of each, and where they differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup, escape

from asset_hub.directory.models import KIND_WORDS, Location, Parts, Service, Visibility
from asset_hub.directory.rules import joining, snapshot
from asset_hub.directory.rules.joining import PART_WORDS, Take
from asset_hub.directory.rules.listing import say_place
from asset_hub.directory.rules.prose import straight
from asset_hub.directory.rules.shown import say_ages
from asset_hub.directory.rules.telling import say_part
from asset_hub.directory.rules.times import say_when

LONGEST_COMPARED = 3_000  # letters; longer texts are shown without marks
ALIKE = 0.4  # of the words; texts with less in common would be all marks
SHOWN_WORDS = {
    Visibility.EXACT: "",
    Visibility.AREA: " (shown roughly)",
    Visibility.HIDDEN: " (hidden)",
}


@dataclass(frozen=True)
class Beside:
    """One part of both listings: in words, with what only one says marked."""

    part: str
    label: str
    one: Markup
    other: Markup
    same: bool
    usual: Take
    may_take: list[Take]


def beside(one: Service, other: Service, *, private: bool) -> list[Beside]:
    """Return every part that either says something about; the first is the one to be kept.

    Without `private` (for whoever looks after only one of them) only what everybody may read.
    """
    left, right = snapshot.parts_of(one), snapshot.parts_of(other)
    differ = joining.differing(left, right)
    rows = []
    for part, words in PART_WORDS.items():
        if not private and part in snapshot.PRIVATE:
            continue
        texts = [_say(each, part, private=private) for each in (one, other)]
        if any(texts):
            rows.append(_row(part, words, texts, left, right, part not in differ))
    return rows


def _row(part: str, words: str, texts: list[str], left: Parts, right: Parts, same: bool) -> Beside:
    marked = (escape(texts[0]), escape(texts[1])) if same else marks(*texts)
    usual = joining.usual(part, left, right)
    one, other = (Markup("<br>").join(each.split("\n")) for each in marked)
    return Beside(part, words, one, other, same, usual, joining.may_take(part, left, right))


def _say(service: Service, part: str, *, private: bool) -> str:
    if part == "places":
        return "\n".join(_place(place, private) for place in snapshot.places_of(service))
    return straight(_PLAIN[part](service) if part in _PLAIN else str(getattr(service, part) or ""))


def _place(place: Location, private: bool) -> str:
    if not private:
        return say_place(place) or "Not shown"
    parts = (place.name, place.address_1, place.city, place.postal_code)
    words = ", ".join(dict.fromkeys(filter(None, parts))) or "A point on the map"
    return words + SHOWN_WORDS[place.visibility]


def _told(service: Service, part: str) -> str:
    return say_part(part, snapshot.parts_of(service)[part], names={})


def _contact(service: Service) -> str:
    if not service.contacts:
        return ""
    contact = service.contacts[0]
    return "\n".join(filter(None, (contact.name, contact.email, contact.phone)))


_PLAIN = {
    "kind": lambda service: KIND_WORDS[service.kind],
    "times": lambda service: say_when(service.schedules),
    "closures": lambda service: _told(service, "closures"),
    "ages": lambda service: say_ages(service.minimum_age, service.maximum_age),
    "topics": lambda service: ", ".join(sorted(term.name for term in service.terms)),
    "not_for": lambda service: ", ".join(sorted(term.name for term in service.not_for)),
    "photo_id": lambda service: "A photograph" if service.photo_id else "",
    "full_until": lambda service: _told(service, "full_until"),
    "contact": _contact,
}


def marks(left: str, right: str) -> tuple[Markup, Markup]:
    """Return both texts, safe to show, with the words marked that only one of them has."""
    if not left or not right or max(len(left), len(right)) > LONGEST_COMPARED:
        return escape(left), escape(right)
    one, other = left.split(" "), right.split(" ")
    match = SequenceMatcher(None, one, other, autojunk=False)
    if match.ratio() < ALIKE:
        return escape(left), escape(right)
    mine: list[Markup] = []
    theirs: list[Markup] = []
    for what, a, b, c, d in match.get_opcodes():
        mine += _marked(one[a:b], what != "equal")
        theirs += _marked(other[c:d], what != "equal")
    return Markup(" ").join(mine), Markup(" ").join(theirs)


def _marked(words: Iterable[str], differs: bool) -> list[Markup]:
    said = " ".join(words)
    if not said:
        return []
    return [Markup("<mark>{}</mark>").format(said) if differs else escape(said)]
