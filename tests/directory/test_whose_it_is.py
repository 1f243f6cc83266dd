"""Nobody comes into an organisation by typing its name or its address; an owner proved it all."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from asset_hub.accounts.models import Grant
from asset_hub.core.errors import RuleBroken, TooOften
from asset_hub.core.powers import Role
from asset_hub.directory import queries, service
from asset_hub.directory.models import Contact, ListingDraft, Organization, Service, Standing
from asset_hub.directory.service import organizations
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.answers import STEPS
from tests.directory.conftest import Olive

VICTIM = "friday@voices.example"


@pytest.fixture
def voices(cast: Cast) -> Organization:
    """Friday Voices, whose own address proved the one group it has listed."""
    theirs = cast.add(Organization(name="Friday Voices"))
    group = cast.service("Friday choir")
    group.organization = theirs
    group.contacts = [Contact(name="Fay", email=VICTIM, proven_at=NOW)]
    cast.session.commit()
    return theirs


def owners(session: Session, organization: Organization) -> list[Any]:
    wanted = select(Grant.account_id).where(
        Grant.role == Role.OWNER, Grant.organization_id == organization.id
    )
    return list(session.exec(wanted))


def drafts(olive: Olive, group: Service, count: int) -> list[ListingDraft]:
    """Open the change link in several browsers."""
    link = queries.link(olive.session, olive.link().rsplit("/", 1)[1])
    found = [
        queries.draft(olive.session, service.change(olive.session, link, now=NOW), now=NOW)
        for _ in range(count)
    ]
    olive.session.commit()
    return [draft for draft in found if draft]


def says(draft: ListingDraft, **changed: Any) -> None:
    """Change answers of a draft, wherever they belong."""
    draft.answers = {
        step: {name: changed.get(name, value) for name, value in answers.items()}
        for step, answers in draft.answers.items()
    }


def send(olive: Olive, draft: ListingDraft) -> Service:
    return service.submit(olive.session, draft, address="", now=NOW)


def test_a_stranger_with_two_drafts_does_not_become_the_owner_of_friday_voices(
    olive: Olive, voices: Organization
) -> None:
    session, mia = olive.session, olive.cast.mia
    group = olive.sends(contact_email=mia.email)
    first, second = drafts(olive, group, 2)
    says(first, organization_name="Friday Voices", contact_email=VICTIM)
    send(olive, first)
    assert group.organization_id != voices.id, "the address is typed, not proven"
    assert session.get(ListingDraft, second.id) is None, "what the old link began is over"
    session.commit()
    assert olive.letters("listing-confirm")[-1].to == VICTIM
    olive.confirms()
    service.approve(session, group, by=olive.cast.cath, now=NOW)
    assert group.organization_id == voices.id, "Fay confirmed it herself"
    assert owners(session, voices) == []


def test_a_draft_that_slept_through_a_change_is_refused(olive: Olive) -> None:
    group = olive.sends()
    first, second = drafts(olive, group, 2)
    second.service_id = None  # it hides from the ending of drafts, and then comes back
    olive.session.flush()
    says(first, summary="New words")
    send(olive, first)
    second.service_id = group.id
    with pytest.raises(RuleBroken, match="This link has ended"):
        send(olive, second)


def test_a_draft_of_another_version_is_refused(olive: Olive) -> None:
    group = olive.sends()
    [draft] = drafts(olive, group, 1)
    group.summary = "Somebody else’s words"
    olive.session.commit()
    with pytest.raises(RuleBroken, match="changed after you opened it"):
        send(olive, draft)


def test_the_second_group_of_a_proven_address_joins_on_approval(olive: Olive) -> None:
    session, cath, mia = olive.session, olive.cast.cath, olive.cast.mia
    first = olive.lists(contact_email=mia.email)
    service.approve(session, first, by=cath, now=NOW)
    session.commit()
    second = olive.lists(name="Supper club", contact_email=mia.email)
    assert second.organization_id != first.organization_id
    alone = second.organization_id
    service.approve(session, second, by=cath, now=NOW)
    assert second.organization_id == first.organization_id
    assert session.get(Organization, alone) is None, "nothing empty is left behind"
    assert owners(session, first.organization) == [mia.id]


def test_a_name_alone_joins_nothing(olive: Olive, voices: Organization) -> None:
    group = olive.lists(organization_name="Friday Voices")
    service.approve(olive.session, group, by=olive.cast.cath, now=NOW)
    assert group.organization_id != voices.id


def test_a_typed_address_that_nobody_proved_owns_nothing(olive: Olive) -> None:
    session, mia = olive.session, olive.cast.mia
    group = olive.lists(contact_email=mia.email)
    group.contacts[0].proven_at = None
    session.commit()
    service.approve(session, group, by=olive.cast.cath, now=NOW)
    assert owners(session, group.organization) == []


def test_who_proved_one_group_of_two_does_not_own_both(olive: Olive, voices: Organization) -> None:
    session, mia = olive.session, olive.cast.mia
    group = olive.lists(contact_email=mia.email)
    group.organization = voices
    session.commit()
    assert organizations.sole_address(session, voices) == ""
    service.approve(session, group, by=olive.cast.cath, now=NOW)
    assert owners(session, voices) == []


def test_an_edited_address_has_to_be_proven_again(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    assert organizations.proven_email(group) == "olive@lunch.example"
    new = {"contact": {"name": "Olive", "email": "new@lunch.example", "phone": ""}}
    service.save_parts(
        olive.session, group, new, by=olive.cast.cora, now=NOW, version=group.version
    )
    assert organizations.proven_email(group) == ""


def test_a_script_cannot_begin_drafts_without_end(browser: Browser, olive: Olive) -> None:
    for _ in range(30):
        browser.delete_cookie("hub-listing", path="/list-a-group")
        assert browser.post("/list-a-group/what", data=STEPS["what"]).status_code == 302
    browser.delete_cookie("hub-listing", path="/list-a-group")
    assert browser.post("/list-a-group/what", data=STEPS["what"]).status_code == 429


def test_a_household_of_ipv6_is_one_network(olive: Olive) -> None:
    from_one, from_other = "2001:db8:1:2::1", "2001:db8:1:2:ffff::9"
    for address in [from_one] * 15 + [from_other] * 15:
        service.keep(olive.session, None, "what", what(), now=NOW, address=address)
    with pytest.raises(TooOften):
        service.keep(olive.session, None, "what", what(), now=NOW, address=from_one)
    later = NOW + timedelta(hours=1)
    service.keep(olive.session, None, "what", what(), now=later, address=from_one)


def what() -> dict[str, Any]:
    return dict(STEPS["what"])


def test_the_admins_hear_of_a_group_where_nobody_looks(browser: Browser, olive: Olive) -> None:
    far = olive.cast.add(type(olive.cast.ashby)(name="Farley", slug="farley"))
    olive.session.commit()
    group = olive.lists(community_id=str(far.id))
    assert group.standing is Standing.WAITING
    assert [letter.to for letter in olive.letters("listing-waits")] == ["ada@example.org"]
