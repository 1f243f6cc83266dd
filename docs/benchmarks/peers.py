"""The site beside datasette, pygeoapi and tipg: the same data, the same questions, the same run.

`python docs/benchmarks/peers.py [COUNT [SECONDS]]` makes a virtual environment for each peer in a
temporary folder (`PEERS_HOME` keeps them), loads the town into each the way its documentation
advises, serves each by loopback with the server it recommends, and asks what each can be asked.
tipg and pygeoapi read PostgreSQL 15 with PostGIS from Debian (`apt-get install
postgresql-15-postgis-3`); without it they are left out. Nothing of them is needed by the site.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

# ruff: noqa: E402 (the two folders above are not packages)
import psycopg
from load import Result, free_port, load, served, wait
from places import fill
from speed import ASKED, CODES, DICE, POINTS, QUERIES, TICKS, masters

import tests.postgres as server

POSTGIS = Path("/usr/lib/postgresql/15/bin")
INSTALLED = {
    "datasette": ["datasette==0.65.5", "sqlite-utils"],
    "pygeoapi": ["pygeoapi==0.21.0", "psycopg2-binary", "geoalchemy2", "gunicorn", "gevent"],
    "tipg": ["tipg==1.6.1", "uvicorn", "gunicorn"],
}
COLUMNS = "id, name, summary, body, topics, organization, kind"
TAKEN = (
    "SELECT l.service_id, l.name, l.summary, l.body, l.topics, l.organization_name, "
    "json_extract(l.card, '$.kind'), p.longitude, p.latitude FROM listing l "
    "JOIN listing_place p ON p.service_id = l.service_id"
)
Mix = dict[str, list[str]]
HEAD = (
    "| what | who | requests/s | p50 ms | p99 ms | processor ms | bytes |\n"
    "|---|---|---|---|---|---|---|"
)
SEARCH, BOX, ONE, NEAR = "search, 20 results", "features of a box", "one feature", "nearest 20"

CHOICES = [DICE.choice(QUERIES) for _ in range(ASKED)]
NEARS = [DICE.choice(CODES) for _ in range(ASKED)]
BOXES = [
    (lng - 0.0086, lat - 0.0039, lng + 0.0086, lat + 0.0039)
    for lat, lng in (DICE.choice(POINTS) for _ in range(ASKED))
]  # fmt: skip


def ours(keys: list[str]) -> Mix:
    """Return what the site is asked."""
    dashed = [f"{k[:8]}-{k[8:12]}-{k[12:16]}-{k[16:20]}-{k[20:]}" for k in keys]
    boxes = [",".join(f"{edge:.5f}" for edge in box) for box in BOXES]
    return {
        SEARCH: [f"/find.json?{urlencode({'q': q})}" for q in CHOICES],
        BOX: [f"/find.geojson?bbox={box}&zoom=17" for box in boxes],
        ONE: [f"/groups/{key}.json" for key in dashed],
        NEAR: [f"/find.json?{urlencode({'near': code.code})}" for code in NEARS],
    }


def datasette(keys: list[str]) -> Mix:
    """Return what datasette is asked: its table's JSON, and a canned query for the nearest."""
    few = "_shape=objects&_nofacet=1&_nosuggest=1"
    edges = [
        f"longitude__gte={w:.5f}&latitude__gte={s:.5f}&longitude__lte={e:.5f}&latitude__lte={n:.5f}"
        for w, s, e, n in BOXES
    ]
    return {
        SEARCH: [f"/town/services.json?_search={quote(q)}&_size=20&{few}" for q in CHOICES],
        BOX: [f"/town/services.json?{box}&_size=1000&{few}" for box in edges],
        ONE: [f"/town/services/{key}.json?_shape=objects" for key in keys],
        NEAR: [
            f"/town/near.json?lat={code.latitude}&lng={code.longitude}&_shape=objects"
            for code in NEARS
        ],
    }


def ogc(collection: str, form: str, language: str, has: str) -> Callable[[list[str]], Mix]:
    """Return what an OGC API is asked: to look for letters (`has`) is all the search there is."""

    def mix(keys: list[str]) -> Mix:
        said = [
            " AND ".join(
                f"({has.format('name', word)} OR {has.format('body', word)})"
                for word in q.lower().replace("'s", "").split()  # a quote stops pygeoapi
            )
            for q in CHOICES
        ]
        boxes = [",".join(f"{edge:.5f}" for edge in box) for box in BOXES]
        items = f"/collections/{collection}/items"
        return {
            SEARCH: [
                f"{items}?f={form}&limit=20&filter-lang={language}&filter={quote(one)}"
                for one in said
            ],
            BOX: [f"{items}?f={form}&limit=1000&bbox={box}" for box in boxes],
            ONE: [f"{items}/{key}?f={form}" for key in keys],
        }

    return mix


