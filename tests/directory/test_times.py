from datetime import UTC, date, datetime, time, timedelta

import pytest

from asset_hub.core import calendar
from asset_hub.directory.models import Freq
from asset_hub.directory.rules.times import Times, next_meetings, say, say_age, say_when
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
