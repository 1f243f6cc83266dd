"""How fast a feed is imported: `python docs/benchmarks/import_rate.py [COUNT] [DATABASE_URL …]`.

Without addresses it uses a fresh SQLite file, and a PostgreSQL when `tests/postgres.py` finds one.
Each run is a process of its own, so that its peak memory is its own. The feed is Open Referral UK
v3: HTML descriptions, an organisation for every third service, a postcode that is looked up, a
weekly schedule, a contact and two topics each. Prints services a second, and the processor time of
the process that writes and of those that read, for the first import and for one that changes
nothing; then the peak memory of the process above its start, and of the largest that reads. Every
service that counts is stored, published and found by its words.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID, uuid5

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

NAMESPACE = UUID("8d0d2f0e-0000-4000-8000-000000000002")
WORDS = """
    we meet every week in the hall and anybody is welcome come along for company tea biscuits
    help support people families older younger adults carers local volunteers friendly gentle
    free parking accessible toilets bus stop outside please ring before your first visit bring a
    friend walking talking learning skills health wellbeing community neighbours safe space
    children grief loss money bills food energy garden outdoors nature music laughter games
""".split()  # noqa: SIM905 (a list of words reads better as words)
DOES = """
    Choir Walk Lunch Knitting Garden Dance Reading Coffee Chess Yoga Carers Memory
""".split()  # noqa: SIM905 (a list of words reads better as words)
TOPICS = ["Singing and music", "Carers", "Dancing", "Older people", "Debt advice", "Something"]
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
POSTCODES = [f"ZZ{a}{b} {c}AA" for a in range(1, 10) for b in range(10) for c in range(10)]


def service(number: int) -> dict[str, object]:
    dice = random.Random(number)
    words = [dice.choice(WORDS) for _ in range(90)]
    first, second, third = " ".join(words[:40]), " ".join(words[40:70]), " ".join(words[70:])
    runner = f"organization {number // 3}"
    return {
        "id": str(uuid5(NAMESPACE, f"service {number}")),
        "name": f"{dice.choice(WORDS).title()} {dice.choice(DOES)} group {number}",
        "description": f"<p>{first}&nbsp;&amp; more.</p><p><strong>{second}</strong></p>"
        f'<ul><li>{third}</li></ul><p><a href="https://group{number}.example.org/">Site</a></p>',
        "url": f"www.group{number}.example.org",
        "email": f"hello@group{number}.example.org",
        "status": "active",
        "assured_date": "2026-03-01",
        "organization": {"id": str(uuid5(NAMESPACE, runner)), "name": runner.title()},
        "contacts": [{"name": "Kim", "phones": [{"number": "01632960001"}]}],
        "schedules": [
            {
                "freq": "WEEKLY", "byday": dice.choice(DAYS), "opens_at": "10:00",
                "closes_at": "12:00",
            }
        ],
        "service_at_locations": [{"location": {
            "id": str(uuid5(NAMESPACE, f"place {number}")), "name": f"Hall {number}",
            "addresses": [{"address_1": f"{number} High Street", "city": "Ashby",
                           "postal_code": dice.choice(POSTCODES)}],
        }}],
        "attributes": [{"taxonomy_term": {"name": topic}} for topic in dice.sample(TOPICS, 2)],
    }  # fmt: skip


def write_feed(path: Path, count: int) -> None:
    with path.open("w") as file:
        file.write('{"contents": [')
        for number in range(count):
            file.write(("," if number else "") + json.dumps(service(number)))
        file.write("]}")


def measure(feed: str) -> None:
    """Import the feed twice into DATABASE_URL and print what it took, as JSON."""
    from sqlmodel import SQLModel

    from asset_hub import create_app
    from asset_hub.communities.models import Postcode
    from asset_hub.core import clock, db
    from asset_hub.interop.run import command_line

    app = create_app()
    with app.app_context():
        SQLModel.metadata.create_all(db.engine())
        with db.transaction() as session:
            for number, code in enumerate(POSTCODES):
                session.add(Postcode(
                    code=code, outcode=code.split()[0], latitude=53 + number / 2000, longitude=-2.2
                ))  # fmt: skip
        before, seconds, busy = peak(), [], []
        for _ in range(2):
            start, working = time.perf_counter(), used()
            todo = command_line.plan(Path(feed), source="bench", mapping=None, now=clock.now())
            tally = command_line.run(
                todo, community="", dry_run=False, now=clock.now(), progress=lambda *_: None
            )
            seconds.append(time.perf_counter() - start)
            busy.append([now - then for now, then in zip(used(), working, strict=True)])
        assert not tally.refused, tally.refused[:3]
        found = db.session().connection().exec_driver_sql("SELECT count(*) FROM listing_text_facts")
        assert found.scalar_one() == tally.rows, "stored, but not to be found"
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        said = {"seconds": seconds, "busy": busy, "memory": peak() - before, "reading": largest}
        print(json.dumps({"rows": tally.rows} | said))


def used() -> tuple[float, float]:
    """Return the processor seconds, user's and system's, of this process and of its children."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own, children = (sum(resource.getrusage(one)[:2]) for one in whose)
    return own, children


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def run(name: str, url: str, feed: Path) -> None:
    settings = {"ENV": "test", "DATABASE_URL": url, "SECRET_KEY": "s" * 32}
    done = subprocess.run(
        [sys.executable, __file__, "--measure", str(feed)],
        env={**os.environ, **settings}, cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    print(
        f"{name}: {found['rows']:,} services, {found['memory']} MB more at the peak; the largest "
        f"that reads has {found['reading']} MB; load {os.getloadavg()[0]:.1f}"
    )
    for what, seconds, busy in zip(
        ("added", "unchanged"), found["seconds"], found["busy"], strict=True
    ):
        rows = found["rows"]
        print(
            f"  {what:<10}{seconds:6.1f} s {rows / seconds:>7,.0f}/s   processor: writing "
            f"{busy[0]:5.2f} s, reading {busy[1]:5.2f} s, {rows / sum(busy):,.0f} a second of both",
            flush=True,
        )


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--measure"]:
        measure(arguments[1])
        return
    count = int(arguments[0]) if arguments else 10_000
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder) / "feed.json"
        write_feed(feed, count)
        if arguments[1:]:
            for url in arguments[1:]:
                run(url.split(":")[0], url, feed)
            return
        run("SQLite", f"sqlite:///{folder}/bench.db", feed)
        on_postgres(feed)


def on_postgres(feed: Path) -> None:
    from tests import postgres

    try:
        server = postgres.Server()
        server.start()
    except postgres.NoPostgres as missing:
        print(f"PostgreSQL: {missing}")
        return
    try:
        run("PostgreSQL", server.url, feed)
    finally:
        server.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
