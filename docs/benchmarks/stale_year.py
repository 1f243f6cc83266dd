"""A year of a directory, with its clock moved.

    python docs/benchmarks/stale_year.py [COUNT [SEED [on | off | fewer | dear | alone]]]

The site's own jobs, verbs, mails and links run day by day on a SQLite file; only the people are
invented, and what they do is written down in year_people.py, with its reasons in
docs/freshness.md. Printed: how much of what is public was confirmed within six months, what is
public but has in truth stopped, the mails, the minutes of anybody's time and what they went on.
`off` is LADDER=false; `fewer` lets a quarter fewer contacts answer; `dear` makes all that anybody
does take a quarter longer; with `alone` half as many answer for several groups. Six thousand
listings take five minutes of a quiet core and 300 MB.
"""

import gc
import logging
import random
import sys
import tempfile
import time as stopwatch
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

sys.path.insert(0, str(Path(__file__).parents[2]))

from flask import Flask
from sqlalchemy import event, insert
from sqlmodel import Session, SQLModel, col, func, select

from asset_hub import create_app
from asset_hub.accounts.models import Account, Grant
from asset_hub.communities.models import Community
from asset_hub.config import Settings
from asset_hub.core import calendar, clock, db, jobs, outbox
from asset_hub.core.powers import Role
from asset_hub.directory import service
from asset_hub.directory.models import (
    Contact,
    Listing,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Standing,
)
from docs.benchmarks import year_people as people
from docs.benchmarks.year_people import FIRST, Truth, Year

NAMESPACE = UUID("8d0d2f0e-0000-4000-8000-000000000003")
DAYS = 365
SETTLED = 60  # the day from which the share confirmed is held to account
Halls = dict[UUID, tuple[UUID, int]]  # each community's newest hall, and for how many it has room
SIX_MONTHS = timedelta(days=183)

# --- The place ----------------------------------------------------------------------------------


