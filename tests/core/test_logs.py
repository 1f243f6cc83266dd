import json
import logging
import sys

import pytest
from flask import Flask
from sqlmodel import Session

from asset_hub.core.logs import JsonLines
from tests.cast import Cast
from tests.conftest import Browser


def record(**more: object) -> logging.LogRecord:
    made = logging.LogRecord("asset_hub.x", logging.INFO, "x.py", 1, "said", (), None)
    vars(made).update(more)
    return made


def test_a_line_is_json_with_the_facts() -> None:
    line = json.loads(JsonLines().format(record(facts={"endpoint": "core.livez", "status": "200"})))
    assert line["endpoint"] == "core.livez"
    assert line["level"] == "INFO"
    assert "request" not in line  # nobody asked: a job writes


def test_an_error_is_named_by_type_and_place_never_by_its_words() -> None:
    try:
        raise ValueError("rose@example.org")
    except ValueError:
        line = JsonLines().format(record(exc_info=sys.exc_info()))
    assert "rose" not in line
    assert json.loads(line)["error"] == "ValueError"
    assert "test_logs.py" in json.loads(line)["trace"]


def test_a_request_leaves_one_line_that_names_nobody(
    browser: Browser, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "asset_hub")
    browser.get("/version?who=rose@example.org", headers={"User-Agent": "Rosephone"})
    [line] = [r for r in caplog.records if r.name == "asset_hub.requests"]
    facts = vars(line)["facts"]
    assert set(facts) == {"method", "endpoint", "status", "ms"}
    assert (facts["method"], facts["endpoint"], facts["status"]) == ("GET", "core.version", "200")
    assert "rose" not in JsonLines().format(line).lower()


def test_the_log_and_the_page_share_the_request_id(app: Flask, session: Session) -> None:
    with app.test_request_context("/version"):
        line = json.loads(JsonLines().format(record()))
        answer = app.process_response(app.response_class())
    assert answer.headers["X-Request-Id"] == line["request"]


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_what_machines_ask_all_day_is_not_logged(
    browser: Browser, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "asset_hub")
    browser.get(path).close()
    assert not caplog.records
