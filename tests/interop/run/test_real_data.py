"""Real feeds and registers, when they lie beside the project: all of them accounted for."""

import csv
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from asset_hub.communities.models import Outcode, Postcode
from asset_hub.directory.models import Listing, ListingPlace, Location, Organization, Service
from asset_hub.interop.reading.homes import SAID as KEPT_BACK
from tests.interop.feeds import Desk, counts, warnings

DATA = Path(__file__).parents[4] / "shared" / "data"
FEED = DATA / "oruk_feeds" / "north_lincolnshire_services_v1.json"
TRAFFORD = DATA / "trafford"

needs_data = pytest.mark.skipif(not FEED.exists(), reason="the real data is not beside the project")


def load_postcodes(desk: Desk, *, districts: bool) -> None:
    """Load Trafford's postcodes, and the middles of the country's districts."""
    with (TRAFFORD / "trafford_postcodes.csv").open() as file:
        rows = [
            {"code": row["postcode"], "outcode": row["postcode"].split()[0],
             "latitude": float(row["lat"]), "longitude": float(row["lon"])}
            for row in csv.DictReader(file)
        ]  # fmt: skip
    desk.session.execute(Postcode.__table__.insert(), rows)  # type: ignore[attr-defined]
    if districts:
        with (DATA / "geo" / "uk_outcodes.csv").open() as file:
            found = {
                (row.get("postcode") or row.get("outcode") or ""): row
                for row in csv.DictReader(file)
            }
        rows = [
            {"code": code, "latitude": float(row["latitude"]), "longitude": float(row["longitude"]),
             "town": ""}
            for code, row in found.items() if code
        ]  # fmt: skip
        desk.session.execute(Outcode.__table__.insert(), rows)  # type: ignore[attr-defined]
    desk.session.commit()


def exact_at_postcodes(desk: Desk) -> int:
    """Return how many places stand at the very point of their postcode."""
    wanted = select(func.count()).select_from(Location).join(
        Postcode, col(Postcode.code) == Location.postal_code
    )  # fmt: skip
    return desk.session.exec(
        wanted.where(
            func.abs(Location.latitude - col(Postcode.latitude)) < 1e-5,
            col(Location.approximate).is_(False),
        )
    ).one()


@needs_data
def test_north_lincolnshires_feed_is_all_there(desk: Desk) -> None:
    found = desk.imports(FEED, source="north-lincs")
    assert counts(found) == {"added": 738}
    assert len(desk.session.exec(select(Organization.id)).all()) == 239
    texts = desk.session.exec(select(Service.description, Service.url, Service.name)).all()
    assert len(texts) == 738
    for description, url, name in texts:
        for sign in ("<p", "<span", "</", "&nbsp;", "&amp;", "\u00a0", "\u200b"):
            assert sign not in description
        assert url == "" or url.startswith(("https://", "http://"))
        assert name
    assert len(desk.session.exec(select(Listing.service_id)).all()) == 738
    assert counts(desk.imports(FEED, source="north-lincs")) == {"unchanged": 738}


@needs_data
def test_the_charity_register_is_located(desk: Desk) -> None:
    load_postcodes(desk, districts=True)
    found = desk.imports(TRAFFORD / "charities_operating_in_trafford.csv", source="charities")
    assert counts(found) == {"added": 736}
    assert exact_at_postcodes(desk) == 279, "one of them written with an O for its nought"
    places = desk.session.exec(select(func.count()).select_from(ListingPlace)).one()
    assert places == 736 - 3, "M50 twice is newer than the list, and one has none"
    said = [words for _, words in warnings(found) if "not loaded" not in words]
    homes = [words for words in said if words in KEPT_BACK.values()]
    assert len(homes) == 44, "most are where a trustee lives; some help people who are not safe"
    assert len(said) - len(homes) == 4, said
    shouting = [name for name in desk.names() if name.isupper() and " " in name]
    assert len(shouting) < 5, shouting


@needs_data
def test_libraries_and_sports_places_are_on_the_map(desk: Desk) -> None:
    load_postcodes(desk, districts=False)
    found = desk.imports(
        TRAFFORD / "gm_libraries.csv",
        source="libraries",
        mapping={
            "columns": {"name": "name", "address": "address", "postcode": "postcode",
                        "email": "email", "url": "website", "latitude": "lat", "longitude": "lon"},
            "constants": {"kind": "place", "topics": "books"},
        },
    )  # fmt: skip
    assert counts(found) == {"added": 141}
    found = desk.imports(
        TRAFFORD / "trafford_sports_facilities.csv",
        source="sports",
        mapping={
            "columns": {
                "id": ["site_id", "facility_type"], "name": ["site_name", "facility_type"],
                "address": "street", "town": "town", "postcode": "postcode", "phone": "telephone",
                "email": "email", "url": "website", "how_to_join": "access_type",
                "access": [{"column": "car_park", "label": "Car park"},
                           {"column": "disability_toilets", "label": "Accessible toilets"}],
                "confirmed_on": "site_last_updated_date",
            },
            "constants": {"kind": "place", "topics": "moving"},
        },
    )  # fmt: skip
    assert counts(found) == {"added": 314}
    places = desk.session.exec(select(ListingPlace.area)).all()
    assert len(places) == 141 + 314
    sports = list(desk.session.exec(select(Service).where(Service.source == "sports")))
    at = {one.id: one.places[0].location for one in sports}
    assert sum(not place.approximate for place in at.values()) >= 300, "at their postcodes"
    assert all(one.confirmed_at for one in sports)
