"""One app and one schema for the whole run; one rolled-back transaction for each test.

`TEST_DATABASE_URL` runs everything on that PostgreSQL server, in a database for each worker;
`python -m tests.postgres pytest` starts a server and sets it.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.pool import NullPool
from sqlmodel import Session, SQLModel, StaticPool, create_engine
from werkzeug.test import TestResponse

from asset_hub import create_app
from asset_hub.accounts.models import Account
from asset_hub.config import Settings
from asset_hub.core import clock, db
from tests.cast import NOW, Cast
from tests.page_checks import check_page
from tests.postgres import database, shared

TEST_SETTINGS = {
    "env": "test",
    "secret_key": "s" * 32,
    "data_key": "ab" * 32,
    "second_factor": "offered",
}
Landing = tuple[Flask, Cast]


def test_settings(database_url: str, mail_dir: Path, **more: Any) -> Settings:
    """Return settings for a site that touches nothing but its own folder."""
    return Settings(
        **{**TEST_SETTINGS, "database_url": database_url, "mail_dir": str(mail_dir), **more}
    )


test_settings.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def postgres_server(testrun_uid: str) -> Iterator[str]:
    """The address of one PostgreSQL for the whole run, started when a test first asks for it."""
    with shared(testrun_uid) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty PostgreSQL database of this worker's own."""
    with database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """SQLite in memory, or a database of this worker's own on the server that was named."""
    if server := os.environ.get("TEST_DATABASE_URL"):
        with database(server) as url:
            yield url
    else:
        yield "sqlite://"


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    url = database_url
    settings = test_settings(url, tmp_path_factory.mktemp("mail"))
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)
    if url == "sqlite://":
        threads = {"check_same_thread": False}  # as the site's own engine
        app.extensions["engine"] = create_engine(url, poolclass=StaticPool, connect_args=threads)
    else:
        app.extensions["engine"] = create_engine(db.engine_for(url).url, poolclass=NullPool)
    SQLModel.metadata.create_all(app.extensions["engine"])
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def session(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session whose commits are savepoints inside a transaction that never lands."""
    with app.app_context():
        connection = app.extensions["engine"].connect()
        landing = connection.begin()
        session = Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        )
        monkeypatch.setattr("asset_hub.core.db.session", lambda: session)
        monkeypatch.setattr("asset_hub.core.db.engine", lambda: _Held(connection))
        for name, unsaved in {
            "after_flush": True,
            "after_commit": False,
            "after_rollback": False,
        }.items():
            event.listen(session, name, lambda s, *_, to=unsaved: s.info.update(unsaved=to))
        yield session
        session.close()
        landing.rollback()
        connection.close()


class _Held:
    """An engine that only knows the test's own connection, so that plain reads see its rows."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.dialect = connection.dialect

    def connect(self) -> "_Held":
        return self

    def __enter__(self) -> Any:
        return self.connection

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def _frozen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock on the Monday morning of the cast, except where time itself is tested."""
    if not {"browser", "faults"} & {mark.name for mark in request.node.iter_markers()}:
        monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW)


@pytest.fixture
def cast(session: Session) -> Cast:
    return Cast(session)


@pytest.fixture(params=["sqlite", "postgresql"])
def landing(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Landing]:
    """A site with a database of its own, of each kind, in which commits land: for races."""
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW)
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/hub.db" if sqlite else request.getfixturevalue("postgres_url")
    app = create_app(test_settings(url, tmp_path), TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        SQLModel.metadata.create_all(db.engine())
        yield app, Cast(db.session())
        db.session().close()
        SQLModel.metadata.drop_all(db.engine())
        db.engine().dispose()


PARTS = {"/locked/cover"}  # what a script lays over a page is none


class Browser(FlaskClient):
    """A client that checks every page in passing and fails a request that leaves work unsaved."""

    session: Session

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        for name in ("_login_user", "csp_nonce", "locked", "request_id", "sign_in", "writing"):
            g.pop(name, None)  # the app context outlives the request in tests
        response = super().open(*args, **kwargs)
        assert not self.session.info.get("unsaved"), f"{args[0]} never committed"
        assert not [*self.session.new, *self.session.dirty], f"{args[0]} never committed"
        shown = response.status_code not in {301, 302, 303, 308}
        if response.mimetype == "text/html" and shown and response.request.path not in PARTS:
            check_page(response.text, dict(response.headers))
        return response

    def sign_in(self, account: Account) -> None:
        """Sign in without the form: a session row, and its token in the cookie."""
        from asset_hub.accounts import service

        token = service.open_session(self.session, account, device="test", now=clock.now())
        self.session.commit()
        with self.session_transaction() as cookie:
            cookie["_user_id"] = token


@pytest.fixture
def browser(app: Flask, session: Session) -> Browser:
    app.test_client_class = Browser
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.session = session
    return browser
