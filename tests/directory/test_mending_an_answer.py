"""Olive reads her answers over, mends them, and mistypes a few things on the way."""

from typing import Any

import pytest
from sqlmodel import Session

from asset_hub.communities.models import Community
from asset_hub.directory import service
from asset_hub.directory.models import Standing
from tests.conftest import Browser
from tests.directory.answers import STEPS, fill_in
from tests.directory.conftest import Olive


def where(olive: Olive, **changed: Any) -> dict[str, Any]:
    return STEPS["where"] | {"community_id": str(olive.cast.ashby.id)} | changed


def roughly(browser: Browser, olive: Olive) -> None:
    """Answer up to the pin: the postcode is known only roughly."""
    browser.post("/list-a-group/what", data=STEPS["what"])
    browser.post("/list-a-group/where", data=where(olive, postcode="AS1 9ZZ"))


def test_olive_is_asked_whether_2_means_2am_or_2pm(browser: Browser, olive: Olive) -> None:
    browser.post("/list-a-group/what", data=STEPS["what"])
    browser.post("/list-a-group/where", data=where(olive))
    typed = STEPS["when"] | {"opens_at": "2", "closes_at": "4"}
    page = browser.post("/list-a-group/when", data=typed)
    assert page.status_code == 422
    for words in (
        '<a href="#opens_at">The time it starts: is that 2am or 2pm? Write 2pm or 2am</a>',
        '<a href="#closes_at">The time it ends: is that 4am or 4pm? Write 4pm or 4am</a>',
    ):
        assert words in page.text


def test_a_time_in_the_night_stands_out_before_it_is_sent(browser: Browser, olive: Olive) -> None:
    fill_in(browser, olive.cast, opens_at="11pm", closes_at="5:59am")
    page = browser.get("/list-a-group/check").text
    assert "<strong>11pm, at night</strong>" in page
    assert "<strong>5:59am, at night</strong>" in page
    fill_in(browser, olive.cast, opens_at="6am", closes_at="10:59pm")
    assert "at night" not in browser.get("/list-a-group/check").text


def test_a_postcode_that_is_needed_is_not_called_optional(browser: Browser, olive: Olive) -> None:
    browser.post("/list-a-group/what", data=STEPS["what"])
    page = browser.get("/list-a-group/where").text
    assert "Postcode (optional)" not in page
    assert "you may leave it empty" in page
    assert "How much of the address should we show?" in page
    answer = browser.post("/list-a-group/where", data=where(olive, postcode=""))
    assert "Enter the postcode of the place" in answer.text
    nowhere = where(olive, postcode="", setting="hidden")
    assert browser.post("/list-a-group/where", data=nowhere).status_code == 302


def test_what_is_kept_private_says_so(browser: Browser, olive: Olive) -> None:
    fill_in(browser, olive.cast, setting="area")
    page = browser.get("/list-a-group/check").text
    assert "Your contact (kept private)" in page
    assert page.count("Kept private: only those who connect people see it") == 4
    address = "Kept private: only those who look after listings see it"
    assert page.count(address) == 3, "the place, the street and the postcode"
    browser.post("/list-a-group/check")
    olive.confirms()
    browser.sign_in(olive.cast.cath)
    assert address in browser.get(f"/to-approve/{olive.newest().id}").text


def test_a_change_opens_at_its_question(browser: Browser, olive: Olive) -> None:
    fill_in(browser, olive.cast)
    page = browser.get("/list-a-group/check").text
    for step in ("what", "where", "when", "who", "about", "join"):
        assert page.count(f'href="/list-a-group/{step}?from=check"') == 1, "one place to change it"
    assert 'href="/list-a-group/who?from=check#maximum_age"' in page, (
        "what was left empty is one link"
    )
    assert 'id="maximum_age"' in browser.get("/list-a-group/who").text
    assert 'id="kind"' in browser.get("/list-a-group/what").text
    assert 'id="opens_at"' in browser.get("/list-a-group/when").text


def test_olive_asks_for_the_mail_again(browser: Browser, olive: Olive) -> None:
    olive.sends()
    page = browser.post("/list-a-group/sent/again", follow_redirects=True)
    assert "We have sent it again" in page.text
    assert [one.to for one in olive.letters("listing-confirm")] == ["olive@lunch.example"] * 2
    olive.confirms()
    browser.post("/list-a-group/sent/again")
    assert len(olive.letters("listing-confirm")) == 2, "there is nothing more to confirm"


