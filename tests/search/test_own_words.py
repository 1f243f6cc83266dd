"""What people say of themselves while they ask: how old, and what they do not want."""

from html import unescape

import pytest

from asset_hub.search.question import whom
from tests.conftest import Browser
from tests.search.conftest import Town
from tests.search.test_understanding import NAMES


@pytest.mark.parametrize(
    ("said", "age"),
    [
        ("my son is 14", 14), ("My son is 14 and has no friends", 14), ("I am 82 and lonely", 82),
        ("I'm 82", 82), ("I’m nearly 60", 60), ("a man aged 45", 45), ("my 14 year old is sad", 14),
        ("my daughter, who is 9, is bullied", 9), ("she is 33", 33), ("14-year-old boy", 14),
        ("my baby is 6 months old", 0), ("our little boy is 3", 3),
        ("I walk 14 miles", None), ("the number 14 bus", None), ("I am 20 minutes away", None),
        ("my rent is 500", None),
        ("my rent is 80", None), ("our gas bill is 90", None), ("open at 10", None),
        ("step 12", None), ("I am 999", None),
        ("my sons are 14 and 16, my wife is 40", None), ("", None), ("18+", None),
    ],
)  # fmt: skip
def test_an_age_is_heard_when_it_is_said_of_somebody(said: str, age: int | None) -> None:
    assert whom.age(said) == age


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("company, not a support group", "company,"),
        ("not a support group but a walk", "but a walk"),
        ("somewhere to sing, not a choir", "somewhere to sing,"),
        ("Not another course", "Not another course"),  # nothing else is said
        ("I am not sleeping", "I am not sleeping"),
        ("not safe at home", "not safe at home"),
        ("can not cope", "can not cope"),
        ("I do not want to be alone", "I do not want to be alone"),
        ("", ""),
    ],
)
def test_what_is_not_wanted_is_not_asked_for(said: str, wanted: str) -> None:
    assert whom.wanted(said) == wanted


def names(browser: Browser, q: str) -> tuple[list[str], str]:
    page = unescape(browser.get("/find", query_string={"q": q}).text)
    return NAMES.findall(page), page


def test_what_is_for_other_ages_comes_after_what_is_open_to_them(
    town: Town, browser: Browser
) -> None:
    town.add("Football A", minimum_age=50, description="Football")
    town.add("Football B", maximum_age=18, description="Football")
    town.add("Football C", description="Football")
    assert names(browser, "football")[0][0] == "Football A"
    boy, page = names(browser, "football, my son is 14")
    assert boy == ["Football B", "Football C", "Football A"]
    assert "Groups for other ages than 14 come after the others." in page
    assert names(browser, "football, I am 82")[0] == ["Football A", "Football C", "Football B"]
    assert "other ages" not in names(browser, "football 14 miles away")[1]


def test_a_support_group_that_is_not_wanted_is_not_what_comes_first(
    town: Town, browser: Browser
) -> None:
    town.add("Carers support group", description="A support group for carers")
    town.add("Carers walk", description="A walk for carers")
    assert names(browser, "carers support group")[0][0] == "Carers support group"
    assert names(browser, "carers walk, not a support group")[0][0] == "Carers walk"
