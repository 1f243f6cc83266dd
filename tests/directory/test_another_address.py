"""Mail goes to another address only when that is proven and the old one has not said no."""

from datetime import timedelta
from uuid import UUID

import pytest

from asset_hub.core import clock
from asset_hub.core.errors import RuleBroken, TooOften
from asset_hub.directory import jobs, queries, service
from asset_hub.directory.models import Asker, ChangeRequest, ChangeState, Service
from tests.cast import NOW
from tests.conftest import Browser
from tests.directory.conftest import Olive
from tests.directory.waiting import waiting_changes

OLD, NEW = "olive@choir.example", "new@choir.example"
CONTACT = {"name": "Nia", "email": NEW, "phone": "01632 960002"}


@pytest.fixture
def choir(olive: Olive) -> Service:
    service.publish(olive.session, olive.cast.choir, now=NOW)
    service.mail_keep_link(olive.session, olive.cast.choir, address="", now=NOW)
    olive.session.commit()
    return olive.cast.choir


def asks(olive: Olive, choir: Service, *, owner: bool = True, email: str = NEW) -> ChangeRequest:
    change = service.propose(
        olive.session, choir, {"contact": CONTACT | {"email": email}, "fees": "£2"},
        made_on=choir.version, asker=Asker.OWNER if owner else Asker.CONTACT,
        by=olive.cast.otto if owner else None, comment="", reply="", now=NOW, once=email,
    )  # fmt: skip
    olive.session.commit()
    assert change
    return change


def address(olive: Olive) -> ChangeRequest:
    """The request for another address, which stands apart from the rest."""
    link = olive.letters("address-prove")[-1].facts["change_id"]
    found = olive.session.get(ChangeRequest, UUID(link))
    assert found
    return found


def proves(browser: Browser, olive: Olive) -> str:
    url = f"/list-a-group/address/{olive.letters('address-prove')[-1].facts['token']}"
    assert "Should we write here?" in browser.get(url).text
    assert browser.post(f"{url}/yes").location == url
    return url


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=days))


@pytest.mark.parametrize("owner", [True, False])
def test_the_rest_waits_for_a_champion_and_the_address_for_its_proof(
    browser: Browser, olive: Olive, choir: Service, owner: bool
) -> None:
    rest = asks(olive, choir, owner=owner)
    assert rest.after == {"fees": "£2"}
    assert waiting_changes(olive.session, olive.cast.cath) == [rest]
    assert [letter.to for letter in olive.letters("address-prove")] == [NEW]
    assert [letter.to for letter in olive.letters("address-announced")] == [OLD]
    browser.sign_in(olive.cast.cath)
    assert browser.get(f"/changes/{address(olive).id}").status_code == 404, "nobody proved it yet"


