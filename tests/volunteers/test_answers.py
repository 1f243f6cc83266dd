"""The coordinator answers an offer: in their own patch, once, and the role follows."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from asset_hub.accounts.models import Account, Invitation
from asset_hub.core import outbox
from asset_hub.core.audit import AuditEntry
from asset_hub.core.outbox import Message
from asset_hub.core.powers import Role
from asset_hub.volunteers import queries, service
from asset_hub.volunteers.models import Stage, Volunteer, Wants
from tests.cast import NOW, Cast
from tests.conftest import Browser


def vera(cast: Cast, **more: Any) -> Volunteer:
    """Return Vera's offer to Ashby."""
    values: dict[str, Any] = {
        "community_id": cast.ashby.id,
        "name": "Vera",
        "email": "vera@example.org",
        "wants": Wants.NAVIGATOR,
        "applied_at": NOW,
    }
    offer = cast.add(Volunteer(**values | more))
    cast.session.commit()
    return offer


def roles(session: Session, account: Account) -> set[tuple[Role, Any]]:
    session.refresh(account)
    return {(grant.role, grant.community_id) for grant in account.grants if not grant.ended_at}


def kinds(session: Session) -> list[str]:
    return sorted(letter.kind for letter in session.exec(select(Message)))


def test_cora_sees_who_waits_oldest_first_and_who_was_welcomed(
    browser: Browser, cast: Cast
) -> None:
    vera(cast, name="Newer")
    vera(cast, name="Older", email="o@example.org", applied_at=NOW - timedelta(days=3))
    vera(cast, name="Gone", email="g@example.org", stage=Stage.DECLINED, decided_at=NOW)
    vera(cast, name="Walt", email="w@example.org", stage=Stage.WELCOMED, decided_at=NOW)
    vera(cast, name="Stranger", community_id=cast.elsewhere.id)
    browser.sign_in(cast.cora)
    page = browser.get("/volunteers").text
    assert page.index("Older") < page.index("Newer") < page.index(">Welcomed<") < page.index("Walt")
    assert "Stranger" not in page
    assert "Gone" not in page


def test_cora_reads_everything_that_was_said(browser: Browser, cast: Cast) -> None:
    offer = vera(cast, phone="01632 960123", interests=["grief"], days=["sat-day"], travels=1,
                 languages="Urdu", about="I have\ntime now.")  # fmt: skip
    browser.sign_in(cast.cora)
    page = browser.get(f"/volunteers/{offer.id}").text
    for said in ("vera@example.org", "01632 960123", "Grief and loss", "Saturday daytime", "Urdu",
                 "1 mile<", "I have", "no account here yet"):  # fmt: skip
        assert said in page


@pytest.mark.parametrize("who", ["mia", "cath", "ben", "petra", "lee", "otto", "ada"])
def test_nobody_else_may_look(browser: Browser, cast: Cast, who: str) -> None:
    offer = vera(cast)
    browser.sign_in(getattr(cast, who))
    assert browser.get("/volunteers").status_code == 403
    assert browser.get(f"/volunteers/{offer.id}").status_code == 403
    assert browser.post(f"/volunteers/{offer.id}/welcome").status_code == 403
    assert browser.post(f"/volunteers/{offer.id}/decline").status_code == 403


