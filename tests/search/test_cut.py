"""The nearest few, when even the best fits little: of what the filters leave and nothing else."""

import re
from html import unescape

import pytest
from sqlmodel import select

from asset_hub.directory.models import TermKind
from asset_hub.search.models import UnmetAsk
from tests.conftest import Browser
from tests.search.conftest import HALL, Town
from tests.search.test_understanding import NAMES

POOR = "tinnitus support zzyzx qwxyz"  # most of which nobody here has
FAR = (HALL[0] + 1, HALL[1])
FILTERS = {
    "community": "community=ashby",
    "distance": "near=ZZ9+9ZZ&within=3",
    "place on the map": "area=-2.3,53.5,-2.1,53.7",
    "cost": "cost=free",
    "topic": "topic=music",
    "audience": "topic=men",
    "age": "age=30",
    "distance and cost": "near=ZZ9+9ZZ&within=3&cost=free",
    "place without a distance": "near=ZZ9+9ZZ&community=ashby",
}
every_filter = pytest.mark.parametrize("kept", FILTERS.values(), ids=FILTERS)


@pytest.fixture
def divided(town: Town) -> Town:
    """Five that hardly fit and that every filter keeps, and six that fit better and none keeps."""
    town.term("men").kind = TermKind.AUDIENCE
    for number in range(5):
        said = f"A room for support {'and a meeting about other things ' * (number + 6)}"
        town.add(f"Here {number}", at=HALL, fees="Free", topics=("music", "men"),
                 description=said)  # fmt: skip
    for number in range(6):
        away(town, f"Away {number} support")
    return town


def away(town: Town, name: str) -> None:
    town.add(name, at=FAR, fees="£5", minimum_age=60, community=town.cast.elsewhere)


def shown(browser: Browser, address: str) -> tuple[list[str], str]:
    page = unescape(browser.get(f"/find?{address}").text)
    return NAMES.findall(page), page


def every(page: str) -> str:
    """Return where the link to all of it leads, or nothing."""
    link = re.search(r'href="([^"]*)">Show everything that has some of these words', page)
    return link[1].removeprefix("/find?") if link else ""


@every_filter
def test_the_nearest_are_of_what_the_filters_leave(
    divided: Town, browser: Browser, kept: str
) -> None:
    names, page = shown(browser, f"q={POOR}&{kept}")
    assert len(names) == 3
    assert all(name.startswith("Here") for name in names)
    assert "Perhaps nothing here fits all of it" in page
    everything, _ = shown(browser, every(page))
    assert sorted(everything) == [f"Here {number}" for number in range(5)]


@every_filter
def test_the_map_and_the_programs_have_the_same_few(
    divided: Town, browser: Browser, kept: str
) -> None:
    assert '"total": 3' in browser.get(f"/find.json?q={POOR}&{kept}").text
    window = "bbox=-3,53,-1,55&zoom=10"
    assert '"total": 3' in browser.get(f"/find.geojson?q={POOR}&{kept}&{window}").text


@every_filter
def test_what_fits_well_elsewhere_changes_nothing_here(
    divided: Town, browser: Browser, kept: str
) -> None:
    away(divided, "Tinnitus support zzyzx qwxyz")
    names, page = shown(browser, f"q={POOR}&{kept}")
    assert len(names) == 3
    assert "Perhaps nothing here fits all of it" in page
    assert "Perhaps nothing here fits all of it" not in shown(browser, f"q={POOR}")[1]


@every_filter
def test_what_fits_well_here_is_not_cut(divided: Town, browser: Browser, kept: str) -> None:
    divided.add("Tinnitus support zzyzx qwxyz", at=HALL, fees="Free", topics=("music", "men"))
    names, page = shown(browser, f"q={POOR}&{kept}")
    assert len(names) == 6
    assert not every(page)


def test_a_poor_answer_is_counted_as_little_and_not_as_none(
    divided: Town, browser: Browser
) -> None:
    shown(browser, f"q={POOR}&community=ashby")
    divided.session.expire_all()
    assert {one.little for one in divided.session.exec(select(UnmetAsk))} == {True}


def test_a_link_to_all_is_only_there_when_there_is_more(town: Town, browser: Browser) -> None:
    for number in range(2):
        town.add(f"Hall {number}", description=f"A room for support {'meeting ' * number}")
    names, page = shown(browser, f"q={POOR}")
    assert len(names) == 2
    assert "Perhaps nothing here fits all of it" in page
    assert not every(page)


def test_a_filter_that_would_leave_only_what_hardly_fits_is_still_offered(
    divided: Town, browser: Browser
) -> None:
    _, page = shown(browser, f"q={POOR}")
    assert re.search(r'href="[^"]*cost=free[^"]*" rel="nofollow">Free <span[^>]*>5<', page)
