"""What nobody has confirmed for long comes later when it is looked for, and is marked."""

from datetime import timedelta

from asset_hub.search.geo import Point
from tests.cast import NOW
from tests.conftest import Browser
from tests.search.conftest import HALL, Town

OLD, AGEING = NOW - timedelta(days=300), NOW - timedelta(days=200)


def three(town: Town) -> None:
    """Add three choirs alike but for when they were confirmed, and one that nobody confirmed."""
    town.add("Choir A", at=(53.6, -2.2), confirmed_at=OLD)
    town.add("Choir B", at=(53.6, -2.2))
    town.add("Choir C", at=(53.6, -2.2), confirmed_at=AGEING)
    town.add("Choir D", at=(53.6, -2.2), confirmed_at=NOW)


def test_among_groups_that_fit_alike_the_one_we_are_sure_of_comes_first(town: Town) -> None:
    three(town)
    assert town.ask("choir") == ["Choir D", "Choir C", "Choir B", "Choir A"]
    near = town.ask("choir", near=Point(*HALL))
    assert near == ["Choir D", "Choir C", "Choir B", "Choir A"]


def test_the_nearest_list_stays_in_order_of_distance(town: Town) -> None:
    town.add("Far", at=(53.64, -2.2), confirmed_at=NOW)
    town.add("Near", at=(53.61, -2.2), confirmed_at=OLD)
    assert town.ask(near=Point(*HALL)) == ["Near", "Far"]


def test_an_old_one_is_marked_in_words_and_not_by_its_look_alone(
    town: Town, browser: Browser
) -> None:
    three(town)
    page = browser.get("/find?q=choir").text
    cards = page.split('<article class="hub-card')[1:]
    assert [card.split('"')[0].strip() for card in cards] == [
        "", "hub-card--stage-1", "hub-card--stage-3", "hub-card--stage-2",
    ]  # fmt: skip
    said = ["Confirmed by", "Last confirmed by", "Not confirmed yet: ring", "ring before you go"]
    for words, card in zip(said, cards, strict=True):
        assert words in card
    found = browser.get("/find.json?q=choir").json
    assert found is not None
    assert [result["stage"] for result in found["results"]] == [0, 1, 3, 2]


def test_the_map_says_it_too(town: Town, browser: Browser) -> None:
    three(town)
    drawn = browser.get("/find.geojson?bbox=-2.3,53.5,-2.1,53.7&zoom=16&q=choir").json
    assert drawn is not None
    stages = sorted(feature["properties"]["stage"] for feature in drawn["features"])
    assert stages == [0, 1, 2, 3]
    assert all("onfirmed" in feature["properties"]["fresh"] for feature in drawn["features"])
