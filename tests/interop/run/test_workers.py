"""Workers that are killed, frozen or fail in the middle of an import."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, func, select

from asset_hub.directory.models import Listing, Service, Standing
from asset_hub.interop.batch import taking
from asset_hub.interop.models import ImportRow, ImportRun, Outcome, Stage
from asset_hub.interop.run import going, holding, undoing, working
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.interop.feeds import service
from tests.interop.office import Office

LATER = NOW + timedelta(minutes=5)


class Killed(BaseException):
    """What kill -9 leaves: the transaction that was open is gone, and nothing is tidied up."""


@pytest.fixture
def office(session: Session, cast: Cast, browser: Browser, monkeypatch: Any) -> Office:
    monkeypatch.setattr(going, "BATCH", 3)
    monkeypatch.setattr(undoing, "BATCH", 3)
    return Office(session, browser, cast.cora)


def dies_at(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, call: int) -> None:
    """Kill the worker just after it has done something for the nth time, before it lands."""
    real, calls = getattr(where, name), []

    def dies(*arguments: Any, **more: Any) -> Any:
        found = real(*arguments, **more)
        calls.append(1)
        if len(calls) == call:
            raise Killed
        return found

    monkeypatch.setattr(where, name, dies)


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: LATER)


FEED = [service(n) for n in range(1, 11)]


@pytest.mark.parametrize("batch", [1, 2, 3, 4])
def test_another_worker_goes_on_and_nothing_is_doubled(
    office: Office, session: Session, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    run = office.run(FEED)
    office.browser.post(f"/import/{run.id}/go")
    with monkeypatch.context() as patch:
        dies_at(patch, taking.Taker, "take", batch)
        with pytest.raises(Killed):
            working.work()
    there = session.exec(select(func.count()).select_from(Listing)).one()
    assert there == (batch - 1) * 3, "whole batches only"
    assert working.work() == 0, "the dead worker’s lease still holds"
    later(monkeypatch)
    assert working.work() == 1
    run = office.at(run.id)
    assert (run.stage, run.counts["added"]) == (Stage.DONE, 10)
    assert session.exec(select(func.count()).select_from(Listing)).one() == 10
    rows = session.exec(select(ImportRow.number).where(ImportRow.run_id == run.id)).all()
    assert sorted(rows) == list(range(1, 11))


@pytest.mark.parametrize("batch", [1, 3])
def test_looking_goes_on_too(
    office: Office, session: Session, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    office.send([*FEED, FEED[0], {"id": "x"}])
    with monkeypatch.context() as patch:
        dies_at(patch, taking.Taker, "take", batch)
        with pytest.raises(Killed):
            working.work()
    later(monkeypatch)
    working.work()
    run = session.exec(select(ImportRun)).one()
    session.refresh(run)
    said = (run.counts["added"], run.counts["repeated"], run.counts["refused"])
    assert (run.stage, said) == (Stage.READY, (10, 1, 1)), "also what it had seen before"


def test_undoing_goes_on_too(
    office: Office, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = office.imports(FEED)
    office.browser.post(f"/import/{run.id}/undo")
    with monkeypatch.context() as patch:
        dies_at(patch, undoing, "_put_back", 2)
        with pytest.raises(Killed):
            working.work()
    assert session.exec(select(func.count()).select_from(Listing)).one() == 7
    later(monkeypatch)
    working.work()
    run = office.at(run.id)
    assert (run.stage, run.counts["back"]) == (Stage.UNDONE, 10)
    closed = select(func.count()).where(Service.standing == Standing.CLOSED)
    assert session.exec(closed).one() == 10


def test_a_frozen_worker_finds_its_run_taken_and_writes_nothing(
    office: Office, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = office.run(FEED)
    office.browser.post(f"/import/{run.id}/go")
    real = taking.Taker.take

    def slow(taker: Any, other: Session, rows: Any) -> Any:
        session.execute(
            update(ImportRun).where(col(ImportRun.id) == run.id).values(token="another’s")
        )
        return real(taker, other, rows)

    with monkeypatch.context() as patch:
        patch.setattr(taking.Taker, "take", slow)
        working.work()
    assert session.exec(select(func.count()).select_from(Listing)).one() == 0
    assert office.rows(run, Outcome.ADDED) == []


def test_a_run_that_fails_again_and_again_is_given_up(
    office: Office, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.send(FEED)
    at = [NOW]
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: at[0])
    monkeypatch.setattr(going, "_through", lambda *_: 1 / 0)
    for _ in range(8):
        working.work()
        at[0] += timedelta(minutes=3)
    run = session.exec(select(ImportRun)).one()
    session.refresh(run)
    assert run.stage is Stage.FAILED
    assert "Something went wrong" in run.message


def test_a_file_that_kills_every_worker_is_given_up(
    office: Office, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.send(FEED)
    at = [NOW]
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: at[0])

    def dies(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr(going, "_count", dies)
    for _ in range(working.MOST_DEATHS):
        with pytest.raises(Killed):
            working.work()
        at[0] += timedelta(minutes=3)
    working.work()
    run = session.exec(select(ImportRun)).one()
    session.refresh(run)
    assert (run.stage, run.message) == (Stage.FAILED, working.DIED)


def test_two_workers_never_have_one_run(office: Office) -> None:
    office.send(FEED)
    first, second = holding.claim(), holding.claim()
    assert first
    assert second is None
