from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asset_hub.core import calendar

SPRING_FORWARD, FALL_BACK = date(2026, 3, 29), date(2026, 10, 25)
DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "Boxing Day falls on a Saturday: Monday instead"),
        (date(2027, 12, 27), "Christmas Day falls on a Saturday: Monday instead"),
        (date(2027, 12, 28), "Boxing Day falls on a Sunday: Tuesday instead"),
        (date(2022, 1, 3), "New Year falls on a Saturday: Monday instead"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2020, 5, 8), "the early May holiday, moved to VE Day"),
        (date(2022, 9, 19), "the Queen's funeral"),
        (date(2023, 5, 8), "the coronation"),
        (date(2026, 8, 31), "the last Monday of August, in England"),
        (date(2026, 9, 6), "a Sunday"),
    ],
)
def test_england_rests_on(day: date, why: str) -> None:
    assert not calendar.is_working_day(day), why


@pytest.mark.parametrize("day", [date(2026, 8, 3), date(2026, 3, 17), date(2026, 12, 24)])
def test_england_works_when_only_scotland_or_northern_ireland_rests(day: date) -> None:
    assert calendar.is_working_day(day)


@given(DAYS)
def test_a_day_moves_forward_to_the_nearest_working_day_and_no_further(day: date) -> None:
    moved = calendar.working_day_from(day)
    assert calendar.is_working_day(moved)
    assert not any(calendar.is_working_day(day + timedelta(n)) for n in range((moved - day).days))


def test_three_working_days_after_maundy_thursday_step_over_easter() -> None:
    assert calendar.working_days_after(date(2026, 4, 2), 3) == date(2026, 4, 9)


@pytest.mark.parametrize("day", [date(2026, 1, 15), date(2026, 7, 15), SPRING_FORWARD, FALL_BACK])
@pytest.mark.parametrize(
    ("wall", "quiet"),
    [(time(7, 59, 59), True), (time(8), False), (time(19, 59, 59), False), (time(20), True)],
)
def test_quiet_hours_follow_london_clocks_all_year(day: date, wall: time, quiet: bool) -> None:
    assert calendar.is_quiet(calendar.at(day, wall)) is quiet


@given(INSTANTS)
def test_nobody_is_disturbed_early_nor_later_than_need_be(moment: datetime) -> None:
    loud = calendar.loud_from(moment)
    assert not calendar.is_quiet(loud)
    assert loud >= moment
    assert (loud == moment) is (not calendar.is_quiet(moment))
    assert loud - moment <= timedelta(hours=13)  # the night the clocks go back is the longest


def test_the_evening_before_the_clocks_change_waits_for_eight_on_the_new_clock() -> None:
    evening = calendar.at(SPRING_FORWARD - timedelta(1), time(21))
    assert calendar.loud_from(evening) == datetime(2026, 3, 29, 7, tzinfo=UTC)
    evening = calendar.at(FALL_BACK - timedelta(1), time(21))
    assert calendar.loud_from(evening) == datetime(2026, 10, 25, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "said"),
    [
        (time(10), "10am"), (time(14, 30), "2:30pm"), (time(12), "noon"), (time(0), "midnight"),
        (time(12, 5), "12:05pm"), (time(0, 5), "12:05am"),
    ],
)  # fmt: skip
def test_a_time_is_said_as_people_say_it(wall: time, said: str) -> None:
    assert calendar.say_time(wall) == said


def test_a_moment_is_said_as_london_reads_it() -> None:
    summer = datetime(2026, 4, 14, 13, 30, tzinfo=UTC)
    assert calendar.say_moment(summer) == "Tuesday 14 April 2026 at 2:30pm"
    assert calendar.say_date(date(2028, 2, 29)) == "Tuesday 29 February 2028"
