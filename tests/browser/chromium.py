"""Debian's Chromium, driven by Playwright, which never talks to anyone but the site."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a Chromium with a profile of its own."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "Run: sudo apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser, **how: Any) -> Iterator[tuple[BrowserContext, list[str]]]:
    """Open a private window; the list fills with the address of every request it makes."""
    asked: list[str] = []
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London", **how)
    context.on("request", lambda request: asked.append(request.url))
    context.set_default_timeout(10_000)
    yield context, asked
    context.close()
