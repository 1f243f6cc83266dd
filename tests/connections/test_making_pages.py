"""Connecting somebody, page by page: choose, write, check, send."""

from datetime import timedelta
from html import unescape
from re import findall
from typing import Any

import pytest
from sqlmodel import Session, func, select

from asset_hub.communities.models import Community, Postcode
from asset_hub.connections import jobs
from asset_hub.connections.models import Connection, ConnectionDraft, Route, State
from asset_hub.core.audit import AuditEntry
from asset_hub.core.outbox import Message
from asset_hub.directory import service as directory
from asset_hub.directory.models import (
    Location,
    Service,
    ServiceAtLocation,
    Standing,
    TaxonomyTerm,
    TermKind,
)
from asset_hub.people import service as persons
from asset_hub.people.models import AgreedTo, ContactBy, Person
from asset_hub.people.queries import has_agreed
from tests.cast import NOW, Cast
from tests.conftest import Browser

NASTY = "{{7*7}}<script>alert(1)</script>'\""
WRITTEN = {
    "message": "Rose would love to sing.", "reason": "She misses singing", "topic": "",
    "how": "spoken", "request_key": "shown-once",
}  # fmt: skip
QUICK = {
    "name": "Rose Ashworth", "phone": "01632 960 777", "email": "", "safe_contact": "After ten",
    "voicemail_ok": "y", "matters": "She misses singing", "how": "spoken",
    "request_key": "shown-once",
    "message": "They would like to find out more about Ashby choir.",
}  # fmt: skip


def check(browser: Browser, url: str, data: dict[str, str]) -> tuple[str, str]:
    """Press "Check before sending"; return where that led and what stands there."""
    kept = browser.post(url, data={**data, "step": "keep"})
    assert kept.status_code == 302
    return kept.location, browser.get(kept.location).text


def sent_from(page: str) -> dict[str, str]:
    """Return what pressing Send on the check page posts."""
    hidden = findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    found = {name: unescape(value) for name, value in hidden if name != "csrf_token"}
    return {**found, "step": "send"}


def action_of(page: str) -> str:
    """Return where the page's own form goes (the first form signs out)."""
    return unescape(findall(r'<form method="post" action="([^"]+)"', page)[1])


def count(session: Session, kind: type) -> int:
    return session.exec(select(func.count()).select_from(kind)).one()


def make_url(person: Person, service: Service) -> str:
    return f"/people/{person.id}/connect?service={service.id}"


@pytest.fixture
def listed(session: Session, cast: Cast) -> Service:
    directory.publish(session, cast.choir, now=NOW)
    session.commit()
    return cast.choir


def test_groups_are_chosen_from_those_that_are_listed(
    browser: Browser, cast: Cast, listed: Service
) -> None:
    rose = cast.person()
    browser.sign_in(cast.ben)
    assert "Ashby choir" in browser.get(f"/people/{rose.id}/connect").text
    assert "Ashby choir" in browser.get(f"/people/{rose.id}/connect?q=CHOIR").text
    assert "No group found" in browser.get(f"/people/{rose.id}/connect?q=zzzqqq").text
    assert make_url(rose, listed) in browser.get(f"/people/{rose.id}/connect").text


def test_groups_of_the_persons_own_community_come_first(
    browser: Browser, cast: Cast, listed: Service, session: Session
) -> None:
    far = cast.service("A choir elsewhere", community=cast.elsewhere)
    directory.publish(session, far, now=NOW)
    session.commit()
    rose = cast.person()
    browser.sign_in(cast.ben)
    for asked in ("", "?q=choir"):
        page = browser.get(f"/people/{rose.id}/connect{asked}").text
        assert page.index("Ashby choir") < page.index("A choir elsewhere")


def test_a_closed_group_cannot_be_chosen(browser: Browser, cast: Cast, session: Session) -> None:
    rose = cast.person()
    cast.choir.standing = Standing.CLOSED
    session.commit()
    browser.sign_in(cast.ben)
    assert browser.get(make_url(rose, cast.choir)).status_code == 404
    assert browser.get(f"/connect?service={cast.choir.id}").status_code == 404
    sent = browser.post(make_url(rose, cast.choir), data={**WRITTEN, "step": "send"})
    assert sent.status_code == 404
    assert count(session, Connection) == 0


