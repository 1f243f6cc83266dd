"""From what somebody typed to words an index can be asked for. Pure.

Only letters and digits leave this module, so nothing typed is ever read as query syntax.
"""

import re
import unicodedata
from functools import lru_cache

MOST_WORDS = 16
LONGEST = 40
SHORTEST_PREFIX = STEM = 3
ENDINGS = ("s", "ing", "ed", "er", "ly", "ment", "ness", "tion", "ity", "able", "ful", "ive")
_WORD = re.compile(r"[^\W_]+")

# every stop word of PostgreSQL's English, so that both databases drop the same, and some more
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
    spread = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in spread if not unicodedata.combining(c))


@lru_cache(maxsize=2048)
def words(text: str) -> tuple[str, ...]:
    """Return the words to look for, each once; the stop words only when there are no others."""
    found = _WORD.findall(fold(text[:2000]))
    all_words = tuple(dict.fromkeys(word[:LONGEST] for word in found))
    telling = tuple(word for word in all_words if word not in STOP_WORDS and _tells(word))
    wanted = telling or all_words
    return tuple(dict.fromkeys(each for word in wanted for each in (*_kin(word), word)))[
        :MOST_WORDS
    ]


def _kin(word: str) -> tuple[str, ...]:
    """Return what belongs to a word but has another stem: lonely and loneliness."""
    if word.endswith("liness"):
        return (f"{word[:-5]}y",)
    return (f"{word[:-1]}iness",) if word.endswith("ly") and len(word) > STEM + 2 else ()


def language(wanted: tuple[str, ...]) -> str:
    """Return the PostgreSQL configuration to ask in: "simple" for stop words alone."""
    return "simple" if wanted[0] in STOP_WORDS else "english"


def _tells(word: str) -> bool:
    return len(word) > 1 or not word.isascii() or word.isdigit()


def may_go_on(word: str) -> bool:
    """Return whether a last word may be the beginning of one: "gard", but not "singing".

    The index cuts endings off what it is asked for, so "singing" would begin "single", too.
    """
    whole = any(len(word.removesuffix(end)) >= STEM for end in ENDINGS if word.endswith(end))
    return len(word) >= SHORTEST_PREFIX and not whole


def fts5(wanted: tuple[str, ...]) -> str:
    """Return an FTS5 query for any of the words; the last may be the beginning of one."""
    parts = [f'"{word}"' for word in wanted]
    if may_go_on(wanted[-1]):
        parts.append(f'"{wanted[-1]}" *')
    return " OR ".join(parts)


def tsquery(wanted: tuple[str, ...]) -> str:
    """Return the same for PostgreSQL's to_tsquery."""
    parts = [f"'{word}'" for word in wanted]
    if may_go_on(wanted[-1]):
        parts.append(f"'{wanted[-1]}':*")
    return " | ".join(parts)
