import math
import random
import re
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from asset_hub.core.errors import RuleBroken
from asset_hub.core.grid import SIZE, coarse, to_grid
from asset_hub.directory.models import Kind, Location, TermKind, Theme, Visibility
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules.naming import key_of
from asset_hub.directory.rules.places import public_point, say_place
from asset_hub.directory.rules.prose import fold, prose, prose_line
from asset_hub.directory.rules.shown import dial, say_ages
from asset_hub.directory.topics import TOPICS


def test_the_grid_has_its_corners_where_the_world_ends() -> None:
    assert to_grid(0, 0) == (SIZE // 2, SIZE // 2)
    assert to_grid(90, -180) == (0, 0)
    assert to_grid(-90, 180) == (SIZE - 1, SIZE - 1)


def test_north_and_west_have_smaller_numbers() -> None:
    manchester, london = to_grid(53.48, -2.24), to_grid(51.5, -0.12)
    assert manchester[0] < london[0]
    assert manchester[1] < london[1]


def test_a_home_cannot_be_told_from_its_neighbours() -> None:
    chance = random.Random(7)
    for _ in range(200):
        home = chance.uniform(50, 60), chance.uniform(-8, 2)
        cell = coarse(*home)
        assert coarse(*cell) == cell, "the middle of a cell lies in it"
        metres = 111_320
        assert abs(home[0] - cell[0]) * metres < 560
        assert abs(home[1] - cell[1]) * metres * math.cos(math.radians(home[0])) < 570


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\ntwo", '<p class="govuk-body">One<br>\ntwo</p>'),
        ("A\n\nB", '<p class="govuk-body">A</p>\n<p class="govuk-body">B</p>'),
        ("<b>&", '<p class="govuk-body">&lt;b&gt;&amp;</p>'),
        ("  \n\n ", ""),
    ],
)  # fmt: skip
def test_words_become_paragraphs(text: str, html: str) -> None:
    assert prose(text) == html


def test_web_addresses_become_links_that_vouch_for_nothing() -> None:
    assert prose_line("See https://x.example/a?b=1&c=2, or not") == (
        'See <a class="govuk-link" href="https://x.example/a?b=1&amp;c=2" '
        'rel="noopener nofollow">https://x.example/a?b=1&amp;c=2</a>, or not'
    )


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        'https://x.example/"onmouseover="alert(1)',
        "https://x.example/<script>",
        "https://x.example/'onclick='x",
        "<a href=javascript:alert(1)>",
    ],
)
def test_no_text_becomes_anything_but_a_link(text: str) -> None:
    html = str(prose(text))
    assert "<script" not in html
    assert 'href="' not in html.replace('href="https://x.example/', "")
    assert html.count('"') in {2, 8}, "only the attributes we wrote ourselves"


def test_words_before_and_after_a_link_are_escaped() -> None:
    html = prose_line("<b>https://x.example/ <i>")
    assert html.startswith('&lt;b&gt;<a class="govuk-link"')
    assert html.endswith("</a> &lt;i&gt;")


def test_signs_that_turn_the_writing_are_taken_out() -> None:
    assert prose_line("a\u202eb\u2066c") == "abc"
    assert of.pack({"name": "\u202egnihsif"}) == {"name": "gnihsif"}


def test_names_are_compared_without_their_dress() -> None:
    assert fold("The Café  & Co.") == fold("cafe co")


def test_every_topic_has_a_slug_and_an_id_of_its_own_and_all_fit() -> None:
    assert len({topic.slug for topic in TOPICS}) == len({topic.id for topic in TOPICS})
    assert len({key_of(topic.name) for topic in TOPICS}) == len(TOPICS)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", topic.slug) for topic in TOPICS)
    needs = [topic for topic in TOPICS if topic.kind is TermKind.NEED]
    assert 45 <= len(needs) <= 60
    assert {topic.theme for topic in needs} == set(Theme), "no heading stands empty"
    assert not [t for t in TOPICS if t.theme and t.kind is not TermKind.NEED]
    assert {"suicidal", "safety"} <= {topic.slug for topic in TOPICS if topic.urgent}
    assert str(TOPICS[0].id) == "a7bfe785-32eb-5c04-a181-120607b310cf"
    chosen = sorted(TOPICS, key=lambda t: -len(t.name + t.slug))[: of.MOST_TOPICS]
    assert sum(len(t.name) + 2 for t in chosen) < 1000


