"""Languages spoken: the common ones to choose from, others in words. Kept as one text."""

import re
from collections.abc import Iterable

LONGEST = 200  # letters; the column's limit
COMMON = (
    "English", "British Sign Language", "Arabic", "Bengali", "Cantonese", "Farsi", "French",
    "Gujarati", "Polish", "Portuguese", "Punjabi", "Romanian", "Somali", "Spanish", "Turkish",
    "Ukrainian", "Urdu",
)  # fmt: skip
OTHER_NAMES = {"bsl": "British Sign Language", "panjabi": "Punjabi", "persian": "Farsi"}
_KNOWN = {name.casefold(): name for name in COMMON} | OTHER_NAMES


def apart(languages: str) -> tuple[list[str], str]:
    """Return the common languages that a text names, in our order, and the rest of it in words.

    A text that is more than a list of languages ("Urdu on Fridays") stays whole.
    """
    names = [name.strip() for name in re.split(r"[,;]|\band\b", languages) if name.strip()]
    if any(len(name.split()) > 3 for name in names):
        return [], languages
    known = {_KNOWN[name.casefold()] for name in names if name.casefold() in _KNOWN}
    rest = [name for name in names if name.casefold() not in _KNOWN]
    return [name for name in COMMON if name in known], ", ".join(rest)


def together(spoken: Iterable[str], others: str) -> str:
    """Return the text that is kept and shown."""
    chosen = set(spoken)
    return ", ".join(filter(None, [*(name for name in COMMON if name in chosen), others.strip()]))
