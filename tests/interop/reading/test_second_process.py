"""Rows cleaned in a second process are the same rows."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from asset_hub.interop.reading import second_process
from asset_hub.interop.reading.json_pieces import Broken
from asset_hub.interop.reading.plan import How, Piece
from asset_hub.interop.reading.records import Record, source_digest
from asset_hub.interop.reading.travelling import pack, unpack
from tests.cast import NOW
from tests.interop.feeds import Desk, counts, service

HOW = How(None, NOW)
RICH: dict[str, Any] = {
    "minimum_age": 5, "assured_date": "2026-03-01",
    "contacts": [{"name": "Kim", "email": "k@x.uk"}],
    "service_at_locations": [{"location": {"name": "Hall", "latitude": "53.5", "longitude": -2.1}}],
    "schedules": [{"byday": "MO", "opens_at": "10:00", "closes_at": "12:00",
                   "dtstart": "2026-01-01"}, {"description": "Now and then"}],
    "attributes": [{"name": "walking"}], "email": "nothing", "status": "inactive",
}  # fmt: skip


def pieces(count: int) -> Iterator[Piece]:
    for number in range(1, count + 1):
        yield number, service(number, **RICH)
    yield count + 1, Broken("it is not JSON")
    yield count + 2, {"id": "x"}


@pytest.fixture(autouse=True)
def _even_short_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_process, "WORTH_IT", 3)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


def test_the_same_rows_come_in_the_same_order() -> None:
    with second_process.read_all(pieces(600), HOW) as rows:
        found = list(rows)
    wanted = [HOW.read(piece) for piece in pieces(600)]
    assert found == wanted


def test_a_record_travels_whole() -> None:
    row, record = HOW.read((7, service(1, **RICH)))
    again = unpack(pack((row, record)))[1]
    assert isinstance(record, Record)
    assert isinstance(again, Record)
    assert again == record
    assert source_digest(again) == source_digest(record)


def test_nothing_is_left_running_when_the_reader_stops_early() -> None:
    with second_process.read_all(pieces(5_000), HOW) as rows:
        next(rows)


def test_what_goes_wrong_while_reading_is_told() -> None:
    def broken() -> Iterator[Piece]:
        yield from pieces(600)
        raise OSError("the disk is gone")

    with (
        pytest.raises(OSError, match="the disk is gone"),
        second_process.read_all(broken(), HOW) as rows,
    ):
        list(rows)


def test_a_process_that_ends_is_no_end_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/true")
    with (
        pytest.raises(OSError, match=r"ended|pipe"),
        second_process.read_all(pieces(600), HOW) as rows,
    ):
        list(rows)


def test_an_import_through_it_is_the_same(desk: Desk) -> None:
    feed = json.dumps([service(n, **RICH | {"status": "active"}) for n in range(1, 400)])
    assert counts(desk.imports(feed)) == {"added": 399}
    assert counts(desk.imports(feed)) == {"unchanged": 399}
