"""The choir Rose was connected to is merged into another listing: nobody's hello gets lost."""

import pytest
from sqlmodel import Session, col, select

from asset_hub.connections import queries, service
from asset_hub.connections.models import Connection, State
from asset_hub.connections.service.steps import move
from asset_hub.core.errors import RuleBroken
from asset_hub.core.outbox import Message
from asset_hub.directory import service as directory
from asset_hub.directory.models import Contact, Service
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.connections.steps import connect

YES = {
    f"{name}-{part}": "" for name in ("first_on", "until") for part in ("day", "month", "year")
} | {"answer": "yes", "who": "Olive", "words": "Come early"}


@pytest.fixture
def made(session: Session, cast: Cast) -> Connection:
    return connect(session, cast, cast.person("Rose Ashworth"))


@pytest.fixture
def singers(session: Session, cast: Cast, made: Connection) -> Service:
    kept = cast.service("Ashby singers")
    kept.contacts = [Contact(name="Oz", email="oz@choir.example", phone="01632 960002")]
    session.commit()
    directory.merge(
        session, kept, cast.choir, choices={}, versions=(kept.version, cast.choir.version),
        by=cast.cora, now=NOW,
    )  # fmt: skip
    session.commit()
    session.expire_all()
    return kept


def tokens(session: Session) -> list[tuple[str, str]]:
    wanted = select(Message).where(Message.kind == "connection-asked").order_by(col(Message.id))
    return [(one.to, str(one.facts["token"])) for one in session.exec(wanted)]


def test_the_group_still_answers_by_the_link_it_has(
    browser: Browser, session: Session, made: Connection, singers: Service
) -> None:
    [(_, token)] = tokens(session)
    page = browser.get(f"/reply/{token}").text
    assert "Rose would like to come to Ashby choir" in page, "the name they know"
    browser.post(f"/reply/{token}", data=YES)
    session.refresh(made)
    assert made.state is State.ACCEPTED


def test_ben_reads_where_it_went_and_reaches_those_who_run_it_now(
    browser: Browser, cast: Cast, made: Connection, singers: Service
) -> None:
    browser.sign_in(cast.ben)
    page = browser.get(f"/connections/{made.id}").text
    assert "Ashby choir is part of Ashby singers now" in page
    assert "01632 960002" in page
    assert "01632 960001" not in page


def test_whoever_is_asked_next_is_the_contact_of_the_one_that_stayed(
    session: Session, cast: Cast, singers: Service
) -> None:
    later = connect(session, cast, cast.person("Tom"), group=singers)
    assert tokens(session)[-1][0] == "oz@choir.example"
    assert queries.may_be_told(session, later)


def test_rose_is_not_connected_twice_to_what_is_one_group(
    session: Session, cast: Cast, made: Connection, singers: Service
) -> None:
    with pytest.raises(RuleBroken, match="open connection to this group already"):
        connect(session, cast, made.person, group=singers, request_key="another")


def test_a_closed_connection_opens_again_with_the_one_that_stayed(
    session: Session, cast: Cast, made: Connection, singers: Service
) -> None:
    move(session, made, State.WITHDRAWN, by=cast.ben, now=NOW)
    reopened = service.reopen(session, made, reason="She asks again", by=cast.ben, now=NOW)
    assert reopened.is_open


def test_when_the_one_that_stayed_is_closed_nobody_is_told(
    session: Session, cast: Cast, made: Connection, singers: Service
) -> None:
    directory.close(session, singers, by=cast.cora, now=NOW)
    session.commit()
    session.expire_all()
    assert not queries.may_be_told(session, made)
