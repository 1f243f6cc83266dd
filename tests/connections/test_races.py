"""Two clicks at the same instant, on real connections, against both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, func, select

from asset_hub.accounts import service as accounts
from asset_hub.connections import service
from asset_hub.connections.models import (
    Connection,
    ConnectionEvent,
    Hello,
    HelloState,
    HelloWish,
    State,
)
from asset_hub.core import ids
from asset_hub.core.audit import AuditEntry, broken_links
from asset_hub.core.outbox import Message
from asset_hub.directory.service import publish
from asset_hub.people.models import Person
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Landing
from tests.connections.steps import connect

pytestmark = pytest.mark.faults
AT_ONCE = 6


def at_once(app: Flask, post: Callable[[Any], int], token: str = "") -> list[int]:
    """Let several browsers post at the same instant; return what each was answered."""
    together = Barrier(AT_ONCE)

    def one(_: int) -> int:
        client = app.test_client()
        if token:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = token
        together.wait()
        return post(client)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def count(session: Session, kind: type) -> int:
    return session.exec(select(func.count()).select_from(kind)).one()


def sign_in(cast: Cast) -> str:
    token = accounts.open_session(cast.session, cast.ben, device="test", now=NOW)
    cast.session.commit()
    return token


def test_six_clicks_make_one_person_and_one_connection(landing: Landing) -> None:
    app, cast = landing
    answers = {
        "name": "Rose", "phone": "01632 960777", "safe_contact": "After ten", "how": "spoken",
        "request_key": "one", "step": "send", "email": "", "matters": "", "message": "Hello",
    }  # fmt: skip
    url = f"/connect?service={cast.choir.id}"
    codes = at_once(app, lambda b: int(b.post(url, data=answers).status_code), sign_in(cast))
    assert codes == [302] * AT_ONCE
    cast.session.rollback()
    assert [count(cast.session, k) for k in (Person, Connection, Message)] == [1, 1, 1]
    assert list(broken_links(cast.session)) == []


def test_six_forms_at_once_make_one_open_connection(landing: Landing) -> None:
    app, cast = landing
    rose = cast.person()
    url = f"/people/{rose.id}/connect?service={cast.choir.id}"
    token = sign_in(cast)
    answers = {"message": "Rose sings.", "reason": "", "topic": "", "how": "spoken", "step": "send"}
    cast.session.rollback()

    def post(browser: Any) -> int:
        return int(browser.post(url, data={**answers, "request_key": ids.token()}).status_code)

    assert sorted(at_once(app, post, token)) == [302, *[422] * (AT_ONCE - 1)]
    cast.session.rollback()
    assert [count(cast.session, k) for k in (Connection, Message)] == [1, 1]


def test_six_answers_by_one_link_count_once(landing: Landing) -> None:
    app, cast = landing
    made = connect(cast.session, cast)
    token = cast.session.exec(select(Message)).one().facts["token"]
    cast.session.rollback()
    data = {"answer": "yes", "who": "", "words": ""}
    codes = at_once(app, lambda b: int(b.post(f"/reply/{token}", data=data).status_code))
    assert set(codes) <= {200, 302, 422}
    cast.session.refresh(made)
    assert made.state is State.ACCEPTED
    assert count(cast.session, ConnectionEvent) == 4
    assert count(cast.session, Message) == 2


def test_six_keepers_close_it_once(landing: Landing) -> None:
    app, cast = landing
    made = connect(cast.session, cast)
    token = sign_in(cast)
    url, opened = f"/connections/{made.id}/close", str(made.version)
    cast.session.rollback()
    data = {"ending": "changed_mind", "words": "", "version": opened}
    codes = at_once(app, lambda b: int(b.post(url, data=data).status_code), token)
    assert sorted(codes) == [302, *[422] * (AT_ONCE - 1)]
    looks = select(func.count()).where(AuditEntry.action == "read")
    assert cast.session.exec(looks).one() == AT_ONCE
    assert list(broken_links(cast.session)) == []


def waiting_hello(cast: Cast) -> Hello:
    publish(cast.session, cast.choir, now=NOW)
    asked = service.ask_for_hello(
        cast.session, cast.choir, name="Jo Brown", phone="01632 960111", email="",
        safe_contact="Any time", wish=HelloWish.MET, matters="", request_key="key",
        address="192.0.2.1", today=TODAY, now=NOW,
    )  # fmt: skip
    cast.session.commit()
    return asked


@pytest.mark.parametrize("back", [False, True])
def test_two_take_a_hello_at_once_while_whoever_asked_takes_it_back(
    landing: Landing, back: bool
) -> None:
    app, cast = landing
    key = waiting_hello(cast).id
    tokens = [
        accounts.open_session(cast.session, who, device="test", now=NOW)
        for who in (cast.ben, cast.cora)
    ]
    cast.session.commit()
    turn = iter([*tokens, *tokens, *(["", ""] if back else tokens)])

    def post(browser: Any) -> int:
        if not (token := next(turn)):
            return int(browser.post("/hello/key/take-back").status_code)
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
        return int(browser.post(f"/hellos/{key}/take", data={"sure": "y"}).status_code)

    codes = at_once(app, post)
    assert set(codes) <= {302, 422}
    cast.session.rollback()
    hello = cast.session.exec(select(Hello).execution_options(populate_existing=True)).one()
    taken = hello.state is HelloState.TAKEN
    assert taken or (back and hello.state is HelloState.WITHDRAWN)
    assert [count(cast.session, k) for k in (Person, Connection)] == [taken, taken]
    assert hello.name_sealed is None
    if taken:
        assert cast.session.exec(select(Connection)).one().owner_id == hello.taken_by_id
    assert list(broken_links(cast.session)) == []
