"""From a file to records: which format, which columns, one piece after another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from asset_hub.interop.models import LONGEST_SOURCE
from asset_hub.interop.reading import homes, json_pieces, open_referral, sheets, workbook
from asset_hub.interop.reading.files import Opened, Unreadable, format_of
from asset_hub.interop.reading.json_pieces import Broken
from asset_hub.interop.reading.mapping import Mapping, guess
from asset_hub.interop.reading.records import Record, Refused
from asset_hub.interop.reading.sheets import Sheet
from asset_hub.interop.reading.topic_words import TopicWords

Piece = tuple[int, Any]
Read = tuple[int, Record | str]  # a record, or why there is none
# asks the site what it knows (see `batch.asking`): the kind of question, keys → by key
Ask = Callable[[str, Sequence[Any]], dict[Any, Any]]
Ahead = Callable[[Sequence[Read], Ask], Sequence[Read]]  # works on what was read (`batch.ahead`)
SHEETS = {"sheet", "book"}
NO_TOPICS = TopicWords()


@dataclass(frozen=True, slots=True)
class How:
    """How the pieces of a file become records; it can be sent to another process."""

    mapping: Mapping | None  # of a sheet; a feed says itself what is what
    now: datetime
    topics: TopicWords = NO_TOPICS

    def read(self, piece: Piece) -> Read:
        """Return a piece's row with its record, or with the reason why there is none."""
        row, item = piece
        if isinstance(item, Broken):
            return row, item.reason
        try:
            if self.mapping is None:
                found = open_referral.record(row, item, now=self.now)
            else:
                found = sheets.record(row, item, self.mapping, now=self.now)
        except Refused as refused:
            return row, str(refused)
        except RecursionError:
            return row, json_pieces.TOO_DEEP
        found.topic_numbers = self.topics.match(found.topics)
        homes.keep_hidden(found, [self.topics.slugs[number] for number in found.topic_numbers])
        return row, found


@dataclass(frozen=True)
class Plan:
    """What is to be imported, and how: worked out before anything is read."""

    opened: Opened
    source: str
    pieces: Iterator[Piece]
    how: How
    mapping: Mapping | None = None  # of a sheet
    guessed: bool = False
    header: tuple[str, ...] = ()

    def knowing(self, topics: TopicWords) -> "Plan":
        """Return the plan with the words for our topics."""
        return replace(self, how=replace(self.how, topics=topics))

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the columns nothing is taken from."""
        if self.mapping is None:
            return ()
        used = {part.column for parts in self.mapping.columns.values() for part in parts}
        return tuple(title for title in self.header if title and title not in used)


def plan(opened: Opened, *, source: str, mapping: Mapping | None, now: datetime) -> Plan:
    """Decide how to read a file; raise Unreadable with what to do. The file is closed then."""
    todo = guess_plan(opened, source=source, mapping=mapping, now=now)
    try:
        if todo.mapping:
            todo.mapping.check(todo.header)
    except BaseException:
        opened.close()
        raise
    return todo


def guess_plan(opened: Opened, *, source: str, mapping: Mapping | None, now: datetime) -> Plan:
    """Return the plan of a file even where its mapping does not fit it."""
    try:
        kind = format_of(opened)
        if kind in SHEETS:
            return _of_sheet(opened, source, mapping, now)
        if mapping:
            raise Unreadable(
                "A mapping is for CSV and spreadsheets; this file is a feed and needs none."
            )
        pieces = (json_pieces.lines if kind == "lines" else json_pieces.items)(opened.text)
        return Plan(opened, named(source, opened.name), enumerate(pieces, 1), How(None, now))
    except BaseException:
        opened.close()
        raise


def sheet_of(opened: Opened) -> Sheet:
    """Return the sheet in a file that holds one."""
    if opened.zipped:
        return Sheet(workbook.header_first(workbook.rows_of(opened.binary)))
    return Sheet(sheets.csv_rows(opened.text))


def _of_sheet(opened: Opened, source: str, given: Mapping | None, now: datetime) -> Plan:
    sheet = sheet_of(opened)
    chosen = given or guess(sheet.header)
    name = named(source or chosen.source, opened.name)
    how, header = How(chosen, now), tuple(sheet.header)
    return Plan(opened, name, sheet.items(), how, chosen, given is None, header)


def named(given: str, file: str) -> str:
    """Return the name under which services are remembered from one import to the next."""
    return (" ".join(given.split()) or Path(file).stem)[:LONGEST_SOURCE]
