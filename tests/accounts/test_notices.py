"""What an owner is told of, and what goes with an account."""

import pytest
from sqlmodel import Session, SQLModel, select

from asset_hub.accounts import models, service
from asset_hub.accounts.models import Account, SignIn
from asset_hub.accounts.service import tidying
from asset_hub.core.outbox import Message
from tests.accounts.factors import signed_in, with_app, with_codes
from tests.accounts.letters import delivered, text_of, token_in, waiting
from tests.cast import NOW, PASSWORD, Cast
from tests.conftest import Browser

BEN = {"email": "ben@example.org", "password": PASSWORD}
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}
NIGHT = NOW.replace(hour=23)


def test_a_new_device_is_told_of_and_one_that_was_here_is_not(
    browser: Browser, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post("/sign-in", data=BEN, headers=FIREFOX)
    browser.post("/sign-out")
    browser.post("/sign-in", data=BEN, headers=FIREFOX)
    assert waiting(session) == [("account-new-device", "ben@example.org")]

    [letter] = delivered(monkeypatch)

    assert letter["Subject"] == "A new device signed in to your account"
    words = text_of(letter)
    assert "Hello Ben," in words
    assert "Firefox on Linux" in words
    assert "Monday 7 September 2026 at 10:30am" in words
    assert "/forgotten-password" in words
    assert "choose a new password now" in words


def test_it_is_told_at_night_too_for_somebody_just_did_it(
    browser: Browser, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NIGHT)
    browser.post("/sign-in", data=BEN)
    assert session.exec(select(Message)).one().any_hour
    assert len(delivered(monkeypatch)) == 1


def test_the_same_device_is_new_to_another_account(
    browser: Browser, session: Session, cast: Cast
) -> None:
    for name in ("ben", "cora"):
        browser.post("/sign-in", data=BEN | {"email": f"{name}@example.org"})
        browser.post("/sign-out")
    assert [to for _, to in waiting(session)] == ["ben@example.org", "cora@example.org"]


def test_nobody_is_told_of_the_device_they_registered_on(
    browser: Browser, session: Session, cast: Cast
) -> None:
    form = {"name": "Nia", "email": "nia@example.org", "password": "seven grey herons"}
    browser.post("/register", data=form)
    browser.post(f"/confirm/{token_in(session)}")
    assert session.exec(select(SignIn)).one()
    assert "account-new-device" not in [kind for kind, _ in waiting(session)]


def test_half_way_in_is_not_in_and_not_told_of(
    browser: Browser, session: Session, cast: Cast
) -> None:
    with_app(session, cast.ben)
    browser.post("/sign-in", data=BEN)
    assert waiting(session) == []


def test_each_letter_says_what_happened_and_what_to_do(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_app(session, cast.ben)
    [one, *_] = with_codes(session, cast.ben)
    service.show_code(session, cast.ben, code=one, now=NOW)
    secret = service.help_in(session, cast.ben, by=cast.cora, now=NOW)
    service.tell_of_guessing(session, cast.ben, now=NOW)
    service.tell_of_guessing(session, cast.ben, now=NOW)
    session.commit()

    letters = delivered(monkeypatch)

    found = [(str(letter["Subject"]), text_of(letter)) for letter in letters]
    assert sorted(subject for subject, _ in found) == [
        "Somebody knows your password",
        "Somebody was given a code to let you in",
        "Your second step has changed",
        "Your second step has changed",
    ]
    whole = "".join(words for _, words in found)
    assert "A recovery code was used: 9 left" in whole
    assert "Cora says to have met you" in whole
    assert secret not in whole
    assert one not in whole
    assert all("/forgotten-password" in words for _, words in found)


def test_a_disabled_account_is_told_nothing(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.tell_of_new_device(session, cast.ben, device="X on Y", now=NOW)
    service.disable(session, cast.ben, by=cast.ada, now=NOW)
    session.commit()
    assert delivered(monkeypatch) == []


def test_every_table_by_which_an_account_is_signed_in_to_goes_with_it() -> None:
    """A new table of accounts that reaches one, and is missing here, is a trace that is left."""
    kept = {"role_grant", "invitation"}  # what somebody did as something: not a way in
    tables = SQLModel.metadata.tables
    reaching = {
        str(kind.__tablename__)
        for kind in vars(models).values()
        if isinstance(kind, type) and issubclass(kind, SQLModel) and hasattr(kind, "__table__")
        for key in tables[str(kind.__tablename__)].foreign_keys
        if kind.__module__ == models.__name__ and key.column.table.name in {"account", "sign_in"}
    }
    assert reaching - kept == {kind.__tablename__ for kind in tidying.WAYS_IN}


def test_nothing_is_left_of_who_was_forgotten(
    browser: Browser, session: Session, cast: Cast
) -> None:
    nia = Account(name="Nia", email="nia@example.org", created_at=NOW)
    session.add(nia)
    session.commit()
    with_app(session, nia)
    with_codes(session, nia)
    service.help_in_by_command(session, nia, now=NOW)
    signed_in(browser, nia)
    service.forget_account(session, nia.id)
    session.commit()
    for kind in tidying.WAYS_IN:
        assert session.exec(select(kind).where(kind.account_id == nia.id)).all() == []
    assert session.get(Account, nia.id) is None
