from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import Grant
from asset_hub.accounts.views.words import being
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import Missing
from asset_hub.core.powers import Role
from tests.cast import NOW, Cast
from tests.conftest import Browser


def test_each_sees_the_team_of_their_own_place(browser: Browser, cast: Cast) -> None:
    everybody = {"Cath", "Ben", "Cora", "Petra", "Lee", "Ada", "Dev", "Dora", "Pip"}
    for account, seen in (
        (cast.cora, {"Cath", "Ben", "Cora"}),
        (cast.lee, {"Petra", "Lee"}),
        (cast.ada, everybody),
    ):
        browser.sign_in(account)
        page = browser.get("/team").text
        emails = {name for name in everybody if f"{name.lower()}@example.org" in page}
        assert emails == seen


def test_cora_ends_a_role_at_once_and_gives_it_back(
    browser: Browser, session: Session, cast: Cast
) -> None:
    [role] = queries.held(cast.ben)
    browser.sign_in(cast.ben)
    assert browser.get("/account").text.count("Volunteer navigator") == 1
    browser.sign_in(cast.cora)

    asked = browser.get(f"/team/roles/{role.id}/end").text
    assert "Ben is a volunteer navigator in Ashby." in asked
    assert "will need an owner" in asked
    assert queries.held(cast.ben), "asking ends nothing"
    browser.post(f"/team/roles/{role.id}/end")

    page = browser.get("/team").text
    assert "Ben is no longer a volunteer navigator in Ashby." in page
    assert "need an owner now" in page
    assert "Ended in the last 30 days" in page
    session.expire_all()
    assert queries.held(cast.ben) == []
    assert not list(cast.ben.given)

    browser.post(f"/team/roles/{role.id}/give-back")

    session.expire_all()
    assert [grant.role for grant in queries.held(cast.ben)] == [Role.NAVIGATOR]
    actions = session.exec(select(AuditEntry.action).where(AuditEntry.kind == "role_grant")).all()
    assert actions == ["end grant", "grant"]


def test_whoever_holds_three_roles_stands_on_the_team_once(
    browser: Browser, session: Session, cast: Cast
) -> None:
    for role in (Role.CHAMPION, Role.NAVIGATOR):
        service.grant(session, cast.cora, role, place={"community_id": cast.ashby.id},
                      by=cast.cora, now=NOW)  # fmt: skip
    session.commit()
    browser.sign_in(cast.cora)
    page = browser.get("/team").text
    assert page.count("cora@example.org") == 1
    for words in ("Coordinator, Ashby", "Health champion, Ashby", "Volunteer navigator, Ashby"):
        assert f"<li>{words}" in page


def test_ending_a_champion_leaves_nobody_without_an_owner(browser: Browser, cast: Cast) -> None:
    [role] = queries.held(cast.cath)
    browser.sign_in(cast.cora)
    assert "will need an owner" not in browser.get(f"/team/roles/{role.id}/end").text


def test_nobody_is_asked_about_ending_what_is_not_theirs_to_end(
    browser: Browser, cast: Cast
) -> None:
    dana = cast.account("Dana", Role.DATA_PROTECTION, cast.surgery)
    [role] = queries.held(dana)
    browser.sign_in(cast.lee)
    assert browser.get(f"/team/roles/{role.id}/end").status_code == 404


@pytest.mark.parametrize(
    ("role", "place", "words"),
    [
        (Role.PRACTICE_STAFF, "surgery", "one of the practice staff at Ashby Surgery"),
        (Role.COORDINATOR, "ashby", "a coordinator in Ashby"),
        (Role.ADMIN, "", "a technical administrator"),
    ],
)
def test_a_role_is_said_inside_a_sentence(cast: Cast, role: Role, place: str, words: str) -> None:
    nia = cast.account("Nia", role, getattr(cast, place) if place else None)
    assert being(queries.held(nia)[0]) == words


def test_a_role_elsewhere_is_not_there_to_end(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.cora)
    for stranger in (cast.dev, cast.petra, cast.ada, cast.otto):
        [role] = queries.held(stranger)
        assert browser.post(f"/team/roles/{role.id}/end").status_code == 404
        assert browser.post(f"/team/roles/{role.id}/give-back").status_code == 404
        session.expire_all()
        assert role.ended_at is None


def test_an_invitation_elsewhere_is_not_there_to_withdraw(
    browser: Browser, session: Session, cast: Cast
) -> None:
    made = service.invite(
        session,
        email="nia@example.org",
        name="Nia",
        role=Role.CHAMPION,
        place={"community_id": cast.elsewhere.id},
        by=cast.dora,
        now=NOW,
    )
    session.commit()
    browser.sign_in(cast.cora)
    for act in ("withdraw", "send-again"):
        assert browser.post(f"/team/invitations/{made.id}/{act}").status_code == 404
    session.expire_all()
    assert made.is_pending


