"""Asking in one's own words, near a place, by topic: what is found, and in which order."""

import math
import sqlite3
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from asset_hub.core import db
from asset_hub.directory import service as directory
from asset_hub.directory.models import Organization, Standing, Visibility
from asset_hub.search.geo import MILE, Point, along_ground, distance
from asset_hub.search.queries import Question, find
from asset_hub.search.queries.finding import PAGE
from asset_hub.search.queries.measuring import CHORD
from asset_hub.search.queries.text import rebuild, statements
from tests.cast import NOW
from tests.conftest import Browser
from tests.search.conftest import HALL, Town

HOME = Point(*HALL)
SUMS = sqlite3.connect(":memory:")
HOSTILE = [
    '"', '""', "*", "'", "NEAR(", "NEAR(a b, 2)", "a NOT b", "name:choir", "{name}:x", "^a",
    "a OR", "OR", "AND", "-", "--", "(", ")", "a:*", ":*", "<->", "!", "&", "|", "%", "_", "\\",
    "\x00", "choir\x00", "a" * 10_000, "a " * 5_000, "😀", "😀 choir", "\ud83d", "ﬀ", "ß", "İ",
    "'; DROP TABLE listing; --", "{{ 7 * 7 }}", "%(match)s", ":match", "$1", "²", "٣", "中文",
    "e\u0301",
]  # fmt: skip


def test_words_are_found_in_the_name_the_topics_the_description_and_the_organisation(
    town: Town,
) -> None:
    town.add("Ladies that lunch")
    town.cast.friends.name = "Friends of knitting"
    town.add("Of an organisation")
    town.cast.friends.name = "Friends of Ashby"
    town.add("Described", description="There is knitting, too, on some days")
    town.add("With a topic", topics=("knitting",))
    town.add("Knitting circle")
    assert town.ask("knitting") == [
        "With a topic",
        "Knitting circle",
        "Described",
        "Of an organisation",
    ]


def test_any_of_the_words_will_do_and_more_of_them_is_better(town: Town) -> None:
    town.add("Choir")
    town.add("Walking choir")
    town.add("Chess club")
    assert town.ask("I would like a choir for walking") == ["Walking choir", "Choir"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("sing", "Singing together"),
        ("walks", "A gentle walk"),
        ("CAFÉ", "Memory Cafe"),
        ("cafe", "Café für alle"),
        ("men's", "The Men's Shed"),
        ("gard", "Gardening"),
        ("grief and los", "Loss"),
        ("I am lonely", "Against loneliness"),
        ("loneliness", "A lunch for the lonely"),
    ],
)
def test_stems_accents_and_beginnings_are_understood(town: Town, typed: str, name: str) -> None:
    town.add("Bingo")
    town.add(name)
    assert town.ask(typed) == [name]


def test_only_the_last_word_may_be_a_beginning(town: Town) -> None:
    town.add("Gardening")
    town.add("Chess")
    assert town.ask("gard chess") == ["Chess"]


def test_a_whole_word_does_not_begin_another(town: Town) -> None:
    town.add("Singing together")
    town.add("Single parents")
    assert town.ask("singing") == ["Singing together"]
    assert len(town.ask("sing")) == 2


def test_little_words_alone_are_asked_for_and_signs_alone_are_no_question(town: Town) -> None:
    town.add("The Who tribute")
    town.add("Bingo")
    assert town.ask("who") == ["The Who tribute"]
    assert town.ask("???") == ["Bingo", "The Who tribute"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [("chior", "Choir"), ("knittng", "Knitting circle"), ("gardeming", "Gardening club"),
     ("bereevement", "Bereavement cafe")],
)  # fmt: skip
def test_a_slip_of_the_keys_still_finds_it_and_the_answer_says_so(
    town: Town, typed: str, name: str
) -> None:
    town.add("Bingo")
    town.add(name)
    assert town.ask(typed) == [name]
    assert town.answer(typed).respelt


def test_a_word_that_exists_is_never_respelt(town: Town) -> None:
    town.add("Choir", topics=("music",))
    town.add("Chair exercise", topics=("moving",))
    assert town.ask("choir", topics=("moving",)) == []
    assert town.ask("xqzvwk") == []


