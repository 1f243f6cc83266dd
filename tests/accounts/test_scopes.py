"""What a coordinator of another place must not learn from the team page."""

from sqlmodel import Session

from asset_hub.accounts import queries, service
from asset_hub.core.powers import Role
from tests.cast import NOW, Cast
from tests.conftest import Browser


def test_dora_learns_nothing_of_ashbys_invitations_and_ended_roles(
    browser: Browser, session: Session, cast: Cast
) -> None:
    service.invite(
        session, email="nia@example.org", name="Nia", role=Role.CHAMPION,
        place={"community_id": cast.ashby.id}, by=cast.cora, now=NOW,
    )  # fmt: skip
    [role] = queries.held(cast.ben)
    role.ended_at = NOW
    session.commit()

    browser.sign_in(cast.cora)
    ours = browser.get("/team").text
    assert "nia@example.org" in ours
    assert "Ben" in ours

    browser.sign_in(cast.dora)
    theirs = browser.get("/team").text
    assert "nia@example.org" not in theirs
    assert "Ben" not in theirs
