"""How much is asked of the database for one answer: a few statements, whatever is typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from tests.conftest import Browser
from tests.search.conftest import HALL, Town

PAGE, PROGRAMS = 12, 5
QUESTIONS = {
    "everything": "",
    "by distance": "near=ZZ9+9ZZ",
    "within": "near=ZZ9+9ZZ&within=3",
    "words": "q=grief+group",
    "words and a place": "q=i+feel+grief&near=ZZ9+9ZZ",
    "many words": "q=" + "+".join(["somewhere", "to", "go", "for", "company", "and", "tea"] * 5),
    "nothing fits": "q=xqzvwk+grief&near=ZZ9+9ZZ",
    "filters": "q=choir&cost=free&day=th&age=30&on=2026-09-10",
}
TOPICS = "q=company&near=ZZ9+9ZZ&topic=music&topic=food&topic=grief&for=men&about=company"


@pytest.fixture
def ashby(town: Town) -> Town:
    for number in range(25):
        town.add(f"Choir {number}", at=HALL, topics=("music", "food", "company"), fees="Free")
    town.add("Grief group", at=HALL, topics=("grief",))
    return town


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        said.append(statement)

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    yield said
    event.remove(bind, "before_cursor_execute", note)


def asked_of(browser: Browser, session: Session, address: str) -> list[str]:
    """Return the statements of an answer; what a process learns once was learnt before."""
    browser.get(address)
    with counted(session) as said:
        assert browser.get(address).status_code == 200
    return [one for one in said if not one.startswith(("SAVEPOINT", "RELEASE", "PRAGMA", "BEGIN"))]


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_an_answer_for_programs_takes_a_handful_of_statements(
    ashby: Town, browser: Browser, question: str
) -> None:
    said = asked_of(browser, ashby.session, f"/find.json?{question}")
    assert len(said) <= PROGRAMS, "\n".join(said)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_page_of_results_takes_a_dozen_statements(
    ashby: Town, browser: Browser, question: str
) -> None:
    said = asked_of(browser, ashby.session, f"/find?{question}")
    assert len(said) <= PAGE, "\n".join(said)


def test_a_word_that_nobody_has_takes_one_statement_more_at_most(
    ashby: Town, browser: Browser
) -> None:
    q = "i+feel+lonely+since+my+husband+died+near+wolverhampton+yesterday&near=ZZ9+9ZZ"
    assert len(asked_of(browser, ashby.session, f"/find.json?q={q}")) <= PROGRAMS + 4


def test_more_topics_take_no_more_statements(ashby: Town, browser: Browser) -> None:
    one = asked_of(browser, ashby.session, "/find.json?q=company&topic=music")
    many = asked_of(browser, ashby.session, f"/find.json?{TOPICS}")
    assert len(many) <= len(one) + 1  # where the postcode is


def test_a_day_and_its_hours_are_values_of_one_statement(ashby: Town, browser: Browser) -> None:
    days = [f"/find.json?on=2026-09-{day:02d}&part=pm" for day in (10, 11, 12)]
    texts = {tuple(asked_of(browser, ashby.session, day)) for day in days}
    assert len(texts) == 1
