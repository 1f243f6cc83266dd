"""A year of a directory, with its clock moved.

    python docs/benchmarks/stale_year.py [COUNT [SEED [on | off | fewer | alone]]]

The site's own jobs, verbs, mails and links run day by day on a SQLite file; only the people are
invented, and what they do is written down below, with its reasons in docs/freshness.md. Printed:
how much of what is public was confirmed within six months, what is public but has in truth
stopped, the mails, the minutes of anybody's time. `off` is LADDER=false; `fewer` lets a quarter
fewer contacts answer; with `alone` half as many answer for several groups. Six thousand listings
take five minutes of a quiet core and 300 MB.
"""

import gc
import heapq
import logging
import random
import re
import sys
import tempfile
import time as stopwatch
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

sys.path.insert(0, str(Path(__file__).parents[2]))

from flask import Flask
from sqlalchemy import delete, event, insert
from sqlmodel import Session, SQLModel, col, func, select

from asset_hub import create_app
from asset_hub.accounts.models import Account, Grant
from asset_hub.communities.models import Community
from asset_hub.config import Settings
from asset_hub.core import calendar, clock, db, jobs, outbox
from asset_hub.core.mail import Refused
from asset_hub.core.powers import Role
from asset_hub.directory import queries, service
from asset_hub.directory.models import (
    Contact,
    LinkFor,
    Listing,
    Organization,
    Service,
    Sign,
    Standing,
)

NAMESPACE = UUID("8d0d2f0e-0000-4000-8000-000000000003")
FIRST = date(2026, 9, 1)
DAYS = 365
SIX_MONTHS = timedelta(days=183)

# --- What people do -----------------------------------------------------------------------------
# Contacts differ, and stay as they are: who answered once mostly answers again. Together these
# give 45 in 100 answers to a first mail within two weeks, 17 more to the reminder and 6 to the
# last mail: an assumption, for a mail that asks one thing of the secretaries of small groups.
ANSWERS = {  # share of contacts; who answers a first mail, two reminders, a mail "you are hidden"
    "keen": (0.50, 0.75, 0.60, 0.40, 0.80),
    "slow": (0.30, 0.22, 0.38, 0.25, 0.40),
    "silent": (0.20, 0.05, 0.05, 0.03, 0.10),
}
SUBJECTS = ("Please tell us", "Last mail", "not shown")  # of what follows the first mail
MAILS = ("", "asked", "reminded", "reminded again", "hidden")
ANSWER_DAYS = 4.0  # on average; most answer on the day or not at all
NO_ADDRESS = 0.08  # a council's feed: 5 in 100; the charity register: 15
DEAD_ADDRESS = 0.05  # one that bounces: together 13 in 100 have no working address
NO_NUMBER = 0.10  # to ring; the charity register: 0.4 in 100
# Contacts who answer for several groups: 2 to 8, five on average, more than half of all listings.
# In a council's feed of 698 listings with an address 30 in 100 addresses do, for 71 in 100.
MANY, MOST_GROUPS = 0.20, 8
# A group in five hears of the site's people: somebody is connected and goes.
BUSY, GOES_EVERY = 0.20, 60  # days
STOPS_IN_A_YEAR = 0.06
STOPPED_BEFORE = 0.05  # of what was imported and never confirmed
SAYS_STOPPED = 0.40  # a contact whose group has stopped says so when asked; the rest say nothing
REPORTS = 0.05  # a month: somebody stands before a locked door and tells us
REPORTS_WRONGLY = 0.001  # a month: the door was locked for half term
NEVER_CONFIRMED = 0.30  # came by import without a date; the rest was confirmed in the past year
UNASKED = 0.08  # a year: confirm by themselves, by a lasting link or on "Your groups"
# A community of 300 listings has two champions, who give their list an hour a week between them,
# longest due first. Both say what they know; then one rings three times, at other hours, then
# walks there once; after that it may leave the finding.
PER_COMMUNITY = 300
AN_HOUR = 3600
KNOWS = 0.45  # one of the two: was there this month, sits on the committee, saw the notice board
TAKES_CALL = 0.40
CALLS, MOST_TRIES = 3, 4
SOMEBODY_THERE = 0.60  # at the hour it meets, or a caretaker
GIVES_ADDRESS = 0.50  # of those reached who had none that works, when asked for one
HIDDEN_WEEKS = 8  # so often champions look at what is hidden, too
# --- What it costs, in seconds ------------------------------------------------------------------
READS = 5  # a mail that is not answered: its subject line
PRESSES = 25  # opens it, reads four lines, follows the link, presses the button
PRESSES_MORE = 8  # for each further listing of the same mail
LOOKS = 8  # a champion reads who is next on the list
SAYS = 15  # what they know, with a button
RINGS = 120  # says who is calling and why, asks, presses a button
RINGS_OUT = 35  # until the answering machine, and presses "Could not reach"
WALKS = 240  # a detour of a hundred metres each way, and the door
WRITES_DOWN = 30  # an address that they read
MORE = 20  # for each further listing of the same organisation: the same talk goes on


