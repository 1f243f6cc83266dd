"""Mia says that she runs the choir; only the choir's own address, or a champion, can say yes."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from asset_hub.accounts.models import Grant
from asset_hub.core import clock
from asset_hub.core.powers import Role
from asset_hub.directory import service
from asset_hub.directory.models import (
    ChangeRequest,
    ChangeState,
    Contact,
    Organization,
    Service,
    Standing,
)
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.conftest import Olive
from tests.directory.waiting import waiting_changes

EMAIL = "fay@voices.example"


@pytest.fixture
def voices(olive: Olive) -> Service:
    """One group of an organisation of its own."""
    cast = olive.cast
    theirs = cast.add(Organization(name="Friday Voices"))
    group = cast.service("Friday choir")
    group.organization = theirs
    group.contacts = [Contact(name="Fay", email=EMAIL)]
    service.publish(cast.session, group, now=NOW)
    cast.session.commit()
    return group


def owners(session: Session, group: Service) -> list[UUID]:
    wanted = select(Grant.account_id).where(
        Grant.role == Role.OWNER, Grant.organization_id == group.organization_id
    )
    return list(session.exec(wanted))


def claims(browser: Browser, cast: Cast, group: Service, once: str = "o" * 43) -> None:
    browser.sign_in(cast.mia)
    url = f"/groups/{group.id}/claim"
    page = browser.get(url).text
    assert EMAIL not in page
    answer = browser.post(url, data={"once": once, "comment": "I sing there"})
    assert answer.location == f"{url}/sent"
    assert "voices.example" not in browser.get(answer.location).text


def link(olive: Olive) -> str:
    return f"/list-a-group/claim/{olive.letters('listing-claim')[-1].facts['token']}"


def change(olive: Olive) -> ChangeRequest:
    return olive.session.exec(select(ChangeRequest)).one()


def test_the_groups_own_address_makes_her_the_owner(
    browser: Browser, olive: Olive, voices: Service
) -> None:
    claims(browser, olive.cast, voices)
    assert [letter.to for letter in olive.letters("listing-claim")] == [EMAIL]
    page = browser.get(link(olive)).text
    assert "Mia" in page
    assert owners(olive.session, voices) == [], "looking gives nothing"
    for _ in range(2):
        browser.post(f"{link(olive)}/yes")
    assert owners(olive.session, voices) == [olive.cast.mia.id]
    assert change(olive).state is ChangeState.APPROVED
    assert [letter.to for letter in olive.letters("change-decided")] == ["mia@example.org"]


def test_a_double_click_writes_one_mail(browser: Browser, olive: Olive, voices: Service) -> None:
    claims(browser, olive.cast, voices)
    claims(browser, olive.cast, voices)
    assert len(olive.letters("listing-claim")) == 1


def test_an_import_is_asked_at_its_public_address(
    browser: Browser, olive: Olive, voices: Service
) -> None:
    voices.contacts, voices.email = [], EMAIL
    olive.session.commit()
    claims(browser, olive.cast, voices)
    browser.post(f"{link(olive)}/yes")
    assert owners(olive.session, voices) == [olive.cast.mia.id]


def test_who_proves_one_group_of_two_leaves_the_last_word_to_a_champion(
    browser: Browser, olive: Olive, voices: Service
) -> None:
    other = olive.cast.service("Saturday choir")
    other.organization = voices.organization
    olive.session.commit()
    claims(browser, olive.cast, voices)
    browser.post(f"{link(olive)}/yes")
    assert owners(olive.session, voices) == []
    assert "A champion has the last word" in browser.get(link(olive)).text
    browser.sign_in(olive.cast.cath)
    url = f"/changes/{change(olive).id}"
    page = browser.get(url).text
    assert "f…@voices.example" in page
    assert EMAIL not in page
    browser.post(f"{url}/approve", data={"version": voices.version})
    assert owners(olive.session, voices) == [olive.cast.mia.id]


def test_without_any_address_a_champion_decides(
    browser: Browser, olive: Olive, voices: Service
) -> None:
    voices.contacts, voices.email = [], ""
    olive.session.commit()
    claims(browser, olive.cast, voices)
    assert olive.letters("listing-claim") == []
    [waiting] = waiting_changes(olive.session, olive.cast.cath)
    assert waiting.comment == "I sing there"
    browser.sign_in(olive.cast.cath)
    assert "I sing there" in browser.get(f"/changes/{waiting.id}").text


def test_a_champion_gives_nothing_that_reaches_into_another_community(
    browser: Browser, olive: Olive, voices: Service
) -> None:
    voices.contacts, voices.email = [], ""
    other = olive.cast.service("Elsewhere choir", community=olive.cast.elsewhere)
    other.organization = voices.organization
    olive.session.commit()
    claims(browser, olive.cast, voices)
    browser.sign_in(olive.cast.cath)
    page = browser.post(f"/changes/{change(olive).id}/approve", data={"version": voices.version})
    assert page.status_code == 422
    assert "in other communities too" in page.text
    assert owners(olive.session, voices) == []


def test_a_link_mailed_to_an_address_that_is_no_more_gives_nothing(
    browser: Browser, olive: Olive, voices: Service
) -> None:
    claims(browser, olive.cast, voices)
    voices.contacts[0].email = "other@voices.example"
    olive.session.commit()
    assert browser.post(f"{link(olive)}/yes").status_code == 422
    assert owners(olive.session, voices) == []


def test_a_link_ends_after_fourteen_days(
    browser: Browser, olive: Olive, voices: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims(browser, olive.cast, voices)
    monkeypatch.setattr(clock, "now", lambda: NOW.replace(day=22))
    browser.sign_in(olive.cast.mia)
    assert "This link has ended" in browser.get(link(olive)).text
    assert browser.post(f"{link(olive)}/yes").status_code == 422


def test_three_times_a_day_is_enough_for_one_group(
    browser: Browser, olive: Olive, voices: Service
) -> None:
    for n in range(3):
        claims(browser, olive.cast, voices, once=f"{n:043}")
    answer = browser.post(f"/groups/{voices.id}/claim", data={"once": "z" * 43})
    assert answer.status_code == 429
    assert len(olive.letters("listing-claim")) == 3


def test_owners_have_it_already_and_strangers_sign_in_first(
    browser: Browser, olive: Olive, voices: Service
) -> None:
    told = browser.get(f"/groups/{voices.id}/claim").text
    assert f'href="/sign-in?next=/groups/{voices.id}/claim"' in told
    assert "We write to the address that the group has with us" in told
    assert "What do you do there?" not in told
    assert browser.post(f"/groups/{voices.id}/claim", data={"once": "z" * 43}).status_code == 401
    browser.sign_in(olive.cast.otto)
    page = browser.post(f"/groups/{olive.cast.choir.id}/claim", data={"once": "o" * 43})
    assert "You look after this group already" in page.text


@pytest.mark.parametrize("standing", [Standing.HIDDEN, Standing.CLOSED])
def test_what_is_hidden_or_closed_elsewhere_counts_as_theirs_too(
    browser: Browser, olive: Olive, voices: Service, standing: Standing
) -> None:
    voices.contacts, voices.email = [], ""
    other = olive.cast.service("Elsewhere choir", community=olive.cast.elsewhere)
    other.organization, other.standing = voices.organization, standing
    olive.session.commit()
    claims(browser, olive.cast, voices)
    browser.sign_in(olive.cast.cath)
    page = browser.post(f"/changes/{change(olive).id}/approve", data={"version": voices.version})
    assert page.status_code == 422
    assert owners(olive.session, voices) == []
