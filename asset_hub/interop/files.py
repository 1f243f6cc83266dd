"""Opening a file somebody was sent: how large, which letters, which format."""

import codecs
import io
from pathlib import Path
from typing import BinaryIO, TextIO

MOST_MEGABYTES = 200
CHUNK = 1 << 18
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SHEETS = {".csv", ".tsv", ".txt"}
LINES = {".ndjson", ".jsonl"}
NOT_TEXT = {
    b"PK\x03\x04": "a spreadsheet or a zip: save it as CSV first",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet: save it as CSV first",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "compressed: unpack it first",
}


class Unreadable(Exception):
    """The file as a whole cannot be imported; the message says why and what to do."""


class Opened:
    """A file as text, read once from start to end. `note` says what was odd about it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = _size(path)
        self.binary: BinaryIO = path.open("rb")
        start = self.binary.read(512)
        for sign, what in NOT_TEXT.items():
            if start.startswith(sign):
                self.binary.close()
                raise Unreadable(f"The file is {what}.")
        self.encoding, self.note = _encoding(self.binary, start)
        self.binary.seek(0)
        self.text: TextIO = io.TextIOWrapper(
            self.binary, encoding=self.encoding, errors="replace", newline=""
        )

    @property
    def done(self) -> int:
        """Return how many bytes have been read so far."""
        try:
            return self.binary.tell()
        except ValueError:  # closed
            return self.size

    def close(self) -> None:
        """Close the file."""
        self.text.close()


def _size(path: Path) -> int:
    try:
        size = path.stat().st_size
    except OSError as problem:
        raise Unreadable(f"The file cannot be opened: {problem.strerror}.") from None
    if not path.is_file():
        raise Unreadable("This is not a file.")
    if size == 0:
        raise Unreadable("The file is empty.")
    if size > MOST_MEGABYTES * 1_000_000:
        raise Unreadable(
            f"The file has {size / 1e6:,.0f} MB; at most {MOST_MEGABYTES} MB are imported at a "
            "time. Split it, and import the parts under the same --source."
        )
    return size


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
    """Return "sheet", "lines" (one JSON object a line) or "json"."""
    suffix = opened.path.suffix.lower()
    first = opened.text.read(2048).lstrip("\ufeff \t\r\n")
    opened.text.seek(0)
    if first.startswith("<"):
        raise Unreadable("The file is a web page or XML, not a feed. Was there an error page?")
    if suffix in LINES:
        return "lines"
    if first[:1] in ("[", "{") and suffix not in SHEETS:
        return "json"
    return "sheet"
