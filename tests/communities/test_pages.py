import json
from typing import Any

import pytest
from sqlmodel import Session, select

from asset_hub.communities import queries, rules
from asset_hub.communities.models import Borough, Community, Locality, Postcode, Practice
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import Missing
from tests.cast import Cast
from tests.communities.test_boundaries import ASHBY
from tests.conftest import Browser


def test_anyone_reads_the_story_of_ashby(browser: Browser, session: Session, cast: Cast) -> None:
    cast.ashby.story = "Cotton made it.\n\nThe canal <b>kept</b> it {{ 7*7 }}."
    cast.ashby.steward, cast.ashby.population = "Cora", 9_000
    session.commit()

    page = browser.get("/communities/ashby").text

    assert "Cotton made it." in page
    assert "&lt;b&gt;kept&lt;/b&gt; it {{ 7*7 }}" in page
    assert "About 9,000" in page
    assert "Ashby Surgery" in page
    assert 'href="/find?near=Ashby"' in page
    assert "Would two communities" not in page


def test_every_community_is_listed(browser: Browser, cast: Cast) -> None:
    page = browser.get("/communities").text
    assert 'href="/communities/ashby"' in page
    assert 'href="/communities/elsewhere"' in page


def test_a_community_that_is_not_there_is_not_found(browser: Browser, cast: Cast) -> None:
    assert browser.get("/communities/atlantis").status_code == 404


def test_an_address_no_database_can_hold_is_not_asked_for() -> None:
    nobody: Any = None
    with pytest.raises(Missing):
        queries.by_slug(nobody, "ash\x00by")


def test_a_split_is_suggested_to_its_coordinator_alone(
    browser: Browser, session: Session, cast: Cast
) -> None:
    cast.ashby.population = 14_001
    session.commit()

    for account, told in ((cast.cora, True), (cast.dora, False), (cast.ben, False)):
        browser.sign_in(account)
        page = browser.get("/communities/ashby").text
        assert ("Would two communities" in page) is told


def test_cora_tells_the_story_of_ashby(browser: Browser, session: Session, cast: Cast) -> None:
    browser.sign_in(cast.cora)
    form = {"version": cast.ashby.version, "story": "We sing.\r\n\r\nWe dig.", "steward": "Cora"}

    answer = browser.post("/communities/ashby/story", data=form)

    assert answer.location == "/communities/ashby"
    assert cast.ashby.story == "We sing.\n\nWe dig."
    assert session.exec(select(AuditEntry.action).where(AuditEntry.kind == "community")).all() == [
        "change"
    ]


def test_two_who_tell_it_at_once_never_overwrite_each_other(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.cora)
    opened = cast.ashby.version
    browser.post("/communities/ashby/story", data={"version": opened, "story": "First"})

    answer = browser.post("/communities/ashby/story", data={"version": opened, "story": "Second"})

    assert answer.status_code == 422
    assert "Second" in answer.text
    assert cast.ashby.story == "First"


def test_the_story_of_another_place_is_not_there_to_change(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.dora)
    assert browser.get("/communities/ashby/story").status_code == 404
    assert browser.post("/communities/ashby/story", data={"story": "x"}).status_code == 404
    browser.sign_in(cast.ben)
    assert browser.get("/communities/ashby/story").status_code == 403


def test_ada_adds_a_borough_a_locality_and_a_community(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.ada)
    browser.post("/places/boroughs/add", data={"name": "Westshire"})
    borough = session.exec(select(Borough)).one()
    browser.post("/places/localities/add", data={"name": "North", "borough_id": borough.id})
    locality = session.exec(select(Locality)).one()
    form = {
        "name": "St Mary’s Łódź",
        "locality_id": locality.id,
        "population": "12,500",
        "boundary": json.dumps(ASHBY),
    }

    answer = browser.post("/places/communities/add", data=form)

    assert answer.location == "/places?added=st-marys-lodz"
    added = session.exec(select(Community).where(Community.slug.startswith("st-"))).one()
    assert (added.slug, added.population, added.locality) == ("st-marys-lodz", 12_500, locality)
    assert (added.latitude, added.longitude) == pytest.approx((53.5, -2.3))
    assert added.west == -2.4
    page = browser.get(answer.location).text
    assert "St Mary’s Łódź is saved." in page
    for onward in ("/communities/st-marys-lodz/story", "/invite", "/communities/st-marys-lodz"):
        assert f'href="{onward}"' in page
    assert "What comes next" not in browser.get("/places").text


def test_a_postcode_says_where_the_middle_of_a_community_is(
    browser: Browser, session: Session, cast: Cast
) -> None:
    session.add(Postcode(code="M32 0LG", outcode="M32", latitude=53.45, longitude=-2.31))
    session.commit()
    browser.sign_in(cast.ada)
    answer = browser.post(
        "/places/communities/add", data={"name": "Canalside", "postcode": "m320lg"}
    )
    assert answer.status_code == 302
    added = queries.by_slug(session, "canalside")
    assert (added.latitude, added.longitude) == (53.45, -2.31)
    url = f"/places/communities/{cast.ashby.id}"
    page = {"name": "Ashby", "version": cast.ashby.version, "latitude": "53.6", "longitude": "-2.2"}
    assert browser.post(url, data=page | {"postcode": "M32 0LG"}).status_code == 302
    assert cast.ashby.latitude == 53.45, "what was typed last goes before what stood there"


