"""A home's and a refuge's address: asked about twice, agreed to, and until then nowhere public."""

from typing import Any

import pytest
from sqlmodel import Session, select

from asset_hub.communities.models import Postcode
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import jobs, service
from asset_hub.directory.models import (
    ChangeRequest,
    Kind,
    Location,
    Revision,
    Service,
    ServiceAtLocation,
    Visibility,
)
from asset_hub.directory.rules.homes import Sign, at_most, is_a_person, sign_in
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.answers import STEPS, fill_in
from tests.directory.conftest import Olive

CANARY: dict[str, Any] = {
    "address_1": "77 Canary Wharf Row", "postal_code": "ZZ7 7ZZ",
    "latitude": 53.612341, "longitude": -2.212341,
}  # fmt: skip
REFUGE = "Ashby women’s refuge"


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("A refuge for women and children", Sign.REFUGE),
        ("Run by Women's Aid", Sign.REFUGE),
        ("Our safe house takes families", Sign.REFUGE),
        ("We help with debt and domestic abuse", Sign.SAFETY),
        ("For survivors of sexual violence", Sign.SAFETY),
        ("Knitting at my house, ring the bell", Sign.HOME),
        ("We meet in members' homes", Sign.HOME),
        ("Tea in our garden", Sign.HOME),
        ("A wildlife refuge with a hide", None),
        ("A refuge from the noise of the town", None),
        ("For refugees and asylum seekers", None),
        ("We visit you in your home", None),
        ("At home with Mozart: concerts in the town hall", None),
        ("", None),
    ],
)
def test_words_give_a_home_or_a_refuge_away(words: str, sign: Sign | None) -> None:
    assert sign_in([words], kind=Kind.GROUP) is sign


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Olive Green", True), ("Mrs J Patel", True), ("Zoë O’Brien-Smith", True),
        ("Ashby neighbours", False), ("Friends of Ashby", False), ("Olive", False),
        ("St Mary’s Church", False), ("Green & Sons", False), ("1st Scouts", False),
    ],
)  # fmt: skip
def test_a_persons_name_is_told_from_an_organisations(name: str, person: bool) -> None:
    assert is_a_person(name) is person
    home = sign_in([], kind=Kind.GROUP, runner=name, places=[("", "12 High Street")])
    assert (home is Sign.HOME) is person
    assert sign_in([], kind=Kind.GROUP, runner=name, places=[("Town hall", "12 High St")]) is None


def test_one_persons_skill_is_at_home_and_nothing_shown_less_is_shown_more() -> None:
    assert sign_in(["Piano lessons"], kind=Kind.GIFT) is Sign.HOME
    assert at_most(Visibility.HIDDEN, Sign.HOME) is Visibility.HIDDEN
    assert at_most(Visibility.EXACT, Sign.REFUGE) is Visibility.HIDDEN


def refuge(cast: Cast, name: str = REFUGE, **more: Any) -> Service:
    found = cast.service(name)
    place = cast.add(Location(**CANARY, city="Ashby", **more))
    found.places.append(ServiceAtLocation(location_id=place.id, location=place))
    cast.session.commit()
    return found


def test_no_public_page_feed_or_search_shows_a_refuges_address(
    browser: Browser, session: Session, cast: Cast
) -> None:
    """Listed long ago, with its address for everybody: the first look at it hides that."""
    one, home = refuge(cast), refuge(cast, "Knitting at my house")
    jobs.find_doubles()
    pages = [
        "/find", "/find?q=refuge", "/find?q=knitting", "/find?q=canary", "/find?q=ZZ7+7ZZ",
        "/find?view=map", "/find.json?q=refuge", "/find.json", "/find.geojson?zoom=16",
        "/find.geojson?bbox=-2.3,53.5,-2.1,53.7&zoom=18", "/communities/ashby", "/",
        *(f"/groups/{each.id}{more}" for each in (one, home) for more in ("", "/poster", "/keep")),
    ]  # fmt: skip
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        for secret in ("Canary Wharf", "53.61234", "-2.21234"):
            assert secret not in answer.text, page
        assert "ZZ7 7ZZ" not in answer.text.replace('value="ZZ7 7ZZ"', "").replace(
            "ZZ7 7ZZ", "" if "q=ZZ7" in page else "ZZ7 7ZZ"
        ), page
    assert REFUGE in browser.get("/find?q=refuge").text
    assert "Near Ashby" in browser.get(f"/groups/{home.id}").text


@pytest.mark.parametrize("way", ["publish", "reopen"])
def test_no_way_of_publishing_goes_around_it(session: Session, cast: Cast, way: str) -> None:
    one = refuge(cast)
    if way == "publish":
        service.publish(session, one, now=NOW)
    else:
        service.close(session, one, by=cast.cora, now=NOW)
        service.reopen(session, one, by=cast.cora, now=NOW)
    assert one.places[0].location.visibility is Visibility.HIDDEN


