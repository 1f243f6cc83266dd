"""From what somebody typed to words an index can be asked for. Pure.

Only letters and digits leave this module, so nothing typed is ever read as query syntax.
"""

import re
from functools import lru_cache

from asset_hub.core.stems import LONGEST, STOP_WORDS, fold, stem
from asset_hub.search.queries.question import Word

MOST_WORDS = 16
SHORTEST_PREFIX = STEM = 3
ENDINGS = ("s", "ing", "ed", "er", "ly", "ment", "ness", "tion", "ity", "able", "ful", "ive")
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=2048)
def words(text: str) -> tuple[str, ...]:
    """Return the words to look for, each once; the stop words only when there are no others."""
    found = _WORD.findall(fold(text[:2000]))
    all_words = tuple(dict.fromkeys(word[:LONGEST] for word in found))
    telling = tuple(word for word in all_words if word not in STOP_WORDS and _tells(word))
    wanted = telling or all_words
    return wanted[:MOST_WORDS]


def _tells(word: str) -> bool:
    return len(word) > 1 or not word.isascii() or word.isdigit()


def may_go_on(word: str) -> bool:
    """Return whether a last word may be the beginning of one: "gard", but not "singing".

    The index cuts endings off what it is asked for, so "singing" would begin "single", too.
    """
    whole = any(len(word.removesuffix(end)) >= STEM for end in ENDINGS if word.endswith(end))
    return len(word) >= SHORTEST_PREFIX and not whole


def known(wanted: tuple[str, ...]) -> tuple[Word, ...]:
    """Return words as the index knows them; the last may be the beginning of one."""
    stems = dict.fromkeys(stem(word) for word in wanted)
    found = [Word(each) for each in stems]
    if wanted and may_go_on(wanted[-1]):
        found.append(Word(wanted[-1], starts=True))
    return tuple(found)
