"""The map in headless Chromium: time to the first pins, heap, bytes, outside requests, violations.

`python docs/benchmarks/map_in_browser.py [COUNT]` fills a SQLite database with COUNT services
(50,000), ten of which have hostile names, serves it with gunicorn and looks at it. It prints the
table of docs/benchmarks.md, "The map". A map on which no pin appears is a row that says so.
"""

import gzip
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

# ruff: noqa: E402 (the two folders above are not packages)
from finding import whole
from load import served
from places import fill
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy import create_engine, text

from tests.browser.chromium import chromium, window
from tests.browser.find_journey import Wire
from tests.search.test_area import HOSTILE

ROUNDS = 3
PATIENCE = 10_000  # milliseconds to wait for a pin
MAPS = {
    "everything": "/find?view=map",
    "near a postcode, within 3 miles": "/find?view=map&near=ZZ0+0AA&within=3",
    "in another site's frame": "/embed/find",
}
WATCH = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", e => violations.push(e.violatedDirective));
  new MutationObserver((_, watch) => {
    if (!document.querySelector(".hub-marker")) return;
    window.firstPins = performance.now();
    watch.disconnect();
  }).observe(document, {childList: true, subtree: true});
"""


def spoil(url: str) -> None:
    """Give some published places names that would like to be more than names."""
    with create_engine(url).begin() as connection:
        rows = connection.execute(text("SELECT id, feature FROM listing_place LIMIT 10")).all()
        for (key, feature), name in zip(rows, HOSTILE, strict=False):
            changed = json.loads(feature)
            changed["properties"]["name"] = name
            statement = text("UPDATE listing_place SET feature = :feature WHERE id = :id")
            connection.execute(statement, {"feature": json.dumps(changed), "id": key})


def look(port: int, path: str) -> dict[str, Any]:
    """Open the map once, with nothing kept from before, and return what it took."""
    with chromium() as browser, window(browser) as (context, asked):
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda problem: said.append(str(problem)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.add_init_script(WATCH)
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        sizes: list[float] = []
        network.on(
            "Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"])
        )
        site = f"http://127.0.0.1:{port}"
        page.set_default_timeout(60_000)
        wire = Wire()
        wire.listen(page)
        page.goto(site + path, wait_until="networkidle")
        with suppress(PlaywrightError):
            page.wait_for_function("window.firstPins", timeout=PATIENCE)
        heap = network.send("Runtime.getHeapUsage")["usedSize"]
        return {
            "first": page.evaluate("window.firstPins"),
            "pins": page.locator(".hub-marker").count(),
            "heap": heap / 1e6,
            "bytes": sum(sizes),
            "packed": wire.size,
            "outside": sum(not each.startswith((site, "data:")) for each in asked),
            "violations": len(page.evaluate("violations")),
            "said": len(said),
        }


def fetched(port: int, path: str) -> tuple[float, bytes]:
    start = time.perf_counter()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        body = answer.read()
    return (time.perf_counter() - start) * 1000, body


def row(name: str, found: list[dict[str, Any]]) -> str:
    """Return one row of the table: medians, and sums of what must be nothing."""
    seen = [one["first"] for one in found if one["first"] is not None]
    first = f"{statistics.median(seen):,.0f}" if seen else "none"
    middle = {
        key: statistics.median(one[key] for one in found)
        for key in ("pins", "heap", "bytes", "packed")
    }
    wrong = [sum(one[key] for one in found) for key in ("outside", "violations", "said")]
    return (
        f"| {name} | {first} | {middle['pins']:.0f} | {middle['heap']:.1f} "
        f"| {middle['bytes'] / 1e3:,.0f} | {middle['packed'] / 1e3:,.0f} "
        f"| {' | '.join(map(str, wrong))} |"
    )


def answers(port: int) -> None:
    """Say how long the server takes, and what its answers weigh when packed."""
    for zoom in (6, 9, 12, 16):
        times = [fetched(port, whole(zoom)) for _ in range(ROUNDS)]
        size = len(gzip.compress(times[0][1]))
        took = statistics.median(one[0] for one in times)
        print(f"features at zoom {zoom}: {took:.0f} ms, {size / 1e3:.1f} kB gzipped")
    pages = [fetched(port, "/find?view=map") for _ in range(ROUNDS * 4)]
    lists = [fetched(port, "/find") for _ in range(ROUNDS * 4)]
    medians = [statistics.median(one[0] for one in some) for some in (pages, lists)]
    print(f"page with the map {medians[0]:.0f} ms, as a list {medians[1]:.0f} ms")
    packed = len(gzip.compress(pages[0][1]))
    print(f"page {len(pages[0][1]) / 1e3:.0f} kB, {packed / 1e3:.1f} gzipped")


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/map.db"
        fill(url, count)
        spoil(url)
        with served(url) as port:
            print(f"{count:,} services, load {os.getloadavg()[0]:.1f}")
            print(
                "| map | first pins ms | pins | heap MB | kB | kB gzipped "
                "| outside requests | violations | said |"
            )
            print("|---|---|---|---|---|---|---|---|---|")
            for name, path in MAPS.items():
                fetched(port, path)  # a process's first map imports Folium
                print(row(name, [look(port, path) for _ in range(ROUNDS)]), flush=True)
            answers(port)
            print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
