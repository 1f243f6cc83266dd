import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import SQLModel
from werkzeug.test import TestResponse

from asset_hub import create_app
from asset_hub.core import pages
from asset_hub.core.access import public, signed_in
from asset_hub.core.errors import Missing, RuleBroken, TooOften
from tests.cast import Cast
from tests.conftest import Browser, test_settings
from tests.page_checks import check_page

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ERRORS: dict[str, Exception] = {
    "missing": Missing(),
    "rule": RuleBroken("Choose a group."),
    "stale": StaleDataError("x"),
    "often": TooOften(90),
    "down": OperationalError("SELECT secret", {}, Exception("no such host")),
    "unknown": ZeroDivisionError("rose@example.org"),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A site as it really answers: with its error pages, and forms that want their token."""
    home: Path = tmp_path_factory.mktemp("pages")
    app = create_app(test_settings(f"sqlite:///{home / 'site.db'}", home))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    SQLModel.metadata.create_all(app.extensions["engine"])
    _add_pages(app)
    yield app.test_client()
    app.extensions["engine"].dispose()


def _add_pages(app: Flask) -> None:
    @app.route("/raise/<name>", methods=["GET", "POST"])
    @public
    def raise_(name: str) -> ResponseReturnValue:
        if name.isdigit():
            abort(int(name))
        raise ERRORS[name]

    @app.get("/own")
    @signed_in
    def own() -> ResponseReturnValue:
        return {"own": True}

    @app.post("/save")
    @public
    def save() -> ResponseReturnValue:
        return {"saved": request.form["note"]}


def checked(page: TestResponse) -> str:
    check_page(page.text, dict(page.headers))
    return page.text


@pytest.mark.parametrize(
    "path", ["/livez", "/static/no-such-file", "/nowhere", "/raise/unknown",
             "/raise/down", "/raise/often", "/raise/403", "/raise/405"],
)  # fmt: skip
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    found = client.get(path).headers
    assert {name: found.get(name) for name in HEADERS} == HEADERS
    assert "default-src 'none'" in found["Content-Security-Policy"]
    assert "unsafe" not in found["Content-Security-Policy"]
    assert re.fullmatch("[0-9a-f]{12}", found["X-Request-Id"])


def test_static_files_are_kept_by_browsers_and_carry_the_headers_too(client: FlaskClient) -> None:
    with client.get("/static/icon.svg") as answer:
        found = answer.headers
    assert {name: found.get(name) for name in pages.STATIC_HEADERS} == pages.STATIC_HEADERS
    assert "max-age=2592000" in found["Cache-Control"]


def test_the_nonce_changes_with_every_answer(client: FlaskClient) -> None:
    nonces = [
        re.findall("'nonce-([^']+)'", client.get("/nowhere").headers["Content-Security-Policy"])
        for _ in range(2)
    ]
    assert nonces[0] != nonces[1]
    assert len(set(nonces[0])) == 1
    assert len(nonces[0][0]) >= 20


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/nowhere", 404, "We cannot find that page"),
        ("/raise/missing", 404, "We cannot find that page"),
        ("/raise/403", 403, "This page is not open to you"),
        ("/raise/rule", 422, "Choose a group."),
        ("/raise/stale", 422, "Somebody else changed this"),
        ("/raise/422", 422, "We could not use what was sent"),
        ("/raise/429", 429, "Please wait a little"),
        ("/raise/often", 429, "Please wait a little"),
        ("/raise/503", 503, "we cannot answer just now"),
        ("/raise/down", 503, "we cannot answer just now"),
        ("/raise/unknown", 500, "something went wrong"),
        ("/raise/500", 500, "something went wrong"),
    ],
)
def test_every_error_has_a_page_that_says_what_to_do(
    client: FlaskClient, path: str, status: int, says: str
) -> None:
    page = client.get(path)
    assert page.status_code == status
    text = checked(page)
    assert says in text
    assert "999" in text  # urgent help stands on every page
    assert not re.search(r"Traceback|SELECT secret|rose@example\.org|no such host", text)


def test_waiting_is_said_to_machines_too(client: FlaskClient) -> None:
    assert client.get("/raise/often").headers["Retry-After"] == "90"


def test_a_form_without_its_token_gets_its_text_back(client: FlaskClient) -> None:
    page = client.post("/save", data={"note": "She <b>loved</b> it", "password": "hunter2"})
    assert page.status_code == 419
    text = checked(page)
    assert "She &lt;b&gt;loved&lt;/b&gt; it" in text
    assert "hunter2" not in text


def test_the_form_given_back_can_be_sent_again(client: FlaskClient) -> None:
    page = client.post("/save", data={"note": "It went well"})
    token = re.findall('name="csrf_token" value="([^"]+)"', page.text)[-1]
    saved = client.post("/save", data={"note": "It went well", "csrf_token": token})
    assert saved.json == {"saved": "It went well"}


@pytest.mark.parametrize("name", ["down", "503"])
def test_a_page_that_could_not_save_gives_the_text_back(client: FlaskClient, name: str) -> None:
    token = re.findall('name="csrf_token" value="([^"]+)"', client.post("/save").text)[-1]
    page = client.post(f"/raise/{name}", data={"note": "Long words", "csrf_token": token})
    assert page.status_code == 503
    if name == "down":
        assert "Long words" in checked(page)


def test_a_body_without_end_is_refused(client: FlaskClient) -> None:
    page = client.post("/save", data=b"x" * (9 * 1024 * 1024), content_type="text/plain")
    assert page.status_code in {413, 419}


def test_a_page_of_somebody_signed_in_is_kept_in_no_cache(browser: Browser, cast: Cast) -> None:
    assert "Cache-Control" not in browser.get("/communities").headers
    browser.sign_in(cast.mia)
    assert browser.get("/communities").headers["Cache-Control"] == "private, no-store"


def test_when_the_database_is_gone_even_a_signed_in_reader_gets_a_whole_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    with client.session_transaction() as cookie:
        cookie["_user_id"] = "somebody"
    engine = client.application.extensions["engine"]
    monkeypatch.setattr(type(engine), "connect", gone)
    page = client.get("/own")
    assert page.status_code == 503
    checked(page)
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 503
    with client.session_transaction() as cookie:
        cookie.clear()


def test_production_insists_on_https(tmp_path: Path) -> None:
    strict = test_settings("sqlite://", tmp_path, env="production", site_url="https://hub.example")
    app = create_app(strict)
    answer = app.test_client().get("/livez")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-hub"
    assert app.config["SESSION_COOKIE_SECURE"]
    app.extensions["engine"].dispose()


def test_only_the_tile_host_is_let_in(tmp_path: Path) -> None:
    tiles = test_settings(
        "sqlite://", tmp_path, tile_url="https://{s}.tile.example/{z}/{x}/{y}.png"
    )
    app = create_app(tiles)
    policy = app.test_client().get("/version").headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://*.tile.example;" in policy
    assert policy.count("https:") == 1
    app.extensions["engine"].dispose()


def test_a_missing_page_while_the_database_is_down_says_that_it_is_down(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody_answers(*_: Any, **__: Any) -> str:
        raise ERRORS["down"]

    monkeypatch.setattr("asset_hub.core.faults.render_template", nobody_answers)
    page = client.get("/raise/404")
    assert page.status_code == 503
    assert "secret" not in page.text


def test_static_files_say_they_are_no_page(client: FlaskClient) -> None:
    answer = client.get("/static/icon.svg")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Frame-Options"] == "DENY"
    answer.close()


def test_an_address_with_a_nul_in_it_is_nothings(client: FlaskClient) -> None:
    assert client.get("/communities/%00").status_code == 404
    assert client.post("/raise/%00", data={}).status_code in {404, 419}
