"""Many rows into one table, as fast as the driver takes them."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Enum, Table, Uuid, insert

from asset_hub.core.db import Moment

Process = Callable[[Any], Any]
Row = dict[str, Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same keys.

    SQLAlchemy looks at every value of every row to see how it must be bound. On SQLite that
    costs as much as the insert, so it is worked out once for a table.
    """
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(insert(table), rows)
        return
    statement, values_of, bound = _plan(connection.dialect, table, tuple(rows[0]))
    values = [list(values_of(row)) for row in rows]
    for at, process in bound:
        for row in values:
            if row[at] is not None:
                row[at] = process(row[at])
    connection.exec_driver_sql(statement, [tuple(row) for row in values])


@lru_cache(maxsize=32)
def _plan(
    dialect: Dialect, table: Table, names: tuple[str, ...]
) -> tuple[str, Callable[[Row], Sequence[Any]], list[tuple[int, Process]]]:
    """Return the statement, what takes a row's values in its order, and what binds some of them."""
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'  # noqa: S608 (our names)
    bound: list[tuple[int, Process]] = []
    for at, name in enumerate(names):
        kind = table.c[name].type
        process: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
        if isinstance(kind, Uuid):
            process = attrgetter("hex")
        elif isinstance(kind, Moment | Enum) and process is not None:
            process = lru_cache(maxsize=64)(process)  # mostly the same one for many rows
        if process is not None:
            bound.append((at, process))
    return statement, _values_of(names), bound


def _values_of(names: tuple[str, ...]) -> Callable[[Row], Sequence[Any]]:
    pick: Callable[[Row], Any] = itemgetter(*names)
    return pick if len(names) > 1 else lambda row: (pick(row),)
