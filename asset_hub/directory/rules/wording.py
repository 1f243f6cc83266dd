"""Two texts side by side: which words went, which came."""

import re
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

_WORDS = re.compile(r"\s+|[^\s]+")
MOST_WORDS = 4000  # longer texts are not compared word by word: it would take seconds
ALIKE = 0.4  # of the words; texts with less in common would be all marks


class Piece(NamedTuple):
    """Some words, and whether the other text has them too."""

    words: str
    same: bool


def compared(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Return the old text and the new one in pieces: those they share and those they do not.

    Texts that share little are one piece each.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return [Piece(old, old == new)], [Piece(new, old == new)]
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    shared = sum(_count(before[a:b]) for kind, a, b, _, _ in changes if kind == "equal")
    if 2 * shared < ALIKE * (_count(before) + _count(after)):
        return [Piece(old, False)] if old else [], [Piece(new, False)] if new else []
    ours: list[Piece] = []
    theirs: list[Piece] = []
    # A space between two words that differ belongs to them: "9 Mill Lane" is one piece.
    for same, group in groupby(
        changes, lambda one: one[0] == "equal" and _count(before[one[1] : one[2]]) > 0
    ):
        run = list(group)
        mine, other = before[run[0][1] : run[-1][2]], after[run[0][3] : run[-1][4]]
        ours += [Piece("".join(mine), same)] if mine else []
        theirs += [Piece("".join(other), same)] if other else []
    return ours, theirs


def _count(words: list[str]) -> int:
    return sum(not word.isspace() for word in words)
