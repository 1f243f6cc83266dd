"""Words as the index knows them: small, without accents, without their endings. Pure.

What is published and what is asked go through the same functions, so one order of results holds on
every database: none of them cuts words by its own rules.
"""

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import snowballstemmer

LONGEST = 40  # letters of a word that are kept
REMEMBERED = 65_536  # words
_WORD = re.compile(r"[^\W_]+")


class _Cutter(threading.local):
    """A stemmer for each thread: one keeps the word it works on, and two threads would mix them."""

    def __init__(self) -> None:
        self.cut = snowballstemmer.stemmer("english").stemWord


_CUTTER = _Cutter()

_COMMON = """
a about above after again against all also am an and any anybody anyone anything anywhere are as
at be because been before being below between both but by can cant could couldn couldnt did didn
didnt do does doesn doesnt doing don dont down during each few for from further get gets getting
go goes going got had has hasn hasnt have haven havent having he her here hers herself hes him
himself his how i if im in into is isn isnt it its itself ive just keep keeps let like ll me might
more most much my myself need needs no nor not now of off on once one only or other our ours
ourselves out over own please re really s same she shes should so some somebody someone something
somewhere such t than that thats the their theirs them themselves then there theres these they
theyre theyve this those through to too under until up us ve very want wants was wasn wasnt we
were weve what when where which while who whom whos why will with won wont would you your youre
yours yourself yourselves
"""
STOP_WORDS = frozenset(_COMMON.split())


def fold(text: str) -> str:
    """Return a text in small letters without accents."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in spread if not unicodedata.combining(c))


@lru_cache(maxsize=16)  # the index and the thesaurus ask for the same text
def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded: letters and digits, nothing else."""
    return tuple(_WORD.findall(fold(text)))


def stem(word: str) -> str:
    """Return what a folded word is known by: "walking" by "walk", "loneliness" like "lonely"."""
    return STEMS[word]


class Remembered(dict[str, str]):
    """What words become, each worked out at its first asking; a look-up is quicker than a call."""

    def __init__(self, become: Callable[[str], str]) -> None:
        super().__init__()
        self._become = become

    def __missing__(self, word: str) -> str:
        """Work out what a word becomes, and remember it with some thousands of others."""
        if len(self) >= REMEMBERED:
            self.clear()
        found = self[word] = self._become(word)
        return found


def cut(word: str) -> str:
    """Return what a folded word is known by, worked out anew: `stem` remembers."""
    word = word[:LONGEST]
    if word[-1:].isdigit():
        return word  # "Group 12", "group13.example": no ending to cut, and each would be a new word
    if word.endswith("liness"):
        word = f"{word[:-5]}y"
    return str(_CUTTER.cut(word)) or word


STEMS = Remembered(cut)
TELLING = Remembered(lambda word: "" if word in STOP_WORDS else STEMS[word])  # of stop words, ""
