"""The state machine, step by step, and the dates it promises."""

from datetime import date
from itertools import product

import pytest

from asset_hub.connections import rules
from asset_hub.connections.models import (
    ANSWER_WORDS,
    ENDED,
    ENDING_WORDS,
    FHIR_STATUS,
    HANDOVER_WORDS,
    OLD_ENDING_WORDS,
    ROUTE_WORDS,
    STATE_COLOURS,
    STATE_WORDS,
    Answer,
    Ending,
    Handover,
    Route,
    State,
)
from asset_hub.core.calendar import is_working_day
from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Standing
from asset_hub.people.models import ContactBy

MONDAY = date(2026, 9, 7)
MAIN_ROAD = [
    State.DRAFT, State.OFFERED, State.AGREED, State.SENT, State.SEEN, State.ACCEPTED,
    State.INTRODUCED, State.ATTENDED, State.SETTLED,
]  # fmt: skip
# Written out once more by hand: what may follow what, and nothing else.
GONE = {"closed", "declined_by_person", "redirected", "withdrawn", "lapsed"}
ASIDE = GONE | {"waiting", "declined_by_group"}
MACHINE = {
    "draft": {"offered", "agreed", "withdrawn"},
    "offered": {"agreed", "waiting"} | GONE,
    "agreed": {"sent", "accepted", "introduced"} | ASIDE,
    "sent": {"seen", "accepted", "introduced"} | ASIDE,
    "seen": {"accepted", "introduced"} | ASIDE,
    "accepted": {"introduced"} | ASIDE,
    "introduced": {"attended"} | ASIDE,
    "attended": {"settled"} | ASIDE,
    "settled": {"waiting"} | GONE,
    "declined_by_group": {"sent", "accepted", "waiting"} | GONE,
    "waiting": {"sent", "seen", "accepted", "introduced", "attended", "declined_by_group"} | GONE,
    **{ended: {"agreed", "introduced", "attended"} for ended in GONE},
}


@pytest.mark.parametrize(("came_from", "to"), list(product(State, State)))
def test_every_step_is_allowed_or_refused_as_written(came_from: State, to: State) -> None:
    if to.value in MACHINE[came_from.value]:
        rules.must_follow(came_from, to)
    else:
        with pytest.raises(RuleBroken):
            rules.must_follow(came_from, to)


def test_the_main_road_can_be_walked_to_its_end() -> None:
    for came_from, to in zip(MAIN_ROAD, [*MAIN_ROAD[1:], State.CLOSED], strict=True):
        rules.must_follow(came_from, to)


def test_from_everywhere_there_is_a_way_to_the_end() -> None:
    assert all(rules.STEPS[state] & set(ENDED) for state in State if state not in ENDED)


@pytest.mark.parametrize("state", list(State))
def test_an_open_state_promises_a_working_day_and_an_ended_one_nothing(state: State) -> None:
    found = rules.next_check(state, today=MONDAY)
    if state in ENDED:
        assert found is None
    else:
        assert found is not None
        assert found > MONDAY
        assert is_working_day(found)


@pytest.mark.parametrize(
    ("state", "on"),
    [
        (State.AGREED, date(2026, 9, 8)),
        (State.SENT, date(2026, 9, 9)),
        (State.ACCEPTED, date(2026, 9, 9)),
        (State.DECLINED_BY_GROUP, date(2026, 9, 8)),
        (State.WAITING, date(2026, 9, 8)),
        (State.ATTENDED, date(2026, 9, 21)),
    ],
)
def test_each_state_is_looked_at_again_soon_enough(state: State, on: date) -> None:
    assert rules.next_check(state, today=MONDAY) == on


def test_a_wait_is_looked_at_when_it_is_over() -> None:
    sunday = date(2026, 10, 4)
    assert rules.next_check(State.WAITING, today=MONDAY, until=sunday) == date(2026, 10, 5)
    assert rules.next_check(State.WAITING, today=MONDAY, until=MONDAY) == date(2026, 9, 8)


