"""What was asked in vain: who sees it, how it is said, and that nobody can be guessed from it."""

from datetime import time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from asset_hub.communities.models import Community, Postcode
from asset_hub.connections.models import Answer
from asset_hub.connections.service import record_answer
from asset_hub.directory.models import Freq, Schedule, TaxonomyTerm, TermKind
from asset_hub.directory.service import publish
from asset_hub.search import jobs
from asset_hub.search.models import AskedFor, UnmetAsk
from asset_hub.search.service import asked, unmet
from asset_hub.search.tally import EVERY, Tally
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.connections.steps import connect


def ask(session: Session, topic: str, area: str, times: int, words: str = "") -> None:
    for _ in range(times):
        unmet(session, topics=[topic], area=area, words=words, today=TODAY)
    session.commit()


def test_a_champion_sees_what_was_asked_for_here_the_most_asked_first(
    browser: Browser, session: Session, cast: Cast
) -> None:
    ask(session, "grief", "ashby", 12, "died")
    ask(session, "befriending", "ashby", 9)
    ask(session, "gambling", "elsewhere", 40)
    ask(session, "sleep", "M33", 6)
    browser.sign_in(cast.cath)
    page = browser.get("/asked-in-vain").text
    assert page.index("About 10 times") < page.index("A few times")
    assert "“died”" in page
    assert "M33" in page
    assert "About 40 times" not in page  # another community's
    assert "/asked-in-vain" in browser.get("/my-patch").text


def test_what_was_asked_in_vain_stands_beside_what_is_not_listed_there(
    browser: Browser, session: Session, cast: Cast
) -> None:
    for slug in ("caring", "grief"):
        session.add(term := TaxonomyTerm(slug=slug, name=slug.title(), kind=TermKind.NEED))
        if slug == "caring":
            cast.choir.terms.append(term)
    cast.choir.schedules = [Schedule(freq=Freq.WEEKLY, byday="TU", opens_at=time(10))]
    publish(session, cast.choir, now=NOW)
    ask(session, "caring", "ashby", 9)
    session.add(Postcode(code="ZZ9 9ZZ", outcode="ZZ9", latitude=53.6, longitude=-2.2))
    ask(session, "grief", "ZZ9", 3)
    browser.sign_in(cast.cath)
    register = browser.get("/asked-in-vain").text
    assert "Missing within two miles: Something for caring in the evening" in register
    patch = browser.get("/my-patch").text
    assert patch.index("Something for caring in the evening") < patch.index("Something on a Monday")
    assert "Asked for in vain about 10 times around here" in patch
    assert "Asked for in vain a few times around here" in patch, "the district lies in Ashby"
    page = browser.get("/communities/ashby").text
    assert "Something for caring in the evening" in page
    assert "in vain" not in page, "how often is for those who look after listings"


def test_another_communitys_asks_are_no_gap_here(
    browser: Browser, session: Session, cast: Cast
) -> None:
    session.add(TaxonomyTerm(slug="grief", name="Grief", kind=TermKind.NEED))
    publish(session, cast.choir, now=NOW)
    ask(session, "grief", "elsewhere", 30)
    ask(session, "grief", "M33", 30)  # a district nobody knows the middle of
    browser.sign_in(cast.cath)
    assert "in vain about" not in browser.get("/my-patch").text


def test_a_few_asks_are_neither_counted_nor_quoted(
    browser: Browser, session: Session, cast: Cast
) -> None:
    ask(session, "suicidal", "ashby", 4, "die")
    browser.sign_in(cast.cora)
    page = browser.get("/asked-in-vain").text
    assert "A few times" in page
    assert "4" not in page.split('class="hub-cards"')[1].split("</ul>")[0].replace("h4", "")
    assert "“die”" not in page


def test_a_season_later_it_is_not_shown_and_a_year_later_it_is_gone(
    browser: Browser, session: Session, cast: Cast
) -> None:
    unmet(session, topics=["grief"], area="ashby", today=TODAY - timedelta(days=91))
    unmet(session, topics=["sleep"], area="ashby", today=TODAY - timedelta(days=401))
    session.commit()
    browser.sign_in(cast.cath)
    assert "Nothing yet" in browser.get("/asked-in-vain").text
    jobs.forget_unmet()
    assert [row.topic for row in session.exec(select(UnmetAsk))] == ["grief"]


def test_a_group_that_could_not_take_somebody_counts_as_little(
    session: Session, cast: Cast
) -> None:
    made = connect(session, cast, topic="music")
    record_answer(
        session, made, answer=Answer.FULL, words="", first_on=None, who="", until=None,
        by=cast.ben, now=NOW,
    )  # fmt: skip
    row = session.exec(select(UnmetAsk)).one()
    assert (row.topic, row.area, row.words, row.little) == ("music", "ashby", "", True)
    assert session.exec(select(Community.slug).where(Community.slug == row.area)).one()


def test_an_area_anybody_can_make_up_is_none(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.get("/find?q=zeppelins&community=joan-bull-of-0-high-street")
    browser.get("/find?q=zeppelins&community=ashby")
    browser.get("/find?q=zeppelins&near=Ashby")
    areas = sorted({row.area for row in session.exec(select(UnmetAsk))})
    assert areas == ["", "ashby"]


def test_what_is_asked_for_most_is_written_a_minute_later_and_says_nothing_of_anybody(
    browser: Browser, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.application.extensions["asks"] = Tally()
    for _ in range(11):
        browser.get("/find?q=my+husband+died&near=Ashby")
    browser.get("/find?q=my+husband+died&near=Ashby&about=grief")  # a tap asks nothing new
    assert session.exec(select(AskedFor)).first() is None, "no search waits for a write"
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + timedelta(minutes=1))
    browser.get("/find?q=my+husband+died&near=Ashby")
    row = session.exec(select(AskedFor).where(AskedFor.topic == "grief")).one()
    assert (row.day, row.area, row.asks) == (TODAY, "ashby", 12)
    browser.sign_in(cast.cath)
    page = browser.get("/asked-in-vain").text
    assert "What people ask for most" in page
    assert "About 10 times" in page.split("What people ask for most")[1]
    browser.sign_in(cast.dora)
    assert "What people ask for most" not in browser.get("/asked-in-vain").text


def test_what_could_not_be_written_is_written_the_next_time() -> None:
    tally = Tally()
    tally.note(["grief", "sleep"], "ashby", today=TODAY, now=NOW)
    assert tally.due(NOW) == {}
    later = NOW + EVERY
    taken = tally.due(later)
    assert taken == {(TODAY, "grief", "ashby"): 1, (TODAY, "sleep", "ashby"): 1}
    assert tally.due(later) == {}
    tally.note(["grief"], "ashby", today=TODAY, now=later)
    tally.give_back(taken, now=later)
    assert tally.due(later + EVERY)[TODAY, "grief", "ashby"] == 2


def test_counts_of_many_processes_add_up(session: Session) -> None:
    for times in (3, 4):
        asked(session, {(TODAY, "grief", "ashby"): times})
    session.commit()
    assert session.exec(select(AskedFor)).one().asks == 7


def test_a_look_at_the_head_of_a_page_is_no_ask(
    browser: Browser, session: Session, cast: Cast
) -> None:
    FlaskClient.open(browser, "/find?q=zeppelins", method="HEAD")
    assert session.exec(select(UnmetAsk)).first() is None
