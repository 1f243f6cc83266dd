"""Where the second step is required: what it opens, and what is shut without it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session

from asset_hub.accounts import service
from asset_hub.core.access import allows, label_of, scopes
from asset_hub.core.powers import POWERS, ROLE_WORDS, Can, Role, is_guarded
from tests.accounts.factors import require, signed_in
from tests.cast import NOW, PASSWORD, Cast
from tests.conftest import Browser
from tests.test_matrix import HERE, TABLE, Door, World, verdict
from tests.test_matrix import world as world

GUARDED = {
    "navigator",
    "coordinator",
    "practice_staff",
    "practice_lead",
    "data_protection",
    "admin",
}


@pytest.fixture
def strict(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    require(app, monkeypatch)


def test_every_role_over_people_and_who_says_who_may_is_guarded() -> None:
    assert {role.value for role in Role if is_guarded(role)} == GUARDED
    assert set(ROLE_WORDS) == set(Role)
    for role in Role:
        if Can.READ_PERSON in POWERS[role]:
            assert is_guarded(role)


def test_a_role_asleep_carries_no_power_anywhere(session: Session, cast: Cast) -> None:
    for account in (cast.ben, cast.cora, cast.petra, cast.lee, cast.ada):
        account.asleep = True
        assert [power for power in Can if allows(account, power) or scopes(account, power)] == []
        account.asleep = False
        assert account.given


def test_another_role_stays_awake(session: Session, cast: Cast) -> None:
    service.grant(
        session, cast.cora, Role.CHAMPION, place={"community_id": cast.ashby.id}, by=None, now=NOW
    )
    session.refresh(cast.cora)
    cast.cora.asleep = True
    assert allows(cast.cora, Can.APPROVE_LISTING)
    assert not allows(cast.cora, Can.READ_PERSON)


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("name", ["ben", "cora", "petra", "lee", "ada"])
def test_signing_in_with_the_password_alone_leads_to_setting_one_up(
    browser: Browser, cast: Cast, name: str
) -> None:
    form = {"email": f"{name}@example.org", "password": PASSWORD}
    assert browser.post("/sign-in", data=form).location == "/account/security"
    page = browser.get("/account").text
    assert "Your roles wait until you have set up a second step" in page
    assert 'aria-label="Your work"' not in page, "no room is offered that is shut"


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("name", "home"), [("mia", "/account"), ("otto", "/your-groups"), ("cath", "/to-approve")]
)
def test_who_reads_about_nobody_needs_none(
    browser: Browser, cast: Cast, name: str, home: str
) -> None:
    form = {"email": f"{name}@example.org", "password": PASSWORD}
    assert browser.post("/sign-in", data=form).location == home


@pytest.mark.usefixtures("strict")
def test_a_page_on_people_leads_to_setting_one_up_and_is_come_back_to(
    browser: Browser, cast: Cast
) -> None:
    rose = cast.person()
    signed_in(browser, cast.ben, factor=None)
    answer = browser.get(f"/people/{rose.id}")
    assert answer.location.startswith("/account/security")
    assert "Rose" not in answer.text
    with browser.session_transaction() as cookie:
        assert cookie["onward"] == f"/people/{rose.id}"
    signed_in(browser, cast.ben, factor=NOW)
    assert "Rose" in browser.get(f"/people/{rose.id}").text


@pytest.mark.usefixtures("strict")
def test_what_was_sent_meanwhile_is_not_lost(browser: Browser, cast: Cast) -> None:
    rose = cast.person()
    signed_in(browser, cast.ben, factor=None)
    sent = browser.post(f"/people/{rose.id}/change", data={"matters": "She would sing again"})
    assert sent.location.startswith("/account/security")
    assert "She would sing again" in browser.get("/carry-on").text


@pytest.mark.usefixtures("strict")
def test_a_page_that_is_not_ones_own_stays_refused(browser: Browser, cast: Cast) -> None:
    signed_in(browser, cast.petra, factor=None)
    assert browser.get("/accounts").status_code == 403


@pytest.mark.usefixtures("strict")
def test_a_champion_who_becomes_a_coordinator_is_asked_from_the_next_click(
    browser: Browser, session: Session, cast: Cast
) -> None:
    signed_in(browser, cast.cath, factor=None)
    service.grant(
        session,
        cast.cath,
        Role.COORDINATOR,
        place={"community_id": cast.ashby.id},
        by=None,
        now=NOW,
    )
    session.commit()
    session.refresh(cast.cath)
    assert browser.get("/people").location.startswith("/account/security")
    assert browser.get("/to-approve").status_code == 200


@pytest.fixture
def strict_world(world: World) -> Iterator[World]:
    """The world of the matrix, where everybody signed in with the password alone."""
    before = world.app.extensions["settings"]
    world.app.extensions["settings"] = replace(before, second_factor="required")
    yield world
    world.app.extensions["settings"] = before


def _shut(world: World, who: str, endpoint: str) -> Iterator[str]:
    rules = [rule for rule in world.app.url_map.iter_rules() if rule.endpoint == endpoint]
    for method in sorted({m for rule in rules for m in rule.methods or ()} & {"GET", "POST"}):
        answer: Any = world.ask(who, method, world.address(endpoint, HERE))
        led = (answer.headers.get("Location") or "").startswith("/account/security")
        if not led and verdict(answer) != "refused":
            yield f"{who} {method} {endpoint}: {answer.status_code}"


@pytest.mark.parametrize("who", ["ben", "lee"])
def test_every_door_of_every_role_over_people_is_shut_without_it(
    strict_world: World, who: str
) -> None:
    doors = [name for name, door in TABLE.items() if isinstance(door, Door)]
    found = [line for name in doors for line in _shut(strict_world, who, name)]
    assert not found, "\n".join(found)
    assert len(doors) > 60


def test_the_same_doors_are_open_where_it_is_only_offered(world: World) -> None:
    assert verdict(world.ask("ben", "GET", world.address("people.show", HERE))) == "in"
    labels = {label_of(view) for view in world.app.view_functions.values()}
    assert Can.READ_PERSON in labels
