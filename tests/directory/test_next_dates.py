"""The next dates, against another's reckoning: dateutil's, and walking day by day."""

import random
from calendar import isleap, monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from dateutil import rrule  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st

from asset_hub.core import calendar
from asset_hub.directory.models import Away, Closure, Freq
from asset_hub.directory.rules.dates import FARTHEST, meets_on, next_meetings
from asset_hub.directory.rules.times import DAYS, NO_MORE, Times, say, say_when, stale_after

FIRST, LAST = date(2026, 1, 1), date(2036, 12, 31)
YEARS = range(FIRST.year, LAST.year + 1)
FREQ = {Freq.WEEKLY: rrule.WEEKLY, Freq.MONTHLY: rrule.MONTHLY}
ALL = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
HOURS = [
    None,
    time(),
    time(0, 30),
    time(1),
    time(1, 30),
    time(10),
    time(12),
    time(22),
    time(23, 59),
]


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, monthrange(year, month)[1])
    return day - timedelta(days=(day.weekday() + 1) % 7)


CLOCKS = [last_sunday(year, month) for year in YEARS for month in (3, 10)]
LEAPS = [date(year, 2, 29) for year in YEARS if isleap(year)]
TURNS = [date(year, 12, 31) for year in YEARS]
EDGES = [
    day + timedelta(days=off)
    for day in CLOCKS + LEAPS + TURNS
    for off in (-1, 0, 1)
    if FIRST <= day + timedelta(days=off) <= LAST
]
days = st.one_of(st.sampled_from(EDGES), st.dates(FIRST, LAST))
hours = st.fixed_dictionaries(
    {"opens_at": st.sampled_from(HOURS), "closes_at": st.sampled_from(HOURS)}
)
names = st.lists(st.sampled_from([*DAYS]), min_size=1, max_size=7, unique=True)
months = st.lists(st.integers(1, 12), max_size=11, unique=True)
bounds = st.fixed_dictionaries(
    {},
    optional={
        "valid_to": days,
        "term_time": st.booleans(),
        "bank_holidays": st.booleans(),
        "not_months": months.map(lambda some: ",".join(map(str, sorted(some)))),
    },
)


near = st.tuples(st.integers(-10, 40), st.integers(0, 30))  # days from now, and how many


@st.composite
def schedules(draw: Any) -> Times:
    """Return one of the form's choices (and some that only imports make), with its hours."""
    kind = draw(st.sampled_from(["weekly", "fortnightly", "monthly", "dates", "odd"]))
    parts = dict(draw(hours))
    if kind == "dates":
        some = draw(st.lists(days, min_size=1, max_size=9, unique=True))
        return Times(**parts, dates=",".join(map(str, sorted(some))))
    parts |= draw(bounds)
    chosen = draw(names)
    if kind == "monthly":
        nths = draw(st.lists(st.sampled_from([1, 2, 3, 4, 5, -1, -2]), min_size=1, unique=True))
        byday = ",".join(f"{nth}{day}" for day in chosen for nth in nths)
        start = draw(st.none() | days)
        return Times(freq=Freq.MONTHLY, byday=byday, dtstart=start, **parts)
    byday = ",".join(chosen)
    if kind == "weekly":
        return Times(freq=Freq.WEEKLY, byday=byday, dtstart=draw(st.none() | days), **parts)
    if kind == "fortnightly":
        start = draw(days | st.dates(date(1990, 1, 1), FIRST))
        return Times(freq=Freq.WEEKLY, byday=byday, interval=2, dtstart=start, **parts)
    return Times(
        freq=draw(st.sampled_from([*Freq])), byday=draw(st.sampled_from(["", byday, "1MO,3FR"])),
        interval=draw(st.integers(1, 5)), dtstart=draw(days), **parts,
    )  # fmt: skip


def reckoned(when: Times, first: date, last: date) -> list[date]:
    """Return the days of a schedule by dateutil, with what is left out taken out one by one."""
    if when.freq is None:
        found = [date.fromisoformat(day) for day in when.dates.split(",")]
        return [day for day in found if first <= day <= last]
    parts = [part for part in when.byday.split(",") if part]
    by = [
        getattr(rrule, part[-2:])(int(part[:-2])) if part[:-2] else getattr(rrule, part)
        for part in parts
    ]
    start = when.dtstart or first
    found = rrule.rrule(
        FREQ[when.freq], dtstart=datetime.combine(start, time()), interval=when.interval,
        until=datetime.combine(min(last, when.valid_to or last), time()),
        byweekday=by or None, wkst=rrule.MO,
    )  # fmt: skip
    left_out = {int(month) for month in when.not_months.split(",") if month}
    return [
        at.date()
        for at in found
        if at.date() >= first
        and at.month not in left_out
        and (when.bank_holidays or at.date() not in calendar.bank_holidays(at.year))
    ]


