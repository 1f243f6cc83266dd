"""Somebody lost phone and codes: met in person and let in; nobody becomes somebody else by it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import Account, HelpIn, Purpose
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.core.powers import Role
from tests.accounts.factors import code, require, signed_in, with_app, with_codes
from tests.accounts.letters import token_in, waiting
from tests.cast import NOW, PASSWORD, Cast
from tests.conftest import Browser

BEN = {"email": "ben@example.org", "password": PASSWORD}
SECOND = "/sign-in/second-step"
SECRET = re.compile(r"<strong[^>]*>([0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})</strong>")


def page_of(account: Account) -> str:
    return f"/team/accounts/{account.id}/help-in"


def test_cora_meets_ben_who_signs_in_once_and_sets_up_a_new_phone(
    browser: Browser, session: Session, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(app, monkeypatch)
    lost = with_app(session, cast.ben)
    [paper, *_] = with_codes(session, cast.ben)
    elsewhere = service.open_session(session, cast.ben, device="", now=NOW)
    signed_in(browser, cast.cora)
    assert page_of(cast.ben) in browser.get("/team").text
    assert "Make sure that it is them" in browser.get(page_of(cast.ben)).text
    [secret] = SECRET.findall(browser.post(page_of(cast.ben)).text)
    assert queries.sign_in_of(session, elsewhere, now=NOW) is None
    browser.post("/sign-out")

    assert browser.post("/sign-in", data=BEN).location == SECOND
    assert browser.post(f"{SECOND}?lost=1", data={"code": secret}).location == "/account/security"
    assert browser.get("/people").location.startswith("/account/security")
    session.expire_all()
    assert not queries.has_factor(session, cast.ben)
    browser.post("/account/authenticator/begin")
    fresh = queries.unconfirmed_authenticator(session, cast.ben)
    assert fresh
    browser.post("/account/authenticator", data={"code": code(fresh.secret)})
    assert browser.get("/people").status_code == 200

    browser.post("/sign-out")
    browser.post("/sign-in", data=BEN)
    for worthless in (secret, paper, code(lost)):
        assert browser.post(SECOND, data={"code": worthless}).status_code == 422
    kinds = [kind for kind, to in waiting(session) if to == "ben@example.org"]
    assert "account-help-in" in kinds
    told = session.exec(select(AuditEntry).where(AuditEntry.action == "help in")).one()
    assert (told.by_id, told.subject_id) == (cast.cora.id, cast.ben.id)


def test_until_it_is_used_the_old_phone_still_works(session: Session, cast: Cast) -> None:
    secret = with_app(session, cast.ben)
    assert service.help_in(session, cast.ben, by=cast.cora, now=NOW)
    service.show_code(session, cast.ben, code=code(secret), now=NOW, at_the_door=True)


def use(session: Session, account: Account, secret: str, **how: object) -> service.Way:
    when = NOW + timedelta(hours=float(str(how.get("hours", 0))))
    return service.show_code(session, account, code=secret, now=when, at_the_door=True)


def test_the_code_works_a_day_once_and_only_at_the_door(session: Session, cast: Cast) -> None:
    with_app(session, cast.ben)
    secret = service.help_in(session, cast.ben, by=cast.cora, now=NOW)
    with pytest.raises(RuleBroken):
        service.show_code(session, cast.ben, code=secret, now=NOW)  # at a locked screen
    with pytest.raises(RuleBroken):
        use(session, cast.ben, secret, hours=24)
    with pytest.raises(RuleBroken):
        use(session, cast.cora, secret)
    assert use(session, cast.ben, secret, hours=23) is service.Way.HELP
    with_app(session, cast.ben)
    with pytest.raises(RuleBroken):
        use(session, cast.ben, secret)


def test_a_second_code_ends_the_first(session: Session, cast: Cast) -> None:
    with_app(session, cast.ben)
    first = service.help_in(session, cast.ben, by=cast.cora, now=NOW)
    second = service.help_in(session, cast.ben, by=cast.cora, now=NOW)
    with pytest.raises(RuleBroken):
        use(session, cast.ben, first)
    assert use(session, cast.ben, second) is service.Way.HELP


def test_who_helps_cannot_set_the_password_by_mail_and_become_the_one_helped(
    browser: Browser, session: Session, cast: Cast
) -> None:
    """Cora can read Ben's mail, which is a shared one. She still needs his password."""
    with_app(session, cast.ben)
    secret = service.help_in(session, cast.ben, by=cast.cora, now=NOW)
    service.ask_reset(session, email="ben@example.org", now=NOW)
    session.commit()
    browser.post(f"/new-password/{token_in(session)}", data={"password": "a whole new horse"})
    browser.post("/sign-in", data=BEN | {"password": "a whole new horse"})
    assert browser.post(SECOND, data={"code": secret}).status_code == 422