def test_olive_mends_a_mistyped_address(browser: Browser, olive: Olive) -> None:
    group = olive.sends(contact_email="olvie@lunch.example")
    wrong = olive.link()
    answer = browser.post("/list-a-group/sent/change")
    assert answer.location == "/list-a-group/join?from=check#contact_email"
    page = browser.get("/list-a-group/join?from=check").text
    assert 'value="olvie@lunch.example"' in page
    browser.post("/list-a-group/join?from=check", data=STEPS["join"])
    page = browser.post("/list-a-group/check", follow_redirects=True).text
    assert "We have sent a link to <strong>olive@lunch.example</strong>" in page
    assert olive.letters("listing-confirm")[-1].to == "olive@lunch.example"
    assert "This link has ended" in browser.get(wrong).text
    olive.confirms()
    olive.session.refresh(group)
    assert group.standing is Standing.WAITING


def test_a_stranger_has_no_mail_to_send_again(browser: Browser, olive: Olive) -> None:
    olive.sends()
    browser.delete_cookie("hub-listing", path="/list-a-group")
    for verb in ("again", "change"):
        answer = browser.post(f"/list-a-group/sent/{verb}")
        assert answer.location == "/list-a-group/sent"
    assert len(olive.letters("listing-confirm")) == 1


def test_what_the_champion_asked_stays_in_sight(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    service.send_back(
        olive.session, group, message="Say who it is for", by=olive.cast.cora, now=group.created_at
    )
    olive.session.commit()
    browser.post(f"{olive.link('listing-returned')}/change")
    for page in ("check", "who?from=check"):
        assert "Say who it is for" in browser.get(f"/list-a-group/{page}").text
    browser.post("/list-a-group/check")
    assert "Say who it is for" not in browser.get("/list-a-group/what").text


def test_the_mailed_link_shows_the_answers_before_the_button(
    browser: Browser, olive: Olive
) -> None:
    olive.sends()
    page = browser.get(olive.link()).text
    assert "Your contact (kept private)" in page
    assert page.index("A hot lunch in good company") < page.index("Yes, this is right")


def test_nobody_keeps_the_pages_that_hold_answers(browser: Browser, olive: Olive) -> None:
    olive.sends()
    for url in ("/list-a-group", "/list-a-group/what", "/list-a-group/sent", olive.link()):
        assert browser.get(url).headers["Cache-Control"] == "private, no-store", url


def test_a_postcode_nearby_stands_in_for_one_that_nobody_knows(
    browser: Browser, olive: Olive
) -> None:
    roughly(browser, olive)
    for typed, words in (("", "Enter a postcode nearby"), ("ZZ9 9ZZ", "Try another one nearby")):
        page = browser.post("/list-a-group/pin", data={"point": "near", "nearby": typed})
        assert page.status_code == 422
        assert words in page.text
    browser.post("/list-a-group/pin", data={"point": "near", "nearby": "as11aa"})
    for step in ("when", "who", "about", "join"):
        browser.post(f"/list-a-group/{step}", data=STEPS[step])
    assert "AS1 1AA" in browser.get("/list-a-group/check").text
    browser.post("/list-a-group/check")
    [at] = olive.newest().places
    assert (at.location.latitude, at.location.approximate) == (53.61234, True)
    assert at.location.postal_code == "AS1 9ZZ", "the neighbour’s is not theirs"


@pytest.mark.parametrize("bounded", [True, False])
def test_the_map_opens_at_home_and_is_not_there_without_a_script(
    browser: Browser, session: Session, olive: Olive, bounded: bool
) -> None:
    home: Community = olive.cast.ashby
    square = [[-2.3, 53.5], [-2.1, 53.5], [-2.1, 53.7], [-2.3, 53.7], [-2.3, 53.5]]
    home.boundary = {"type": "Polygon", "coordinates": [square]} if bounded else None
    session.commit()
    roughly(browser, olive)
    page = browser.get("/list-a-group/pin").text
    assert 'id="pin-map" hidden' in page
    assert 'data-lat="53.6"' in page
    assert ('id="pin-boundary"' in page) is bounded
    assert ("[-2.3, 53.7]" in page) is bounded