@settings(max_examples=250, deadline=None)
@given(schedules(), days)
def test_the_next_dates_are_those_that_another_reckoning_finds(when: Times, today: date) -> None:
    found = next_meetings([when], today=today, count=5)
    far = date.max if when.freq is None else today + FARTHEST
    wanted = reckoned(when, today, min(far, date(2040, 1, 1)))[:5]
    assert [meeting.on for meeting in found] == wanted
    assert all((m.opens_at, m.closes_at) == (when.opens_at, when.closes_at) for m in found)


@settings(max_examples=60, deadline=None)
@given(schedules(), days, st.lists(near, min_size=1, max_size=4))
def test_closures_and_holidays_only_take_days_away(
    when: Times, today: date, spans: list[tuple[int, int]]
) -> None:
    starts = [(today + timedelta(days=first), length) for first, length in spans]
    ranges = [(first, first + timedelta(days=length)) for first, length in starts]
    away = [Closure(starts_on=a, ends_on=b, kind=Away.AWAY) for a, b in ranges[:2]]
    quiet = [Closure(starts_on=a, ends_on=b, kind=Away.QUIET) for a, b in ranges[2:]]
    found = next_meetings(
        [when], today=today, count=4, closures=[*away, *quiet], school_holidays=ranges
    )
    every = reckoned(when, today, today + FARTHEST if when.freq else date(2040, 1, 1))
    out = ranges[:2] + (ranges if when.term_time and when.freq else [])
    wanted = [day for day in every if not any(a <= day <= b for a, b in out)][:4]
    assert [meeting.on for meeting in found] == wanted
    for meeting in found:
        assert meeting.quiet == any(a <= meeting.on <= b for a, b in ranges[2:])


@settings(max_examples=60, deadline=None)
@given(schedules(), days, st.integers(-5, 70))
def test_asking_day_by_day_is_the_same(when: Times, start: date, left: int) -> None:
    if when.freq:
        when = replace(when, valid_to=start + timedelta(days=left))
    meets = meets_on(when)
    asked = [day for n in range(60) if meets(day := start + timedelta(days=n))]
    assert asked == reckoned(when, start, start + timedelta(days=59))


@pytest.mark.parametrize("hour", [time(1, 30), time(10), time(22)])
def test_at_every_clock_change_a_sunday_group_keeps_its_hour_on_the_wall(hour: time) -> None:
    sundays = Times(freq=Freq.WEEKLY, byday="SU", opens_at=hour, closes_at=time(0, 30))
    for change in CLOCKS:
        met = next_meetings([sundays], today=change - timedelta(days=7), count=3)
        assert [one.on - change for one in met] == [timedelta(days=n) for n in (-7, 0, 7)]
        assert {one.opens_at for one in met} == {hour}
        wall = [calendar.london(calendar.at(one.on, hour)).time() for one in (met[0], met[2])]
        assert wall == [hour, hour]
        gap = calendar.at(met[2].on, hour) - calendar.at(met[0].on, hour)
        assert gap - timedelta(days=14) == timedelta(hours=-1 if change.month == 3 else 1)


def test_a_fortnight_is_kept_for_ever_over_leap_years_and_year_ends() -> None:
    when = Times(freq=Freq.WEEKLY, byday="TH", interval=2, dtstart=date(1996, 9, 12))
    meets = meets_on(when)
    met = [day for day in ALL if meets(day)]
    assert {b - a for a, b in pairwise(met)} == {timedelta(days=14)}
    assert {(day - date(1996, 9, 12)).days % 14 for day in met} == {0}


def test_a_fifth_monday_is_only_in_months_that_have_one() -> None:
    meets = meets_on(Times(freq=Freq.MONTHLY, byday="5MO"))
    met = [day for day in ALL if meets(day)]
    assert all(day.day > 28 and day.weekday() == 0 for day in met)
    fives = [
        (year, month)
        for year in YEARS
        for month in range(1, 13)
        if sum(
            date(year, month, d).weekday() == 0 for d in range(1, monthrange(year, month)[1] + 1)
        )
        == 5
    ]
    assert [(day.year, day.month) for day in met] == fives


