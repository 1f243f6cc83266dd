"""HTML from a feed, made into safe plain text: paragraphs, list items and links are kept.

The result is text, not markup: it holds no tag, and templates escape it like any other text.
"""

import html
import re
import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

LONGEST = 100_000  # characters of markup read; more is not a description
ROUNDS = 3  # feeds escape their markup once or twice too often


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


BLOCKS = _words(
    "address article aside blockquote center details dialog div dl fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr main menu nav ol p pre section summary table ul"
)
LINES = _words("br caption dd dt legend option tr")
DROPPED = _words("script style")
RAW = _words("script style textarea title iframe noembed noframes noscript xmp plaintext")

_ENTITY = re.compile(r"&(#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.I)
_TAG = re.compile(r"</?[a-z!][^<>]*>", re.I)
_BREAKS = re.compile(rf"</?({'|'.join(sorted(BLOCKS | LINES | {'li'}))})\b", re.I)
_SIMPLE = re.compile(r"""<(/?)([a-z][a-z0-9]*)((?:[^<>"']|"[^"<>]*"|'[^'<>]*')*)>""", re.I)
_ATTRIBUTE = re.compile(r"""([a-z][a-z0-9-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.I)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f]+")
_DRESS = re.compile(r"^(https?://)?(www\.)?|/$")
_SPACES = re.compile(r"  +")
_ALMOST_TAG = re.compile(r"<(?=[a-z/!?])", re.I)
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\uffff]"
    # Joiners belong between letters of scripts that use them, and inside emoji; nowhere else.
    "|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_MANY_LINES = re.compile(r"\n{3,}")


def html_to_text(markup: str) -> str:
    """Return what a reader would see: paragraphs apart, "- " before items, links as "words (URL)".

    Scripts and styles are dropped, images give their alternative text, links that are not http,
    https or mailto keep their words only. Text that holds no markup comes back cleaned.
    """
    text = markup[:LONGEST]
    for _ in range(ROUNDS):
        if not _TAG.search(text) and not _ENTITY.search(text):
            break
        text = _once(text)
    found = plain(text)
    return _ALMOST_TAG.sub("< ", found) if "<" in found else found


def plain(text: str) -> str:
    """Return text of one or more lines: usual spaces, NFC, nothing invisible, no outer space."""
    if is_plain(text):
        return single_spaced(text)
    if not text.isascii() or "\r" in text or "\x0b" in text or "\x0c" in text:
        text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    lines = "\n".join([_tidy(line) for line in text.split("\n")])
    return (_MANY_LINES.sub("\n\n", lines) if "\n\n\n" in lines else lines).strip()


def is_plain(text: str) -> bool:
    """Return whether a text needs nothing but its spaces put right: the quick way for most."""
    return text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text))


def single_spaced(text: str) -> str:
    """Return printable text with single spaces: its only kind of space is the usual one."""
    return " ".join(text.split()) if "  " in text else text.strip(" ")


def _tidy(line: str) -> str:
    if line.isprintable() or (line := line.replace("\u00a0", " ")).isprintable():
        return single_spaced(line)
    return " ".join(_UNWANTED.sub("", line).split())


def _once(text: str) -> str:
    if not _TAG.search(text):
        return _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    said = _Said(keep_lines=not _BREAKS.search(text))
    pieces = _SIMPLE.split(text)
    if _is_simple(pieces):
        _read_simple(pieces, said)
    else:
        reader = _Reader(said)
        reader.feed(text)
        reader.close()
    return said.text()


def _is_simple(pieces: list[str]) -> bool:
    """Return whether markup is so orderly that it need not go through the parser."""
    return not any("<" in data for data in pieces[::4]) and RAW.isdisjoint(
        tag.lower() for tag in pieces[2::4]
    )


def _read_simple(pieces: list[str], said: "_Said") -> None:
    """Read [data, "/" or "", tag, attributes, data, …]: four times as fast as the parser."""
    said.data(html.unescape(pieces[0]))
    for at in range(1, len(pieces), 4):
        closing, tag, rest, data = pieces[at : at + 4]
        if closing:
            said.end(tag.lower())
        else:
            said.start(tag.lower(), _attributes(rest) if rest else {})
        if data:
            said.data(html.unescape(data) if "&" in data else data)


def _attributes(rest: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(rest):
        bare = value[1:-1] if value[:1] in ("'", '"') else value
        found.setdefault(name.lower(), html.unescape(bare))
    return found


def _address(href: str) -> str:
    """Return where a link goes, or "" when nobody should follow it."""
    address = _INVISIBLE.sub("", href)
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme in {"http", "https"} and parts.netloc:
        return address
    return parts.path if parts.scheme == "mailto" and "@" in parts.path else ""


class _Reader(HTMLParser):
    """The parser for markup that is not orderly; what it finds goes to the same place."""

    def __init__(self, said: "_Said") -> None:
        super().__init__(convert_charrefs=True)
        self.said = said

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said.start(tag, {name: value or "" for name, value in reversed(attrs)})

    def handle_endtag(self, tag: str) -> None:
        self.said.end(tag)

    def handle_data(self, data: str) -> None:
        self.said.data(data)

    def unknown_decl(self, data: str) -> None:
        """Leave out <![CDATA[…]]> marks but keep their words."""
        self.said.data(data.removeprefix("CDATA["))


class _Said:
    """Collects words; breaks are held back until the next word, so that none is doubled."""

    def __init__(self, *, keep_lines: bool) -> None:
        self.keep_lines = keep_lines
        self.parts: list[str] = []
        self.gap = 0
        self.bullet = ""
        self.dropping = ""
        self.link: tuple[str, int] | None = None

    def text(self) -> str:
        """Return everything read."""
        self._end_link()
        return "".join(self.parts)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an opening tag."""
        if tag in DROPPED:
            self.dropping = tag
        elif tag == "li":
            self.bullet = ""
            self._break(1)
            self.bullet = "- "
        elif tag == "a":
            self._end_link()
            self.link = (_address(attributes.get("href", "")), len(self.parts))
        elif tag == "img":
            self.data(f" {attributes.get('alt', '')} ")
        else:
            self._part(tag)

    def end(self, tag: str) -> None:
        """Take a closing tag."""
        if tag == self.dropping:
            self.dropping = ""
        elif tag == "a":
            self._end_link()
        elif tag == "li":
            self.bullet = ""
            self.gap = min(self.gap, 1) if self.parts else 0
            self._break(1)
        elif tag != "br":
            self._part(tag)

    def data(self, data: str) -> None:
        """Take words between tags."""
        if self.dropping:
            return
        words = data if self.keep_lines else _on_one_line(data)
        starting = bool(self.gap or self.bullet or not self.parts)
        if starting and not words.strip():
            return
        if self.gap and self.parts:
            self.parts.append("\n" * self.gap)
        self.parts.append(self.bullet + (words.lstrip(" ") if starting else words))
        self.gap, self.bullet = 0, ""

    def _part(self, tag: str) -> None:
        if tag in BLOCKS:
            self._break(2)
        elif tag in LINES:
            self._break(min(self.gap + 1, 2) if tag == "br" else 1)
        elif tag in {"td", "th"} and not self.gap:
            self.data(" ")

    def _break(self, lines: int) -> None:
        if not self.bullet:  # "- " waits for its words, whatever wraps them
            self.gap = max(self.gap, lines)

    def _end_link(self) -> None:
        if self.link is None:
            return
        (address, start), self.link = self.link, None
        words = "".join(self.parts[start:])
        if address and _bare(address) not in _bare(words):
            spaced = f" ({address})" if words.strip() else address
            gap, self.gap = self.gap, 0
            self.data(spaced)
            self.gap = gap


def _on_one_line(data: str) -> str:
    if not data.isprintable():
        for mark in "\n\t\r\f":
            data = data.replace(mark, " ")
    return _SPACES.sub(" ", data) if "  " in data else data


def _bare(address: str) -> str:
    return _DRESS.sub("", address.strip().lower())
