"""The map of everything, from its own index: what it shows, and that it stays true."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from asset_hub.core import db
from asset_hub.core.grid import to_grid
from asset_hub.directory.models import Standing, Visibility
from asset_hub.directory.service import withdraw
from asset_hub.search import service
from asset_hub.search.geo import WORLD, Box
from asset_hub.search.jobs import count_places
from asset_hub.search.queries import Question, everything, places, plan
from asset_hub.search.queries.clusters import shift
from asset_hub.search.queries.finding import CLOSE, FEW, View
from asset_hub.search.queries.plan import LEVELS, rebuild
from tests.conftest import Browser
from tests.search.conftest import HALL, Town

COUNTRY = Box(-12, 49, 3, 60)
TOWN = Box(-2.3, 53.5, -2.1, 53.7)


@pytest.fixture
def many(town: Town) -> Town:
    """Groups that crowd, some far ones, and one on either side of the antimeridian."""
    dice = random.Random("many")
    spots = {
        f"Walk {n}": (53.6 + dice.gauss(0, 0.01), -2.2 + dice.gauss(0, 0.02)) for n in range(60)
    }
    spots |= {f"Far {n}": (54 + n / 3, -1.4 - n / 5) for n in range(9)}
    spots |= {"Sunrise": (-17.0, 179.9), "Sunset": (-17.0, -179.9)}
    town.add_many({**spots})
    return town


def seen(view: View) -> list[Any]:
    return sorted((json.loads(one) for one in view.features), key=json.dumps)


def counts(view: View) -> int:
    return sum(one["properties"].get("count", 1) for one in seen(view))


def usual(box: Box, zoom: int) -> View:
    with db.reading() as connection:
        return places(connection, Question(), box, zoom)


BOXES = [
    WORLD, TOWN, Box(-2.21, 53.59, -2.19, 53.61), Box(-3.5, 53, -1, 57), Box(0, 0, 1, 1),
    Box(170, -20, -170, -10), Box(170, -20, 190, -10), Box(-2.2, 53.6, -2.2, 53.6),
    Box(-500, -90, 500, 90), Box(-2.2, 89, -2.1, 90),
]  # fmt: skip


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("box", BOXES)
def test_close_by_it_shows_what_a_search_for_everything_shows(
    many: Town, box: Box, folded: bool
) -> None:
    if folded:
        count_places()
    for zoom in (13, 14, 15, 16, 17, 18, 22):
        mine, other = everything.places(box, zoom), usual(box, zoom)
        assert mine.total == counts(mine)
        if not everything._is_wide(box, zoom) or zoom >= CLOSE:
            assert mine.total == other.total
            assert seen(mine) == seen(other)


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("box", BOXES)
def test_from_afar_nothing_is_lost_and_the_circles_are_where_they_were(
    many: Town, box: Box, folded: bool
) -> None:
    if folded:
        count_places()
    for zoom in range(13):
        mine, other = everything.places(box, zoom), usual(box, zoom)
        assert mine.total == counts(mine) >= other.total
        assert mine.total <= usual(_wider(box, zoom), zoom).total
        if mine.total <= FEW:
            assert seen(mine) == seen(other)


def _wider(box: Box, zoom: int) -> Box:
    """Return a box that is wider by two counted cells each way."""
    level = next(level for level in LEVELS if level >= min(zoom + 2, LEVELS[-1]))
    more = 2 * (1 << shift(level)) / (1 << 26) * 360
    return Box(box.west - more, max(-90, box.south - more), box.east + more, box.north + more)


def test_the_circles_of_a_whole_country_are_those_of_a_search(many: Town) -> None:
    for zoom in range(9):
        mine, other = seen(everything.places(COUNTRY, zoom)), seen(usual(COUNTRY, zoom))
        placed = [one["properties"].get("count", 1) for one in mine]
        assert sorted(placed) == sorted(one["properties"].get("count", 1) for one in other), zoom
        for one in mine:
            if "cluster" in one["properties"]:
                west, south, east, north = one["properties"]["bounds"]
                lng, lat = one["geometry"]["coordinates"]
                assert west <= lng <= east
                assert south <= lat <= north


def rows(session: Session, statement: str) -> list[Any]:
    return [tuple(row) for row in session.connection().execute(text(statement))]


def must_be_true(session: Session) -> None:
    """Compare the index with the places there are."""
    held = rows(session, "SELECT gx, gy, id, feature FROM listing_text_spot ORDER BY id")
    assert held == rows(session, "SELECT gx, gy, id, feature FROM listing_place ORDER BY id")
    for level in LEVELS:
        bits = shift(level)
        right = rows(
            session,
            f"SELECT gx >> {bits} AS cx, gy >> {bits} AS cy, count(*), sum(gx), sum(gy) "
            "FROM listing_place GROUP BY 1, 2 ORDER BY 1, 2",
        )
        said = rows(
            session,
            "SELECT cx, cy, sum(count), sum(sx), sum(sy) FROM (SELECT cx, cy, count, sx, sy FROM "
            f"listing_text_cell WHERE level = {level} UNION ALL SELECT gx >> {bits}, gy >> {bits}, "
            "n, n * CAST(gx AS BIGINT), n * CAST(gy AS BIGINT) FROM listing_text_moved) c "
            "GROUP BY cx, cy HAVING sum(count) <> 0 ORDER BY 1, 2",
        )
        assert [tuple(map(int, row)) for row in said] == [tuple(map(int, row)) for row in right]


def test_it_stays_true_whatever_becomes_of_a_group(many: Town, session: Session) -> None:
    choir = many.add("Choir", at=HALL)
    for fold in (False, True):
        place = choir.places[0].location
        for latitude, longitude in ((53.61, -2.2), (53.9, -2.5), (53.9, -2.5)):
            place.latitude, place.longitude = latitude, longitude
            many.republish(choir)
            must_be_true(session)
            if fold:
                count_places()
                must_be_true(session)
    withdraw(session, choir)
    must_be_true(session)
    count_places()
    must_be_true(session)
    assert not rows(session, "SELECT 1 FROM listing_text_moved")
    assert not rows(session, "SELECT 1 FROM listing_text_cell WHERE count = 0")
    session.connection().execute(text("DELETE FROM listing"))
    must_be_true(session)


def test_counting_twice_changes_nothing_and_a_broken_count_neither(
    many: Town, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "EMPTIED", "SELECT nothing FROM nowhere")
    with pytest.raises(Exception, match="nowhere"), db.transaction() as one:
        service.fold(one)
    must_be_true(session)
    monkeypatch.undo()


def test_a_group_is_on_the_map_at_once_and_gone_at_once(many: Town, session: Session) -> None:
    count_places()
    before = everything.places(WORLD, 5).total
    choir = many.add("Choir", at=HALL)
    assert everything.places(WORLD, 5).total == before + 1
    withdraw(session, choir)
    assert everything.places(WORLD, 5).total == before
    assert not any("Choir" in one for one in everything.places(TOWN, 17).features)


def test_a_hidden_place_is_in_no_count_and_an_area_only_as_its_cell(
    town: Town, session: Session
) -> None:
    town.add("Refuge", at=(53.612345, -2.212345), visibility=Visibility.HIDDEN)
    assert everything.places(WORLD, 5) == everything.places(WORLD, 17) == View([], 0)
    for table in ("spot", "cell", "moved"):
        assert not rows(session, f"SELECT 1 FROM listing_text_{table}")
    town.add("Area", at=(53.612345, -2.212345), visibility=Visibility.AREA)
    exact = to_grid(53.612345, -2.212345)
    for table in ("spot", "moved"):
        assert rows(session, f"SELECT gx, gy FROM listing_text_{table}") != [exact]
    (feature,) = everything.places(WORLD, 5).features
    assert "53.612345" not in feature
    assert json.loads(feature)["properties"]["area"] is True


def test_a_place_that_becomes_hidden_leaves_every_count(town: Town, session: Session) -> None:
    choir = town.add("Choir", at=HALL)
    count_places()
    choir.places[0].location.visibility = Visibility.HIDDEN
    town.republish(choir)
    assert everything.places(WORLD, 3) == View([], 0)
    count_places()
    for table in ("spot", "cell", "moved"):
        assert not rows(session, f"SELECT 1 FROM listing_text_{table}")


def test_a_feature_that_ages_is_shown_as_it_is(town: Town, session: Session) -> None:
    town.add("Choir", at=HALL)
    session.connection().execute(text("UPDATE listing_place SET feature = '{\"aged\": 1}'"))
    assert everything.places(TOWN, 17).features == ['{"aged": 1}']
    must_be_true(session)


def test_it_can_be_made_anew(many: Town, session: Session) -> None:
    for statement in rebuild(session.get_bind().dialect.name):
        session.connection().execute(text(statement))
    must_be_true(session)
    many.add("Choir", at=HALL)
    must_be_true(session)


def test_the_address_without_filters_says_what_one_with_an_empty_filter_says(
    many: Town, browser: Browser
) -> None:
    for window in ("bbox=-2.3,53.5,-2.1,53.7&zoom=17", "bbox=-2.21,53.59,-2.19,53.61&zoom=16", ""):
        mine = browser.get(f"/find.geojson?{window}").get_json()
        other = browser.get(f"/find.geojson?{window}&q=").get_json()
        assert mine["total"] == other["total"]
        if window:
            assert sorted(map(json.dumps, mine["features"])) == sorted(
                map(json.dumps, other["features"])
            )


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-4000, 4000), st.floats(-90, 90), st.floats(0, 720), st.floats(0, 180),
    st.integers(0, 22),
)  # fmt: skip
def test_no_box_takes_many_ranges(
    west: float, south: float, wide: float, high: float, zoom: int
) -> None:
    box = Box(west, south, west + wide, min(90.0, south + high))
    if zoom > everything.COUNTED and not everything._is_wide(box, zoom):
        assert len(everything._bands(box)) <= 2 * (everything.MOST_CELLS + 2) * 4


RECORD = "/groups/{}.json"


def test_one_group_is_answered_as_its_card_and_its_places(town: Town, browser: Browser) -> None:
    choir = town.add("Choir", at=HALL, topics=("music",))
    found = browser.get(RECORD.format(choir.id))
    assert found.mimetype == "application/json"
    record = found.get_json()
    card = browser.get("/find.json?q=choir").get_json()["results"][0]
    assert {k: v for k, v in record.items() if k != "places"} == {
        k: v for k, v in card.items() if k != "distance_m"
    }
    (place,) = record["places"]
    assert place["geometry"]["coordinates"] == [HALL[1], HALL[0]]
    again = browser.get(RECORD.format(choir.id), headers={"If-None-Match": found.headers["ETag"]})
    assert again.status_code == 304


def test_a_record_tells_no_hidden_place_and_no_contact(town: Town, browser: Browser) -> None:
    hidden = town.add("Refuge", at=(53.612345, -2.212345), visibility=Visibility.HIDDEN)
    hidden.places[0].location.address_1 = "1 Secret Street"
    area = town.add("Area", at=(53.612345, -2.212345), visibility=Visibility.AREA)
    town.republish(hidden, area)
    for group in (hidden, area):
        told = browser.get(RECORD.format(group.id)).text
        for secret in ("Secret Street", "53.612345", "2.212345", "olive@", "960001"):
            assert secret not in told
    assert browser.get(RECORD.format(hidden.id)).get_json()["places"] == []


def test_what_is_not_published_has_no_record_and_what_was_merged_leads_on(
    town: Town, browser: Browser
) -> None:
    waiting = town.add("Waiting", publish_it=False)
    gone, kept = town.add("Gone"), town.add("Kept")
    withdraw(town.session, gone)
    town.session.commit()
    for key in (waiting.id, gone.id, "018f0000-0000-7000-8000-000000000001"):
        assert browser.get(RECORD.format(key)).status_code == 404
    gone.standing, gone.merged_into_id = Standing.CLOSED, kept.id
    town.session.add(gone)
    town.session.commit()
    answer = browser.get(RECORD.format(gone.id))
    assert (answer.status_code, answer.location) == (301, RECORD.format(kept.id))
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
