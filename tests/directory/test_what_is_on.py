"""What is on in Ashby this week, for its page."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from asset_hub.communities.models import SchoolHoliday
from asset_hub.core import db
from asset_hub.directory import queries, service
from asset_hub.directory.models import (
    Away,
    Closure,
    Freq,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    Standing,
    Visibility,
)
from tests.cast import NOW, TODAY, Cast

TEN, NOON = time(10), time(12)


def weekly(byday: str, **more: Any) -> Schedule:
    return Schedule(freq=Freq.WEEKLY, byday=byday, **more)


class Ashby:
    """Groups of Ashby that are listed, and what is on there."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session, self.cast = session, cast

    def lists(self, name: str, *schedules: Schedule, **more: Any) -> Service:
        group = self.cast.service(name, **more)
        group.schedules = list(schedules)
        self.session.flush()
        service.publish(self.session, group, now=NOW)
        self.session.commit()
        return group

    def says(self, group: Service) -> None:
        """Publish a group again, as whoever changes it does."""
        service.publish(self.session, group, now=NOW)
        self.session.commit()

    def on(self, *, start: date = TODAY, days: int = 7) -> dict[str, list[str]]:
        found = queries.whats_on(
            self.session, community_id=self.cast.ashby.id, start=start, days=days
        )
        return {f"{day.on:%a %d}": [one.name for one in day.events] for day in found}

    def events(self) -> list[queries.Event]:
        found = queries.whats_on(self.session, community_id=self.cast.ashby.id, start=TODAY)
        return [one for day in found for one in day.events]


@pytest.fixture
def ashby(session: Session, cast: Cast) -> Ashby:
    return Ashby(session, cast)


def test_a_week_day_by_day_the_earliest_first(ashby: Ashby) -> None:
    ashby.lists("Walk", weekly("TU,SU"))
    ashby.lists("Soup", weekly("TU", opens_at=NOON), weekly("TU", opens_at=TEN))
    ashby.lists("Talk", Schedule(dates="2026-09-10,2026-10-10", opens_at=time(19)))
    ashby.lists("Words", Schedule(description="When dry"))
    ashby.lists("Ended", weekly("TU", valid_to=date(2026, 9, 7)))
    assert ashby.on() == {
        "Mon 07": [], "Tue 08": ["Soup", "Soup", "Walk"], "Wed 09": [], "Thu 10": ["Talk"],
        "Fri 11": [], "Sat 12": [], "Sun 13": ["Walk"],
    }  # fmt: skip
    assert list(ashby.on(days=90)) == list(ashby.on(days=31)), "a month at most"


def test_only_what_is_published_there(ashby: Ashby, cast: Cast) -> None:
    ashby.lists("Band", weekly("TU"), community=cast.elsewhere)
    waiting = cast.service("Bees", standing=Standing.WAITING)
    waiting.schedules = [weekly("TU")]
    gone = ashby.lists("Gone", weekly("TU"))
    service.withdraw(ashby.session, gone)
    ashby.session.commit()
    assert ashby.events() == []


def test_an_event_tells_hours_place_and_page(ashby: Ashby, cast: Cast, session: Session) -> None:
    hall = cast.add(Location(name="Town hall", visibility=Visibility.EXACT))
    home = cast.add(
        Location(name="Olive’s", address_1="1 High Street", visibility=Visibility.HIDDEN)
    )
    group = cast.service("Choir")
    group.places = [ServiceAtLocation(location_id=one.id, location=one) for one in (hall, home)]
    group.schedules = [
        weekly("TU", opens_at=TEN, closes_at=NOON),
        weekly("WE", location_id=hall.id),
        weekly("TH", location_id=home.id),
    ]
    service.publish(session, group, now=NOW)
    session.commit()
    first, second, third = ashby.events()
    assert (first.url, first.hours, first.where) == (
        f"/groups/{group.id}",
        "10am to noon",
        "Town hall",
    )
    assert second.where == "Town hall"
    assert third.where == "", "the organiser tells who comes"


def test_who_rests_is_left_out_and_who_is_quiet_says_so(ashby: Ashby) -> None:
    group = ashby.lists("Walk", weekly("TU,WE,TH"))
    group.closures = [
        Closure(starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 8)),
        Closure(starts_on=date(2026, 9, 8), ends_on=date(2026, 9, 9), kind=Away.QUIET),
    ]
    ashby.says(group)
    assert [one.quiet for one in ashby.events()] == [True, False]
    assert ashby.on()["Tue 08"] == []


def test_school_and_bank_holidays_are_kept(ashby: Ashby, cast: Cast) -> None:
    ashby.lists("Toddlers", weekly("TU,TH", term_time=True))
    office = ashby.lists("Office", weekly("MO", bank_holidays=False))
    assert [one.ask for one in ashby.events()] == [False, True, True]
    cast.add(SchoolHoliday(name="x", starts_on=date(2026, 9, 8), ends_on=date(2026, 9, 9)))
    ashby.session.commit()
    assert [(one.name, one.ask) for one in ashby.events()] == [
        ("Office", False),
        ("Toddlers", False),
    ]
    on = date(2026, 8, 31)  # a bank holiday
    service.write_sessions(ashby.session, [office.id], today=on)
    assert ashby.on(start=on, days=8) == {
        "Mon 31": [], "Tue 01": [], "Wed 02": [], "Thu 03": [], "Fri 04": [], "Sat 05": [],
        "Sun 06": [], "Mon 07": ["Office"],
    }  # fmt: skip


def test_it_asks_as_many_questions_of_many_groups_as_of_one(ashby: Ashby, cast: Cast) -> None:
    asked: list[str] = []
    engine = db.engine().connection.engine  # type: ignore[attr-defined]

    def count() -> int:
        asked.clear()
        ashby.events()
        return sum(one.lstrip().startswith("SELECT") for one in asked)

    def note(*given: Any) -> None:
        asked.append(given[2])

    event.listen(engine, "before_cursor_execute", note)
    ashby.lists("One", weekly("TU"))
    few = count()
    for number in range(12):
        group = ashby.lists(f"More {number}", weekly("TU"), weekly("WE"))
        group.closures = [Closure(starts_on=TODAY, ends_on=TODAY + timedelta(days=1))]
        ashby.says(group)
    many = count()
    event.remove(engine, "before_cursor_execute", note)
    assert many == few == 1
