"""Where sessions open and transactions end. No other module commits."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask import Flask, current_app, g, has_app_context, has_request_context
from sqlalchemy import Connection, DateTime, Engine, Enum, event, false, text, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import declared_attr
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, Session, SQLModel, create_engine

from asset_hub.core import ids
from asset_hub.core.errors import RuleBroken, TooOften

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
SAFE = {"GET", "HEAD", "OPTIONS"}

# What rows that are already there get in a column that is added later.
EMPTY: dict[str, Any] = {"server_default": text("''")}
ZERO: dict[str, Any] = {"server_default": "0"}
ONE: dict[str, Any] = {"server_default": "1"}
NO: dict[str, Any] = {"server_default": false()}
YES: dict[str, Any] = {"server_default": true()}


class Moment(TypeDecorator[datetime]):
    """An instant kept in UTC; a datetime without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Turn an aware datetime into UTC for the row."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime does not say which instant it is")
        return value.astimezone(UTC).replace(tzinfo=None if dialect.name == "sqlite" else UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return the instant with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


EVEN_SO = "even_so"  # in a session: what to do again when its transaction is refused
PATIENCE, HURRY = 10_000, 50  # milliseconds that a writer waits for another one


class Row(SQLModel):
    """A table's base: one UUID, safe to show in an address.

    Tables validate nothing (T6), so pydantic need not build a validator for each at the start.
    """

    model_config = {"defer_build": True}

    id: UUID = Field(default_factory=ids.new, primary_key=True)


class Versioned(Row):
    """A row that people edit: a save over somebody else's save fails instead of losing it."""

    version: int = Field(default=1, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """Count saves in `version`."""
        return {"version_id_col": cls.__table__.c.version} if hasattr(cls, "__table__") else {}


def init_app(app: Flask) -> None:
    """Create the engine and close each request's session when the request ends."""
    app.extensions["engine"] = engine_for(app.extensions["settings"].database_url)

    @app.teardown_appcontext
    def close(_: BaseException | None) -> None:
        if session := g.pop("session", None):
            session.close()


def engine_for(url: str) -> Engine:
    """Return an engine tuned for its database; nothing connects until first use."""
    url = url.replace("postgres://", "postgresql://").replace(
        "postgresql://", "postgresql+psycopg://"
    )
    if url.startswith("sqlite"):
        arguments = {"timeout": 10, "check_same_thread": False}
        return create_engine(url, connect_args=arguments, hide_parameters=True)
    # The last one frees the locks of a process that was frozen in the middle of a save.
    limits = "-c statement_timeout=15000 -c lock_timeout=5000 -c timezone=UTC -c jit=off"
    limits += " -c idle_in_transaction_session_timeout=60000"
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=5,
        hide_parameters=True,  # an error in a log must not hold what somebody typed
        connect_args={"options": limits},
    )


def engine() -> Engine:
    """Return the site's engine."""
    found: Engine = current_app.extensions["engine"]
    return found


def session() -> Session:
    """Return the session of this request or job, opening it at first use."""
    if "session" not in g:
        g.session = Session(engine(), expire_on_commit=False)
    found: Session = g.session
    return found


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit what happens inside, or nothing of it."""
    current = session()
    if _is_reading() and current.in_transaction():
        current.rollback()  # SQLite cannot turn a read transaction into a writing one under load
    before, g.writing = g.get("writing"), True
    try:
        yield current
        current.commit()
    except BaseException as ended:
        current.rollback()
        _save_even_so(current, ended)
        raise
    finally:
        current.info.pop(EVEN_SO, None)
        g.writing = before


def even_refused(session: Session, work: Callable[[Session], object]) -> None:
    """Do something again on the side should this transaction be refused: a try counts anyway."""
    session.info.setdefault(EVEN_SO, []).append(work)


def _save_even_so(session: Session, ended: BaseException) -> None:
    """Save what counts even of a refusal; not of a fault, and never by waiting for others."""
    waiting = session.info.pop(EVEN_SO, [])
    if waiting and isinstance(ended, (RuleBroken, TooOften)):
        with suppress(OperationalError), hurried() as aside:
            for work in waiting:
                work(aside)


@contextmanager
def hurried() -> Iterator[Session]:
    """Save on the side: like `transaction`, but on a session of its own and without waiting long.

    Raise OperationalError when somebody else has written for longer than HURRY.
    """
    before, g.writing = g.get("writing"), True
    try:
        with engine().connect() as connection:
            _wait(connection, HURRY)
            try:
                with Session(connection) as current:
                    yield current
                    current.commit()
            finally:
                _wait(connection, PATIENCE)
    finally:
        g.writing = before


def _wait(connection: Connection, milliseconds: int) -> None:
    """Let a connection wait so long for others who write."""
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA busy_timeout={milliseconds}")
    elif milliseconds == HURRY:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")


@contextmanager
def reading(where: Engine | None = None) -> Iterator[Connection]:
    """Yield a plain connection to look with: rows, no objects, no transaction kept.

    It never waits for whoever writes. `where` is the site's engine, for a thread that has no site.
    """
    with (where or engine()).connect() as connection:
        yield connection.execution_options(only_looks=True)


def claim(session: Session, row: SQLModel) -> bool:
    """Insert a row unless one of its unique keys is taken; return whether we were first."""
    kind: Any = type(row)
    insert = INSERT[session.get_bind().dialect.name](kind).values(row.model_dump())
    return session.exec(insert.on_conflict_do_nothing().returning(kind.id)).first() is not None


def choice(kind: type[StrEnum], **options: Any) -> Any:
    """Declare a column that stores an enum's value (SQLModel alone would store its name)."""
    words = Enum(
        kind, native_enum=False, length=24, create_constraint=False,
        values_callable=lambda e: [m.value for m in e],
    )  # fmt: skip
    return Field(sa_type=words, **options)


def moment(**options: Any) -> Any:
    """Declare a column that holds an instant."""
    return Field(sa_type=Moment, **options)


def limit(column: Any) -> int:
    """Return the length limit of a text column, so that forms never repeat it."""
    return int(column.type.length)


def _is_reading() -> bool:
    """Return whether a request is still looking; it writes only inside `transaction()`.

    Whatever its method: a form that is read, checked and refused holds nobody else up. What is
    answered at the hatch is no request to Flask, and says so itself.
    """
    if not has_app_context():
        return False
    return (has_request_context() or "reading" in g) and not g.get("writing")


@event.listens_for(Engine, "connect")
def _tame_sqlite(connection: object, _: object) -> None:
    # pysqlite begins transactions late and ignores foreign keys unless told otherwise.
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for pragma in ("foreign_keys=ON", f"busy_timeout={PATIENCE}", "journal_mode=WAL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA recursive_triggers=ON")  # REPLACE deletes, and must be refused
        for pragma in ("synchronous=NORMAL", "secure_delete=ON", "cache_size=-20000"):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    # A transaction that may write takes the lock at once; upgrading later fails under load (T7).
    if connection.dialect.name == "sqlite":
        looks = connection.get_execution_options().get("only_looks") or _is_reading()
        connection.exec_driver_sql("BEGIN" if looks else "BEGIN IMMEDIATE")