def test_ben_writes_checks_and_sends(browser: Browser, cast: Cast, session: Session) -> None:
    rose = cast.person("Rose Ashworth")
    browser.sign_in(cast.ben)
    url = make_url(rose, cast.choir)
    page = browser.get(url).text
    assert "Rose would like to find out more about Ashby choir" in page
    assert action_of(page) == url
    _, checked = check(browser, url, WRITTEN)
    assert action_of(checked) == url
    assert "Check what the group will see" in checked
    assert "01632 960777" in checked
    assert "Ashworth" not in checked
    assert count(session, Connection) == 0
    sent = browser.post(url, data=sent_from(checked))
    made = session.exec(select(Connection)).one()
    assert sent.location == f"/connections/{made.id}"
    assert (made.state, made.route) == (State.SENT, Route.NAVIGATOR)
    assert (made.reason, made.message) == ("She misses singing", "Rose would love to sing.")
    assert has_agreed(session, rose.id, AgreedTo.SHARE)


def test_the_check_shows_the_reason_to_nobody(browser: Browser, cast: Cast) -> None:
    rose = cast.person()
    browser.sign_in(cast.ben)
    _, page = check(browser, make_url(rose, cast.choir), WRITTEN)
    told = page[page.index("govuk-summary-list") : page.index("</dl>")]
    assert "misses" not in told


def test_something_can_be_changed_after_the_check(browser: Browser, cast: Cast) -> None:
    rose = cast.person()
    browser.sign_in(cast.ben)
    url, page = check(browser, make_url(rose, cast.choir), WRITTEN)
    assert f'href="{url}&change=1"' in unescape(page)
    back = browser.get(f"{url}&change=1").text
    assert "Rose would love to sing." in back
    assert "Check before sending" in back
    again, page = check(
        browser, make_url(rose, cast.choir), {**WRITTEN, "message": "Rose likes hymns."}
    )
    assert again == url  # the same form, changed
    assert "Rose likes hymns." in page


def test_the_check_can_be_loaded_again_and_gone_back_to(
    browser: Browser, cast: Cast, session: Session
) -> None:
    rose = cast.person()
    browser.sign_in(cast.ben)
    url, page = check(browser, make_url(rose, cast.choir), WRITTEN)
    assert "Check what the group will see" in browser.get(url).text
    sent = browser.post(make_url(rose, cast.choir), data=sent_from(page))
    assert browser.get(url).location == sent.location  # Back, after it was sent
    assert count(session, Connection) == 1


def test_what_is_kept_for_the_check_is_sealed_and_its_writers_own(
    browser: Browser, cast: Cast, session: Session
) -> None:
    browser.sign_in(cast.ben)
    url, page = check(browser, f"/connect?service={cast.choir.id}", QUICK)
    kept = session.exec(select(ConnectionDraft)).one()
    assert b"Ashworth" not in (kept.answers_sealed or b"")
    browser.sign_in(cast.cora)
    assert browser.get(url).status_code == 404
    taken = {**QUICK, "step": "keep", "name": "Mallory"}
    refused = browser.post(f"/connect?service={cast.choir.id}", data=taken)
    assert refused.status_code == 422
    browser.sign_in(cast.ben)
    browser.post(f"/connect?service={cast.choir.id}", data=sent_from(page))
    assert kept.answers_sealed is None


def test_what_nobody_sent_is_forgotten_after_a_day(
    browser: Browser, cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(cast.ben)
    check(browser, f"/connect?service={cast.choir.id}", QUICK)
    jobs.forget_drafts()
    assert count(session, ConnectionDraft) == 1
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + timedelta(days=1))
    jobs.forget_drafts()
    assert count(session, ConnectionDraft) == 0


