"""Homes and refuges in an import: their places are shown roughly or not at all, and it is said."""

from asset_hub.directory import service as directory
from asset_hub.directory.models import Visibility
from asset_hub.interop.batch.topics import Topics
from asset_hub.interop.reading.records import Record

SAID = {
    Visibility.AREA: "it may be a home or a place of safety: shown roughly until a champion looks",
    Visibility.HIDDEN: "people may be kept safe there: its address stays hidden",
}


def keep_hidden(record: Record, topics: Topics) -> None:
    """Show no exact address of what looks like a home or a refuge; warn that it was not."""
    exact = [spot for spot in record.places if spot.visibility is Visibility.EXACT]
    if not exact:
        return
    sign = directory.homes.sign_in(
        [record.words.get(name, "") for name in directory.homes.TEXTS],
        kind=record.kind,
        runner=record.runner.name,
        topics=[slug for slug, _ in topics.said(record.term_ids)],
        places=[(spot.name, spot.address_1) for spot in record.places],
    )
    if sign is None:
        return
    shown = directory.homes.SHOWN_AS[sign]
    for spot in exact:
        spot.visibility = shown
    record.warn(SAID[shown])
