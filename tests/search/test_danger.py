"""Who may be in danger is told whom to ring first; nobody else is met with sirens."""

import pytest

from asset_hub.search.question.danger import Danger, dangers
from tests.conftest import Browser
from tests.search.conftest import Town

IN_DANGER = """
life: I want to die
life: I don't want to be here any more
life: suicidal
life: my son is cutting himself
life: she says we'd be better off without her and she can't go on
life: self-harm support
body: taken an overdose
body: mum has chest pains
body: I think dad is having a stroke
body: can't breathe
body: he won't wake up
violence: he hits me
violence: scared to go home
violence: my boyfriend threatened to kill me
violence: domestic abuse help
violence: she was raped
violence: of course he beats me
child: my dad hits me and I'm 13
child: worried a child is being hurt
""".strip().splitlines()
NOT_IN_DANGER = """
suicide bereavement group
lost my brother to suicide
suicide awareness training
first aid course
mental health first aid
stroke club
exercise class after a stroke
had a heart attack two years ago
domestic abuse volunteer
death cafe
boxing
hit the gym
killing time
dying to sing
my husband died
swimming for 8 year olds
knitting
kick start your fitness
choir
""".strip().splitlines()


@pytest.mark.parametrize("line", IN_DANGER)
def test_words_of_danger_are_heard(line: str) -> None:
    kind, said = line.split(": ")
    assert Danger(kind) in dangers(said)


@pytest.mark.parametrize("said", NOT_IN_DANGER)
def test_who_looks_for_afterwards_or_for_a_course_is_not_alarmed(said: str) -> None:
    assert dangers(said) == ()


def test_who_means_it_now_is_heard_whatever_else_is_said() -> None:
    assert dangers("I lost my brother to suicide and now I want to die") == (Danger.LIFE,)


def test_a_topic_that_is_urgent_and_surely_meant_is_danger_too() -> None:
    assert dangers("x", [("suicidal", 0.9)]) == (Danger.LIFE,)
    assert dangers("x", [("suicidal", 0.5)]) == ()


def test_the_numbers_stand_first_and_large_or_quietly(browser: Browser, town: Town) -> None:
    town.add("Choir")
    page = browser.get("/find?q=I+want+to+die").text
    assert page.index("Is it urgent?") < page.index('role="search"')
    for number in ("999", "111", "116 123", "85258"):
        assert number in page
    page = browser.get("/find?q=he+hits+me").text
    assert "0808 2000 247" in page
    page = browser.get("/find?q=my+dad+hits+me+and+im+12").text
    assert "0800 1111" in page
    page = browser.get("/find?q=choir").text
    assert "Is it urgent?" not in page
    assert page.count("Urgent help: danger now") == 1
    assert "85258" in page