def test_back_and_send_again_sends_nothing_twice(
    browser: Browser, cast: Cast, session: Session
) -> None:
    rose = cast.person()
    browser.sign_in(cast.ben)
    sent = {**WRITTEN, "step": "send"}
    first = browser.post(make_url(rose, cast.choir), data=sent)
    again = browser.post(make_url(rose, cast.choir), data=sent)
    assert first.location == again.location
    assert count(session, Connection) == count(session, Message) == 1


@pytest.mark.parametrize("left_out", [{"how": ""}, {"message": ""}, {"request_key": "x" * 65}])
def test_nothing_is_sent_half_written(
    left_out: dict[str, str], browser: Browser, cast: Cast, session: Session
) -> None:
    rose = cast.person()
    browser.sign_in(cast.ben)
    answer = browser.post(make_url(rose, cast.choir), data={**WRITTEN, **left_out, "step": "send"})
    assert answer.status_code == 422
    assert count(session, Connection) == 0


def test_a_second_open_connection_to_the_same_group_is_refused(
    browser: Browser, cast: Cast
) -> None:
    rose = cast.person()
    browser.sign_in(cast.ben)
    browser.post(make_url(rose, cast.choir), data={**WRITTEN, "step": "send"})
    other = {**WRITTEN, "request_key": "another", "step": "send"}
    answer = browser.post(make_url(rose, cast.choir), data=other)
    assert answer.status_code == 422
    assert "an open connection to this group already" in answer.text


@pytest.mark.parametrize("who", ["dev", "dora", "pip"])
def test_nobody_connects_a_person_out_of_reach(
    who: str, browser: Browser, cast: Cast, session: Session
) -> None:
    rose = cast.person()
    browser.sign_in(getattr(cast, who))
    assert browser.get(make_url(rose, cast.choir)).status_code == 404
    sent = browser.post(make_url(rose, cast.choir), data={**WRITTEN, "step": "send"})
    assert sent.status_code == 404
    assert count(session, Connection) == 0


def test_what_it_is_about_follows_from_the_group(
    browser: Browser, cast: Cast, session: Session
) -> None:
    cast.choir.terms.append(TaxonomyTerm(slug="singing", name="Singing", kind=TermKind.INTEREST))
    cast.choir.terms.append(TaxonomyTerm(slug="lonely", name="Good company"))
    session.commit()
    browser.sign_in(cast.petra)
    browser.post(f"/connect?service={cast.choir.id}", data={**QUICK, "step": "send"})
    assert session.exec(select(Connection)).one().topic == "lonely"


def test_petra_connects_somebody_in_a_minute(
    browser: Browser, cast: Cast, session: Session
) -> None:
    browser.sign_in(cast.petra)
    url = f"/connect?service={cast.choir.id}"
    page = browser.get(url).text
    assert page.count("govuk-form-group") <= 8
    assert "They would like to find out more about Ashby choir." in page  # before they agree
    assert persons.words_for_both().words in unescape(page)
    assert "(optional)" not in page[page.index("How can they be reached") : page.index("safe to")]
    _, checked = check(browser, url, QUICK)
    assert action_of(page) == action_of(checked) == url
    assert count(session, Person) == 0
    sent = browser.post(url, data={**QUICK, "step": "send"})
    made = session.exec(select(Connection)).one()
    assert sent.location == f"/connections/{made.id}"
    assert (made.route, made.state, made.practice_id) == (
        Route.PRACTICE, State.SENT, cast.surgery.id,
    )  # fmt: skip
    assert (made.person.name, made.person.contact_by) == ("Rose Ashworth", ContactBy.PHONE)
    for agreed_to in AgreedTo:
        assert has_agreed(session, made.person_id, agreed_to)
    assert "The group has been asked" in browser.get(sent.location).text


def test_a_double_click_in_a_minute_is_one_person_and_one_connection(
    browser: Browser, cast: Cast, session: Session
) -> None:
    browser.sign_in(cast.ben)
    url = f"/connect?service={cast.choir.id}"
    sent = [browser.post(url, data={**QUICK, "step": "send"}).location for _ in range(2)]
    assert sent[0] == sent[1]
    assert [count(session, kind) for kind in (Person, Connection, Message)] == [1, 1, 1]


