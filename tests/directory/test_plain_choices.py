"""What the form can say of when a group meets: to parts, back, and no further."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Freq, Schedule
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import when
from asset_hub.directory.rules.dates import next_meetings
from asset_hub.directory.rules.snapshot import time_parts
from asset_hub.directory.rules.times import DAYS, say_when
from tests.cast import TODAY

WEEKLY = {"often": "weekly", "days": ["TH"], "opens_at": "10:00", "closes_at": "12:00"}
TEN, NOON = time(10), time(12)

dates = st.dates(date(2020, 1, 1), date(2036, 12, 31))
some_days = st.lists(st.sampled_from([*DAYS]), min_size=1, max_size=7, unique=True).map(
    lambda some: [day for day in DAYS if day in some]
)
some_hours = st.sampled_from(
    [(None, None), ("10:00", "12:00"), ("22:00", "01:00"), ("09:30", None), (None, "16:00")]
)


@st.composite
def said(draw: Any) -> of.Answers:
    """Return answers as somebody may give them, all of the form's choices and several sessions."""
    often = draw(st.sampled_from([when.WEEKLY, when.FORTNIGHTLY, when.MONTHLY, when.DATES]))
    found: of.Answers = {"often": often}
    if often == when.FORTNIGHTLY:
        found["next_on"] = draw(dates)
    if often == when.MONTHLY:
        nths = draw(st.lists(st.sampled_from(["1", "2", "3", "4", "-1"]), min_size=1, unique=True))
        found["nth"] = nths
    if often == when.DATES:
        found["dates"] = draw(st.lists(dates, min_size=1, max_size=12))
    for end in ("", *when.FURTHER)[: draw(st.integers(1, 7))]:
        opens, closes = draw(some_hours)
        found |= {f"opens_at{end}": opens, f"closes_at{end}": closes}
        found[f"days{end}"] = [] if often == when.DATES else draw(some_days)
    if often != when.DATES:
        apart = draw(st.sets(st.sampled_from([when.SCHOOL, when.BANK, when.SOME_MONTHS])))
        found["not_months"] = draw(
            st.lists(st.integers(1, 12).map(str), min_size=1, max_size=11, unique=True)
        )
        if draw(st.booleans()):
            found["first_on"] = draw(dates)
            apart.add(when.BEGINS)
        if draw(st.booleans()):
            latest = max(found.get("first_on") or date.min, found.get("next_on") or date.min)
            found["last_on"] = max(draw(dates), min(latest, date(2099, 1, 1)) + timedelta(days=13))
            apart.add(when.ENDS)
        found["apart"] = sorted(apart)
    return of.pack(found)


def rows(answers: of.Answers) -> list[Schedule]:
    return [Schedule(**parts) for parts in when.schedules_from(answers).values()]


@settings(max_examples=100, deadline=None)
@given(said())
def test_parts_become_answers_and_the_same_parts_again(answers: of.Answers) -> None:
    when.must_add_up(answers)
    made = rows(answers)
    told = when.answers_from(made)
    assert told["often"] == answers["often"]
    when.must_add_up(told)
    again = rows(told)

    def parts(schedules: list[Schedule]) -> list[str]:
        return sorted(str(time_parts(one)) for one in schedules)

    assert parts(again) == parts(made)
    assert when.answers_from(again) == told, "and the answers stay"
    assert say_when(made, today=TODAY)
    assert len(when.slots_of(made)) == len(made)


@settings(max_examples=60, deadline=None)
@given(said())
def test_what_was_answered_is_when_it_meets(answers: of.Answers) -> None:
    """Walk the days and ask the answers themselves, not the parts made of them."""
    start = date(2026, 9, 7)
    met = {one.on for one in next_meetings(rows(answers), today=start, count=60)}
    horizon = min(start + timedelta(days=40), max(met, default=start))
    day = start
    while day <= horizon:
        assert (day in met) == answers_meet(answers, day), day
        day += timedelta(days=1)


