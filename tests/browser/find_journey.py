"""Journey 1, "Find", walked in a browser: from somebody's own words to a group they can join."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, Response, expect

SLOW = {"latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000, "offline": False}
PHONE = {"width": 320, "height": 640}
# What five people said, and what a group that would do says on its card
SENTENCES = {
    "my husband died in March and I can't face the house": "grief and loss",
    "I look after my mum and never get a break": "caring for someone",
    "new here with a baby and I don't know anyone": "baby",
    "my dad is lonely since he stopped driving": "company",
    "I have nothing left to buy food until Friday": "food",
}
POSTCODE = "av1 1bd"
TABS = 160  # more than any page of ours needs to reach its results


@dataclass
class Wire:
    """What came over the wire, each answer packed as the proxy in front packs it."""

    answers: list[tuple[str, int]] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Note every answer from now on."""
        page.on("response", self._note)

    def _note(self, answer: Response) -> None:
        if answer.status != 200 or answer.url.startswith("data:") or "/photo/" in answer.url:
            return  # photographs come last, each when it is about to be seen
        body = answer.body()
        size = len(body) if answer.url.split("?")[0].endswith("woff2") else len(gzip.compress(body))
        self.answers.append((answer.url, size))

    @property
    def size(self) -> int:
        """Return the bytes of all of it."""
        return sum(size for _, size in self.answers)


def slow(page: Page) -> Any:
    """Let a page have 50 kB a second and a third of a second to wait for each answer."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW)
    return wire


def reach(page: Page, selector: str) -> None:
    """Go on with Tab until something has the keyboard, and see that it shows."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            seen = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"
            )
            assert seen, f"the keyboard is at {selector}, and nothing shows it"
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


def by_pointer(page: Page, words: str, postcode: str, *, press: bool = True) -> None:
    """Ask as most people do."""
    page.get_by_role("searchbox", name="What would help?").fill(words)
    page.get_by_label("Postcode or town").fill(postcode)
    if press:
        page.get_by_role("button", name="Find support").click()


def by_keyboard(page: Page, words: str, postcode: str, *, press: bool = True) -> None:
    """Ask without a mouse."""
    reach(page, "#q")
    page.keyboard.type(words)
    page.keyboard.press("Tab")
    page.keyboard.type(postcode)
    if press:
        page.keyboard.press("Enter")


def ask(page: Page, url: str, words: str, how: Callable[..., None]) -> None:
    """Come to the front door, ask, and see the first result."""
    page.goto(url, wait_until="domcontentloaded")
    how(page, words, POSTCODE)
    expect(page.locator("#results-list .hub-card").first).to_be_visible(timeout=30_000)
