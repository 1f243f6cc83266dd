"""How sure we are of a group, how that fades, and when to ask: decided without a database."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from asset_hub.core.calendar import is_working_day
from asset_hub.directory.models import Age, Sign
from asset_hub.directory.rules import freshness as rules
from asset_hub.directory.rules.freshness import Due, Life, ask_on, fresh, score, together
from tests.cast import NOW, TODAY

RUN = "the people who run it"


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def known(confirmed: float | None = None, by: str = RUN, **signs: float) -> Life:
    at = None if confirmed is None else ago(confirmed)
    return Life(at, by if at else "", {Sign(name): ago(days) for name, days in signs.items()})


@pytest.mark.parametrize(
    ("life", "age", "words"),
    [
        (known(30), Age.SURE, "Confirmed by the people who run it in August 2026"),
        (known(30, by="a champion"), Age.SURE, "Visited by a champion in August 2026"),
        (known(30, by="council"), Age.SURE, "Confirmed by council in August 2026"),
        (known(183), Age.SURE, "Confirmed by the people who run it in March 2026"),
        (known(184), Age.AGEING, "Last confirmed by the people who run it in March 2026"),
        (known(274), Age.AGEING, "Last confirmed by the people who run it in December 2025"),
        (
            known(275),
            Age.OLD,
            "Last confirmed by the people who run it in December 2025: ring before you go",
        ),
        (
            known(300, attended=20),
            Age.AGEING,
            "Somebody went in August 2026; not confirmed since November 2025",
        ),
        (known(attended=20), Age.AGEING, "Somebody went in August 2026; not confirmed yet"),
        (known(accepted=20), Age.AGEING, "It welcomed somebody in August 2026; not confirmed yet"),
        (
            known(attended=200),
            Age.OLD,
            "Somebody went in February 2026; not confirmed yet: ring before you go",
        ),
        (
            known(366),
            Age.OLD,
            "We have not heard from this group for a year: ring before you go",
        ),
        (known(), Age.UNKNOWN, "Not confirmed yet: ring before you go"),
        (
            known(30, reported_gone=3),
            Age.OLD,
            "Somebody told us in September 2026 that it may have stopped: ring before you go",
        ),
        (
            known(30, mail_bounced=3),
            Age.OLD,
            "Our mail to this group came back in September 2026: ring before you go",
        ),
        (
            known(30, reported_gone=40),
            Age.SURE,
            "Confirmed by the people who run it in August 2026",
        ),
        (
            known(200, reported_gone=40, attended=10),
            Age.AGEING,
            "Somebody went in August 2026; not confirmed since February 2026",
        ),
    ],
)
def test_it_says_when_and_how_a_group_was_last_known_to_be_there(
    life: Life, age: Age, words: str
) -> None:
    said = fresh(life, today=TODAY)
    assert (said.age, said.words) == (age, words)


def test_a_group_fades_on_the_days_it_says_and_on_no_other() -> None:
    life, today, turns = known(0, attended=-100), TODAY, []
    said = fresh(life, today=today)
    while said.fades_on:
        day_before = fresh(life, today=said.fades_on - timedelta(days=1))
        assert (day_before.age, day_before.words) == (said.age, said.words)
        turned = fresh(life, today=said.fades_on)
        assert (turned.age, turned.words) != (said.age, said.words)
        turns.append((said.fades_on - TODAY).days)
        said = turned
    assert turns == [184, 284, 466], "six months; six and twelve after somebody went"


def test_signs_of_life_are_worth_less_as_time_goes_by_and_add_up() -> None:
    assert score(known(0), now=NOW) == 1.0
    assert score(known(180), now=NOW) == 0.5
    assert score(known(attended=90), now=NOW) == 0.4
    assert score(known(180, attended=90), now=NOW) == 0.7, "half, and two fifths of the rest"
    assert score(known(), now=NOW) == 0.0
    assert score(known(30, reported_gone=0), now=NOW) == pytest.approx(0.178, abs=0.001)
    assert score(known(0, reported_gone=5), now=NOW) == 1.0, "it has been answered"
    for days in range(0, 2000, 50):
        assert 0 <= score(known(days, attended=days / 2, mail_bounced=1), now=NOW) <= 1


def test_every_sign_has_a_weight_and_a_half_life() -> None:
    assert set(rules.WEIGHTS) == set(rules.HALF_LIVES) == set(Sign)
    assert {sign for sign, weight in rules.WEIGHTS.items() if weight < 0} == set(rules.AGAINST)


def test_a_group_is_asked_five_months_after_it_was_confirmed_on_a_working_day() -> None:
    on = ask_on(known(0), today=TODAY)
    assert on - TODAY == timedelta(days=161), "past a Sunday"
    assert all(is_working_day(ask_on(known(days), today=TODAY)) for days in range(200))
    assert ask_on(known(), today=TODAY) == TODAY, "never confirmed: now"
    assert ask_on(known(400), today=TODAY) == TODAY
    before_christmas = datetime(2026, 7, 18, 12, tzinfo=UTC)  # 160 days on is Christmas Day
    assert ask_on(Life(before_christmas, RUN), today=TODAY) == date(2026, 12, 29), (
        "past Christmas Day, Boxing Day kept on the Monday, and a weekend"
    )


def test_a_group_that_has_just_welcomed_somebody_is_left_alone_but_not_for_ever() -> None:
    assert ask_on(known(150), today=TODAY) == TODAY + timedelta(days=10)
    assert ask_on(known(140, attended=40), today=TODAY) == TODAY + timedelta(days=21), (
        "sixty days after somebody went, and past a weekend"
    )
    assert ask_on(known(140, attended=0), today=TODAY) == TODAY + timedelta(days=28)


def test_there_are_two_weeks_to_answer_before_six_months_end() -> None:
    assert rules.ASK_AFTER + rules.ANSWER_WITHIN < rules.SURE_FOR
    assert rules.LATEST_ASK + rules.ANSWER_WITHIN < rules.SURE_FOR
    mails = rules.ANSWER_WITHIN + rules.REMINDERS * rules.REMIND_AGAIN
    assert rules.ASK_AFTER + mails < rules.SURE_FOR + timedelta(days=14), "then a champion looks"
    assert timedelta(days=91) < rules.ASK_AFTER - rules.TOGETHER, "at most once a quarter"


def due(address: str, days: int = 0) -> Due:
    return Due(uuid4(), TODAY + timedelta(days=days), None, address)


def test_one_contact_has_one_mail_about_all_that_is_due_soon() -> None:
    rows = [due("a@x"), due("b@x"), due("A@x", 5), due("c@x", 5), due("", 0), due("", 0)]
    found = together(rows, today=TODAY)
    assert [[row.address for row in rows] for rows in found] == [
        ["a@x", "A@x"],
        ["b@x"],
        [""],
        [""],
    ]


def test_a_mail_holds_forty_listings_and_the_rest_waits_for_the_next() -> None:
    found = together([due("a@x") for _ in range(100)], today=TODAY)
    assert [len(rows) for rows in found] == [40, 40, 20]


def test_a_community_has_so_many_questions_a_day() -> None:
    one, other = uuid4(), uuid4()
    mails = [[Due(uuid4(), TODAY, place, "a@x")] for place in [one] * 30 + [other] * 5]
    found = list(rules.within_a_day(mails, {one: 12}))
    assert [mail[0].community for mail in found].count(one) == 8
    assert [mail[0].community for mail in found].count(other) == 5
