"""Reads on connections of their own: they write nothing, leak nothing and survive what happens."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from asset_hub import create_app
from asset_hub.core import reading, stems
from asset_hub.core.reading import rows
from tests.conftest import test_settings


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A site on a database of its own, of each kind, with one table of ten numbers."""
    url = f"sqlite:///{tmp_path}/read.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    app = create_app(test_settings(url, tmp_path))
    engine: Engine = app.extensions["engine"]
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS ten"))
        connection.execute(text("CREATE TABLE ten (n INTEGER)"))
        connection.execute(text("INSERT INTO ten VALUES (1), (2), (3), (4), (5)"))
    with app.app_context():
        yield app
    engine.dispose()


def idle(app: Flask) -> list[object]:
    return reading._idle.get(app.extensions["engine"], [])


def ask(n: int = 3) -> list[tuple[int]]:
    return rows("SELECT n FROM ten WHERE n < :most AND '%' <> '' ORDER BY n", {"most": n})


def test_it_reads_what_is_there_and_what_comes(app: Flask) -> None:
    assert ask() == [(1,), (2,)]
    with app.extensions["engine"].begin() as connection:
        connection.execute(text("DELETE FROM ten WHERE n = 1"))
    assert ask() == [(2,)]
    assert reading.dialect() == app.extensions["engine"].dialect.name


def test_one_connection_serves_one_after_the_other_outside_the_pool(app: Flask) -> None:
    for _ in range(20):
        ask()
    assert len(idle(app)) == 1
    assert app.extensions["engine"].pool.checkedout() == 0


def test_nothing_can_be_written(app: Flask) -> None:
    ask()
    (connection,) = idle(app)
    with pytest.raises(app.extensions["engine"].dialect.loaded_dbapi.Error, match=r"read-?only"):
        connection.execute("INSERT INTO ten VALUES (11)")  # type: ignore[attr-defined]
    assert len(ask(99)) == 5


def test_an_error_is_the_one_everybody_knows_and_loses_no_connection(app: Flask) -> None:
    ask()
    with pytest.raises(DBAPIError):
        rows("SELECT n FROM nowhere", {})
    assert ask() == [(1,), (2,)]
    assert app.extensions["engine"].pool.checkedout() == 0


def test_a_connection_that_was_cut_is_replaced(app: Flask) -> None:
    ask()
    for connection in idle(app):
        connection.close()  # type: ignore[attr-defined]
    assert ask() == [(1,), (2,)]
    assert ask() == [(1,), (2,)]


def test_many_threads_read_at_once(app: Flask) -> None:
    wrong: list[object] = []

    def work() -> None:
        with app.app_context():
            wrong.extend(found for _ in range(50) if (found := ask()) != [(1,), (2,)])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(idle(app)) <= 8


def test_a_process_that_forks_leaves_its_parents_connections_alone(app: Flask) -> None:
    ask()
    kept = list(idle(app))
    child = os.fork()
    if child == 0:
        os._exit(0 if not idle(app) and reading._parents[-1:] == kept else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert idle(app) == kept
    assert ask() == [(1,), (2,)]


def test_nothing_stays_open_when_the_site_is_done_with_its_database(app: Flask) -> None:
    ask()
    (connection,) = idle(app)
    app.extensions["engine"].dispose()
    assert not idle(app)
    with pytest.raises(Exception, match="closed"):
        connection.execute("SELECT 1")  # type: ignore[attr-defined]


def test_a_reader_waits_for_nobody_who_writes(app: Flask) -> None:
    with app.extensions["engine"].begin() as connection:
        connection.execute(text("INSERT INTO ten VALUES (0)"))
        assert ask() == [(1,), (2,)]


def test_threads_that_cut_words_at_once_cut_them_right() -> None:
    begins, middles = ("walk", "sing", "garden", "knitt"), ("ing", "ings", "er")
    ends = ("s", "ly", "ness", "ed", "able")
    words = [a + b + c for a in begins for b in middles for c in ends]
    right = {word: stems.cut(word) for word in words}
    wrong: list[str] = []

    def work() -> None:
        wrong.extend(word for _ in range(20) for word in words if stems.cut(word) != right[word])

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