@pytest.mark.parametrize("missing", [{"phone": ""}, {"phone": "12"}, {"safe_contact": ""}])
def test_somebody_nobody_can_reach_safely_is_not_connected(
    missing: dict[str, str], browser: Browser, cast: Cast, session: Session
) -> None:
    browser.sign_in(cast.ben)
    url = f"/connect?service={cast.choir.id}"
    answer = browser.post(url, data={**QUICK, **missing, "step": "send"})
    assert answer.status_code == 422
    assert answer.text.count("Enter") >= 1
    assert count(session, Person) == 0


def test_an_email_address_alone_will_do(browser: Browser, cast: Cast, session: Session) -> None:
    browser.sign_in(cast.ben)
    url = f"/connect?service={cast.choir.id}"
    only = {**QUICK, "phone": "", "email": "rose@example.org", "voicemail_ok": ""}
    _, page = check(browser, url, only)
    assert "rose@example.org" in page
    browser.post(url, data={**only, "step": "send"})
    assert session.exec(select(Person)).one().contact_by is ContactBy.EMAIL


def test_a_minute_starts_with_choosing_a_group(
    browser: Browser, cast: Cast, listed: Service
) -> None:
    browser.sign_in(cast.petra)
    assert f"/connect?service={listed.id}" in browser.get("/connect").text
    assert f"/connect?service={listed.id}" in browser.get("/connect?service=nonsense").text


def test_a_look_alike_is_offered_at_the_check(
    browser: Browser, cast: Cast, session: Session
) -> None:
    browser.sign_in(cast.ben)
    url = f"/connect?service={cast.choir.id}"
    browser.post(url, data={**QUICK, "step": "send"})
    _, again = check(browser, url, {**QUICK, "request_key": "other"})
    assert "Are they here already?" in again
    row = session.exec(select(AuditEntry).where(AuditEntry.action == "look-alike")).one()
    assert row.by_id == cast.ben.id


def test_nasty_words_are_shown_as_words(browser: Browser, cast: Cast, session: Session) -> None:
    browser.sign_in(cast.ben)
    nasty: dict[str, Any] = dict.fromkeys(("name", "safe_contact", "matters", "message"), NASTY)
    url = f"/connect?service={cast.choir.id}"
    _, checked = check(browser, url, {**QUICK, **nasty})
    sent = browser.post(url, data={**QUICK, **nasty, "step": "send"})
    for page in (checked, browser.get(sent.location).text, browser.get("/connections").text):
        assert "<script>alert" not in page
        assert "{{7*7}}" in page


def test_without_a_mail_address_the_keeper_is_asked_to_telephone(
    browser: Browser, cast: Cast, session: Session
) -> None:
    cast.choir.contacts[0].email = ""
    session.commit()
    browser.sign_in(cast.ben)
    sent = browser.post(f"/connect?service={cast.choir.id}", data={**QUICK, "step": "send"})
    page = browser.get(sent.location).text
    assert "Telephone the group" in page
    assert "01632 960001" in page  # Olive's, which is not public
    assert "Tuesday 8 September 2026" in page


