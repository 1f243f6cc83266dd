"""The adaptor that finds, and the index it asks. No objects, and nothing private in reach."""

from asset_hub.search.queries.counting import Kept, counts
from asset_hub.search.queries.finding import (
    Answer,
    Found,
    Home,
    Question,
    View,
    Word,
    bounds,
    communities,
    excluded,
    find,
    homes,
    meant,
    outlines,
    placed,
    places,
    settled,
    topics,
    unplaced,
)
from asset_hub.search.queries.vocabulary import about, listed
from asset_hub.search.queries.weighing import weighed

__all__ = [
    "Answer", "Found", "Home", "Kept", "Question", "View", "Word", "about", "bounds", "communities",
    "counts", "excluded", "find", "homes", "listed", "meant", "outlines", "placed",
    "places", "settled", "topics", "unplaced", "weighed",
]  # fmt: skip
