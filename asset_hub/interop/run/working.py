"""The worker's part of an import: take a run, go through it, let it go."""

import logging
from datetime import timedelta

from asset_hub.core import clock, db
from asset_hub.interop.models import ImportRun, Stage
from asset_hub.interop.reading.files import Unreadable
from asset_hub.interop.run import going, undoing
from asset_hub.interop.run.holding import Hold, Lost, claim

log = logging.getLogger(__name__)

WAIT = timedelta(seconds=30)  # before a run that failed is tried again
MOST_ATTEMPTS = 5
MOST_DEATHS = 8  # of workers in a row that had it and said nothing more
DIED = "Whatever reads this file ends before it is through. What was done before stays."
GAVE_UP = "Something went wrong here, {} times. What was done before stays; nothing is half done."


def work() -> int:
    """Go through every run that waits for a worker; return how many."""
    done = 0
    while hold := claim():
        _do(hold)
        done += 1
    return done


def _do(hold: Hold) -> None:
    try:
        if hold.attempts > MOST_DEATHS:
            raise Unreadable(DIED)
        if hold.stage is Stage.UNDOING:
            undoing.undo(hold)
        else:
            going.go(hold)
    except Lost:
        log.info("import %s is another worker’s by now", hold.run_id)
    except Unreadable as problem:
        _fail(hold, str(problem))
    except Exception:
        log.exception("import %s: try again later", hold.run_id)
        _let_go(hold)


def _fail(hold: Hold, message: str) -> None:
    with db.transaction() as session:
        hold.finish(session, Stage.FAILED, message=message)


def _let_go(hold: Hold) -> None:
    """Leave a run to whoever comes next; give up when it was tried too often without a step."""
    try:
        with db.transaction() as session:
            run = session.get_one(ImportRun, hold.run_id, populate_existing=True)
            if run.attempts >= MOST_ATTEMPTS:
                hold.finish(session, Stage.FAILED, message=GAVE_UP.format(run.attempts))
            else:
                hold.write(session, lease_until=clock.now() + WAIT)
    except Lost:
        pass
