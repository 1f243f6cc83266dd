"""The choir says whether it can welcome new people, and everybody reads it at once."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from asset_hub.core.audit import AuditEntry
from asset_hub.directory import service
from asset_hub.directory.models import ChangeRequest, Revision, Service, Standing
from asset_hub.directory.rules.room import UNTIL_WE_SAY, on_card, say_card, say_room
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser

LISTING = SQLModel.metadata.tables["listing"]
FIRST_OF_OCTOBER = {"full_until-day": "1", "full_until-month": "10", "full_until-year": "2026"}


@pytest.fixture
def choir(cast: Cast, session: Session) -> Service:
    service.publish(session, cast.choir, now=NOW)
    session.commit()
    return cast.choir


def card_room(session: Session) -> Any:
    return session.connection().execute(select(LISTING.c.card)).scalar_one()["room"]


@pytest.mark.parametrize(
    ("welcomes", "until", "words"),
    [
        (None, None, ""),
        (3, None, "Has room: welcomes 3 new people a month"),
        (1, None, "Has room: welcomes 1 new person a month"),
        (999, None, "Has room for new people"),
        (3, date(2026, 10, 1), "Full until 1 October"),
        (None, date(2027, 1, 1), "Full until 1 January 2027"),
        (None, UNTIL_WE_SAY, "Full for now"),
        (3, TODAY, "Has room: welcomes 3 new people a month"),
        (None, TODAY, ""),
    ],
)
def test_room_is_said_in_words(welcomes: int | None, until: date | None, words: str) -> None:
    assert say_room(welcomes, until, TODAY) == words
    assert say_card(on_card(welcomes, until), TODAY) == words


@pytest.mark.parametrize("name", ["otto", "cath", "cora"])
def test_whoever_keeps_it_says_so_and_it_is_seen_at_once(
    browser: Browser, session: Session, cast: Cast, choir: Service, name: str
) -> None:
    account = getattr(cast, name)
    browser.sign_in(account)
    page = f"/groups/{choir.id}/edit/room"
    assert "Can you welcome new people?" in browser.get(page).text
    answer = browser.post(page, data={"room": "some", "welcomes": "3"})
    assert answer.location == f"/groups/{choir.id}/edit"
    assert "welcomes 3 new people a month" in browser.get(f"/groups/{choir.id}").text
    assert card_room(session) == {"welcomes": 3, "full_until": None}
    assert session.exec(select(ChangeRequest)).all() == [], "nobody has to look at it"
    [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "edit"))
    assert entry.by_id == account.id
    [revision] = session.exec(select(Revision))
    assert revision.after == {"welcomes": 3}


def test_full_until_a_day_keeps_how_many_it_welcomes_after(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.otto)
    page = f"/groups/{choir.id}/edit/room"
    browser.post(page, data={"room": "some", "welcomes": "3"})
    browser.post(page, data={"room": "full"} | FIRST_OF_OCTOBER)
    assert "Full until 1 October" in browser.get(f"/groups/{choir.id}").text
    assert card_room(session) == {"welcomes": 3, "full_until": "2026-10-01"}
    assert "Full until 1 October" in browser.get("/find?q=choir").text
    assert 'value="full" checked' in browser.get(page).text
    browser.post(page, data={"room": "for_now"})
    assert card_room(session) == {"welcomes": 3, "full_until": "9999-12-31"}
    assert 'value="for_now" checked' in browser.get(page).text
    browser.post(page, data={"room": "room"})
    assert "Has room for new people" in browser.get(f"/groups/{choir.id}").text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Select whether you can welcome new people"),
        ({"room": "some"}, '#welcomes">Enter how many new people a month'),
        ({"room": "some", "welcomes": "0"}, "must be between 1 and 99"),
        ({"room": "full"}, "Enter the day from which there is room again"),
        ({"room": "full", **FIRST_OF_OCTOBER, "full_until-year": "2025"}, "a day in the future"),
    ],
)
def test_what_does_not_add_up_is_asked_again(
    browser: Browser, cast: Cast, choir: Service, data: dict[str, str], words: str
) -> None:
    browser.sign_in(cast.otto)
    page = browser.post(f"/groups/{choir.id}/edit/room", data=data)
    assert page.status_code == 422
    assert words in page.text


def keep_link(session: Session, group: Service) -> str:
    from asset_hub.core.outbox import Message

    service.mail_keep_link(session, group, address="", now=NOW)
    session.commit()
    found = session.exec(select(Message).where(Message.kind == "listing-keep")).all()
    return f"/list-a-group/keep/{found[-1].facts['token']}"


def test_olive_says_it_by_her_link_without_an_account(
    browser: Browser, session: Session, choir: Service
) -> None:
    link = keep_link(session, choir)
    assert f'href="{link}/room"' in browser.get(link).text
    browser.get(f"{link}/room")
    assert session.exec(select(Revision)).all() == [], "looking changes nothing"
    answer = browser.post(f"{link}/room", data={"room": "full"} | FIRST_OF_OCTOBER)
    assert answer.location == link
    session.expire_all()
    found = session.get_one(Service, choir.id)
    assert (found.full_until, found.standing) == (date(2026, 10, 1), Standing.LISTED)
    [revision] = session.exec(select(Revision))
    assert (revision.by_id, revision.cause.value) == (None, "contact")


def test_an_ended_link_says_nothing(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    link = keep_link(session, choir)
    service.close(session, choir, by=cast.cora, now=NOW)
    session.commit()
    answer = browser.post(f"{link}/room", data={"room": "for_now"})
    assert answer.location == link
    session.refresh(choir)
    assert choir.full_until is None
    assert browser.get("/list-a-group/keep/no-such-link/room").status_code == 404


def test_saying_the_same_again_writes_nothing(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.otto)
    for _ in range(2):
        browser.post(f"/groups/{choir.id}/edit/room", data={"room": "some", "welcomes": "3"})
    assert len(session.exec(select(Revision)).all()) == 1
