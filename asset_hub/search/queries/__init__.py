"""The adaptor that finds, and the index it asks. No objects, and nothing private in reach."""

from asset_hub.search.queries.finding import (
    Answer,
    Found,
    Home,
    Question,
    View,
    Word,
    about,
    beside,
    bounds,
    communities,
    excluded,
    find,
    homes,
    listed,
    meant,
    outlines,
    places,
    settled,
    topics,
    unplaced,
)

__all__ = [
    "Answer", "Found", "Home", "Question", "View", "Word", "about", "beside", "bounds",
    "communities", "excluded", "find", "homes", "listed", "meant", "outlines", "places", "settled",
    "topics", "unplaced",
]  # fmt: skip