def installed(home: Path, name: str) -> Path:
    """Return the programs of a peer, in an environment of its own."""
    place = home / name
    if not (place / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        pip = [place / "bin" / "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, *INSTALLED[name]], check=True)
        (place / "ready").touch()
    return place / "bin"


def into_sqlite(town: Path, made: Path) -> None:
    """Make datasette's file: one table, indexes, and full text as `sqlite-utils` makes it."""
    made.unlink(missing_ok=True)
    run = sqlite3.connect(made)
    run.execute(
        "CREATE TABLE services (id TEXT PRIMARY KEY, name TEXT, summary TEXT, body TEXT, "
        "topics TEXT, organization TEXT, kind TEXT, longitude REAL, latitude REAL)"
    )
    run.execute("ATTACH ? AS site", (f"{town}",))
    taken = TAKEN.replace("listing l", "site.listing l").replace(
        "listing_place", "site.listing_place"
    )
    run.execute(f"INSERT INTO services {taken}")
    run.execute("CREATE INDEX place ON services (latitude, longitude)")
    run.commit()
    run.close()


def into_postgis(town: Path, url: str) -> None:
    """Make the table of the OGC APIs, with a spatial index and trigrams to look for letters."""
    with psycopg.connect(url, autocommit=True) as run:
        for name in ("postgis", "pg_trgm"):
            run.execute(f"CREATE EXTENSION IF NOT EXISTS {name}".encode())
        run.execute(
            "CREATE TABLE services (id TEXT PRIMARY KEY, name TEXT, summary TEXT, body TEXT, "
            "topics TEXT, organization TEXT, kind TEXT, geom geometry(Point, 4326))"
        )
        with run.cursor().copy(f"COPY services ({COLUMNS}, geom) FROM STDIN".encode()) as into:
            for *row, lng, lat in sqlite3.connect(town).execute(TAKEN):
                into.write_row((*row, f"SRID=4326;POINT({lng} {lat})"))
        run.execute("CREATE INDEX ON services USING gist (geom)")
        for column in ("name", "body", "lower(name)", "lower(body)"):
            index = f"CREATE INDEX ON services USING gin ({column} gin_trgm_ops)"
            run.execute(index.encode())
        run.execute("VACUUM ANALYZE services")


@contextmanager
def running(command: list[Any], port: int, **environment: str) -> Iterator[int]:
    """Yield the process that serves a peer, once it answers."""
    process = subprocess.Popen(
        [str(part) for part in command], env=os.environ | environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait(port)
        time.sleep(3)  # some answer before they are ready
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def ticks_of(parents: set[int]) -> float:
    """Return the seconds of processor of some processes and of all they have started."""
    known: dict[int, tuple[int, int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        # its own, and that of children that have ended
        known[int(stat.parent.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    ours = {pid for pid in known if pid in parents}
    while more := {pid for pid, (parent, _) in known.items() if parent in ours} - ours:
        ours |= more
    return sum(known[pid][1] for pid in ours) / TICKS


def ask(who: str, port: int, mix: Mix, parents: set[int], seconds: float) -> None:
    """Print a row for each question."""
    for what, paths in mix.items():
        try:
            load(port, paths[:20], seconds=0.5, connections=4)
            begun, start = ticks_of(parents), time.perf_counter()
            result = load(port, paths, seconds=seconds, connections=4)
            spent, took = ticks_of(parents) - begun, time.perf_counter() - start
        except (RuntimeError, OSError, EOFError) as wrong:
            print(f"| {what} | {who} | cannot: {str(wrong)[:90]!r} |", flush=True)
            continue
        print(_row(what, who, result, spent / (result.rate * took) * 1000), flush=True)


def _row(what: str, who: str, result: Result, each: float) -> str:
    return (
        f"| {what} | {who} | {result.rate:,.0f} | {result.p50:.1f} | {result.p99:.1f} | "
        f"{each:.2f} | {result.size:,} |"
    )


def main(count: int, seconds: float) -> None:
    """Make the town, and ask everybody."""
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        here = Path(folder)
        here.chmod(0o755)
        home = Path(os.environ.get("PEERS_HOME", folder))
        town = here / "town.db"
        fill(f"sqlite:///{town}", count)
        rows = sqlite3.connect(town).execute("SELECT service_id FROM listing LIMIT 200")
        keys = [key for (key,) in rows]
        print(f"\n#### {count:,} services\n\n{HEAD}")
        with served(f"sqlite:///{town}") as port:
            ask("Asset Hub, SQLite", port, ours(keys), _master(port), seconds)
        _datasette(home, here, town, keys, seconds)
        if POSTGIS.exists() and _has_postgis():
            _with_postgis(home, here, town, keys, count, seconds)
        else:
            print("\nNo PostGIS here: tipg and pygeoapi were left out.")


def _master(port: int) -> set[int]:
    return {int(pid) for pid in masters(port)}


def _has_postgis() -> bool:
    return Path("/usr/share/postgresql/15/extension/postgis.control").exists()


def _datasette(home: Path, here: Path, town: Path, keys: list[str], seconds: float) -> None:
    programs, made, port = installed(home, "datasette"), here / "datasette" / "town.db", free_port()
    made.parent.mkdir()
    into_sqlite(town, made)
    tool = [programs / "sqlite-utils", "enable-fts", made, "services", "name", "summary", "body",
            "topics", "organization", "--fts5", "--tokenize", "porter"]  # fmt: skip
    subprocess.run([str(part) for part in tool], check=True)
    near = (
        "SELECT *, (latitude - :lat) * (latitude - :lat) + (longitude - :lng) * (longitude - :lng) "
        "* 0.35 AS far FROM services ORDER BY far LIMIT 20"
    )
    facts = here / "metadata.json"
    facts.write_text(json.dumps({"databases": {"town": {"queries": {"near": {"sql": near}}}}}))
    with running(
        [programs / "datasette", "serve", "-i", made, "-p", port, "-m", facts,
         "--setting", "suggest_facets", "off"], port,
    ) as pid:  # fmt: skip
        ask("datasette", port, datasette(keys), {pid}, seconds)


def _with_postgis(
    home: Path, here: Path, town: Path, keys: list[str], count: int, seconds: float
) -> None:
    port = free_port()
    server._binaries = lambda _: POSTGIS  # Debian's, not pip's: PostGIS is there
    server.FAST = (*server.FAST, "listen_addresses=127.0.0.1", f"port={port}")  # type: ignore[assignment]
    cluster = server.Server()
    try:
        cluster.start()
        postmaster = int((cluster.run / "data" / "postmaster.pid").read_text().split()[0])
        plain = f"postgresql://hub@127.0.0.1:{port}/postgres"
        into_postgis(town, plain)
        _pygeoapi(home, here, port, keys, postmaster, seconds)
        _tipg(home, plain, keys, postmaster, seconds)
        with psycopg.connect(plain, autocommit=True) as run:
            run.execute("CREATE DATABASE hub")
        url = f"postgresql+psycopg://hub@127.0.0.1:{port}/hub"
        fill(url, count)
        with served(url) as ours_at:
            parents = _master(ours_at) | {postmaster}
            ask("Asset Hub, PostgreSQL", ours_at, ours(keys), parents, seconds)
    finally:
        cluster.stop()


def _pygeoapi(
    home: Path, here: Path, database: int, keys: list[str], postmaster: int, seconds: float
) -> None:
    programs, port = installed(home, "pygeoapi"), free_port()
    config, openapi = here / "pygeoapi.json", here / "openapi.json"
    config.write_text(json.dumps(_pygeoapi_config(port, database)))
    told = {"PYGEOAPI_CONFIG": f"{config}", "PYGEOAPI_OPENAPI": f"{openapi}"}
    make = [programs / "pygeoapi", "openapi", "generate", config, "--output-file", openapi]
    subprocess.run(make, env=os.environ | told, check=True, stdout=subprocess.DEVNULL)
    command = [programs / "gunicorn", "--workers", 2, "--worker-class", "gevent", "--timeout", 60,
               "--bind", f"127.0.0.1:{port}", "pygeoapi.flask_app:APP"]  # fmt: skip
    with running(command, port, **told) as pid:
        mix = ogc("services", "json", "cql-text", "{} ILIKE '%{}%'")(keys)
        ask("pygeoapi", port, mix, {pid, postmaster}, seconds)


def _pygeoapi_config(port: int, database: int) -> dict[str, Any]:
    """Return a configuration with one collection; YAML reads JSON."""
    data = {"host": "127.0.0.1", "port": database, "dbname": "postgres", "user": "hub",
            "password": "x", "search_path": ["public"]}  # fmt: skip
    provider = {"type": "feature", "name": "PostgreSQL", "data": data, "id_field": "id",
                "table": "services", "geom_field": "geom", "count": False}  # fmt: skip
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port}, "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8", "encoding": "utf-8", "language": "en-GB",
            "limits": {"default_items": 20, "max_items": 1000},
            "map": {"url": "https://tiles.example/{z}/{x}/{y}.png", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "Town", "description": "Town", "keywords": ["town"],
                "keywords_type": "theme", "terms_of_service": "none", "url": "https://example.org",
            },
            "license": {"name": "none", "url": "https://example.org"},
            "provider": {"name": "none", "url": "https://example.org"},
            "contact": {"name": "none", "email": "none@example.org", "url": "https://example.org"},
        },
        "resources": {
            "services": {
                "type": "collection", "title": "Services", "description": "Services",
                "keywords": ["services"], "links": [], "providers": [provider],
                "extents": {"spatial": {"bbox": [-180, -90, 180, 90]}},
            }
        },
    }  # fmt: skip


def _tipg(home: Path, url: str, keys: list[str], postmaster: int, seconds: float) -> None:
    programs, port = installed(home, "tipg"), free_port()
    command = [programs / "uvicorn", "tipg.main:app", "--workers", 2, "--port", port,
               "--log-level", "error"]  # fmt: skip
    with running(command, port, DATABASE_URL=url, TIPG_DB_SCHEMAS='["public"]') as pid:
        mix = ogc("public.services", "geojson", "cql2-text", "casei({}) LIKE '%{}%'")(keys)
        ask("tipg", port, mix, {pid, postmaster}, seconds)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 10_000, float(given[1]) if len(given) > 1 else 4.0)
