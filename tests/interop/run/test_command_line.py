"""`flask directory import`, as somebody types it."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.exc import OperationalError

from asset_hub.interop.run import command_line
from tests.interop.feeds import Desk, service


@pytest.fixture
def site(app: Flask, desk: Desk) -> "Site":
    return Site(app, desk)


class Site:
    """The command line of the site."""

    def __init__(self, app: Flask, desk: Desk) -> None:
        self.app, self.desk = app, desk

    def run(self, path: Path | str, *options: str) -> Result:
        return self.app.test_cli_runner().invoke(args=["directory", "import", str(path), *options])


def test_it_ends_with_a_table(site: Site) -> None:
    feed = site.desk.write(
        "council.json", [service(1), service(2, url="x y"), {"id": 3}, service(1)]
    )
    done = site.run(feed)
    assert done.exit_code == 0, done.output
    lines = [" ".join(line.split()) for line in done.output.splitlines()]
    assert lines[0] == "Importing council.json as “council”."
    assert "row 3: it has no name" in lines
    assert "row 2: the web address “x y” cannot be used" in lines
    assert "row 4: Choir 1" in lines
    table = lines[lines.index("added 2") :]
    assert table[:6] == ["added 2", "updated 0", "unchanged 0", "the same as another row 1",
                         "refused 1", "rows 4"]  # fmt: skip
    again = site.run(feed, "--source", "council")
    assert "unchanged                       2" in again.output


def test_a_dry_run_says_that_nothing_was_written(site: Site) -> None:
    done = site.run(site.desk.write("council.json", [service(1)]), "--dry-run")
    assert "Nothing was written" in done.output
    assert site.desk.names() == []


def test_a_guess_is_shown_and_what_is_not_taken_too(site: Site) -> None:
    done = site.run(
        site.desk.write("clubs.csv", "club_name,post_code,shoe_size\nChess,M33 1AA,9\n")
    )
    assert "Columns, as guessed from their names:" in done.output
    assert "name      ← club_name" in done.output
    assert "not taken: shoe_size" in done.output
    assert site.desk.names() == ["Chess"]


def test_a_mapping_file_is_used(site: Site) -> None:
    mapping = site.desk.write("m.json", {"source": "clubs", "columns": {"name": "x"}})
    done = site.run(site.desk.write("list.csv", "x\nChess\n"), "--mapping", str(mapping))
    assert "as “clubs”" in done.output
    assert "Columns, as mapped:" in done.output
    assert site.desk.one("Chess").source == "clubs"


def test_warnings_of_one_kind_are_shortened_unless_asked_for(site: Site) -> None:
    feed = site.desk.write("council.json", [service(n, url=f"bad {n}") for n in range(1, 41)])
    assert "… and 15 more like it" in site.run(feed, "--dry-run").output
    assert "row 40:" in site.run(feed, "--dry-run", "--every-warning").output


@pytest.mark.parametrize("content", ["", "<html>", "[" * 1000, '{"contents": {}}', "\x00\x01"])
def test_no_file_ends_in_a_traceback(site: Site, content: str) -> None:
    done = site.run(site.desk.write("feed.json", content))
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "Error:" in done.output or "refused                         1" in done.output


def test_a_database_that_stops_is_explained(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", None, Exception("database or disk is full"))

    monkeypatch.setattr("asset_hub.interop.batch.writing.Writer.write", stop)
    done = site.run(site.desk.write("council.json", [service(1)]))
    assert done.exit_code == 1
    assert "run the same command again" in done.output


def test_the_wrong_file_ends_with_an_error(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asset_hub.interop.run.tally.MOST_REFUSED", 2)
    done = site.run(site.desk.write("feed.json", [1, 2, 3]))
    assert done.exit_code == 1
    assert "Stopped: 2 rows were refused" in done.output


def test_progress_is_shown(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = site.desk.write("council.json", [service(1)])
    monkeypatch.setattr(command_line, "BATCH", 1)
    assert "… 1 rows" in site.run(feed).stderr
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert site.run(feed).exit_code == 0
