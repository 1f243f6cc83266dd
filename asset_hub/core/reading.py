"""Reads that cost next to nothing: a driver's own cursor on a connection kept for reading alone.

For answers at the hatch (see `hatches`), whose whole work is a statement or two. Such a connection
can write nothing, is in no transaction between two statements, and is used by one thread at a time.
What goes wrong on it is tried once more through the engine, which opens a new connection where the
server had gone away, and raises the errors that everybody knows.
"""

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import QueuePool

from asset_hub.core import db

Rows = list[Any]
MOST_IDLE = 32  # connections that wait; more than a web process has threads
_NAME = re.compile(r"(?<!:):([a-z]\w*)")
_ONLY_READ = {
    "sqlite": "PRAGMA query_only = ON",
    "postgresql": "SET default_transaction_read_only = on",
}
_idle: WeakKeyDictionary[Engine, list[Any]] = WeakKeyDictionary()
_parents: list[Any] = []  # connections of the process that forked this one: neither used nor closed


def rows(statement: str, values: Mapping[str, Any]) -> Rows:
    """Return what one statement reads, as tuples; `:name` in it stands for a value.

    Give it texts and numbers: what a driver makes of other types differs.
    """
    engine = db.engine()
    if not (isinstance(engine, Engine) and isinstance(engine.pool, QueuePool)):
        return _through(engine, statement, values)  # one connection is all there is: a test's
    idle = _idle.get(engine)
    if idle is None:
        idle = _idle.setdefault(engine, [])
        event.listen(engine, "engine_disposed", _close)
    dialect, said = engine.dialect.name, _said(engine.dialect.name, statement)
    try:
        connection = idle.pop() if idle else _opened(engine)
    except IndexError:  # another thread was quicker
        connection = _opened(engine)
    try:
        found: Rows = connection.execute(said, values).fetchall()
    except engine.dialect.loaded_dbapi.Error:
        connection.close()
        return _through(engine, statement, values)
    except BaseException:
        connection.close()
        raise
    if len(idle) < MOST_IDLE and dialect in _ONLY_READ:
        idle.append(connection)
    else:
        connection.close()
    return found


def dialect() -> str:
    """Return which database is read: "sqlite" or "postgresql"."""
    return str(db.engine().dialect.name)


@lru_cache(maxsize=256)
def _said(dialect: str, statement: str) -> str:
    """Return a statement as the driver takes its values."""
    if dialect == "sqlite":
        return statement
    return _NAME.sub(r"%(\1)s", statement.replace("%", "%%"))


def _opened(engine: Engine) -> Any:
    """Return a new connection, tuned like every other, outside the pool: it keeps no place there.

    It goes out of the pool and never back, so nothing is rolled back after each statement.
    """
    held = engine.raw_connection()
    connection: Any = held.dbapi_connection
    held.detach()
    if engine.dialect.name == "postgresql":
        connection.autocommit = True
    connection.execute(_ONLY_READ[engine.dialect.name])
    return connection


def _through(engine: Any, statement: str, values: Mapping[str, Any]) -> Rows:
    connection: Connection
    with engine.connect() as connection:
        said = _said(connection.dialect.name, statement)
        return [tuple(row) for row in connection.exec_driver_sql(said, dict(values))]


def _close(engine: Engine) -> None:
    """Close what waits when an engine is done with."""
    idle = _idle.get(engine, [])
    while idle:
        idle.pop().close()


def _forget() -> None:
    """Leave a parent's connections alone: locks and answers would be mixed up."""
    for idle in _idle.values():
        _parents.extend(idle)
        idle.clear()


os.register_at_fork(after_in_child=_forget)
