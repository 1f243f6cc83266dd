"""Migrations make exactly what the models say, on both databases, and take it all away again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import Session, SQLModel

from asset_hub import create_app
from asset_hub.core import audit
from asset_hub.core.outbox import Message
from asset_hub.directory.models import (
    ChangeRequest,
    Duplicate,
    Location,
    ServiceAtLocation,
    ServiceKey,
    ServiceNotFor,
    ServiceTerm,
    TaxonomyTerm,
)
from asset_hub.directory.service import publish
from asset_hub.interop.models import Feed, ImportFile, ImportRun
from asset_hub.search import service as search
from tests.cast import NOW, Cast
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


BAD = {  # each row as an earlier version may have left it, and what of it must be so afterwards
    "service": ("UPDATE service SET welcomes = -2, merged_into_id = id", "welcomes IS NULL"),
    "change_request": (
        "UPDATE change_request SET state = 'returned', decided_at = NULL",
        "decided_at IS NOT NULL",
    ),
    "duplicate": ("UPDATE duplicate SET state = 'different'", "state = 'open'"),
    "message": ("UPDATE message SET state = 'leased'", "state = 'due' AND token IS NULL"),
    "feed": ("UPDATE feed SET token = 'x'", "token IS NULL"),
    "import_run": ("UPDATE import_run SET token = 'x'", "token IS NULL"),
    "taxonomy_term": (
        "UPDATE taxonomy_term SET merged_into_id = id, name_key = 'song'",
        "name_key IS NULL",
    ),
}


def test_rows_that_could_not_be_are_mended_and_then_refused_and_none_is_lost(site: Flask) -> None:
    run(site, "upgrade")
    engine = site.extensions["engine"]
    _fill(engine)
    before = _rows(engine)
    run(site, "downgrade", "0012")
    assert _rows(engine) == before, "going back loses nothing"
    with engine.begin() as connection:
        for statement, _ in BAD.values():
            connection.execute(text(statement))
    run(site, "upgrade")
    after = _rows(engine)
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    for table, (statement, mended) in BAD.items():
        with engine.begin() as connection:
            wrong = connection.execute(text(f"SELECT count(*) FROM {table} WHERE NOT ({mended})"))
            assert wrong.scalar() == 0, table
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(text(statement))


def _rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that is in the tables, and in those whose rows hang on theirs."""
    with engine.connect() as connection:
        return {
            table: sorted(
                map(tuple, connection.execute(text(f"SELECT {names} FROM {table}"))), key=str
            )
            for table, names in COLUMNS.items()
        }


COLUMNS = {
    "service": "id, name, standing", "change_request": "id, service_id", "duplicate": "id, one_id",
    "message": "id, cause", "feed": "id, url", "import_run": "id, source",
    "taxonomy_term": "id, slug", "service_key": "service_id, key",
    "service_term": "service_id, term_id", "contact": "id, service_id",
}  # fmt: skip


def _fill(engine: Engine) -> None:
    """Add a service and all that hangs on it, as the newest models have them."""
    with Session(engine) as session:
        cast = Cast(session)
        other = cast.service("Another choir")
        one, two = sorted((cast.choir.id, other.id))
        term = TaxonomyTerm(slug="song", name="Song", name_key="song")
        file = ImportFile(
            community_id=cast.ashby.id, name="a.csv", size=1, digest="", created_at=NOW
        )
        session.add_all([term, file])
        session.flush()
        session.add_all([
            ServiceTerm(service_id=one, term_id=term.id),
            ServiceKey(service_id=one, key="name:choir"),
            ChangeRequest(service_id=one, made_on=1, submitted_at=NOW),
            Duplicate(one_id=one, other_id=two, score=1.0, found_at=NOW),
            Message(kind="x", cause="x", due_at=NOW, created_at=NOW),
            Feed(community_id=cast.ashby.id, name="f", url="https://f.example",
                 added_by_id=cast.cora.id, created_at=NOW),
            ImportRun(community_id=cast.ashby.id, file_id=file.id, source="s", created_at=NOW),
        ])  # fmt: skip
        session.commit()


FOUND = {  # what is found by, and who was seen: as they are read, whatever they are kept in
    "listing": "SELECT number, name, topic_slugs, card, words FROM listing",
    "topics": "SELECT number, slug, strength, chosen FROM listing_topic",
    "words": "SELECT stem, number, impact FROM listing_text_word",
    "places": "SELECT number, id, gx, gy, strip, topic_slugs FROM listing_text_place",
    "spots": "SELECT band, gx, gy, id, feature FROM listing_text_spot",
    "cells": "SELECT level, cy, cx, count, sx, sy FROM listing_text_cell",
    "person": "SELECT id, name_sealed, phone_sealed, matters_sealed, erased_at FROM person",
    "agreed": "SELECT person_id, agreed_to, withdrawn_at FROM consent",
    "shown": "SELECT subject_id, entry_id FROM audit_shown",
}


def test_what_is_found_and_who_was_seen_is_the_same_after_going_back_and_coming_again(
    site: Flask,
) -> None:
    run(site, "upgrade")
    engine = site.extensions["engine"]
    with site.app_context(), Session(engine) as session:
        _publish(session)
        while search.fold(session):
            pass
        session.commit()
    before = _found(engine)
    assert all(before.values())
    run(site, "downgrade", "0017")
    run(site, "upgrade")
    assert _found(engine) == before


def _publish(session: Session) -> None:
    """List a group with a place, about one thing and not for another, and have Rose seen."""
    cast = Cast(session)
    song, men = (TaxonomyTerm(slug=each.lower(), name=each) for each in ("Song", "Men"))
    hall = cast.add(Location(address_1="1 High Street", latitude=53.61, longitude=-2.21))
    session.add_all([song, men])
    session.flush()
    key = cast.choir.id
    session.add_all([
        ServiceTerm(service_id=key, term_id=song.id), ServiceNotFor(service_id=key, term_id=men.id),
        ServiceAtLocation(service_id=key, location_id=hall.id),
    ])  # fmt: skip
    session.commit()
    publish(session, cast.choir, now=NOW)
    rose = cast.person("Rose")
    audit.note(session, "list", cast.ashby, by=cast.cora.id, now=NOW, shown=[str(rose.id)])


def _found(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(text(query))), key=str)
            for name, query in FOUND.items()
        }
