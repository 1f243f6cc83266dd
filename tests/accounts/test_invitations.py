from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlmodel import Session, col, select

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import Account, Grant, Invitation
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.core.powers import Role
from tests.accounts.letters import token_in, waiting
from tests.cast import NOW, PASSWORD, Cast
from tests.conftest import Browser

NEW = {"name": "Nia Owusu", "password": "seven grey herons"}


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("asset_hub.accounts.service.passwords.HASHER", cheap)


def form(cast: Cast, role: Role = Role.NAVIGATOR, **more: Any) -> dict[str, Any]:
    place = f"community_id:{cast.ashby.id}"
    return {"email": "nia@example.org", "name": "Nia", "role": role.value, "place": place} | more


def invited(session: Session) -> Invitation:
    session.expire_all()
    return session.exec(select(Invitation)).one()


@pytest.fixture
def link(browser: Browser, session: Session, cast: Cast) -> str:
    """Cora invites Nia to navigate in Ashby, and signs out."""
    browser.sign_in(cast.cora)
    browser.post("/invite", data=form(cast))
    browser.post("/sign-out")
    return f"/invitation/{token_in(session)}"


def test_nia_is_invited_sees_by_whom_and_to_what_and_accepts(
    browser: Browser, session: Session, link: str
) -> None:
    for _ in range(2):  # a scanner that opens the link accepts nothing
        page = browser.get(link).text
        assert "Cora invites you to be <strong>Volunteer navigator, Ashby</strong>" in page
    assert invited(session).is_pending

    answer = browser.post(link, data=NEW)

    assert answer.location == "/today"
    nia = queries.by_email(session, "nia@example.org")
    assert nia is not None
    assert [grant.words for grant in queries.held(nia)] == ["Volunteer navigator, Ashby"]
    assert queries.held(nia)[0].given_by_id == invited(session).by_id
    actions = session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id))).all()
    assert actions[-4:] == ["invite", "confirm", "grant", "sign in"]


def test_an_invitation_works_once(browser: Browser, session: Session, link: str) -> None:
    browser.post(link, data=NEW)
    browser.post("/sign-out")

    assert browser.get(link).status_code == 410
    assert browser.post(link, data=NEW | {"password": "eight grey herons"}).status_code == 410


def test_an_invitation_ends_after_two_weeks(
    browser: Browser, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = NOW + timedelta(days=14)
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: late)
    assert browser.post(link, data=NEW).status_code == 410


def test_somebody_with_an_account_signs_in_first_and_presses_one_button(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.cora)
    browser.post("/invite", data=form(cast, email="Mia@Example.org"))
    browser.post("/sign-out")
    link = f"/invitation/{token_in(session)}"

    assert "Sign in to accept" in browser.get(link).text
    assert browser.post(link, data=NEW).status_code == 200  # no new password for an old account
    assert invited(session).is_pending
    signing = {"email": "mia@example.org", "password": PASSWORD}
    assert browser.post(f"/sign-in?next={link}", data=signing).location == link
    with browser.session_transaction() as cookie:
        before = cookie["_user_id"]
    assert browser.post(link).location == "/today"
    with browser.session_transaction() as cookie:
        assert cookie["_user_id"] != before, "a role that opens more comes with a new session"
        assert not cookie.permanent
        cookie["_user_id"], after = before, cookie["_user_id"]
    assert browser.get("/today").status_code == 302, "the session before is over"
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = after
    assert browser.get("/today").status_code == 200

    assert [grant.words for grant in queries.held(cast.mia)] == ["Volunteer navigator, Ashby"]


def test_a_different_person_signed_in_is_told_plainly(
    browser: Browser, session: Session, cast: Cast, link: str
) -> None:
    browser.sign_in(cast.mia)

    for answer in (browser.get(link), browser.post(link, data=NEW)):
        assert "You are signed in as mia@example.org" in answer.text
        assert "nia@example.org" not in answer.text
    assert invited(session).is_pending
    assert queries.held(cast.mia) == []


def test_a_withdrawn_invitation_leads_nowhere(
    browser: Browser, session: Session, cast: Cast, link: str
) -> None:
    browser.sign_in(cast.cora)
    browser.post(f"/team/invitations/{invited(session).id}/withdraw")
    browser.post("/sign-out")

    assert browser.get(link).status_code == 410
    assert browser.post(link, data=NEW).status_code == 410


def test_an_invitation_sent_again_has_a_new_link_and_two_new_weeks(
    browser: Browser, session: Session, cast: Cast, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW + timedelta(hours=10)
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: later)
    browser.sign_in(cast.cora)
    browser.post(f"/team/invitations/{invited(session).id}/send-again")
    browser.post("/sign-out")

    assert browser.get(link).status_code == 410
    newer = f"/invitation/{token_in(session)}"
    assert invited(session).expires_at == later + timedelta(days=14)
    assert browser.post(newer, data=NEW).status_code == 303


def test_a_double_click_invites_once(browser: Browser, session: Session, cast: Cast) -> None:
    browser.sign_in(cast.cora)
    for _ in range(2):
        answer = browser.post("/invite", data=form(cast, request_key=str(uuid4())))
        assert answer.status_code == 303
    assert waiting(session) == [("invitation", "nia@example.org")]
    invited(session)


