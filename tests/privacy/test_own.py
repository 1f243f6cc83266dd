"""Rose sees what is kept of her by a link, takes things back, asks, and is erased."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, SQLModel, col, select

from asset_hub.accounts import service as accounts
from asset_hub.accounts.models import HeldForm, SignIn
from asset_hub.connections import queries as connections
from asset_hub.connections import service as connecting
from asset_hub.connections.models import Connection, ConnectionEvent, Handover, State
from asset_hub.core import ids
from asset_hub.core.audit import AuditEntry, broken_links
from asset_hub.core.outbox import Message
from asset_hub.followups import service as followups
from asset_hub.followups.models import Outcome
from asset_hub.people import service as persons
from asset_hub.people.models import AgreedTo, PersonBlock
from asset_hub.people.queries import has_agreed
from asset_hub.privacy import queries, rules, service
from asset_hub.privacy.models import OwnLink, OwnRequest, Wish
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.connections.steps import connect


@pytest.fixture
def made(session: Session, cast: Cast) -> Connection:
    return connect(session, cast)


@pytest.fixture
def token(session: Session, cast: Cast, made: Connection) -> str:
    token = service.make_link(session, made.person, by=cast.ben, now=NOW)
    session.commit()
    return token


def opened(browser: Browser, token: str) -> str:
    """Open the page as Rose does; return the proof that it carries."""
    page = browser.post(f"/mine/{token}", data={"digits": "0777"})
    assert page.status_code == 200
    found = re.search(r'name="proof" value="([^"]+)"', page.text)
    assert found
    return found[1]


def test_the_link_alone_shows_nothing(browser: Browser, token: str, session: Session) -> None:
    page = browser.get(f"/mine/{token}")
    assert "Rose" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "strict-origin"
    wrong = browser.post(f"/mine/{token}", data={"digits": "1234"})
    assert wrong.status_code == 422
    assert "She misses singing" not in wrong.text
    assert not session.exec(select(AuditEntry).where(AuditEntry.action == "own-look")).all()


def test_with_the_digits_rose_sees_all_of_it(
    browser: Browser, cast: Cast, token: str, session: Session, made: Connection
) -> None:
    browser.sign_in(cast.ben)
    browser.get(f"/people/{made.person_id}")
    browser.get("/people")
    browser.sign_in(cast.cora)
    browser.get("/today?who=all")
    browser.post("/sign-out")
    page = browser.post(f"/mine/{token}", data={"digits": "0777"}).text
    for words in ("She misses singing", "After ten", "Ashby choir", "Looked at your page",
                  "Saw your name in a list", "Ben", "Cora"):  # fmt: skip
        assert words in page, words


def test_nobody_guesses_the_digits(
    browser: Browser, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for guess in range(service.WRONG_A_DAY):
        assert browser.post(f"/mine/{token}", data={"digits": f"{guess:04}"}).status_code == 422
    for later in (timedelta(0), timedelta(hours=2)):
        monkeypatch.setattr("asset_hub.core.clock.now", lambda later=later: NOW + later)
        assert browser.post(f"/mine/{token}", data={"digits": "0777"}).status_code == 429
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + timedelta(days=1))
    assert browser.post(f"/mine/{token}", data={"digits": "0777"}).status_code == 200


def test_nobody_opens_it_without_end(browser: Browser, token: str) -> None:
    for _ in range(service.TRIES):
        assert browser.post(f"/mine/{token}", data={"digits": "0777"}).status_code == 200
    assert browser.post(f"/mine/{token}", data={"digits": "0777"}).status_code == 429


def test_the_form_passes_its_own_origin_check_over_https(
    app: Flask, browser: Browser, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser says where a form was by the policy of its page; over HTTPS we insist on it."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    page = browser.get(f"/mine/{token}", base_url="https://localhost")
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
    assert found
    said = {"no-referrer": {}, "strict-origin": {"Referer": "https://localhost/"}}
    answer = browser.post(
        f"/mine/{token}",
        base_url="https://localhost",
        data={"digits": "0777", "csrf_token": found[1]},
        headers=said[page.headers["Referrer-Policy"]],
    )
    assert answer.status_code == 200


def test_who_made_the_link_keeps_no_way_in(
    browser: Browser, cast: Cast, token: str, session: Session, made: Connection
) -> None:
    """Ben has seen the link: kept out, or without an account, it is no way in for him."""
    block = PersonBlock(
        person_id=made.person_id, account_id=cast.ben.id, by_id=cast.cora.id, made_at=NOW
    )
    session.add(block)
    session.commit()
    session.expire(made.person, ["blocks"])
    assert browser.get(f"/mine/{token}").status_code == 404
    session.delete(block)
    session.commit()
    session.expire(made.person, ["blocks"])
    assert browser.get(f"/mine/{token}").status_code == 200
    cast.ben.disabled_at = NOW
    session.commit()
    assert browser.post(f"/mine/{token}", data={"digits": "0777"}).status_code == 404


def test_nobody_is_flooded_with_wishes(browser: Browser, token: str, session: Session) -> None:
    form = {"proof": opened(browser, token), "wish": "ask", "words": "Who?"}
    for number in range(service.WISHES_A_DAY + 1):
        answer = browser.post(f"/mine/{token}/ask", data=form | {"request_key": f"r{number}"})
    assert answer.status_code == 429
    assert len(session.exec(select(OwnRequest)).all()) == service.WISHES_A_DAY


def test_a_wish_finds_somebody_when_the_first_to_answer_is_kept_out(
    cast: Cast, session: Session, made: Connection
) -> None:
    rose = made.person
    assert queries.answerers(session, rose) == [cast.lee]
    session.add(
        PersonBlock(person_id=rose.id, account_id=cast.lee.id, by_id=cast.ben.id, made_at=NOW)
    )
    session.commit()
    session.expire(rose, ["blocks"])
    assert queries.answerers(session, rose) == [cast.cora]


def test_nobody_is_erased_who_does_not_wait_for_it(
    browser: Browser, cast: Cast, token: str, session: Session, made: Connection
) -> None:
    form = {"proof": opened(browser, token), "words": "Please"}
    for wish in ("ask", "erase"):
        browser.post(f"/mine/{token}/ask", data=form | {"wish": wish, "request_key": wish})
    asked = {one.wish: one for one in session.exec(select(OwnRequest)).all()}
    service.answer(session, asked[Wish.ERASE], words="The law asks us", by=cast.lee, now=NOW)
    session.commit()
    browser.sign_in(cast.lee)
    for one in asked.values():
        page = f"/data-requests/{one.id}/erase"
        assert browser.post(page, data={"sure": "y"}).status_code == 422
    assert made.person.erased_at is None


def test_erasing_asks_again_who_it_is(
    browser: Browser, cast: Cast, token: str, session: Session, made: Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    form = {"proof": opened(browser, token), "wish": "erase", "words": "", "request_key": "r"}
    browser.post(f"/mine/{token}/ask", data=form)
    asked = session.exec(select(OwnRequest)).one()
    browser.sign_in(cast.lee)
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + timedelta(minutes=11))
    answer = browser.post(f"/data-requests/{asked.id}/erase", data={"sure": "y"})
    assert answer.location.startswith("/show-again")
    assert made.person.erased_at is None


def test_a_link_ends_after_thirty_days_and_when_a_new_one_is_made(
    cast: Cast, token: str, session: Session, made: Connection
) -> None:
    later = NOW + rules.LINK_LASTS
    assert queries.link_of(session, token, now=later - timedelta(seconds=1))
    assert queries.link_of(session, token, now=later) is None
    other = service.make_link(session, made.person, by=cast.ben, now=NOW)
    assert queries.link_of(session, token, now=NOW) is None
    assert queries.link_of(session, other, now=NOW)
    assert token not in str(session.exec(select(OwnLink)).all())
    service.forget_links(session, before=later + timedelta(days=1))
    assert not session.exec(select(OwnLink)).all()


def test_nothing_is_done_without_the_proof_of_this_link(
    browser: Browser, token: str, session: Session, made: Connection
) -> None:
    for proof in ("", "nonsense", opened(browser, token)[:-2]):
        for what in ("take-back", "ask", "download"):
            answer = browser.post(f"/mine/{token}/{what}", data={"proof": proof})
            assert answer.status_code == 404
    assert has_agreed(session, made.person_id, AgreedTo.SHARE)


def test_half_an_hour_later_what_rose_typed_is_kept(
    browser: Browser, token: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"proof": opened(browser, token), "wish": "ask", "words": "Who?", "request_key": "r"}
    monkeypatch.setattr(queries, "PROOF_LASTS", timedelta(seconds=-1))
    closed = browser.post(f"/mine/{token}/ask", data=form)
    assert closed.status_code == 422
    assert "not sent yet" in closed.text
    assert "She misses singing" not in closed.text
    assert not session.exec(select(OwnRequest)).all()
    typed = {name: words for name, words in form.items() if name != "proof"}
    again = browser.post(f"/mine/{token}", data={"digits": "0777", **typed})
    assert again.status_code == 200
    for words in ("not sent yet", "Who?", 'value="r"'):
        assert words in again.text
    assert not session.exec(select(OwnRequest)).all()


def test_the_whole_number_ends_in_its_digits_and_none_is_no_number(
    browser: Browser, token: str, made: Connection
) -> None:
    assert browser.post(f"/mine/{token}", data={"digits": made.person.phone}).status_code == 200
    assert "Enter the last four" in browser.post(f"/mine/{token}", data={"digits": " "}).text


@pytest.mark.parametrize("what", ["take-back", "ask", "download"])
def test_whoever_loads_an_answer_again_begins_again(
    what: str, browser: Browser, token: str
) -> None:
    assert browser.get(f"/mine/{token}/{what}").location == f"/mine/{token}"


def test_taking_back_takes_two_clicks_and_stops_everything(
    browser: Browser, token: str, session: Session, made: Connection
) -> None:
    proof = opened(browser, token)
    given = {"proof": proof, "agreed_to": "record"}
    page = browser.post(f"/mine/{token}/take-back", data=given)
    assert page.status_code == 200
    assert made.state is State.WITHDRAWN
    assert made.person.no_contact
    assert not connections.may_be_told(session, made)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "withdraw")).one()
    assert entry.by_id is None  # Rose herself


def test_rose_downloads_it_as_a_file(browser: Browser, token: str) -> None:
    answer = browser.post(f"/mine/{token}/download", data={"proof": opened(browser, token)})
    kept = json.loads(answer.text)
    assert kept["Who you are and how to reach you"][0]["Called"] == "Rose"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_what_rose_asks_reaches_whoever_answers_and_comes_back_to_her(
    browser: Browser, cast: Cast, token: str, session: Session
) -> None:
    form = {"proof": opened(browser, token), "wish": "correct", "words": "", "request_key": "r1"}
    assert browser.post(f"/mine/{token}/ask", data=form).status_code == 422
    form["words"] = "It is dancing, not singing"
    for _ in range(2):  # a double click is one
        assert browser.post(f"/mine/{token}/ask", data=form).status_code == 200
    asked = session.exec(select(OwnRequest)).one()
    assert asked.due_on == TODAY + timedelta(weeks=4)
    mails = session.exec(select(Message).where(Message.kind == "person-asked")).all()
    assert [mail.to for mail in mails] == [cast.lee.email]  # the practice has no other lead
    browser.sign_in(cast.lee)
    assert "Rose" in browser.get("/data-requests").text
    look = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).all()[0]
    assert look.detail["shown"] == [str(asked.person_id)]
    page = f"/data-requests/{asked.id}"
    assert "dancing, not singing" in browser.get(page).text
    answer = {"answer": "We changed it. Thank you.", "version": str(asked.version)}
    assert browser.post(page, data=answer).status_code == 302
    assert "Rose" not in browser.get("/data-requests").text
    browser.post("/sign-out")
    assert "We changed it" in browser.post(f"/mine/{token}", data={"digits": "0777"}).text


@pytest.mark.parametrize("who", ["ben", "petra", "cath", "dora", "ada"])
def test_others_do_not_answer_for_rose(
    who: str, browser: Browser, cast: Cast, token: str, session: Session
) -> None:
    form = {"proof": opened(browser, token), "wish": "ask", "words": "Who?", "request_key": "r"}
    browser.post(f"/mine/{token}/ask", data=form)
    asked = session.exec(select(OwnRequest)).one()
    browser.sign_in(getattr(cast, who))
    assert browser.get(f"/data-requests/{asked.id}").status_code in {403, 404}
    assert browser.post(f"/data-requests/{asked.id}/erase", data={"sure": "y"}).status_code in {
        403, 404,
    }  # fmt: skip


def everything_in(session: Session) -> Iterator[str]:
    """Yield every value of every table, opened where we hold the key."""
    for table in SQLModel.metadata.sorted_tables:
        for row in session.connection().execute(table.select()):
            for value in row:
                yield value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _held(session: Session, cast: Cast, path: str) -> UUID:
    """Let something about Rose wait for Ben, whose screen is locked."""
    token = accounts.open_session(session, cast.ben, device="test", now=NOW)
    row = session.exec(select(SignIn).where(SignIn.digest == ids.digest(token))).one()
    typed = [("note", "Rose laughed")]
    assert accounts.hold(session, row, path=path, typed=typed, files=False, now=NOW)
    return session.exec(select(HeldForm.id).where(HeldForm.sign_in_id == row.id)).one()


def test_an_erased_roses_words_are_nowhere(
    browser: Browser, cast: Cast, token: str, session: Session, made: Connection
) -> None:
    rose = made.person
    canary = "zanzibar"
    rose.matters = rose.strengths = rose.offers = rose.code_word = rose.needs_words = canary
    made.reason = canary
    persons.add_need(session, rose, words=canary, topic="", by=cast.ben, now=NOW)
    session.add(
        PersonBlock(person_id=rose.id, account_id=cast.petra.id, by_id=cast.ben.id, made_at=NOW)
    )
    connecting.introduce(session, made, handover=Handover.MET, on=TODAY, by=cast.ben, now=NOW)
    followups.record(
        session, made, outcome=Outcome.NOT_YET, note=canary, request_key="k", by=cast.ben,
        today=TODAY, now=NOW,
    )  # fmt: skip
    connecting.move(session, made, State.WAITING, by=cast.ben, now=NOW, note=canary, until=TODAY)
    rose.interpreter, rose.language, rose.needs_asked_on = True, "Polish", TODAY
    waits, other = _held(session, cast, f"/follow-ups/{made.id}"), _held(session, cast, "/people")
    session.commit()
    form = {"proof": opened(browser, token), "wish": "erase", "words": canary, "request_key": "r"}
    browser.post(f"/mine/{token}/ask", data=form)
    asked = session.exec(select(OwnRequest)).one()
    browser.sign_in(cast.lee)
    page = f"/data-requests/{asked.id}"
    unsure = browser.post(f"{page}/erase")  # without the tick nothing happens
    assert unsure.status_code == 422
    assert f'action="{page}"' in unsure.text  # where an answer goes instead
    assert rose.erased_at is None
    assert browser.post(f"{page}/erase", data={"sure": "y"}).location == "/data-requests"
    session.expire_all()
    assert rose.erased_at is not None
    assert (rose.interpreter, rose.language, rose.needs_asked_on) == (False, "", None)
    assert session.get(HeldForm, waits) is None  # what Ben's screen locked over
    assert session.get(HeldForm, other) is not None
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith("_sealed") and table.name in rules.HELD:
                [count] = session.connection().execute(
                    text(f"SELECT count(*) FROM {table.name} WHERE {column.name} IS NOT NULL")
                ).one()  # fmt: skip
                assert count == 0, f"{table.name}.{column.name}"
    assert not any(canary in value for value in everything_in(session))
    assert not list(broken_links(session))  # the log still fits, and names nobody
    assert made.state in {State.WITHDRAWN}
    for address in (f"/people/{rose.id}", f"/connections/{made.id}"):
        assert browser.get(address).status_code == 404
    browser.post("/sign-out")
    assert browser.get(f"/mine/{token}").status_code == 404


def test_a_step_of_a_connection_may_be_emptied_and_never_changed(
    session: Session, cast: Cast, made: Connection
) -> None:
    connecting.move(session, made, State.WAITING, by=cast.ben, now=NOW, note="why", until=TODAY)
    session.commit()
    table = ConnectionEvent.__tablename__
    for change in ("state = 'closed'", "note_sealed = X'00'", "note_sealed = NULL, number = 9"):
        if session.get_bind().dialect.name == "postgresql":
            change = change.replace("X'00'", r"'\x00'::bytea")
        with pytest.raises(DatabaseError, match="only grows"):
            session.connection().execute(text(f"UPDATE {table} SET {change}"))
        session.rollback()
    session.connection().execute(text(f"UPDATE {table} SET note_sealed = NULL"))


def test_every_table_that_reaches_a_person_says_what_becomes_of_it(session: Session) -> None:
    reached = {"person"}
    tables: Any = inspect(session.connection())
    while True:
        more = {
            name
            for name in tables.get_table_names()
            for key in tables.get_foreign_keys(name)
            if key["referred_table"] in reached
        } - reached
        if not more:
            break
        reached |= more
    assert reached == set(rules.HELD)


def test_a_wish_is_answered_within_a_month_on_a_working_day() -> None:
    from datetime import date

    assert rules.due_on(date(2026, 11, 30)) == date(2026, 12, 24)  # the 28th is a bank holiday
    assert rules.due_on(date(2026, 2, 2)) == date(2026, 3, 2)


def test_ben_makes_a_link_and_sees_it_once(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    browser.sign_in(cast.ben)
    page = f"/people/{made.person_id}/own-link"
    assert "last four digits" in browser.get(page).text
    shown = browser.post(page).text
    found = re.search(r"/mine/([\w-]+)", shown)
    assert found
    assert queries.link_of(session, found[1], now=NOW)
    assert found[1] not in browser.get(page).text
    assert service.LINKS_A_DAY == 10
    assert Wish.ERASE in list(Wish)
