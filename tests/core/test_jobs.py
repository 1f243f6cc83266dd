from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import Session, select

from asset_hub.communities.models import Borough
from asset_hub.core import calendar, jobs
from asset_hub.core.jobs import Job, JobRun
from tests.cast import NOW
from tests.core.conftest import Site

Count = Callable[[datetime], bool]


@pytest.fixture
def runs() -> list[int]:
    return []


@pytest.fixture
def nightly(runs: list[int]) -> Job:
    return Job("tests.nightly", lambda: runs.append(1), 60, time(3))


@pytest.mark.usefixtures("session")
class TestADailyJob:
    def test_runs_once_whoever_asks(self, nightly: Job, runs: list[int]) -> None:
        assert jobs.run_due(nightly, NOW)
        assert not jobs.run_due(nightly, NOW)
        assert not jobs.run_due(nightly, NOW + timedelta(hours=10))
        assert runs == [1]

    def test_runs_again_the_next_day(self, nightly: Job, runs: list[int]) -> None:
        for day in range(3):
            jobs.run_due(nightly, NOW + timedelta(day))
        assert runs == [1, 1, 1]

    def test_waits_for_its_time_on_london_clocks(self, nightly: Job) -> None:
        before = calendar.at(date(2026, 9, 7), time(2, 59))  # 01:59 UTC
        assert not jobs.run_due(nightly, before)
        assert jobs.run_due(nightly, before + timedelta(minutes=1))

    def test_catches_up_in_the_evening_after_a_day_off(self, nightly: Job) -> None:
        assert jobs.run_due(nightly, calendar.at(date(2026, 9, 7), time(23, 30)))

    @pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)])
    @pytest.mark.parametrize("at", [time(0, 30), time(2), time(3)])
    def test_runs_once_on_the_days_the_clocks_change(
        self, runs: list[int], day: date, at: time
    ) -> None:
        job = Job("tests.changing", lambda: runs.append(1), 60, at)
        moment = calendar.at(day, time(0)) - timedelta(minutes=30)
        while calendar.london(moment).date() <= day:
            if calendar.london(moment).date() == day:
                jobs.run_due(job, moment)
            moment += timedelta(minutes=10)
        assert runs == [1]

    def test_left_half_done_is_taken_up_again_when_its_lease_ends(
        self, nightly: Job, runs: list[int]
    ) -> None:
        def killed() -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            jobs.run_due(Job(nightly.name, killed, 60, nightly.at), NOW)
        assert not jobs.run_due(nightly, NOW + jobs.LEASE / 2)
        assert jobs.run_due(nightly, NOW + jobs.LEASE * 2)
        assert runs == [1]

    def test_finished_late_by_a_frozen_worker_changes_nothing(
        self, nightly: Job, session: Session
    ) -> None:
        period = str(NOW.date())
        old = jobs._claim_day(nightly.name, period, NOW)
        new = jobs._claim_day(nightly.name, period, NOW + jobs.LEASE * 2)
        assert old
        assert new
        jobs._finish_day(nightly.name, period, old)
        assert session.get_one(JobRun, (nightly.name, period)).finished_at is None
        jobs._finish_day(nightly.name, period, new)
        session.expire_all()
        assert session.get_one(JobRun, (nightly.name, period)).finished_at == NOW


@pytest.mark.parametrize("at", [time(1), time(1, 30), time(1, 59)])
def test_no_job_may_run_in_the_hour_that_october_has_twice(at: time) -> None:
    with pytest.raises(ValueError, match="may have two"):
        jobs.daily(at=at)


def test_one_failure_spoils_only_one(session: Session) -> None:
    keys = [UUID(int=n) for n in range(3)]

    def work(session: Session, key: UUID) -> None:
        session.add(Borough(id=key, name=str(key)))
        session.flush()
        if key.int == 1:
            raise ValueError

    jobs.one_by_one(keys, work)
    assert {row.id.int for row in session.exec(select(Borough))} == {0, 2}


def test_the_worker_says_that_it_is_alive(session: Session) -> None:
    assert jobs.last_beat(session) is None
    jobs.beat()
    assert jobs.last_beat(session) == NOW


def test_a_clock_set_back_does_not_turn_the_heartbeat_back(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.beat()
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW - timedelta(days=1))
    jobs.beat()
    assert jobs.last_beat(session) == NOW


def test_the_scheduler_ticks_every_job_and_forgives_lateness(site: Site) -> None:
    scheduler = jobs.scheduler(site.app)
    ticks = {job.id: job for job in scheduler.get_jobs()}
    assert set(ticks) == set(jobs.REGISTRY) >= {"core.deliver", "core.beat", "core.tidy"}
    scheduler._eventloop = None
    for job in scheduler._pending_jobs:
        assert job[0].trigger.interval == timedelta(seconds=jobs.REGISTRY[job[0].id].seconds)
    defaults = scheduler._job_defaults
    assert (defaults["coalesce"], defaults["max_instances"]) == (True, 1)
    assert defaults["misfire_grace_time"] is None


def test_a_tick_that_fails_is_told_by_our_log_and_stops_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def ill() -> None:
        raise ValueError("rose@example.org")

    monkeypatch.setattr(jobs, "REGISTRY", {"tests.ill": Job("tests.ill", ill, 5)})
    [tick] = jobs.scheduler(site.app).get_jobs()
    tick.func()
    assert "tests.ill failed" in caplog.messages


def test_commands_list_and_run_the_jobs(app: Flask, session: Session) -> None:
    runner = app.test_cli_runner()
    listed = runner.invoke(args=["jobs", "list"]).output
    assert "daily from 03:00   core.tidy" in listed
    assert "every 5 s          core.deliver" in listed
    assert runner.invoke(args=["jobs", "run", "core.beat"]).exit_code == 0
    assert jobs.last_beat(session) == NOW
    assert NOW.tzinfo is UTC
