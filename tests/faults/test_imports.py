"""A worker is killed with kill -9 in the middle of an import, again and again.

`FAULT_KILLS` makes the loop longer: so many kills in each of looking, importing and undoing.
"""

import io
import json
import os
import random
import time
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from asset_hub.directory.models import Listing, Organization, Revision, Service, Standing
from asset_hub.interop import service as imports
from asset_hub.interop.batch import state
from asset_hub.interop.models import BUSY, ImportRow, ImportRun, Outcome, Stage
from asset_hub.interop.reading.records import content_digest
from tests.cast import Cast
from tests.faults.bench import START, Bench, Workers
from tests.interop.feeds import service

pytestmark = pytest.mark.faults
KILLS = int(os.environ.get("FAULT_KILLS", "4"))
OLD, NEW = 400, 900  # services of the first file; and of the second, which has most of them too
WORDS = "<p>We sing, walk and have tea.</p>" * 20


def old_file() -> list[Any]:
    return [service(n, description=WORDS) for n in range(OLD)]


def new_file() -> list[Any]:
    """100 gone, 100 changed, 200 the same, 900 new; some rows twice, some that are none."""
    changed = [service(n, description=WORDS, name=f"Band {n}", phone="01632 960001")
               for n in range(100, 200)]  # fmt: skip
    rest = [service(n, description=WORDS) for n in range(200, OLD + NEW)]
    found = [*changed, *rest, *rest[:30], *({"id": f"{n}"} for n in range(7))]
    random.Random(4).shuffle(found)
    return found


class Desk:
    """A coordinator, without the pages."""

    def __init__(self, site: Bench) -> None:
        self.site = site
        with site.session() as session:
            cast = Cast(session)
            self.community, self.cora = cast.ashby.id, cast.cora.id
            session.commit()

    def send(self, rows: list[Any]) -> UUID:
        with self.site.session() as session:
            run = imports.start(
                session, io.BytesIO(json.dumps(rows).encode()), file_name="feed.json",
                source="council", community_id=self.community, by=self.cora, now=START,
                once=str(len(rows)),
            )  # fmt: skip
            assert run
            session.commit()
            return run.id

    def decides(self, key: UUID, verb: Any, **more: Any) -> None:
        with self.site.session() as session:
            verb(session, session.get_one(ImportRun, key), by=self.cora, now=START, **more)
            session.commit()

    def stands(self, key: UUID) -> tuple[Stage, int, int]:
        engine = self.site.app.extensions["engine"]
        # a request that only looks takes no lock from the worker
        with self.site.app.test_request_context(), Session(engine) as session:
            run = session.get_one(ImportRun, key)
            return run.stage, run.position, run.total

    def is_through(self, key: UUID) -> bool:
        return self.stands(key)[0] not in BUSY


def killing(site: Bench, desk: Desk, workers: Workers, key: UUID, kills: int) -> None:
    """Let the present stage come to its end; kill the worker at moments spread over it."""
    dice = random.Random(kills)
    for kill in range(kills):
        share = dice.uniform(kill, kill + 1) / kills

        def has_come_far(share: float = share) -> bool:
            stage, position, total = desk.stands(key)
            return stage not in BUSY or (total > 0 and position >= share * total * 0.9)

        site.wait(has_come_far)
        if desk.is_through(key):
            break
        time.sleep(dice.uniform(0, 0.15))
        workers.kill(workers.pids[0])
        workers.start()
    site.wait(lambda: desk.is_through(key))


def as_it_stands(session: Session) -> dict[str, Any]:
    """Return everything that undoing must give back."""
    listed = select(Service.id).where(
        Service.standing == Standing.LISTED, col(Service.source).is_not(None)
    )
    keys = sorted(session.exec(listed).all())
    records = state.of_services(session.connection(), keys)
    index = session.connection().execute(
        text("SELECT f.service_id, count(p.id) FROM listing_text_facts f LEFT JOIN"
             " listing_text_place p ON p.number = f.number GROUP BY f.service_id")
    )  # fmt: skip
    return {
        "services": {key: content_digest(one) for key, one in zip(keys, records, strict=True)},
        "runners": sorted(session.exec(select(Organization.name)).all()),
        "cards": {row.service_id: (row.name, row.body, {**row.card})
                  for row in session.exec(select(Listing))},
        "index": sorted(str(row[0]).replace("-", "") for row in index),
        "words": searched(session),
    }  # fmt: skip


def searched(session: Session) -> Counter[str]:
    """Return how many listings the full-text index finds by some words."""
    match = "SELECT count(*) FROM listing_text_word WHERE stem = :word"
    found = Counter[str]()
    for word in ("choir", "band", "tea"):
        found[word] = session.connection().execute(text(match), {"word": word}).scalar_one()
    return found


def test_a_file_is_imported_once_and_undone_whole_whatever_is_killed(site: Bench) -> None:
    desk = Desk(site)
    with site.workers("interop.import_files") as workers:
        workers.start()
        first = desk.send(old_file())
        killing(site, desk, workers, first, 0)
        desk.decides(first, imports.say_yes, close_gone=False)
        killing(site, desk, workers, first, 0)
        with site.session() as session:
            before = as_it_stands(session)
        assert len(before["services"]) == len(before["index"]) == OLD

        run = desk.send(new_file())
        killing(site, desk, workers, run, KILLS)
        assert desk.stands(run)[0] is Stage.READY
        desk.decides(run, imports.say_yes, close_gone=True)
        killing(site, desk, workers, run, KILLS)
        with site.session() as session:
            the_file_is_there_once(session, run)

        desk.decides(run, imports.undo)
        killing(site, desk, workers, run, KILLS)
        assert desk.stands(run)[0] is Stage.UNDONE
        with site.session() as session:
            after = as_it_stands(session)
            report = session.get_one(ImportRun, run).counts
    assert workers.kills >= KILLS * 2, "it was killed in the middle"
    assert report["back"] == 100 + 100 + NEW
    assert after["services"] == before["services"]
    assert after["index"] == before["index"]
    assert after["words"] == before["words"]
    assert after["cards"] == before["cards"]
    assert set(after["runners"]) == set(before["runners"])


def the_file_is_there_once(session: Session, key: UUID) -> None:
    """Exactly the services of the second file are listed, and the report says so, row by row."""
    run = session.get_one(ImportRun, key)
    wanted = {"added": NEW, "updated": 100, "unchanged": OLD - 200, "repeated": 30, "refused": 7,
              "closed": 100}  # fmt: skip
    assert run.stage is Stage.DONE
    assert {name: count for name, count in run.counts.items() if count and name in wanted} == wanted
    rows = session.exec(select(ImportRow).where(ImportRow.run_id == key)).all()
    assert Counter(row.outcome.value for row in rows) == wanted
    numbers = [row.number for row in rows if row.outcome is not Outcome.CLOSED]
    assert sorted(numbers) == list(range(1, len(new_file()) + 1)), "each row once"
    now = as_it_stands(session)
    names = Counter(one[0] for one in now["cards"].values())
    said = {f"Band {n}" for n in range(100, 200)} | {f"Choir {n}" for n in range(200, OLD + NEW)}
    assert names == Counter(said), "each service once"
    assert set(now["services"]) == set(now["cards"])
    assert len(now["index"]) == OLD + NEW - 100
    assert now["words"] == {"choir": OLD + NEW - 200, "band": 100, "tea": OLD + NEW - 100}
    changed = select(func.count()).select_from(Revision)
    assert session.exec(changed).one() == 100, "each change stands in the history once"
