"""What is handed out before the site is entered: the same answers, and nobody is looked at."""

import json
import logging
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort, session
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel, StaticPool, create_engine
from werkzeug.test import Client

from asset_hub import create_app
from asset_hub.core import hatches, logs
from asset_hub.core.access import needs, public
from asset_hub.core.errors import Missing
from asset_hub.core.hatches import Arguments, Handed, hatch, openings
from asset_hub.core.pages import STATIC_HEADERS
from asset_hub.core.powers import Can
from tests.conftest import test_settings

# Written by hand, as the table of who may open what is: whoever adds a line has thought of what
# `docs/hatch.md` says may never stand here.
AT_THE_HATCH = {
    "core.livez": "/livez",
    "directory.record": "/groups/<uuid:service_id>.json",
    "search.find_geojson": "/find.geojson",
    "search.find_json": "/find.json",
    "search.tile": "/tiles/<int:zoom>/<int:column>/<int:row>",
}
KEY = "018f0000-0000-7000-8000-000000000001"


def test_only_these_are_answered_at_the_hatch(app: Flask) -> None:
    rules = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}
    assert {one.endpoint: rules[one.endpoint] for one in openings(app)} == AT_THE_HATCH


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """A site with some more answers, as it runs: errors have pages."""
    app = create_app(test_settings("sqlite://", tmp_path))
    app.extensions["engine"] = create_engine("sqlite://", poolclass=StaticPool)
    SQLModel.metadata.create_all(app.extensions["engine"])

    @app.get("/said.json", endpoint="said")
    @public
    @hatch
    def said(arguments: Arguments) -> Handed:
        return Handed(json.dumps(arguments.to_dict(flat=False)).encode(), kept=60)

    @app.get("/one/<uuid:key>.json", endpoint="one")
    @hatch
    @public
    def one(_: Arguments, key: Any) -> Handed:
        return hatches.said({"key": str(key)})

    @app.get("/wrong/<int:status>", endpoint="wrong")
    @public
    @hatch
    def wrong(_: Arguments, status: int) -> Handed:
        if status == 503:
            raise OperationalError("SELECT", {}, Exception("no database"))
        if status == 404:
            raise Missing
        if status == 500:
            raise ValueError("rose@example.org")
        abort(status)

    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def asked(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def told(site: Flask, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "asset_hub")
    logging.getLogger("asset_hub").addHandler(caplog.handler)
    return caplog


def past_the_hatch(site: Flask) -> Client:
    """Return a client that reaches the same views through Flask alone."""
    assert isinstance(site.wsgi_app, hatches.Hatch)
    return Client(site.wsgi_app.site)


SAID = [
    "", "?", "?a=1", "?a=1&a=2", "?a=&b", "?a=%F0%9F%98%80", "?a=%FF%FE", "?a=%00", "?a[]=1&;b=2",
    "?a=b+c%20d%2B", "?%3Ca%3E=%3C/script%3E", "?a=" + "x" * 5000, "?a=\u2028", "?a==&&&",
]  # fmt: skip


@pytest.mark.parametrize("question", SAID)
def test_it_says_what_the_site_says_with_the_same_headers(
    site: Flask, asked: FlaskClient, question: str
) -> None:
    mine, flasks = (
        asked.get(f"/said.json{question}"),
        past_the_hatch(site).get(f"/said.json{question}"),
    )
    assert (mine.status, mine.data) == (flasks.status, flasks.data)
    # new each time; a nonce is of no use here; and no cookie was looked at
    known = ["X-Request-Id", "Content-Security-Policy", "Vary"]
    one, other = ({k: v for k, v in r.headers if k not in known} for r in (mine, flasks))
    assert one == other
    assert mine.headers["Content-Security-Policy"] == STATIC_HEADERS["Content-Security-Policy"]
    assert re.fullmatch("[0-9a-f]{12}", mine.headers["X-Request-Id"])


@pytest.mark.parametrize("path", ["/said.json", "/version", "/find", "/find.json"])
def test_bare_bytes_in_an_address_are_read_as_if_they_were_encoded(
    asked: FlaskClient, path: str
) -> None:
    bare = asked.get(path, environ_overrides={"QUERY_STRING": "q=caf\xc3\xa9&near=\xff"})
    assert bare.status_code == 200
    if path == "/said.json":
        assert bare.json == {"q": ["café"], "near": ["%FF"]}


def test_an_answer_is_not_sent_to_who_has_it(site: Flask, asked: FlaskClient) -> None:
    first = asked.get("/said.json")
    for has in (first.headers["ETag"], f'"x", W/{first.headers["ETag"]}', "*"):
        given = {"If-None-Match": has}
        mine, flasks = (
            asked.get("/said.json", headers=given),
            past_the_hatch(site).get("/said.json", headers=given),
        )
        assert (mine.status_code, mine.data) == (flasks.status_code, flasks.data)
        assert mine.status_code == 304
        assert not {"Content-Length", "Content-Type"} & set(mine.headers.keys())
    assert asked.get("/said.json", headers={"If-None-Match": '"old"'}).status_code == 200


@pytest.mark.parametrize("path", ["/said.json", f"/one/{KEY}.json", "/wrong/404"])
def test_head_says_the_same_without_a_body(asked: FlaskClient, path: str) -> None:
    whole, head = asked.get(path), asked.head(path)
    assert head.data == b""
    assert head.status_code == whole.status_code
    if whole.status_code == 200:
        assert head.headers["Content-Length"] == str(len(whole.data))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_go_on_to_the_site(site: Flask, asked: FlaskClient, method: str) -> None:
    mine = asked.open("/said.json", method=method)
    flasks = past_the_hatch(site).open("/said.json", method=method)
    assert mine.status_code == flasks.status_code
    assert mine.status_code == (200 if method == "OPTIONS" else 405)
    assert mine.headers.get("Allow") == flasks.headers.get("Allow")


@pytest.mark.parametrize(
    "path",
    ["/said.json/", "/said.jsonx", "//said.json", "/said.json%00", "/one/x.json", "/one/.json",
     f"/one/{KEY}.jsn", f"/one/{KEY}xjson", f"/one/{KEY}.json/x", f"/one/{KEY}%0A.json",
     "/wrong/-1", "/wrong/1e3", "/wrong/"],
)  # fmt: skip
def test_what_is_no_address_of_it_is_none(site: Flask, asked: FlaskClient, path: str) -> None:
    found = asked.get(path).status_code
    assert found == past_the_hatch(site).get(path).status_code
    assert found in {308, 404}


def test_the_parts_of_an_address_arrive_as_they_do_at_the_site(
    site: Flask, asked: FlaskClient
) -> None:
    for key in (KEY, KEY.upper()):
        assert asked.get(f"/one/{key}.json").json == {"key": KEY}
        assert past_the_hatch(site).get(f"/one/{key}.json").json == {"key": KEY}


@pytest.mark.parametrize("status", [400, 403, 404, 410, 422, 429, 500, 503])
def test_what_goes_wrong_is_shown_by_the_site_and_written_down_once(
    asked: FlaskClient, told: pytest.LogCaptureFixture, status: int
) -> None:
    answer = asked.get(f"/wrong/{status}")
    assert answer.status_code == status
    assert "text/html" in answer.headers["Content-Type"]
    assert "rose" not in answer.text
    facts = [vars(line)["facts"] for line in told.records if hasattr(line, "facts")]
    assert [(one["endpoint"], one["status"]) for one in facts] == [("wrong", str(status))]
    assert len([line for line in told.records if line.levelno >= logging.ERROR]) == (status >= 500)


def test_each_answer_is_one_line_of_the_log_that_names_nobody(
    asked: FlaskClient, told: pytest.LogCaptureFixture
) -> None:
    answer = asked.get("/said.json?who=rose@example.org", headers={"User-Agent": "Rosephone"})
    (line,) = told.records
    assert set(vars(line)["facts"]) == {"method", "endpoint", "status", "ms"}
    assert vars(line)["facts"]["endpoint"] == "said"
    assert vars(line)["request_id"] == answer.headers["X-Request-Id"]
    assert "rose" not in logging.getLogger("asset_hub").handlers[0].format(line).lower()


def test_a_line_is_the_same_whether_or_not_anybody_reads_along(
    asked: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = StringIO()
    monkeypatch.setattr(logs._HANDLER, "stream", written)
    answers = [asked.get("/said.json"), asked.get("/version")]
    monkeypatch.setattr(logging.getLogger("asset_hub"), "propagate", True)
    caplog.set_level(logging.INFO, "asset_hub")
    answers += [asked.get("/said.json"), asked.get("/version")]
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["request"] for line in lines] == [a.headers["X-Request-Id"] for a in answers]
    names = ["at", "level", "name", "request", "method", "endpoint", "status", "ms"]
    for line in lines:
        assert list(line) == names
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}", line["at"])
    assert [line["endpoint"] for line in lines] == 2 * ["said", "core.version"]


