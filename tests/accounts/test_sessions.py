from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import Account, SignIn
from asset_hub.core import ids
from tests.cast import NOW, Cast
from tests.conftest import Browser


def opens(session: Session, token: str, *, now: datetime = NOW) -> bool:
    return queries.sign_in_of(session, token, now=now) is not None


def test_a_session_is_a_row_that_holds_only_the_digest(session: Session, cast: Cast) -> None:
    token = service.open_session(session, cast.ben, device="Firefox", now=NOW)

    row = session.exec(select(SignIn)).one()
    assert row.digest == ids.digest(token)
    assert token not in str(row.model_dump())
    found = queries.sign_in_of(session, token, now=NOW)
    assert found is not None
    assert found.account is cast.ben


def test_an_ended_session_opens_nothing(session: Session, cast: Cast) -> None:
    token = service.open_session(session, cast.ben, device="", now=NOW)
    service.end_token(session, token, now=NOW)
    session.expire_all()

    assert not opens(session, token)
    assert not opens(session, "never issued")


def test_a_raised_epoch_ends_every_session(session: Session, cast: Cast) -> None:
    token = service.open_session(session, cast.ben, device="", now=NOW)
    cast.ben.epoch += 1
    session.flush()

    assert not opens(session, token)


def test_a_navigators_session_ends_after_half_a_day_and_a_champions_after_a_month(
    session: Session, cast: Cast
) -> None:
    for account, hours in ((cast.ben, 12), (cast.petra, 12), (cast.cath, 720), (cast.mia, 720)):
        token = service.open_session(session, account, device="", now=NOW)
        limit = NOW + timedelta(hours=hours)
        assert opens(session, token, now=limit)
        assert not opens(session, token, now=limit + timedelta(seconds=1))


def test_a_navigator_signs_in_anew_each_week_however_often_the_session_is_used(
    session: Session, cast: Cast
) -> None:
    for account, lasts in ((cast.ben, False), (cast.cath, True)):
        token = service.open_session(session, account, device="", now=NOW)
        for hours in range(6, 7 * 24 + 1, 6):
            when = NOW + timedelta(hours=hours)
            assert opens(session, token, now=when)
            [row] = queries.sessions_of(session, account, now=when)
            service.seen(session, row.id, every=timedelta(minutes=10), now=when)
        late = NOW + timedelta(days=7, seconds=1)
        assert opens(session, token, now=late) is lasts
        assert bool(queries.sessions_of(session, account, now=late)) is lasts


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda when: monkeypatch.setattr("asset_hub.core.clock.now", lambda: when)


def seen(session: Session, account: Account) -> datetime:
    session.expire_all()
    return session.exec(select(SignIn.seen_at).where(SignIn.account_id == account.id)).one()


def test_looking_at_pages_keeps_a_session_open_with_a_write_every_ten_minutes(
    browser: Browser, session: Session, cast: Cast, at: Callable[[datetime], None]
) -> None:
    browser.sign_in(cast.cath)
    for minutes, noted in ((0, 0), (9, 0), (11, 11), (15, 11), (22, 22)):
        at(NOW + timedelta(minutes=minutes))
        assert browser.get("/account").status_code == 200
        assert seen(session, cast.cath) == NOW + timedelta(minutes=noted)


def test_near_people_a_look_is_noted_each_minute_so_that_the_lock_comes_in_time(
    browser: Browser, session: Session, cast: Cast, at: Callable[[datetime], None]
) -> None:
    browser.sign_in(cast.ben)
    for seconds, noted in ((0, 0), (59, 0), (61, 61), (100, 61), (125, 125)):
        at(NOW + timedelta(seconds=seconds))
        assert browser.get("/account").status_code == 200
        assert seen(session, cast.ben) == NOW + timedelta(seconds=noted)


def test_a_page_is_shown_even_when_the_look_cannot_be_noted(
    browser: Browser,
    cast: Cast,
    at: Callable[[datetime], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser.sign_in(cast.cath)
    at(NOW + timedelta(hours=1))

    def busy(*_: object, **__: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr("asset_hub.accounts.service.seen", busy)
    assert browser.get("/account").status_code == 200


def test_a_copied_cookie_is_worth_nothing_after_signing_out(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.ben)
    with browser.session_transaction() as cookie:
        copied = cookie["_user_id"]

    assert browser.post("/sign-out").status_code == 303
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = copied

    assert browser.get("/account").status_code == 302


def test_ben_sees_his_sessions_and_ends_one(browser: Browser, session: Session, cast: Cast) -> None:
    lost = service.open_session(session, cast.ben, device="Chrome on Android", now=NOW)
    browser.sign_in(cast.ben)
    row = queries.sign_in_of(session, lost, now=NOW)
    assert row is not None

    page = browser.get("/account").text
    assert "Chrome on Android" in page
    assert "This device" in page
    browser.post(f"/account/sessions/{row.id}/end")

    session.expire_all()
    assert not opens(session, lost)
    assert "Chrome on Android" not in browser.get("/account").text


def test_ben_ends_every_session_but_this_one(
    browser: Browser, session: Session, cast: Cast
) -> None:
    others = [service.open_session(session, cast.ben, device="", now=NOW) for _ in range(2)]
    coras = service.open_session(session, cast.cora, device="", now=NOW)
    browser.sign_in(cast.ben)

    browser.post("/account/sessions/end-others")

    session.expire_all()
    assert [opens(session, token) for token in others] == [False, False]
    assert opens(session, coras)
    assert browser.get("/account").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(
    browser: Browser, session: Session, cast: Cast
) -> None:
    coras = service.open_session(session, cast.cora, device="", now=NOW)
    row = queries.sign_in_of(session, coras, now=NOW)
    assert row is not None
    browser.sign_in(cast.ben)

    assert browser.post(f"/account/sessions/{row.id}/end").status_code == 404
    assert opens(session, coras)
