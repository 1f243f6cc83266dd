"""Which topics a text seems to be about, by the words people use for them."""

from collections.abc import Iterable
from functools import lru_cache

from asset_hub.directory.rules.prose import fold
from asset_hub.directory.topics import Topic

MOST_SUGGESTED = 6


def suggested(text: str, topics: Iterable[Topic]) -> list[Topic]:
    """Return the few topics whose words a text uses most, the likeliest first.

    A phrase counts for as many words as it has: "lost my husband" tells more than "lonely".
    """
    said = f" {_plain(text)} "
    scored = [(_score(said, topic), topic) for topic in topics]
    found = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], pair[1].name))
    return [topic for _, topic in found[:MOST_SUGGESTED]]


def _score(said: str, topic: Topic) -> int:
    known = {_plain(words) for words in (*topic.words, topic.name)} - {""}
    return sum(len(words.split()) for words in known if f" {words} " in said)


@lru_cache(maxsize=8192)  # the phrases are the same each time
def _plain(text: str) -> str:
    """Return a text without capitals, accents, signs, and the s of more than one."""
    words = fold(text.replace("'", "").replace("’", "")).split()
    return " ".join(word[:-1] if len(word) > 3 and word[-1] == "s" else word for word in words)