def test_no_cookie_is_read_or_set(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = site.test_client()
    with asked.session_transaction() as cookie:
        cookie["_user_id"] = "a token"

    def read(*_: Any) -> Any:
        raise AssertionError("the session was opened")

    monkeypatch.setattr(site.session_interface, "open_session", read)
    for path in ("/said.json", f"/one/{KEY}.json", "/livez"):
        answer = asked.get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_an_answer_that_looks_at_who_asks_is_never_given(
    site: Flask, told: pytest.LogCaptureFixture
) -> None:
    @site.get("/mine.json", endpoint="mine")
    @public
    @hatch
    def mine(_: Arguments) -> Handed:
        return hatches.said(dict(session))  # at the hatch there is no session to look at

    assert site.test_client().get("/mine.json").status_code == 500
    (wrong,) = (line for line in told.records if line.exc_info)
    assert wrong.exc_info
    assert "outside of request context" in str(wrong.exc_info[1])


def test_what_is_not_for_everybody_or_writes_may_not_stand_there(site: Flask) -> None:
    @hatch
    def answer(_: Arguments) -> Handed:
        return hatches.said({})

    site.add_url_rule("/kept.json", "kept", needs(Can.KEEP_CONNECTION)(answer))
    with pytest.raises(ValueError, match="kept may not"):
        openings(site)
    vars(answer).pop("access")
    with pytest.raises(ValueError, match="kept may not"):  # nobody said who may
        openings(site)
    public(answer)
    assert openings(site)
    site.add_url_rule("/change.json", "change", answer, methods=["POST"])
    with pytest.raises(ValueError, match="change may not"):
        openings(site)


def test_production_adds_its_headers(tmp_path: Path) -> None:
    more = {"env": "production", "site_url": "https://hub.example"}
    app = create_app(test_settings("sqlite://", tmp_path, **more))
    assert "max-age" in app.test_client().get("/livez").headers["Strict-Transport-Security"]
    app.extensions["engine"].dispose()


def test_a_read_at_the_hatch_waits_for_nobody_who_writes(tmp_path: Path) -> None:
    app = create_app(test_settings(f"sqlite:///{tmp_path}/busy.db", tmp_path))
    engine = app.extensions["engine"]
    SQLModel.metadata.create_all(engine)
    with engine.begin() as writer:
        writer.execute(text("INSERT INTO borough (id, name) VALUES ('0', 'Held')"))
        for path in ("/find.json", "/find.json?q=choir", "/find.geojson", "/find.geojson?q=choir"):
            assert app.test_client().get(path).status_code == 200
    engine.dispose()
