"""Workers for the fault bench: the site's own scheduler, ticking fast, on a clock the bench moves.

Run as a process, it builds the site once and then forks a worker for each line it reads, so that
a killed worker is replaced in milliseconds. A worker ends when this process does.
"""

import logging
import mmap
import os
import signal
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from asset_hub import create_app
from asset_hub.core import clock, jobs, outbox
from asset_hub.interop.reading import second_process
from asset_hub.interop.run import going, holding, undoing, working
from tests.conftest import test_settings

TICK = 0.1  # seconds between two ticks
JOBS = ("core.deliver", "core.beat", "followups.remind")  # and those a test asks for


class SharedClock:
    """A clock for several processes: real seconds since a start, and a leap the bench may set."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 8)

    def leap(self, by: timedelta) -> None:
        """Set how far the clock is ahead."""
        self._memory[:8] = struct.pack("d", by.total_seconds())

    @property
    def ahead(self) -> timedelta:
        """Return how far the clock is ahead."""
        return timedelta(seconds=struct.unpack("d", self._memory[:8])[0])

    @staticmethod
    def make(path: Path) -> "SharedClock":
        """Make the file the processes share."""
        path.write_bytes(bytes(8))
        return SharedClock(path)


def hurry(home: Path, start: datetime, began: float, more: Sequence[str] = ()) -> None:
    """Shorten every wait, and let the clock begin at `start`, when `time.time()` was `began`."""
    shared = SharedClock(home / "clock")

    def now() -> datetime:
        return start + timedelta(seconds=time.time() - began) + shared.ahead

    vars(clock)["now"] = now
    outbox.LEASE, outbox.FRESH = timedelta(seconds=1), timedelta(seconds=0.2)
    holding.LEASE, working.WAIT = timedelta(seconds=0.5), timedelta(seconds=0.2)
    vars(going)["BATCH"], undoing.BATCH, second_process.WORTH_IT = 100, 100, 1
    jobs.LEASE = timedelta(seconds=2)  # of a day's work: a killed worker's is taken up soon
    outbox.FIRST_WAIT, outbox.LONGEST_WAIT = timedelta(seconds=0.05), timedelta(seconds=0.2)
    for name, job in list(jobs.REGISTRY.items()):
        if name in {*JOBS, *more}:
            jobs.REGISTRY[name] = replace(job, seconds=TICK)  # type: ignore[arg-type]
        else:
            del jobs.REGISTRY[name]


def work(app: Flask, parent: int) -> None:
    """Be a worker until killed, or until the parent is gone."""
    scheduler = jobs.scheduler(app)

    def leave() -> None:
        if os.getppid() != parent:
            os._exit(0)

    scheduler.add_job(leave, "interval", seconds=1)
    scheduler.start()


def main() -> None:
    """Fork a worker for each line on standard input and say its process id."""
    home, start, began, url, smtp, *more = sys.argv[1:]
    app = create_app(test_settings(url, Path(home), smtp_url=smtp))
    hurry(Path(home), datetime.fromisoformat(start), float(began), more)
    jobs.scheduler(app)  # imports what a worker needs, before the fork and not after each
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # ticks that come too fast are meant
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    me = os.getpid()
    for _ in sys.stdin:
        if not (child := os.fork()):
            os.close(0)
            work(app, me)
        print(child, flush=True)  # noqa: T201 (the bench reads it)


if __name__ == "__main__":
    main()