def test_the_same_form_sent_twice_at_once_makes_one_invitation(
    session: Session, cast: Cast
) -> None:
    key = uuid4()
    made = [
        service.invite(
            session,
            email=email,
            name="Nia",
            role=Role.CHAMPION,
            place={"community_id": cast.ashby.id},
            by=cast.cora,
            now=NOW,
            request_key=key,
        )
        for email in ("nia@example.org", "nia.typo@example.org")
    ]
    assert made[0].id == made[1].id


def test_an_inviter_who_lost_the_role_can_no_longer_let_anybody_in(
    browser: Browser, session: Session, cast: Cast, link: str
) -> None:
    [role] = queries.held(cast.cora)
    service.end_grant(session, role, by=cast.ada, now=NOW)
    session.commit()

    assert browser.get(link).status_code == 410
    assert browser.post(link, data=NEW).status_code == 410


def test_disabling_the_inviter_withdraws_what_they_offered(
    session: Session, cast: Cast, link: str
) -> None:
    service.disable(session, cast.cora, by=cast.ada, now=NOW)
    assert invited(session).withdrawn_at == NOW


ALLOWED = {
    "cora": {("champion", "ashby"), ("navigator", "ashby"), ("coordinator", "ashby")},
    "lee": {("practice_staff", "surgery"), ("practice_lead", "surgery")},
}


@pytest.mark.parametrize("who", ["cora", "lee", "cath", "ben", "petra", "mia", "otto", "ada"])
def test_each_invites_to_their_own_roles_in_their_own_place_only(
    session: Session, cast: Cast, who: str
) -> None:
    by: Account = getattr(cast, who)
    made = set()
    for role, name in _every_role_and_place():
        place: dict[str, UUID] = {}
        if name:
            column = "practice_id" if "surgery" in name else "community_id"
            place = {column: getattr(cast, name).id}
        try:
            service.invite(
                session, email="n@example.org", name="N", role=role, place=place, by=by, now=NOW
            )
            made.add((role.value, name))
        except Missing:
            pass
    everything = {(role.value, name) for role, name in _every_role_and_place()}
    assert made == (everything if who == "ada" else ALLOWED.get(who, set()))


def _every_role_and_place() -> list[tuple[Role, str]]:
    patch = (Role.CHAMPION, Role.NAVIGATOR, Role.COORDINATOR)
    practice = (Role.PRACTICE_STAFF, Role.PRACTICE_LEAD, Role.DATA_PROTECTION)
    return [
        *((role, name) for role in patch for name in ("ashby", "elsewhere")),
        *((role, name) for role in practice for name in ("surgery", "other_surgery")),
        (Role.ADMIN, ""),
    ]


def test_the_page_offers_only_what_one_may_give(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.cora)
    page = browser.get("/invite").text
    assert 'value="coordinator"' in page
    assert 'value="admin"' not in page
    assert str(cast.ashby.id) in page
    assert str(cast.elsewhere.id) not in page
    assert str(cast.surgery.id) not in page
    browser.sign_in(cast.ada)
    page = browser.get("/invite").text
    assert 'value="data_protection"' in page
    assert 'value="owner"' not in page
    assert str(cast.other_surgery.id) in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"role": "admin"}, "from the list"),
        ({"role": "practice_staff"}, "from the list"),
        ({"place": "community_id:00000000-0000-7000-8000-000000000000"}, "from the list"),
        ({"place": "rubbish"}, "from the list"),
        ({"place": ""}, "Select a community for the role Volunteer navigator"),
        ({"email": "cora@example.org"}, "You cannot give yourself a role"),
        ({"email": "ben@example.org"}, "Ben has this role already"),
        ({"email": "nia@example.org\r\nBcc: x@example.org"}, "in the correct format"),
    ],
)
def test_a_wrong_invitation_is_refused_in_words(
    browser: Browser, session: Session, cast: Cast, change: dict[str, str], words: str
) -> None:
    browser.sign_in(cast.cora)
    answer = browser.post("/invite", data=form(cast) | change)
    assert answer.status_code == 422
    assert words in answer.text
    assert waiting(session) == []


def test_cora_cannot_invite_into_elsewhere_by_its_id(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.cora)
    elsewhere = form(cast, place=f"community_id:{cast.elsewhere.id}")
    assert browser.post("/invite", data=elsewhere).status_code == 422
    assert session.exec(select(Invitation)).all() == []


@pytest.mark.parametrize("who", ["cath", "ben", "petra", "mia", "otto"])
def test_others_have_no_team_and_invite_nobody(browser: Browser, cast: Cast, who: str) -> None:
    browser.sign_in(getattr(cast, who))
    assert browser.get("/team").status_code == 403
    assert browser.post("/invite", data=form(cast)).status_code == 403


