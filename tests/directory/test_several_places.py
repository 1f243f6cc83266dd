"""The choir sings at the library on Tuesdays and in the hall on Fridays."""

from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from asset_hub.communities.models import Postcode
from asset_hub.directory import service
from asset_hub.directory.models import Freq, Schedule, Service, Visibility
from asset_hub.directory.rules.places import without
from tests.cast import NOW, Cast
from tests.conftest import Browser

PLACE = SQLModel.metadata.tables["listing_place"]
LIBRARY = {"setting": "exact", "place_name": "Ashby Library", "postcode": "AS1 1AA"}
HALL = {"setting": "exact", "place_name": "The hall", "postcode": "AS1 2BB"}


@pytest.fixture
def choir(cast: Cast, session: Session) -> Service:
    cast.add(Postcode(code="AS1 1AA", outcode="AS1", latitude=53.61, longitude=-2.21))
    cast.add(Postcode(code="AS1 2BB", outcode="AS1", latitude=53.7, longitude=-2.3))
    cast.choir.schedules = [
        Schedule(freq=Freq.WEEKLY, byday="TU"), Schedule(freq=Freq.WEEKLY, byday="FR"),
    ]  # fmt: skip
    service.publish(session, cast.choir, now=NOW)
    session.commit()
    return cast.choir


def points(session: Session) -> list[tuple[float, float]]:
    found = session.connection().execute(select(PLACE.c.latitude, PLACE.c.longitude))
    return sorted((row[0], row[1]) for row in found)


def post(browser: Browser, group: Service, where: str, **data: Any) -> Any:
    return browser.post(
        f"/groups/{group.id}/edit/where{where}", data=data | {"version": group.version}
    )


def adds(browser: Browser, session: Session, group: Service, *places: dict[str, str]) -> None:
    for place in places:
        answer = post(browser, group, "/new", **place)
        assert answer.status_code == 302, answer.text
        session.refresh(group)


