from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asset_hub.connections.models import Ending, State
from asset_hub.core.calendar import is_working_day
from asset_hub.core.errors import RuleBroken
from asset_hub.followups import rules
from asset_hub.followups.models import OUTCOME_HINTS, OUTCOME_WORDS, Outcome

MONDAY = date(2026, 9, 7)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def test_the_plan_looks_in_after_2_days_2_weeks_6_weeks_and_12_weeks() -> None:
    steps = rules.plan(MONDAY, today=MONDAY)
    assert [step.days for step in steps] == [2, 14, 42, 84]
    assert [(step.due_on - MONDAY).days for step in steps] == [2, 14, 42, 84]


def test_looks_are_moved_off_weekends_and_bank_holidays() -> None:
    thursday = date(2026, 12, 10)
    due = [step.due_on for step in rules.plan(thursday, today=thursday)]
    assert due[0] == date(2026, 12, 14)  # Saturday to Monday
    assert due[1] == date(2026, 12, 24)
    before_easter = date(2026, 4, 1)
    assert rules.plan(before_easter, today=before_easter)[0].due_on == date(2026, 4, 7)


@given(DAYS, st.integers(0, 120), st.lists(st.integers(0, 30), min_size=1, max_size=6, unique=True))
def test_looks_are_on_working_days_in_the_future_and_never_two_on_one(
    introduced_on: date, late: int, days: list[int]
) -> None:
    today = introduced_on + timedelta(late)
    due = [s.due_on for s in rules.plan(introduced_on, today=today, days=sorted(days))]
    assert due
    assert all(is_working_day(day) and day > today for day in due)
    assert all(one < other for one, other in pairwise(due))


def test_an_introduction_written_down_late_is_looked_at_on_the_next_working_day() -> None:
    steps = rules.plan(MONDAY - timedelta(20), today=MONDAY)
    assert [step.days for step in steps] == [14, 42, 84]
    assert steps[0].due_on == MONDAY + timedelta(1)
    assert steps[1].due_on == MONDAY + timedelta(22)


COMING = MONDAY + timedelta(12)


@pytest.mark.parametrize(
    ("outcome", "coming", "silences", "on", "may_end"),
    [
        (Outcome.GOING_WELL, COMING, 0, COMING, None),
        (Outcome.GOING_WELL, None, 0, MONDAY + timedelta(14), Ending.JOINED),
        (Outcome.WENT_ONCE, COMING, 0, COMING, None),
        (Outcome.WENT_ONCE, None, 0, MONDAY + timedelta(14), None),
        (Outcome.NOT_YET, COMING, 0, MONDAY + timedelta(7), None),
        (Outcome.WRONG_FIT, COMING, 0, MONDAY + timedelta(1), Ending.NOT_FOR_THEM),
        (Outcome.NEEDS_MORE, COMING, 0, MONDAY + timedelta(2), None),
        (Outcome.COULD_NOT_REACH, COMING, 0, MONDAY + timedelta(3), None),
        (Outcome.COULD_NOT_REACH, COMING, 1, MONDAY + timedelta(3), None),
        (Outcome.COULD_NOT_REACH, COMING, 2, MONDAY + timedelta(3), Ending.COULD_NOT_REACH),
    ],
)
def test_the_next_look_follows_from_the_answer(
    outcome: Outcome, coming: date | None, silences: int, on: date, may_end: Ending | None
) -> None:
    found = rules.next_look(outcome, coming=coming, silences=silences, today=MONDAY)
    assert found == rules.Next(on, may_end)


@given(st.sampled_from(Outcome), DAYS, st.integers(0, 5))
def test_every_answer_leads_to_a_working_day_ahead(
    outcome: Outcome, today: date, silences: int
) -> None:
    found = rules.next_look(outcome, coming=None, silences=silences, today=today)
    assert found.on > today
    assert is_working_day(found.on)


def test_silences_count_only_the_last_ones_in_a_row() -> None:
    silent, heard = Outcome.COULD_NOT_REACH, Outcome.NOT_YET
    assert rules.silences([]) == 0
    assert rules.silences([silent, silent]) == 2
    assert rules.silences([silent, silent, heard, silent]) == 1


def test_a_call_a_little_early_answers_the_look_that_was_coming() -> None:
    due = [MONDAY - timedelta(1), MONDAY + timedelta(3), MONDAY + timedelta(4)]
    assert rules.answered(due, today=MONDAY) == 2


@pytest.mark.parametrize(
    ("state", "outcome", "over", "through"),
    [
        (State.INTRODUCED, Outcome.WENT_ONCE, False, (State.ATTENDED,)),
        (State.INTRODUCED, Outcome.GOING_WELL, False, (State.ATTENDED,)),
        (State.INTRODUCED, Outcome.GOING_WELL, True, (State.ATTENDED, State.SETTLED)),
        (State.WAITING, Outcome.WENT_ONCE, False, (State.ATTENDED,)),
        (State.ATTENDED, Outcome.GOING_WELL, True, (State.SETTLED,)),
        (State.ATTENDED, Outcome.GOING_WELL, False, ()),
        (State.SETTLED, Outcome.GOING_WELL, True, ()),
        (State.INTRODUCED, Outcome.NOT_YET, False, ()),
        (State.ATTENDED, Outcome.WRONG_FIT, False, ()),
    ],
)
def test_going_along_moves_the_connection_on(
    state: State, outcome: Outcome, over: bool, through: tuple[State, ...]
) -> None:
    assert rules.moves_to(state, outcome, over=over) == through


@pytest.mark.parametrize("state", [State.CLOSED, State.WITHDRAWN, State.LAPSED])
def test_nothing_is_recorded_about_what_has_ended(state: State) -> None:
    with pytest.raises(RuleBroken, match="has ended"):
        rules.must_be_recordable(state, introduced=True)


@pytest.mark.parametrize("state", [State.SENT, State.ACCEPTED, State.WAITING])
def test_nothing_is_recorded_before_the_introduction(state: State) -> None:
    with pytest.raises(RuleBroken, match="not been introduced"):
        rules.must_be_recordable(state, introduced=False)


@pytest.mark.parametrize(
    ("on", "says"), [(1, "today or in the past"), (-8, "after the connection")]
)
def test_an_introduction_has_happened_since_the_connection_was_made(on: int, says: str) -> None:
    with pytest.raises(RuleBroken, match=says) as caught:
        rules.must_have_happened(
            MONDAY + timedelta(on), made_on=MONDAY - timedelta(7), today=MONDAY
        )
    assert caught.value.field == "on"


def test_every_answer_has_words_and_a_hint() -> None:
    assert set(OUTCOME_WORDS) == set(OUTCOME_HINTS) == set(Outcome)
