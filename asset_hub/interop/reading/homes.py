"""Homes and refuges in an import: their places are shown roughly or not at all, and it is said.

What a place must not say, the texts must not say either: a postcode or street that is not shown
is taken out of the description and the rest.
"""

import re
from collections.abc import Iterator

from asset_hub.directory import service as directory
from asset_hub.directory.models import Visibility
from asset_hub.interop.reading.records import Record, Spot

SAID = {
    Visibility.AREA: "it may be a home or a place of safety: shown roughly until a champion looks",
    Visibility.HIDDEN: "people may be kept safe there: its address stays hidden",
}
WITHHELD = "(address not shown)"
IN_TEXT = "the address is in the {}: it was taken out there"
NAMES = {"how_to_join": "how to join", "first_visit": "first visit"}
NOT_TEXT = {"url", "email", "phone"}
_STREET = re.compile(
    r"(?:(?:flat|apartment|unit|room)\s+\w+,?\s+)?\d+[a-z]?[,\s]+[^\W\d_][\w'’.\s-]*", re.I
)
_AGAIN = re.compile(rf"{re.escape(WITHHELD)}(?:[,\s]+{re.escape(WITHHELD)})+")


def keep_hidden(record: Record, slugs: list[str]) -> None:
    """Show no exact address of what looks like a home or a refuge; warn that it was not.

    `slugs` are the topics that the record's words mean here.
    """
    exact = [spot for spot in record.places if spot.visibility is Visibility.EXACT]
    sign = exact and directory.homes.sign_in(
        [record.words.get(name, "") for name in directory.homes.TEXTS],
        kind=record.kind,
        runner=record.runner.name,
        topics=slugs,
        places=[(spot.name, spot.address_1) for spot in record.places],
    )
    if sign:
        shown = directory.homes.SHOWN_AS[sign]
        for spot in exact:
            spot.visibility = shown
        record.warn(SAID[shown])
    if secret := [spot for spot in record.places if spot.visibility is not Visibility.EXACT]:
        _withhold(record, secret)


def _withhold(record: Record, secret: list[Spot]) -> None:
    """Take addresses that are not shown out of the texts, and say so."""
    written = "|".join(dict.fromkeys(part for spot in secret for part in _written(spot)))
    if not written:
        return
    address = re.compile(rf"(?<!\w)(?:{written})(?!\w)", re.I)
    for name, words in record.words.items():
        if name in NOT_TEXT:
            continue
        found = address.sub(WITHHELD, words)
        if found != words:
            record.words[name] = _AGAIN.sub(WITHHELD, found)
            record.warn(IN_TEXT.format(NAMES.get(name, name)))
    if address.search(record.runner.description):
        record.runner.description = address.sub(WITHHELD, record.runner.description)
        record.warn(IN_TEXT.format("organisation’s description"))


def _written(spot: Spot) -> Iterator[str]:
    """Yield patterns of how an address may be written: its street with a number, its postcode."""
    for street in (*spot.address_1.split(", "), spot.address_1, spot.name):
        if _STREET.fullmatch(street.strip()):
            yield r"[,\s]+".join(map(re.escape, re.split(r"[,\s]+", street.strip())))
    outward, _, inward = spot.postal_code.partition(" ")
    if inward:
        yield rf"{re.escape(outward)}\s{{0,2}}{re.escape(inward)}"
