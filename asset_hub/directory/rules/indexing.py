"""What the index keeps of a listing: its stems, each with how much it says about the listing.

A word's impact is BM25F's share of it (Robertson and Zaragoza, "The Probabilistic Relevance
Framework", 2009) without how rare the word is, which only the index as a whole knows. It is a whole
number, so that every database adds up the same.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import islice

from asset_hub.core.stems import STEMS, TELLING, fold, tokens

# a topic was chosen with care; a name may only sound like one
WEIGHTS = {"name": 2.5, "topics": 12.0, "summary": 1.0, "body": 0.8, "organization_name": 0.4}
NAME = "name"  # here little words count, too: somebody may look for "The Who"
ENOUGH = 1.2  # k1: how soon a word said again says nothing new
LENGTH = 0.5  # b: how much a word in a long text counts less
TYPICAL = 60  # telling words of a usual listing
MOST = 100 * (ENOUGH + 1)  # an impact
MOST_STEMS = 400  # of one listing; a longer text ends there


def index_words(texts: Mapping[str, str]) -> dict[str, int]:
    """Return a listing's stems with their impact (up to 220), from the texts of `WEIGHTS`."""
    said: dict[str, float] = {}
    length = 0
    for name, weight in WEIGHTS.items():
        words = tokens(texts[name])
        known_by = STEMS if name == NAME else TELLING
        counted = Counter([known for word in words if (known := known_by[word])])
        length += counted.total()
        for known, times in counted.items():
            said[known] = said.get(known, 0.0) + weight * times
    held = ENOUGH * (1 - LENGTH + LENGTH * length / TYPICAL)
    # most words are said as often as many others
    impacts = {sum_: max(1, round(MOST * sum_ / (sum_ + held))) for sum_ in set(said.values())}
    return {known: impacts[sum_] for known, sum_ in islice(said.items(), MOST_STEMS)}


def as_json(words: Mapping[str, int]) -> str:
    """Return stems and impacts as the JSON object that a listing carries to the index."""
    # stems are letters and digits: nothing in them needs an escape
    pairs = [f'"{known}":{impact}' for known, impact in words.items()]
    return "{" + ",".join(pairs) + "}"


def sort_name(name: str) -> str:
    """Return what a listing is sorted by among equals."""
    return fold(name.strip())