def test_a_list_shows_whole_sentences_of_a_story(
    browser: Browser, session: Session, cast: Cast
) -> None:
    cast.ashby.story = (
        "\n" + "Cotton made it. " * 13 + "Then the mill on the canal closed.\n\nMore."
    )
    session.commit()
    page = browser.get("/communities").text
    assert "Cotton made it." in page
    assert "Then the mill" not in page
    assert "…" not in page


def test_one_long_sentence_ends_at_a_word() -> None:
    assert rules.opening("Cotton, " * 40).endswith("Cotton…")
    assert rules.opening("") == ""
    assert rules.opening("Short and whole") == "Short and whole"


def test_ada_moves_a_boundary_and_takes_it_away(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.ada)
    url = f"/places/communities/{cast.ashby.id}"
    for pasted, west in ((json.dumps(ASHBY), -2.4), ("", None)):
        version = {"version": cast.ashby.version, "name": "Ashby", "boundary": pasted}
        assert browser.post(url, data=version).status_code == 302
        assert cast.ashby.west == west
        assert browser.get(url).status_code == 200
    assert cast.ashby.slug == "ashby"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"boundary": "round the canal"}, "Give the boundary as GeoJSON"),
        ({"name": ""}, "Enter the name of the community"),
        (
            {"name": "Ashby", "latitude": "53.4", "longitude": "-2.3"},
            "There is already a community with this name",
        ),
        ({}, "Enter a postcode in the middle of the community"),
        ({"postcode": "ZZ99 9ZZ"}, "Nobody here knows where that postcode is"),
        ({"population": "-1"}, "must be"),
        ({"latitude": "53.4"}, "Enter both latitude and longitude"),
        ({"latitude": "0", "longitude": "0"}, "The centre must be in or near these islands"),
        ({"locality_id": "../etc"}, "from the list"),
    ],
)
def test_a_wrong_community_is_refused_in_words(
    browser: Browser, cast: Cast, wrong: dict[str, str], words: str
) -> None:
    browser.sign_in(cast.ada)

    answer = browser.post("/places/communities/add", data={"name": "Canalside"} | wrong)

    assert answer.status_code == 422
    assert words in answer.text


def test_ada_adds_a_practice_once(browser: Browser, session: Session, cast: Cast) -> None:
    browser.sign_in(cast.ada)
    form = {
        "name": "Canal Practice",
        "ods_code": " p91 020 ",
        "postcode": "m320lg",
        "phone": "01614960123",
        "community_ids": [str(cast.ashby.id), str(cast.elsewhere.id)],
    }

    first = browser.post("/places/practices/add", data=form)
    again = browser.post("/places/practices/add", data=form)

    assert (first.status_code, again.status_code) == (302, 422)
    assert "There is already a practice with this ODS code" in again.text
    added = session.exec(select(Practice).where(Practice.ods_code == "P91020")).one()
    assert (added.postcode, added.phone) == ("M32 0LG", "0161 496 0123")
    assert set(added.community_ids) == {cast.ashby.id, cast.elsewhere.id}
    assert "Nobody here knows where M32 0LG is" in again.text


def test_a_postcode_that_is_known_is_not_warned_about(
    browser: Browser, session: Session, cast: Cast
) -> None:
    session.add(Postcode(code="M32 0LG", outcode="M32", latitude=53.45, longitude=-2.31))
    session.commit()
    browser.sign_in(cast.ada)
    form = {"name": "Canal Practice", "ods_code": "P91020", "postcode": "M32 0LG"}
    page = browser.post("/places/practices/add", data=form, follow_redirects=True).text
    assert "Canal Practice is saved." in page
    assert "Nobody here knows" not in page


def test_a_practice_may_look_after_no_community_any_more(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.ada)
    url = f"/places/practices/{cast.surgery.id}"
    assert "checked" in browser.get(url).text

    browser.post(url, data={"version": 1, "name": "Ashby Surgery", "ods_code": "P00001"})

    session.refresh(cast.surgery)
    assert cast.surgery.communities == []


def test_only_the_administrator_manages_places(browser: Browser, cast: Cast) -> None:
    for account in (cast.cora, cast.lee, cast.mia):
        browser.sign_in(account)
        for path in ("/places", "/places/communities/add", f"/places/practices/{cast.surgery.id}"):
            assert browser.get(path).status_code == 403


@pytest.mark.parametrize(
    ("path", "words"),
    [("/accessibility", "keyboard alone"), ("/privacy", "Open Government Licence")],
)
def test_the_plain_pages_are_there_for_everyone(browser: Browser, path: str, words: str) -> None:
    assert words in browser.get(path).text