def test_nor_the_other_way_round(session: Session, cast: Cast) -> None:
    """A password set by mail first: for a week a second person has to have met him too."""
    with_app(session, cast.ben)
    service.ask_reset(session, email="ben@example.org", now=NOW)
    link = queries.open_link(session, token_in(session), Purpose.RESET, now=NOW)
    assert link
    service.reset_password(session, link, password="a whole new horse", now=NOW)
    assert service.help_in(session, cast.ben, by=cast.cora, now=NOW) == ""
    assert service.help_in(session, cast.ben, by=cast.cora, now=NOW) == "", "twice is not two"
    assert service.help_in(session, cast.ben, by=cast.ada, now=NOW)
    week = NOW + timedelta(days=8)
    assert service.help_in(session, cast.ben, by=cast.cora, now=week)


def test_an_administrator_alone_gets_nobody_in_who_reads_about_people(
    browser: Browser, session: Session, cast: Cast
) -> None:
    with_app(session, cast.ben)
    signed_in(browser, cast.ada)
    assert "A second person has to agree" in browser.get(page_of(cast.ben)).text
    for _ in range(2):
        answer = browser.post(page_of(cast.ben))
        assert answer.location == page_of(cast.ben)
    assert "You have said that you met them" in browser.get(page_of(cast.ben)).text
    assert [row.digest for row in session.exec(select(HelpIn)).all()] == [None]

    signed_in(browser, cast.cora)
    assert "Ada met Ben" in browser.get(page_of(cast.ben)).text
    assert SECRET.findall(browser.post(page_of(cast.ben)).text)
    row = session.exec(select(HelpIn)).one()
    assert (row.by_id, row.second_id) == (cast.ada.id, cast.cora.id)


def test_what_one_said_yesterday_is_not_agreed_to_today(session: Session, cast: Cast) -> None:
    with_app(session, cast.cora)
    later = NOW + timedelta(hours=24)
    other = cast.account("Alf", Role.ADMIN)
    assert service.help_in(session, cast.cora, by=cast.ada, now=NOW) == ""
    assert service.help_in(session, cast.cora, by=other, now=later) == ""


def test_a_coordinator_alone_helps_only_who_reads_no_more_than_they_do(
    session: Session, cast: Cast
) -> None:
    with_app(session, cast.ben)
    service.grant(
        session, cast.ben, Role.NAVIGATOR, place={"community_id": cast.elsewhere.id}, by=None,
        now=NOW,
    )  # fmt: skip
    session.refresh(cast.ben)
    assert service.help_in(session, cast.ben, by=cast.cora, now=NOW) == ""
    assert service.help_in(session, cast.ben, by=cast.dora, now=NOW)


def test_a_practice_lead_helps_colleagues_and_two_help_the_data_protection_lead(
    session: Session, cast: Cast
) -> None:
    dee = cast.account("Dee", Role.DATA_PROTECTION, cast.surgery)
    for account in (cast.petra, dee):
        with_app(session, account)
    assert service.help_in(session, cast.petra, by=cast.lee, now=NOW)
    assert service.help_in(session, dee, by=cast.lee, now=NOW) == ""


@pytest.mark.parametrize(
    ("by", "whom"),
    [("cora", "cora"), ("cora", "dev"), ("cora", "petra"), ("lee", "pip"), ("ben", "cora"),
     ("dora", "ben"), ("cora", "mia"), ("ada", "ada"), ("otto", "mia")],
)  # fmt: skip
def test_nobody_helps_oneself_or_beyond_ones_reach(
    session: Session, cast: Cast, by: str, whom: str
) -> None:
    account = getattr(cast, whom)
    with_app(session, account)
    with pytest.raises(Missing):
        service.help_in(session, account, by=getattr(cast, by), now=NOW)


def test_an_administrator_helps_a_member_alone(session: Session, cast: Cast) -> None:
    with_app(session, cast.mia)
    assert service.help_in(session, cast.mia, by=cast.ada, now=NOW)


def test_who_has_no_second_step_needs_no_code(
    browser: Browser, session: Session, cast: Cast
) -> None:
    signed_in(browser, cast.cora)
    assert "has no second step" in browser.get(page_of(cast.ben)).text
    assert browser.post(page_of(cast.ben)).status_code == 422
    assert session.exec(select(HelpIn)).all() == []


def test_helping_asks_again_who_one_is(
    browser: Browser, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_app(session, cast.ben)
    signed_in(browser, cast.cora)
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + timedelta(minutes=11))
    assert browser.get(page_of(cast.ben)).location.startswith("/show-again")
    assert browser.post(page_of(cast.ben)).location.startswith("/show-again")
    assert session.exec(select(HelpIn)).all() == []


def test_whoever_runs_the_server_helps_when_nobody_else_is_left(
    app: Flask, session: Session, cast: Cast
) -> None:
    with_app(session, cast.cora)
    result = app.test_cli_runner().invoke(args=["accounts", "help-in", "cora@example.org"])
    assert result.exit_code == 0
    [secret] = re.findall(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}", result.output)
    assert use(session, cast.cora, secret) is service.Way.HELP
    assert ("account-help-in", "cora@example.org") in waiting(session)
    unknown = app.test_cli_runner().invoke(args=["accounts", "help-in", "x@example.org"])
    assert unknown.exit_code == 1
