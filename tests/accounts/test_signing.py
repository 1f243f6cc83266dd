from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import Session, col, select

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import Account, Purpose, SignIn
from asset_hub.accounts.service import passwords
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import RuleBroken, TooOften
from tests.accounts.letters import token_in, waiting
from tests.cast import NOW, PASSWORD, Cast
from tests.conftest import Browser

WRONG = "The email address or the password is not right"
BEN = {"email": "ben@example.org", "password": PASSWORD}


@pytest.fixture
def argon(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write down every time a password is hashed or compared: each costs the same 30 ms."""
    work: list[str] = []

    def counting(name: str) -> Callable[..., object]:
        real = getattr(PasswordHasher, name)

        def count(*given: object, **named: object) -> object:
            work.append(name)
            return real(*given, **named)

        return count

    for name in ("verify", "hash"):
        monkeypatch.setattr(PasswordHasher, name, counting(name))
    return work


@pytest.mark.parametrize(
    ("who", "home"),
    [("ben", "/today"), ("petra", "/today"), ("cath", "/to-approve"), ("mia", "/account")],
)
def test_signing_in_leads_to_ones_work(browser: Browser, cast: Cast, who: str, home: str) -> None:
    answer = browser.post("/sign-in", data={"email": f"{who}@example.org", "password": PASSWORD})

    assert (answer.status_code, answer.location) == (303, home)
    assert browser.get("/account").status_code == 200


def test_an_address_in_any_case_signs_in(browser: Browser, cast: Cast) -> None:
    form = {"email": " Ben@Example.ORG ", "password": PASSWORD}
    assert browser.post("/sign-in", data=form).status_code == 303


def test_a_sign_in_is_written_down_with_its_device(
    browser: Browser, session: Session, cast: Cast
) -> None:
    firefox = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}
    browser.post("/sign-in", data=BEN, headers=firefox)

    assert session.exec(select(SignIn.device)).one() == "Firefox on Linux"
    entry = session.exec(select(AuditEntry)).one()
    assert (entry.action, entry.by_id) == ("sign in", cast.ben.id)


def test_every_failure_has_the_same_words_and_costs_one_comparison(
    browser: Browser, session: Session, cast: Cast, argon: list[str]
) -> None:
    cast.dev.disabled_at = NOW
    cast.pip.confirmed_at = None
    cast.otto.password_hash = None
    session.commit()
    pages = set()
    for name in ("ben", "nobody", "dev", "pip", "otto"):
        password = PASSWORD if name != "ben" else "wrong horse battery staple"
        argon.clear()
        form = {"email": f"{name}@example.org", "password": password}
        answer = browser.post("/sign-in", data=form)
        assert answer.status_code == 422
        assert WRONG in answer.text
        assert argon == ["verify"]
        pages.add(answer.text.replace(name, "NAME").count("govuk-error"))
    assert len(pages) == 1
    assert session.exec(select(SignIn)).all() == []


def test_the_hash_nobody_has_costs_what_everybodys_costs() -> None:
    assert not passwords.HASHER.check_needs_rehash(passwords.NOBODY)
    assert not passwords.is_right(None, "anything at all")
    assert not passwords.is_right("not a hash", "anything at all")


def test_an_old_hash_is_renewed_when_its_password_is_known(
    browser: Browser, session: Session, cast: Cast
) -> None:
    cast.ben.password_hash = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    session.commit()

    browser.post("/sign-in", data=BEN)

    session.expire_all()
    assert not passwords.HASHER.check_needs_rehash(cast.ben.password_hash)
    assert browser.post("/sign-in", data=BEN).status_code == 303


def test_nothing_from_before_a_sign_in_lives_on(browser: Browser, cast: Cast) -> None:
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["csrf_token"], cookie["planted"] = "fixed", "known", "here"

    browser.post("/sign-in", data=BEN)

    with browser.session_transaction() as cookie:
        assert cookie["_user_id"] != "fixed"
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != "known"


def test_signing_in_as_somebody_else_ends_the_session_before(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.cora)
    browser.post("/sign-in", data=BEN)

    ended = session.exec(select(SignIn).where(col(SignIn.ended_at).is_not(None))).one()
    assert ended.account_id == cast.cora.id


def test_only_who_cannot_read_a_person_keeps_the_cookie_overnight(
    browser: Browser, cast: Cast
) -> None:
    for account, kept in ((cast.ben, False), (cast.cath, True)):
        form = {"email": account.email, "password": PASSWORD}
        cookies = browser.post("/sign-in", data=form).headers.getlist("Set-Cookie")
        own = next(cookie for cookie in cookies if cookie.startswith("hub="))
        assert ("Expires" in own) is kept
        assert "HttpOnly" in own
        assert "SameSite=Lax" in own


@pytest.mark.parametrize(
    ("onward", "lands"),
    [
        ("/people?page=2", "/people?page=2"),
        ("//evil.example", "/today"),
        ("https://evil.example/", "/today"),
        ("/\\evil.example", "/today"),
        ("/%0d%0aSet-Cookie:x=1", "/%0d%0aSet-Cookie:x=1"),
    ],
)
def test_next_leads_on_but_never_away(
    browser: Browser, cast: Cast, onward: str, lands: str
) -> None:
    answer = browser.post("/sign-in", query_string={"next": onward}, data=BEN)
    assert answer.location == lands
    again = browser.get("/sign-in", query_string={"next": onward})
    assert again.location == lands


def test_signing_in_says_why_it_is_asked_for(browser: Browser, cast: Cast) -> None:
    why = "Sign in to go on to that page"
    assert why in browser.get(browser.get("/today").location).text
    assert why not in browser.get("/sign-in").text
    assert why not in browser.get("/sign-in?next=https://evil.example").text


def test_a_page_that_wants_a_sign_in_is_come_back_to(browser: Browser, cast: Cast) -> None:
    asked = browser.get("/account/name?from=here")
    assert asked.location == "/sign-in?next=/account/name?from%3Dhere"
    assert browser.post(asked.location, data=BEN).location == "/account/name?from=here"


def test_guessing_at_one_account_from_one_place_is_stopped(
    browser: Browser, session: Session, cast: Cast
) -> None:
    guess = BEN | {"password": "wrong horse battery staple"}
    for _ in range(17):
        _try(session, "ben@example.org", "127.0.0.1")
    session.commit()
    answers = [browser.post("/sign-in", data=guess).status_code for _ in range(3)]
    assert answers == [422] * 3  # and each of them was counted

    stopped = browser.post("/sign-in", data=BEN)

    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) > 0
    assert browser.post("/sign-in", data=BEN | {"email": "cora@example.org"}).status_code == 303


def test_an_address_without_an_account_is_stopped_alike(session: Session, cast: Cast) -> None:
    for _ in range(20):
        _try(session, "nobody@example.org", "203.0.113.9")
    with pytest.raises(TooOften):
        _try(session, "Nobody@example.org", "203.0.113.9")


def _try(session: Session, email: str, network: str, device: str | None = None) -> None:
    service.count_sign_in(session, email=email, network=network, device=device, now=NOW)


def test_spraying_from_many_places_never_locks_out_a_device_that_was_here_before(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.post("/sign-in", data=BEN)
    browser.post("/sign-out")
    for number in range(99):
        _try(session, "ben@example.org", f"198.51.100.{number}")
    with pytest.raises(TooOften):
        _try(session, "ben@example.org", "198.51.100.200")
    session.commit()

    assert browser.post("/sign-in", data=BEN).status_code == 303
    stranger: FlaskClient = browser.application.test_client()
    stranger.session = session  # type: ignore[attr-defined]
    assert stranger.post("/sign-in", data=BEN).status_code == 429


def test_a_device_known_to_one_account_is_a_stranger_to_another(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.post("/sign-in", data=BEN | {"email": "mia@example.org"})
    browser.post("/sign-out")
    for number in range(100):
        _try(session, "ben@example.org", f"198.51.100.{number}")
    session.commit()

    assert browser.post("/sign-in", data=BEN).status_code == 429


def test_a_forged_device_cookie_is_ignored(browser: Browser, cast: Cast) -> None:
    browser.set_cookie("hub-device", '["x", "y"].forged')
    assert browser.post("/sign-in", data=BEN).status_code == 303


def test_asking_for_a_new_password_says_the_same_for_everybody(
    browser: Browser, session: Session, cast: Cast, argon: list[str]
) -> None:
    cast.dev.disabled_at = NOW
    session.commit()
    pages = set()
    for name in ("ben", "nobody", "dev"):
        answer = browser.post("/forgotten-password", data={"email": f"{name}@example.org"})
        pages.add((answer.status_code, answer.location))
    assert pages == {(303, "/forgotten-password/sent")}
    assert argon == []
    assert waiting(session) == [
        ("account-reset", "ben@example.org"),
        ("account-unknown", "nobody@example.org"),
        ("account-unknown", "dev@example.org"),
    ]


def test_letters_to_one_address_are_stopped_whether_it_is_known_or_not(
    browser: Browser, cast: Cast
) -> None:
    for email in ("ben@example.org", "nobody@example.org"):
        answers = [
            browser.post("/forgotten-password", data={"email": email}).status_code for _ in range(6)
        ]
        assert answers == [303] * 5 + [429]


@pytest.fixture
def reset(browser: Browser, session: Session, cast: Cast) -> str:
    browser.post("/forgotten-password", data={"email": "ben@example.org"})
    return f"/new-password/{token_in(session)}"


def test_of_two_who_use_a_link_at_once_one_is_first(
    session: Session, cast: Cast, reset: str
) -> None:
    link = queries.open_link(session, reset.rsplit("/")[-1], Purpose.RESET, now=NOW)
    assert link is not None
    session.connection().execute(text("UPDATE mailed_link SET used_at = expires_at"))
    with pytest.raises(RuleBroken, match="used already"):
        service.reset_password(session, link, password="a whole new horse", now=NOW)


def test_the_pages_on_the_way_to_a_new_password_are_there(browser: Browser, cast: Cast) -> None:
    assert "two hours" in browser.get("/forgotten-password").text
    sent = browser.get("/forgotten-password/sent")
    assert "We have sent an email to the address you gave" in sent.text
    assert sent.headers["Cache-Control"] == "private, no-store"
    assert browser.post("/forgotten-password", data={"email": "x"}).status_code == 422


def test_ben_sets_a_new_password_once_and_every_session_ends(
    browser: Browser, session: Session, cast: Cast, reset: str
) -> None:
    old = service.open_session(session, cast.ben, device="", now=NOW)
    session.commit()

    for _ in range(2):
        assert browser.get(reset).status_code == 200  # a scanner that opens the link does nothing
    answer = browser.post(reset, data={"password": "a whole new horse"})

    assert answer.location == "/sign-in"
    session.expire_all()
    assert queries.sign_in_of(session, old, now=NOW) is None
    assert browser.post(reset, data={"password": "another new horse"}).status_code == 410
    assert browser.get(reset).status_code == 410
    assert browser.post("/sign-in", data=BEN).status_code == 422
    assert browser.post("/sign-in", data=BEN | {"password": "a whole new horse"}).status_code == 303
    assert [kind for kind, _ in waiting(session)][-2:] == [
        "account-password-changed",
        "account-new-device",
    ]


def test_a_weak_password_does_not_use_up_the_link(browser: Browser, reset: str) -> None:
    assert browser.post(reset, data={"password": "password1234"}).status_code == 422
    assert browser.post(reset, data={"password": "a whole new horse"}).status_code == 303


def test_a_link_for_a_new_password_is_too_old_after_two_hours(
    browser: Browser, reset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW.replace(hour=NOW.hour + 2)
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: later)
    assert browser.post(reset, data={"password": "a whole new horse"}).status_code == 410


def test_a_newer_link_is_used_up_with_an_older_one(
    browser: Browser, session: Session, cast: Cast, reset: str
) -> None:
    browser.post("/forgotten-password", data={"email": "ben@example.org"})
    newer = f"/new-password/{token_in(session)}"

    browser.post(reset, data={"password": "a whole new horse"})

    assert browser.get(newer).status_code == 410


def test_a_link_to_confirm_is_no_link_for_a_password(
    browser: Browser, session: Session, cast: Cast, reset: str
) -> None:
    assert browser.get(reset.replace("new-password", "confirm")).status_code == 410


def test_disabling_an_account_kills_its_links(
    browser: Browser, session: Session, cast: Cast, reset: str
) -> None:
    service.disable(session, cast.ben, by=cast.ada, now=NOW)
    session.commit()
    assert browser.get(reset).status_code == 410


def test_the_password_is_never_given_back_in_a_page(browser: Browser, cast: Cast) -> None:
    answer = browser.post("/sign-in", data=BEN | {"password": "my wrong secret words"})
    assert "my wrong secret words" not in answer.text


def test_demo_accounts_are_listed_in_a_demonstration_only(
    browser: Browser, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.ben.email = "ben@demo.example"
    session.commit()
    assert "demo demo demo" not in browser.get("/sign-in").text
    assert 'value="x@demo.example"' not in browser.get("/sign-in?email=x@demo.example").text
    settings = browser.application.extensions["settings"]
    shown = type(settings)(**{**vars(settings), "demo": True})
    monkeypatch.setitem(browser.application.extensions, "settings", shown)

    page = browser.get("/sign-in").text

    assert "demo demo demo" in page
    assert "Volunteer navigator, Ashby" in page
    assert "cora@example.org" not in page
    filled = browser.get("/sign-in?email=ben@demo.example").text
    assert 'value="ben@demo.example"' in filled


def test_a_signed_out_visitor_may_sign_out_again(browser: Browser, cast: Cast) -> None:
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/sign-out").status_code == 405


def test_accounts_are_found_by_name_for_a_keeper(session: Session, cast: Cast) -> None:
    def names(found: list[Account]) -> list[str]:
        return [account.name for account in found]

    ashby, surgery = cast.ashby.id, cast.surgery.id
    assert names(queries.keepers(session, community_id=ashby)) == ["Ben", "Cora"]
    assert names(queries.keepers(session, practice_id=surgery)) == ["Lee", "Petra"]
    both = queries.keepers(session, community_id=ashby, practice_id=surgery)
    assert names(both) == ["Ben", "Cora", "Lee", "Petra"]
    assert queries.keepers(session) == []
    cast.ben.disabled_at = NOW
    cast.cora.confirmed_at = None
    session.flush()
    assert queries.keepers(session, community_id=ashby) == []