@dataclass
class Truth:
    """What is so, whatever the directory says."""

    contact: str
    works: bool  # there is an address, and mail to it arrives
    stops_on: date
    community: UUID
    busy: bool
    number: bool  # to ring


@dataclass
class Year:
    """The people, what they are about to do, and what they have spent."""

    app: Flask
    truths: dict[UUID, Truth]
    champions: dict[UUID, UUID]
    dice: random.Random
    today: date = FIRST
    agenda: list[tuple[date, int, Callable[[Session, datetime], None]]] = field(
        default_factory=list
    )
    spent: Counter[str] = field(default_factory=Counter)
    mails: Counter[str] = field(default_factory=Counter)
    most_mails: int = 0
    answers: float = 1.0  # of those who are assumed to answer
    number: int = 0

    # The mail server and the people behind it
    def send(self, letter: EmailMessage) -> None:
        """Take a letter; its reader does something about it, or nothing."""
        address = str(letter["To"])
        if address.startswith("dead"):
            self.mails["came back"] += 1
            raise Refused("550")
        body = letter.get_body(("plain",))
        text = body.get_content() if body else ""
        found = re.search(r"/list-a-group/keep/([\w-]+)(/all)?", text)
        subject = str(letter["Subject"])
        kind = next((n for n, words in enumerate(SUBJECTS, 2) if words in subject), 1)
        self.mails[MAILS[kind]] += 1
        self.spent["contacts"] += READS
        if found:
            self._reads(found[1], kind, address)

    def _reads(self, token: str, kind: int, address: str) -> None:
        contact = address.split("@")[0].split(".")[1]
        if self.dice.random() < ANSWERS[contact][kind] * self.answers:
            wait = min(13.0, self.dice.expovariate(1 / ANSWER_DAYS))
            self.plan(int(wait), lambda session, now: self._answers(session, token, now))

    def _answers(self, session: Session, token: str, now: datetime) -> None:
        link = queries.link(session, token, LinkFor.KEEP)
        kept = service.kept_by(session, link)
        gone = [one for one in kept if self.truths[one.id].stops_on <= self.today]
        running = [one for one in kept if one not in gone]
        if running:
            self.spent["contacts"] += PRESSES + PRESSES_MORE * (len(running) - 1)
        if not gone and len(kept) > 1:
            service.keep_all_right(session, link, now=now)
            return
        for one in running:
            service.keep_right(session, service.link_of(session, link, one.id, now=now), now=now)
        for one in gone:
            if self.dice.random() < SAYS_STOPPED:
                self.spent["contacts"] += PRESSES
                own = service.link_of(session, link, one.id, now=now)
                service.keep_stopped(session, own, now=now)

    def plan(self, days: int, act: Callable[[Session, datetime], None]) -> None:
        """Let something happen so many days from now."""
        self.number += 1
        heapq.heappush(self.agenda, (self.today + timedelta(days), self.number, act))

    def people_act(self, now: datetime) -> None:
        """Let everybody do what they have planned for today."""
        while self.agenda and self.agenda[0][0] <= self.today:
            act = heapq.heappop(self.agenda)[2]
            with db.transaction() as session:
                act(session, now)

    # What happens to groups
    def chances(self, now: datetime) -> None:
        """Throw the dice for every group: somebody goes, reports it, confirms it unasked."""
        for key, truth in self.truths.items():
            alive = truth.stops_on > self.today
            if alive and truth.busy and self.dice.random() < 1 / GOES_EVERY:
                self._signal(key, Sign.ATTENDED, now)
            reports = (REPORTS_WRONGLY if alive else REPORTS) / 30
            if self.dice.random() < reports:
                self._signal(key, Sign.REPORTED_GONE, now)
            if alive and self.dice.random() < UNASKED / 365:
                self.spent["contacts"] += PRESSES
                with db.transaction() as session:
                    service.still_right(session, session.get_one(Service, key), by=None, now=now)

    def _signal(self, key: UUID, sign: Sign, now: datetime) -> None:
        with db.transaction() as session:
            found = session.get_one(Service, key)
            if found.standing is Standing.LISTED:
                cause = f"{key}:{sign}:{self.today}"
                who = str(self.today) if sign is Sign.REPORTED_GONE else ""  # each by another
                service.signal(session, found, sign, at=now, cause=cause, said_by=who)

    def champions_walk(self, now: datetime) -> None:
        """Let the champions whose evening it is go down their list for an hour."""
        week = (self.today - FIRST).days // 7
        for number, (place, account) in enumerate(self.champions.items()):
            if number % 7 != self.today.weekday():
                continue
            champion = db.session().get_one(Account, account)
            rows = queries.to_check(db.session(), champion, place)
            if week % HIDDEN_WEEKS == number % HIDDEN_WEEKS:
                rows += queries.hidden(db.session(), champion, place)
            groups: dict[UUID, list[tuple[UUID, int]]] = {}
            for row in rows:
                one = (row.service.id, row.tries)
                groups.setdefault(row.service.organization_id, []).append(one)
            until = self.spent["champions"] + AN_HOUR
            for some in groups.values():
                if self.spent["champions"] >= until:
                    break
                self._try([key for key, _ in some], max(tries for _, tries in some), champion, now)

    def _try(self, keys: list[UUID], tries: int, champion: Account, now: datetime) -> None:
        """Try to reach somebody about all that one organisation has on the list."""
        if tries >= MOST_TRIES:
            return
        cost, reached = self._reach(keys[0], tries)
        self.spent["champions"] += LOOKS + cost + (MORE * (len(keys) - 1) if reached else 0)
        for key in keys:
            with db.transaction() as session:
                found = session.get_one(Service, key)
                if reached:
                    self._settle(session, found, champion, now)
                elif found.standing is Standing.LISTED:
                    service.could_not_reach(session, found, by=champion, now=now)

    def _reach(self, key: UUID, tries: int) -> tuple[int, bool]:
        """Return what a try costs in seconds, and whether somebody was reached."""
        if tries == 0 and self.dice.random() < KNOWS:
            return LOOKS + SAYS, True
        if self.truths[key].number and tries < CALLS:
            taken = self.dice.random() < TAKES_CALL
            again = 0 if tries else LOOKS  # at first the other champion has looked, too
            return again + (RINGS if taken else RINGS_OUT), taken
        return WALKS, self.dice.random() < SOMEBODY_THERE

    def _settle(self, session: Session, found: Service, champion: Account, now: datetime) -> None:
        truth = self.truths[found.id]
        if truth.stops_on <= self.today:
            service.close(session, found, by=champion, now=now)
            return
        service.visited(session, found, by=champion, now=now)
        if truth.works or self.dice.random() >= GIVES_ADDRESS:
            return
        self.spent["champions"] += WRITES_DOWN
        truth.works = True
        address = f"mail.{truth.contact}@example.org"
        session.exec(delete(Contact).where(col(Contact.service_id) == found.id))
        session.add(Contact(service_id=found.id, name="Kim", email=f"{found.id.hex}{address}"))


