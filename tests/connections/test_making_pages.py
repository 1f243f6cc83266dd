"""Connecting somebody, page by page: choose, write, check, send."""

from html import unescape
from re import findall
from typing import Any

import pytest
from sqlmodel import Session, func, select

from asset_hub.connections.models import Connection, Route, State
from asset_hub.core.outbox import Message
from asset_hub.directory import service as directory
from asset_hub.directory.models import Service, Standing, TaxonomyTerm, TermKind
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
    "voicemail_ok": "y", "matters": "She misses singing", "message": "", "how": "spoken",
    "request_key": "shown-once",
}  # fmt: skip


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
    checked = browser.post(url, data={**WRITTEN, "step": "check"})
    assert action_of(checked.text) == url
    assert "Check what the group will see" in checked.text
    assert "01632 960777" in checked.text
    assert "Ashworth" not in checked.text
    assert count(session, Connection) == 0
    sent = browser.post(url, data={**WRITTEN, "step": "send"})
    made = session.exec(select(Connection)).one()
    assert sent.location == f"/connections/{made.id}"
    assert (made.state, made.route) == (State.SENT, Route.NAVIGATOR)
    assert (made.reason, made.message) == ("She misses singing", "Rose would love to sing.")
    assert has_agreed(session, rose.id, AgreedTo.SHARE)


def test_the_check_shows_the_reason_to_nobody(browser: Browser, cast: Cast) -> None:
    rose = cast.person()
    browser.sign_in(cast.ben)
    page = browser.post(make_url(rose, cast.choir), data={**WRITTEN, "step": "check"}).text
    told = page[page.index("govuk-summary-list") : page.index("</dl>")]
    assert "misses" not in told


def test_something_can_be_changed_after_the_check(browser: Browser, cast: Cast) -> None:
    rose = cast.person()
    browser.sign_in(cast.ben)
    back = browser.post(make_url(rose, cast.choir), data={**WRITTEN, "step": "edit"})
    assert "Rose would love to sing." in back.text
    assert "Check before sending" in back.text


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
    checked = browser.post(url, data={**QUICK, "step": "check"}).text
    assert action_of(page) == action_of(checked) == url
    assert "Rose would like to find out more about Ashby choir" in checked
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
    only = {**QUICK, "phone": "", "email": "rose@example.org", "voicemail_ok": "", "step": "check"}
    page = browser.post(url, data=only).text
    assert "rose@example.org" in page
    browser.post(url, data={**only, "step": "send"})
    assert session.exec(select(Person)).one().contact_by is ContactBy.EMAIL


def test_a_minute_starts_with_choosing_a_group(
    browser: Browser, cast: Cast, listed: Service
) -> None:
    browser.sign_in(cast.petra)
    assert f"/connect?service={listed.id}" in browser.get("/connect").text
    assert f"/connect?service={listed.id}" in browser.get("/connect?service=nonsense").text


def test_a_look_alike_is_offered_at_the_check(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.ben)
    url = f"/connect?service={cast.choir.id}"
    browser.post(url, data={**QUICK, "step": "send"})
    again = browser.post(url, data={**QUICK, "request_key": "other", "step": "check"})
    assert "Are they here already?" in again.text


def test_nasty_words_are_shown_as_words(browser: Browser, cast: Cast, session: Session) -> None:
    browser.sign_in(cast.ben)
    nasty: dict[str, Any] = dict.fromkeys(("name", "safe_contact", "matters", "message"), NASTY)
    url = f"/connect?service={cast.choir.id}"
    checked = browser.post(url, data={**QUICK, **nasty, "step": "check"}).text
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
