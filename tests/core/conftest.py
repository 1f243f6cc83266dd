"""A site of its own for tests of what several connections do to each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from asset_hub import create_app
from tests.conftest import test_settings

MAILS = {
    "emails/hello.subject": "Hello {{ name }}\n",
    "emails/hello.txt": "Dear {{ name }}, see {{ url_for('core.livez', _external=True) }}",
    "emails/hello.html": "{% extends 'emails/_layout.html' %}"
    "{% block body %}<p>{{ name }}</p>{% endblock %}",
    "emails/broken.subject": "{{ nothing.at.all }}",
    "emails/broken.txt": "{{ 1 / 0 }}",
    "emails/broken.html": "",
}


@dataclass
class Site:
    """An app with a database file, for tests that need two connections."""

    app: Flask
    engine: Engine

    def add(self, row: SQLModel) -> UUID:
        with Session(self.engine, expire_on_commit=False) as session:
            session.add(row)
            session.commit()
            key: UUID = row.id  # type: ignore[attr-defined]
            return key


@pytest.fixture(scope="session")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("site")
    settings = test_settings(f"sqlite:///{home / 'site.db'}", home / "mail")
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)
    SQLModel.metadata.create_all(app.extensions["engine"])
    yield Site(app, app.extensions["engine"])
    app.extensions["engine"].dispose()


@pytest.fixture
def site(_site: Site) -> Iterator[Site]:
    """The same file for every test, emptied afterwards (append-only tables are left alone)."""
    yield _site
    with _site.engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            if table.name not in {"audit_entry", "connection_event", "service_event"}:
                connection.execute(table.delete())


@pytest.fixture
def mails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add mails that exist only here: "hello", and "broken", which cannot be written."""
    loader: Any = app.jinja_env.loader
    monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([DictLoader(MAILS), loader]))