@pytest.mark.parametrize("leap", LEAPS)
def test_leap_days_are_days(leap: date) -> None:
    name = [*DAYS][leap.weekday()]
    for when in (
        Times(freq=Freq.WEEKLY, byday=name),
        Times(freq=Freq.MONTHLY, byday=f"5{name}"),
        Times(freq=Freq.MONTHLY, byday=f"-1{name}"),
        Times(dates=str(leap)),
        Times(freq=Freq.WEEKLY, byday=name, interval=2, dtstart=leap - timedelta(days=14)),
        Times(freq=Freq.MONTHLY, dtstart=date(2020, 2, 29)),
    ):
        assert next_meetings([when], today=leap, count=1)[0].on == leap


def test_a_session_past_midnight_belongs_to_the_day_it_starts() -> None:
    late = Times(freq=Freq.WEEKLY, byday="SA", opens_at=time(22), closes_at=time(1))
    saturday = date(2026, 10, 24)  # the clocks go back in the night
    assert next_meetings([late], today=saturday, count=1)[0].on == saturday
    after = next_meetings([late], today=saturday + timedelta(days=1), count=1)
    assert after[0].on == date(2026, 10, 31)
    assert after[0].words == "Saturday 31 October 2026, 10pm to 1am"


def test_bank_holidays_are_asked_for_only_where_a_group_keeps_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    real = calendar.bank_holidays

    def noted(year: int) -> frozenset[date]:
        asked.append(year)
        return real(year)

    monkeypatch.setattr("asset_hub.directory.rules.dates.bank_holidays", noted)
    mondays = Times(freq=Freq.WEEKLY, byday="MO")
    met = next_meetings([mondays], today=date(2026, 5, 4), count=1)
    assert (met[0].on, asked) == (date(2026, 5, 4), [])
    closed = Times(freq=Freq.WEEKLY, byday="MO", bank_holidays=False)
    assert next_meetings([closed], today=date(2026, 5, 4), count=1)[0].on == date(2026, 5, 11)
    assert asked == [2026, 2026]


def test_a_long_closure_does_not_move_the_fortnight() -> None:
    when = Times(freq=Freq.WEEKLY, byday="TH", interval=2, dtstart=date(2026, 9, 10))
    away = Closure(starts_on=date(2026, 9, 20), ends_on=date(2026, 10, 10), kind=Away.AWAY)
    met = next_meetings([when], today=date(2026, 9, 10), closures=[away])
    assert [f"{one.on:%d %b}" for one in met] == ["10 Sep", "22 Oct", "05 Nov"]


@settings(max_examples=150, deadline=None)
@given(schedules(), days)
@example(Times(dates="2026-09-10"), date(2026, 9, 11))
def test_words_are_never_empty_and_never_name_a_day_that_is_over(when: Times, today: date) -> None:
    assert say(when)
    words = say(when, today=today)
    assert words
    assert words == words.strip()
    assert "  " not in words
    listed = [date.fromisoformat(day) for day in when.dates.split(",") if day]
    if when.freq is None and max(listed) < today:
        assert words == NO_MORE
    for day in listed:
        if day < today:
            assert f"{day.day} {day:%B} {day.year}" not in words


@settings(max_examples=60, deadline=None)
@given(st.lists(schedules(), min_size=1, max_size=3), days)
def test_words_last_until_the_day_that_says_so(whens: list[Times], today: date) -> None:
    now, stale = say_when(whens, today=today), stale_after(whens, today=today)
    chance = random.Random(1)
    for _ in range(20):
        day = today + timedelta(days=chance.randrange(1, 4000))
        if stale is None or day < stale:
            assert say_when(whens, today=day) == now
    if stale:
        assert stale > today
        assert say_when(whens, today=stale) != now
        assert say_when(whens, today=stale - timedelta(days=1)) == now


def test_the_clock_of_the_test_itself_is_right() -> None:
    """Were London's rules of 2026 to 2036 others than these, the tests above would show nothing."""
    offsets = {
        datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        .astimezone(calendar.LONDON)
        .utcoffset()
        for day in ALL
    }
    assert offsets == {timedelta(), timedelta(hours=1)}
