"""What a community does not have: the rule of docs/communities.md."""

from datetime import time

from asset_hub.search.neighbourhood.gaps import Offer, Topic, gaps, slots

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


def test_what_was_asked_for_in_vain_here_comes_first_and_says_so() -> None:
    found = gaps([offer("men")], [COMPANY, CARING, SMOKING], asked={"smoking": 12})
    assert [gap.topic for gap in found] == ["smoking", "company", "caring"]
    assert found[0].said == "Asked for in vain about 10 times"
    assert found[1].said == ""
    few = gaps([offer("men")], [COMPANY, SMOKING], asked={"smoking": 2})
    assert few[0].said == "Asked for in vain a few times"


def test_what_is_there_all_week_and_still_asked_for_in_vain_wants_more_of_it() -> None:
    there = [offer("company", "caring", "step-free")]
    assert gaps(there, [COMPANY, CARING]) == []
    found = gaps(there, [COMPANY, CARING], asked={"caring": 9})
    assert [gap.words for gap in found] == ["More for caring for someone"]


def test_people_who_were_asked_for_weigh_more_than_an_empty_day() -> None:
    there = [offer("company", "step-free", when={(day, True) for day in range(6)})]
    found = [gap.words for gap in gaps(there, [COMPANY, MEN], asked={"men": 20})]
    assert found[0] == "A group especially for men"


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
