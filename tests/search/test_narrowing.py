"""Choices that narrow a search: read from an address, said, put together, taken back."""

import re
from collections import namedtuple
from datetime import date, time, timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from asset_hub.directory.models import Closure, Freq, Kind, Schedule
from asset_hub.search.question import filters, narrowing
from asset_hub.search.question.asking import Asked, asked
from asset_hub.search.question.filters import Filters
from tests.cast import TODAY as TODAY_OF_CAST
from tests.conftest import Browser
from tests.search.conftest import HALL, Town

Row = namedtuple("Row", "slug name kind")
TODAY = date(2026, 11, 25)


def read(*pairs: tuple[str, str]) -> tuple[Filters, dict[str, str]]:
    problems: dict[str, str] = {}
    return filters.read(MultiDict(pairs), problems), problems


def test_a_day_and_a_part_of_it_ask_for_both_together() -> None:
    thursday, _ = read(("day", "th"), ("part", "pm"))
    assert thursday.sets == (("th-pm",),)
    either, _ = read(("day", "th"), ("day", "fr"))
    assert either.sets == (("th", "fr"),)
    evening, _ = read(("part", "eve"))
    assert evening.sets == (tuple(f"{day}-eve" for day in filters.DAYS),)


def test_sets_are_joined_and_one_of_each_is_enough() -> None:
    found, problems = read(
        ("cost", "free"), ("cost", "donation"), ("lang", "polish"), ("way", "online"),
        ("kind", "gift"), ("room", "yes"), ("age", " 15 "), ("on", "2026-11-26"),
    )  # fmt: skip
    assert problems == {}
    assert set(found.sets) == {
        ("free", "donation"), ("lang-polish",), ("online",), ("kind-gift",), ("room",),
    }  # fmt: skip
    assert found.needs_room
    assert (found.age, found.on) == (15, date(2026, 11, 26))


@pytest.mark.parametrize(
    ("name", "value"),
    [("day", "noday"), ("cost", "|free|"), ("age", "old"), ("age", "-3"), ("age", "121"),
     ("age", "²"), ("age", "9" * 500), ("age", "0" * 9 + "9" * 30), ("age", "0" * 5000),
     ("on", "tomorrow"), ("on", "2026-02-30"),
     ("lang", "%"), ("kind", "\x00"), ("room", "' OR 1=1")],
)  # fmt: skip
def test_what_nobody_offers_is_left_out_and_said(name: str, value: str) -> None:
    found, problems = read((name, value))
    assert not found
    assert name in problems


def test_a_choice_is_added_once_and_taken_back_in_the_order_it_is_offered() -> None:
    friday = Filters().toggled("day", "fr").toggled("day", "th")
    assert friday.of("day") == ("fr", "th")
    assert friday.toggled("day", "fr").of("day") == ("th",)
    assert not friday.toggled("day", "fr").toggled("day", "th")


def test_an_address_says_the_same_when_it_is_read_again() -> None:
    first, _ = read(("day", "th"), ("cost", "free"), ("age", "70"), ("on", "2026-11-26"))
    again, problems = read(*first.pairs)
    assert (again, problems) == (first, {})


def test_what_was_chosen_is_said_with_a_way_back() -> None:
    found, _ = read(("day", "th"), ("cost", "free"), ("age", "70"))
    said = filters.say(found)
    assert [words for words, _ in said] == ["Thursday", "Free", "For somebody aged 70"]
    assert [rest.age for _, rest in said] == [70, 70, None]
    assert said[0][1].of("day") == ()


def test_choices_that_would_leave_nothing_are_not_offered_but_can_be_taken_back(
    app: Flask,
) -> None:
    question = asked(MultiDict([("cost", "donation"), ("topic", "grief")]))
    topics = [Row("grief", "Grief", "need"), Row("music", "Music", "interest")]
    counts = {("cost", "free"): 0, ("cost", "donation"): 0, ("topic", "grief"): 0,
              ("topic", "music"): 3, ("day", "mo"): 0, ("day", "tu"): 2}  # fmt: skip
    with app.test_request_context():
        offers = narrowing.panel(question, topics, [], [], counts, TODAY)
    shown = {one.heading: {choice.words: choice for choice in one.choices} for one in offers}
    assert set(shown["What does it cost?"]) == {"By donation"}
    assert shown["What does it cost?"]["By donation"].chosen
    assert "Monday" not in shown["Which day?"]
    assert shown["Which day?"]["Tuesday"].left == 2
    assert shown["What would help?"]["Grief"].chosen
    assert shown["What do you enjoy?"]["Music"].left == 3