def lists(olive: Olive, browser: Browser, **changed: Any) -> Any:
    fill_in(browser, olive.cast, **changed)
    return browser.get("/list-a-group/check")


def test_olive_is_asked_twice_before_her_home_is_shown(browser: Browser, olive: Olive) -> None:
    page = lists(olive, browser, description="Tea at my house")
    assert "Is this somebody’s home?" in page.text
    page = browser.post("/list-a-group/check")
    assert page.status_code == 422
    assert "Select whether this is somebody’s home" in page.text
    browser.post("/list-a-group/check", data={"home": "yes"})
    group = olive.newest()
    assert group.name == "Lunch club"
    assert group.places[0].location.visibility is Visibility.AREA
    assert group.places[0].location.address_1 == "1 High Street", "kept, for whoever may see it"


def test_a_hall_is_not_asked_about(browser: Browser, olive: Olive) -> None:
    assert "somebody’s home" not in lists(olive, browser).text
    assert "somebody’s home" not in lists(olive, browser, setting="area", kind="gift").text


def test_a_home_given_away_by_the_words_goes_nowhere(browser: Browser, olive: Olive) -> None:
    lists(olive, browser, description="At my house, 1 High Street")
    page = browser.post("/list-a-group/check", data={"home": "yes"})
    assert page.status_code == 422
    assert "the description gives it away" in page.text


def test_a_refuges_address_is_refused(browser: Browser, olive: Olive) -> None:
    lists(olive, browser, name="Ashby refuge")
    page = browser.post("/list-a-group/check", data={"home": "no"})
    assert page.status_code == 422
    assert "must not be public" in page.text
    browser.post("/list-a-group/where?from=check", data=STEPS["where"] | {
        "setting": "hidden", "community_id": str(olive.cast.ashby.id), "postcode": "",
    })  # fmt: skip
    page = browser.post("/list-a-group/check", follow_redirects=True)
    assert "it is on its way" in page.text or page.status_code == 200


def test_cath_has_to_agree_before_what_may_be_a_home_is_listed(
    browser: Browser, olive: Olive
) -> None:
    fill_in(browser, olive.cast, description="Tea at my house")
    browser.post("/list-a-group/check", data={"home": "no"})
    olive.confirms()
    group = olive.newest()
    browser.sign_in(olive.cast.cath)
    assert "shows what may be a home address" in browser.get("/to-approve").text.lower()
    page = browser.get(f"/to-approve/{group.id}").text
    assert "This may be somebody’s home." in page
    approve = f"/to-approve/{group.id}/approve"
    answer = browser.post(approve, data={"version": group.version})
    assert answer.status_code == 422
    assert "Say whether the address may be public" in answer.text
    assert browser.get(f"/groups/{group.id}").status_code == 404
    browser.post(approve, data={"version": group.version, "address_agreed": "y"})
    assert "1 High Street" in browser.get(f"/groups/{group.id}").text
    jobs.find_doubles()
    assert "1 High Street" in browser.get(f"/groups/{group.id}").text, "agreed for good"
    actions = olive.session.exec(select(AuditEntry.action)).all()
    assert "agree address" in actions


