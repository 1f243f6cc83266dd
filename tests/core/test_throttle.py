from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from asset_hub.core import db, throttle
from asset_hub.core.errors import RuleBroken, TooOften
from asset_hub.core.throttle import Try
from tests.cast import NOW

HOUR = timedelta(hours=1)


def try_it(session: Session, who: str = "rose@example.org", **more: object) -> None:
    now = NOW + more.pop("after", timedelta())  # type: ignore[operator]
    throttle.hit(session, str(more.pop("what", "sign-in")), who, limit=3, per=HOUR, now=now)


def test_three_tries_an_hour_and_no_more(session: Session) -> None:
    for _ in range(3):
        try_it(session)
    with pytest.raises(TooOften) as caught:
        try_it(session)
    assert caught.value.retry_after == 30 * 60 + 1  # the window began at the full hour


def test_the_next_window_begins_anew(session: Session) -> None:
    for _ in range(3):
        try_it(session)
    try_it(session, after=HOUR)


def test_people_and_things_are_counted_apart_but_not_spellings(session: Session) -> None:
    for who in ("rose@example.org", "ROSE@example.org", "Rose@Example.org"):
        try_it(session, who)
    try_it(session, "iris@example.org")
    try_it(session, what="reset")
    with pytest.raises(TooOften):
        try_it(session)


def test_nobody_is_named_in_the_counts(session: Session) -> None:
    try_it(session)
    [key] = session.exec(select(Try.key)).all()
    assert len(key) == 64
    assert "rose" not in key


def test_old_counts_are_forgotten_and_new_ones_kept(session: Session) -> None:
    try_it(session, after=-timedelta(days=3))
    try_it(session)
    throttle.forget(session, before=NOW - timedelta(days=2))
    assert len(session.exec(select(Try)).all()) == 1


def test_a_refused_try_counts_where_it_is_meant_to(app: Flask, session: Session) -> None:
    def refused(what: str, even: bool, error: Exception) -> None:
        with app.app_context(), suppress(type(error)), db.transaction() as own:
            throttle.hit(own, what, "rose", limit=3, per=HOUR, now=NOW, even_refused=even)
            raise error

    for _ in range(2):
        refused("hello", True, RuleBroken("no"))
        refused("list", False, RuleBroken("no"))
        refused("fault", True, ValueError("a fault of ours"))
    assert sorted(session.exec(select(Try.count)).all()) == [2], "faults and others roll back"
    with app.app_context(), db.transaction() as own:  # and what succeeds counts once
        throttle.hit(own, "hello", "rose", limit=3, per=HOUR, now=NOW, even_refused=True)
    session.expire_all()
    assert session.exec(select(Try.count)).all() == [3]
    for _ in range(2):
        with app.app_context(), pytest.raises(TooOften), db.transaction() as own:
            throttle.hit(own, "hello", "rose", limit=3, per=HOUR, now=NOW, even_refused=True)
    session.expire_all()
    assert session.exec(select(Try.count)).all() == [3], "what is too often is not written down"


def test_a_count_on_the_side_is_left_out_rather_than_waited_for(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> Session:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(db, "hurried", busy)
    with app.app_context(), suppress(RuleBroken), db.transaction() as own:
        throttle.hit(own, "hello", "rose", limit=3, per=HOUR, now=NOW, even_refused=True)
        raise RuleBroken("no")
    assert session.exec(select(Try)).all() == []
