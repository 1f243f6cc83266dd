"""Passkeys: made, shown as the second step and by themselves, refused when anything is wrong."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from asset_hub.accounts import queries
from asset_hub.accounts.models import Passkey, SignIn, SignInStep
from tests.accounts.factors import Key, add_key, require, row_of, show_key, signed_in, with_app
from tests.accounts.letters import waiting
from tests.cast import NOW, PASSWORD, Cast
from tests.conftest import Browser

BEN = {"email": "ben@example.org", "password": PASSWORD}
SECOND = "/sign-in/second-step"


@pytest.fixture(autouse=True)
def _named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the site a name: passkeys are bound to one."""
    require(app, monkeypatch, site_url="http://localhost:8000")


@pytest.fixture
def key(browser: Browser, cast: Cast) -> Key:
    """Ben's key, which he has added."""
    key = Key()
    signed_in(browser, cast.ben, factor=None)
    assert add_key(browser, key).location == "/account/recovery-codes"
    return key


def test_ben_adds_his_phone_and_a_stick_and_names_them(
    browser: Browser, session: Session, cast: Cast, key: Key
) -> None:
    before = row_of(browser).digest
    assert row_of(browser).factor_at == NOW
    assert browser.get("/people").status_code == 200
    assert add_key(browser, Key(id=b"a blue stick, also long enough"), "Stick").status_code == 303
    assert row_of(browser).digest != before

    page = browser.get("/account/security").text
    assert "My phone" in page
    stick = queries.passkeys(session, cast.ben)[1]
    browser.post(f"/account/passkeys/{stick.id}", data={"name": " The blue  stick "})
    assert "The blue stick" in browser.get("/account/security").text
    assert [kind for kind, _ in waiting(session)] == ["account-factor-changed"] * 2


def test_what_a_key_is_asked_names_the_account_by_a_number_and_wants_its_user_proven(
    browser: Browser, cast: Cast, key: Key
) -> None:
    options = browser.post("/account/passkeys/ask").get_json()
    assert options["rp"] == {"name": "Asset Hub", "id": "localhost"}
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert [known["id"] for known in options["excludeCredentials"]]
    assert "example.org" not in options["user"]["id"]


def test_a_passkey_is_the_second_step(browser: Browser, session: Session, key: Key) -> None:
    browser.post("/sign-out")
    assert browser.post("/sign-in", data=BEN).location == SECOND
    assert "Use a passkey" in browser.get(SECOND).text
    assert show_key(browser, key, SECOND).location == "/today"
    assert row_of(browser).factor_at == NOW
    assert session.exec(select(Passkey)).one().sign_count == 1
    assert session.exec(select(SignInStep)).all() == []


def test_a_passkey_signs_in_by_itself_and_asks_after_nobody(
    browser: Browser, cast: Cast, key: Key
) -> None:
    browser.post("/sign-out")
    asked = browser.post("/passkeys/ask").get_json()
    assert asked["allowCredentials"] == [], "who has which key is told to nobody"
    assert asked["userVerification"] == "required"
    assert show_key(browser, key, "/sign-in?next=/people").location == "/people"


def test_an_answer_is_taken_once(browser: Browser, cast: Cast, key: Key) -> None:
    browser.post("/sign-out")
    options = browser.post("/passkeys/ask").get_json()
    with browser.session_transaction() as cookie:
        question = cookie["passkey"]
    answer = key.show(options)
    assert browser.post("/sign-in", data={"answer": answer}).status_code == 303
    browser.post("/sign-out")
    with browser.session_transaction() as cookie:
        cookie["passkey"] = question
    assert browser.post("/sign-in", data={"answer": answer}).status_code == 422


def test_a_question_put_in_one_browser_is_not_answered_in_another(
    browser: Browser, cast: Cast, key: Key
) -> None:
    browser.post("/sign-out")
    options = browser.post("/passkeys/ask").get_json()
    with browser.session_transaction() as cookie:
        cookie.pop("passkey")
    assert browser.post("/sign-in", data={"answer": key.show(options)}).status_code == 422


def test_an_answer_that_comes_late_is_refused(
    browser: Browser, cast: Cast, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post("/sign-out")
    options = browser.post("/passkeys/ask").get_json()
    late = NOW + timedelta(minutes=10)
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: late)
    assert browser.post("/sign-in", data={"answer": key.show(options)}).status_code == 422