def test_a_hall_needs_no_tick(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    browser.sign_in(olive.cast.cath)
    assert "everybody may know the exact address" not in browser.get(f"/to-approve/{group.id}").text
    browser.post(f"/to-approve/{group.id}/approve", data={"version": group.version})
    assert browser.get(f"/groups/{group.id}").status_code == 200


def test_otto_cannot_show_a_home_but_cath_can(session: Session, cast: Cast) -> None:
    one = refuge(cast, "Knitting at my house", visibility=Visibility.AREA)
    service.publish(session, one, now=NOW)
    session.commit()
    [place] = service.parts_of(one)["places"]
    shown = {"places": [place | {"visibility": "exact"}]}
    version = one.version
    done = service.save_parts(session, one, shown, by=cast.otto, now=NOW, version=version)
    assert done is service.Saved.WAITS
    assert [at.location.visibility for at in one.places] == [Visibility.AREA]
    with pytest.raises(RuleBroken, match="may be public"):
        service.save_parts(session, one, shown, by=cast.cath, now=NOW, version=version)
    session.rollback()
    service.save_parts(
        session, one, shown, by=cast.cath, now=NOW, version=version, address_agreed=True
    )
    assert one.places[0].location.visibility is Visibility.EXACT
    assert one.address_agreed


SECOND = {
    "name": "", "address_1": "78 Canary Wharf Row", "city": "Ashby", "postal_code": "ZZ7 8ZZ",
    "latitude": 53.7, "longitude": -2.3, "approximate": False, "visibility": "exact",
}  # fmt: skip


@pytest.fixture
def kept_secret(session: Session, cast: Cast) -> Service:
    one = refuge(cast)
    service.publish(session, one, now=NOW)
    session.commit()
    return one


def test_a_second_place_of_a_refuge_needs_the_tick_of_whoever_approves_it(
    browser: Browser, session: Session, cast: Cast, kept_secret: Service
) -> None:
    one = kept_secret
    places = service.parts_of(one)["places"]
    done = service.save_parts(
        session, one, {"places": [*places, SECOND]}, by=cast.otto, now=NOW, version=one.version
    )
    assert done is service.Saved.WAITS
    session.commit()
    [change] = session.exec(select(ChangeRequest)).all()
    browser.sign_in(cast.cath)
    url = f"/changes/{change.id}"
    page = browser.get(url).text
    assert "A place would be added: 78 Canary Wharf Row" in page
    assert "People may be kept safe here" in page
    answer = browser.post(f"{url}/approve", data={"version": one.version})
    assert answer.status_code == 422
    assert "Say whether the address may be public" in answer.text
    assert "78 Canary" not in browser.get(f"/groups/{one.id}").text
    data = {"version": one.version, "address_agreed": "y"}
    assert browser.post(f"{url}/approve", data=data).status_code == 302
    page = browser.get(f"/groups/{one.id}").text
    assert "78 Canary" in page
    assert "77 Canary" not in page


def test_an_agreement_is_for_the_places_and_the_sign_it_was_given_for(
    session: Session, cast: Cast
) -> None:
    one = refuge(cast, "Knitting at my house", visibility=Visibility.AREA)
    [place] = service.parts_of(one)["places"]
    service.save_parts(
        session, one, {"places": [place | {"visibility": "exact"}]}, by=cast.cath, now=NOW,
        version=one.version, address_agreed=True,
    )  # fmt: skip
    session.commit()
    both = {"places": [*service.parts_of(one)["places"], SECOND]}
    with pytest.raises(RuleBroken, match="may be public"):
        service.save_parts(session, one, both, by=cast.cath, now=NOW, version=one.version)
    session.rollback()
    assert service.homes.to_agree(one) is None
    one.name = "Knitting at my house, a refuge"
    assert service.homes.to_agree(one) is Sign.REFUGE


def test_the_team_ticks_on_the_page_of_the_place(
    browser: Browser, session: Session, cast: Cast, kept_secret: Service
) -> None:
    cast.add(Postcode(code="AS1 2BB", outcode="AS1", latitude=53.7, longitude=-2.3))
    session.commit()
    browser.sign_in(cast.cath)
    url = f"/groups/{kept_secret.id}/edit/where/new"
    assert "everybody may know the exact address" in browser.get(url).text
    data = {"setting": "exact", "address_1": "78 Canary Wharf Row", "postcode": "AS1 2BB"}
    answer = browser.post(url, data=data | {"version": kept_secret.version})
    assert answer.status_code == 422
    assert 'href="#address_agreed"' in answer.text
    session.refresh(kept_secret)
    ticked = data | {"version": kept_secret.version, "address_agreed": "y"}
    assert browser.post(url, data=ticked).status_code == 302
    assert "78 Canary" in browser.get(f"/groups/{kept_secret.id}").text


def test_an_undo_that_shows_an_address_again_needs_the_tick(
    browser: Browser, session: Session, cast: Cast
) -> None:
    """Shown for everybody when nothing said what it was; then hidden, and named a refuge."""
    one = refuge(cast, "Ashby house")
    service.publish(session, one, now=NOW)
    [place] = service.parts_of(one)["places"]
    for parts in ({"places": [place | {"visibility": "hidden"}]}, {"name": REFUGE}):
        service.save_parts(session, one, parts, by=cast.cath, now=NOW, version=one.version)
        session.commit()
    browser.sign_in(cast.cath)
    page = browser.get(f"/groups/{one.id}/history").text
    assert page.count("everybody may know the exact address") == 1
    first = session.exec(select(Revision).order_by(Revision.number)).first()  # type: ignore[arg-type]
    assert first is not None
    url = f"/groups/{one.id}/history/{first.id}/undo"
    answer = browser.post(url)
    assert answer.status_code == 422
    assert f'href="#address_agreed-{first.id}"' in answer.text
    assert "Canary" not in browser.get(f"/groups/{one.id}").text
    assert browser.post(url, data={"address_agreed": "y"}).status_code == 302
    assert "Canary" in browser.get(f"/groups/{one.id}").text
