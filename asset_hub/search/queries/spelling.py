"""Words that were probably meant, from the words that listings use. Pure.

Two words are close when the same letters are left after taking a few away from each: that finds
a letter missing, added, wrong or swapped, without comparing every pair letter by letter.
"""

from collections.abc import Iterable
from itertools import combinations

SHORTEST = 4  # shorter words are too like too many others
FORGIVES_TWO = 7  # letters from which two slips are forgiven
TAIL = 3
MOST_MEANT = 3
_ENDINGS = (
    "ings", "ing", "ers", "er", "es", "ed", "s", "y", "ies", "ly", "al", "ements", "ement", "ments",
    "ment", "ness", "ations", "ation", "ions", "ion",
)  # fmt: skip


def meant(word: str, vocabulary: Iterable[tuple[str, int]]) -> list[str]:
    """Return the few words closest to one, the commonest first among the equally close.

    The vocabulary holds (word, how often); its words may be stems, so endings are tried off.
    """
    if len(word) < SHORTEST:
        return []
    slips = 2 if len(word) >= FORGIVES_TWO else 1
    forms = [word, *(word.removesuffix(end) for end in _ENDINGS if word.endswith(end))]
    forms = [form for form in forms if len(form) >= SHORTEST - 1]
    left = set().union(*(_less(form, slips) for form in forms))
    found = []
    for known, count in vocabulary:
        if len(known) >= SHORTEST and word.startswith(known) and len(word) - len(known) <= TAIL:
            found.append((1, -count, known))  # a stem, and an ending that went wrong
            continue
        if len(known) < SHORTEST - 1 or left.isdisjoint(_less(known, slips)):
            continue
        apart = min(_apart(form, known) for form in forms)
        if apart <= slips:
            found.append((apart, -count, known))
    return [known for _, _, known in sorted(found)[:MOST_MEANT]]


def _less(word: str, slips: int) -> set[str]:
    """Return the word with up to so many letters taken away, in every way."""
    kept = {word}
    for count in range(1, slips + 1):
        kept.update("".join(rest) for rest in combinations(word, len(word) - count))
    return kept


def _apart(one: str, other: str) -> int:
    """Return how many slips lie between two words: add, drop, change or swap neighbours."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before = before, row
        row = [i]
        for j, target in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != target))
            if older and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
