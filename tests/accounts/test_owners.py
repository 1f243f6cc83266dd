"""An owner's role comes from a proven address; an administrator can take it away."""

from sqlmodel import Session

from asset_hub.accounts import service
from asset_hub.core.powers import Role
from tests.cast import NOW, Cast
from tests.conftest import Browser


def test_ada_ends_an_owners_role_and_gives_it_back(
    browser: Browser, session: Session, cast: Cast
) -> None:
    [role] = cast.otto.grants
    browser.sign_in(cast.ada)
    assert f"/team/roles/{role.id}/end" in browser.get("/team").text
    browser.post(f"/team/roles/{role.id}/end")
    session.refresh(role)
    assert role.ended_at == NOW
    browser.post(f"/team/roles/{role.id}/give-back")
    session.expire_all()
    assert [held.role for held in cast.otto.given] == [Role.OWNER]


def test_nobody_else_ends_it_and_nobody_offers_it(
    browser: Browser, session: Session, cast: Cast
) -> None:
    [role] = cast.otto.grants
    browser.sign_in(cast.cora)
    assert browser.post(f"/team/roles/{role.id}/end").status_code == 404
    assert not service.may_end(cast.lee, role.role, role.place)
    assert not service.may_give(cast.ada, role.role, role.place)
    assert Role.OWNER not in service.givable(cast.ada)