WRONG: dict[str, dict[str, Any]] = {
    "another site": {"origin": "http://evil.example"},
    "another name": {"host": "evil.example"},
    "nobody proved to be its user": {"flags": 0x01},
    "nobody touched it": {"flags": 0x04},
    "a copy that lags behind": {"count": 1},
    "another key under its name": {"secret": Key().secret},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_key_that_is_not_quite_right_opens_nothing(
    browser: Browser, cast: Cast, key: Key, what: str
) -> None:
    for _ in range(2):
        browser.post("/sign-out")
        assert show_key(browser, key, "/sign-in").status_code == 303
    browser.post("/sign-out")

    refused = show_key(browser, replace(key, **WRONG[what]), "/sign-in")

    assert refused.status_code == 422
    assert "not accepted" in refused.text
    assert browser.get("/account").status_code == 302


@pytest.mark.parametrize("answer", ["{", "[]", '{"id": 1}', "x" * 30_000, '{"id": "AAAA"}', "null"])
def test_nonsense_is_refused_and_breaks_nothing(
    browser: Browser, cast: Cast, key: Key, answer: str
) -> None:
    browser.post("/passkeys/ask")
    form = {"name": "X", "answer": answer}
    browser.post("/account/passkeys/ask")
    assert browser.post("/account/passkeys/add", data=form).status_code == 422
    browser.post("/sign-out")
    browser.post("/passkeys/ask")
    assert browser.post("/sign-in", data={"answer": answer}).status_code == 422


def test_coras_password_and_bens_key_are_nobody(
    browser: Browser, session: Session, cast: Cast, key: Key
) -> None:
    with_app(session, cast.cora)
    browser.post("/sign-out")
    browser.post("/sign-in", data=BEN | {"email": "cora@example.org"})
    assert show_key(browser, key, SECOND).status_code == 422
    assert browser.get("/account").status_code == 302


def test_a_key_that_was_taken_stays_its_owners(
    browser: Browser, session: Session, cast: Cast, key: Key
) -> None:
    signed_in(browser, cast.cora, factor=None)
    assert add_key(browser, key).status_code == 422
    assert session.exec(select(Passkey)).one().account_id == cast.ben.id


def test_the_key_of_a_disabled_account_opens_nothing(
    browser: Browser, session: Session, cast: Cast, key: Key
) -> None:
    browser.post("/sign-out")
    cast.ben.disabled_at = NOW
    session.commit()
    assert show_key(browser, key, "/sign-in").status_code == 422


def test_a_key_that_counts_nothing_is_taken_every_time(
    browser: Browser, session: Session, cast: Cast, key: Key
) -> None:
    for _ in range(2):
        browser.post("/sign-out")
        assert show_key(browser, replace(key, count=-1), "/sign-in").status_code == 303


def test_nobody_names_or_removes_the_key_of_somebody_else(
    browser: Browser, session: Session, cast: Cast, key: Key
) -> None:
    row = session.exec(select(Passkey)).one()
    signed_in(browser, cast.cora, factor=NOW)
    for path in ("", "/remove"):
        assert browser.post(f"/account/passkeys/{row.id}{path}").status_code == 404


def test_the_last_key_stays_and_one_of_two_may_go(
    browser: Browser, session: Session, cast: Cast, key: Key
) -> None:
    row = session.exec(select(Passkey)).one()
    assert browser.post(f"/account/passkeys/{row.id}/remove").status_code == 422
    with_app(session, cast.ben)
    assert browser.post(f"/account/passkeys/{row.id}/remove").status_code == 303
    assert session.exec(select(Passkey)).all() == []


def test_a_site_without_a_name_says_so(
    browser: Browser, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(app, monkeypatch, site_url="http://127.0.0.1:8000")
    signed_in(browser, cast.ben, factor=None)
    assert "need a site with a name" in browser.get("/account/security").text
    assert browser.post("/account/passkeys/ask").status_code == 422
    assert browser.post("/account/passkeys/add", data={"name": "X"}).status_code == 422


def test_a_refused_passkey_writes_no_session(
    browser: Browser, session: Session, cast: Cast, key: Key
) -> None:
    browser.post("/sign-out")
    before = len(session.exec(select(SignIn)).all())
    show_key(browser, replace(key, flags=0x01), "/sign-in")
    assert len(session.exec(select(SignIn)).all()) == before
