"""The demo place: whole, in every state, dated from today, and never where people's data is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session, SQLModel, col, select

from asset_hub import create_app
from asset_hub.accounts.models import Account
from asset_hub.accounts.service import check_password
from asset_hub.connections.models import ENDED, Connection, State
from asset_hub.core import audit, clock, db
from asset_hub.core.outbox import Message, MessageState
from asset_hub.core.powers import Role
from asset_hub.demo import draw, service
from asset_hub.demo.places import PASSWORD
from asset_hub.demo.town import PICTURES
from asset_hub.directory.models import (
    Asks,
    Away,
    ChangeRequest,
    Closure,
    Duplicate,
    Listing,
    Schedule,
    Service,
    Standing,
    Watch,
)
from asset_hub.followups import queries as followups
from asset_hub.interop.models import ImportRun
from asset_hub.interop.models import Stage as Import
from asset_hub.volunteers.models import Stage, Volunteer
from tests.cast import NOW, TODAY
from tests.conftest import test_settings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("demo")
    app = create_app(test_settings(f"sqlite:///{folder}/hub.db", folder))
    with app.app_context():
        SQLModel.metadata.create_all(db.engine())
        with db.transaction() as session:
            service.fill(session, now=NOW)
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def town(site: Flask) -> Iterator[Session]:
    with site.app_context():
        yield db.session()


def test_there_is_a_connection_in_every_state(town: Session) -> None:
    assert {connection.state for connection in town.exec(select(Connection))} == set(State)


def test_there_are_three_dozen_groups_and_some_on_their_way(town: Session) -> None:
    standings = [one.standing for one in town.exec(select(Service))]
    assert set(standings) == set(Standing)
    assert standings.count(Standing.LISTED) == len(town.exec(select(Listing)).all()) == 36


def test_every_role_can_be_tried(town: Session) -> None:
    accounts = town.exec(select(Account)).all()
    assert {grant.role for account in accounts for grant in account.grants} == set(Role)
    for account in accounts[:1]:
        assert check_password(town, email=account.email, password=PASSWORD) == account


def test_the_navigator_has_something_overdue_due_and_coming(town: Session) -> None:
    wanted = select(Account).where(Account.email == "navigator@demo.example")
    nadia = town.exec(wanted).one()
    agenda = followups.agenda(town, nadia, who=followups.Who.MINE, today=TODAY)
    assert all(agenda.counts[when] for when in followups.When), agenda.counts


def test_nothing_is_promised_for_an_ended_connection(town: Session) -> None:
    for connection in town.exec(select(Connection)):
        assert (connection.next_check_on is None) == (connection.state in ENDED)


def test_nothing_happens_after_today_and_everything_is_audited(town: Session) -> None:
    for entry in town.exec(select(audit.AuditEntry)):
        assert entry.at <= NOW
    assert not list(audit.broken_links(town))


def test_only_letters_that_still_ask_for_something_wait(town: Session) -> None:
    waiting = select(Message.kind).where(Message.state == MessageState.DUE)
    assert set(town.exec(waiting)) <= set(service.STILL_ASKING)


def test_volunteers_were_welcomed_or_wait(town: Session) -> None:
    assert {one.stage for one in town.exec(select(Volunteer))} == {Stage.WELCOMED, Stage.APPLIED}


def test_a_fortnightly_group_meets_on_a_day_to_come(town: Session) -> None:
    dated = select(Schedule).where(col(Schedule.dtstart).is_not(None))
    found = town.exec(dated).all()
    assert found
    assert all(one.dtstart > TODAY for one in found if one.dtstart)


def test_every_page_of_keeping_it_right_has_something_to_show(town: Session) -> None:
    asked = {change.asks for change in town.exec(select(ChangeRequest))}
    assert {Asks.CHANGE, Asks.GONE} <= asked
    assert {closure.kind for closure in town.exec(select(Closure))} == set(Away)
    assert town.exec(select(Watch)).all()
    run = town.exec(select(ImportRun)).one()
    assert run.stage is Import.CHECKING, "the worker looks at it first"


def test_two_listings_may_be_the_same_choir(town: Session) -> None:
    pair = town.exec(select(Duplicate)).one()
    both = {town.get_one(Service, key).name for key in (pair.one_id, pair.other_id)}
    assert both == {"Friday Voices", "Friday Voices Choir"}


def test_groups_have_pictures_and_say_what_room_they_have(town: Session) -> None:
    pictured = [one for one in town.exec(select(Service)) if one.photo_id]
    assert len(pictured) == len(draw.SCENES) == len(list(PICTURES.glob("*.jpg")))
    room = [one.card.get("room") for one in town.exec(select(Listing))]
    assert any(room)


def test_a_refuge_is_on_no_map(town: Session) -> None:
    hidden = town.exec(select(Listing).where(Listing.name == "The Other Door")).one()
    assert "AV2 2LW" not in str(hidden.card)
    assert "Tenter" not in str(hidden.card)


def test_filling_again_changes_nothing(site: Flask, town: Session) -> None:
    before = len(town.exec(select(audit.AuditEntry.id)).all())
    town.rollback()
    result = site.test_cli_runner().invoke(args=["demo", "fill"])
    assert (result.exit_code, result.output) == (0, "")
    assert len(town.exec(select(audit.AuditEntry.id)).all()) == before


def empty(folder: Path, **more: object) -> Flask:
    app = create_app(test_settings(f"sqlite:///{folder}/hub.db", folder, **more))
    with app.app_context():
        SQLModel.metadata.create_all(db.engine())
    return app


def test_a_database_with_other_data_is_left_alone(tmp_path: Path) -> None:
    app = empty(tmp_path)
    with app.app_context(), db.transaction() as session:
        session.add(Account(name="Mia", email="mia@example.org", created_at=clock.now()))
    for words, said in ((["--if-empty"], ""), ([], "other data")):
        result = app.test_cli_runner().invoke(args=["demo", "fill", *words])
        assert result.exit_code == 3
        assert said in result.output
    with app.app_context():
        assert len(db.session().exec(select(Account)).all()) == 1
    app.extensions["engine"].dispose()


def test_production_refuses_it(tmp_path: Path) -> None:
    app = empty(tmp_path)
    app.extensions["settings"] = replace(app.extensions["settings"], env="production")
    result = app.test_cli_runner().invoke(args=["demo", "fill"])
    assert result.exit_code == 1
    assert "not in production" in result.output
    app.extensions["engine"].dispose()
