"""Finding at 10,000 services: lists, features and circles, on SQLite and PostgreSQL.

`python docs/benchmarks/finding.py [COUNT] [SECONDS]` prints the tables of docs/benchmarks.md.
"""

import random
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

# ruff: noqa: E402 (the two folders above are not packages)
from load import HEAD, ROOT, load, served
from places import EAST, NORTH, QUERIES, SOUTH, WEST, fill, postcodes, town
from sqlalchemy import create_engine, text

from tests.postgres import postgres

DICE = random.Random("questions")
NEAR = [postcode.code for postcode in postcodes()]
POINTS = [
    (place.latitude or 0, place.longitude or 0)
    for _, facts in town(400)
    for _, place in facts.places
]


def feed(**question: object) -> str:
    return f"/find.json?{urlencode(question)}"


def window(zoom: int, width: float) -> str:
    """Return a window of about 800 by 600 pixels around a place."""
    latitude, longitude = DICE.choice(POINTS)
    box = longitude - width, latitude - width * 0.45, longitude + width, latitude + width * 0.45
    edges = ",".join(f"{edge:.5f}" for edge in box)
    return f"/find.geojson?bbox={edges}&zoom={zoom}"


def whole(zoom: int) -> str:
    return f"/find.geojson?bbox={WEST},{SOUTH},{EAST},{NORTH}&zoom={zoom}"


def some(make: Callable[[], str]) -> list[str]:
    return [make() for _ in range(500)]


WORDS = some(lambda: feed(q=DICE.choice(QUERIES)))
BLEND = some(lambda: feed(q=DICE.choice(QUERIES), near=DICE.choice(NEAR)))
NEAREST = some(lambda: feed(near=DICE.choice(NEAR)))
WITHIN = some(lambda: feed(near=DICE.choice(NEAR), within=3, topic="music"))
MIXES = {
    "`/livez`, an answer without any work": ["/livez"],
    "`/find.json` mixed: words, words near a postcode, near a postcode": [
        path for three in zip(WORDS, BLEND, NEAREST, strict=True) for path in three
    ],
    "`/find.json` words": WORDS,
    "`/find.json` words and nearness blended": BLEND,
    "`/find.json` the nearest 20": NEAREST,
    "`/find.json` the nearest 20 of a topic within 3 miles": WITHIN,
    "`/find.geojson` features of a viewport (zoom 16)": some(lambda: window(16, 0.0086)),
    "`/find.geojson` a viewport at zoom 13": some(lambda: window(13, 0.069)),
    "`/find.geojson` circles over all places (zoom 9)": [whole(9)],
    "`/find` the page, as a list": [path.replace(".json", "") for path in BLEND],
    "`/find` the page, with the map": [f"{path.replace('.json', '')}&view=map" for path in BLEND],
}


def measure(url: str, name: str, seconds: float) -> None:
    print(f"\n### {name}\n\n{HEAD}")
    with served(url) as port:
        for what, paths in MIXES.items():
            print(load(port, paths, seconds=seconds).row(what), flush=True)
        _page(port)


def _page(port: int) -> None:
    address = f"http://127.0.0.1:{port}{BLEND[0].replace('.json', '')}&view=map"
    with urllib.request.urlopen(address) as answer:
        page = answer.read()
    scripts = re.findall(rb"<script[^>]*>(.*?)</script>", page, re.S)
    inline = sum(len(script) for script in scripts)
    print(f"\nMap page {len(page):,} bytes, of which inline script and JSON {inline:,}.")


def start() -> None:
    program = "import time; t = time.perf_counter(); import wsgi; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", program]
    times = [float(subprocess.check_output(command, cwd=ROOT)) for _ in range(5)]
    print(f"\n`import wsgi`: {statistics.median(times):.2f} s (median of 5)")


def main(count: int, seconds: float) -> None:
    start()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/finding.db"
        fill(url, count)
        measure(url, f"SQLite, {count:,} services", seconds)
    with postgres() as url:
        fill(url, count)
        with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as its own housekeeping would
        measure(url, f"PostgreSQL, {count:,} services", seconds)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 10_000, float(given[1]) if len(given) > 1 else 5.0)
