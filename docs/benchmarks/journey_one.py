"""Journey 1, "Find", timed: from the front door to results that can be read, five ways.

`python docs/benchmarks/journey_one.py` serves the demo place as production does, behind a small
proxy of its own that packs answers as Caddy does, and walks it in headless Chromium: with
JavaScript, without, by keyboard only, at 320 pixels, and at 50 kB a second with 300 ms to wait for
each answer. Five sentences that people might say are asked one after the other. It prints, of the
first (nothing kept) and the medians of those that follow: the seconds until the front door is
painted, the seconds from "Find support" until the results are, and the bytes of both together.
"""

import gzip
import logging
import os
import statistics
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

# ruff: noqa: E402 (the two folders above are not packages)
from load import served
from playwright.sync_api import Browser, Page, expect

from asset_hub import create_app
from asset_hub.core import clock, db
from asset_hub.demo import service as demo
from tests.browser.chromium import chromium, window
from tests.browser.find_journey import PHONE, POSTCODE, SENTENCES, by_keyboard, by_pointer, slow
from tests.conftest import test_settings

WAYS: dict[str, dict[str, Any]] = {
    "with JavaScript": {},
    "without": {"window": {"java_script_enabled": False}},
    "by keyboard only": {"how": by_keyboard},
    "at 320 px": {"window": {"viewport": PHONE}},
    "at 320 px and 50 kB/s": {"window": {"viewport": PHONE}, "slow": True},
}

# The first paint waits for the style sheet; cards that come later are painted by the end
SHOWN = """() => Math.max(
  performance.getEntriesByName("first-contentful-paint")[0].startTime,
  performance.getEntriesByType("navigation")[0].domInteractive)"""


@contextmanager
def packed(port: int) -> Iterator[str]:
    """Yield the address of a proxy that packs what can be packed, and keeps nothing."""

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            given = {"Cookie": self.headers["Cookie"]} if self.headers["Cookie"] else {}
            asked = urllib.request.Request(f"http://127.0.0.1:{port}{self.path}", headers=given)
            try:
                answer = urllib.request.urlopen(asked)
            except HTTPError as refused:
                answer = refused
            body = answer.read()
            plain = "woff2" in self.path
            body = body if plain else gzip.compress(body, 6)
            self.send_response(answer.status)
            for name in ("Content-Type", "Content-Security-Policy", "Cache-Control"):
                if answer.headers[name]:
                    self.send_header(name, answer.headers[name])
            if not plain:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def fill(url: str, folder: Path) -> None:
    """Put the demo place into a new database."""
    app = create_app(test_settings(url, folder, demo=True))
    assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
    with app.app_context(), db.transaction() as session:
        demo.fill(session, now=clock.now())


def shown(page: Page) -> float:
    """Return how many seconds it took from asking for the page until it was whole and painted."""
    page.wait_for_load_state("networkidle")
    return float(page.evaluate(SHOWN)) / 1000


def walk(browser: Browser, url: str, way: dict[str, Any]) -> list[dict[str, float]]:
    """Ask five things, one after the other, in one window that had nothing kept before."""
    found = []
    with window(browser, **way.get("window", {})) as (context, _):
        context.set_default_timeout(60_000)
        page = context.new_page()
        wire = slow(page) if way.get("slow") else context.new_cdp_session(page)
        wire.send("Network.enable")
        sizes: list[float] = []
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        for words in SENTENCES:
            sizes.clear()
            page.goto(url)
            door = shown(page)
            way.get("how", by_pointer)(page, words, POSTCODE, press=False)
            page.keyboard.press("Enter")
            expect(page.locator("#results-list .hub-card").first).to_be_visible(timeout=60_000)
            found.append({"door": door, "took": shown(page), "all": sum(sizes)})
    return found


def main() -> None:
    """Print a row for each way."""
    logging.disable(logging.CRITICAL)
    print(f"load {os.getloadavg()[0]:.1f}\n")
    print("| | front door, first | results, first | kB of both | front door | results | kB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/demo.db"
        fill(url, Path(folder))
        with served(url) as port, packed(port) as site, chromium() as browser:
            for name, way in WAYS.items():
                first, *others = walk(browser, site, way)
                middle = {key: statistics.median(one[key] for one in others) for key in first}
                print(
                    f"| {name} | {first['door']:.2f} s | {first['took']:.2f} s "
                    f"| {first['all'] / 1000:.0f} | {middle['door']:.2f} s "
                    f"| {middle['took']:.2f} s | {middle['all'] / 1000:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
