"""Whether two listings may be the same group."""

import re
from difflib import SequenceMatcher

from asset_hub.directory.rules.prose import fold

NEAR = 0.86  # of the letters, in order: "Ashby choir" and "Ashby choirs", not "Ashby chess"
DIGITS = 9  # of a phone number, from its end: with or without 0 and +44


def alike(one: str, other: str) -> bool:
    """Return whether two names are the same, or nearly."""
    left, right = fold(one), fold(other)
    if not left or not right:
        return False
    match = SequenceMatcher(None, left, right, autojunk=False)
    return left == right or (
        match.real_quick_ratio() >= NEAR and match.quick_ratio() >= NEAR and match.ratio() >= NEAR
    )


def same_phone(one: str, other: str) -> bool:
    """Return whether two phone numbers reach the same telephone."""
    left, right = (re.sub(r"\D", "", number)[-DIGITS:] for number in (one, other))
    return len(left) == DIGITS and left == right
