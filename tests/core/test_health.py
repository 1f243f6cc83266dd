from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from asset_hub import create_app
from asset_hub.core import health, jobs, mail
from tests.cast import Cast
from tests.conftest import Browser, test_settings
from tests.core.conftest import Site


def test_it_is_alive_and_says_its_version(browser: Browser) -> None:
    assert browser.get("/livez").json == {"live": True}
    assert browser.get("/version").json == {"version": health.VERSION}


def test_it_is_ready_only_with_its_tables(site: Site) -> None:
    asked = site.app.test_client()
    answer = asked.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ready": False})
    with site.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
    nobody_works = {"ready": True, "worker": False, "worker_seconds_ago": None}
    assert asked.get("/readyz").json == nobody_works
    with site.app.app_context():
        jobs.beat()
    assert asked.get("/readyz").json == {"ready": True, "worker": True, "worker_seconds_ago": 0}
    with site.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))


def letter(subject: str, body: str, key: str) -> EmailMessage:
    written = EmailMessage()
    written["Subject"], written["To"] = subject, "ben@example.org"
    written["From"], written["Message-ID"] = "hello@asset-hub.example", f"<{key}@here>"
    written.set_content(body)
    written.add_alternative("<p>As a page</p>", subtype="html")
    return written


@pytest.fixture
def folder(tmp_path: Path, app: Flask, monkeypatch: pytest.MonkeyPatch) -> mail.Folder:
    kept = test_settings("sqlite://", tmp_path / "mail")
    monkeypatch.setitem(app.extensions, "settings", kept)
    return mail.Folder(tmp_path / "mail")


def test_a_developer_reads_what_would_have_been_sent(
    browser: Browser, cast: Cast, folder: mail.Folder
) -> None:
    assert "No letters yet" in browser.get("/mailbox").text
    link = "http://127.0.0.1:8000/reply/abc?x=1&y=2"
    folder.send(letter("Hello Ben", f"Answer here: {link}.\n\n<script>alert(1)</script>", "1"))
    page = browser.get("/mailbox").text
    assert "Hello Ben" in page
    assert "ben@example.org" in page
    assert 'href="http://127.0.0.1:8000/reply/abc?x=1&amp;y=2"' in page
    assert "<script>alert" not in page


def test_only_web_addresses_become_links(browser: Browser, folder: mail.Folder) -> None:
    folder.send(letter("Odd", 'javascript:alert(1) "onmouseover=alert(2) https://x"y', "1"))
    page = browser.get("/mailbox").text
    assert 'href="javascript' not in page
    assert 'onmouseover="' not in page


def test_the_newest_letter_stands_first(browser: Browser, folder: mail.Folder) -> None:
    import os

    for n in (1, 2):
        folder.send(letter(f"Letter number {n}", "Hello", str(n)))
        os.utime(folder.path / f"{n}.eml", (n, n))
    page = browser.get("/mailbox").text
    assert page.index("Letter number 2") < page.index("Letter number 1")


@pytest.mark.parametrize("more", [{"env": "production"}, {"smtp_url": "smtp://127.0.0.1"}])
def test_there_is_no_mailbox_where_real_letters_leave(tmp_path: Path, more: dict[str, str]) -> None:
    app = create_app(test_settings("sqlite://", tmp_path, **more))
    assert app.test_client().get("/mailbox").status_code == 404
    app.extensions["engine"].dispose()
