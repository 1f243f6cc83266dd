"""A search as it is understood: needs, names, taps, reasons, and what is remembered of it."""

import re
from html import unescape

import pytest
from sqlmodel import select

from asset_hub.core import db
from asset_hub.directory import service as directory
from asset_hub.directory.models import TermKind, Theme
from asset_hub.search import service
from asset_hub.search.models import UnmetAsk
from asset_hub.search.question import understanding
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.search.conftest import Town
from tests.search.test_find import HOSTILE

NAMES = re.compile(r'hub-card__title"><a[^>]*>([^<]+)')


def names(browser: Browser, address: str) -> list[str]:
    return [unescape(name) for name in NAMES.findall(browser.get(f"/find?{address}").text)]


@pytest.fixture
def ashby(town: Town) -> Town:
    """Groups whose words are those of groups, not of the people who need them."""
    town.add("Cruse bereavement café", description="For anyone bereaved. Tea and talk.")
    town.add("Stepping Stones", description="A choir for all. We sing on Mondays.")
    town.add("St Hugh's fete", description="In March: stalls round the house, cakes and face paint")
    town.add("Ashby foodbank", description="Food parcels and a community fridge")
    town.add("Bearded Anglers", description="Fishing on the canal")
    town.add("Papyrus Ashby", description="Paper craft")
    town.add("Age UK Ashby", description="Information for people later in life")
    town.add("Kirby parkrun", description="5k on Saturdays")
    return town


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("my husband died in March and I can't face the house", "Cruse bereavement café"),
        ("kids are going to bed hungry", "Ashby foodbank"),
        ("I used to love singing", "Stepping Stones"),
        ("papirus", "Papyrus Ashby"),
        ("beardedanglers", "Bearded Anglers"),
        ("park run", "Kirby parkrun"),
        ("age concern", "Age UK Ashby"),
        ("anglr", "Bearded Anglers"),
        ("foodb", "Ashby foodbank"),
    ],
)
def test_needs_and_half_remembered_names_find_the_right_door(
    ashby: Town, browser: Browser, said: str, first: str
) -> None:
    assert names(browser, f"q={said}")[:1] == [first]


def test_a_tap_says_what_was_meant_and_the_address_keeps_it(ashby: Town, browser: Browser) -> None:
    ashby.add("Company at the hall", topics=("company",))
    said = "I am on my own since my wife died"
    page = unescape(browser.get(f"/find?q={said}").text)
    assert "Is it about:" in page
    tap = re.search(r'href="([^"]*about=company[^"]*)"', page)
    assert tap, page
    assert "q=I+am+on" in tap[1]
    page = unescape(browser.get(tap[1]).text)
    assert NAMES.findall(page)[0] == "Company at the hall"
    assert 'name="about" value="company"' in page, "another word keeps what was tapped"
    back = re.search(r'hub-choice--chosen" href="([^"]*)"><span[^>]*>Not only about', page)
    assert back
    assert "about=" not in back[1]


def test_nobody_is_told_that_nothing_has_their_loss_in_it(ashby: Town, browser: Browser) -> None:
    said = "widowed"
    assert names(browser, f"q={said}")[:1] == ["Cruse bereavement café"]
    assert "These have words close to it" not in browser.get(f"/find?q={said}").text
    assert "These have words close to it" in browser.get("/find?q=papirus").text


def test_a_tap_on_nothing_we_know_is_no_error(ashby: Town, browser: Browser) -> None:
    for about in ("unheard-of", "%00", "A" * 3000, "'--"):
        assert browser.get(f"/find?q=choir&about={about}").status_code == 200
    assert browser.get("/find?about=grief").status_code == 200


def test_nothing_is_asked_back_without_words(ashby: Town, browser: Browser) -> None:
    assert "Is it about" not in browser.get("/find").text


def test_each_result_says_why_it_is_there(ashby: Town, browser: Browser) -> None:
    page = browser.get("/find?q=my wife died, is there a café").text
    assert "Helps with grief and loss · “cafe”" in page
    assert "card__why" not in browser.get("/find").text


def test_what_hardly_fits_is_offered_in_threes_and_all_of_it_on_request(
    town: Town, browser: Browser
) -> None:
    for number in range(6):
        town.add(f"Hall {number}", description=f"A room for support {'meeting ' * number}")
    page = browser.get("/find?q=tinnitus support zzyzx qwxyz").text
    assert "Perhaps nothing here fits all of it" in page
    assert len(NAMES.findall(page)) <= 3
    assert '"total": 3' in browser.get("/find.json?q=tinnitus support zzyzx qwxyz").text
    assert len(names(browser, "q=tinnitus support zzyzx qwxyz&all=1")) == 6


def test_what_fits_is_all_offered(town: Town, browser: Browser) -> None:
    for number in range(6):
        town.add(f"Choir {number}")
    assert len(names(browser, "q=choir")) == 6


