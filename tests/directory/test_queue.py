"""Cath and Cora look at what was listed in Ashby; Dora, elsewhere, sees none of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from asset_hub.accounts.models import Account, Grant
from asset_hub.core import clock
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Role
from asset_hub.directory import jobs, queries, service
from asset_hub.directory.models import Contact, ListingDraft, Service, ServiceEvent, Standing
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.directory.answers import STEPS
from tests.directory.conftest import Olive

LISTING = SQLModel.metadata.tables["listing"]


def published(session: Session) -> list[str]:
    return list(session.connection().execute(select(LISTING.c.name)).scalars())


def actions(session: Session) -> list[tuple[str, Any]]:
    return [(entry.action, entry.by_id) for entry in session.exec(select(AuditEntry))]


def test_the_longest_waiting_comes_first(
    browser: Browser, olive: Olive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days, name in ((1, "Later club"), (0, "Early club")):
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=days))  # noqa: B023
        olive.lists(name=name)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=3))
    monkeypatch.setattr(clock, "today", lambda: TODAY + timedelta(days=3))
    browser.sign_in(olive.cast.cath)
    page = browser.get("/to-approve").text
    assert page.index("Early club") < page.index("Later club")
    assert "2 things wait" in page
    assert "Has waited 3 working days" in page
    assert "Has waited 2 working days" in page


def test_an_empty_queue_says_so(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.cora)
    assert "Nothing waits" in browser.get("/to-approve").text


def test_nobody_elsewhere_sees_or_approves_it(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    browser.sign_in(olive.cast.dora)
    assert "Lunch club" not in browser.get("/to-approve").text
    assert browser.get(f"/to-approve/{group.id}").status_code == 404
    for verb in ("approve", "send-back"):
        assert browser.post(f"/to-approve/{group.id}/{verb}").status_code == 404
    assert browser.get(f"/groups/{group.id}/edit").status_code == 404


@pytest.mark.parametrize("name", ["mia", "ben", "petra", "otto", "ada"])
def test_others_may_not_look_at_the_queue(browser: Browser, cast: Cast, name: str) -> None:
    browser.sign_in(getattr(cast, name))
    assert browser.get("/to-approve").status_code == 403


def test_an_unconfirmed_listing_is_nobodys_business(browser: Browser, olive: Olive) -> None:
    group = olive.sends()
    browser.sign_in(olive.cast.cora)
    assert "Lunch club" not in browser.get("/to-approve").text
    assert browser.get(f"/to-approve/{group.id}").status_code == 404
    page = browser.post(f"/to-approve/{group.id}/approve", follow_redirects=True).text
    assert "Somebody has looked at this listing already" in page
    assert published(olive.session) == []


def test_what_cath_approves_is_found_and_olive_is_told(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    browser.sign_in(olive.cast.cath)
    browser.post(f"/to-approve/{group.id}/approve")
    olive.session.refresh(group)
    assert group.standing is Standing.LISTED
    assert group.approved_at == NOW
    assert published(olive.session) == ["Lunch club"]
    [letter] = olive.letters("listing-approved")
    assert letter.to == "olive@lunch.example"
    assert ("approve", olive.cast.cath.id) in actions(olive.session)
    events = olive.session.exec(select(ServiceEvent).order_by(ServiceEvent.id)).all()  # type: ignore[arg-type]
    assert [(event.standing, event.by_id) for event in events][-1] == (
        Standing.LISTED,
        olive.cast.cath.id,
    )


def test_two_who_approve_at_once_list_it_once(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    session, cast = olive.session, olive.cast
    connection = session.connection()
    stale = Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
    theirs, cora = stale.get_one(Service, group.id), stale.get_one(Account, cast.cora.id)
    stale.commit()
    assert theirs.standing is Standing.WAITING, "both have the page open"
    assert service.approve(session, group, by=cast.cath, now=NOW)
    session.commit()
    assert not service.approve(stale, theirs, by=cora, now=NOW)
    stale.commit()
    stale.close()
    assert len(olive.letters("listing-approved")) == 1
    assert [by for action, by in actions(session) if action == "approve"] == [cast.cath.id]


def test_cath_approves_what_she_has_read_not_what_came_after(
    browser: Browser, olive: Olive
) -> None:
    group = olive.lists()
    browser.sign_in(olive.cast.cath)
    page = browser.get(f"/to-approve/{group.id}").text
    assert f'name="version" type="hidden" value="{group.version}"' in page
    opened = {"version": group.version}
    new = {"summary": "Words she has not read"}
    service.save_parts(
        olive.session, group, new, by=olive.cast.cora, now=NOW, version=group.version
    )
    olive.session.commit()
    approve = f"/to-approve/{group.id}/approve"
    page = browser.post(approve, data=opened, follow_redirects=True).text
    assert "changed after you opened it" in page
    assert "Words she has not read" in page
    assert published(olive.session) == []
    browser.post(approve, data={"version": group.version})
    assert published(olive.session) == ["Lunch club"]


def test_one_approves_while_the_other_sends_back(olive: Olive) -> None:
    group = olive.lists()
    assert service.send_back(olive.session, group, message="Hm", by=olive.cast.cora, now=NOW)
    assert not service.approve(olive.session, group, by=olive.cast.cath, now=NOW)
    assert group.standing is Standing.RETURNED


def test_sent_back_olive_changes_it_and_it_waits_again(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    browser.sign_in(olive.cast.cora)
    page = browser.post(f"/to-approve/{group.id}/send-back", data={"message": ""})
    assert page.status_code == 422
    assert "Enter what needs changing" in page.text
    browser.post(f"/to-approve/{group.id}/send-back", data={"message": "Say who\nit is for"})
    link = olive.link("listing-returned")
    assert "Say who" not in str(olive.letters("listing-returned")[0].facts), "never in a mail"
    assert "Say who<br>" in browser.get(link).text
    browser.delete_cookie("hub-listing", path="/list-a-group")
    answer = browser.post(f"{link}/change", follow_redirects=True)
    assert "Anyone from Ashby" in answer.text, "pre-filled"
    changed = STEPS["who"] | {"eligibility": "Anyone over 50"}
    browser.post("/list-a-group/who?from=check", data=changed)
    page = browser.post("/list-a-group/check", follow_redirects=True)
    assert "it is on its way" in page.text
    olive.session.refresh(group)
    assert (group.standing, group.eligibility) == (Standing.WAITING, "Anyone over 50")
    assert len(olive.letters("listing-waits")) == 4, "both are told of both"
    assert len(olive.session.exec(select(Service)).all()) == 2


def test_a_new_mail_address_has_to_be_proven(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    service.send_back(olive.session, group, message="Hm", by=olive.cast.cora, now=NOW)
    olive.session.commit()
    old = olive.link("listing-returned")
    browser.post(f"{old}/change")
    changed = STEPS["join"] | {"contact_email": "new@lunch.example"}
    browser.post("/list-a-group/join?from=check", data=changed)
    browser.post("/list-a-group/check")
    olive.session.refresh(group)
    assert group.standing is Standing.UNCONFIRMED
    assert olive.letters("listing-confirm")[-1].to == "new@lunch.example"
    assert "This link has ended" in browser.get(old).text


def test_a_listing_no_longer_sent_back_cannot_be_changed(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    session = olive.session
    service.send_back(session, group, message="Hm", by=olive.cast.cora, now=NOW)
    session.commit()
    browser.post(f"{olive.link('listing-returned')}/change")
    browser.post("/list-a-group/check")
    browser.delete_cookie("hub-listing", path="/list-a-group")
    assert browser.post(f"{olive.link('listing-returned')}/change").status_code == 422
    draft = ListingDraft(digest="x", answers=service.answers_of(group), updated_at=NOW)
    draft.service_id, draft.service_version = group.id, group.version
    draft.link_id = queries.link(session, olive.link("listing-returned").rsplit("/", 1)[1]).id
    session.add(draft)
    session.flush()
    with pytest.raises(RuleBroken, match="not waiting for changes"):
        service.submit(session, draft, address="", now=NOW)


def test_olive_with_an_account_becomes_the_owner(browser: Browser, olive: Olive) -> None:
    mia = olive.cast.mia
    group = olive.lists(contact_email="MIA@example.org")
    service.approve(olive.session, group, by=olive.cast.cath, now=NOW)
    [grant] = olive.session.exec(
        select(Grant).where(Grant.role == Role.OWNER, Grant.account_id == mia.id)
    )
    assert grant.organization_id == group.organization_id


def test_an_address_that_was_not_confirmed_owns_nothing(olive: Olive) -> None:
    olive.cast.mia.confirmed_at = None
    olive.session.commit()
    group = olive.lists(contact_email="mia@example.org")
    service.approve(olive.session, group, by=olive.cast.cath, now=NOW)
    owners = select(Grant.account_id).where(Grant.role == Role.OWNER)
    assert list(olive.session.exec(owners)) == [olive.cast.otto.id]


@pytest.mark.parametrize(
    ("name", "phone", "found"),
    [
        ("The Lunch Clubs", "", True),
        ("Something else", "+44 1632 960123", True),
        ("Something else", "01632 960124", False),
    ],
)
def test_what_may_be_the_same_group_is_pointed_at(
    browser: Browser, olive: Olive, name: str, phone: str, found: bool
) -> None:
    olive.cast.service(name).phone = phone
    olive.cast.service(name, standing=Standing.CLOSED)
    olive.cast.service("Lunch club", community=olive.cast.elsewhere)
    olive.session.commit()
    jobs.find_doubles()
    group = olive.lists()
    browser.sign_in(olive.cast.cora)
    page = browser.get(f"/to-approve/{group.id}").text
    assert ("This may be listed already" in page) is found
    assert len(queries.doubles(olive.session, group)) == found


def test_a_group_is_written_to_at_its_private_contact_first(session: Session, cast: Cast) -> None:
    assert queries.contact_email(cast.choir) == "olive@choir.example"
    cast.choir.email = "all@choir.example"
    cast.choir.contacts = [Contact(name="Olive")]
    assert queries.contact_email(cast.choir) == "all@choir.example"
