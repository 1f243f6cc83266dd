"""A code from an app: set up, asked for, taken once."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import Authenticator, SignIn, SignInStep
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import RuleBroken
from tests.accounts.factors import code, codes_on, require, row_of, signed_in, with_app, with_codes
from tests.accounts.letters import token_in, waiting
from tests.cast import NOW, PASSWORD, Cast
from tests.conftest import Browser

BEN = {"email": "ben@example.org", "password": PASSWORD}
SECOND = "/sign-in/second-step"


def half_way(browser: Browser, onward: str = "") -> None:
    answer = browser.post("/sign-in", query_string={"next": onward}, data=BEN)
    assert answer.location == SECOND


def test_ben_sets_up_an_app_prints_his_codes_and_goes_on_to_his_work(
    browser: Browser, session: Session, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(app, monkeypatch)
    landed = browser.post("/sign-in", query_string={"next": "/people"}, data=BEN)
    assert landed.location == "/account/security"
    assert "Set up a second step first" in browser.get("/account/security").text

    assert browser.post("/account/authenticator/begin").location == "/account/authenticator"
    page = browser.get("/account/authenticator").text
    row = session.exec(select(Authenticator)).one()
    assert queries.in_groups(row.secret) in page
    assert "<svg" in page
    assert "style=" not in page
    assert row.secret.encode() not in row.secret_sealed

    assert browser.post("/account/authenticator", data={"code": "000 000"}).status_code == 422
    assert browser.get("/people").location.startswith("/account/security")
    before = row_of(browser).digest
    done = browser.post("/account/authenticator", data={"code": code(row.secret)})
    assert done.location == "/account/recovery-codes"
    assert row_of(browser).digest != before, "the cookie of before opens nothing more"

    with browser.session_transaction() as cookie:
        assert cookie["onward"] == "/people"
    offered = browser.get("/account/recovery-codes").text
    once = offered.split('name="once" type="hidden" value="')[1].split('"')[0]
    shown = browser.post("/account/recovery-codes", data={"once": once}).text
    assert len(set(codes_on(shown))) == 10
    assert 'href="/people"' in shown
    assert browser.get("/people").status_code == 200
    assert [kind for kind, _ in waiting(session)] == [
        "account-new-device", "account-factor-changed", "account-factor-changed",
    ]  # fmt: skip


def test_the_same_press_twice_shows_the_same_ten_codes(session: Session, cast: Cast) -> None:
    with_app(session, cast.ben)
    first = with_codes(session, cast.ben, once="one")
    assert with_codes(session, cast.ben, once="one") == first
    assert not set(with_codes(session, cast.ben, once="two")) & set(first)
    assert queries.codes_left(session, cast.ben) == 10


def test_codes_are_kept_as_keyed_hashes_alone(session: Session, cast: Cast) -> None:
    with_app(session, cast.ben)
    codes = with_codes(session, cast.ben)
    kept = queries.code_digests(session, cast.ben)
    assert len(kept) == 10
    assert not [one for one in codes for digest in kept if one.replace("-", "") in digest]


def test_signing_in_with_a_code_leads_on_and_nobody_is_in_before_it(
    browser: Browser, session: Session, cast: Cast
) -> None:
    secret = with_app(session, cast.ben)
    half_way(browser, "/people?page=2")

    assert browser.get("/account").location == "/sign-in?next=/account"
    assert session.exec(select(SignIn)).all() == []
    page = browser.get(SECOND).text
    assert 'inputmode="numeric"' in page
    assert 'autocomplete="one-time-code"' in page
    answer = browser.post(SECOND, data={"code": f" {code(secret)[:3]} {code(secret)[3:]} "})

    assert answer.location == "/people?page=2"
    assert row_of(browser).factor_at == NOW
    assert session.exec(select(SignInStep)).all() == []
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "sign in")).one()
    assert entry.detail == {"factor": True}


def test_nothing_from_before_the_second_step_lives_on(
    browser: Browser, session: Session, cast: Cast
) -> None:
    secret = with_app(session, cast.ben)
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["planted"] = "fixed", "here"
    half_way(browser)
    with browser.session_transaction() as cookie:
        half, before = cookie["half"], cookie.get("csrf_token")
    browser.post(SECOND, data={"code": code(secret)})

    with browser.session_transaction() as cookie:
        assert cookie["_user_id"] not in {"fixed", half}
        assert "planted" not in cookie
        assert "half" not in cookie
        assert before is None or cookie.get("csrf_token") != before


def test_a_half_way_cookie_that_was_copied_is_worth_nothing_afterwards(
    browser: Browser, session: Session, cast: Cast
) -> None:
    secret = with_app(session, cast.ben)
    half_way(browser)
    with browser.session_transaction() as cookie:
        copied = cookie["half"]
    browser.post(SECOND, data={"code": code(secret)})
    thief: FlaskClient = browser.application.test_client()
    thief.session = session  # type: ignore[attr-defined]
    with thief.session_transaction() as cookie:
        cookie["half"] = copied
    assert thief.post(SECOND, data={"code": code(secret, by=1)}).location.startswith("/sign-in")


def test_a_code_is_taken_once_and_none_before_it(session: Session, cast: Cast) -> None:
    secret = with_app(session, cast.ben)
    service.show_code(session, cast.ben, code=code(secret), now=NOW)
    for by in (0, -1):
        with pytest.raises(RuleBroken, match="has been used"):
            service.show_code(session, cast.ben, code=code(secret, by=by), now=NOW)
    service.show_code(session, cast.ben, code=code(secret, by=1), now=NOW)


@pytest.mark.parametrize(
    ("by", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_half_a_minute_off(
    session: Session, cast: Cast, by: int, taken: bool
) -> None:
    secret = with_app(session, cast.ben)
    if taken:
        service.show_code(session, cast.ben, code=code(secret, by=by), now=NOW)
    else:
        with pytest.raises(RuleBroken):
            service.show_code(session, cast.ben, code=code(secret, by=by), now=NOW)


def test_an_app_of_which_no_code_was_typed_counts_for_nothing(
    browser: Browser, session: Session, cast: Cast
) -> None:
    service.begin_authenticator(session, cast.ben, now=NOW)
    session.commit()
    assert not queries.has_factor(session, cast.ben)
    assert browser.post("/sign-in", data=BEN).location == "/today"


def test_a_new_phone_replaces_the_old_one_only_once_its_code_is_right(
    browser: Browser, session: Session, cast: Cast
) -> None:
    old = with_app(session, cast.ben)
    elsewhere = service.open_session(session, cast.ben, device="", now=NOW)
    signed_in(browser, cast.ben)
    browser.post("/account/authenticator/begin")
    service.show_code(session, cast.ben, code=code(old), now=NOW)
    session.commit()
    fresh = queries.unconfirmed_authenticator(session, cast.ben)
    assert fresh

    browser.post("/account/authenticator", data={"code": code(fresh.secret)})

    session.expire_all()
    with pytest.raises(RuleBroken):
        service.show_code(session, cast.ben, code=code(old, by=1), now=NOW)
    assert session.exec(select(Authenticator)).one().confirmed_at
    assert queries.sign_in_of(session, elsewhere, now=NOW) is None
    assert browser.get("/account").status_code == 200


def test_a_recovery_code_lets_in_once_in_any_spelling_and_says_what_is_left(
    browser: Browser, session: Session, cast: Cast
) -> None:
    with_app(session, cast.ben)
    [one, *_] = with_codes(session, cast.ben)
    half_way(browser)
    assert "recovery code" in browser.get(SECOND).text
    assert "Recovery code" in browser.get(f"{SECOND}?lost=1").text
    typed = one.upper().replace("-", " ").replace("0", "O").replace("1", "l")
    assert browser.post(f"{SECOND}?lost=1", data={"code": typed}).location == "/today"
    assert "You have 9 recovery codes left" in browser.get("/account").text
    assert waiting(session)[-2:][0][0] == "account-factor-changed"

    browser.post("/sign-out")
    half_way(browser)
    refused = browser.post(f"{SECOND}?lost=1", data={"code": one})
    assert refused.status_code == 422
    assert "not one of your codes" in refused.text


def test_somebody_elses_recovery_code_opens_nothing(session: Session, cast: Cast) -> None:
    with_app(session, cast.cora)
    with_app(session, cast.ben)
    [coras, *_] = with_codes(session, cast.cora)
    with pytest.raises(RuleBroken):
        service.show_code(session, cast.ben, code=coras, now=NOW)
    assert queries.codes_left(session, cast.cora) == 10


@pytest.mark.parametrize(("used", "warned"), [(6, False), (7, True), (10, True)])
def test_somebody_is_warned_when_three_codes_are_left(
    browser: Browser, session: Session, cast: Cast, used: int, warned: bool
) -> None:
    with_app(session, cast.ben)
    for one in with_codes(session, cast.ben)[:used]:
        service.show_code(session, cast.ben, code=one, now=NOW)
    signed_in(browser, cast.ben)
    page = browser.get("/account/security").text
    assert ("Make new ones now" in page or "You have no recovery codes" in page) is warned


def test_the_last_factor_stays_where_the_role_wants_one(
    browser: Browser, session: Session, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_app(session, cast.ben)
    signed_in(browser, cast.ben)
    require(app, monkeypatch)
    refused = browser.post("/account/authenticator/remove")
    assert refused.status_code == 422
    assert "Add another one" in refused.text
    assert queries.has_factor(session, cast.ben)


def test_a_champion_may_set_one_up_and_take_it_away(
    browser: Browser, session: Session, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(app, monkeypatch)
    with_app(session, cast.cath)
    with_codes(session, cast.cath)
    signed_in(browser, cast.cath)
    assert browser.post("/account/authenticator/remove").status_code == 303
    session.expire_all()
    assert not queries.has_factor(session, cast.cath)
    assert queries.codes_left(session, cast.cath) == 0


def test_who_knows_the_password_alone_gets_few_tries_and_the_owner_hears_of_it(
    browser: Browser, session: Session, cast: Cast
) -> None:
    secret = with_app(session, cast.ben)
    half_way(browser)
    for _ in range(5):
        assert browser.post(SECOND, data={"code": "000000"}).status_code == 422
    assert waiting(session) == [("account-code-guessed", "ben@example.org")]
    stopped = browser.post(SECOND, data={"code": code(secret)})
    assert stopped.location.startswith("/sign-in")
    assert browser.get("/account").status_code == 302

    half_way(browser)
    for _ in range(4):
        browser.post(SECOND, data={"code": "000000"})
    assert browser.post(SECOND, data={"code": code(secret)}).status_code == 429


def test_guesses_elsewhere_never_shut_out_a_device_that_was_here_before(
    browser: Browser, session: Session, cast: Cast
) -> None:
    secret = with_app(session, cast.ben)
    half_way(browser)
    browser.post(SECOND, data={"code": code(secret)})
    browser.post("/sign-out")
    for _ in range(9):
        service.count_code(session, account_id=str(cast.ben.id), device=None, now=NOW)
    session.commit()
    half_way(browser)
    assert browser.post(SECOND, data={"code": code(secret, by=1)}).location == "/today"


def test_before_the_password_is_right_nobody_can_tell_who_has_a_second_step(
    browser: Browser, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_app(session, cast.ben)
    asked: list[str] = []
    monkeypatch.setattr(
        "asset_hub.accounts.queries.has_factor", lambda _, account: asked.append(account.name)
    )
    pages = set()
    for name in ("ben", "cora", "nobody"):
        form = {"email": f"{name}@example.org", "password": "wrong horse battery"}
        answer = browser.post("/sign-in", data=form)
        assert answer.status_code == 422
        pages.add((answer.text.count("govuk-error"), len(answer.text.replace(name, ""))))
    assert len({errors for errors, _ in pages}) == 1
    assert asked == []
    assert browser.get(SECOND).location == "/sign-in"


def test_the_second_step_is_too_late_after_ten_minutes(
    browser: Browser, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = with_app(session, cast.ben)
    half_way(browser)
    late = NOW + timedelta(minutes=10)
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: late)
    answer = browser.post(SECOND, data={"code": code(secret, now=late)})
    assert answer.location == "/sign-in"


def test_a_new_password_ends_what_was_half_way(
    browser: Browser, session: Session, cast: Cast
) -> None:
    secret = with_app(session, cast.ben)
    half_way(browser)
    service.change_password(
        session, cast.ben, password=PASSWORD, new_password="a whole new horse", token="", now=NOW
    )
    session.commit()
    assert browser.post(SECOND, data={"code": code(secret)}).location == "/sign-in"


def test_a_password_set_anew_by_mail_still_asks_for_the_second_step(
    browser: Browser, session: Session, cast: Cast
) -> None:
    with_app(session, cast.ben)
    service.ask_reset(session, email=BEN["email"], now=NOW)
    session.commit()
    browser.post(f"/new-password/{token_in(session)}", data={"password": "a whole new horse"})
    answer = browser.post("/sign-in", data=BEN | {"password": "a whole new horse"})
    assert answer.location == SECOND
    assert session.exec(select(SignIn).where(col(SignIn.ended_at).is_(None))).all() == []