def test_proven_and_not_objected_to_it_counts_after_seven_days(
    browser: Browser, olive: Olive, choir: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(olive, choir)
    keep = f"/list-a-group/keep/{olive.letters('listing-keep')[-1].facts['token']}"
    url = proves(browser, olive)
    assert "Thank you" in browser.get(url).text
    later(monkeypatch, 6)
    jobs.change_addresses()
    assert not service.take_effect(olive.session, address(olive), now=clock.now())
    assert queries.contact_email(choir) == OLD
    later(monkeypatch, 7)
    for _ in range(2):
        jobs.change_addresses()
    olive.session.refresh(choir)
    assert queries.contact_email(choir) == NEW
    assert choir.contacts[0].proven_at == NOW
    assert "This link has ended" in browser.get(keep).text
    assert [one.to for one in olive.letters("listing-keep")] == [OLD, NEW]


def test_what_nobody_proved_never_counts(
    olive: Olive, choir: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(olive, choir)
    later(monkeypatch, 30)
    jobs.change_addresses()
    assert queries.contact_email(choir) == OLD


def test_the_old_address_stops_it_and_every_older_link_ends(
    browser: Browser, olive: Olive, choir: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(olive, choir)
    keep = f"/list-a-group/keep/{olive.letters('listing-keep')[-1].facts['token']}"
    proves(browser, olive)
    url = f"/list-a-group/not-us/{olive.letters('address-announced')[-1].facts['token']}"
    assert "Was it not you?" in browser.get(url).text
    assert address(olive).state is ChangeState.WAITING, "looking stops nothing"
    for _ in range(2):
        assert "It is stopped" in browser.post(f"{url}/stop", follow_redirects=True).text
    assert "This link has ended" in browser.get(keep).text
    assert [one.to for one in olive.letters("listing-keep")] == [OLD, OLD]
    later(monkeypatch, 8)
    jobs.change_addresses()
    assert queries.contact_email(choir) == OLD


def test_a_champion_may_agree_earlier(browser: Browser, olive: Olive, choir: Service) -> None:
    asks(olive, choir)
    proves(browser, olive)
    browser.sign_in(olive.cast.cath)
    url = f"/changes/{address(olive).id}"
    assert "Mail about this listing would go to another address" in browser.get(url).text
    browser.post(f"{url}/approve", data={"version": choir.version})
    olive.session.refresh(choir)
    assert queries.contact_email(choir) == NEW


def test_each_link_opens_its_own_door(browser: Browser, olive: Olive, choir: Service) -> None:
    asks(olive, choir)
    prove = olive.letters("address-prove")[-1].facts["token"]
    stop = olive.letters("address-announced")[-1].facts["token"]
    assert browser.post(f"/list-a-group/address/{stop}/yes").status_code == 404
    assert browser.post(f"/list-a-group/not-us/{prove}/stop").status_code == 404
    assert browser.post(f"/list-a-group/claim/{prove}/yes").status_code == 404


def test_a_link_that_ended_proves_nothing(
    browser: Browser, olive: Olive, choir: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(olive, choir)
    later(monkeypatch, 15)
    url = f"/list-a-group/address/{olive.letters('address-prove')[-1].facts['token']}"
    assert "This link has ended" in browser.get(url).text
    assert browser.post(f"{url}/yes").status_code == 422


def test_a_third_address_takes_the_place_of_the_second(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    asks(olive, choir)
    first = address(olive)
    asks(olive, choir, email="third@choir.example")
    olive.session.refresh(first)
    assert first.state is ChangeState.SUPERSEDED
    assert [one.to for one in olive.letters("address-prove")] == [NEW, "third@choir.example"]


def test_a_contact_changed_meanwhile_is_left_to_a_human(
    browser: Browser, olive: Olive, choir: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(olive, choir)
    proves(browser, olive)
    choir.contacts[0].email = "cora-knows@choir.example"
    olive.session.commit()
    later(monkeypatch, 8)
    jobs.change_addresses()
    assert queries.contact_email(choir) == "cora-knows@choir.example"
    assert address(olive).state is ChangeState.WAITING


def test_the_same_person_with_another_phone_needs_no_proof(olive: Olive, choir: Service) -> None:
    contact = {"name": "Olive", "email": OLD.upper(), "phone": "01632 960009"}
    change = service.propose(
        olive.session, choir, {"contact": contact}, made_on=choir.version, asker=Asker.OWNER,
        by=olive.cast.otto, comment="", reply="", now=NOW, once="x",
    )  # fmt: skip
    assert change
    assert change.after == {"contact": contact}
    assert olive.letters("address-prove") == []


def test_an_address_is_not_taken_away(olive: Olive, choir: Service) -> None:
    with pytest.raises(RuleBroken, match="Enter an email address"):
        asks(olive, choir, email="")


def test_nobody_fills_a_mailbox_by_asking_again_and_again(olive: Olive, choir: Service) -> None:
    for n in range(5):
        asks(olive, choir, email=f"n{n}@choir.example")
    with pytest.raises(TooOften):
        asks(olive, choir, email="n5@choir.example")
    olive.session.rollback()
    assert len(olive.letters("address-prove")) == 5


def test_an_owners_public_address_of_an_import_is_proven_too(olive: Olive, choir: Service) -> None:
    choir.contacts.clear()
    choir.email = OLD
    olive.session.commit()
    change = service.propose(
        olive.session, choir, {"email": NEW}, made_on=choir.version, asker=Asker.OWNER,
        by=olive.cast.otto, comment="", reply="", now=NOW, once="x",
    )  # fmt: skip
    assert change
    assert change.state is ChangeState.UNPROVEN
    assert [letter.to for letter in olive.letters("address-prove")] == [NEW]