def test_friday_before_a_bank_holiday_promises_the_wednesday() -> None:
    friday = date(2026, 8, 28)
    assert rules.next_check(State.SENT, today=friday) == date(2026, 9, 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"recorded": False},
        {"no_contact": True},
        {"has_open": True},
        {"standing": Standing.CLOSED},
        {"standing": Standing.WAITING},
    ],
)
def test_a_connection_needs_agreement_a_listed_group_and_no_twin(wrong: dict[str, bool]) -> None:
    good = {
        "standing": Standing.LISTED, "recorded": True, "no_contact": False, "has_open": False,
    }  # fmt: skip
    rules.must_be_connectable("Rose", **good)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken):
        rules.must_be_connectable("Rose", **good | wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("on", [MONDAY, date(2026, 9, 6), date(2026, 12, 1)])
def test_a_promise_is_for_the_next_twelve_weeks(on: date) -> None:
    rules.must_be_a_promise(date(2026, 11, 30), today=MONDAY)
    with pytest.raises(RuleBroken):
        rules.must_be_a_promise(on, today=MONDAY)


def test_what_is_reopened_stands_as_far_as_it_had_come() -> None:
    assert rules.reopens_as(introduced=False, attended=False) is State.AGREED
    assert rules.reopens_as(introduced=True, attended=False) is State.INTRODUCED
    assert rules.reopens_as(introduced=True, attended=True) is State.ATTENDED


def test_reopening_needs_a_reason() -> None:
    with pytest.raises(RuleBroken):
        rules.must_say_why("  ")


@pytest.mark.parametrize(
    ("answer", "until", "state"),
    [
        (Answer.YES, None, State.ACCEPTED),
        (Answer.NOT_NOW, None, State.DECLINED_BY_GROUP),
        (Answer.NOT_NOW, date(2026, 10, 5), State.WAITING),
        (Answer.FULL, None, State.DECLINED_BY_GROUP),
    ],
)
def test_each_answer_leads_somewhere(answer: Answer, until: date | None, state: State) -> None:
    assert rules.state_after(answer, until=until) is state


def test_an_answer_is_told_in_words() -> None:
    said = rules.in_words(Answer.YES, words="See you!", first_on=MONDAY, who="Olive")
    assert said == (
        "Yes, we will welcome them. First visit: Monday 7 September 2026. "
        "Who will meet them: Olive. See you!"
    )
    assert rules.in_words(Answer.FULL, words="", first_on=MONDAY, who="Olive") == "We are full."


@pytest.mark.parametrize(
    ("by", "reach", "voicemail"),
    [
        (ContactBy.PHONE, "0161", True),
        (ContactBy.TEXT, "0161", False),
        (ContactBy.EMAIL, "rose@example.org", False),
        (ContactBy.POST, "", False),
        (ContactBy.IN_PERSON, "", False),
    ],
)
def test_a_group_is_told_the_one_way_that_was_chosen(
    by: ContactBy, reach: str, voicemail: bool
) -> None:
    told = rules.told(
        "Rose Ashworth", by, phone="0161", email="rose@example.org", safe_contact="After ten",
        voicemail_ok=True, message="Hello",
    )  # fmt: skip
    assert (told.first_name, told.reach, told.voicemail_ok) == ("Rose", reach, voicemail)


@pytest.mark.parametrize("state", list(State))
def test_what_can_be_done_next_is_a_step_of_the_machine(state: State) -> None:
    can = rules.next_steps(state, shared=True)
    assert ("introduce" in can) is (State.INTRODUCED in rules.STEPS[state] and state not in ENDED)
    assert ("reopen" in can) is (state in ENDED)
    assert not {"introduce", "ask"} & rules.next_steps(state, shared=False)


def test_everything_has_words_and_a_fhir_status() -> None:
    for kind, words in (
        (State, STATE_WORDS), (Route, ROUTE_WORDS), (Handover, HANDOVER_WORDS),
        (Ending, ENDING_WORDS | OLD_ENDING_WORDS), (Answer, ANSWER_WORDS), (State, FHIR_STATUS),
    ):  # fmt: skip
        assert set(words) == set(kind)
    assert set(STATE_COLOURS) == set(State)
    assert Ending.MOVED_OR_DIED not in ENDING_WORDS  # kept readable, never offered
    assert FHIR_STATUS[State.SENT] == "requested"
    assert FHIR_STATUS[State.LAPSED] == "failed"


@pytest.mark.parametrize(
    ("state", "lead"),
    [
        (State.AGREED, "ask"), (State.SENT, "answer"), (State.SEEN, "answer"),
        (State.ACCEPTED, "introduce"), (State.INTRODUCED, "record"),
        (State.DECLINED_BY_GROUP, "another"), (State.CLOSED, ""),
    ],
)  # fmt: skip
def test_one_thing_is_done_first_in_each_state(state: State, lead: str) -> None:
    assert rules.leading(state, rules.next_steps(state, shared=True)) == lead


def test_a_group_nobody_can_write_to_is_telephoned_first() -> None:
    can = rules.next_steps(State.AGREED, shared=True) - {"ask"}
    assert rules.leading(State.AGREED, can) == "answer"


def test_nobody_joins_what_they_were_not_introduced_to() -> None:
    assert Ending.JOINED not in rules.endings(introduced=False)
    assert Ending.JOINED in rules.endings(introduced=True)
    assert {Ending.DIED, Ending.MOVED_AWAY} <= set(rules.endings(introduced=False))
