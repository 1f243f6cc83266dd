"""Rows cleaned in a second process are the same rows."""

import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from asset_hub.interop.reading import plan, second_process
from asset_hub.interop.reading.files import Opened, Unreadable
from asset_hub.interop.reading.plan import Ask, How, Plan, Read
from asset_hub.interop.reading.records import Record, source_digest
from asset_hub.interop.reading.travelling import pack, unpack
from tests.cast import NOW
from tests.interop.feeds import Desk, counts, service
from tests.interop.reading.test_hostile import book

HOW = How(None, NOW)


def nothing_more(reads: Sequence[Read], _: Ask) -> Sequence[Read]:
    """Do nothing ahead: what is read is what comes."""
    return reads


def nobody(what: str, keys: Sequence[Any]) -> dict[Any, Any]:
    """Know nothing of the site."""
    return {}


RICH: dict[str, Any] = {
    "minimum_age": 5, "assured_date": "2026-03-01",
    "contacts": [{"name": "Kim", "email": "k@x.uk"}],
    "service_at_locations": [{"location": {"name": "Hall", "latitude": "53.5", "longitude": -2.1}}],
    "schedules": [{"byday": "MO", "opens_at": "10:00", "closes_at": "12:00",
                   "dtstart": "2026-01-01"}, {"description": "Now and then"}],
    "attributes": [{"name": "walking"}], "email": "nothing", "status": "inactive",
}  # fmt: skip


@contextmanager
def written(folder: Path, count: int) -> Iterator[Plan]:
    """Yield the plan of a feed with that many services, one broken and one without a name."""
    services = [service(number, **RICH) for number in range(1, count + 1)]
    path = folder / "feed.json"
    path.write_text(json.dumps([*services, {"id": "x"}])[:-1] + ", {]]")
    opened = Opened.at(path)
    with closing(opened):
        yield plan.plan(opened, source="council", mapping=None, now=NOW)


@contextmanager
def reading(folder: Path, count: int = 600, start: int = 0) -> Iterator[Iterator[Read]]:
    with (
        written(folder, count) as todo,
        second_process.read_all(todo, ahead=nothing_more, answer=nobody, start=start) as rows,
    ):
        yield rows


@pytest.fixture(autouse=True)
def _even_short_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_process, "WORTH_IT", 3)
    monkeypatch.setattr(second_process, "WORTH_MORE", 3)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


def test_the_same_rows_come_in_the_same_order(tmp_path: Path) -> None:
    with reading(tmp_path) as rows:
        found = list(rows)
    with written(tmp_path, 600) as todo:
        assert found == [todo.how.read(piece) for piece in todo.pieces]
    assert len(found) == 602


def test_it_goes_on_where_another_stopped(tmp_path: Path) -> None:
    with reading(tmp_path, start=590) as rows:
        assert [row for row, _ in rows] == list(range(591, 603))


def test_a_record_travels_whole() -> None:
    row, record = HOW.read((7, service(1, **RICH)))
    again = unpack(pack((row, record)))[1]
    assert isinstance(record, Record)
    assert isinstance(again, Record)
    assert again == record
    assert source_digest(again) == source_digest(record)


def test_nothing_is_left_running_when_the_reader_stops_early(tmp_path: Path) -> None:
    before = threading.active_count()
    with reading(tmp_path, 8_000) as rows:
        next(rows)
    assert threading.active_count() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_what_is_wrong_with_the_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "torn.xlsx"
    path.write_bytes(book([["Name", "About"], *([f"Group {n}", "x"] for n in range(50))]))
    todo = plan.plan(Opened.at(path), source="x", mapping=None, now=NOW)
    path.write_bytes(path.read_bytes()[:-200])
    with (
        pytest.raises(Unreadable, match="damaged"),
        second_process.read_all(todo, ahead=nothing_more, answer=nobody) as rows,
    ):
        list(rows)
    todo.opened.close()


def test_a_process_that_ends_is_no_end_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/true")
    with pytest.raises(OSError, match="ended"), reading(tmp_path) as rows:
        list(rows)


def test_a_file_that_goes_on_and_on_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_process, "PATIENCE", 0.01)
    with pytest.raises(Unreadable, match="too long"), reading(tmp_path) as rows:
        list(rows)


def test_an_import_through_it_is_the_same(desk: Desk) -> None:
    feed = json.dumps([service(n, **RICH | {"status": "active"}) for n in range(1, 400)])
    assert counts(desk.imports(feed)) == {"added": 399}
    assert counts(desk.imports(feed)) == {"unchanged": 399}
