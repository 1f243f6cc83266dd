from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, SQLModel, col, select

from asset_hub.communities.models import Borough, Community
from asset_hub.core import db, ids
from asset_hub.core.audit import AuditEntry
from asset_hub.core.throttle import Try
from tests.cast import NOW, Cast
from tests.core.conftest import Site

VERSIONED = [m for m in db.Versioned.__subclasses__() if m.metadata is SQLModel.metadata]


@pytest.mark.parametrize("kind", VERSIONED, ids=lambda kind: kind.__name__)
def test_every_row_that_people_edit_counts_its_saves(kind: type[SQLModel]) -> None:
    mapper = kind.__mapper__  # type: ignore[attr-defined]
    assert mapper.version_id_col is mapper.local_table.c.version


def test_a_save_over_somebody_elses_save_fails(site: Site) -> None:
    key = site.add(Community(name="Ashby", slug="ashby"))
    with Session(site.engine) as mine, Session(site.engine) as theirs:
        my_copy = mine.get_one(Community, key)
        mine.commit()  # I read, and think for a while
        theirs.get_one(Community, key).story = "Theirs"
        theirs.commit()
        my_copy.story = "Mine"
        # the copy was read again before it was changed, so this one builds on theirs
        mine.commit()
    with Session(site.engine, expire_on_commit=False) as mine, Session(site.engine) as theirs:
        my_copy = mine.get_one(Community, key)
        mine.commit()
        theirs.get_one(Community, key).story = "Theirs again"
        theirs.commit()
        my_copy.story = "Mine again"
        with pytest.raises(StaleDataError):
            mine.commit()
        mine.rollback()
        assert mine.get_one(Community, key).story == "Theirs again"
        assert mine.get_one(Community, key).version == 4


def test_deleting_what_somebody_else_just_changed_fails(site: Site) -> None:
    key = site.add(Community(name="Ashby", slug="ashby"))
    with Session(site.engine, expire_on_commit=False) as mine, Session(site.engine) as theirs:
        my_copy = mine.get_one(Community, key)
        mine.commit()
        theirs.get_one(Community, key).story = "Theirs"
        theirs.commit()
        mine.delete(my_copy)
        with pytest.raises(StaleDataError):
            mine.commit()


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    session.add(Try(key="k", since=datetime(2026, 9, 7, 9)))
    with pytest.raises(StatementError, match="naive"):
        session.flush()
    session.rollback()


def test_a_moment_comes_back_as_the_same_instant_in_utc(session: Session) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=5)))
    session.add(Try(key="k", since=there))
    session.commit()
    [found] = session.exec(select(Try.since)).all()
    assert found == there
    assert found.tzinfo is UTC


def test_a_transaction_keeps_all_or_nothing(site: Site) -> None:
    def half() -> None:
        with db.transaction() as session:
            session.add(Borough(name="Half"))
            session.flush()
            raise ZeroDivisionError

    with site.app.app_context():
        with pytest.raises(ZeroDivisionError):
            half()
        assert db.session().exec(select(Borough)).first() is None


def test_a_taken_key_is_claimed_only_once(session: Session) -> None:
    assert db.claim(session, Borough(name="Ashbyshire"))
    assert not db.claim(session, Borough(name="Ashbyshire"))
    session.commit()
    assert len(session.exec(select(Borough)).all()) == 1


def test_a_transaction_that_may_write_takes_the_lock_at_once(site: Site) -> None:
    said: list[str] = []
    event.listen(site.engine, "before_cursor_execute", lambda _, __, sql, *___: said.append(sql))
    with site.app.app_context(), db.transaction() as session:
        session.exec(select(Borough)).all()
    assert said[0] == "BEGIN IMMEDIATE"


def test_a_page_that_only_looks_takes_no_lock_and_cannot_write_by_accident(site: Site) -> None:
    with Session(site.engine) as writer, site.app.test_request_context("/"):
        writer.add(Borough(name="Being written"))
        writer.flush()
        assert db.session().exec(select(Borough)).all() == []  # waits for nobody


def test_a_page_that_writes_down_a_look_writes_inside_a_transaction(site: Site) -> None:
    with site.app.test_request_context("/"):
        assert db.session().exec(select(Borough)).all() == []  # a reading transaction is open
        with db.transaction() as session:
            session.add(Borough(name="Ashbyshire"))
        assert db.session().exec(select(Borough.name)).all() == ["Ashbyshire"]


def test_foreign_keys_are_kept(site: Site) -> None:
    with Session(site.engine) as session, pytest.raises(IntegrityError):
        session.exec(
            text("INSERT INTO locality (id, name, borough_id) VALUES ('1', 'x', '2')")  # type: ignore[call-overload]
        )


def test_a_busy_database_is_an_operational_error_not_a_hang(site: Site) -> None:
    with Session(site.engine) as one, site.engine.connect() as raw:
        one.exec(select(Borough)).all()  # holds the write lock
        raw.connection.driver_connection.execute("PRAGMA busy_timeout=10")  # type: ignore[union-attr]
        with pytest.raises(OperationalError, match="locked"):
            raw.execute(text("SELECT 1"))


@pytest.mark.parametrize(
    "url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"]
)
def test_any_spelling_of_postgresql_gets_our_driver(url: str) -> None:
    assert db.engine_for(url).url.drivername == "postgresql+psycopg"


def test_errors_of_the_database_hold_no_values(site: Site) -> None:
    with Session(site.engine) as session:
        session.add(Community(name="Secret words", slug="a", population=-1))
        with pytest.raises(IntegrityError) as caught:
            session.commit()
    assert "Secret words" not in str(caught.value)


def test_limits_are_read_from_the_column() -> None:
    assert db.limit(col(AuditEntry.action)) == 60


def test_ids_are_version_7_and_grow_with_time() -> None:
    made = [ids.new() for _ in range(100)]
    assert {key.variant for key in made} == {RFC_4122}
    assert {key.version for key in made} == {7}
    stamps = [key.int >> 80 for key in made]
    assert stamps == sorted(stamps)
    assert len(set(made)) == 100


def test_enums_are_kept_by_value(session: Session, cast: Cast) -> None:
    kept = session.exec(text("SELECT DISTINCT role FROM role_grant")).all()  # type: ignore[call-overload]
    assert ("practice_staff",) in kept


def test_the_app_closes_its_session_with_the_request(app: Flask) -> None:
    with app.app_context():
        opened = db.session()
        opened.exec(select(Borough)).all()
    assert not opened.in_transaction()
