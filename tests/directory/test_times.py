from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from asset_hub.core import calendar
from asset_hub.directory.models import Freq
from asset_hub.directory.rules.dates import next_meetings
from asset_hub.directory.rules.times import Times, say, say_age, say_when, stale_after
from tests.cast import TODAY

TEN, NOON = time(10), time(12)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (Times(freq=Freq.WEEKLY, byday="TH", opens_at=TEN, closes_at=NOON),
         "Every Thursday, 10am to noon"),
        (Times(freq=Freq.WEEKLY, byday="FR,TU"), "Every Tuesday and Friday"),
        (Times(freq=Freq.WEEKLY, byday="MO,TU,WE,TH,FR", opens_at=TEN),
         "Every weekday, from 10am"),
        (Times(freq=Freq.WEEKLY, byday="MO,TU,WE,TH,FR,SA,SU"), "Every day"),
        (Times(freq=Freq.WEEKLY, byday="TH", interval=2), "Every other Thursday"),
        (Times(freq=Freq.WEEKLY, byday="TH", interval=3), "Every 3 weeks on Thursday"),
        (Times(freq=Freq.WEEKLY), "Every week"),
        (Times(freq=Freq.MONTHLY, byday="1TH"), "Every first Thursday of the month"),
        (Times(freq=Freq.MONTHLY, byday="-1FR", closes_at=NOON),
         "Every last Friday of the month, until noon"),
        (Times(freq=Freq.MONTHLY, byday="1TH,3TH"), "Every first and third Thursday of the month"),
        (Times(freq=Freq.MONTHLY, byday="1TU,1TH"),
         "Every first Tuesday and Thursday of the month"),
        (Times(freq=Freq.MONTHLY, byday="1TU,2TH"),
         "Every first Tuesday and second Thursday of the month"),
        (Times(freq=Freq.MONTHLY, byday="1TH", interval=2),
         "Every other month on the first Thursday"),
        (Times(freq=Freq.MONTHLY, byday="TH"), "Every Thursday"),
        (Times(freq=Freq.MONTHLY, interval=2), "Every other month"),
        (Times(dtstart=date(2026, 9, 10), opens_at=TEN), "Thursday 10 September 2026, from 10am"),
        (Times(opens_at=TEN, closes_at=NOON), "10am to noon"),
        (Times(freq=Freq.WEEKLY, byday="nonsense"), "Every week"),
        (Times(freq=Freq.WEEKLY, byday="TH", description="When it is dry"), "When it is dry"),
        (Times(), ""),
    ],
)  # fmt: skip
def test_times_are_said_in_plain_words(when: Times, words: str) -> None:
    assert say(when) == words


SEPTEMBER = date(2026, 9, 7)
THURSDAYS: dict[str, Any] = {"freq": Freq.WEEKLY, "byday": "TH"}


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (Times(freq=Freq.MONTHLY, byday="1TH", opens_at=TEN, closes_at=NOON, not_months="8"),
         "Every first Thursday of the month, 10am to noon; not in August"),
        (Times(**THURSDAYS, term_time=True), "Every Thursday; in term time"),
        (Times(**THURSDAYS, not_months="12,1,8", bank_holidays=False),
         "Every Thursday; not in January, August and December, not on bank holidays"),
        (Times(**THURSDAYS, valid_to=date(2026, 12, 10)),
         "Every Thursday; until 10 December 2026"),
        (Times(**THURSDAYS, dtstart=date(2026, 11, 5)), "Every Thursday; from 5 November 2026"),
        (Times(**THURSDAYS, dtstart=date(2026, 9, 3)), "Every Thursday"),
        (Times(**THURSDAYS, interval=2, dtstart=date(2026, 9, 17)), "Every other Thursday"),
        (Times(**THURSDAYS, interval=2, dtstart=date(2026, 9, 24)),
         "Every other Thursday; from 24 September 2026"),
        (Times(dates="2026-09-10,2026-10-08,2026-11-12", opens_at=TEN),
         "10 September, 8 October and 12 November 2026, from 10am"),
        (Times(dates="2026-09-03,2026-09-07,2026-10-08"), "7 September and 8 October 2026"),
        (Times(dates="2026-12-10,2027-01-14"), "10 December 2026 and 14 January 2027"),
        (Times(dates="2026-09-03,2026-10-08"), "Thursday 8 October 2026"),
        (Times(dates=",".join(f"2026-10-{day:02}" for day in range(1, 10))),
         "1 October, 2 October, 3 October, 4 October, 5 October, 6 October 2026 and 3 more dates"),
        (Times(dates="2026-09-03"), "No more dates yet"),
        (Times(dtstart=date(2026, 9, 6)), "No more dates yet"),
        (Times(**THURSDAYS, valid_to=date(2026, 9, 6)), "No more dates yet"),
        (Times(**THURSDAYS, description="When dry", term_time=True), "When dry"),
    ],
)  # fmt: skip
def test_what_it_is_bound_to_is_said_as_it_stands_today(when: Times, words: str) -> None:
    assert say(when, today=SEPTEMBER) == words


