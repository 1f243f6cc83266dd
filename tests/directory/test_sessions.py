"""Each meeting of the next five weeks is a row: written, rolled on, and asked for by filters."""

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from asset_hub.communities.models import SchoolHoliday
from asset_hub.directory import jobs, queries, service
from asset_hub.directory.models import (
    Away,
    Closure,
    Freq,
    Listing,
    ListingSession,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    Visibility,
)
from asset_hub.directory.rules.dates import next_meetings
from asset_hub.directory.rules.sessions import (
    AHEAD,
    Calendar,
    horizon,
    minutes,
    on_the_wall,
    session_rows,
)
from asset_hub.directory.service import publishing
from tests.cast import NOW, TODAY, Cast

LAST = horizon(TODAY)
AUTUMN = date(2026, 10, 25)  # the clocks go back
WEEK = timedelta(days=7)


class Held:
    """A group that meets, and the rows of its meetings."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session, self.cast, self.group = session, cast, cast.choir

    def meets(self, *schedules: Schedule, **more: Any) -> None:
        self.group.schedules = list(schedules)
        service.publish(self.session, self.group, now=NOW, **more)
        self.session.commit()

    def rows(self, group: Service | None = None) -> list[ListingSession]:
        wanted = select(ListingSession).where(ListingSession.service_id == (group or self.group).id)
        found = self.session.exec(wanted.execution_options(populate_existing=True))
        return sorted(found, key=lambda row: (row.held_on, row.starts or 0))

    def days(self) -> list[date]:
        return [row.held_on for row in self.rows()]

    def reached(self) -> date | None:
        wanted = select(col(Listing.sessions_to)).where(Listing.service_id == self.group.id)
        return self.session.exec(wanted).one()


@pytest.fixture
def held(session: Session, cast: Cast) -> Held:
    return Held(session, cast)


def weekly(byday: str = "TU", **more: Any) -> Schedule:
    return Schedule(freq=Freq.WEEKLY, byday=byday, **more)


def test_a_listing_is_published_with_five_weeks_of_sessions(held: Held) -> None:
    held.meets(weekly(opens_at=time(22), closes_at=time(0, 30)))
    assert held.days() == [date(2026, 9, 8) + week * WEEK for week in range(5)]
    assert {(row.starts, row.ends) for row in held.rows()} == {(1320, 1470)}
    assert on_the_wall(1470) == time(0, 30)
    held.meets()
    assert held.days() == [], "what was said before is gone"


def test_a_closure_is_kept_as_a_day_it_would_meet(held: Held) -> None:
    held.group.closures = [
        Closure(starts_on=date(2026, 9, 15), ends_on=date(2026, 9, 15), reason="Half term"),
        Closure(starts_on=date(2026, 9, 22), ends_on=date(2026, 9, 22), kind=Away.QUIET),
    ]
    held.meets(weekly())
    told = [(row.held_on.day, row.away, row.quiet, row.reason) for row in held.rows()[:3]]
    assert told == [(8, False, False, ""), (15, True, False, "Half term"), (22, False, True, "")]


@settings(max_examples=60, deadline=None)
@given(
    byday=st.sampled_from(["MO", "TU,SA", "2WE", "-1SU", ""]),
    monthly=st.booleans(),
    interval=st.integers(1, 3),
    start=st.dates(date(2026, 8, 1), date(2026, 11, 30)),
    today=st.dates(date(2026, 9, 1), date(2027, 4, 30)),
    banks=st.booleans(),
    not_months=st.sampled_from(["", "10,12"]),
)
def test_rows_say_the_same_as_the_next_dates_on_a_groups_page(
    byday: str, monthly: bool, interval: int, start: date, today: date, banks: bool, not_months: str
) -> None:
    schedule = Schedule(
        id=uuid4(), service_id=uuid4(), freq=Freq.MONTHLY if monthly else Freq.WEEKLY, byday=byday,
        interval=interval, dtstart=start, bank_holidays=banks, not_months=not_months,
    )  # fmt: skip
    calendar = Calendar(today, horizon(today))
    rows = session_rows([schedule], calendar=calendar, closures={}, places={})
    wanted = next_meetings([schedule], today=today, count=AHEAD)
    assert [row["held_on"] for row in rows] == [
        one.on for one in wanted if one.on <= horizon(today)
    ]


def test_hours_stay_on_the_wall_when_the_clocks_change() -> None:
    assert minutes(time(1, 30), time(2, 30)) == (90, 150)
    schedule = Schedule(id=uuid4(), service_id=uuid4(), freq=Freq.WEEKLY, byday="SU",
                        opens_at=time(1, 30), closes_at=time(2, 30))  # fmt: skip
    calendar = Calendar(AUTUMN - WEEK, AUTUMN + WEEK)
    rows = list(session_rows([schedule], calendar=calendar, closures={}, places={}))
    assert {(row["starts"], row["ends"]) for row in rows} == {(90, 150)}
    assert len(rows) == 3


def test_what_is_published_in_bulk_follows_with_the_worker(held: Held) -> None:
    held.meets(weekly(), sessions_at_once=False)
    assert held.rows() == []
    assert held.reached() is None
    jobs.roll_sessions()
    assert len(held.days()) == 5
    assert held.reached() == LAST
    held.group.schedules = [weekly("WE")]
    held.meets(weekly("WE"), sessions_at_once=False)
    jobs.roll_sessions()
    assert {day.weekday() for day in held.days()} == {2}


def test_days_come_into_sight_once_whoever_rolls(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.meets(weekly("MO,TU"))
    before = len(held.days())
    for later in (1, 1, 9):
        monkeypatch.setattr("asset_hub.core.clock.now", lambda by=later: NOW + timedelta(days=by))
        jobs.roll_sessions()
    jobs.forget_sessions()
    days = held.days()
    assert len(days) == len(set(days)) == before
    assert (days[0], held.reached()) == (date(2026, 9, 21), LAST + timedelta(days=9))
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + timedelta(days=300))
    jobs.roll_sessions()
    jobs.forget_sessions()
    assert min(held.days()) > TODAY + timedelta(days=299), "after a long sleep, written anew"


def test_a_worker_that_dies_leaves_the_rest_to_the_next(
    held: Held, cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = [cast.service(f"Group {n}") for n in range(5)]
    for one in more:
        one.schedules = [weekly()]
        service.publish(session, one, now=NOW, sessions_at_once=False)
    session.commit()
    monkeypatch.setattr("asset_hub.directory.service.sessions.BATCH", 2)
    assert service.roll_on(session, today=TODAY) == 2
    session.commit()
    jobs.roll_sessions()
    assert [len(held.rows(one)) for one in more] == [5] * 5
    assert service.roll_on(session, today=TODAY) == 0


def test_a_listing_that_is_withdrawn_takes_its_sessions_along(held: Held) -> None:
    held.meets(weekly())
    publishing.withdraw(held.session, held.group)
    held.session.commit()
    assert held.rows() == []


def test_a_filter_finds_who_meets_on_a_day_within_hours(
    held: Held, cast: Cast, session: Session
) -> None:
    def found(*days: date, **hours: Any) -> list[str]:
        numbers = queries.session_numbers(days, **hours)
        wanted = select(Listing.name).where(col(Listing.number).in_(numbers))
        return sorted(session.exec(wanted))

    held.meets(weekly("TH", opens_at=time(10), closes_at=time(13)))
    late = cast.service("Late")
    late.schedules = [weekly("TH", opens_at=time(19)), weekly("FR", term_time=True)]
    when = cast.service("Some time")
    when.schedules = [weekly("TH")]
    for one in (late, when):
        service.publish(session, one, now=NOW)
    thursdays = [date(2026, 9, 10) + timedelta(weeks=week) for week in range(5)]
    friday = date(2026, 9, 11)
    assert found(*thursdays) == ["Ashby choir", "Late", "Some time"]
    assert found(thursdays[0], opens=12 * 60, closes=17 * 60) == ["Ashby choir"]
    assert found(thursdays[0], opens=17 * 60) == ["Late"]
    assert found(thursdays[0], opens=13 * 60, closes=19 * 60) == [], "the ends do not touch"
    assert found(friday) == ["Late"]
    cast.add(SchoolHoliday(name="x", starts_on=friday, ends_on=friday))
    assert found(friday) == []
    held.group.closures = [Closure(starts_on=thursdays[0], ends_on=thursdays[0])]
    held.meets(weekly("TH", opens_at=time(10)))
    assert "Ashby choir" not in found(thursdays[0])
    assert "Ashby choir" in found(*thursdays)


def test_a_place_that_an_import_hides_is_said_by_no_session_meanwhile(
    held: Held, session: Session
) -> None:
    hall = Location(name="Hall", address_1="1 Quiet Way", city="Ashby")
    session.add(hall)
    session.flush()
    session.add(ServiceAtLocation(service_id=held.group.id, location_id=hall.id))
    session.flush()
    session.refresh(held.group)
    held.meets(weekly(location_id=hall.id))
    assert {row.place for row in held.rows()} == {"Hall, 1 Quiet Way, Ashby"}
    hall.visibility = Visibility.HIDDEN
    held.meets(weekly(location_id=hall.id), sessions_at_once=False)
    assert held.reached() is None, "the worker writes them anew in a minute"
    assert {row.place for row in held.rows()} == {None}
    on = queries.sessions(session.connection(), first=TODAY, last=LAST)
    assert on
    assert all("Quiet" not in row.place for row in on)
    jobs.roll_sessions()
    assert {row.place for row in held.rows()} == {""}
