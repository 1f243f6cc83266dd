"""What a community does not have: the rule of docs/communities.md."""

import re
from datetime import time

from sqlmodel import Session

from asset_hub.search.neighbourhood.gaps import Offer, Topic, gaps, slots
from asset_hub.search.service import unmet
from tests.cast import TODAY
from tests.conftest import Browser
from tests.search.conftest import HALL, Town

COMPANY = Topic("company", "Company and friendship", "need")
CARING = Topic("caring", "Caring for someone", "need")
SMOKING = Topic("smoking", "Stopping smoking", "need")
MEN = Topic("men", "Men", "audience")
LGBT = Topic("lgbt", "LGBT+ people", "audience")
EVERY_DAY = {(day, evening) for day in range(7) for evening in (False, True)}


def offer(*topics: str, when: set[tuple[int, bool]] | None = None) -> Offer:
    return Offer(frozenset(topics), EVERY_DAY if when is None else when)


def words(offers: list[Offer], *topics: Topic) -> list[str]:
    return [gap.words for gap in gaps(offers, topics)]


def test_a_place_with_everything_has_no_gaps() -> None:
    there = [offer("company", "caring", "men", "step-free")]
    assert words(there, COMPANY, CARING, MEN) == []


def test_where_nothing_is_listed_nothing_is_compared() -> None:
    assert words([], COMPANY, MEN) == []


def test_what_is_asked_for_more_comes_first() -> None:
    assert words([offer("men")], SMOKING, CARING, COMPANY, MEN) == [
        "Something for company and friendship",
        "Something for caring for someone",
        "Something for stopping smoking",
    ]
    found = gaps([offer("men")], [SMOKING, COMPANY], order=("smoking", "company"))
    assert [gap.topic for gap in found] == ["smoking", "company"]


def test_of_one_need_only_the_first_lack_is_said() -> None:
    daytime = {(day, False) for day in range(7)}
    weekdays = {(day, evening) for day in range(5) for evening in (False, True)}
    for there, said in (
        (offer("caring", "step-free", when=daytime), "in the evening"),
        (offer("caring"), "without steps"),
        (offer("caring", "step-free", when=weekdays), "at the weekend"),
    ):
        said = f"Something for caring for someone {said}"
        assert said in words([there], CARING)
        assert sum("caring" in gap for gap in words([there], CARING)) == 1


def test_days_and_people_nobody_thinks_of() -> None:
    there = [offer("company", "step-free", when={(day, True) for day in range(6)})]
    assert words(there, COMPANY, MEN, LGBT) == [
        "Something on a Sunday",
        "A group especially for LGBT+ people",
        "A group especially for men",
    ]


def test_what_meets_nobody_knows_when_is_there_but_not_on_a_day() -> None:
    found = words([offer("company", when=set())], COMPANY)
    assert found == ["Something for company and friendship in the evening"]


def test_slots_are_read_from_the_parts_of_a_schedule() -> None:
    assert slots("MO,1TH", time(17)) == {(0, True), (3, True)}
    assert slots("SU", None) == {(6, False)}
    assert slots("", time(9)) == set()


def test_what_many_asked_in_vain_here_is_missing_most(
    browser: Browser, session: Session, town: Town
) -> None:
    town.add("Choir", at=HALL, topics=("company",))
    town.add("Walk", at=HALL, topics=("grief",))
    browser.sign_in(town.cast.cath)

    def first() -> str:
        page = browser.get("/my-patch").text.split('id="gaps"')[1]
        return str(re.findall(r'<h3 class="hub-today__who">(.*?)</h3>', page)[0])

    assert "grief" not in first()
    for times, told in ((7, False), (1, True)):
        for _ in range(times):
            unmet(session, topics=["grief"], area="ashby", words="", today=TODAY)
        for _ in range(20):
            unmet(session, topics=["sleep"], area="elsewhere", words="", today=TODAY)
        session.commit()
        assert ("grief" in first()) is told, "what a few asked orders nothing"