def test_each_time_is_at_its_own_place(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    adds(browser, session, choir, LIBRARY, HALL)
    assert points(session) == [(53.61, -2.21), (53.7, -2.3)], "both are on the map"
    page = browser.get(f"/groups/{choir.id}/edit/where").text
    assert "Say which time is at which place" in page
    form = browser.get(f"/groups/{choir.id}/edit/where/times").text
    assert "Every Tuesday" in form
    post(browser, choir, "/times", at_0="0", at_1="1")
    page = browser.get(f"/groups/{choir.id}").text
    assert "Every Tuesday, at Ashby Library<br>Every Friday, at The hall" in page
    poster = browser.get(f"/groups/{choir.id}/poster").text
    assert "Every Friday, at The hall" in poster


def test_a_time_keeps_its_place_when_its_hours_change(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    adds(browser, session, choir, LIBRARY, HALL)
    post(browser, choir, "/times", at_0="0", at_1="1")
    session.expire_all()
    given = {"often": "weekly", "days": ["TU"], "opens_at": "10am", "days_2": ["FR"]}
    browser.post(f"/groups/{choir.id}/edit/when", data=given | {"version": choir.version})
    page = browser.get(f"/groups/{choir.id}").text
    assert "Every Tuesday, from 10am, at Ashby Library<br>Every Friday, at The hall" in page


def test_taking_one_away_leaves_the_other_where_it_was(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    adds(browser, session, choir, LIBRARY, HALL, {"setting": "hidden", "place_name": "Home"})
    post(browser, choir, "/times", at_0="0", at_1="1")
    session.expire_all()
    asked = browser.get(f"/groups/{choir.id}/edit/where/1/remove").text
    assert "Ashby Library" in asked
    assert len(choir.places) == 3, "looking changes nothing"
    post(browser, choir, "/1/remove")
    session.expire_all()
    parts = service.parts_of(choir)
    assert [place["name"] for place in parts["places"]] == ["The hall", "Home"]
    assert [(one["byday"], one["place"]) for one in parts["times"]] == [("TU", None), ("FR", 0)]
    assert points(session) == [(53.7, -2.3)]


def test_each_place_has_its_own_visibility(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    home = {"setting": "hidden", "place_name": "Rose’s house", "address_1": "12 Secret Lane"}
    adds(browser, session, choir, LIBRARY, home | {"postcode": "AS1 2BB"})
    post(browser, choir, "/times", at_0="0", at_1="1")
    page = browser.get(f"/groups/{choir.id}").text
    assert "Ashby Library, AS1 1AA<br>The organiser tells you where it is." in page
    for secret in ("Rose’s house", "Secret Lane", "AS1 2BB", "53.7", "at Rose"):
        assert secret not in page
    assert points(session) == [(53.61, -2.21)]
    session.refresh(choir)
    words = {"how_to_join": "Come to 12, Secret Lane", "cost": "free", "contact_name": "O",
             "contact_email": "o@choir.example", "version": choir.version}  # fmt: skip
    answer = browser.post(f"/groups/{choir.id}/edit/join", data=words)
    assert "gives it away" in answer.text
    choir.description = "We sing at 1 High Street"
    session.commit()
    answer = post(
        browser, choir, "/1", **LIBRARY | {"setting": "area", "address_1": "2 Low Street"}
    )
    assert answer.status_code == 302
    session.refresh(choir)
    answer = post(
        browser, choir, "/1", **LIBRARY | {"setting": "area", "address_1": "1 High Street"}
    )
    assert "the description gives it away" in answer.text


def test_an_area_is_said_roughly(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    adds(browser, session, choir, LIBRARY, HALL | {"setting": "area", "city": "Ashby"})
    post(browser, choir, "/times", at_1="1")
    page = browser.get(f"/groups/{choir.id}").text
    assert "Every Tuesday<br>Every Friday, near Ashby" in page
    assert (53.7, -2.3) not in points(session)
    assert choir.places[1].location.visibility is Visibility.AREA


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (LIBRARY | {"postcode": ""}, '#postcode">Enter the postcode, or put the pin on the map'),
        (LIBRARY | {"postcode": "ZZ9 9ZZ"}, "We do not know this postcode"),
        (LIBRARY | {"latitude": "12", "longitude": "0"}, "must be between 49 and 61"),
        ({}, "Select how much of the address to show"),
    ],
)
def test_a_place_nobody_would_find_is_asked_about(
    browser: Browser, cast: Cast, choir: Service, data: dict[str, str], words: str
) -> None:
    browser.sign_in(cast.cath)
    page = post(browser, choir, "/new", **data)
    assert page.status_code == 422
    assert words in page.text
    assert "Ashby Library" in page.text or not data, "what was typed is there"


def test_a_park_without_a_postcode_has_a_pin(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    park = {"setting": "exact", "place_name": "The park", "latitude": "53.5", "longitude": "-2.1"}
    adds(browser, session, choir, park)
    assert points(session) == [(53.5, -2.1)]


def test_nine_places_are_too_many(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    for number in range(8):
        adds(browser, session, choir, HALL | {"place_name": f"Hall {number}"})
    assert "A group can have 8 places" in post(browser, choir, "/new", **HALL).text


def test_there_is_no_ninth_place(browser: Browser, cast: Cast, choir: Service) -> None:
    browser.sign_in(cast.cath)
    for address in ("/0", "/1", "/1/remove", "/9999999999"):
        assert browser.get(f"/groups/{choir.id}/edit/where{address}").status_code == 404
    answer = browser.get(f"/groups/{choir.id}/edit/where/times")
    assert answer.location == f"/groups/{choir.id}/edit/where"
    assert browser.get(f"/groups/{choir.id}/edit/nothing").status_code == 404


def test_two_who_change_places_at_once_do_not_mix_them_up(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    adds(browser, session, choir, LIBRARY, HALL)
    opened = choir.version
    post(browser, choir, "/1/remove")
    late = {"version": opened}
    page = browser.post(f"/groups/{choir.id}/edit/where/1/remove", data=late)
    assert page.status_code == 422
    assert "Somebody else changed this" in page.text
    assert [at.location.name for at in choir.places] == ["The hall"]


def test_times_lose_the_place_that_is_taken_away() -> None:
    at = [{"byday": "TU", "place": 0}, {"byday": "FR", "place": 1}]
    assert [one["place"] for one in without([{}, {}], at, 0)["times"]] == [None, 0]
