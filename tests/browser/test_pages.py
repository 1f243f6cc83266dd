"""Every page at two widths: axe finds nothing, nothing scrolls sideways, nobody else is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy.exc import OperationalError

from asset_hub.core import db
from asset_hub.core.errors import RuleBroken, TooOften
from asset_hub.demo import service as demo
from asset_hub.demo.places import PASSWORD
from tests.browser.chromium import window
from tests.browser.journey import Walk, answer, press, settle
from tests.browser.pages import ADMIN, COORDINATOR, NOBODY, addresses, send_some_links
from tests.browser.site import Site, served

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
EMPTY = ("/find", "/find?view=map", "/communities", "/communities/ashby", "/people",
         "/connections", "/today", "/to-approve", "/changes", "/team", "/volunteers")  # fmt: skip
# A form that is sent empty, and the button that sends it.
REFUSED = {
    "/sign-in": "Sign in",
    "/register": "Register",
    "/forgotten-password": "Send the link",
    "/list-a-group/what": "Save and continue",
    "/people/add": "Add the person",
    "/invite": "Send the invitation",
}
ERRORS: dict[int, Exception] = {
    422: RuleBroken("This connection has moved on."),
    429: TooOften(60),
    500: RuntimeError("a fault of ours"),
    503: OperationalError("SELECT 1", {}, Exception("gone")),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("town"), demo=True) as site:
        with site.app.app_context(), db.transaction() as session:
            demo.fill(session, now=site.now)
        send_some_links(site)
        yield site


def sign_in(page: Page, site: Site, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{site.url}/sign-in")
    answer(page, email=email, password=password)
    press(page, "Sign in")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def problems(page: Page, path: str) -> Iterator[str]:
    """Yield what is wrong with the page that is open, wide and narrow."""
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for found in Axe().run(page).response["violations"]:
            where = [" ".join(node["target"]) for node in found["nodes"][:3]]
            yield f"{path} at {size['width']}: {found['id']}: {where}"
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
        yield f"{path} at 320: scrolls sideways, {wide} px: {page.evaluate(WIDEST)}"


WIDEST = """[...document.querySelectorAll("body *")]
  .filter(e => e.getBoundingClientRect().right > 321)
  .slice(0, 3).map(e => e.tagName + "." + e.className)"""


def look(page: Page, site: Site, path: str) -> Iterator[str]:
    answered = page.goto(site.url + path)
    assert answered is not None
    if answered.status >= 500:
        yield f"{path}: {answered.status}"
    yield from problems(page, path)


@pytest.mark.parametrize("who", [NOBODY, COORDINATOR, ADMIN])
def test_every_page_can_be_read_by_everybody(town: Site, chrome: Browser, who: str) -> None:
    with window(chrome) as (context, asked):
        page = context.new_page()
        if who != NOBODY:
            sign_in(page, town, f"{who}@demo.example")
        paths = addresses(town, who)
        found = [problem for path in paths for problem in look(page, town, path)]
    assert not found, "\n".join(found)
    assert {url for url in asked if not url.startswith((town.url, "data:"))} == set()


def test_empty_pages_say_what_to_do(site: Site, chrome: Browser) -> None:
    settle(site)
    with window(chrome) as (context, _):
        page = context.new_page()
        sign_in(page, site, "cora@example.org", "correct horse battery staple")
        found = [problem for path in EMPTY for problem in look(page, site, path)]
    assert not found, "\n".join(found)


def test_every_step_of_listing_a_group_can_be_read(site: Site, chrome: Browser) -> None:
    settle(site)
    found: list[str] = []
    with window(chrome) as (context, _):
        walk = Walk(site, context.new_page())
        walk.look = lambda page: found.extend(problems(page, page.url))
        walk.list_a_group(postcode="AS9 9ZZ")
    assert not found, "\n".join(found)


def test_a_page_that_fails_would_be_noticed(town: Site, chrome: Browser) -> None:
    with window(chrome) as (context, _):
        page = context.new_page()
        page.goto(f"{town.url}/roles")
        page.locator("main").evaluate("main => main.innerHTML = '<img><p id=wide>wide</p>'")
        page.locator("#wide").evaluate("p => p.style.width = '900px'")
        found = "\n".join(problems(page, "spoiled"))
    assert "image-alt" in found
    assert "scrolls sideways" in found


def test_refused_forms_lead_to_their_fields(town: Site, chrome: Browser) -> None:
    found = []
    with window(chrome) as (context, _):
        page = context.new_page()
        for path, button in REFUSED.items():
            if path == "/people/add":
                sign_in(page, town, "coordinator@demo.example")
            page.goto(town.url + path)
            press(page, button)
            page.locator(".govuk-error-summary").wait_for()
            found += list(problems(page, f"{path} refused"))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("status", ERRORS)
def test_error_pages_say_what_to_do(town: Site, chrome: Browser, status: int) -> None:
    with window(chrome) as (context, _), broken(town, ERRORS[status]):
        page = context.new_page()
        answered = page.goto(f"{town.url}/roles")
        assert answered is not None
        assert answered.status == status
        assert page.locator("h1").inner_text()
        found = list(problems(page, f"error {status}"))
    assert not found, "\n".join(found)


def test_what_may_not_be_opened_and_what_came_too_late(town: Site, chrome: Browser) -> None:
    with window(chrome) as (context, _):
        page = context.new_page()
        sign_in(page, town, "member@demo.example")
        found = list(look(page, town, "/people"))
        page.goto(f"{town.url}/account/name")
        page.locator('main [name="csrf_token"]').evaluate("field => field.value = 'old'")
        answer(page, name="A name that took long to write")
        press(page, "Save")
        assert "A name that took long to write" in page.content(), "it is given back"
        found += list(problems(page, "too late"))
    assert not found, "\n".join(found)


@contextmanager
def broken(site: Site, error: Exception) -> Iterator[None]:
    """Let one page fail in a certain way."""
    views: dict[str, Any] = site.app.view_functions
    before = views["accounts.roles"]

    def fails() -> None:
        raise error

    vars(fails).update(vars(before))
    views["accounts.roles"] = fails
    try:
        yield
    finally:
        views["accounts.roles"] = before