def test_without_words_the_nearest_comes_first_and_what_has_no_place_last(town: Town) -> None:
    town.add("Zebra club", at=(53.601, -2.2))
    town.add("Online only")
    town.add("Apple club", at=(53.7, -2.2))
    town.add("Middle club", at=(53.62, -2.21))
    wanted = ["Zebra club", "Middle club", "Apple club", "Online only"]
    assert town.ask(near=HOME) == wanted
    assert [f.metres is None for f in town.answer(near=HOME).found] == [False] * 3 + [True]


def test_without_anything_they_are_in_order_of_name(town: Town) -> None:
    for name in ("bingo", "Allotment", "  choir", "Choir"):
        town.add(name)
    assert town.ask()[:2] == ["Allotment", "bingo"]
    assert {*town.ask()[2:]} == {"  choir", "Choir"}


def test_a_closer_group_wins_over_a_little_better_words_but_far_away_still_counts(
    town: Town,
) -> None:
    town.add("Choir far away", at=(54.6, -2.2))
    town.add("Ashby choir of the hall", at=(53.6, -2.2))
    assert town.ask("choir", near=HOME) == ["Ashby choir of the hall", "Choir far away"]
    assert len(town.ask("choir", near=HOME, within=5 * MILE)) == 1


def test_among_groups_that_fit_alike_the_nearer_comes_first(town: Town) -> None:
    town.add("Far", at=(53.627, -2.2), topics=("company",), description="Company " * 3)
    town.add("Nearer with a longer name, as names go", at=(53.608, -2.2), topics=("company",))
    town.add("Nearest", at=(53.603, -2.2), topics=("company",), description="We sit " * 20)
    wanted = ["Nearest", "Nearer with a longer name, as names go", "Far"]
    assert town.ask("company", near=HOME) == wanted
    assert town.ask("company", near=HOME, within=5 * MILE) == wanted


def test_a_group_that_is_only_called_so_does_not_come_before_those_that_are_about_it(
    town: Town,
) -> None:
    town.add("Company Street dominoes", at=(53.601, -2.2))
    town.add("Lunch together on Thursdays", at=(53.602, -2.2), topics=("company", "food"))
    assert town.ask("company")[0] == "Lunch together on Thursdays"
    assert town.ask("company", near=HOME)[0] == "Lunch together on Thursdays"


@pytest.mark.parametrize("words", ["", "club"])
def test_within_is_exact_to_the_metre(town: Town, words: str) -> None:
    just_inside, just_outside = 53.6 + 1608.0 / 111_195, 53.6 + 1611.0 / 111_195
    town.add("Inside club", at=(just_inside, -2.2))
    town.add("Outside club", at=(just_outside, -2.2))
    answer = town.answer(words, near=HOME, within=MILE)
    assert [found.card["name"] for found in answer.found] == ["Inside club"]
    assert answer.total == 1
    assert town.answer(words, near=HOME, within=1).total == 0


@settings(max_examples=60)
@given(
    st.floats(-80, 80), st.floats(-180, 180), st.floats(-80, 80), st.floats(-180, 180)
)  # fmt: skip
def test_the_sum_in_the_database_is_the_distance_on_earth(
    a: float, b: float, c: float, d: float
) -> None:
    given_ = {
        "latitude": a,
        "longitude": b,
        "squeeze": math.cos(math.radians(a)),
        "lat": c,
        "lng": d,
    }
    statement = f"SELECT {CHORD} FROM (SELECT :lat AS latitude, :lng AS longitude) p"
    found = along_ground(SUMS.execute(statement, given_).fetchone()[0])
    real = distance(Point(a, b), Point(c, d))
    assert found == pytest.approx(real, abs=max(1, real / (100_000 if real < 500_000 else 10)))


def test_the_distance_is_to_the_nearest_place_in_metres(town: Town) -> None:
    town.add("Choir", at=(53.65, -2.15))
    found = town.answer(near=HOME).found[0]
    assert found.metres == round(distance(HOME, Point(53.65, -2.15)))


def test_topics_and_communities_narrow_the_answer(town: Town) -> None:
    town.add("Choir", topics=("music", "company"))
    town.add("Lunch", topics=("company",))
    town.add("Chess", community=town.cast.elsewhere)
    assert town.ask(topics=("music",)) == ["Choir"]
    assert town.ask(topics=("music", "company")) == ["Choir", "Lunch"]
    assert town.ask(topics=("mus",)) == town.ask(topics=("musi_",)) == []
    assert town.ask(community="elsewhere") == ["Chess"]
    found = town.ask("choir lunch chess", community="ashby", topics=("company",))
    assert sorted(found) == ["Choir", "Lunch"]
    assert town.ask(community="nowhere") == []


