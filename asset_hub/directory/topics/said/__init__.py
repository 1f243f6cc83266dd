"""How people speak of each topic, and how groups do: a thesaurus, one text file for each heading.

`# slug` begins a topic; `> words` are those of groups that are about it; every other line is one
thing people mean, `their words > the words of groups that help with it`. Phrases are apart by
commas. A site's own words for a topic, in its database, count beside these.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing people mean: the topic it belongs to, how they say it, how groups say it."""

    slug: str
    said: tuple[str, ...]
    offered: tuple[str, ...]


@lru_cache(maxsize=1)
def senses() -> tuple[Sense, ...]:
    """Return all that people mean, topic by topic."""
    found: list[Sense] = []
    for path in sorted(Path(__file__).parent.glob("*.txt")):
        slug = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                slug = line.removeprefix("#").strip()
            elif line.strip():
                said, _, offered = line.partition(">")
                found.append(Sense(slug, _apart(said), _apart(offered)))
    return tuple(found)


def _apart(words: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in words.split(",") if phrase.strip())
