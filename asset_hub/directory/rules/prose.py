"""People's own words, made safe to show: paragraphs, line ends, links; all else escaped."""

import re
import unicodedata

from markupsafe import Markup, escape

_LINK = re.compile(r"https?://[^\s<>\"'\\^`{|}]+", re.IGNORECASE)
_AFTER = ".,;:!?)]}…’”"  # at the end of a link these belong to the sentence
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # signs that turn the direction of writing


def straight(text: str) -> str:
    """Return the text without signs that make letters read in another order than they stand."""
    return _TURNS.sub("", text)


def prose(text: str | None) -> Markup:
    """Return a text as paragraphs of safe HTML; its web addresses become links."""
    blocks = re.split(r"\n\s*\n", straight(text or "").strip())
    paragraph = Markup('<p class="govuk-body">{}</p>')
    return Markup("\n").join(paragraph.format(_lines(block)) for block in blocks if block)


def prose_line(text: str | None) -> Markup:
    """Return one line of safe HTML with its links."""
    return _linked(straight(text or ""))


def _lines(block: str) -> Markup:
    return Markup("<br>\n").join(_linked(line) for line in block.splitlines())


def _linked(line: str) -> Markup:
    link = Markup('<a class="govuk-link" href="{0}" rel="noopener nofollow">{0}</a>')
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(line):
        address = found[0].rstrip(_AFTER)
        parts += [escape(line[end : found.start()]), link.format(address)]
        end = found.start() + len(address)
    return Markup("").join([*parts, escape(line[end:])])


def fold(text: str) -> str:
    """Return a name as it is compared: small letters, no accents, no signs, no "the"."""
    letters = text.casefold()
    if not letters.isascii():
        plain = unicodedata.normalize("NFKD", letters)
        letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.findall(r"\w+", letters)
    return " ".join(word for word in words if word not in {"the", "a", "and"})