def test_a_coordinators_new_words_count_at_once(town: Town, browser: Browser, cast: Cast) -> None:
    town.terms |= directory.ensure_topics(town.session)
    town.session.commit()
    town.add("Friday table", topics=("company",))
    town.add("Another")
    assert names(browser, "q=I feel proper mithered") == []
    term = town.term("company")
    with db.transaction() as session:
        directory.change_topic(
            session, session.merge(term), by=cast.cora, now=NOW, name=term.name,
            description=term.description, theme=term.theme, urgent=False,
            words=f"{term.words}\nproper mithered",
        )  # fmt: skip
    assert names(browser, "q=I feel proper mithered") == ["Friday table"]


def test_a_sites_own_topic_is_understood(town: Town, browser: Browser, cast: Cast) -> None:
    with db.transaction() as session:
        term = directory.add_topic(
            session, by=session.merge(cast.cora), now=NOW, name="Pit families",
            kind=TermKind.NEED, theme=Theme.PEOPLE, words="the pit closed\nminers",
        )  # fmt: skip
    town.terms[term.slug] = term
    town.add("Banner room", topics=("pit-families",))
    assert names(browser, "q=since the pit closed") == ["Banner room"]


def asks(town: Town) -> list[tuple[str, str, str, bool, int]]:
    town.session.expire_all()
    found = town.session.exec(select(UnmetAsk).order_by(UnmetAsk.topic, UnmetAsk.words))
    return [(one.topic, one.area, one.words, one.little, one.asks) for one in found]


def test_an_ask_that_nothing_fits_is_counted_without_its_words(
    town: Town, browser: Browser
) -> None:
    town.add("Choir")
    browser.get("/find?q=my name is Joan Bull and I am deaf&near=ZZ9+9ZZ")
    browser.get("/find?q=my name is Joan Bull and I am deaf&near=ZZ9+9ZZ")
    assert asks(town) == [("hearing", "ZZ9", "", False, 2)]
    browser.get("/find?q=tinnitus&community=ashby")
    assert asks(town)[1:] == [("hearing", "ashby", "tinnitus", False, 1)]


def test_what_is_found_is_not_counted(town: Town, browser: Browser) -> None:
    town.add("Choir")
    for address in ("q=choir", "q=choir&page=2", "", "near=ZZ9+9ZZ", "q=zzyzx&about=grief"):
        browser.get(f"/find?{address}")
    assert asks(town) == []


def test_an_ask_is_counted_under_two_topics_at_most(town: Town) -> None:
    with db.transaction() as session:
        for _ in range(2):
            service.unmet(session, topics=["a", "b", "c"], area="", today=NOW.date())
        service.unmet(session, topics=[], area="ZZ9", little=True, today=NOW.date())
    assert [(topic, count) for topic, _, _, _, count in asks(town)] == [
        ("", 1), ("a", 2), ("b", 2)
    ]  # fmt: skip


@pytest.mark.parametrize("said", HOSTILE, ids=lambda said: repr(said)[:30])
def test_anything_may_be_typed(ashby: Town, browser: Browser, said: str) -> None:
    sent = said.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for page in ("/find", "/find.json"):
        answered = browser.get(page, query_string={"q": sent, "about": sent[:50]})
        assert answered.status_code in (200, 422)


MORE = ["‮evil‬", "\u200b\u200d\ufeff", "𝕔𝕙𝕠𝕚𝕣", "👩‍👩‍👧 choir", "'" * 300, "’" * 300, "I" * 10_000,
        "my husband died " * 600, "a b " * 2_500, "ẞß" * 100, "\t\r\n", "٣٤٥", "<script>", "../../",
        "%00%ff", "{{7*7}}", "ő" * 500, "ch\u0301oir", "-choir", "choir~2", "zz" * 40]  # fmt: skip


@pytest.mark.parametrize("said", MORE, ids=lambda said: repr(said)[:30])
def test_hostile_words_are_understood_as_words_and_soon(ashby: Town, said: str) -> None:
    with db.reading() as connection:
        heard = understanding.hear(connection, said)
    assert len(heard.words) < 80
    assert len(heard.leaning) <= understanding.MOST_LEANING


def test_nobody_whose_knees_hurt_is_asked_about_suicide(ashby: Town, browser: Browser) -> None:
    ashby.add("Open Line", topics=("suicidal",))
    ashby.add("Knees Up", topics=("long-term-conditions",), description="For knees that hurt")
    asked = "Is it about"
    page = browser.get("/find?q=my+knees+hurt").text
    assert "Thoughts of suicide" not in page.split(asked)[-1].split("</ul>")[0]
    page = browser.get("/find?q=I+want+to+hurt+myself").text
    assert "Open Line" in page
