"""Olive lists a lunch club without an account; Cath, the champion, looks at it."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from asset_hub.core import calendar, clock, throttle
from asset_hub.directory.jobs import forget_drafts
from asset_hub.directory.models import (
    ListingDraft,
    ListingLink,
    Location,
    Organization,
    Service,
    ServiceEvent,
    Standing,
)
from tests.cast import NOW
from tests.conftest import Browser
from tests.directory.answers import STEPS, fill_in
from tests.directory.conftest import Olive


def services(session: Session) -> int:
    return len(session.exec(select(Service)).all())


def test_olive_lists_a_group_and_everybody_finds_it(browser: Browser, olive: Olive) -> None:
    group = olive.sends()
    page = browser.get("/list-a-group/sent").text
    assert "We have sent a link to <strong>olive@lunch.example</strong>" in page
    assert group.standing is Standing.UNCONFIRMED
    assert "Yes, this is right" in browser.get(olive.link()).text
    olive.session.refresh(group)
    assert group.standing is Standing.UNCONFIRMED, "looking is not confirming"
    olive.confirms()
    assert "your listing is with a champion" in browser.get(olive.link()).text
    browser.sign_in(olive.cast.cath)
    assert "Lunch club" in browser.get("/to-approve").text
    assert "olive@lunch.example" in browser.get(f"/to-approve/{group.id}").text
    page = browser.post(f"/to-approve/{group.id}/approve", follow_redirects=True).text
    assert "Lunch club is listed" in page
    page = browser.get(f"/groups/{group.id}").text
    assert "Every first and third Thursday of the month, noon to 2pm" in page
    assert "Confirmed by the people who run it in September 2026" in page
    assert "Next: <br>Thursday 17 September 2026<br>Thursday 1 October 2026" in page
    assert "Your listing can be found" in browser.get(olive.link()).text
    assert "olive@lunch.example" not in browser.get(olive.link()).text


def test_every_answer_is_kept(olive: Olive) -> None:
    group = olive.sends()
    kept = {name: getattr(group, name) for name in ("name", "summary", "fees", "phone", "url")}
    assert kept == {
        "name": "Lunch club",
        "summary": "A hot lunch in good company",
        "fees": "£3",
        "phone": "01632 960123",
        "url": "https://lunch.example",
    }
    assert (group.minimum_age, group.maximum_age) == (18, None)
    assert group.organization.name == "Ashby neighbours"
    assert sorted(term.slug for term in group.terms) == ["company", "food", "step-free"]
    [contact] = group.contacts
    assert (contact.name, contact.email) == ("Olive Green", "olive@lunch.example")
    [place] = [at.location for at in group.places]
    assert (place.latitude, place.postal_code) == (53.61234, "AS1 1AA")
    assert not place.approximate
    [schedule] = group.schedules
    assert schedule.byday == "1TH,3TH"


def test_nothing_is_lost_when_olive_goes_home_and_comes_back(
    browser: Browser, olive: Olive, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post("/list-a-group/what", data=STEPS["what"])
    with browser.session_transaction() as cookie:
        cookie.clear()  # the browser was closed
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=59))
    assert "Lunch club" in browser.get("/list-a-group").text
    page = browser.get("/list-a-group/what").text
    assert 'value="Lunch club"' in page
    assert "A hot lunch in good company" in page


def test_answers_are_forgotten_after_60_days_or_when_asked(
    browser: Browser, olive: Olive, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post("/list-a-group/what", data=STEPS["what"])
    browser.post("/list-a-group/forget")
    assert "Lunch club" not in browser.get("/list-a-group").text
    browser.post("/list-a-group/what", data=STEPS["what"])
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=60))
    assert "Lunch club" not in browser.get("/list-a-group").text
    forget_drafts()
    assert not olive.session.exec(select(ListingDraft)).all()


def test_the_steps_come_in_order(browser: Browser, olive: Olive) -> None:
    assert browser.get("/list-a-group/check").location == "/list-a-group/sent"
    assert browser.get("/list-a-group/sent").location == "/list-a-group"
    assert browser.get("/list-a-group/who").location == "/list-a-group/what"
    page = browser.get("/list-a-group/what").text
    assert "Step 1 of 7" in page
    answer = browser.post("/list-a-group/what", data=STEPS["what"])
    assert answer.location == "/list-a-group/where"
    assert "Step 2 of 7" in browser.get("/list-a-group/where").text
    assert browser.get("/list-a-group/pin").location == "/list-a-group/where"
    assert browser.get("/list-a-group/nothing").status_code == 404


def test_a_change_from_the_check_returns_to_it(browser: Browser, olive: Olive) -> None:
    fill_in(browser, olive.cast)
    assert "/list-a-group/what?from=check" in browser.get("/list-a-group/check").text
    changed = STEPS["what"] | {"name": "Supper club"}
    answer = browser.post("/list-a-group/what?from=check", data=changed)
    assert answer.location == "/list-a-group/check"
    page = browser.get("/list-a-group/check").text
    assert "Supper club" in page
    assert "Lunch club" not in page


def test_an_unfinished_answer_keeps_what_was_typed(browser: Browser, olive: Olive) -> None:
    page = browser.post("/list-a-group/what", data=STEPS["what"] | {"name": ""})
    assert page.status_code == 422
    assert "Enter the name of the group" in page.text
    assert "A hot lunch in good company" in page.text


def test_answers_that_do_not_fit_are_shown_at_their_field(browser: Browser, olive: Olive) -> None:
    browser.post("/list-a-group/what", data=STEPS["what"])
    where = STEPS["where"] | {"community_id": str(olive.cast.ashby.id)}
    browser.post("/list-a-group/where", data=where)
    page = browser.post("/list-a-group/when", data=STEPS["when"] | {"closes_at": "11am"})
    assert page.status_code == 422
    assert '<a href="#closes_at">It must end later than it starts</a>' in page.text


def test_two_clicks_and_back_send_one_listing(browser: Browser, olive: Olive) -> None:
    olive.sends()
    before = services(olive.session)
    for _ in range(2):
        page = browser.post("/list-a-group/check", follow_redirects=True)
        assert "look in your mail" in page.text
    assert services(olive.session) == before
    assert len(olive.letters("listing-confirm")) == 1


def test_listing_another_starts_with_empty_pages(browser: Browser, olive: Olive) -> None:
    olive.sends()
    assert "Lunch club" not in browser.get("/list-a-group/what").text
    olive.sends(name="Supper club")
    assert services(olive.session) == 3
    organizations = len(olive.session.exec(select(Organization)).all())
    assert organizations == 3, "each its own, until a champion has looked"


def test_a_stranger_does_not_get_into_an_organisation_by_its_name(olive: Olive) -> None:
    group = olive.sends(organization_name="Friends of Ashby")
    assert group.organization_id != olive.cast.friends.id


def test_an_unknown_postcode_offers_the_pin(browser: Browser, olive: Olive) -> None:
    browser.post("/list-a-group/what", data=STEPS["what"])
    where = STEPS["where"] | {"community_id": str(olive.cast.ashby.id), "postcode": "ZZ9 9ZZ"}
    answer = browser.post("/list-a-group/where", data=where)
    assert answer.location == "/list-a-group/pin"
    assert "We do not know the postcode ZZ9 9ZZ" in browser.get("/list-a-group/pin").text
    assert browser.get("/list-a-group/who").location == "/list-a-group/pin"
    page = browser.post("/list-a-group/pin", data={"point": "pin"})
    assert "Put the pin on the map, or enter where it is" in page.text
    page = browser.post(
        "/list-a-group/pin", data={"point": "pin", "latitude": "93", "longitude": "0"}
    )
    assert "The latitude must be between 49 and 61" in page.text
    pin = {"point": "pin", "latitude": "53.7", "longitude": "-2.3"}
    assert browser.post("/list-a-group/pin", data=pin).location == "/list-a-group/when"
    where["address_1"] = "2 High Street"
    answer = browser.post("/list-a-group/where?from=check", data=where)
    assert answer.location == "/list-a-group/when?from=check", "the pin is still good"


@pytest.mark.parametrize(
    ("point", "place"),
    [
        ({"point": "pin", "latitude": "53.7", "longitude": "-2.3"}, (53.7, -2.3, False)),
        ({"point": "centre"}, (53.6, -2.2, True)),
        ({"point": "unsure"}, (53.61234, -2.21234, True)),
    ],
)
def test_a_place_known_roughly_is_pinned_or_stays_rough(
    browser: Browser, olive: Olive, point: dict[str, str], place: tuple[float, float, bool]
) -> None:
    browser.post("/list-a-group/what", data=STEPS["what"])
    where = STEPS["where"] | {"community_id": str(olive.cast.ashby.id), "postcode": "AS1 9ZZ"}
    browser.post("/list-a-group/where", data=where)
    assert "We only know roughly where AS1 9ZZ is" in browser.get("/list-a-group/pin").text
    browser.post("/list-a-group/pin", data=point)
    for step in ("when", "who", "about", "join"):
        browser.post(f"/list-a-group/{step}", data=STEPS[step])
    assert "On the map" in browser.get("/list-a-group/check").text
    browser.post("/list-a-group/check")
    location = olive.session.exec(select(Location)).one()
    assert (location.latitude, location.longitude, location.approximate) == place


def test_a_group_by_phone_has_no_place(olive: Olive) -> None:
    group = olive.sends(setting="none", postcode="", address_1="", place_name="")
    assert group.places == []


def test_a_home_is_not_given_away_in_the_description(browser: Browser, olive: Olive) -> None:
    fill_in(browser, olive.cast, description="Ring at 1 High Street")
    hidden = STEPS["where"] | {"community_id": str(olive.cast.ashby.id), "setting": "area"}
    browser.post("/list-a-group/where?from=check", data=hidden)
    page = browser.post("/list-a-group/check")
    assert page.status_code == 422
    assert "the description gives it away" in page.text
    assert "Lunch club" in page.text, "the answers are still here"


def test_a_link_ends_after_14_days_and_can_be_had_again(
    browser: Browser, olive: Olive, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = olive.sends()
    old = olive.link()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=14))
    page = browser.get(old).text
    assert "This link has ended" in page
    assert "olive@lunch.example" not in page
    assert browser.post(f"{old}/confirm").status_code == 422
    assert browser.post(f"{old}/change").status_code == 422
    browser.post(f"{old}/again")
    assert olive.link() != old
    olive.confirms()
    olive.session.refresh(group)
    assert group.standing is Standing.WAITING


def test_confirming_twice_tells_the_champions_once(browser: Browser, olive: Olive) -> None:
    olive.lists()
    olive.confirms()
    told = sorted(message.to for message in olive.letters("listing-waits"))
    assert told == ["cath@example.org", "cora@example.org"]
    events = select(ServiceEvent.standing).order_by(col(ServiceEvent.id))
    assert list(olive.session.exec(events)) == [Standing.UNCONFIRMED, Standing.WAITING]


def test_champions_are_told_by_day_and_the_lister_at_once(
    olive: Olive, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = NOW + timedelta(hours=12)
    assert calendar.is_quiet(night)
    monkeypatch.setattr(clock, "now", lambda: night)
    olive.lists()
    assert olive.letters("listing-confirm")[0].due_at == night
    assert not calendar.is_quiet(olive.letters("listing-waits")[0].due_at)


def test_a_token_nobody_was_sent_opens_nothing(browser: Browser, olive: Olive) -> None:
    olive.sends()
    digest = olive.session.exec(select(ListingLink.digest)).one()
    for token in ("guess", digest):
        assert browser.get(f"/list-a-group/link/{token}").status_code == 404
        assert browser.post(f"/list-a-group/link/{token}/confirm").status_code == 404


def test_one_address_cannot_flood_the_queue(browser: Browser, olive: Olive) -> None:
    for _ in range(10):
        throttle.hit(
            olive.session, "list-a-group", "127.0.0.1", limit=10, per=timedelta(hours=1), now=NOW
        )
    olive.session.commit()
    fill_in(browser, olive.cast)
    page = browser.post("/list-a-group/check")
    assert page.status_code == 429
    assert "Lunch club" in browser.get("/list-a-group/check").text, "nothing is lost"


def test_where_there_is_no_community_yet_nobody_fills_in_a_form_for_nothing(
    browser: Browser,
) -> None:
    page = browser.get("/list-a-group").text
    assert "No community yet" in page
    assert "/list-a-group/what" not in page
