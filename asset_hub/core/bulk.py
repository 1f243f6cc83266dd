"""Many rows into one table, as fast as the driver takes them.

Rows are first made plain: tuples of texts, numbers and None, as SQLite keeps them. PostgreSQL reads
the same from a COPY, and any process can make and send them: no database is needed for that.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Connection, Enum, Table, Uuid
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DataError, IntegrityError

from asset_hub.core.db import Moment

Process = Callable[[Any], Any]
Row = dict[str, Any]
Plain = tuple[str | int | float | bytes | None, ...]
_PLAINLY = sqlite.dialect()
_REMEMBERED = lru_cache(maxsize=4096)  # of values that many rows share


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same keys."""
    if rows:
        shape = _shape(table, tuple(rows[0]))
        shape.insert(connection, shape.plain(rows))


class Shape:
    """Some columns of a table, for rows that fill just these."""

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        self.table, self.names = table, tuple(names)
        pick: Callable[[Row], Any] = itemgetter(*self.names)
        self._values = pick if len(self.names) > 1 else lambda row: (pick(row),)
        kinds = [(at, _plainly(table.c[name].type)) for at, name in enumerate(self.names)]
        self._made_plain = [(at, process) for at, process in kinds if process]

    @classmethod
    def without(cls, table: Table, *names: str) -> "Shape":
        """Return the shape of whole rows but for some columns, which have a usual value."""
        return cls(table, [column.name for column in table.c if column.name not in names])

    def plain(self, rows: Iterable[Row]) -> list[Plain]:
        """Return the plain values of rows.

        SQLAlchemy looks at every value of every row to see how it must be bound, which costs as
        much as the insert; here that is known for a column beforehand.
        """
        found = [list(self._values(row)) for row in rows]
        for at, process in self._made_plain:
            for row in found:
                if row[at] is not None:
                    row[at] = process(row[at])
        return [tuple(row) for row in found]

    def insert(self, connection: Connection, rows: Sequence[Plain]) -> None:
        """Insert plain rows; raise DataError or IntegrityError as SQLAlchemy's own inserts do."""
        if not rows:
            return
        columns = ", ".join(f'"{name}"' for name in self.names)
        if connection.dialect.name != "sqlite":
            _copy(connection, f'COPY "{self.table.name}" ({columns}) FROM STDIN', rows)
            return
        marks = ", ".join("?" * len(self.names))
        statement = f'INSERT INTO "{self.table.name}" ({columns}) VALUES ({marks})'  # noqa: S608 (our names)
        connection.exec_driver_sql(statement, rows)


_shape = lru_cache(maxsize=64)(Shape)


def _plainly(kind: Any) -> Process | None:
    """Return what makes a column's values plain; None when they are."""
    if isinstance(kind, Uuid):
        return attrgetter("hex")
    process: Process | None = kind.dialect_impl(_PLAINLY).bind_processor(_PLAINLY)
    if isinstance(kind, Moment | Enum) and process is not None:
        return _REMEMBERED(process)  # mostly the same one for many rows
    return process


def _copy(connection: Connection, statement: str, rows: Iterable[Plain]) -> None:
    driver: Any = connection.connection.dbapi_connection
    wrong: Any = connection.dialect.loaded_dbapi
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except wrong.DataError as problem:
        raise DataError(statement, None, problem, hide_parameters=True) from problem
    except wrong.IntegrityError as problem:
        raise IntegrityError(statement, None, problem, hide_parameters=True) from problem
