import json
from datetime import timedelta
from typing import Any

from sqlmodel import Session, SQLModel, select

from asset_hub.core import ids
from asset_hub.directory import service
from asset_hub.directory.models import (
    Freq,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    Visibility,
)
from tests.cast import NOW, Cast

LISTING = SQLModel.metadata.tables["listing"]
PLACE = SQLModel.metadata.tables["listing_place"]


def rows(session: Session, table: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.connection().execute(table.select()).mappings()]


def place(cast: Cast, of: Service, **more: Any) -> Location:
    location = cast.add(Location(**{"latitude": 53.60123, "longitude": -2.20456, **more}))
    of.places.append(ServiceAtLocation(location_id=location.id, location=location))
    cast.session.commit()
    return location


def test_a_listed_choir_can_be_found(session: Session, cast: Cast) -> None:
    place(cast, cast.choir, name="Town hall", postal_code="AS1 1AA")
    cast.choir.schedules.append(Schedule(freq=Freq.WEEKLY, byday="TH"))
    cast.choir.confirmed_at = NOW
    topics = service.ensure_topics(session)
    cast.choir.terms = [topics["music"], topics["company"]]
    service.publish(session, cast.choir, now=NOW)
    [listing] = rows(session, LISTING)
    assert listing["topic_slugs"] == "|company|music|"
    assert listing["topics"] == "Company and friendship, Singing and music"
    assert listing["card"] == {
        "id": str(cast.choir.id),
        "source_id": None,
        "name": "Ashby choir",
        "summary": "Ashby choir: come as you are",
        "topics": [
            {"slug": "company", "name": "Company and friendship"},
            {"slug": "music", "name": "Singing and music"},
        ],
        "not_for": "",
        "url": f"/groups/{cast.choir.id}",
        "organization": "Friends of Ashby",
        "kind": "group",
        "when": "Every Thursday",
        "cost": "",
        "where": "Town hall, AS1 1AA",
        "area": False,
        "confirmed": "Monday 7 September 2026",
        "confirmed_on": "2026-09-07",
        "room": None,
        "photo": None,
        "stage": 0,
        "alive_words": "Confirmed by the people who run it in September 2026",
    }
    [point] = rows(session, PLACE)
    assert (point["latitude"], point["longitude"]) == (53.60123, -2.20456)
    assert json.loads(point["feature"])["geometry"]["coordinates"] == [-2.20456, 53.60123]


def test_publishing_again_keeps_the_number(session: Session, cast: Cast) -> None:
    other = cast.service("Ashby walkers")
    place(cast, cast.choir)
    for _ in range(2):
        service.publish(session, cast.choir, now=NOW)
        service.publish(session, other, now=NOW)
    cast.choir.name = "Ashby singers"
    service.publish(session, cast.choir, now=NOW + timedelta(1))
    found = {row["name"]: row["number"] for row in rows(session, LISTING)}
    assert found == {"Ashby singers": 1, "Ashby walkers": 2}
    assert len(rows(session, PLACE)) == 1


def test_a_withdrawn_choir_is_nowhere(session: Session, cast: Cast) -> None:
    place(cast, cast.choir)
    service.publish(session, cast.choir, now=NOW)
    service.withdraw(session, cast.choir)
    assert not rows(session, LISTING)
    assert not rows(session, PLACE)


def test_a_hidden_home_is_in_no_public_row(session: Session, cast: Cast) -> None:
    secret = {"name": "Rose’s house", "address_1": "12 Secret Lane", "postal_code": "AS1 2ZZ"}
    place(cast, cast.choir, visibility=Visibility.HIDDEN, **secret)
    service.publish(session, cast.choir, now=NOW)
    assert not rows(session, PLACE)
    said = json.dumps(rows(session, LISTING), default=str)
    assert not [word for word in (*secret.values(), "53.6", "2.204") if word in said]


def test_a_home_shown_as_an_area_gives_only_its_cell(session: Session, cast: Cast) -> None:
    secret = {"name": "Rose’s house", "address_1": "12 Secret Lane", "postal_code": "AS1 2ZZ"}
    place(cast, cast.choir, visibility=Visibility.AREA, **secret)
    service.publish(session, cast.choir, now=NOW)
    [point] = rows(session, PLACE)
    assert point["area"]
    assert abs(point["latitude"] - 53.60123) > 0.0005
    said = json.dumps([*rows(session, LISTING), point], default=str)
    assert not [word for word in (*secret.values(), "53.601", "2.2045") if word in said]
    assert "Near Ashby" in said


def test_thousands_are_published_in_bulk(session: Session, cast: Cast) -> None:
    plain = cast.choir.model_dump(exclude={"id", "name"})
    keys = {ids.new(): f"Group {number}" for number in range(600)}
    rows_of = [{**plain, "id": key, "name": name} for key, name in keys.items()]
    session.connection().execute(SQLModel.metadata.tables["service"].insert(), rows_of)
    hall = service.PlainPlace(name="Hall", latitude=53.6, longitude=-2.2)
    facts = [
        service.Facts(
            id=key,
            name=name,
            organization_id=cast.friends.id,
            community_id=cast.ashby.id,
            places=[(ids.new(), hall)],
            topics=[("music", "Singing and music")],
        )
        for key, name in keys.items()
    ]
    for _ in range(2):
        assert service.publish_many(session, iter(facts), now=NOW) == 600
    numbers = select(LISTING.c.number).order_by(LISTING.c.number)
    assert list(session.connection().execute(numbers).scalars()) == list(range(1, 601))
    assert len(list(session.connection().execute(select(PLACE.c.id)))) == 600
