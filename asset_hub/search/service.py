"""What others may do to the index."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from asset_hub.search.queries import text


@contextmanager
def indexing_at_once(connection: Connection) -> Iterator[None]:
    """Index the listings that are added inside together: on SQLite four times as fast.

    Its full-text index writes itself out after each statement that a trigger runs. Inside, the
    trigger for added listings holds still, and what it would have done is one statement at the
    end. All of it is in the caller's transaction, which nobody else can see into.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    run = connection.exec_driver_sql
    last = run("SELECT coalesce(max(number), 0) FROM listing").scalar_one()
    run("INSERT INTO listing_text_held (held) VALUES (1)")
    yield
    run("DELETE FROM listing_text_held")
    for statement in text.index_after():
        run(statement, (last,))
