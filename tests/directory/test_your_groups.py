"""Otto, who owns the choir, finds what he keeps; a champion finds no groups of others there."""

import pytest
from sqlmodel import Session

from asset_hub.accounts.views.door import home_of
from asset_hub.directory import queries, service
from asset_hub.directory.models import Service, Standing
from tests.cast import NOW, Cast
from tests.conftest import Browser


@pytest.fixture
def choir(cast: Cast, session: Session) -> Service:
    cast.choir.confirmed_at = None
    service.publish(session, cast.choir, now=NOW)
    session.commit()
    return cast.choir


def test_otto_sees_his_groups_and_says_one_is_right(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    cast.service("Ashby sewing", standing=Standing.RETURNED)
    cast.service("Ashby secret", standing=Standing.UNCONFIRMED)
    session.commit()
    browser.sign_in(cast.otto)
    page = browser.get("/your-groups").text
    assert page.index("Ashby choir") < page.index("Ashby sewing")
    assert "Ashby secret" not in page, "nobody has said yet that it is theirs"
    page = browser.post(f"/groups/{choir.id}/still-right", follow_redirects=True).text
    assert "Ashby choir is confirmed today" in page
    session.refresh(choir)
    assert (choir.confirmed_at, choir.confirmed_by) == (NOW, "the people who run it")


def test_a_champion_speaks_for_the_team_not_for_the_group(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    browser.post(f"/groups/{choir.id}/still-right")
    session.refresh(choir)
    assert choir.confirmed_by == "the community’s team"


def test_the_room_is_the_owners(browser: Browser, cast: Cast, choir: Service) -> None:
    browser.sign_in(cast.otto)
    assert 'href="/your-groups"' in browser.get("/account").text
    browser.sign_in(cast.cath)
    assert 'href="/your-groups"' not in browser.get("/account").text
    page = browser.get("/your-groups").text
    assert "Ashby choir" not in page
    assert "You run no group here yet" in page


def test_another_owner_sees_nothing_of_ottos(cast: Cast, session: Session, choir: Service) -> None:
    assert queries.mine(session, cast.otto) == [choir]
    assert queries.mine(session, cast.mia) == []
    cast.otto.grants[0].ended_at = NOW
    assert queries.mine(session, cast.otto) == []


def test_otto_lands_on_his_groups(cast: Cast) -> None:
    assert home_of(cast.otto) == "/your-groups"
    assert home_of(cast.cath) == "/to-approve"
    assert home_of(cast.mia) == "/account"


def test_otto_changes_a_group_that_waits_and_comes_back_to_his_own(
    browser: Browser, session: Session, cast: Cast
) -> None:
    waiting = cast.service("Ashby sewing", standing=Standing.WAITING)
    session.commit()
    browser.sign_in(cast.otto)
    page = browser.get(f"/groups/{waiting.id}/edit").text
    assert 'href="/your-groups"' in page
    assert f"/to-approve/{waiting.id}" not in page, "a page he may not see"