def test_for_another_communitys_coordinator_it_does_not_exist(browser: Browser, cast: Cast) -> None:
    offer = vera(cast)
    browser.sign_in(cast.dora)
    assert "Vera" not in browser.get("/volunteers").text
    for address in (f"/volunteers/{offer.id}", f"/volunteers/{offer.id}/decline"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/volunteers/{offer.id}/welcome").status_code == 404
    answer = browser.post(f"/volunteers/{offer.id}/decline", data={"message": "No"})
    assert answer.status_code == 404
    cast.session.refresh(offer)
    assert offer.stage is Stage.APPLIED


@pytest.mark.parametrize("wants", list(Wants))
def test_a_welcome_gives_the_role_to_the_account(
    browser: Browser, cast: Cast, wants: Wants
) -> None:
    offer = vera(cast, name="Mia", email=cast.mia.email, wants=wants)
    browser.sign_in(cast.cora)
    assert "gives them the role at once" in browser.get(f"/volunteers/{offer.id}").text
    for _ in range(2):  # a double click
        answer = browser.post(f"/volunteers/{offer.id}/welcome")
        assert answer.headers["Location"] == f"/volunteers/{offer.id}"
    assert roles(cast.session, cast.mia) == {(Role(wants.value), cast.ashby.id)}
    cast.session.refresh(offer)
    assert (offer.stage, offer.account_id) == (Stage.WELCOMED, cast.mia.id)
    assert (offer.decided_by_id, offer.decided_at) == (cast.cora.id, NOW)
    assert kinds(cast.session) == ["volunteer-welcomed"]
    noted = select(AuditEntry).where(AuditEntry.action == "welcomed")
    assert [entry.by_id for entry in cast.session.exec(noted)] == [cast.cora.id]


def test_without_an_account_a_welcome_invites(browser: Browser, cast: Cast) -> None:
    offer = vera(cast)
    browser.sign_in(cast.cora)
    for _ in range(2):
        browser.post(f"/volunteers/{offer.id}/welcome")
    [invitation] = cast.session.exec(select(Invitation)).all()
    assert (invitation.email, invitation.role) == ("vera@example.org", Role.NAVIGATOR)
    assert invitation.community_id == cast.ashby.id
    assert kinds(cast.session) == ["invitation", "volunteer-welcomed"]


def test_an_account_that_never_confirmed_gets_no_role_by_its_address_alone(cast: Cast) -> None:
    cast.mia.confirmed_at = None
    offer = vera(cast, email=cast.mia.email)
    assert queries.account_for(cast.session, offer) is None
    assert service.welcome(cast.session, offer, by=cast.cora, now=NOW)
    assert roles(cast.session, cast.mia) == set()


def test_a_disabled_account_is_not_welcomed_and_the_offer_waits_on(
    browser: Browser, cast: Cast
) -> None:
    cast.mia.disabled_at = NOW
    offer = vera(cast, email=cast.mia.email)
    browser.sign_in(cast.cora)
    answer = browser.post(f"/volunteers/{offer.id}/welcome")
    assert answer.status_code == 422
    assert "disabled" in answer.text
    cast.session.refresh(offer)
    assert offer.stage is Stage.APPLIED


def test_cora_declines_kindly_and_once(browser: Browser, cast: Cast) -> None:
    offer = vera(cast)
    browser.sign_in(cast.cora)
    address = f"/volunteers/{offer.id}/decline"
    assert browser.post(address, data={"message": " "}).status_code == 422
    for message in ("Thank you. The choir needs a pianist.", "Second"):
        assert browser.post(address, data={"message": message}).headers["Location"] == "/volunteers"
    cast.session.refresh(offer)
    assert (offer.stage, offer.reply) == (Stage.DECLINED, "Thank you. The choir needs a pianist.")
    assert kinds(cast.session) == ["volunteer-declined"]
    assert "needs a pianist" in browser.get(f"/volunteers/{offer.id}").text
    assert "answered already" in browser.get(address).text


def test_of_a_welcome_and_a_no_at_the_same_moment_one_counts(cast: Cast) -> None:
    offer = vera(cast)
    assert service.decline(cast.session, offer, message="No", by=cast.cora, now=NOW)
    assert not service.welcome(cast.session, offer, by=cast.cora, now=NOW)
    assert cast.session.exec(select(Invitation)).all() == []
    assert offer.stage is Stage.DECLINED


def test_welcomed_people_come_a_page_at_a_time(
    browser: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asset_hub.volunteers.rules.WELCOMED_A_PAGE", 2)
    for number in range(3):
        at = NOW + timedelta(minutes=number)
        vera(cast, name=f"V{number}", email=f"{number}@example.org", stage=Stage.WELCOMED,
             decided_at=at)  # fmt: skip
    browser.sign_in(cast.cora)
    assert "V0" not in browser.get("/volunteers").text
    for asked in ("2", "99"):
        assert "V0" in browser.get(f"/volunteers?page={asked}").text
    assert "V2" in browser.get("/volunteers?page=-1").text


def letter(app: Flask, session: Session, kind: str, **facts: Any) -> dict[str, str] | None:
    """Write a letter as the worker would."""
    context = outbox._COMPOSERS[kind](session, facts)
    if context is None:
        return None
    with app.test_request_context(base_url="https://hub.example"):
        return {
            part: app.jinja_env.get_template(f"emails/{kind}.{part}").render(**context)
            for part in ("subject", "txt", "html")
        }


def test_letters_say_little_and_link_to_the_rest(app: Flask, cast: Cast) -> None:
    offer = vera(cast, name="http://evil.example", about="secret")
    facts = {"volunteer_id": str(offer.id)}
    thanks = letter(app, cast.session, "volunteer-thanks", **facts)
    waits = letter(app, cast.session, "volunteer-waits", account_id=str(cast.cora.id), **facts)
    assert thanks
    assert waits
    assert f"https://hub.example/volunteers/{offer.id}" in waits["txt"]
    for said in (*thanks.values(), *waits.values()):
        assert "secret" not in said
        assert "evil" not in said, "a stranger typed that name"


def test_a_letter_that_is_no_longer_true_is_not_sent(app: Flask, cast: Cast) -> None:
    offer = vera(cast)
    facts = {"volunteer_id": str(offer.id)}
    stranger = {"account_id": str(cast.dora.id)}
    assert letter(app, cast.session, "volunteer-waits", **facts, **stranger) is None
    assert letter(app, cast.session, "volunteer-welcomed", **facts) is None
    assert letter(app, cast.session, "volunteer-declined", **facts) is None
    service.decline(cast.session, offer, message="<b>Thank</b>\nyou", by=cast.cora, now=NOW)
    declined = letter(app, cast.session, "volunteer-declined", **facts)
    assert declined
    assert "&lt;b&gt;Thank&lt;/b&gt;</p>" in declined["html"]
    coras = {"account_id": str(cast.cora.id)}
    assert letter(app, cast.session, "volunteer-waits", **facts, **coras) is None


def test_somebody_new_is_thanked_and_told_that_an_invitation_comes(app: Flask, cast: Cast) -> None:
    offer = vera(cast)
    service.welcome(cast.session, offer, by=cast.cora, now=NOW)
    posted = select(Message).where(Message.kind == "volunteer-welcomed")
    [message] = cast.session.exec(posted).all()
    assert message.to == "vera@example.org"
    found = letter(app, cast.session, "volunteer-welcomed", **message.facts)
    assert found
    for said in (found["txt"], found["html"]):
        assert "thank you for offering your time" in said
        assert "your invitation" in said
        assert "/sign-in" not in said, "there is nothing to sign in to yet"


def test_cora_writes_or_calls_with_one_press(browser: Browser, cast: Cast) -> None:
    offer = vera(cast, phone="01632 960123")
    browser.sign_in(cast.cora)
    page = browser.get(f"/volunteers/{offer.id}").text
    assert 'href="mailto:vera@example.org"' in page
    assert 'href="tel:01632960123"' in page


def test_the_cookie_does_not_name_whoever_offered(browser: Browser, cast: Cast) -> None:
    offer = vera(cast)
    browser.sign_in(cast.cora)
    browser.post(f"/volunteers/{offer.id}/welcome")
    with browser.session_transaction() as cookie:
        assert "welcomed" in str(cookie["_flashes"])
        assert "Vera" not in str(dict(cookie))


def test_the_welcome_letter_says_what_somebody_is_now(app: Flask, cast: Cast) -> None:
    offer = vera(cast, name="Mia", email=cast.mia.email, wants=Wants.CHAMPION)
    service.welcome(cast.session, offer, by=cast.cora, now=NOW)
    found = letter(app, cast.session, "volunteer-welcomed", volunteer_id=str(offer.id))
    assert found
    assert found["subject"].strip() == "Welcome, Mia"
    assert "You are a health champion in Ashby now" in found["txt"]