def test_pages_follow_each_other_without_gaps_or_doubles(town: Town) -> None:
    town.add_many(
        {f"Walk {n:02}": (53.6 + n / 5000, -2.2) if n % 3 else None for n in range(PAGE * 2 + 5)}
    )
    for more in ({}, {"near": HOME}, {"near": HOME, "within": 50 * MILE}):
        for words in ("", "walk"):
            pages = [town.answer(words, page=page, **more) for page in (1, 2, 3, 4)]
            ids = [found.card["id"] for answer in pages for found in answer.found]
            assert len(ids) == len(set(ids)) == pages[0].total == pages[3].total
            assert not pages[3].found
            assert pages[0].pages == -(-pages[0].total // PAGE)


def test_the_rings_around_a_point_give_the_same_page_as_looking_everywhere(town: Town) -> None:
    town.add_many({f"Walk {n:02}": (53.6 + n / 300, -2.2 - n / 200) for n in range(PAGE + 6)})
    names = town.ask(near=HOME)
    assert names == [f"Walk {number:02}" for number in range(PAGE)]
    assert town.ask(near=HOME, page=2) == [f"Walk {number:02}" for number in range(PAGE, PAGE + 6)]


def test_what_is_not_published_is_never_found(town: Town, session: Session) -> None:
    town.add("Secret choir", publish_it=False, standing=Standing.WAITING)
    choir = town.add("Choir")
    assert town.ask("choir") == ["Choir"]
    directory.withdraw(session, choir)
    session.commit()
    assert town.ask("choir") == town.ask() == town.ask(near=HOME) == []


def test_the_index_follows_every_change(town: Town, session: Session) -> None:
    choir = town.add("Choir", at=HALL)
    choir.name, choir.summary, choir.schedules = "Orchestra", "", []
    choir.places[0].location.latitude = 53.7
    directory.publish(session, choir, now=NOW + timedelta(days=1))
    session.commit()
    assert town.ask("choir") == []
    assert town.ask("orchestra") == ["Orchestra"]
    assert town.answer(near=HOME).found[0].metres == round(distance(HOME, Point(53.7, -2.2)))
    assert town.answer(near=HOME, within=MILE).total == 0


def test_a_hidden_place_has_no_distance_and_an_area_only_a_rough_one(town: Town) -> None:
    town.add("Hidden", at=HALL, visibility=Visibility.HIDDEN)
    town.add("Area", at=(53.6031, -2.2041), visibility=Visibility.AREA)
    town.add("Area too", at=(53.6032, -2.2042), visibility=Visibility.AREA)
    found = {f.card["name"]: f.metres for f in town.answer(near=HOME).found}
    assert found["Hidden"] is None
    assert found["Area"] == found["Area too"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_typed_is_read_as_syntax(town: Town, typed: str) -> None:
    town.add("Choir", at=HALL)
    for more in ({}, {"near": HOME}, {"near": HOME, "within": 1000.0}):
        assert town.answer(typed, **more).total in (0, 1)


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.text(max_size=200))
def test_any_text_may_be_asked(session: Session, typed: str) -> None:
    with db.reading() as connection:
        find(connection, Question(typed, near=HOME))
        find(connection, Question(typed))


def test_the_index_can_be_made_anew_from_the_listings(town: Town, session: Session) -> None:
    town.add("Choir", at=HALL)
    dialect = session.get_bind().dialect.name
    for statement in rebuild(dialect):
        session.connection().execute(text(statement))
    assert town.ask("choir", near=HOME, within=10) == ["Choir"]
    town.add("Second choir")
    assert len(town.ask("choir")) == 2
    for statement in [*statements(dialect)[1], *statements(dialect)[0]]:
        session.connection().execute(text(statement))
    assert len(town.ask("choir")) == 2


def test_one_organisation_renamed_does_not_hide_another(town: Town, session: Session) -> None:
    other = town.cast.add(Organization(name="Ashby Rotary"))
    town.add("Lunch", organization_id=other.id)
    town.add("Supper")
    assert town.ask("rotary") == ["Lunch"]


def test_a_question_of_many_letters_is_not_said_back_whole_in_every_link(
    browser: Browser, town: Town
) -> None:
    assert len(browser.get("/find", query_string={"q": "choir " * 1_600}).text) < 150_000