# --- The place ----------------------------------------------------------------------------------


def build(
    app: Flask, count: int, dice: random.Random, many: float
) -> tuple[dict[UUID, Truth], dict[UUID, UUID]]:
    """Put a directory into an empty database: listed a year ago or imported just now."""
    begun = datetime.combine(FIRST, time(6), UTC)
    with app.app_context(), db.transaction() as session:
        champions = _communities(session, max(1, count // PER_COMMUNITY), begun)
        truths: dict[UUID, Truth] = {}
        rows: dict[Any, list[dict[str, Any]]] = {Organization: [], Service: [], Contact: []}
        while len(truths) < count:
            _organization(rows, truths, list(champions), dice, begun, count, many)
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
    rows: dict[Any, list[dict[str, Any]]], truths: dict[UUID, Truth], communities: list[UUID],
    dice: random.Random, begun: datetime, count: int, many: float,
) -> None:  # fmt: skip
    count_so_far = len(rows[Organization])
    key = uuid5(NAMESPACE, f"organization {count_so_far}")
    rows[Organization].append({"id": key, "name": f"Friends {count_so_far}", "version": 1})
    contact = dice.choices(list(ANSWERS), [each[0] for each in ANSWERS.values()])[0]
    working = dice.choices(("", "dead", "mail"), (NO_ADDRESS, DEAD_ADDRESS, 1.0))[0]
    address = f"{working}{count_so_far}.{contact}@example.org" if working else ""
    number = dice.random() >= NO_NUMBER
    size = dice.randint(2, MOST_GROUPS) if dice.random() < many else 1
    community = dice.choice(communities)
    for _ in range(min(size, count - len(truths))):
        one = uuid5(NAMESPACE, f"service {len(truths)}")
        imported = dice.random() < NEVER_CONFIRMED
        before = None if imported else begun - timedelta(days=dice.uniform(0, 365))
        rows[Service].append(_service(one, key, community, before, begun))
        if address:
            person = {"id": uuid5(one, "contact"), "service_id": one, "email": address}
            rows[Contact].append(person | {"name": "Kim", "phone": ""})
        stopped = imported and dice.random() < STOPPED_BEFORE
        ends = 0 if stopped else dice.expovariate(STOPS_IN_A_YEAR / 365)
        truths[one] = Truth(
            contact, working == "mail", FIRST + timedelta(days=int(min(ends, 9999))),
            rows[Service][-1]["community_id"], dice.random() < BUSY, number,
        )  # fmt: skip


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
    due = [jobs.REGISTRY[f"directory.{name}"] for name in ("fade", "climb")]
    head = "| day | public | confirmed within six months | stopped but public | hidden (running) |"
    if say:
        print(f"{head}\n|---|---|---|---|---|")
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
            if number % 30 == 0 or number == DAYS:
                found = figures(year, evening)
                if say:
                    print(_line(number, found), flush=True)
    return found


def _line(number: int, found: dict[str, float]) -> str:
    return (
        f"| {number} | {found['public']:,.0f} | {found['confirmed']:.1%} | "
        f"{found['stopped']:.1%} | {found['hidden']:,.0f} ({found['hidden alive']:,.0f}) |"
    )


@contextmanager
def place(count: int, *, seed: int = 7, ladder: bool = True, many: float = MANY) -> Iterator[Year]:
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
    many = MANY / 2 if how == "alone" else MANY
    with place(count, seed=seed, ladder=how != "off", many=many) as year:
        year.answers = 0.75 if how == "fewer" else 1.0
        found = live(year)
    print("\n| at the end of the year | |\n|---|---|")
    for name, say in ROWS.items():
        print(f"| {name} | {say(found, year, count)} |")
    print(f"\nin {stopwatch.perf_counter() - begun:.0f} s")


ROWS: dict[str, Callable[[dict[str, float], Year, int], str]] = {
    "public listings": lambda f, y, n: f"{f['public']:,.0f}",
    "of them confirmed within six months": lambda f, y, n: f"{f['confirmed']:.1%}",
    "of them stopped in truth": lambda f, y, n: f"{f['stopped']:.1%}",
    "hidden": lambda f, y, n: f"{f['hidden']:,.0f}",
    "of them running in truth": lambda f, y, n: f"{f['hidden alive']:,.0f}",
    "mails": lambda f, y, n: (
        f"{y.mails.total():,} ({', '.join(f'{k} {v:,}' for k, v in y.mails.items())})"
    ),
    "mails on the busiest day": lambda f, y, n: f"{y.most_mails:,}",
    "minutes of contacts’ time, a listing and year": lambda f, y, n: (
        f"{y.spent['contacts'] / 60 / n:.2f}"
    ),
    "minutes of champions’ time, a listing and year": lambda f, y, n: (
        f"{y.spent['champions'] / 60 / n:.2f}"
    ),
    "minutes of anybody’s time, a listing and year": lambda f, y, n: (
        f"{y.spent.total() / 60 / n:.2f}"
    ),
}


if __name__ == "__main__":
    given = sys.argv[1:]
    main(*[int(word) for word in given[:2]], *given[2:3])
