"""Signs of life: what each does to a listing, once for each cause, and never by an edit."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from asset_hub.connections import service as connections
from asset_hub.connections.models import Answer, Connection, Handover, Route, State
from asset_hub.core import clock
from asset_hub.directory import jobs, queries, service
from asset_hub.directory.models import (
    Listing,
    ListingPlace,
    Location,
    ServiceAtLocation,
    Sign,
    Signal,
    Standing,
    Step,
)
from asset_hub.followups import service as followups
from asset_hub.followups.models import Outcome
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.directory.conftest import Olive

RUN = "the people who run it"


def signs(session: Session) -> list[Sign]:
    return list(session.exec(select(Signal.sign).order_by(Signal.at, Signal.sign)))  # type: ignore[arg-type]


def card(session: Session) -> dict[str, Any]:
    session.expire_all()
    return session.exec(select(Listing)).one().card


@pytest.fixture
def listed(session: Session, cast: Cast) -> Cast:
    service.publish(session, cast.choir, now=NOW)
    service.begin(session, [cast.choir.id], now=NOW)
    session.commit()
    return cast


def test_the_same_cause_counts_once(session: Session, listed: Cast) -> None:
    choir = listed.choir
    for at in (NOW, NOW + timedelta(days=3)):
        first = service.signal(session, choir, Sign.ATTENDED, at=at, cause="connection:1:attended")
        assert first is (at == NOW)
    assert (signs(session), choir.alive_at) == ([Sign.ATTENDED], NOW)


def test_alive_is_not_verified(session: Session, listed: Cast) -> None:
    choir, version = listed.choir, listed.choir.version
    service.signal(session, choir, Sign.ACCEPTED, at=NOW, cause="a")
    assert (choir.alive_at, choir.confirmed_at) == (NOW, None)
    assert card(session)["alive_words"].startswith("It welcomed somebody in September 2026")
    service.signal(session, choir, Sign.VISITED, at=NOW, by=listed.cath, cause="b")
    assert (choir.confirmed_at, choir.confirmed_by) == (NOW, "a champion")
    service.signal(session, choir, Sign.OWNER_CONFIRMED, at=NOW - timedelta(days=9), cause="c")
    assert choir.confirmed_by == "a champion", "what is older changes nothing"
    assert choir.version == version, "nobody's open form is out of date"


def test_a_report_fades_it_and_a_word_answers_the_report(session: Session, listed: Cast) -> None:
    choir = listed.choir
    service.signal(session, choir, Sign.OWNER_CONFIRMED, at=NOW, cause="a")
    cath = listed.cath
    service.signal(session, choir, Sign.REPORTED_GONE, at=NOW + timedelta(1), by=cath, cause="b")
    assert card(session)["stage"] == 2
    row = queries.upkeep(session, choir)
    assert row is not None
    assert row.step is Step.TO_CHECK
    assert row.due_on == date(2026, 10, 13)
    later = NOW + timedelta(days=30)
    service.signal(session, choir, Sign.REPORTED_GONE, at=later, cause="c")
    again = queries.upkeep(session, choir)
    assert again is not None
    assert again.due_on == date(2026, 10, 13), "a second report buys no time"
    service.visited(session, choir, by=listed.cath, now=later + timedelta(1))
    assert card(session)["stage"] == 0


def test_what_is_not_listed_stays_so(session: Session, cast: Cast) -> None:
    for standing in (Standing.CLOSED, Standing.WAITING, Standing.RETURNED):
        cast.choir.standing = standing
        session.flush()
        service.signal(session, cast.choir, Sign.VISITED, at=NOW, cause=standing)
        assert cast.choir.standing is standing
        assert not service.still_right(session, cast.choir, by=None, now=NOW)
    assert session.exec(select(Listing)).first() is None
    assert queries.upkeep(session, cast.choir) is None


def test_the_listers_word_is_a_sign_and_the_champions_approval_is_none(
    session: Session, olive: Olive
) -> None:
    club = olive.lists()
    assert signs(session) == [Sign.OWNER_CONFIRMED]
    service.approve(session, club, by=olive.cast.cath, now=NOW + timedelta(1))
    assert signs(session) == [Sign.OWNER_CONFIRMED], "a champion who approves has not visited"
    assert (club.confirmed_at, club.confirmed_by) == (NOW, RUN)
    row = queries.upkeep(session, club)
    assert row is not None
    assert (row.step, row.due_on) == (Step.QUIET, date(2027, 2, 15))


def test_an_edit_by_the_team_or_the_owner_confirms_nothing(
    browser: Browser, session: Session, listed: Cast
) -> None:
    for account in (listed.cath, listed.otto):
        browser.sign_in(account)
        page = browser.get(f"/groups/{listed.choir.id}/edit").text
        assert "still right" not in page
        service.save_parts(
            session, listed.choir, {"summary": f"By {account.name}"}, by=account, now=NOW,
            version=listed.choir.version,
        )  # fmt: skip
        session.commit()
    assert listed.choir.summary == "By Cath", "what Otto wrote waits"
    assert (listed.choir.confirmed_at, signs(session)) == (None, [])


def connection(session: Session, cast: Cast) -> Connection:
    rose = cast.person()
    made = Connection(
        person_id=rose.id, service_id=cast.choir.id, organization_id=cast.friends.id,
        community_id=cast.ashby.id, practice_id=cast.surgery.id, owner_id=cast.ben.id,
        made_by_id=cast.ben.id, request_key="k", state=State.SENT, route=Route.NAVIGATOR,
        made_at=NOW, next_check_on=TODAY,
    )  # fmt: skip
    return cast.add(made)


def test_a_group_that_takes_somebody_is_alive_and_one_that_was_attended_more_so(
    session: Session, listed: Cast
) -> None:
    made = connection(session, listed)
    connections.record_answer(
        session, made, answer=Answer.YES, words="", first_on=None, who="", until=None,
        by=listed.ben, now=NOW,
    )  # fmt: skip
    assert signs(session) == [Sign.ACCEPTED]
    followups.begin(session, made, by=listed.ben, handover=Handover.TOLD, today=TODAY, now=NOW)
    for key, outcome in (
        ("1", Outcome.NOT_YET),
        ("2", Outcome.WENT_ONCE),
        ("3", Outcome.GOING_WELL),
    ):
        followups.record(
            session, made, by=listed.ben, request_key=key, outcome=outcome, note="",
            today=TODAY, now=NOW,
        )  # fmt: skip
    rows = list(session.exec(select(Signal)))
    assert {row.sign for row in rows} == {Sign.ACCEPTED, Sign.ATTENDED}
    causes = {row.cause for row in rows}
    assert {f"connection:{made.id}:accepted", f"connection:{made.id}:attended"} <= causes
    assert sum(cause.startswith("follow-up:") for cause in causes) == 2
    assert {row.by_id for row in rows} == {None}, "nothing is said of whom"
    assert listed.choir.alive_at == NOW
    assert listed.choir.confirmed_at is None
    assert card(session)["alive_words"].startswith("Somebody went in September 2026")


def test_only_what_grew_too_old_today_is_published_anew(
    session: Session, listed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.signal(session, listed.choir, Sign.OWNER_CONFIRMED, at=NOW, cause="a")
    session.commit()
    assert queries.fading(session, today=TODAY + timedelta(days=183)) == []
    day = NOW + timedelta(days=184)
    monkeypatch.setattr(clock, "now", lambda: day)
    assert queries.fading(session, today=day.date()) == [listed.choir.id]
    for _ in range(2):
        jobs.fade()
        assert card(session)["stage"] == 1
    assert queries.fading(session, today=day.date()) == []
    assert card(session)["alive_words"] == f"Last confirmed by {RUN} in September 2026"


def test_the_pin_and_the_index_fade_with_the_card(session: Session, listed: Cast) -> None:
    place = listed.add(Location(name="Hall", latitude=53.6, longitude=-2.2))
    listed.choir.places = [ServiceAtLocation(location_id=place.id, location=place)]
    service.signal(session, listed.choir, Sign.OWNER_CONFIRMED, at=NOW, cause="a")
    service.publish(session, listed.choir, now=NOW)
    feature = session.exec(select(ListingPlace.feature)).one()
    assert '"stage": 0' in feature
    assert "Confirmed by the people who run it" in feature
    service.fade(session, [listed.choir.id], now=NOW + timedelta(days=400))
    session.expire_all()
    feature = session.exec(select(ListingPlace.feature)).one()
    assert '"stage": 2' in feature
    assert "ring before you go" in feature
    stages = session.connection().execute(text("SELECT stage FROM listing_text_facts"))
    assert list(stages.scalars()) == [2]


def test_what_an_import_already_knows_is_said_when_it_is_published(
    session: Session, listed: Cast
) -> None:
    """Whoever publishes: the signs are read where they are kept."""
    cath = listed.cath
    service.signal(session, listed.choir, Sign.REPORTED_GONE, at=NOW, by=cath, cause="a")
    facts = service.Facts(
        id=listed.choir.id, organization_id=listed.friends.id, name="Ashby choir",
        confirmed_at=NOW - timedelta(days=9),
    )  # fmt: skip
    service.publish_many(session, [facts], now=NOW)
    assert card(session)["stage"] == 2


def says_gone(session: Session, listed: Cast, at: datetime, who: str) -> None:
    service.signal(
        session, listed.choir, Sign.REPORTED_GONE, at=at, cause=f"{who}:{at}", said_by=who
    )


def test_one_report_puts_it_on_a_champions_list_and_says_nothing_in_public(
    session: Session, listed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    choir = listed.choir
    service.signal(session, choir, Sign.OWNER_CONFIRMED, at=NOW, cause="a")
    says_gone(session, listed, NOW + timedelta(10), "one")
    session.commit()
    assert (card(session)["stage"], "ring before" in card(session)["alive_words"]) == (0, False)
    row = queries.upkeep(session, choir)
    assert row is not None
    assert (row.step, row.due_on) == (Step.TO_CHECK, None)
    [waits] = queries.to_check(session, listed.cath)
    assert (waits.why, waits.hides_on) == ("One person told us that it may have stopped", None)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=56))
    jobs.climb()
    session.expire_all()
    row = queries.upkeep(session, choir)
    assert row is not None
    assert (row.step, choir.standing) == (Step.QUIET, Standing.LISTED), "nobody took it up"


def test_two_who_do_not_know_each_other_are_believed(session: Session, listed: Cast) -> None:
    service.signal(session, listed.choir, Sign.OWNER_CONFIRMED, at=NOW, cause="a")
    says_gone(session, listed, NOW - timedelta(1), "older")
    row = queries.upkeep(session, listed.choir)
    assert row is not None
    assert row.step is Step.QUIET, "what is older than a confirmation is answered"
    for day in (1, 40):
        says_gone(session, listed, NOW + timedelta(day), "one")
    assert card(session)["stage"] == 0, "the same again is one"
    says_gone(session, listed, NOW + timedelta(50), "two")
    assert card(session)["stage"] == 2
    row = queries.upkeep(session, listed.choir)
    assert row is not None
    assert row.due_on is not None


def test_two_reports_far_apart_are_not_believed(session: Session, listed: Cast) -> None:
    service.signal(session, listed.choir, Sign.OWNER_CONFIRMED, at=NOW, cause="a")
    says_gone(session, listed, NOW + timedelta(1), "one")
    says_gone(session, listed, NOW + timedelta(62), "two")
    assert card(session)["stage"] == 0
