"""Which of our topics a feed's words mean: known by number, so that any process can tell."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_APART = re.compile(r"[>/]")


@dataclass(frozen=True, slots=True)
class TopicWords:
    """Words in small letters → the number of a topic, and each number's slug."""

    numbers: dict[str, int] = field(default_factory=dict)
    slugs: tuple[str, ...] = ()

    def match(self, words: Iterable[str]) -> list[int]:
        """Return the topics that some words name; "Parents>Grandparents" names two."""
        found: dict[int, None] = {}
        for word in words:
            folded = word.casefold()
            for part in (folded, *_APART.split(folded)) if _APART.search(folded) else (folded,):
                number = self.numbers.get(part.strip())
                if number is not None:
                    found[number] = None
        return list(found)