def build(
    app: Flask, count: int, dice: random.Random, many: float
) -> tuple[dict[UUID, Truth], dict[UUID, UUID]]:
    """Put a directory into an empty database: listed a year ago or imported just now."""
    begun = datetime.combine(FIRST, time(6), UTC)
    with app.app_context(), db.transaction() as session:
        champions = _communities(session, max(1, count // people.PER_COMMUNITY), begun)
        truths: dict[UUID, Truth] = {}
        kinds = (Organization, Service, Contact, Location, ServiceAtLocation)
        rows: dict[Any, list[dict[str, Any]]] = {kind: [] for kind in kinds}
        halls: Halls = {}
        while len(truths) < count:
            _organization(rows, truths, halls, list(champions), dice, begun, count, many)
        for kind, some in rows.items():
            session.connection().execute(insert(kind), some)
        facts = (_facts(row) for row in rows[Service])
        service.publish_many(session, facts, now=begun)
    return truths, champions


def _communities(session: Session, count: int, begun: datetime) -> dict[UUID, UUID]:
    found = {}
    for number in range(count):
        place = Community(name=f"Community {number}", slug=f"c{number}")
        account = Account(
            name=f"Champion {number}", email=f"champion{number}@example.org", created_at=begun,
            confirmed_at=begun, password_hash="-",
        )  # fmt: skip
        session.add_all([place, account])
        session.flush()
        given = {"role": Role.CHAMPION, "community_id": place.id, "given_at": begun}
        session.add(Grant(account_id=account.id, **given))
        found[place.id] = account.id
    session.flush()
    return found


def _organization(
    rows: dict[Any, list[dict[str, Any]]], truths: dict[UUID, Truth], halls: Halls,
    communities: list[UUID], dice: random.Random, begun: datetime, count: int, many: float,
) -> None:  # fmt: skip
    count_so_far = len(rows[Organization])
    key = uuid5(NAMESPACE, f"organization {count_so_far}")
    rows[Organization].append({"id": key, "name": f"Friends {count_so_far}", "version": 1})
    contact = dice.choices(list(people.ANSWERS), [each[0] for each in people.ANSWERS.values()])[0]
    working = dice.choices(("", "dead", "mail"), (people.NO_ADDRESS, people.DEAD_ADDRESS, 1.0))[0]
    address = f"{working}{count_so_far}.{contact}@example.org" if working else ""
    number = dice.random() >= people.NO_NUMBER
    size = dice.randint(2, people.MOST_GROUPS) if dice.random() < many else 1
    community = dice.choice(communities)
    place = _place(rows, halls, community, dice)
    for _ in range(min(size, count - len(truths))):
        one = uuid5(NAMESPACE, f"service {len(truths)}")
        imported = dice.random() < people.NEVER_CONFIRMED
        before = None if imported else begun - timedelta(days=dice.uniform(0, 365))
        rows[Service].append(_service(one, key, community, before, begun))
        if address:
            person = {"id": uuid5(one, "contact"), "service_id": one, "email": address}
            rows[Contact].append(person | {"name": "Kim", "phone": ""})
        at = {"id": uuid5(one, "at"), "service_id": one, "location_id": place}
        rows[ServiceAtLocation].append(at)
        stopped = imported and dice.random() < people.STOPPED_BEFORE
        ends = 0 if stopped else dice.expovariate(people.STOPS_IN_A_YEAR / 365)
        truths[one] = Truth(
            contact, working == "mail", FIRST + timedelta(days=int(min(ends, 9999))),
            rows[Service][-1]["community_id"], dice.random() < people.BUSY, number,
        )  # fmt: skip


def _place(
    rows: dict[Any, list[dict[str, Any]]], halls: Halls, community: UUID, dice: random.Random
) -> UUID:
    """Return where an organisation meets: a hall that others use, or a place of its own."""
    alone = dice.random() >= people.IN_A_HALL
    newest, room = halls.get(community, (None, 0))
    if newest and room and not alone:
        halls[community] = (newest, room - 1)
        return newest
    number = len(rows[Location])
    key = uuid5(NAMESPACE, f"location {number}")
    made = Location(id=key, address_1=f"{number} High Street", postal_code="ZZ9 9ZZ")
    rows[Location].append(made.model_dump())
    if not alone:
        halls[community] = (key, dice.randint(*people.HALL) - 1)
    return key


def _service(
    key: UUID, organization: UUID, community: UUID, confirmed: datetime | None, begun: datetime
) -> dict[str, Any]:
    made = Service(
        id=key, organization_id=organization, community_id=community, name=f"Group {key}",
        summary="Come as you are", standing=Standing.LISTED, created_at=begun, approved_at=begun,
        phone="01632 960001", confirmed_at=confirmed, alive_at=confirmed,
        confirmed_by="the people who run it" if confirmed else "",
    )  # fmt: skip
    return made.model_dump()


def _facts(row: dict[str, Any]) -> service.Facts:
    names = ("id", "organization_id", "community_id", "name", "summary", "confirmed_at")
    return service.Facts(**{name: row[name] for name in names})


# --- The year -----------------------------------------------------------------------------------


def figures(year: Year, now: datetime) -> dict[str, float]:
    """Return what is so on a day."""
    session = db.session()
    public = list(session.exec(select(Listing.service_id)))
    fresh = select(func.count()).select_from(Service)
    fresh = fresh.join(Listing, col(Listing.service_id) == Service.id)
    confirmed = session.exec(fresh.where(col(Service.confirmed_at) >= now - SIX_MONTHS)).one()
    gone = sum(year.truths[key].stops_on <= year.today for key in public)
    hidden = select(Service.id).where(Service.standing == Standing.HIDDEN)
    away = list(session.exec(hidden))
    return {
        "public": len(public),
        "confirmed": confirmed / len(public),
        "stopped": gone / len(public),
        "hidden": len(away),
        "hidden alive": sum(year.truths[key].stops_on > year.today for key in away),
    }


def live(year: Year, *, say: bool = True) -> dict[str, float]:
    """Live through the year; print a line a month."""
    due = [jobs.REGISTRY[f"directory.{name}"] for name in ("fade", "climb", "tell_patches")]
    head = "| day | public | confirmed within six months | stopped but public | hidden (running) |"
    if say:
        print(f"{head}\n|---|---|---|---|---|")
    least = 1.0
    for number in range(DAYS + 1):
        year.today = FIRST + timedelta(days=number)
        morning = calendar.at(year.today, time(9))
        vars(clock)["now"] = lambda at=morning: at
        with year.app.app_context():
            for job in due:
                jobs.run_due(job, morning)
            before = year.mails.total()
            outbox.deliver()
            year.most_mails = max(year.most_mails, year.mails.total() - before)
        evening = calendar.at(year.today, time(19))
        vars(clock)["now"] = lambda at=evening: at
        with year.app.app_context():
            year.people_act(evening)
            year.chances(evening)
            year.champions_walk(evening)
            if number % 10 == 0 or number == DAYS:
                found = figures(year, evening)
                least = min(least, found["confirmed"]) if number >= SETTLED else least
                if say and (number % 30 == 0 or number == DAYS):
                    print(_line(number, found), flush=True)
    return found | {"least": least}


def _line(number: int, found: dict[str, float]) -> str:
    return (
        f"| {number} | {found['public']:,.0f} | {found['confirmed']:.1%} | "
        f"{found['stopped']:.1%} | {found['hidden']:,.0f} ({found['hidden alive']:,.0f}) |"
    )


@contextmanager
def place(
    count: int, *, seed: int = 7, ladder: bool = True, many: float = people.MANY
) -> Iterator[Year]:
    """Yield a year about to begin, in a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            env="test", secret_key="s" * 32, data_key="ab" * 32, ladder=ladder,
            database_url=f"sqlite:///{folder}/year.db", mail_dir=folder,
        )  # fmt: skip
        app = create_app(settings)
        engine = app.extensions["engine"]
        event.listen(engine, "connect", _in_a_hurry)
        SQLModel.metadata.create_all(engine)
        dice = random.Random(seed)
        truths, champions = build(app, count, dice, many)
        year = Year(app, truths, champions, dice)

        @contextmanager
        def counted(_: Settings) -> Iterator[Year]:
            yield year

        vars(outbox)["transport"] = counted
        yield year
        engine.dispose()


def _in_a_hurry(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # nobody needs this file after the run


def main(count: int = 6_000, seed: int = 7, how: str = "on") -> None:
    logging.disable(logging.CRITICAL)
    print(f"### {count:,} listings, seed {seed}, ladder {how}\n")
    begun = stopwatch.perf_counter()
    gc.set_threshold(50_000, 20, 20)
    many = people.MANY / 2 if how == "alone" else people.MANY
    with place(count, seed=seed, ladder=how != "off", many=many) as year:
        year.answers = 0.75 if how == "fewer" else 1.0
        year.costs = 1.25 if how == "dear" else 1.0
        found = live(year)
    print("\n| at the end of the year | |\n|---|---|")
    for name, say in ROWS.items():
        print(f"| {name} | {say(found, year, count)} |")
    print("\n| whose time | on what | times | minutes a listing |\n|---|---|---|---|")
    for (who, on), seconds in sorted(year.spent.items()):
        print(f"| {who} | {on} | {year.times[who, on]:,} | {seconds / 60 / count:.3f} |")
    print(f"\nin {stopwatch.perf_counter() - begun:.0f} s")


ROWS: dict[str, Callable[[dict[str, float], Year, int], str]] = {
    "public listings": lambda f, y, n: f"{f['public']:,.0f}",
    "of them confirmed within six months": lambda f, y, n: f"{f['confirmed']:.1%}",
    "of them stopped in truth": lambda f, y, n: f"{f['stopped']:.1%}",
    "hidden": lambda f, y, n: f"{f['hidden']:,.0f}",
    "of them running in truth": lambda f, y, n: f"{f['hidden alive']:,.0f}",
    "confirmed within six months, the least from day 60 on": lambda f, y, n: f"{f['least']:.1%}",
    "mails": lambda f, y, n: (
        f"{y.mails.total():,} ({', '.join(f'{k} {v:,}' for k, v in y.mails.items())})"
    ),
    "mails on the busiest day": lambda f, y, n: f"{y.most_mails:,}",
    "minutes of contacts’ time, a listing and year": lambda f, y, n: (
        f"{y.spent_by('contact') / 60 / n:.2f}"
    ),
    "minutes of champions’ time, a listing and year": lambda f, y, n: (
        f"{y.spent_by('champion') / 60 / n:.2f}"
    ),
    "minutes of anybody’s time, a listing and year": lambda f, y, n: (
        f"{y.spent.total() / 60 / n:.2f}"
    ),
}


if __name__ == "__main__":
    given = sys.argv[1:]
    main(*[int(word) for word in given[:2]], *given[2:3])
