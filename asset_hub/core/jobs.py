"""Work that happens on its own. APScheduler only ticks; what is done is claimed as rows.

`@every(seconds)` runs at each tick and must claim its own rows. `@daily(at)` runs once a day
by whichever worker claims the day first; a worker that was down catches up when it starts, and
a day left half done by a killed worker is taken up again when its lease ends.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import click
from flask import Flask
from sqlalchemy import or_, update
from sqlmodel import Field, Session, SQLModel

from asset_hub.core import calendar, clock, db, ids, outbox, throttle, wiping
from asset_hub.core.db import moment

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
Work = Callable[[], object]


class JobRun(SQLModel, table=True):
    """One job on one day, claimed under a lease; also each job's heartbeat (period "beat")."""

    __tablename__ = "job_run"

    name: str = Field(primary_key=True, max_length=80)
    period: str = Field(primary_key=True, max_length=20)
    token: str = Field(max_length=64)
    lease_until: datetime = moment()
    finished_at: datetime | None = moment(default=None)


@dataclass(frozen=True)
class Job:
    """A function, its name for the command line, and when it runs."""

    name: str
    run: Work
    seconds: int
    at: time | None = None


REGISTRY: dict[str, Job] = {}


def every(seconds: int) -> Callable[[Work], Work]:
    """Declare that a function runs every so many seconds in each worker."""
    return lambda run: _register(run, seconds, None)


def daily(at: time) -> Callable[[Work], Work]:
    """Declare that a function runs once a day, at or after a time on London's clocks.

    Times between 01:00 and 02:00 are refused: they happen twice in October, never in March (T4).
    """
    if at.hour == 1:
        raise ValueError("between 01:00 and 02:00 a day may have two of a time, or none")
    return lambda run: _register(run, 60, at)


def _register(run: Work, seconds: int, at: time | None) -> Work:
    name = f"{run.__module__.split('.')[-2]}.{getattr(run, '__name__', '')}"
    REGISTRY[name] = Job(name, run, seconds, at)
    return run


def one_by_one(keys: Iterable[UUID], work: Callable[[Session, UUID], object]) -> None:
    """Do the work for each key in a transaction of its own: one failure spoils only one."""
    for key in keys:
        try:
            with db.transaction() as session:
                work(session, key)
        except Exception:
            log.exception("%s failed for %s", getattr(work, "__qualname__", work), key)


def run_due(job: Job, now: datetime) -> bool:
    """Run a job if its time has come and nobody else has it; return whether it ran."""
    if job.at is None:
        job.run()
        return True
    local = calendar.london(now)
    if local.time() < job.at or not (token := _claim_day(job.name, str(local.date()), now)):
        return False
    job.run()
    _finish_day(job.name, str(local.date()), token)
    return True


def _claim_day(name: str, period: str, now: datetime) -> str | None:
    row: Any = JobRun
    token = ids.token()
    values = {"name": name, "period": period, "token": token, "lease_until": now + LEASE}
    with db.transaction() as session:
        insert = db.INSERT[session.get_bind().dialect.name](row).values(values)
        claimed = insert.on_conflict_do_update(
            index_elements=["name", "period"],
            set_={"token": token, "lease_until": now + LEASE},
            where=(row.finished_at.is_(None)) & (row.lease_until < now),
        ).returning(row.token)
        return token if session.exec(claimed).first() else None


def _finish_day(name: str, period: str, token: str) -> None:
    row: Any = JobRun
    mine = (row.name == name) & (row.period == period) & (row.token == token)
    with db.transaction() as session:
        session.exec(update(row).where(mine).values(finished_at=clock.now()))


def last_beat(session: Session) -> datetime | None:
    """Return when a worker was last alive."""
    found = session.get(JobRun, ("worker", "beat"))
    return found.lease_until if found else None


@every(seconds=5)
def deliver() -> None:
    """Send what the outbox holds."""
    outbox.deliver()


@every(seconds=30)
def beat() -> None:
    """Say that a worker is alive."""
    row: Any = JobRun
    now = clock.now()
    values = {"name": "worker", "period": "beat", "token": "", "lease_until": now}
    with db.transaction() as session:
        insert = db.INSERT[session.get_bind().dialect.name](row).values(values)
        session.exec(
            insert.on_conflict_do_update(
                index_elements=["name", "period"],
                set_={"lease_until": now},
                where=or_(row.lease_until < now),
            )
        )


@daily(at=time(3))
def tidy() -> None:
    """Forget counts of tries that are over, and to whom letters went a month ago."""
    with db.transaction() as session:
        throttle.forget(session, before=clock.now() - timedelta(days=2))
        wiping.forget_old_letters(session, now=clock.now())


def scheduler(app: Flask) -> Any:
    """Return a scheduler that ticks every declared job inside an app context (T3)."""
    from apscheduler.schedulers.blocking import BlockingScheduler

    def ticking(job: Job) -> Callable[[], None]:
        def tick() -> None:
            with app.app_context():
                try:
                    run_due(job, clock.now())
                except Exception:  # by our own log, which writes no values; the next tick comes
                    log.exception("%s failed", job.name)

        return tick

    rules = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    found = BlockingScheduler(timezone=UTC, job_defaults=rules)
    for job in REGISTRY.values():
        soon = datetime.now(UTC)  # the scheduler goes by the machine, not by our clock
        found.add_job(
            ticking(job), "interval", seconds=job.seconds, id=job.name, next_run_time=soon
        )
    return found


def _stop(found: Any) -> None:
    """Stop a scheduler, even when told twice: by a person's Ctrl+C and by whoever started us."""
    if found.running:
        found.shutdown(wait=False)


def init_app(app: Flask) -> None:
    """Add `flask worker`, `flask jobs list` and `flask jobs run NAME`."""

    @app.cli.command("worker")
    def worker() -> None:
        """Send messages, raise reminders, tidy up: everything that happens on its own."""
        import signal

        found = scheduler(app)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: _stop(found))
        click.echo(f"The worker keeps {len(REGISTRY)} jobs. Stop it with Ctrl+C.")
        found.start()

    @app.cli.group("jobs")
    def jobs() -> None:
        """Look after scheduled work."""

    @jobs.command("list")
    def list_() -> None:
        """Say what runs, and how often."""
        for job in REGISTRY.values():
            when = f"daily from {job.at:%H:%M}" if job.at else f"every {job.seconds} s"
            click.echo(f"{when:18} {job.name}")

    @jobs.command("run")
    @click.argument("name")
    def run(name: str) -> None:
        """Run one job now."""
        REGISTRY[name].run()
