"""How fast the list of what waits and the pages of listings are at 20,000 services.

`python docs/benchmarks/waiting.py [COUNT]` fills a SQLite database with the invented town, lets a
tenth of it wait, and asks each page 60 times as a coordinator of all twenty communities, one
request at a time: median and 95th percentile, by the clock and of the processor alone (which hardly
minds what else the machine does), and how often the database is asked.
"""

import logging
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

# ruff: noqa: E402 (the two folders above are not packages)
from flask import Flask
from places import NOW, fill
from sqlalchemy import event
from sqlmodel import Session, col, select
from werkzeug.test import Client

from asset_hub import create_app
from asset_hub.accounts import service as accounts
from asset_hub.accounts.models import Account, Grant
from asset_hub.communities.models import Community
from asset_hub.config import Settings
from asset_hub.core import clock, db
from asset_hub.core.powers import Role
from asset_hub.directory import queries, service
from asset_hub.directory.models import (
    Asks,
    ChangeRequest,
    Duplicate,
    Location,
    Service,
    ServiceAtLocation,
    Standing,
    Step,
    Upkeep,
)

TRIES = 60


def site(url: str) -> Flask:
    """Return the site on a database."""
    settings = Settings(
        env="test", secret_key="s" * 32, data_key="ab" * 32, database_url=url, mail_dir="/tmp"
    )
    return create_app(settings)


def busy(session: Session) -> str:
    """Let a tenth wait; return the token of somebody who looks after all of it."""
    keys = list(session.exec(select(Service.id).order_by(col(Service.id))))
    for number, key in enumerate(keys[::10]):
        one = session.get_one(Service, key)
        place = Location(address_1=f"{number} High Street", latitude=53.5, longitude=-2.2)
        session.add(place)
        session.flush()
        one.places.append(ServiceAtLocation(location_id=place.id, location=place))
        one.standing, one.submitted_at = Standing.WAITING, NOW
    for number, key in enumerate(keys[1::10]):
        asks = list(Asks)[number % 3]
        session.add(
            ChangeRequest(service_id=key, made_on=1, asks=asks, submitted_at=NOW, comment="Hm")
        )
    for key in keys[2::10]:
        session.add(Upkeep(service_id=key, step=Step.TO_CHECK, since=NOW))
    session.flush()
    return _looks_after_all(session)


def _looks_after_all(session: Session) -> str:
    account = Account(
        name="Cora", email="cora@example.org", password_hash="", created_at=NOW, confirmed_at=NOW
    )
    session.add(account)
    session.flush()
    for key in session.exec(select(Community.id)):
        session.add(
            Grant(account_id=account.id, role=Role.COORDINATOR, community_id=key, given_at=NOW)
        )
    session.flush()
    return accounts.open_session(session, account, device="bench", now=clock.now())


def compare() -> tuple[float, float, int]:
    """Compare every listing; return seconds of work, of the slowest batch, and the pairs."""
    begun, slowest = time.process_time(), 0.0
    while True:
        with db.transaction() as session:
            batch = time.process_time()
            if not (keys := queries.unkeyed(session, most=100)):
                break
            service.look(session, keys, now=NOW)
        slowest = max(slowest, time.process_time() - batch)
    found = len(db.session().exec(select(Duplicate.id)).all())
    return time.process_time() - begun, slowest, found


def pages(session: Session) -> dict[str, str]:
    """Return the pages to ask for, by what they are."""
    waiting = session.exec(select(Service.id).where(Service.standing == Standing.WAITING)).first()
    listed = session.exec(select(Service.id).where(Service.standing == Standing.LISTED)).first()
    pair = session.exec(select(Duplicate.id).order_by(col(Duplicate.score).desc())).first()
    return {
        "what waits, the first 50": "/to-approve",
        "the last 50": "/to-approve?page=9999",
        "one kind": "/to-approve?kind=gone",
        "one community": "/to-approve?community=c3",
        "one listing to look at": f"/to-approve/{waiting}",
        "two side by side": f"/duplicates/{pair}",
        "what was merged": "/merges",
        "a listing's page": f"/groups/{listed}",
        "its poster": f"/groups/{listed}/poster",
        "changing it": f"/groups/{listed}/edit",
    }


def ask(app: Flask, client: Client, path: str) -> tuple[list[float], float]:
    """Return medians and 95th percentiles in milliseconds, and the statements of one request."""
    said: list[object] = []
    wall, work = [], []
    engine = app.extensions["engine"]
    for number in range(TRIES + 2):
        if number == 1:
            event.listen(engine, "before_cursor_execute", lambda *what: said.append(what))
        begun, worked = time.perf_counter(), time.process_time()
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status)
        wall.append((time.perf_counter() - begun) * 1000)
        work.append((time.process_time() - worked) * 1000)
    figures = [
        sorted(times[2:])[int(TRIES * share)] for times in (wall, work) for share in (0.5, 0.95)
    ]
    return figures, len(said) / (TRIES + 1)


def main(count: int) -> None:
    """Print the tables."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/queue.db"
        fill(url, count)
        app = site(url)
        with app.app_context():
            with db.transaction() as session:
                token = busy(session)
            took, slowest, found = compare()
            print(f"{count:,} listings compared in {took:.1f} s, {slowest:.2f} s for the slowest")
            print(f"hundred; {found:,} pairs that may be one.\n")
            paths = pages(db.session())
            waits = db.session().exec(
                select(Service.id).where(Service.standing == Standing.WAITING)
            )
            print(f"{len(waits.all()):,} listings wait, as many suggested changes.\n")
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        print("| page | median ms | p95 ms | processor: median | p95 | statements |")
        print("|---|---|---|---|---|---|")
        for what, path in paths.items():
            figures, asked = ask(app, client, path)
            said = " | ".join(f"{figure:.0f}" for figure in figures)
            print(f"| {what} | {said} | {asked:.0f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