def test_the_next_days_are_named_from_today() -> None:
    days = filters.days_ahead(TODAY)
    assert [words for _, words in days[:3]] == ["Today", "Tomorrow", "Friday 27"]
    assert days[-1][0] == date(2026, 12, 1)


def test_the_page_keeps_filters_in_every_form_and_link(town: Town, browser: Browser) -> None:
    town.add("Choir", at=HALL, fees="Free")
    page = browser.get("/find?cost=free&q=choir&near=ZZ9+9ZZ").text
    assert '<input type="hidden" name="cost" value="free">' in page
    assert "Remove </span>Free" in page
    assert 'href="/find?q=choir&amp;cost=free"' in page  # without the place, to hand on
    assert Asked().filters == Filters()


def test_an_age_nobody_has_is_said_beside_its_field_and_finds_as_if_it_was_not_there(
    town: Town, browser: Browser
) -> None:
    town.add("Choir", at=HALL)
    page = browser.get("/find?age=abc")
    assert page.status_code == 200
    assert 'href="#age"' in page.text
    assert "Choir" in page.text
    assert browser.get("/find.json?age=abc").status_code == 422


def test_near_a_town_is_the_middle_of_what_is_published_there(town: Town, browser: Browser) -> None:
    choir = town.add("Choir", at=HALL)
    choir.places[0].location.city = "Little Snoring"
    town.session.commit()
    found = browser.get("/find.json?near=little+SNORING").get_json()
    assert found["results"][0]["distance_m"] == 0
    assert "notices" in found
    assert not found["notices"]
    assert (
        "Measured from the middle of Little Snoring"
        in browser.get("/find?near=little snoring").text
    )
    assert browser.get("/find.json?near=Atlantis").get_json()["notices"]


def week(town: Town) -> None:
    """Four groups that differ in when, cost, language, age, way and room."""

    def at(day: str, hour: int) -> list[Schedule]:
        return [
            Schedule(freq=Freq.WEEKLY, byday=day, opens_at=time(hour), closes_at=time(hour + 1))
        ]

    town.add("Choir", at=HALL, schedules=at("TH", 14), fees="Free", topics=("music",),
             languages="Polish", welcomes=3)  # fmt: skip
    town.add("Shed", at=HALL, schedules=at("TH", 10), fees="£2", topics=("making",), minimum_age=50)
    town.add("Yoga", schedules=at("MO", 19), fees="By donation", topics=("music", "from-home"),
             kind=Kind.ACTIVITY)  # fmt: skip
    town.add("Youth club", at=HALL, schedules=at("FR", 18), fees="Free", maximum_age=17,
             welcomes=5, full_until=TODAY_OF_CAST + timedelta(9))  # fmt: skip


@pytest.mark.parametrize(
    ("asked_for", "names"),
    [
        ("day=th", ["Choir", "Shed"]),
        ("day=th&part=pm", ["Choir"]),
        ("part=eve", ["Yoga", "Youth club"]),
        ("day=th&day=mo", ["Choir", "Shed", "Yoga"]),
        ("cost=free", ["Choir", "Youth club"]),
        ("cost=free&cost=donation", ["Choir", "Yoga", "Youth club"]),
        ("cost=free&day=th", ["Choir"]),
        ("way=online", ["Yoga"]),
        ("lang=polish", ["Choir"]),
        ("kind=activity", ["Yoga"]),
        ("age=70", ["Choir", "Shed", "Yoga"]),
        ("age=15", ["Choir", "Yoga", "Youth club"]),
        ("room=yes", ["Choir"]),
        ("cost=free&near=ZZ9+9ZZ&within=3", ["Choir", "Youth club"]),
        ("q=choir&cost=paid", ["Choir", "Yoga"]),  # a choice nobody offers is left out
        ("q=choir&cost=donation", ["Yoga"]),  # which is about music, too
        ("q=choir&kind=group", ["Choir"]),
    ],
)
def test_filters_combine(town: Town, browser: Browser, asked_for: str, names: list[str]) -> None:
    week(town)
    page = browser.get(f"/find?{asked_for}").text
    assert sorted(re.findall(r'hub-card__title"><a[^>]*>([^<]+)', page)) == names


