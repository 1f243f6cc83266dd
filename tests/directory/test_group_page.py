"""Somebody decides whether to go."""

from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session

from asset_hub.directory import service
from asset_hub.directory.models import (
    Freq,
    Kind,
    Location,
    Schedule,
    ServiceAtLocation,
    Standing,
    Visibility,
)
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.conftest import Olive


def meets(cast: Cast, **more: Any) -> None:
    home: dict[str, Any] = {"name": "Rose’s house", "address_1": "12 Secret Lane"}
    home |= {"postal_code": "AS1 2ZZ", "latitude": 53.61234, "longitude": -2.21234}
    place = cast.add(Location(**(home | more)))
    cast.choir.places.append(ServiceAtLocation(location_id=place.id, location=place))
    cast.session.commit()


def test_the_page_answers_what_a_shy_person_asks(
    browser: Browser, session: Session, cast: Cast
) -> None:
    choir = cast.choir
    meets(cast, name="Town hall", address_1="1 High Street", postal_code="AS1 1AA")
    choir.schedules.append(
        Schedule(freq=Freq.WEEKLY, byday="TH", opens_at=time(10), closes_at=time(12))
    )
    choir.kind, choir.fees, choir.minimum_age = Kind.ACTIVITY, "£2", 18
    choir.first_visit, choir.how_to_join = "Sam meets you", "Ring Olive\nCome at ten"
    choir.access, choir.languages, choir.eligibility = "Ramp", "English, Urdu", "Anyone"
    choir.phone, choir.email, choir.url = "01632 960123", "a@choir.example", "https://choir.example"
    choir.confirmed_at, choir.confirmed_by = NOW, "the people who run it"
    choir.terms = [service.ensure_topics(session)["music"]]
    session.commit()
    page = browser.get(f"/groups/{choir.id}").text
    for words in (
        "Activity, run by Friends of Ashby", "Every Thursday, 10am to noon",
        "Next: <br>Thursday 10 September 2026<br>","Thursday 24 September 2026",
        "Town hall, 1 High Street, AS1 1AA", "£2", "Ages 18 and over", "Sam meets you",
        "<li>Ring Olive</li>", "Ramp", "English, Urdu", "Singing and music",
        'href="tel:01632960123"', 'href="mailto:a@choir.example"',
        'href="https://choir.example" rel="noopener nofollow"',
        "Confirmed by the people who run it in September 2026",
        f'<link rel="canonical" href="http://127.0.0.1:8000/groups/{choir.id}">',
    ):  # fmt: skip
        assert words in page, words


def test_a_bare_import_still_makes_a_page(browser: Browser, session: Session, cast: Cast) -> None:
    bare = cast.service("Bare")
    bare.summary, bare.contacts, bare.community_id = "", [], None
    bare.url = "javascript:alert(1)"
    bare.phone = "0161 1 or ring the bell"
    bare.schedules.append(Schedule(freq=Freq.WEEKLY, byday="XX", interval=2, dtstart=date(1, 1, 1)))
    session.commit()
    page = browser.get(f"/groups/{bare.id}").text
    assert "Ask what it costs" in page
    assert "javascript:" not in page
    assert "ring the bell" in page


LASTING = {Standing.LISTED, Standing.HIDDEN}  # a hidden one says that it is


@pytest.mark.parametrize("standing", [one for one in Standing if one not in LASTING])
def test_what_is_not_listed_has_no_page(
    browser: Browser, session: Session, cast: Cast, standing: Standing
) -> None:
    cast.choir.standing = standing
    session.commit()
    assert browser.get(f"/groups/{cast.choir.id}").status_code == 404
    browser.sign_in(cast.cora)
    assert browser.get(f"/groups/{cast.choir.id}").status_code == 404


def test_what_never_was_has_no_page(browser: Browser) -> None:
    assert browser.get(f"/groups/{uuid4()}").status_code == 404
    assert browser.get("/groups/1%27or%271").status_code == 404


