"""What waits, what clashes, what is at risk, and how two texts differ."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import PART_WORDS, Asks, ChangeRequest, Service
from asset_hub.directory.rules import changes as rules
from asset_hub.directory.rules import risks
from asset_hub.directory.rules.telling import say_part, say_where_public, tell
from asset_hub.directory.rules.wording import MOST_WORDS, compared
from tests.cast import TODAY

PLACE = {
    "name": "Hall", "address_1": "1 High Street", "city": "Ashby", "postal_code": "AS1 1AA",
    "latitude": 53.61, "longitude": -2.21, "approximate": False, "visibility": "exact",
}  # fmt: skip
TIME: dict[str, Any] = {
    "freq": "WEEKLY", "interval": 1, "byday": "TH", "opens_at": "10:00", "closes_at": "12:00",
    "dtstart": None, "valid_to": None, "description": "", "place": None,
}  # fmt: skip


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_pieces_of_each_side_are_its_text_and_what_is_shared_is_equal(
    old: str, new: str
) -> None:
    ours, theirs = compared(old, new)
    assert "".join(piece.words for piece in ours) == old
    assert "".join(piece.words for piece in theirs) == new
    same = ["".join(p.words for p in side if p.same) for side in (ours, theirs)]
    assert same[0] == same[1]


def test_words_that_differ_are_marked() -> None:
    ours, theirs = compared("Every Thursday at ten", "Every Friday at ten")
    assert [piece.words for piece in ours if not piece.same] == ["Thursday"]
    assert [piece.words for piece in theirs if not piece.same] == ["Friday"]


def test_very_long_texts_are_shown_whole() -> None:
    long = "word " * MOST_WORDS
    assert [len(side) for side in compared(long, long + "more")] == [1, 1]


def test_a_clash_waits_for_a_choice_and_the_rest_applies() -> None:
    before, now = {"fees": "Free", "access": ""}, {"fees": "£5", "access": ""}
    after = {"fees": "£2", "access": "Ramp"}
    assert rules.to_pick(before, now, after) == ["fees"]
    with pytest.raises(RuleBroken):
        rules.chosen(before, now, after, {"fees": "both"})
    assert rules.chosen(before, now, after, {"fees": "now"}) == {"access": "Ramp"}
    assert rules.chosen(before, now, after, {"fees": "suggested"}) == after


@given(
    *[st.dictionaries(st.sampled_from("abc"), st.integers(0, 2), min_size=3, max_size=3)] * 3,
    st.sampled_from(["now", "suggested"]),
)
def test_nobodys_words_are_overwritten_unchosen(
    before: dict[str, int], now: dict[str, int], after: dict[str, int], pick: str
) -> None:
    asked = rules.to_pick(before, now, after)
    taken = rules.chosen(before, now, after, dict.fromkeys(asked, pick))
    for name in after:
        changed_by_others = now[name] != before[name]
        if changed_by_others and now[name] != after[name] and pick == "now":
            assert name not in taken
        if not changed_by_others:
            assert taken[name] == after[name]


def test_only_what_is_true_for_a_while_and_what_hides_needs_no_look() -> None:
    hidden = PLACE | {"visibility": "hidden"}
    before: dict[str, Any] = {"places": [PLACE], "welcomes": None, "fees": ""}
    after: dict[str, Any] = {"places": [hidden], "welcomes": 3, "fees": "£2"}
    assert set(rules.at_once(before, after)) == {"places", "welcomes"}
    for other in (PLACE | {"name": "Home"}, hidden | {"latitude": 53.7}):
        assert rules.at_once(before, {"places": [other]}) == {}
    assert rules.at_once({"places": [hidden]}, {"places": [PLACE]}) == {}
    assert rules.at_once(before, {"places": []}) == {}


@pytest.mark.parametrize(
    ("moved", "said"), [(0.001, []), (0.0025, ["The pin moves 280 m."]),
                        (0.1, ["The pin moves 11.1 km."])],
)  # fmt: skip
def test_a_pin_that_moves_far_is_said(moved: float, said: list[str]) -> None:
    after = {"places": [PLACE | {"latitude": 53.61 + moved}]}
    choir = Service(name="Choir", organization_id=uuid4())
    change = ChangeRequest(
        asks=Asks.CHANGE, before={"places": [PLACE]}, after=after, made_on=1,
        service_id=choir.id, service=choir,
    )  # fmt: skip
    found = risks.of_change(change)
    assert [risk.advice for risk in found if "pin" in risk.advice] == said
    assert [risk.words for risk in risks.briefly(found)].count("the address changes") == 1


def test_every_part_has_words() -> None:
    contact = {"name": "Olive", "email": "o@choir.example", "phone": ""}
    away = {"starts_on": "2026-08-01", "ends_on": "2026-08-31", "kind": "away", "reason": "Summer"}
    parts: dict[str, Any] = {
        "kind": "group", "community_id": "x", "photo_id": "y", "places": [PLACE], "times": [TIME],
        "closures": [away], "topics": ["grief", "unknown"], "not_for": [], "contact": contact,
        "full_until": "9999-12-31", "welcomes": 3, "name": "Choir",
    }  # fmt: skip
    names = {"grief": "Grief and loss", "x": "Ashby"}
    told = {row.name: row.to for row in tell({}, parts, names=names, today=TODAY)}
    assert told == {
        "kind": "Group", "community_id": "Ashby", "photo_id": "A picture",
        "places": "Hall, 1 High Street, Ashby, AS1 1AA (shown to everybody)",
        "times": "Every Thursday, 10am to noon",
        "closures": "Saturday 1 August 2026 to Monday 31 August 2026: does not meet (Summer)",
        "topics": "Grief and loss, unknown", "not_for": "", "contact": "Olive\no@choir.example",
        "full_until": "Until they say so", "welcomes": "3", "name": "Choir",
    }  # fmt: skip
    assert say_part("full_until", "2026-10-01", names={}) == "Thursday 1 October 2026"
    assert set(told) <= set(PART_WORDS)


def test_a_hidden_address_is_said_to_nobody() -> None:
    hidden = PLACE | {"visibility": "hidden"}
    area = PLACE | {"visibility": "area"}
    said = say_where_public([hidden, area], "Ashby")
    assert said == "The organiser tells you where it is.; Near Ashby"
