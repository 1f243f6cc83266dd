"""From what somebody typed to words an index can be asked for. Pure.

Only letters and digits leave this module, so nothing typed is ever read as query syntax.
"""

import re
import unicodedata
from functools import lru_cache

MOST_WORDS = 16
LONGEST = 40
SHORTEST_PREFIX = 3
_WORD = re.compile(r"[^\W_]+")

_COMMON = """
a about after all also am an and any anybody anyone anything are as at be been before being but by
can cant could couldn couldnt did didn didnt do does doesn doesnt doing don dont for from get gets
getting go goes going got had has hasn hasnt have haven havent having he her here hers hes him his
how if im in into is isn isnt it its ive just keep keeps let like ll me might more most much my
need needs no nor not of on once one or our out over own please re really she shes should so some
somebody someone something somewhere anywhere than that thats the their them then there theres
these they theyre theyve this those to too under until up us ve very want wants was wasn wasnt we
were weve what when where which who whos why will with won wont would you your youre
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
    return (telling or all_words)[:MOST_WORDS]


def _tells(word: str) -> bool:
    return len(word) > 1 or not word.isascii() or word.isdigit()


def fts5(wanted: tuple[str, ...]) -> str:
    """Return an FTS5 query for any of the words; the last may be the beginning of one."""
    parts = [f'"{word}"' for word in wanted]
    if len(wanted[-1]) >= SHORTEST_PREFIX:
        parts.append(f'"{wanted[-1]}" *')
    return " OR ".join(parts)


def tsquery(wanted: tuple[str, ...]) -> str:
    """Return the same for PostgreSQL's to_tsquery."""
    parts = [f"'{word}'" for word in wanted]
    if len(wanted[-1]) >= SHORTEST_PREFIX:
        parts.append(f"'{wanted[-1]}':*")
    return " | ".join(parts)
