from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlmodel import Session, select

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import Account, Purpose, SignIn
from asset_hub.core.outbox import Message
from tests.accounts.letters import token_in, waiting
from tests.cast import NOW, PASSWORD, Cast
from tests.conftest import Browser

NIA = {"name": "Nia Owusu", "email": "Nia@example.org", "password": "seven grey herons"}


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("asset_hub.accounts.service.passwords.HASHER", cheap)


@pytest.fixture
def link(browser: Browser, session: Session, cast: Cast) -> str:
    """Nia registers and opens her mail in the same browser."""
    browser.post("/register", data=NIA)
    return f"/confirm/{token_in(session)}"


def nia(session: Session) -> Account:
    session.expire_all()
    found = queries.by_email(session, "nia@example.org")
    assert found is not None
    return found


def test_nia_registers_confirms_with_one_button_and_is_signed_in(
    browser: Browser, session: Session, link: str
) -> None:
    assert not nia(session).confirmed_at
    page = browser.get(link).text
    assert "nia@example.org" in page
    assert 'type="password"' not in page
    assert not nia(session).confirmed_at  # a scanner that opens the link confirms nothing

    answer = browser.post(link)

    assert answer.location == "/account"
    account = nia(session)
    assert (account.name, account.confirmed_at) == ("Nia Owusu", NOW)
    assert "Your email address is confirmed." in browser.get("/account").text
    browser.post("/sign-out")
    assert browser.post("/sign-in", data=NIA).status_code == 303