@pytest.mark.parametrize(
    ("visibility", "words"),
    [
        (Visibility.AREA, "Near Ashby – the organiser tells you the address"),
        (Visibility.HIDDEN, "The organiser tells you where it is."),
    ],
)
def test_a_home_is_on_nobodys_page(
    browser: Browser, cast: Cast, visibility: Visibility, words: str
) -> None:
    meets(cast, visibility=visibility)
    for reader in (None, cast.mia, cast.ben, cast.cora):
        if reader:
            browser.sign_in(reader)
        page = browser.get(f"/groups/{cast.choir.id}").text
        assert words in page
        for secret in ("Secret Lane", "AS1 2ZZ", "Rose’s house", "53.612", "2.212"):
            assert secret not in page


@pytest.mark.parametrize(
    ("name", "sees"),
    [("", False), ("mia", False), ("dev", False), ("ada", False), ("ben", True), ("petra", True),
     ("otto", True), ("cath", True)],
)  # fmt: skip
def test_the_private_contact_is_for_those_who_connect_people(
    browser: Browser, cast: Cast, name: str, sees: bool
) -> None:
    if name:
        browser.sign_in(getattr(cast, name))
    page = browser.get(f"/groups/{cast.choir.id}").text
    assert ("olive@choir.example" in page) is sees
    assert ("01632 960001" in page) is sees


def test_a_navigator_can_connect_somebody_from_here(browser: Browser, cast: Cast) -> None:
    url = f"/groups/{cast.choir.id}"
    assert "Connect somebody" not in browser.get(url).text
    browser.sign_in(cast.ben)
    assert f'href="/connect?service={cast.choir.id}"' in browser.get(url).text


def test_the_page_leads_on_to_more_and_home_with_somebody(
    browser: Browser, session: Session, cast: Cast
) -> None:
    choir = cast.choir
    meets(cast, name="Town hall", address_1="1 High Street", postal_code="AS1 1AA")
    choir.terms = [service.ensure_topics(session)["music"]]
    session.commit()
    page = browser.get(f"/groups/{choir.id}").text
    for words in (
        '<a href="/find?topic=music" class="govuk-back-link">Find more like this</a>',
        '<a class="hub-tag hub-tag--green" href="/find?topic=music">Singing and music</a>',
        '<a class="govuk-link" href="/communities/ashby">Ashby</a>', "AS1 1AA",
        "mailto:?subject=Ashby%20choir&amp;body=Ashby%20choir%0D%0Ahttp%3A//127.0.0.1",
        "Print this page", "Printed on Monday 7 September 2026",
    ):  # fmt: skip
        assert words in page, words
    choir.terms = []
    session.commit()
    assert 'href="/find" class="govuk-back-link">Find more groups' in (
        browser.get(f"/groups/{choir.id}").text
    )


def test_otto_prints_a_poster(browser: Browser, session: Session, cast: Cast) -> None:
    choir = cast.choir
    meets(cast, visibility=Visibility.AREA)
    choir.schedules.append(Schedule(freq=Freq.WEEKLY, byday="TH", opens_at=time(10)))
    choir.how_to_join, choir.phone = "Come at ten", "01632 960123"
    session.commit()
    url = f"/groups/{choir.id}/poster"
    assert url in browser.get(f"/groups/{choir.id}").text, "anybody may hang it up"
    browser.sign_in(cast.otto)
    assert url in browser.get(f"/groups/{choir.id}").text
    page = browser.get(url).text
    for words in (
        "Ashby choir</h1>", "Every Thursday, from 10am", "Near Ashby", "Come at ten",
        "Ring 01632 960123", f"http://127.0.0.1:8000/groups/{choir.id}</strong>",
    ):  # fmt: skip
        assert words in page, words
    assert "Secret Lane" not in page
    choir.standing = Standing.WAITING
    session.commit()
    assert browser.get(url).status_code == 404


def test_olive_finds_the_poster_behind_her_mailed_links(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    service.approve(olive.session, group, by=olive.cast.cath, now=NOW)
    olive.session.commit()
    kept = olive.letters("listing-approved")[-1].facts["token"]
    for url in (olive.link(), f"/list-a-group/keep/{kept}"):
        assert f'href="/groups/{group.id}/poster"' in browser.get(url).text