def test_the_group_is_carried_from_its_page_to_the_connection(
    browser: Browser, cast: Cast, listed: Service, session: Session
) -> None:
    rose = cast.person()
    browser.sign_in(cast.ben)
    assert f"/connect?service={listed.id}" in browser.get(f"/groups/{listed.id}").text
    assert f"/people?service={listed.id}" in browser.get(f"/connect?service={listed.id}").text
    people = browser.get(f"/people?service={listed.id}").text
    assert "Who would like to go to Ashby choir?" in people
    assert make_url(rose, listed) in people
    assert f"/connect?service={listed.id}" in people
    assert action_of(people) == f"/people?service={listed.id}"
    found = browser.post(f"/people?service={listed.id}", data={"name": "rose"}).text
    assert make_url(rose, listed) in found
    nobody = browser.post(f"/people?service={listed.id}", data={"name": ""})
    assert nobody.location == f"/people?service={listed.id}"
    page = browser.get(f"/people/{rose.id}?service={listed.id}").text
    assert "Connect them to Ashby choir" in page
    assert make_url(rose, listed) in page
    new = f"/people/add?service={listed.id}"
    assert action_of(browser.get(new).text) == new
    answers = {
        "name": "Amir", "contact_by": "phone", "phone": "01632 960778", "safe_contact": "Any time",
        "how": "spoken", "request_key": "amir",
    }  # fmt: skip
    away = browser.post(new, data=answers).location
    assert away.endswith(f"/connect?service={listed.id}")
    assert "Who would like" not in browser.get("/people?service=nonsense").text


def test_a_practice_of_several_communities_starts_with_the_first(
    browser: Browser, cast: Cast, session: Session
) -> None:
    session.add(hill := Community(name="Hill", slug="hill"))
    cast.surgery.communities.append(hill)
    session.commit()
    browser.sign_in(cast.petra)
    url = f"/connect?service={cast.choir.id}"
    page = browser.get(url).text
    assert "Their community: Ashby (Ashby Surgery)" in page
    browser.post(url, data={**QUICK, "step": "send"})
    other = {**QUICK, "request_key": "two", "home": f"{cast.surgery.id}:{hill.id}"}
    _, checked = check(browser, url, other)
    browser.post(url, data=sent_from(checked))
    homes = session.exec(select(Person.community_id)).all()
    assert set(homes) == {cast.ashby.id, hill.id}


def test_groups_near_a_postcode_come_first_with_how_far_they_are(
    browser: Browser, cast: Cast, session: Session
) -> None:
    for name, latitude in (("Far choir", 53.7), ("Near choir", 53.61)):
        group = cast.service(name)
        place = cast.add(Location(name="Hall", latitude=latitude, longitude=-2.2))
        group.places.append(ServiceAtLocation(location_id=place.id))
        session.flush()
        directory.publish(session, group, now=NOW)
    session.add(Postcode(code="M33 7XX", outcode="M33", latitude=53.7, longitude=-2.2))
    session.commit()
    rose = cast.person()
    browser.sign_in(cast.ben)
    page = browser.get(f"/people/{rose.id}/connect").text
    assert page.index("Near choir") < page.index("Far choir")
    assert "Groups near Ashby" in page
    assert "0.7 miles" in page
    page = browser.get(f"/people/{rose.id}/connect?q=m337xx").text
    assert page.index("Far choir") < page.index("Near choir")
    assert "near M33 7XX" in page


def test_more_than_twenty_groups_are_shown_when_asked_for(
    browser: Browser, cast: Cast, session: Session
) -> None:
    for number in range(25):
        directory.publish(session, cast.service(f"Group {number:02}"), now=NOW)
    session.commit()
    browser.sign_in(cast.ben)
    page = browser.get("/connect").text
    assert page.count("hub-card__title") == 20
    assert "/connect?more=2" in page
    page = browser.get("/connect?more=2").text
    assert page.count("hub-card__title") == 25
    assert "Show more groups" not in page


def test_only_needs_and_interests_are_what_it_is_about(
    browser: Browser, cast: Cast, session: Session
) -> None:
    for kind in TermKind:
        term = TaxonomyTerm(slug=f"a-{kind.value}", name=f"Some {kind.value}", kind=kind)
        session.add(term)
        if kind is TermKind.ACCESS:
            cast.choir.terms.append(term)
    rose = cast.person()
    browser.sign_in(cast.ben)
    page = browser.get(make_url(rose, cast.choir)).text
    assert "Some need" in page
    assert "Some interest" in page
    assert "Some audience" not in page
    assert "Some access" not in page
    browser.post(f"/connect?service={cast.choir.id}", data={**QUICK, "step": "send"})
    assert session.exec(select(Connection)).one().topic == ""