def answers_meet(answers: of.Answers, day: date) -> bool:
    often, apart = answers["often"], answers.get("apart") or []
    if often == when.DATES:
        return str(day) in answers["dates"]
    bounds = [
        when.SOME_MONTHS in apart and str(day.month) in answers["not_months"],
        when.BEGINS in apart and str(day) < answers["first_on"],
        when.ENDS in apart and str(day) > answers["last_on"],
    ]
    every = {d for end in ("", *when.FURTHER) for d in answers.get(f"days{end}") or []}
    if any(bounds) or [*DAYS][day.weekday()] not in every:
        return False
    if often == when.MONTHLY:
        last = (day + timedelta(days=7)).month != day.month
        nth = str((day.day - 1) // 7 + 1)
        return nth in answers["nth"] or (last and "-1" in answers["nth"])
    if often == when.FORTNIGHTLY:
        first = date.fromisoformat(answers["next_on"])
        weeks = (day - timedelta(days=day.weekday()) - first + timedelta(days=first.weekday())).days
        begins = max(
            [first, *([date.fromisoformat(answers["first_on"])] if when.BEGINS in apart else [])]
        )
        lifted = first + timedelta(days=-(-(begins - first).days // 14) * 14)
        return weeks % 14 == 0 and day >= lifted
    return True


def months_later(**more: Any) -> Schedule:
    return Schedule(freq=Freq.WEEKLY, byday="TH", **more)


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(freq=Freq.MONTHLY, byday="5MO"),
        Schedule(freq=Freq.MONTHLY, byday="-2FR"),
        Schedule(freq=Freq.MONTHLY, byday="1TH,3FR"),
        Schedule(freq=Freq.MONTHLY, byday="1TH", interval=2),
        Schedule(freq=Freq.MONTHLY, byday="TH"),
        Schedule(freq=Freq.MONTHLY, dtstart=date(2026, 1, 20)),
        Schedule(freq=Freq.WEEKLY, byday="TH", interval=3, dtstart=TODAY),
        Schedule(freq=Freq.WEEKLY, byday="TH", interval=2),
        Schedule(freq=Freq.WEEKLY, byday="TH", opens_at=NOON, closes_at=TEN),
        Schedule(freq=Freq.WEEKLY, byday="TH", dtstart=date(1, 1, 1)),
        Schedule(freq=Freq.WEEKLY, byday="TH", valid_to=date(9999, 12, 31)),
        Schedule(freq=Freq.WEEKLY, byday="TH", dtstart=TODAY, valid_to=date(2020, 1, 1)),
        Schedule(freq=Freq.WEEKLY, byday="TH", not_months="1,2,3,4,5,6,7,8,9,10,11,12"),
        Schedule(freq=Freq.WEEKLY),
        Schedule(dates="2026-09-10", valid_to=TODAY),
        Schedule(freq=Freq.WEEKLY, byday="TH", description="When dry"),
        Schedule(opens_at=TEN),
    ],
    ids=lambda one: str(time_parts(one)),
)
def test_what_the_form_cannot_say_is_told_in_words(schedule: Schedule) -> None:
    told = when.answers_from([schedule])
    assert (told["often"], told["days"]) == ("varies", [])
    assert told["when_words"]
    when.must_add_up(told)


def test_an_end_that_is_none_is_not_said() -> None:
    assert say_when([months_later(valid_to=date(9999, 12, 31))]) == "Every Thursday"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"often": "dates"}, "dates"),
        ({"apart": ["months"]}, "not_months"),
        ({"apart": ["months"], "not_months": [str(n) for n in range(1, 13)]}, "not_months"),
        ({"apart": ["begins"]}, "first_on"),
        ({"apart": ["ends"]}, "last_on"),
        ({"apart": ["begins", "ends"], "first_on": "2026-10-02", "last_on": "2026-10-01"},
         "last_on"),
        ({"often": "fortnightly", "next_on": "2026-10-02", "apart": ["ends"],
          "last_on": "2026-10-01"}, "last_on"),
        ({"often": "fortnightly", "next_on": "2026-10-01", "apart": ["begins", "ends"],
          "first_on": "2026-10-02", "last_on": "2026-10-10"}, "last_on"),
        ({"opens_at_7": "10:00"}, "days_7"),
        ({"days_5": ["MO"], "opens_at_5": "14:00", "closes_at_5": "13:00"}, "closes_at_5"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_at_its_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        of.must_add_up(WEEKLY | changed)
    assert broken.value.field == field


@pytest.mark.parametrize(
    "answers",
    [
        WEEKLY | {"apart": ["begins"], "first_on": "2026-10-01", "last_on": "2020-01-01"},
        {"often": "varies", "when_words": "When dry", "apart": ["ends"], "opens_at_2": "10:00"},
        {"often": "dates", "dates": ["2026-10-01"], "opens_at_2": "14:00", "apart": ["months"]},
    ],
)
def test_what_is_out_of_sight_is_no_mistake(answers: dict[str, Any]) -> None:
    of.must_add_up(answers)


def test_two_sessions_on_the_same_dates() -> None:
    answers = {"often": "dates", "dates": ["2026-10-08", "2026-09-10"], "opens_at": "10:00",
               "closes_at": "12:00", "opens_at_2": "14:00", "closes_at_2": "16:00"}  # fmt: skip
    made = rows(answers)
    assert say_when(made) == "10 September and 8 October 2026, 10am to noon and 2pm to 4pm"
    assert [one.words for one in next_meetings(made, today=TODAY, count=2)] == [
        "Thursday 10 September 2026, 10am to noon",
        "Thursday 10 September 2026, 2pm to 4pm",
    ]


def test_a_fortnight_that_begins_later_keeps_its_weeks() -> None:
    answers = {"often": "fortnightly", "days": ["TH"], "next_on": "2026-09-10",
               "apart": ["begins"], "first_on": "2026-10-01"}  # fmt: skip
    [only] = rows(answers)
    assert only.dtstart == date(2026, 10, 8)


def test_a_single_date_that_an_import_gave_is_one_of_these_dates() -> None:
    told = when.answers_from([Schedule(dtstart=date(2026, 9, 10), opens_at=TEN)])
    assert (told["often"], told["dates"]) == ("dates", ["2026-09-10"])


def test_an_older_draft_is_read_with_when_it_meets_in_a_step_of_its_own() -> None:
    old: dict[str, of.Answers] = {
        "what": {"name": "Choir"},
        "where": {"setting": "none", "often": "weekly", "days": ["TH"]},
    }
    new = of.in_steps(old)
    assert new["where"] == {"setting": "none"}
    assert new["when"] == {"often": "weekly", "days": ["TH"]}
    assert of.unfinished(new) == "who"
    assert of.in_steps(new) == new
    assert of.in_steps({"what": {}}) == {"what": {}}


@pytest.mark.parametrize(
    ("often", "left"),
    [
        ("weekly", {"days", "days_2", "opens_at", "apart", "last_on"}),
        ("fortnightly", {"days", "days_2", "opens_at", "apart", "last_on", "next_on"}),
        ("monthly", {"days", "days_2", "opens_at", "apart", "last_on", "nth"}),
        ("dates", {"opens_at", "dates"}),
        ("varies", {"when_words"}),
    ],
)
def test_what_is_left_over_from_another_choice_does_not_count(often: str, left: set[str]) -> None:
    every = {
        "name": "Choir", "often": often, "days": ["TH"], "days_2": ["FR"], "opens_at": time(10),
        "nth": ["1"], "next_on": TODAY, "dates": [TODAY], "when_words": "When dry",
        "apart": ["ends"], "last_on": TODAY, "first_on": TODAY, "not_months": ["8"],
    }  # fmt: skip
    packed = of.pack(every)
    assert {name for name, said in packed.items() if said} == left | {"name", "often"}
    assert packed.keys() == every.keys()
