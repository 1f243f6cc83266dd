"""Workers that climb the ladder of a few hundred listings are killed again and again (TRUST.md).

`FAULT_LISTINGS` and `FAULT_LADDER_KILLS` make it longer.
"""

import os
import random
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import col, func, select

from asset_hub.communities.models import Community
from asset_hub.core.jobs import JobRun
from asset_hub.core.outbox import Message, MessageState
from asset_hub.directory import service
from asset_hub.directory.models import (
    Contact,
    Listing,
    Service,
    ServiceEvent,
    Standing,
    Step,
    Upkeep,
)
from tests.cast import Cast
from tests.faults.bench import PATIENCE, START, Bench

pytestmark = pytest.mark.faults
LISTINGS = int(os.environ.get("FAULT_LISTINGS", "120"))
KILLS = int(os.environ.get("FAULT_LADDER_KILLS", "6"))
STEPS = (Step.QUIET, Step.ASKED, Step.REMINDED, Step.TO_CHECK)  # a quarter of the listings each
DAILY = ("directory.climb", "directory.tell_patches")
OVER = (MessageState.SENT, MessageState.WITHHELD)
KINDS = {
    Step.QUIET: "listing-still-right", Step.ASKED: "listing-reminder",
    Step.REMINDED: "listing-reminder", Step.TO_CHECK: "listing-hidden",
}  # fmt: skip
AFTER = {
    Step.QUIET: Step.ASKED, Step.ASKED: Step.REMINDED, Step.REMINDED: Step.REMINDED,
    Step.TO_CHECK: Step.HIDDEN,
}  # fmt: skip


def fill(site: Bench) -> dict[str, Step]:
    """List groups of one contact each, all due for their next step; return their steps by name."""
    found: dict[str, Step] = {}
    with site.session() as session:
        cast = Cast(session)
        places = [cast.ashby, cast.elsewhere, *(_place(cast, n) for n in range(LISTINGS // 40))]
        for number in range(LISTINGS):
            one = cast.service(f"Group {number:03}", community=places[number % len(places)])
            one.contacts = [Contact(name="Kim", email=f"kim{number}@example.org")]
            step = STEPS[number % 4]
            service.publish(session, one, now=START)
            row = Upkeep(service_id=one.id, step=step, due_on=START.date(), since=START)
            session.merge(row)
            found[one.name] = step
        waits = cast.service("Waits")  # for Cath, whom the weekly mail tells
        session.merge(
            Upkeep(
                service_id=waits.id, step=Step.TO_CHECK, since=START,
                due_on=START.date() + timedelta(days=20),
            )
        )  # fmt: skip
        others = select(Service).where(col(Service.name).not_in([*found, waits.name]))
        for one in session.exec(others):
            one.standing = Standing.CLOSED
        session.commit()
    return found


def _place(cast: Cast, number: int) -> Community:
    return cast.add(Community(name=f"Place {number}", slug=f"place-{number}"))


def done(site: Bench) -> bool:
    """Return whether the day's work is finished and every letter has left."""
    with site.session() as session:
        runs = [session.get(JobRun, (name, str(START.date()))) for name in DAILY]
        waits = select(func.count()).where(col(Message.state).not_in(OVER))
        return all(run and run.finished_at for run in runs) and not session.exec(waits).one()


def test_killed_again_and_again_the_ladder_takes_each_step_once(site: Bench) -> None:
    before = fill(site)
    dice = random.Random(KILLS)
    with site.workers("directory.climb", "directory.tell_patches") as workers:
        for _ in range(2):
            workers.start()
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.05, 0.5))
            workers.kill(dice.choice(workers.pids))
            workers.start()
        site.wait(lambda: done(site), patience=PATIENCE + LISTINGS)
    each_step_was_taken_once(site, before)
    assert site.sink.doubles <= workers.kills


def each_step_was_taken_once(site: Bench, before: dict[str, Step]) -> None:
    """No listing is skipped, written to twice or hidden twice; no letter has another's id."""
    with site.session() as session:
        rows = session.exec(select(Service).where(col(Service.name).in_(list(before)))).all()
        steps = {row.service_id: row.step for row in session.exec(select(Upkeep))}
        assert {one.name: steps[one.id] for one in rows} == {
            name: AFTER[step] for name, step in before.items()
        }
        hidden = {one.id for one in rows if before[one.name] is Step.TO_CHECK}
        events = session.exec(
            select(ServiceEvent.service_id).where(ServiceEvent.standing == Standing.HIDDEN)
        )
        assert Counter(events) == Counter(hidden), "hidden once each"
        public = set(session.exec(select(Listing.service_id)))
        assert not public & hidden
        assert {one.id for one in rows} - hidden <= public
        letters = session.exec(select(Message).where(col(Message.kind).startswith("listing"))).all()
        assert Counter((one.to, one.kind) for one in letters) == Counter(
            (one.contacts[0].email, KINDS[before[one.name]]) for one in rows
        )
        weekly = session.exec(select(Message).where(Message.kind == "patch-week")).all()
        assert [one.to for one in weekly] == ["cath@example.org"], "once a week"
        assert {one.state for one in (*letters, *weekly)} == {MessageState.SENT}
        sent = {f"<{one.id}@127.0.0.1>" for one in (*letters, *weekly)}
        assert set(site.sink.ids) == sent, "a letter that came twice has its own Message-ID"
