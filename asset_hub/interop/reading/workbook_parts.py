"""The parts of a spreadsheet, each looked through before openpyxl builds anything of it.

openpyxl goes by what `[Content_Types].xml` says a part is, and not by its name: so do we. Each XML
is read as a stream and its elements are counted, so that no table, row or cell is built that would
fill the memory or hold up the worker. A DOCTYPE, by which XML grows without end, is never read.
"""

from typing import IO, Any
from xml.parsers import expat
from zipfile import ZipFile

from asset_hub.interop.reading.files import MOST_ROWS, Unreadable

TYPES = "[Content_Types].xml"
MOST_TYPES = 1_000_000  # bytes
MOST_WORDS = 100_000_000  # the table of texts, which is read whole
MOST_AT_ONCE = 2_000_000  # elements read together: all of the texts, all of one row
MOST_CELLS = 12_000_000
WIDEST_ROW = 16_384
FIRST_ROWS = 20  # the header is looked for here
PIECE = 1 << 18
XML = (".xml", ".rels", ".vml")

BROKEN = "The spreadsheet is damaged or locked with a password: save it again, or as CSV."
STRANGE = "The spreadsheet holds XML that no spreadsheet has: it is not read."
ODD = "The spreadsheet is put together in a way that no office program does: save it as CSV."
TOO_MUCH = (
    "The spreadsheet holds more cells or texts than a sheet of 200,000 rows needs. Save only the"
    " sheet with the groups, or save it as CSV."
)
TOO_LONG = (
    f"A sheet of the spreadsheet has more than {MOST_ROWS:,} rows. Save only the sheet with the"
    " groups, or split it and import the parts under the same name."
)


def look_through(archive: ZipFile) -> None:
    """Raise Unreadable for a spreadsheet with a part that is not to be built."""
    texts = _texts(archive)
    for entry in archive.infolist():
        is_texts = entry.filename == texts or entry.filename.endswith("sharedStrings.xml")
        if is_texts and entry.file_size > MOST_WORDS:
            raise Unreadable(TOO_MUCH)
        with archive.open(entry) as part:
            _Count(whole=is_texts).read(part, must=entry.filename.endswith(XML))


def _texts(archive: ZipFile) -> str:
    """Return the part that openpyxl takes for the table of texts; "" when there is none."""
    entries = [one for one in archive.infolist() if one.filename == TYPES]
    if len(entries) != 1 or entries[0].file_size > MOST_TYPES:
        raise Unreadable(ODD)
    named: list[tuple[str, str]] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(name: str, said: dict[str, str]) -> None:
        if name.endswith("Override"):
            named.append((said.get("PartName", ""), said.get("ContentType", "").casefold()))

    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(archive.read(entries[0]), True)
    except expat.ExpatError as problem:
        raise Unreadable(BROKEN) from problem
    if any(kind.endswith("+xml") and not name.endswith(XML) for name, kind in named):
        raise Unreadable(ODD)
    found = [name for name, kind in named if "sharedstrings" in kind]
    if len(found) > 1 or not all(name.startswith("/") for name in found):
        raise Unreadable(ODD)
    return found[0][1:] if found else ""


def _refuse(*_: Any) -> None:
    raise Unreadable(STRANGE)


class _Count:
    """How much of an XML would be in memory at once."""

    def __init__(self, *, whole: bool) -> None:
        self.whole = whole  # it is read whole: no row begins anew
        self.at_once = self.in_row = self.cells = self.rows = 0

    def read(self, part: IO[bytes], *, must: bool) -> None:
        """Read a part; one that must not be XML (a picture) may be anything but a DOCTYPE."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._begin
        parser.StartDoctypeDeclHandler = _refuse
        try:
            while piece := part.read(PIECE):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as problem:
            if must:
                raise Unreadable(BROKEN) from problem

    def _begin(self, name: str, _: Any) -> None:
        self.at_once += 1
        bare = name.rpartition(":")[2]
        if bare == "row" and not self.whole:
            self.at_once = self.in_row = 0
        elif bare == "c":
            self.cells += 1
            self.in_row += 1
            self.rows += self.in_row == 1
            if self.rows > MOST_ROWS + FIRST_ROWS:
                raise Unreadable(TOO_LONG)
        if self.at_once > MOST_AT_ONCE or self.cells > MOST_CELLS or self.in_row > WIDEST_ROW:
            raise Unreadable(TOO_MUCH)
