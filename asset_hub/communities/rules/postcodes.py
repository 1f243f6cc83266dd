"""Postcodes and names, in the form they are kept in."""

import re
import unicodedata

# STANDARDS.md §3: outward `A9A…`, inward `9AA` without C, I, K, M, O or V; GIR 0AA stands alone
OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?|GIR")
INWARD = re.compile(r"[0-9][ABD-HJLNP-UW-Z]{2}")


def normalise(text: str) -> str | None:
    """Return a full postcode as "OUT IN" from any spacing and case, or None when it is none.

    A letter O typed for the zero of the second half is put right.
    """
    squeezed = _squeeze(text)
    outward, inward = squeezed[:-3], squeezed[-3:]
    inward = inward.replace("O", "0", 1) if inward.startswith("O") else inward
    if not OUTWARD.fullmatch(outward) or not INWARD.fullmatch(inward):
        return None
    if outward == "GIR" and inward != "0AA":
        return None
    return f"{outward} {inward}"


def outcode_of(text: str) -> str | None:
    """Return the first half of a postcode, from the whole or from the half alone."""
    if whole := normalise(text):
        return whole.split()[0]
    squeezed = _squeeze(text)
    return squeezed if OUTWARD.fullmatch(squeezed) and squeezed != "GIR" else None


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text).upper()


# Letters whose stroke or tail is no accent that could be taken off.
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"}
)


def code_from(typed: str) -> str:
    """Return an ODS code as the NHS writes it, from any spacing and case."""
    return _squeeze(typed)


def slug_from(name: str) -> str:
    """Return a name as a part of an address: "St Mary’s, Łódź" is st-marys-lodz."""
    plain = (
        unicodedata.normalize("NFKD", name.casefold().translate(PLAIN))
        .encode("ascii", "ignore")
        .decode()
    )
    joined = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", ""))
    return joined[:60].strip("-") or "community"
