import pytest
from sqlmodel import Session

from asset_hub.accounts import queries, service
from asset_hub.core.powers import Role
from tests.accounts.letters import waiting
from tests.cast import NOW, PASSWORD, Cast
from tests.conftest import Browser


def test_ben_changes_his_name(browser: Browser, session: Session, cast: Cast) -> None:
    browser.sign_in(cast.ben)

    browser.post("/account/name", data={"name": " Zoë\r\nBcc: x@example.org  Ó Briain "})

    session.expire_all()
    assert cast.ben.name == "Zoë Bcc: x@example.org Ó Briain"
    assert "Zoë" in browser.get("/account").text
    assert browser.post("/account/name", data={"name": " "}).status_code == 422


def test_changing_the_password_signs_out_every_other_device(
    browser: Browser, session: Session, cast: Cast
) -> None:
    other = service.open_session(session, cast.ben, device="", now=NOW)
    browser.sign_in(cast.ben)
    form = {"password": PASSWORD, "new_password": "a whole new horse"}

    answer = browser.post("/account/password", data=form)

    assert answer.location == "/account"
    assert browser.get("/account").status_code == 200
    session.expire_all()
    assert queries.sign_in_of(session, other, now=NOW) is None
    assert service.check_password(session, email="ben@example.org", password="a whole new horse")
    assert waiting(session) == [("account-password-changed", "ben@example.org")]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"password": "wrong horse", "new_password": "a whole new horse"}, "is not right"),
        ({"password": PASSWORD, "new_password": "short"}, "12 characters or more"),
        ({"password": "", "new_password": "a whole new horse"}, "Enter your present password"),
    ],
)
def test_a_wrong_change_of_password_changes_nothing(
    browser: Browser, session: Session, cast: Cast, form: dict[str, str], words: str
) -> None:
    browser.sign_in(cast.ben)
    before = cast.ben.password_hash

    answer = browser.post("/account/password", data=form)

    assert answer.status_code == 422
    assert words in answer.text
    session.expire_all()
    assert cast.ben.password_hash == before
    assert waiting(session) == []


def test_somebody_at_an_open_screen_cannot_guess_the_password(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.ben)
    for _ in range(10):
        service.count_password(session, account_id=str(cast.ben.id), now=NOW)
    session.commit()
    form = {"password": PASSWORD, "new_password": "a whole new horse"}
    assert browser.post("/account/password", data=form).status_code == 429


def test_an_account_is_only_for_who_is_signed_in(browser: Browser, cast: Cast) -> None:
    for path in ("/account", "/account/name", "/account/password"):
        assert browser.get(path).location == f"/sign-in?next={path}"
    assert browser.post("/account/sessions/end-others").status_code == 401


def test_an_account_without_a_role_says_what_to_do_next(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.mia)
    assert "You have no role yet" in browser.get("/account").text


def test_the_data_protection_lead_is_told_what_is_theirs(browser: Browser, cast: Cast) -> None:
    dana = cast.account("Dana", Role.DATA_PROTECTION, cast.surgery)
    cast.session.commit()
    browser.sign_in(dana)
    assert "You look after how data is protected" in browser.get("/account").text
    browser.sign_in(cast.ben)
    assert "You look after how data is protected" not in browser.get("/account").text
