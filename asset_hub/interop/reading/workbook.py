"""A spreadsheet (.xlsx) row by row, looked over before it is opened: it may have come from anybody.

An .xlsx is a zip of XML. Before openpyxl sees it, its entries are counted and added up, and each
is looked through: see `parts`.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from asset_hub.interop.reading import workbook_parts
from asset_hub.interop.reading.files import MOST_ROWS, Unreadable
from asset_hub.interop.reading.texts import clean
from asset_hub.interop.reading.workbook_parts import BROKEN, FIRST_ROWS

MOST_ENTRIES = 1_000
MOST_BYTES = 400_000_000  # all entries, unpacked
MOST_RATIO = 150  # unpacked against packed; sheets of real life stay under 50
SMALL = 5_000_000  # below this a ratio tells nothing
MOST_COLUMNS = 200

NO_SHEET = "The file is a zip, but not a spreadsheet: unpack it first, or save it as CSV."


def rows_of(binary: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells as text) of the first sheet; raise Unreadable with what to do."""
    _look_over(binary)
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    binary.seek(0)
    try:
        book = load_workbook(binary, read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise Unreadable("The spreadsheet has no sheet that can be seen.")
        yield from _rows(sheets[0])
    except Unreadable:
        raise
    except Exception as problem:  # openpyxl raises whatever a damaged file makes it fall over
        raise Unreadable(BROKEN) from problem


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    for number, cells in enumerate(rows, 1):
        if number > MOST_ROWS + FIRST_ROWS:
            raise Unreadable(too_many(MOST_ROWS))
        said = any(cell is not None for cell in cells)
        yield number, [_said(cell) for cell in cells] if said else []


def too_many(most: int) -> str:
    """Return what to do with a file that has too many rows."""
    return (
        f"The file has more than {most:,} rows. Split it, and import the parts under the same name."
    )


def header_first(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Leave out what stands above the header: a title, a line about the file."""
    above: list[tuple[int, list[str]]] = []
    for row in rows:
        if sum(map(bool, row[1])) > 1:
            yield row
            break
        above.append(row)
        if len(above) >= FIRST_ROWS:
            break
    else:
        yield from (row for row in above if any(row[1]))  # a sheet of one column
    yield from rows


def _said(cell: Any) -> str:
    """Return a cell as a person would read it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        whole = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if whole else cell.isoformat(timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return clean.lines(cell)


def _look_over(binary: BinaryIO) -> None:
    try:
        with ZipFile(binary) as archive:
            entries = archive.infolist()
            _must_be_modest(entries)
            if not any(entry.filename == "xl/workbook.xml" for entry in entries):
                raise Unreadable(NO_SHEET)
            workbook_parts.look_through(archive)
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as problem:
        raise Unreadable(BROKEN) from problem


def _must_be_modest(entries: Sequence[ZipInfo]) -> None:
    """Raise Unreadable for a zip that unpacks into more than anybody writes.

    zipfile never unpacks more of an entry than the size it names, so those sizes may be believed.
    """
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    swollen = unpacked > SMALL and unpacked / packed > MOST_RATIO
    if len(entries) > MOST_ENTRIES or unpacked > MOST_BYTES or swollen:
        raise Unreadable(
            f"The spreadsheet unpacks to {unpacked / 1e6:,.0f} MB, more than a sheet of "
            f"{MOST_ROWS:,} rows needs. Save only the sheet with the groups, or save it as CSV."
        )
