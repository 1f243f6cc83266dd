"""What the fault tests stand on: people with due follow-ups, a recording mail server, workers."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any
from uuid import UUID

from aiosmtpd.controller import Controller
from flask import Flask
from sqlmodel import Session, SQLModel, func, select

from asset_hub import create_app
from asset_hub.connections.models import Connection, Route, State
from asset_hub.core.outbox import Message, MessageState
from asset_hub.people.models import AgreedHow, AgreedTo, Consent, Person
from tests.cast import Cast
from tests.conftest import test_settings
from tests.faults.worker import SharedClock

START = datetime(2026, 9, 9, 8, tzinfo=UTC)  # a Wednesday, nine in London, whatever the real hour
DONE = (MessageState.SENT, MessageState.WITHHELD, MessageState.PARKED)
PATIENCE = 90  # seconds before a test gives up on its workers


@dataclass
class Sink:
    """A mail server that records what it accepted, as slowly and rudely as it is told."""

    delay: float = 0.0
    rude: float = 0.0  # the share of letters answered with 451, and as many with a reset
    ids: list[str] = field(default_factory=list)
    begun: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    async def handle_DATA(self, server: Any, _: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        self.begun += 1
        await asyncio.sleep(self.delay)
        throw = self.dice.random()
        if throw < self.rude:
            return "451 not now"
        self.ids.append(str(message_from_bytes(envelope.content)["Message-ID"]))
        if throw < self.rude * 2:
            server.transport.abort()
        return "250 taken"

    @property
    def doubles(self) -> int:
        """Return how many letters came more than once."""
        return sum(count - 1 for count in Counter(self.ids).values())


@contextmanager
def listening(sink: Sink) -> Iterator[str]:
    """Serve a sink and yield its SMTP_URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


@dataclass
class Workers:
    """Worker processes that can be killed, frozen and replaced."""

    nursery: subprocess.Popen[str]
    pids: list[int] = field(default_factory=list)
    kills: int = 0

    def start(self) -> int:
        """Start one more worker."""
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write("\n")
        self.nursery.stdin.flush()
        pid = int(self.nursery.stdout.readline())
        self.pids.append(pid)
        return pid

    def kill(self, pid: int) -> None:
        """Kill -9."""
        self.pids.remove(pid)
        os.kill(pid, signal.SIGKILL)
        self.kills += 1


@dataclass
class Bench:
    """A site with its database, its clock and its mail server."""

    app: Flask
    home: Path
    sink: Sink
    smtp: str
    clock: SharedClock

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Yield a session of the bench's own."""
        with self.app.app_context(), Session(self.app.extensions["engine"]) as session:
            yield session

    def fill(self, count: int) -> None:
        """Make connections that are due now, twenty to a person, each to another group."""
        with self.session() as session:
            cast = Cast(session)
            owners = [cast.ben, cast.cora, cast.petra]
            groups = [cast.service(f"Group {n}").id for n in range(20)]
            for n in range(count):
                if n % 20 == 0:
                    person = _person(session, cast, n)
                session.add(_due(cast, person, groups[n % 20], owners[n % 3].id, n))
            session.commit()

    def left(self) -> int:
        """Return how many connections are not through: not reminded of, or the mail not over."""
        with self.session() as session:
            over = select(func.count()).where(Message.state.in_(DONE))  # type: ignore[attr-defined]
            due = select(func.count()).select_from(Connection)
            return session.exec(due).one() - session.exec(over).one()

    def messages(self) -> list[dict[str, Any]]:
        """Return every message row as it is."""
        with self.session() as session:
            return [row.model_dump() for row in session.exec(select(Message))]

    @contextmanager
    def workers(self, *jobs: str) -> Iterator[Workers]:
        """Run workers that remind, send and do these jobs; all are gone afterwards."""
        url = self.app.extensions["settings"].database_url
        words = [str(self.home), START.isoformat(), str(time.time()), url, self.smtp, *jobs]
        with (self.home / "workers.log").open("a") as log:
            nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.worker", *words],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        found = Workers(nursery)
        try:
            yield found
        finally:
            for pid in found.pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            nursery.communicate()

    def wait(self, until: Any, *, patience: float = PATIENCE) -> None:
        """Wait until something is so; fail when it does not come within so many seconds."""
        end = time.monotonic() + patience
        while not until():
            assert time.monotonic() < end, (self.home / "workers.log").read_text()[-4000:]
            time.sleep(0.1)  # whoever asks more often takes the workers' time


def _person(session: Session, cast: Cast, number: int) -> Person:
    person = Person(
        community_id=cast.ashby.id, practice_id=cast.surgery.id, owner_id=cast.ben.id,
        added_by_id=cast.ben.id, created_at=START,
    )  # fmt: skip
    person.name = f"Rose {number}"
    cast.add(person)
    consent = Consent(
        person_id=person.id, agreed_to=AgreedTo.RECORD, wording="1", how=AgreedHow.SPOKEN,
        asked_by_id=cast.ben.id, given_at=START,
    )  # fmt: skip
    cast.add(consent)
    return person


def _due(cast: Cast, person: Person, service_id: UUID, owner_id: UUID, number: int) -> Connection:
    return Connection(
        person_id=person.id, service_id=service_id, organization_id=cast.friends.id,
        community_id=cast.ashby.id, practice_id=cast.surgery.id, owner_id=owner_id,
        made_by_id=owner_id, request_key=f"key-{number}", state=State.ATTENDED,
        route=Route.NAVIGATOR, made_at=START - timedelta(days=30),
        next_check_on=START.date() - timedelta(days=number % 3),
    )  # fmt: skip


@contextmanager
def bench(url: str, home: Path) -> Iterator[Bench]:
    """Build a bench on a database, empty before and after."""
    clock = SharedClock.make(home / "clock")
    app = create_app(test_settings(url, home), TESTING=True)
    engine = app.extensions["engine"]
    SQLModel.metadata.create_all(engine)
    sink = Sink()
    try:
        with listening(sink) as smtp:
            yield Bench(app, home, sink, smtp, clock)
    finally:
        SQLModel.metadata.drop_all(engine)
        engine.dispose()
