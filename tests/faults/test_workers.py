"""Two workers, a real mail server, and everything that can happen to them (TRUST.md, promises 1–3).

`FAULT_KILLS` and `FAULT_REMINDERS` make the kill loop longer: 500 and 10000 take some minutes.
"""

import os
import random
import signal
import time
from datetime import timedelta

import pytest
from sqlmodel import func, select

from asset_hub.core import outbox
from asset_hub.core.outbox import MessageState
from asset_hub.followups.models import Reminder
from tests.faults.bench import START, Bench

pytestmark = pytest.mark.faults
KILLS = int(os.environ.get("FAULT_KILLS", "12"))
REMINDERS = int(os.environ.get("FAULT_REMINDERS", "1000"))


def nothing_is_lost(site: Bench, count: int) -> None:
    """Every due connection led to one reminder, one message and at least one letter."""
    with site.session() as session:
        assert session.exec(select(func.count()).select_from(Reminder)).one() == count
    messages = [row for row in site.messages() if row["kind"] == "follow-up-due"]
    assert len(messages) == count
    assert {row["state"] for row in messages} == {MessageState.SENT}
    assert set(site.sink.ids) == {f"<{row['id']}@127.0.0.1>" for row in messages}


def test_killed_again_and_again_two_workers_lose_nothing(site: Bench) -> None:
    site.fill(REMINDERS)
    dice = random.Random(KILLS)
    began = time.monotonic()
    with site.workers() as workers:
        for _ in range(2):
            workers.start()
        for kill in range(1, KILLS + 1):  # spread over the work, at moments nobody chose
            mark = kill * REMINDERS // (KILLS + 1)
            site.wait(lambda mark=mark: site.sink.begun >= mark)
            time.sleep(dice.uniform(0, 0.05))
            workers.kill(dice.choice(workers.pids))
            workers.start()
        site.wait(lambda: not site.left())
    took = time.monotonic() - began
    print(  # noqa: T201 (figures for whoever runs it with -s)
        f"{site.app.extensions['engine'].dialect.name}: {REMINDERS} reminders, "
        f"{workers.kills} kills, {len(site.sink.ids)} letters, {site.sink.doubles} doubled, "
        f"{took:.1f} s"
    )
    assert workers.kills == KILLS
    nothing_is_lost(site, REMINDERS)
    assert site.sink.doubles <= workers.kills


def test_a_frozen_worker_wakes_up_and_changes_nothing(site: Bench) -> None:
    site.fill(60)
    site.sink.delay = 0.05
    with site.workers() as workers:
        frozen = workers.start()
        site.wait(lambda: site.sink.begun >= 3 and len(site.messages()) == 60)
        os.kill(frozen, signal.SIGSTOP)
        workers.start()
        site.clock.leap(timedelta(minutes=10))
        site.wait(lambda: not site.left())
        before = site.messages()
        os.kill(frozen, signal.SIGCONT)
        time.sleep(0.5)
        assert site.messages() == before
    nothing_is_lost(site, 60)
    assert site.sink.doubles <= 1


def test_a_rude_mail_server_gets_every_letter_in_the_end(site: Bench) -> None:
    site.fill(120)
    site.sink.rude = 0.1
    with site.workers() as workers:
        workers.start()
        workers.start()
        site.wait(lambda: not site.left())
    nothing_is_lost(site, 120)
    assert site.sink.begun > 120


def test_a_poisoned_message_is_parked_and_delays_nobody(site: Bench) -> None:
    site.fill(20)
    with site.session() as session:
        outbox.post(
            session, "no-such-template", to="x@example.org", cause="poison",
            now=START - timedelta(hours=1),
        )  # fmt: skip
        session.commit()
    with site.workers() as workers:
        workers.start()
        site.wait(lambda: site.left() < 0)  # one message more than there are connections
    nothing_is_lost(site, 20)
    [poison] = [row for row in site.messages() if row["kind"] == "no-such-template"]
    assert poison["state"] is MessageState.PARKED


@pytest.mark.parametrize("hours", [12, 36], ids=["this evening", "tomorrow evening"])
def test_nothing_leaves_in_the_quiet_hours(site: Bench, hours: int) -> None:
    site.fill(20)
    site.clock.leap(timedelta(hours=hours))
    with site.workers() as workers:
        workers.start()
        site.wait(lambda: len(site.messages()) == 20)
        time.sleep(0.3)
        assert site.sink.begun == 0
        site.clock.leap(timedelta(hours=47))  # eight in the morning, the day after tomorrow
        site.wait(lambda: not site.left())
    nothing_is_lost(site, 20)


def test_a_mail_server_that_comes_back_gets_everything(site: Bench) -> None:
    site.fill(40)
    away, site.smtp = site.smtp, "smtp://127.0.0.1:9"
    with site.workers() as workers:
        workers.start()
        site.wait(lambda: any(row["error"] for row in site.messages()))
    assert site.sink.begun == 0
    site.smtp = away
    with site.workers() as workers:
        workers.start()
        site.wait(lambda: not site.left())
    nothing_is_lost(site, 40)
    assert site.sink.doubles == 0
