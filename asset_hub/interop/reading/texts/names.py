"""Names that a register keeps in capitals, made readable. Names in mixed case are left alone."""

import re


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


SMALL = _words("a an and are as at by de du for from in into la le of on or our the to with y")
KEPT = _words(
    "AA AFC ADHD AGSB BAME BBC BME CAB CBS CE CIC CIO CND CTC CVS DVD ESOL FC GM GP HIV ICW IT "
    "LGBT LGBTQ LGBTQ+ ME MS NCT NHS NSPCC PDSA PE PTA PTFA RAF RBL RC RFC RNIB RNID RNLI RSPB "
    "RSPCA RVS SEND SEN TA TV UK URC USA VIP WI WRVS YMCA YWCA U3A II III IV VI VII VIII IX"
)
WORDS = {"LTD": "Ltd", "ST": "St", "STS": "Sts", "DR": "Dr", "MR": "Mr", "MRS": "Mrs", "NR": "Nr"}

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*[+]?")
_ORDINAL = re.compile(r"[0-9]+(ST|ND|RD|TH|S)?")
_VOWELS = frozenset("AEIOUYÀÁÂÄÅÆÈÉÊËÌÍÎÏÒÓÔÖØÙÚÛÜÝ")


def readable(name: str) -> str:
    """Return "ST MARY'S PTA, SALE" as "St Mary's PTA, Sale"; anything not all capitals as it is."""
    if name != name.upper():
        return name
    letters = [letter for letter in name if letter.isalpha()]
    shouted = len(letters) > 4 and any(c != c.lower() for c in letters)
    if not shouted or not (" " in name or len(letters) > 6):
        return name
    spelled = "".join(word[0] for word in name.split() if word.lower() not in SMALL)
    return _WORD.sub(lambda found: _word(found, name, spelled), name)


def _starts(name: str, at: int) -> bool:
    """Return whether a word begins the name or a part of it: small words are large there."""
    before = name[:at].rstrip(" \"'“‘")
    return not before or before[-1] in "(:;.!?/–—" or before.endswith(" -")


def _word(found: re.Match[str], name: str, spelled: str) -> str:
    word, first = found[0], _starts(name, found.start())
    if word in KEPT or (len(word) > 2 and word in spelled):
        return word  # known letters, or those that the rest of the name spells out
    if word in WORDS:
        return WORDS[word]
    if _ORDINAL.fullmatch(word):
        return word.lower()
    if word.lower() in SMALL:
        return word.capitalize() if first else word.lower()
    if any(letter.isdigit() for letter in word) or not _VOWELS & set(word):
        return word  # GM4WOMEN2028, CBT: nobody says these as words
    return _capital(word)


def _capital(word: str) -> str:
    """Return a word with its first letter large; so is the one after O' and D'."""
    irish = re.fullmatch(r"([OD])(['’])([^\W_]{2,}.*)", word)
    if irish:
        return f"{irish[1]}{irish[2]}{irish[3].capitalize()}"
    return word[:1] + word[1:].lower()
