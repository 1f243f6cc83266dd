"""Sheets row by row: cells become the object an Open Referral feed would hold, then a record."""

import csv
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any, TextIO

from asset_hub.directory.models import Kind, Visibility
from asset_hub.interop.reading import open_referral
from asset_hub.interop.reading.files import Unreadable
from asset_hub.interop.reading.json_pieces import Broken
from asset_hub.interop.reading.mapping import PARAGRAPHS, Mapping
from asset_hub.interop.reading.records import LIMITS, Record, Refused
from asset_hub.interop.reading.texts import clean

LONGEST_CELL = 1_000_000
MARKS = ",;\t|"
NO = {"no", "n", "false", "0"}  # "Parking: No" is worth as little as nothing


class Sheet:
    """A sheet: its header, then its rows, numbered as a spreadsheet does (1 is the first line).

    `rows` yields (number, cells), or (number, Broken) for one that cannot be read.
    """

    def __init__(self, rows: Iterator[tuple[int, Any]]) -> None:
        self.rows = rows
        first: Any = next(rows, (1, []))[1]
        if isinstance(first, Broken):
            raise Unreadable(f"The first row cannot be read: {first.reason}.")
        self.header: list[str] = []
        for title in map(clean.text, first):
            again = self.header.count(title) and f"{title} (column {len(self.header) + 1})"
            self.header.append(again or title)
        if not any(self.header):
            raise Unreadable("The first row has no column names.")

    def items(self) -> Iterator[tuple[int, Any]]:
        """Yield (row, {column: cell}), or (row, Broken) for one that cannot be read."""
        for row, cells in self.rows:
            if isinstance(cells, Broken):
                yield row, cells
            elif any(cells):  # an empty line is nothing
                yield row, self._row(cells)

    def _row(self, cells: list[str]) -> Any:
        beyond = [clean.shown(cell) for cell in cells[len(self.header) :] if clean.text(cell)]
        if beyond:
            return Broken(
                f"it has more cells than there are columns ({beyond[0]}): is a quote missing?"
            )
        return dict(zip(self.header, cells, strict=False))


def csv_rows(text: TextIO) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a CSV file, whichever mark is between its cells."""
    csv.field_size_limit(LONGEST_CELL)
    first = text.readline(LONGEST_CELL)
    text.seek(0)
    mark = max(MARKS, key=first.count)
    rows = csv.reader(text, delimiter=mark if mark in first else ",")
    for row in count(1):
        try:
            yield row, next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            said = str(problem)
            yield row, Broken(said if row == 1 else f"it cannot be read: {said}")


def record(row: int, cells: dict[str, str], mapping: Mapping, *, now: datetime) -> Record:
    """Return the record of one row; raise Refused when it has no name."""
    said = _Said(cells, mapping)
    found = open_referral.record(row, _item(said), now=now)
    for column in ("summary", "access", "how_to_join"):
        if words := clean.prose(said(column)):
            found.put(column, words)
    if kind := said("kind"):
        found.kind = _choice(Kind, kind, "kind")
    if visibility := said("visibility"):
        shown = _choice(Visibility, visibility, "visibility")
        for place in found.places:
            place.visibility = shown
    return found


class _Said:
    """What a row says about a field of ours."""

    def __init__(self, cells: dict[str, str], mapping: Mapping) -> None:
        self.cells, self.mapping = cells, mapping

    def __call__(self, name: str) -> str:
        """Return the words for a field, from its columns or its constant."""
        parts = self.mapping.columns.get(name)
        if parts is None:
            return self.mapping.constants.get(name, "")
        found = []
        for part in parts:
            cell = _marked(self.cells.get(part.column, ""))
            bare = clean.text(cell)
            if not bare or bare.casefold() in self.mapping.missing:
                continue
            if part.label and bare.casefold() in NO:
                continue
            found.append(f"{part.label}: {bare}" if part.label else cell)
        joint = "\n\n" if name in PARAGRAPHS else "; " if parts[0].label else ", "
        words = joint.join(dict.fromkeys(found))
        return words or self.mapping.constants.get(name, "")


def _marked(cell: str) -> str:
    """Return a cell without the mark that keeps a spreadsheet from working it out."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") else cell


def _item(said: _Said) -> dict[str, Any]:
    """Return a row as an Open Referral service."""
    name = said("name")
    given = said("id")
    key = given or " / ".join(
        filter(None, map(clean.text, (name, said("postcode"), said("address"))))
    )
    key = clean.text(key)[: LIMITS["source_id"]]
    runner = said("organization") or name
    location = {
        "name": said("place_name"),
        "latitude": said("latitude"),
        "longitude": said("longitude"),
        "address_1": said("address"),
        "city": said("town"),
        "postal_code": said("postcode"),
    }
    return {
        "id": key,
        "name": name,
        "description": said("description"),
        "url": said("url"),
        "email": said("email"),
        "phone": said("phone"),
        "status": said("status"),
        "fees": said("fees"),
        "eligibility": said("eligibility"),
        "minimum_age": said("minimum_age"),
        "maximum_age": said("maximum_age"),
        "assured_date": said("confirmed_on"),
        "languages": said("languages"),
        "organization": {"id": said("organization_id") or _runner_id(said, key), "name": runner},
        "service_at_locations": [{"location": location}],
        "schedules": [{"description": said("times")}],
        "attributes": [{"name": topic} for topic in _split(said("topics"))],
    }


def _runner_id(said: _Said, key: str) -> str:
    """Return an id for who runs it: one for each name given, else the row's own."""
    given = clean.text(said("organization"))
    return f"name: {given.casefold()}" if given else key


def _split(words: str) -> list[str]:
    return [word.strip() for word in words.replace("|", ";").split(";") if word.strip()]


def _choice(kind: Any, words: str, what: str) -> Any:
    try:
        return kind(clean.text(words).lower())
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise Refused(f"the {what} “{clean.shown(words)}” is none of: {known}") from None