def test_who_had_to_register_first_comes_to_where_they_were_going(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.get("/sign-in?next=/groups/1/claim")
    assert "/sign-in?next=/groups/1/claim" in browser.get("/register").text
    browser.post("/register", data=NIA)

    assert browser.post(f"/confirm/{token_in(session)}").location == "/groups/1/claim"


def test_a_look_at_the_sign_in_page_alone_forgets_it(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.get("/sign-in?next=/groups/1/claim")
    browser.get("/sign-in?next=//evil.example")
    browser.post("/register", data=NIA)

    assert browser.post(f"/confirm/{token_in(session)}").location == "/account"


def test_a_link_confirms_once(browser: Browser, session: Session, link: str) -> None:
    browser.post(link)
    browser.post("/sign-out")

    assert browser.get(link).status_code == 410
    assert browser.post(link).status_code == 410
    assert len(session.exec(select(SignIn)).all()) == 1


def test_a_link_is_too_old_after_three_days(
    browser: Browser, session: Session, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = NOW + timedelta(days=3)
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: late)
    assert browser.post(link).status_code == 410
    assert not nia(session).confirmed_at


def test_on_another_device_the_password_is_asked_for(
    browser: Browser, session: Session, link: str
) -> None:
    with browser.session_transaction() as cookie:
        cookie.clear()

    assert 'type="password"' in browser.get(link).text
    assert browser.post(link).status_code == 422
    assert browser.post(link, data={"password": "seven grey geese"}).status_code == 422
    assert not nia(session).confirmed_at
    assert browser.post(link, data={"password": NIA["password"]}).status_code == 303


def test_nobody_lays_a_password_on_an_address_before_its_owner_comes(
    browser: Browser, session: Session, cast: Cast
) -> None:
    """Mallory registers Nia's address, before her and after her."""
    mallory = NIA | {"name": "Mallory", "password": "mallory was here first"}
    for key, form in (("before", mallory), ("hers", NIA), ("after", mallory)):
        with browser.session_transaction() as cookie:
            cookie.clear()
        browser.post("/register", data=form)
        if key == "hers":
            link = f"/confirm/{token_in(session)}"
            with browser.session_transaction() as cookie:
                hers = cookie["registering"]
    with browser.session_transaction() as cookie:
        cookie["registering"] = hers
    browser.post(link)
    browser.post("/sign-out")

    assert nia(session).name == "Nia Owusu"
    assert browser.post("/sign-in", data=mallory).status_code == 422
    assert browser.post("/sign-in", data=NIA).status_code == 303
    assert browser.get(f"/confirm/{token_in(session)}").status_code == 410


def test_registering_says_and_does_the_same_whether_an_account_exists(
    browser: Browser, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []
    real = service.hashed

    def counting(password: str) -> str:
        hashes.append(password)
        return real(password)

    monkeypatch.setattr("asset_hub.accounts.service.passwords.hashed", counting)
    cast.dev.disabled_at = NOW
    session.commit()
    answers = set()
    for email in ("nia@example.org", "ben@example.org", "dev@example.org"):
        with browser.session_transaction() as cookie:
            cookie.clear()
        answer = browser.post("/register", data=NIA | {"email": email})
        answers.add((answer.status_code, answer.location))
        with browser.session_transaction() as cookie:
            assert "registering" in cookie
    assert answers == {(303, "/register/check-your-mail")}
    assert hashes == [NIA["password"]] * 3
    assert waiting(session) == [
        ("account-confirm", "nia@example.org"),
        ("account-exists", "ben@example.org"),
        ("account-exists", "dev@example.org"),
    ]
    session.expire_all()
    assert cast.ben.name == "Ben"
    with browser.session_transaction() as cookie:
        cookie.clear()
    assert browser.post("/sign-in", data={"email": "ben@example.org", "password": PASSWORD})


def test_the_letter_is_sent_again_and_the_newest_link_works(
    browser: Browser, session: Session, link: str
) -> None:
    assert "Send it again" in browser.get("/register/check-your-mail").text

    browser.post("/register/send-again")

    newer = f"/confirm/{token_in(session)}"
    assert newer != link
    assert browser.get(link).status_code == 410
    assert browser.post(newer).status_code == 303


def test_sending_again_is_stopped_in_the_end_and_needs_a_registration(
    browser: Browser, session: Session, link: str
) -> None:
    answers = [browser.post("/register/send-again").status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    with browser.session_transaction() as cookie:
        cookie.clear()
    before = len(waiting(session))
    browser.post("/register/send-again")
    assert len(waiting(session)) == before


def test_sending_again_for_somebody_who_has_an_account_sends_nothing(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.post("/register", data=NIA | {"email": "ben@example.org"})
    assert browser.post("/register/send-again").status_code == 303
    assert waiting(session) == [("account-exists", "ben@example.org")]


def test_a_new_password_confirms_an_address_too(
    browser: Browser, session: Session, link: str
) -> None:
    browser.post("/forgotten-password", data={"email": "nia@example.org"})
    reset = f"/new-password/{token_in(session)}"

    browser.post(reset, data={"password": "nine grey herons"})

    assert nia(session).confirmed_at == NOW
    assert browser.get(link).status_code == 410
    assert browser.post("/sign-in", data=NIA).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Enter your name"),
        ({"email": "nia"}, "in the correct format"),
        ({"email": "nia@example.org\nBcc: all@example.org"}, "in the correct format"),
        ({"password": "short"}, "12 characters or more"),
        ({"password": "Password1234"}, "harder to guess"),
        ({"password": "nia.owusu.nia"}, "your name or email"),
    ],
)
def test_a_wrong_registration_is_refused_in_words(
    browser: Browser, session: Session, cast: Cast, wrong: dict[str, str], words: str
) -> None:
    answer = browser.post("/register", data=NIA | wrong)

    assert answer.status_code == 422
    assert words in answer.text
    assert waiting(session) == []


def test_the_letter_to_a_stranger_repeats_nothing_that_was_typed(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.post("/register", data=NIA | {"name": "Buy cheap pills at evil.example"})

    message = session.exec(select(Message)).one()
    assert set(message.facts) == {"account_id", "token"}


def test_somebody_signed_in_does_not_register(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.ben)
    assert browser.get("/register").location == "/account"


def test_two_requests_at_once_make_one_account(session: Session, cast: Cast) -> None:
    first = service.new_account(session, "Nia", "nia@example.org", now=NOW)
    again = service.new_account(session, "Nia", "nia@example.org", now=NOW)
    assert first is again


def test_a_link_of_somebody_disabled_leads_nowhere(session: Session, cast: Cast) -> None:
    service.ask_reset(session, email="ben@example.org", now=NOW)
    token = token_in(session)
    cast.ben.disabled_at = NOW
    session.flush()
    assert queries.open_link(session, token, Purpose.RESET, now=NOW) is None


@pytest.mark.parametrize(
    ("password", "words"),
    [("short", "must have 12 characters"), ("passwordpassword", "harder to guess"), ("", "Enter")],
)
def test_everything_that_is_wrong_is_said_at_once(
    browser: Browser, cast: Cast, password: str, words: str
) -> None:
    page = browser.post("/register", data={"name": "", "email": "nobody", "password": password})
    assert page.status_code == 422
    for said in ("Enter your name", "Enter an email address in the correct format", words):
        assert said in page.text
