"""Opening a file somebody was sent: how large, which letters, which format."""

import codecs
import io
import re
from pathlib import Path, PurePath
from typing import BinaryIO, TextIO

MOST_MEGABYTES = 200
MOST_ROWS = 200_000  # of a spreadsheet, and of anything that comes through a page or an address
CHUNK = 1 << 18
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SHEETS = {".csv", ".tsv", ".txt"}
LINES = {".ndjson", ".jsonl"}
_FEED = re.compile(r'\{\s*"|\[\s*\{\s*"')  # a feed, whatever its name ends in
ZIP = b"PK\x03\x04"
NOT_TEXT = {
    b"\xd0\xcf\x11\xe0": "an old spreadsheet: save it as .xlsx or as CSV first",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "compressed: unpack it first",
}


class Unreadable(Exception):
    """The file as a whole cannot be imported; the message says why and what to do."""


class Opened:
    """A file as text, read once from start to end. `note` says what was odd about it.

    A spreadsheet (`zipped`) has no text; `sheets.open_workbook` reads it from `binary`.
    """

    def __init__(self, binary: BinaryIO, name: str, size: int) -> None:
        self.binary, self.name, self.size = binary, name, size
        self.zipped, self.encoding, self.note = False, "", ""
        try:
            self._look()
        except BaseException:
            binary.close()
            raise

    @classmethod
    def at(cls, path: Path) -> "Opened":
        """Open a file of the machine's own."""
        size = _size(path)
        return cls(path.open("rb"), path.name, size)

    def _look(self) -> None:
        must_fit(self.size)
        start = self.binary.read(512)
        for sign, what in NOT_TEXT.items():
            if start.startswith(sign):
                raise Unreadable(f"The file is {what}.")
        self.zipped = start.startswith(ZIP)
        self.binary.seek(0)
        if self.zipped:
            return
        self.encoding, self.note = _encoding(self.binary, start)
        self.binary.seek(0)
        self.text: TextIO = io.TextIOWrapper(
            self.binary, encoding=self.encoding, errors="replace", newline=""
        )

    @property
    def suffix(self) -> str:
        """Return how the file's name ends, in small letters: ".csv"."""
        return PurePath(self.name).suffix.lower()

    @property
    def done(self) -> int:
        """Return how many bytes have been read so far."""
        try:
            return self.binary.tell()
        except ValueError:  # closed
            return self.size

    def close(self) -> None:
        """Close the file."""
        (self.binary if self.zipped else self.text).close()


def _size(path: Path) -> int:
    try:
        size = path.stat().st_size
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    if not path.is_file():
        raise Unreadable("This is not a file.")
    return size


def must_fit(size: int) -> None:
    """Raise Unreadable for a file with nothing in it, or too much."""
    if size == 0:
        raise Unreadable("The file is empty.")
    if size > MOST_MEGABYTES * 1_000_000:
        raise Unreadable(
            f"The file has {size / 1e6:,.0f} MB; at most {MOST_MEGABYTES} MB are imported at a "
            "time. Split it, and import the parts under the same name."
        )


def _encoding(binary: BinaryIO, start: bytes) -> tuple[str, str]:
    for mark, name in MARKS:
        if start.startswith(mark):
            return name, ""
    decoder = codecs.getincrementaldecoder("utf-8")()
    binary.seek(0)
    try:
        while chunk := binary.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        return "cp1252", (
            "The file is not UTF-8 "
            f"(byte {problem.object[problem.start]:#04x}); it was read as Windows-1252."
        )
    return "utf-8", ""


def format_of(opened: Opened) -> str:
    """Return "book" (a spreadsheet), "sheet" (CSV), "lines" (a JSON object a line) or "json".

    What is in the file decides; its name only where that leaves a doubt.
    """
    if opened.zipped:
        return "book"
    first = opened.text.read(2048).lstrip("\ufeff \t\r\n")
    opened.text.seek(0)
    if first.startswith("<"):
        raise Unreadable("The file is a web page or XML, not a feed. Was there an error page?")
    if opened.suffix in LINES:
        return "lines"
    if _FEED.match(first) or (first[:1] in ("[", "{") and opened.suffix not in SHEETS):
        return "json"
    return "sheet"
