from datetime import timedelta

import pytest
from sqlmodel import Session, select

from asset_hub.core import throttle
from asset_hub.core.errors import TooOften
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
