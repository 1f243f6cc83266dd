"""What was asked in vain: who sees it, how it is said, and that nobody can be guessed from it."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlmodel import Session, select

from asset_hub.communities.models import Community
from asset_hub.connections.models import Answer
from asset_hub.connections.service import record_answer
from asset_hub.search import jobs
from asset_hub.search.models import UnmetAsk
from asset_hub.search.service import unmet
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


def test_a_look_at_the_head_of_a_page_is_no_ask(
    browser: Browser, session: Session, cast: Cast
) -> None:
    FlaskClient.open(browser, "/find?q=zeppelins", method="HEAD")
    assert session.exec(select(UnmetAsk)).first() is None
