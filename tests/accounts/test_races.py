"""Two at once with one code: one is let in. Commits land, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlmodel import Session, select

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import Account, RecoveryCode, SignIn
from asset_hub.core import db
from asset_hub.core.errors import RuleBroken
from tests.accounts.factors import code, with_app, with_codes
from tests.cast import NOW, PASSWORD
from tests.conftest import Landing

pytestmark = pytest.mark.faults
AT_ONCE = 6


def at_once(app: Flask, do: Callable[[Session, Account], object]) -> list[object]:
    """Let several transactions try the same; return what each came to."""
    together = Barrier(AT_ONCE)

    def one(_: int) -> object:
        with app.app_context():
            try:
                together.wait()
                with db.transaction() as session:
                    ben = queries.by_email(session, "ben@example.org")
                    assert ben
                    return do(session, ben)
            except RuleBroken:
                return "refused"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_one_code_of_the_app_lets_in_one(landing: Landing) -> None:
    app, cast = landing
    secret = with_app(cast.session, cast.ben)
    came = at_once(app, lambda s, ben: service.show_code(s, ben, code=code(secret), now=NOW))
    assert sorted(map(str, came)) == ["app", *["refused"] * (AT_ONCE - 1)]


def test_one_recovery_code_lets_in_one(landing: Landing) -> None:
    app, cast = landing
    with_app(cast.session, cast.ben)
    [one, *_] = with_codes(cast.session, cast.ben)
    came = at_once(app, lambda s, ben: service.show_code(s, ben, code=one, now=NOW))
    assert sorted(map(str, came)) == ["recovery", *["refused"] * (AT_ONCE - 1)]
    cast.session.expire_all()
    assert queries.codes_left(cast.session, cast.ben) == 9


def test_one_helpers_code_lets_in_one(landing: Landing) -> None:
    app, cast = landing
    with_app(cast.session, cast.ben)
    secret = service.help_in(cast.session, cast.ben, by=cast.cora, now=NOW)
    cast.session.commit()
    came = at_once(
        app, lambda s, ben: service.show_code(s, ben, code=secret, now=NOW, at_the_door=True)
    )
    assert sorted(map(str, came)) == ["help", *["refused"] * (AT_ONCE - 1)]


def test_pressing_twice_leaves_the_ten_codes_that_are_shown(landing: Landing) -> None:
    app, cast = landing
    with_app(cast.session, cast.ben)
    came = at_once(app, lambda s, ben: tuple(service.renew_codes(s, ben, once="one", now=NOW)))
    assert len(set(came)) == 1
    cast.session.expire_all()
    assert len(cast.session.exec(select(RecoveryCode)).all()) == 10


def test_a_code_sent_twice_by_one_browser_opens_one_session(landing: Landing) -> None:
    app, cast = landing
    secret = with_app(cast.session, cast.ben)
    client = app.test_client()
    client.post("/sign-in", data={"email": "ben@example.org", "password": PASSWORD})
    with client.session_transaction() as cookie:
        half = cookie["half"]
    together = Barrier(AT_ONCE)

    def one(_: int) -> int:
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["half"] = half
        together.wait()
        answer = browser.post("/sign-in/second-step", data={"code": code(secret)})
        return answer.status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        came = list(pool.map(one, range(AT_ONCE)))
    assert 303 in came
    cast.session.expire_all()
    assert len(cast.session.exec(select(SignIn)).all()) == 1