def test_an_administrator_never_gets_a_role_over_people_from_themself(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.ada)
    oneself = form(cast, email="ADA@example.org", role=Role.COORDINATOR)
    assert "You cannot give yourself a role" in browser.post("/invite", data=oneself).text
    place = {"community_id": cast.ashby.id}
    with pytest.raises(RuleBroken, match="yourself"):
        service.grant(session, cast.ada, Role.COORDINATOR, place=place, by=cast.ada, now=NOW)
    assert [grant.role for grant in queries.held(cast.ada)] == [Role.ADMIN]


def test_a_coordinator_may_be_a_navigator_too(session: Session, cast: Cast) -> None:
    place = {"community_id": cast.ashby.id}
    service.grant(session, cast.cora, Role.NAVIGATOR, place=place, by=cast.cora, now=NOW)
    there = {"community_id": cast.elsewhere.id}
    with pytest.raises(RuleBroken):
        service.grant(session, cast.cora, Role.NAVIGATOR, place=there, by=cast.cora, now=NOW)


def test_a_role_given_twice_is_held_once(session: Session, cast: Cast) -> None:
    place = {"community_id": cast.ashby.id}
    first = service.grant(session, cast.mia, Role.CHAMPION, place=place, by=cast.cora, now=NOW)
    again = service.grant(session, cast.mia, Role.CHAMPION, place=place, by=cast.cora, now=NOW)
    assert first is again
    assert queries.holders(session, Role.CHAMPION, community_id=cast.ashby.id) == [
        cast.cath,
        cast.mia,
    ]


def test_somebody_disabled_is_not_invited_round_the_back(session: Session, cast: Cast) -> None:
    cast.mia.disabled_at = NOW
    session.flush()
    with pytest.raises(RuleBroken, match="disabled"):
        service.invite(
            session,
            email="mia@example.org",
            name="Mia",
            role=Role.CHAMPION,
            place={"community_id": cast.ashby.id},
            by=cast.cora,
            now=NOW,
        )
    assert session.exec(select(Grant).where(Grant.account_id == cast.mia.id)).all() == []


def offered(session: Session, cast: Cast, **more: Any) -> Invitation:
    given: dict[str, Any] = {
        "email": "mia@example.org",
        "name": "Mia",
        "role": Role.CHAMPION,
        "place": {"community_id": cast.ashby.id},
        "by": cast.cora,
        "now": NOW,
    }
    return service.invite(session, **given | more)


def test_inviting_again_later_sends_the_letter_again_with_the_new_senders_word(
    session: Session, cast: Cast
) -> None:
    colin = cast.account("Colin", Role.COORDINATOR, cast.ashby)
    first = offered(session, cast, by=colin)
    [role] = queries.held(colin)
    service.end_grant(session, role, by=cast.cora, now=NOW)
    assert not service.still_stands(session, first, now=NOW)

    again = offered(session, cast, now=NOW + timedelta(days=1))

    assert again is first
    assert again.by is cast.cora
    assert service.still_stands(session, again, now=NOW + timedelta(days=14))
    assert len(waiting(session)) == 2


def test_an_invitation_to_a_place_that_is_gone_is_missing(session: Session, cast: Cast) -> None:
    with pytest.raises(Missing):
        offered(session, cast, by=cast.ada, place={"community_id": uuid4()})


def test_only_the_invited_address_accepts(session: Session, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="another address"):
        service.accept(session, offered(session, cast), cast.ben, now=NOW)


def test_an_invitation_accepted_is_neither_accepted_nor_sent_again(
    session: Session, cast: Cast
) -> None:
    made = offered(session, cast)
    service.accept(session, made, cast.mia, now=NOW)
    with pytest.raises(RuleBroken, match="used already"):
        service.accept(session, made, cast.mia, now=NOW)
    with pytest.raises(RuleBroken, match="no longer waiting"):
        service.send_again(session, made, by=cast.cora, now=NOW)


def test_of_two_who_accept_at_once_one_is_first(session: Session, cast: Cast) -> None:
    made = offered(session, cast)
    taken = text("UPDATE invitation SET withdrawn_at = sent_at")
    session.connection().execute(taken)  # by another request, after this one looked
    with pytest.raises(RuleBroken, match="used already"):
        service.accept(session, made, cast.mia, now=NOW)
    assert queries.held(cast.mia) == []


def test_an_account_made_meanwhile_is_not_given_a_new_password(
    session: Session, cast: Cast
) -> None:
    made = offered(session, cast)
    before = cast.mia.password_hash
    with pytest.raises(RuleBroken, match="an account already"):
        service.accept_as_newcomer(session, made, name="M", password="seven grey herons", now=NOW)
    assert cast.mia.password_hash == before


def test_an_invitation_of_somebody_disabled_since_no_longer_stands(
    session: Session, cast: Cast
) -> None:
    made = offered(session, cast)
    service.disable(session, cast.mia, by=cast.ada, now=NOW)
    assert not service.still_stands(session, made, now=NOW)


def test_whoever_may_not_give_a_role_does_not_withdraw_its_invitation(
    session: Session, cast: Cast
) -> None:
    made = offered(session, cast)
    for act in (service.withdraw, service.send_again):
        with pytest.raises(Missing):
            act(session, made, by=cast.dora, now=NOW)