def test_a_practice_lead_does_not_end_the_data_protection_lead(
    session: Session, cast: Cast
) -> None:
    dana = cast.account("Dana", Role.DATA_PROTECTION, cast.surgery)
    [role] = queries.held(dana)
    with pytest.raises(Missing):
        service.end_grant(session, role, by=cast.lee, now=NOW)
    service.end_grant(session, role, by=cast.ada, now=NOW)
    assert role.ended_at == NOW


def test_the_last_administrator_cannot_step_down_alone(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.ada)
    [role] = queries.held(cast.ada)
    answer = browser.post(f"/team/roles/{role.id}/end")
    assert answer.status_code == 422
    assert "Ask another administrator" in answer.text


def test_disabling_an_account_signs_it_out_and_ends_its_roles_in_the_same_request(
    browser: Browser, session: Session, cast: Cast
) -> None:
    token = service.open_session(session, cast.ben, device="", now=NOW)
    person = cast.person("Rose")
    session.commit()
    browser.sign_in(cast.ada)

    answer = browser.post(f"/accounts/{cast.ben.id}/disable")

    assert answer.location == f"/accounts/{cast.ben.id}"
    assert "is disabled" in browser.get(answer.location).text
    session.expire_all()
    assert queries.sign_in_of(session, token, now=NOW) is None
    assert queries.held(cast.ben) == []
    assert queries.keepers(session, community_id=cast.ashby.id) == [cast.cora]
    assert person.owner_id == cast.ben.id  # whoever looks after people finds them a new owner


def test_an_enabled_account_gets_its_roles_back_one_by_one(
    browser: Browser, session: Session, cast: Cast
) -> None:
    token = service.open_session(session, cast.ben, device="", now=NOW)
    browser.sign_in(cast.ada)
    browser.post(f"/accounts/{cast.ben.id}/disable")
    browser.post(f"/accounts/{cast.ben.id}/disable")  # a double click
    role = session.exec(select(Grant).where(Grant.account_id == cast.ben.id)).one()
    assert browser.post(f"/team/roles/{role.id}/give-back").status_code == 422

    browser.post(f"/accounts/{cast.ben.id}/enable")
    browser.post(f"/team/roles/{role.id}/give-back")

    session.expire_all()
    assert queries.sign_in_of(session, token, now=NOW) is None
    assert [grant.role for grant in queries.held(cast.ben)] == [Role.NAVIGATOR]
    actions = session.exec(
        select(AuditEntry.action)
        .where(AuditEntry.subject_id == cast.ben.id)
        .order_by(col(AuditEntry.id))
    ).all()
    assert actions == ["sign in", "disable", "enable"]


def test_nobody_disables_themself_and_only_the_administrator_disables(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.ada)
    assert browser.post(f"/accounts/{cast.ada.id}/disable").status_code == 422
    for account in (cast.cora, cast.lee):
        browser.sign_in(account)
        for path in ("/accounts", f"/accounts/{cast.ben.id}"):
            assert browser.get(path).status_code == 403
        assert browser.post(f"/accounts/{cast.ben.id}/disable").status_code == 403


def test_ada_finds_an_account_by_a_part_of_its_name(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.ada)
    page = browser.get("/accounts?q=ET").text
    assert "petra@example.org" in page
    assert "ben@example.org" not in page
    assert "Nobody found" in browser.get("/accounts?q=%25").text  # a % is only a %
    assert "petra@example.org" in browser.get("/accounts?q=E%00T").text  # PostgreSQL refuses it
    for odd in ("x", "-1", "0", "999999999999999999999"):
        assert browser.get(f"/accounts?page={odd}").status_code == 200


def test_a_longer_team_asks_no_more_questions(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.cora)

    def questions() -> int:
        asked: list[str] = []
        session.expunge_all()
        connection = session.connection()

        def count(*given: object) -> None:
            asked.append(str(given[2]))

        event.listen(connection, "before_cursor_execute", count)
        browser.get("/team")
        event.remove(connection, "before_cursor_execute", count)
        return len(asked)

    before = questions()
    for number in range(10):
        cast.account(f"Helper{number}", Role.CHAMPION, cast.ashby)
    session.commit()
    assert questions() == before


def test_everyone_can_read_what_each_role_can_do(browser: Browser, cast: Cast) -> None:
    page = browser.get("/roles").text
    assert "Practice lead" in page
    assert "Approve a listing or send it back" in page
    assert "their community" in page


def test_a_role_is_given_back_for_a_month_by_whoever_may_give_it(
    session: Session, cast: Cast
) -> None:
    [role] = queries.held(cast.ben)
    assert service.give_back(session, role, by=cast.cora, now=NOW) is role  # it never ended
    service.end_grant(session, role, by=cast.cora, now=NOW)
    for by, days in ((cast.dora, 1), (cast.cora, 31)):
        with pytest.raises(Missing):
            service.give_back(session, role, by=by, now=NOW + timedelta(days=days))
