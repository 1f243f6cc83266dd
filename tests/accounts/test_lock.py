"""A screen left alone is covered, and nothing typed is lost; and: show again who you are."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import HeldForm, SignIn
from tests.accounts.factors import code, require, row_of, signed_in, with_app, with_codes
from tests.cast import NOW, PASSWORD, Cast
from tests.conftest import Browser

At = Callable[[datetime], None]
LATE = NOW + timedelta(minutes=20, seconds=1)
NOTE = "She laughed, and wants to sing again"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    return lambda when: monkeypatch.setattr("asset_hub.core.clock.now", lambda: when)


def test_a_screen_near_people_locks_after_twenty_minutes_and_a_champions_does_not(
    browser: Browser, cast: Cast, at: At
) -> None:
    for account, after in ((cast.ben, "/locked?next=/account"), (cast.cath, None)):
        at(NOW)
        signed_in(browser, account)
        at(NOW + timedelta(minutes=20))
        row_of(browser)
        assert queries.locks_at(row_of(browser)) == (LATE - timedelta(seconds=1) if after else None)
        at(LATE)
        assert browser.get("/account").location == after


def test_to_a_public_page_nobody_is_signed_in_behind_the_lock(
    browser: Browser, cast: Cast, at: At
) -> None:
    signed_in(browser, cast.cora)
    path = f"/groups/{cast.choir.id}"
    assert "Sign out" in browser.get(path).text
    at(LATE)
    page = browser.get(path).text
    assert "Cora" not in page
    assert "olive@choir.example" not in page


def test_the_password_unlocks_and_leads_on_with_another_cookie(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    signed_in(browser, cast.ben)
    before = row_of(browser)
    digest = before.digest
    at(LATE)
    page = browser.get("/locked?next=/people")
    assert page.status_code == 200
    assert "This screen is locked" in page.text
    assert "Today" not in page.text
    wrong = browser.post("/locked?next=/people", data={"password": "wrong horse battery"})
    assert wrong.status_code == 422
    assert browser.get("/people").status_code == 302

    assert browser.post("/locked?next=/people", data={"password": PASSWORD}).location == "/people"

    assert row_of(browser).id == before.id
    assert row_of(browser).digest != digest
    assert browser.get("/people").status_code == 200


def test_a_code_unlocks_too_but_not_the_one_of_before(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    secret = with_app(session, cast.ben)
    signed_in(browser, cast.ben)
    at(LATE)
    assert browser.post("/locked", data={"code": code(secret)}).status_code == 422
    assert browser.post("/locked", data={"code": code(secret, now=LATE)}).location == "/today"


def test_guesses_at_a_locked_screen_shut_out_that_screen_alone(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    signed_in(browser, cast.ben)
    at(LATE)
    for _ in range(10):
        service.count_proof(session, session_id=str(row_of(browser).id), now=LATE)
    session.commit()
    assert browser.post("/locked", data={"password": PASSWORD}).status_code == 429
    fresh = {"email": "ben@example.org", "password": PASSWORD}
    assert browser.post("/sign-in", data=fresh).status_code == 303


def test_a_form_sent_from_a_locked_screen_is_carried_on_after_unlocking(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    rose = cast.person()
    signed_in(browser, cast.ben)
    path = f"/people/{rose.id}/change"
    form = browser.get(path).text
    fields = dict(re.findall(r'name="([a-z_]+)"[^>]* value="([^"]*)"', form))
    at(LATE)
    sent = browser.post(path, data=fields | {"matters": NOTE, "password": "typed by mistake"})
    assert sent.location == "/locked?next=/carry-on"
    held = session.exec(select(HeldForm)).one()
    assert NOTE.encode() not in held.content_sealed
    assert "typed by mistake" not in held.content
    assert NOTE not in browser.get("/locked").text

    assert browser.post(sent.location, data={"password": PASSWORD}).location == "/carry-on"
    page = browser.get("/carry-on").text
    assert NOTE in page
    assert f'action="{path}"' in page
    [key] = re.findall(r'name="held_form" value="([^"]+)"', page)
    assert rose.matters != NOTE, "nothing is done before its owner presses the button"

    again = dict(re.findall(r'name="([a-z_]+)"[^>]*>\n?([^<]*)</textarea>', page))
    assert again["matters"] == NOTE
    done = browser.post(path, data=fields | again | {"held_form": key})
    assert done.location == f"/people/{rose.id}"
    session.expire_all()
    assert rose.matters == NOTE
    assert session.exec(select(HeldForm)).all() == []


def test_what_waits_may_be_thrown_away_and_belongs_to_its_session(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    rose = cast.person()
    signed_in(browser, cast.ben)
    at(LATE)
    browser.post(f"/people/{rose.id}/change", data={"matters": NOTE})
    key = session.exec(select(HeldForm.id)).one()
    with browser.session_transaction() as cookie:
        bens = cookie["_user_id"]

    at(NOW)
    signed_in(browser, cast.cora)
    assert NOTE not in browser.get("/carry-on").text
    browser.post(f"/carry-on/{key}/throw-away")
    browser.post("/still-here", data={"held_form": str(key)})
    assert session.exec(select(HeldForm.id)).all() == [key]

    with browser.session_transaction() as cookie:
        cookie["_user_id"] = bens
    browser.post(f"/carry-on/{key}/throw-away")
    assert session.exec(select(HeldForm)).all() == []


def test_who_signs_in_anew_in_the_same_browser_finds_what_was_typed(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    rose = cast.person()
    for who, found in ((cast.ben, True), (cast.cora, False)):
        at(NOW)
        signed_in(browser, cast.ben)
        at(LATE)
        browser.post(f"/people/{rose.id}/change", data={"matters": NOTE})
        form = {"email": who.email, "password": PASSWORD}
        assert (browser.post("/sign-in", data=form).location == "/carry-on") is found
        assert (NOTE in browser.get("/carry-on").text) is found


def test_what_nobody_came_back_for_is_forgotten(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    rose = cast.person()
    signed_in(browser, cast.ben)
    at(LATE)
    browser.post(f"/people/{rose.id}/change", data={"matters": NOTE})
    row = row_of(browser)
    assert service.held(session, row, now=LATE + timedelta(hours=12)) == []
    service.tidy(session, now=LATE + timedelta(hours=12, seconds=1))
    session.commit()
    assert session.exec(select(HeldForm)).all() == []


def test_more_than_can_be_kept_is_given_back_at_once(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    rose = cast.person()
    signed_in(browser, cast.ben)
    at(LATE)
    page = browser.post(f"/people/{rose.id}/change", data={"matters": "a" * 250_000})
    assert page.status_code == 401
    assert "aaaa" in page.text
    for _ in range(5):
        assert browser.post("/people/add", data={"name": "Al"}).status_code == 303
    assert browser.post("/people/add", data={"name": "Al"}).status_code == 401


def test_a_script_that_looks_again_keeps_no_screen_open_but_typing_does(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    signed_in(browser, cast.ben)
    script = {"Sec-Fetch-Dest": "empty"}
    at(NOW + timedelta(minutes=15))
    assert browser.get("/still-here", headers=script).get_json() == {"locks_in": 300}
    browser.get("/account", headers=script)
    assert row_of(browser).seen_at == NOW
    assert browser.post("/still-here", headers=script).get_json() == {"locks_in": 1200}
    at(NOW + timedelta(minutes=34))
    assert browser.get("/account").status_code == 200
    at(NOW + timedelta(minutes=55))
    assert browser.post("/still-here", headers=script).status_code == 401


def test_only_pages_of_a_screen_that_locks_carry_the_cover(browser: Browser, cast: Cast) -> None:
    assert "js/lock.js" not in browser.get("/roles").text
    signed_in(browser, cast.cath)
    assert "js/lock.js" not in browser.get("/roles").text
    signed_in(browser, cast.ben)
    page = browser.get("/roles").text
    assert "js/lock.js" in page
    assert 'data-locks-in="1200"' in page


def test_somebody_else_at_a_locked_screen_signs_its_owner_out(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    signed_in(browser, cast.petra)
    at(LATE)
    assert "Are you not Petra?" in browser.get("/locked").text
    browser.post("/sign-out")
    assert session.exec(select(SignIn)).one().ended_at == LATE
    assert browser.get("/locked").location.startswith("/sign-in")


# Shown again


def test_an_export_asks_again_after_ten_minutes(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    signed_in(browser, cast.cora)
    assert browser.get("/export/patch.csv").status_code == 200
    at(NOW + timedelta(minutes=10, seconds=1))
    asked = browser.get("/export/patch.csv?x=1")
    assert asked.location == "/show-again?by=any&next=/export/patch.csv?x%3D1"
    assert browser.get(asked.location).status_code == 200
    wrong = browser.post(asked.location, data={"password": "wrong horse battery"})
    assert wrong.status_code == 422
    before = row_of(browser).digest
    ready = browser.post(asked.location, data={"password": PASSWORD})
    assert "Your file is ready" in ready.text
    assert row_of(browser).digest != before
    assert browser.get("/export/patch.csv").status_code == 200


def test_asking_again_never_leads_elsewhere(browser: Browser, cast: Cast) -> None:
    signed_in(browser, cast.cora)
    for path in ("/show-again", "/locked"):
        answer = browser.post(f"{path}?next=//evil.example", data={"password": PASSWORD})
        assert answer.location.startswith("/")
        assert "evil" not in answer.location


def test_a_stolen_cookie_changes_no_factor(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    with_app(session, cast.ben)
    with_codes(session, cast.ben)
    signed_in(browser, cast.ben)
    at(NOW + timedelta(minutes=11))
    for path in (
        "authenticator/begin", "authenticator", "authenticator/remove", "passkeys/add",
        "recovery-codes",
    ):  # fmt: skip
        answer = browser.post(f"/account/{path}", data={"name": "X", "once": "y", "answer": "{}"})
        assert answer.location.startswith("/show-again"), path
    assert browser.post("/account/passkeys/ask").status_code == 303
    session.expire_all()
    assert queries.has_factor(session, cast.ben)
    assert queries.unconfirmed_authenticator(session, cast.ben) is None


def test_a_stolen_cookie_and_a_stolen_password_change_no_factor_either(
    browser: Browser, session: Session, cast: Cast, at: At
) -> None:
    secret = with_app(session, cast.ben)
    signed_in(browser, cast.ben)
    late = NOW + timedelta(minutes=11)
    at(late)
    again = browser.get("/account/recovery-codes").location
    assert "by=factor" in again
    assert 'for="password"' not in browser.get(again).text
    assert browser.post(again, data={"password": PASSWORD}).status_code == 422
    browser.post("/show-again", data={"password": PASSWORD})
    assert browser.get("/account/recovery-codes").location == again
    done = browser.post(again, data={"code": code(secret, now=late)})
    assert done.location == "/account/recovery-codes"
    assert browser.get("/account/recovery-codes").status_code == 200


def test_a_wrong_first_code_is_not_guessed_at_an_open_screen(
    browser: Browser, session: Session, cast: Cast
) -> None:
    signed_in(browser, cast.ben)
    browser.post("/account/authenticator/begin")
    for _ in range(10):
        browser.post("/account/authenticator", data={"code": "000000"})
    assert browser.post("/account/authenticator", data={"code": "000000"}).status_code == 429


def test_the_lock_holds_for_who_has_yet_to_set_one_up(
    browser: Browser, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch, at: At
) -> None:
    require(app, monkeypatch)
    signed_in(browser, cast.ben, factor=None)
    at(LATE)
    assert browser.get("/account/security").location.startswith("/locked")