def numbers(browser: Browser, asked_for: str) -> dict[str, int]:
    page = browser.get(f"/find?{asked_for}").text
    found = re.findall(
        r'class="hub-choice"[^>]*>([^<]+) <span class="hub-choice__left">(\d+)', page
    )
    return {words.strip(): int(count) for words, count in found}


def test_a_number_beside_each_choice_says_what_it_would_leave(town: Town, browser: Browser) -> None:
    week(town)
    told = numbers(browser, "cost=free")
    assert told["Thursday"] == 1
    assert "Monday" not in told  # it would leave nothing
    assert told["By donation"] == 1  # of its own set only the choice itself counts
    assert told["Polish"] == 1
    for words, asked_for in {
        "Thursday": "cost=free&day=th",
        "Evening": "cost=free&part=eve",
    }.items():
        answer = browser.get(f"/find.json?{asked_for}").get_json()
        assert told[words] == answer["total"]


def test_numbers_follow_the_words_the_place_and_the_age(town: Town, browser: Browser) -> None:
    week(town)
    assert "Polish" not in numbers(browser, "q=shed")
    assert numbers(browser, "near=ZZ9+9ZZ&within=3")["Thursday"] == 2
    assert "Monday" not in numbers(browser, "near=ZZ9+9ZZ&within=3")  # it has no place
    assert numbers(browser, "age=70")["Free"] == 1
    assert numbers(browser, "")["Has room for new people"] == 1


def test_the_map_shows_what_the_list_shows(town: Town, browser: Browser) -> None:
    week(town)
    features = browser.get("/find.geojson?cost=free&day=th").get_json()["features"]
    assert [one["properties"]["name"] for one in features] == ["Choir"]


def test_with_too_many_matches_every_choice_is_offered_without_a_number(
    town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    week(town)
    monkeypatch.setattr("asset_hub.search.queries.counting.MOST", 2)
    assert numbers(browser, "") == {}
    assert "Monday" in browser.get("/find").text


@pytest.mark.parametrize(
    ("asked_for", "names"),
    [
        ("on=2026-09-10", ["Choir", "Shed"]),  # a Thursday
        ("on=2026-09-10&part=am", ["Shed"]),
        ("on=2026-09-10&part=am&part=pm", ["Choir", "Shed"]),
        ("on=2026-09-10&part=eve", []),
        ("on=2026-09-10&cost=free&q=choir", ["Choir"]),
        ("on=2026-09-10&near=ZZ9+9ZZ&within=3", ["Choir", "Shed"]),
        ("on=2026-09-07", ["Yoga"]),
        ("on=2026-09-08", []),
    ],
)
def test_a_day_asks_for_the_meetings_of_that_day(
    town: Town, browser: Browser, asked_for: str, names: list[str]
) -> None:
    week(town)
    page = browser.get(f"/find?{asked_for}").text
    assert sorted(re.findall(r'hub-card__title"><a[^>]*>([^<]+)', page)) == names


def test_a_day_on_which_it_is_closed_does_not_count(town: Town, browser: Browser) -> None:
    week(town)
    shut = town.add(
        "Shut", at=HALL, schedules=[Schedule(freq=Freq.WEEKLY, byday="TH", opens_at=time(9))],
        closures=[Closure(starts_on=date(2026, 9, 9), ends_on=date(2026, 9, 11))],
    )  # fmt: skip
    assert shut.name not in browser.get("/find?on=2026-09-10").text
    assert shut.name in browser.get("/find?on=2026-09-17").text
