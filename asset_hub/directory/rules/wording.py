"""Two texts side by side: which words went, which came."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

_WORDS = re.compile(r"\s+|[^\s]+")
MOST_WORDS = 4000  # longer texts are not compared word by word: it would take seconds


class Piece(NamedTuple):
    """Some words, and whether the other text has them too."""

    words: str
    same: bool


def compared(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Return the old text and the new one in pieces: those they share and those they do not."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return [Piece(old, old == new)], [Piece(new, old == new)]
    ours: list[Piece] = []
    theirs: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        same = kind == "equal"
        ours += [Piece("".join(before[a:b]), same)] if b > a else []
        theirs += [Piece("".join(after[c:d]), same)] if d > c else []
    return ours, theirs