def test_words_that_are_read_later_stay_true() -> None:
    when = Times(dates="2026-09-03,2026-10-08", opens_at=TEN)
    assert say(when) == "3 September and 8 October 2026, from 10am"
    assert stale_after([when], today=SEPTEMBER) == date(2026, 10, 9)
    coming = Times(**THURSDAYS, dtstart=date(2026, 11, 5), valid_to=date(2026, 12, 10))
    assert stale_after([coming], today=SEPTEMBER) == date(2026, 11, 5)
    assert stale_after([coming], today=date(2026, 11, 5)) == date(2026, 12, 11)
    assert stale_after([Times(**THURSDAYS)], today=SEPTEMBER) is None


def test_what_binds_all_of_them_is_said_once() -> None:
    tuesdays: dict[str, Any] = {"freq": Freq.WEEKLY, "byday": "TU"}
    both = [Times(**tuesdays, not_months="8"), Times(**THURSDAYS, not_months="8")]
    assert say_when(both) == "Every Tuesday; Every Thursday; not in August"
    one = [Times(**tuesdays, not_months="8"), Times(**THURSDAYS)]
    assert say_when(one) == "Every Tuesday, not in August; Every Thursday"
    over = [Times(**tuesdays, valid_to=date(2026, 9, 1)), Times(**THURSDAYS)]
    assert say_when(over, today=SEPTEMBER) == "Every Thursday"


def test_several_times_are_said_once_each() -> None:
    thursday = Times(freq=Freq.WEEKLY, byday="TH")
    assert say_when([thursday, thursday, Times(), Times(freq=Freq.WEEKLY, byday="SU")]) == (
        "Every Thursday; Every Sunday"
    )


def days(*when: Times, today: date = TODAY, count: int = 3) -> list[str]:
    return [f"{m.on:%d %b}" for m in next_meetings(when, today=today, count=count)]


def test_a_weekly_group_meets_on_the_next_three_thursdays() -> None:
    assert days(Times(freq=Freq.WEEKLY, byday="TH")) == ["10 Sep", "17 Sep", "24 Sep"]


def test_today_counts() -> None:
    assert days(Times(freq=Freq.WEEKLY, byday="MO"))[0] == "07 Sep"


def test_every_other_week_counts_from_a_known_date() -> None:
    when = Times(freq=Freq.WEEKLY, byday="TH", interval=2, dtstart=date(1996, 9, 12))
    assert days(when) == ["17 Sep", "01 Oct", "15 Oct"]
    assert days(Times(freq=Freq.WEEKLY, byday="TH", interval=2)) == []


def test_nth_weekdays_of_the_month() -> None:
    assert days(Times(freq=Freq.MONTHLY, byday="1TH,-1TH")) == ["24 Sep", "01 Oct", "29 Oct"]
    assert days(Times(freq=Freq.MONTHLY, byday="5MO"), count=2) == ["30 Nov", "29 Mar"]


def test_the_same_day_each_month_without_weekdays() -> None:
    assert days(Times(freq=Freq.MONTHLY, dtstart=date(2020, 1, 20)), count=2) == [
        "20 Sep", "20 Oct",
    ]  # fmt: skip


def test_a_group_that_ends_or_has_not_begun() -> None:
    ending = Times(freq=Freq.WEEKLY, byday="TH", valid_to=date(2026, 9, 12))
    assert days(ending) == ["10 Sep"]
    coming = Times(freq=Freq.WEEKLY, byday="TH", dtstart=date(2026, 11, 1))
    assert days(coming, count=1) == ["05 Nov"]
    assert days(Times(dtstart=date(2026, 9, 6))) == []
    assert days(Times(dtstart=date(2026, 9, 9))) == ["09 Sep"]
    assert days(Times(description="When it is dry")) == []


def test_several_schedules_come_in_order() -> None:
    thursdays, sundays = (Times(freq=Freq.WEEKLY, byday=day) for day in ("TH", "SU"))
    assert days(thursdays, sundays) == ["10 Sep", "13 Sep", "17 Sep"]


def test_ten_in_the_morning_stays_ten_when_the_clocks_change() -> None:
    sundays = Times(freq=Freq.WEEKLY, byday="SU", opens_at=TEN)
    before, after = next_meetings([sundays], today=date(2026, 10, 18), count=2)
    assert (before.words, after.words) == (
        "Sunday 18 October 2026, from 10am",
        "Sunday 25 October 2026, from 10am",
    )
    instants = [calendar.at(m.on, m.opens_at or NOON) for m in (before, after)]
    assert [f"{at:%H:%M}" for at in instants] == ["09:00", "10:00"]
    assert instants[1] - instants[0] == timedelta(days=7, hours=1)


def test_dates_on_the_day_the_clocks_go_forward() -> None:
    small_hours = Times(freq=Freq.WEEKLY, byday="SU", opens_at=time(1, 30))
    assert days(small_hours, today=date(2027, 3, 27), count=1) == ["28 Mar"]


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (timedelta(minutes=3), "just now"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=30), "1 day ago"),
        (timedelta(days=12), "12 days ago"),
        (timedelta(days=95), "3 months ago"),
    ],
)
def test_how_long_a_listing_waited(waited: timedelta, words: str) -> None:
    now = datetime(2026, 9, 7, tzinfo=UTC)
    assert say_age(now - waited, now) == words
