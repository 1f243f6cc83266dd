"""Who answers before anybody reminds them is asked later; nobody else is."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session

from asset_hub.core import clock
from asset_hub.core.calendar import is_working_day
from asset_hub.directory import service
from asset_hub.directory.models import Sign, Step
from asset_hub.directory.rules import freshness as rules
from tests.cast import TODAY, Cast
from tests.directory.test_ladder import World


@pytest.fixture
def world(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(session, cast, monkeypatch)


def asked_after(world: World) -> int:
    """Return after how many days from now the choir is asked next."""
    due = world.row().due_on
    assert due is not None
    assert is_working_day(due)
    return (due - clock.today()).days


def test_who_answers_the_first_mail_is_asked_two_weeks_later_the_next_time(world: World) -> None:
    world.until(Step.ASKED)
    service.still_right(world.session, world.choir, by=None, now=clock.now())
    assert asked_after(world) in range(175, 180)


def test_who_had_to_be_reminded_is_asked_as_before(world: World) -> None:
    world.until(Step.REMINDED)
    service.still_right(world.session, world.choir, by=None, now=clock.now())
    assert asked_after(world) in range(160, 165)


def test_what_a_champion_had_to_find_out_is_asked_as_before(world: World) -> None:
    world.until(Step.ASKED)
    cath = world.cast.cath
    for said in (service.heard, service.visited):
        said(world.session, world.choir, by=cath, now=clock.now())
        assert asked_after(world) in range(160, 165)
        world.session.rollback()


def test_a_group_that_welcomes_somebody_is_never_asked_sooner_for_it(world: World) -> None:
    world.until(Step.ASKED)
    service.still_right(world.session, world.choir, by=None, now=clock.now())
    before = world.row().due_on
    service.signal(
        world.session, world.choir, Sign.ATTENDED, at=clock.now() + timedelta(days=90), cause="went"
    )
    assert world.row().due_on == before


def test_the_steady_are_asked_within_six_months(app: Flask) -> None:
    assert rules.ASK_AFTER < rules.ASK_STEADY_AFTER < rules.SURE_FOR - timedelta(days=7)
    asked = rules.ask_on(rules.Life(clock.now()), today=TODAY, steady=True)
    assert asked >= clock.today() + rules.ASK_STEADY_AFTER


def test_nobody_is_asked_beside_something_else_who_said_so_lately(world: World) -> None:
    assert not service.worth_asking(world.choir, now=clock.now())
    assert not service.worth_asking(world.choir, now=clock.now() + timedelta(days=120))
    assert service.worth_asking(world.choir, now=clock.now() + timedelta(days=121))
    world.choir.confirmed_at = None
    assert service.worth_asking(world.choir, now=clock.now())
    service.close(world.session, world.choir, by=None, now=clock.now())
    assert not service.worth_asking(world.choir, now=clock.now())
