"""Words that were probably meant, from the words that listings use. Pure.

A slip is a letter missing, added, wrong, or swapped with its neighbour. What has more of them is
known by its pairs of letters; what was written in one is taken apart.
"""

from collections.abc import Callable, Iterable

SHORTEST = 4  # shorter words are too like too many others
FORGIVES_TWO = 7  # letters from which two slips are forgiven
TAIL = 3
MOST_MEANT = 3
ALIKE = 0.55  # share of the pairs of letters that a word must have in common with what was meant
LONGEST_PART = 14
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
    forms = list(dict.fromkeys(form for form in forms if len(form) >= SHORTEST - 1))
    marks = [(form, _letters(form)) for form in forms]
    found = []
    for known, count in vocabulary:
        if len(known) >= SHORTEST and word.startswith(known) and len(word) - len(known) <= TAIL:
            found.append((1, -count, known))  # a stem, and an ending that went wrong
            continue
        if len(known) < SHORTEST - 1:
            continue
        letters = _letters(known)
        near = [
            form
            for form, mark in marks
            if abs(len(form) - len(known)) <= slips and (mark ^ letters).bit_count() <= 2 * slips
        ]
        apart = min((_apart(form, known) for form in near), default=slips + 1)
        if apart <= slips:
            found.append((apart, -count, known))
    return [known for _, _, known in sorted(found)[:MOST_MEANT]]


def resembling(word: str, vocabulary: Iterable[tuple[str, int]]) -> list[str]:
    """Return the few words that share most pairs of letters with one."""
    pairs = _pairs(word)
    found = []
    for known, count in vocabulary:
        if len(known) >= SHORTEST and 2 * min(len(known), len(word)) > max(len(known), len(word)):
            theirs = _pairs(known)
            shared = 2 * len(pairs & theirs) / (len(pairs) + len(theirs))
            if shared >= ALIKE:
                found.append((-shared, -count, known))
    return [known for _, _, known in sorted(found)[:MOST_MEANT]]


def parts(word: str, is_known: Callable[[str], bool]) -> list[str]:
    """Return the fewest known words that a word is written of in one, or none."""
    best: list[list[str] | None] = [[], *([None] * len(word))]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - LONGEST_PART), end - 1):
            before, piece = best[start], word[start:end]
            shorter = best[end]
            if before is None or (shorter is not None and len(shorter) <= len(before) + 1):
                continue
            if is_known(piece):
                best[end] = [*before, piece]
    found = best[-1] or []
    return found if len(found) > 1 else []


def _letters(word: str) -> int:
    """Return which letters a word has, as bits."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) & 63)
    return found


def _pairs(word: str) -> set[str]:
    framed = f"^{word}$"
    return {framed[place : place + 2] for place in range(len(framed) - 1)}


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
