"""How near the site comes to the floor (see `floor.py`), on both databases, at any size.

`python docs/benchmarks/speed.py COUNT [SQLITE_FILE [POSTGRESQL_URL [FLOOR_FILE]]]` makes the town
(unless it is given one), serves the floor and the site by gunicorn alike, asks both the same
questions and prints a table for each database. The ratio compares processor time (of the web
processes, and of PostgreSQL's own for us), so it is fit for a machine that is busy with other
things; the milliseconds are as they were met.
"""

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

# ruff: noqa: E402 (the two folders above are not packages)
from floor import make
from load import Result, free_port, load, served, wait
from places import QUERIES, fill, postcodes, town

from asset_hub.core.grid import to_grid
from tests.postgres import postgres

ASKED, SECONDS = 200, 2.0
DICE = random.Random("speed")
CODES = list(postcodes())
POINTS = [
    (place.latitude or 0.0, place.longitude or 0.0)
    for _, facts in town(400) for _, place in facts.places
]  # fmt: skip
Pairs = list[tuple[str, str]]  # what the site is asked, and what the floor is asked for it
TICKS = os.sysconf("SC_CLK_TCK")
HEAD = (
    "| what | requests/s | p50 ms | p99 ms | a second of processor | floor requests/s | "
    "of the floor |\n|---|---|---|---|---|---|---|"
)


def _words(query: str) -> str:
    return f"/find?{urlencode({'q': query})}"


def _near() -> tuple[str, str]:
    code = DICE.choice(CODES)
    floor = urlencode({"lat": code.latitude, "lng": code.longitude})
    return code.code, f"/near?{floor}"


def _view() -> tuple[str, str]:
    latitude, longitude = DICE.choice(POINTS)
    west, south = longitude - 0.0086, latitude - 0.0039
    east, north = longitude + 0.0086, latitude + 0.0039
    first, top = to_grid(north, west)
    last, bottom = to_grid(south, east)
    box = f"{west:.5f},{south:.5f},{east:.5f},{north:.5f}"
    edges = {"top": top, "bottom": bottom, "first": first, "last": last}
    return f"/find.geojson?bbox={box}&zoom=17", f"/view?{urlencode(edges)}"


def mixes() -> dict[str, Pairs]:
    """Return what is asked, by name."""
    found: dict[str, Pairs] = {"an answer without any work": [("/livez", "/livez")]}
    asked = [DICE.choice(QUERIES) for _ in range(ASKED)]
    found["words"] = [(f"/find.json?{urlencode({'q': q})}", _words(q)) for q in asked]
    near = [_near() for _ in range(ASKED)]
    found["words blended with nearness (the floor: words alone)"] = [
        (f"/find.json?{urlencode({'q': q, 'near': code})}", _words(q))
        for q, (code, _) in zip(asked, near, strict=True)
    ]
    found["words of one topic (the floor: words alone)"] = [
        (f"/find.json?{urlencode({'q': q, 'topic': 'music'})}", _words(q)) for q in asked
    ]
    found["the nearest 20"] = [(f"/find.json?near={code}", other) for code, other in near]
    found["the nearest 20 of a topic (the floor: of all)"] = [
        (f"/find.json?near={code}&topic=music", other) for code, other in near
    ]
    views = [_view() for _ in range(ASKED)]
    found["features of a viewport"] = views
    found["the same (the floor: with the site's own index)"] = [
        (ours, floor.replace("/view", "/tight")) for ours, floor in views
    ]
    keys = [facts.id for _, facts in town(ASKED)]
    found["one service"] = [(f"/groups/{key}.json", f"/one?id={key.hex}") for key in keys]
    return {name: [(s.replace(" ", "+"), f) for s, f in pairs] for name, pairs in found.items()}


def measure(name: str, url: str, floor: Path) -> None:
    """Print a table of the site on a database beside the floor."""
    print(f"\n#### {name}\n\n{HEAD}")
    with served(url) as ours, floored(floor) as least:
        spent = spender(url)
        for what, pairs in mixes().items():
            site = asked(ours, [path for path, _ in pairs], spent)
            other = asked(least, [path for _, path in pairs], spent)
            print(_row(what, *site, *other), flush=True)


def asked(port: int, paths: list[str], spent: Callable[[int], float]) -> tuple[Result, float]:
    """Return what a load met, and the answers for a second of the servers' processor."""
    load(port, paths[:4], seconds=0.2)
    begun, start = spent(port), time.perf_counter()
    result = load(port, paths, seconds=SECONDS, connections=4)
    answers = result.rate * (time.perf_counter() - start - 1.0) + result.rate
    return result, answers / max(0.01, spent(port) - begun)


def _row(what: str, site: Result, rate: float, floor: Result, least: float) -> str:
    return (
        f"| {what} | {site.rate:,.0f} | {site.p50:.1f} | {site.p99:.1f} | {rate:,.0f} | "
        f"{floor.rate:,.0f} | {rate / least:.2f} |"
    )


@contextmanager
def floored(path: Path) -> Iterator[int]:
    """Yield the port of the floor, served as the site is."""
    port = free_port()
    program = [sys.executable, "-m", "gunicorn", "floor:app", "--workers", "2", "--threads", "8"]
    process = subprocess.Popen(
        [*program, "--bind", f"127.0.0.1:{port}"], cwd=Path(__file__).parent,
        env=os.environ | {"FLOOR": f"{path}"}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def spender(url: str) -> Callable[[int], float]:
    """Return what says the seconds of processor that a server on a port has spent, with its own."""
    home = Path(re.sub(r".*host=", "", url)) if "host=" in url else None
    pid = next(home.rglob("postmaster.pid")).read_text().split()[0] if home else ""

    def spent(port: int) -> float:
        parents = {pid, *masters(port)} - {""}
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if fields[1] in parents:
                ticks += sum(map(int, fields[11:13]))
            if stat.parent.name in parents:  # and of children that have ended meanwhile
                ticks += sum(map(int, fields[13:15]))
        return ticks / TICKS

    return spent


def masters(port: int) -> set[str]:
    """Return the processes that were started to serve a port."""
    found = set()
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            line = (place.parent / "cmdline").read_bytes()
            said = b"PORT=%d\0" % port in place.read_bytes() or b":%d\0" % port in line
        except OSError:
            continue
        if b"gunicorn" in line and said:
            found.add(place.parent.name)
    return found


def main(count: int, sqlite: str = "", postgresql: str = "", least: str = "") -> None:
    """Make what is missing, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        path, floor = Path(sqlite or f"{folder}/town.db"), Path(least or f"{folder}/floor.db")
        if not sqlite:
            fill(f"sqlite:///{path}", count)
        if not least:
            make(floor, path)
        measure(f"SQLite, {count:,} services", f"sqlite:///{path}", floor)
        if postgresql:
            measure(f"PostgreSQL, {count:,} services", postgresql, floor)
        if not sqlite:
            with postgres() as url:
                fill(url, count)
                measure(f"PostgreSQL, {count:,} services", url, floor)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, *sys.argv[2:5])