def test_answers_survive_being_kept() -> None:
    packed = of.pack({
        "opens_at": time(10), "next_on": date(2026, 9, 10), "kind": Kind.GIFT,
        "latitude": Decimal("53.60"), "days": ["TH"], "minimum_age": None,
    })  # fmt: skip
    assert packed == {
        "opens_at": "10:00", "next_on": "2026-09-10", "kind": "gift", "latitude": "53.60",
        "days": ["TH"], "minimum_age": None,
    }  # fmt: skip
    assert of.unpack(packed)["next_on"] == date(2026, 9, 10)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"name": "Buy at www.pills.example"}, "name"),
        ({"organization_name": "https://pills.example"}, "organization_name"),
        ({"setting": "exact", "postcode": ""}, "postcode"),
        ({"often": "weekly", "days": []}, "days"),
        ({"often": "varies", "when_words": ""}, "when_words"),
        ({"often": "fortnightly", "days": ["TH"]}, "next_on"),
        ({"often": "monthly", "days": ["TH"], "nth": []}, "nth"),
        ({"opens_at": "14:00", "closes_at": "10:00"}, "closes_at"),
        ({"minimum_age": 18, "maximum_age": 12}, "maximum_age"),
        ({"cost": "paid", "fees": ""}, "fees"),
        ({"help_with": ["x"] * 13}, "help_with"),
    ],
)
def test_answers_that_do_not_add_up_are_refused(answers: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        of.must_add_up(answers)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "answers",
    [
        {"opens_at": "20:00", "closes_at": "00:30"},
        {"setting": "hidden", "postcode": ""},
        {"setting": "none", "postcode": ""},
        {"minimum_age": 0, "maximum_age": 0},
        {},
    ],
)
def test_answers_that_add_up_pass(answers: dict[str, Any]) -> None:
    of.must_add_up(answers)


def test_words_must_not_give_away_a_hidden_address() -> None:
    secret = {"setting": "area", "postcode": "AS1 1AA", "address_1": "12 Rose Lane"}
    of.must_keep_the_secret(secret | {"description": "Near the rose garden"})
    for words in ("Come to 12, rose lane!", "sat nav: as11aa"):
        with pytest.raises(RuleBroken, match="the description gives it away"):
            of.must_keep_the_secret(secret | {"description": words})
    of.must_keep_the_secret(secret | {"setting": "exact", "description": "12 Rose Lane"})


@pytest.mark.parametrize(
    ("visibility", "approximate", "point", "words"),
    [
        (Visibility.EXACT, False, (53.6, -2.2), "Hall, AS1 1AA"),
        (Visibility.EXACT, True, coarse(53.6, -2.2), "Hall, AS1 1AA"),
        (Visibility.AREA, False, coarse(53.6, -2.2), "Near Ashby"),
        (Visibility.HIDDEN, False, None, ""),
    ],
)
def test_a_place_shows_no_more_than_it_may(
    visibility: Visibility, approximate: bool, point: object, words: str
) -> None:
    place = Location(
        name="Hall", postal_code="AS1 1AA", latitude=53.6, longitude=-2.2,
        visibility=visibility, approximate=approximate,
    )  # fmt: skip
    assert public_point(place) == point
    assert say_place(place, "Ashby") == words


@pytest.mark.parametrize(
    ("ages", "words"),
    [((18, None), "18 and over"), ((None, 11), "11 and under"), ((5, 11), "5 to 11"),
     ((None, None), ""), ((0, None), ""), ((7, 7), "7")],
)  # fmt: skip
def test_ages_in_words(ages: tuple[int | None, int | None], words: str) -> None:
    assert say_ages(*ages) == words


def test_only_one_number_can_be_dialled() -> None:
    assert dial("(0161) 496-0123") == "01614960123"
    assert dial("0161 496 0123 or 0161 496 0124") == ""
    assert dial("javascript:alert(1)") == ""


@pytest.mark.parametrize("field", ["city", "languages"])
def test_a_hidden_address_is_not_told_as_the_town_or_a_language(field: str) -> None:
    told = {"setting": "area", "address_1": "1 High Street", field: "At 1 High Street"}
    with pytest.raises(RuleBroken, match="gives it away"):
        of.must_keep_the_secret(told)


@pytest.mark.parametrize("name", ["Win at evil.io", "Visit x.xyz now", "a@evil", "ftp://evil"])
def test_no_name_is_an_address_that_a_mail_would_make_a_link_of(name: str) -> None:
    with pytest.raises(RuleBroken, match="without a web address"):
        of.must_add_up({"name": name})


@pytest.mark.parametrize("name", ["St.John’s choir", "No.10 café", "Mums & co", "Ashby C.C."])
def test_a_name_with_a_full_stop_is_a_name(name: str) -> None:
    of.must_add_up({"name": name})
