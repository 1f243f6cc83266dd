"""Migrations make exactly what the models say, on both databases, and take it all away again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

from asset_hub import create_app
from tests.conftest import test_settings
from tests.postgres import database

EVERYTHING = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE type <> 'table' "
    "AND name NOT LIKE 'sqlite_%'",
    "postgresql": """
        SELECT 'check', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL
        SELECT 'function', proname, pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    """,
}
ROW = (
    "INSERT INTO audit_entry (id, at, action, kind, detail, before, digest) "
    "VALUES (1, '2026-09-07 09:30:00', 'read', 'person', '{}', 'a', 'b')"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/hub.db"
    else:
        with database(request.getfixturevalue("postgres_server")) as fresh:
            yield fresh


@pytest.fixture
def site(url: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(test_settings(url, tmp_path))
    yield app
    app.extensions["engine"].dispose()


def run(site: Flask, *words: str) -> None:
    result = site.test_cli_runner().invoke(args=["db", *words])
    assert result.exit_code == 0, result.output or result.exception


def shape(engine: Engine) -> dict[tuple[str, str], str]:
    """Return every check, index, trigger and function, by kind and name."""
    with engine.connect() as connection:
        rows = connection.execute(text(EVERYTHING[engine.dialect.name]))
        found = {(kind, name): " ".join((sql or "").split()) for kind, name, sql in rows}
        if engine.dialect.name == "sqlite":
            found |= _checks(connection)
    return {key: sql for key, sql in found.items() if "alembic" not in key[1]}


def _checks(connection: Connection) -> dict[tuple[str, str], str]:
    look = inspect(connection)
    return {
        ("check", str(check["name"])): " ".join(check["sqltext"].split())
        for table in look.get_table_names()
        for check in look.get_check_constraints(table)
    }


def test_the_migrations_make_what_the_models_say(site: Flask) -> None:
    run(site, "upgrade")
    run(site, "check")
    migrated = shape(site.extensions["engine"])
    run(site, "downgrade", "base")
    SQLModel.metadata.create_all(site.extensions["engine"])
    assert migrated == shape(site.extensions["engine"])


def test_going_back_leaves_nothing_and_coming_again_works(site: Flask) -> None:
    run(site, "upgrade")
    run(site, "downgrade", "base")
    engine = site.extensions["engine"]
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    assert not shape(engine)
    run(site, "upgrade")
    run(site, "check")
    assert site.test_client().get("/readyz").status_code == 200


def test_what_only_grows_cannot_be_changed(site: Flask) -> None:
    run(site, "upgrade")
    with site.extensions["engine"].begin() as connection:
        connection.execute(text(ROW))
    for verb in ("UPDATE audit_entry SET action = 'never looked'", "DELETE FROM audit_entry"):
        with (
            pytest.raises(DatabaseError, match="only grows"),
            site.extensions["engine"].begin() as connection,
        ):
            connection.execute(text(verb))
