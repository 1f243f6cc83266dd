from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import SQLModel, StaticPool, create_engine

from asset_hub import create_app
from asset_hub.core.access import needs, public, signed_in
from asset_hub.core.powers import Can
from tests.cast import Cast
from tests.conftest import Browser, test_settings

Answer = tuple[str, dict[str, str]]
PLAIN = {"Content-Type": "text/plain"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site with some more pages, as somebody careless might have written them."""
    home: Path = tmp_path_factory.mktemp("gate")
    app = create_app(test_settings("sqlite://", home), TESTING=True, WTF_CSRF_ENABLED=False)
    app.extensions["engine"] = create_engine("sqlite://", poolclass=StaticPool)

    @app.route("/silent", methods=["GET", "POST"])
    def silent() -> Answer:
        return "leak", PLAIN

    @app.get("/odd")
    def odd() -> Answer:
        return "leak", PLAIN

    vars(odd)["access"] = "keep:connection"  # a text is not a power

    @needs(Can.KEEP_CONNECTION)
    @app.get("/wrong-order")
    def wrong_order() -> Answer:
        return "kept", PLAIN

    @app.route("/kept", methods=["GET", "POST"])
    @needs(Can.KEEP_CONNECTION)
    def kept() -> Answer:
        return "kept", PLAIN

    @app.get("/own")
    @signed_in
    def own() -> Answer:
        return "own", PLAIN

    @app.get("/open")
    @public
    def open_() -> Answer:
        return "open", PLAIN

    SQLModel.metadata.create_all(app.extensions["engine"])
    yield app
    app.extensions["engine"].dispose()


@pytest.mark.parametrize("path", ["/silent", "/odd"])
def test_a_page_is_closed_unless_it_says_otherwise(browser: Browser, cast: Cast, path: str) -> None:
    assert browser.get(path).status_code == 302
    for who in (cast.cora, cast.ada):
        browser.sign_in(who)
        assert browser.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/kept", "/wrong-order"])
def test_a_label_holds_in_whichever_order_it_was_written(
    browser: Browser, cast: Cast, path: str
) -> None:
    assert browser.get(path).status_code == 302
    browser.sign_in(cast.mia)
    assert browser.get(path).status_code == 403
    browser.sign_in(cast.ben)
    assert browser.get(path).text == "kept"


def test_open_is_open_and_own_is_for_anybody_signed_in(browser: Browser, cast: Cast) -> None:
    assert browser.get("/open").text == "open"
    assert browser.get("/own").status_code == 302
    browser.sign_in(cast.mia)
    assert browser.get("/own").text == "own"


def test_somebody_signed_out_is_asked_to_sign_in_and_comes_back(browser: Browser) -> None:
    assert browser.get("/kept?who=all").location == "/sign-in?next=/kept?who%3Dall"


def test_somebody_signed_out_while_writing_gets_the_text_back(browser: Browser) -> None:
    page = browser.post("/kept", data={"note": "It went so well", "password": "hunter2"})
    assert page.status_code == 401
    assert "It went so well" in page.text
    assert "hunter2" not in page.text


def test_a_disabled_account_is_signed_out_at_once(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.ben)
    cast.ben.disabled_at = cast.ben.created_at
    cast.session.commit()
    assert browser.get("/kept").status_code in {302, 403}
    assert browser.get("/own").status_code == 302


def test_a_role_taken_away_counts_from_the_next_click(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.ben)
    assert browser.get("/kept").status_code == 200
    cast.ben.grants[0].ended_at = cast.ben.created_at
    cast.session.commit()
    assert browser.get("/kept").status_code == 403
