"""The second step and the lock as they are on a screen: with Chromium's own authenticator."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import window
from tests.browser.journey import answer, press, sees, settle
from tests.browser.site import Site, served
from tests.browser.test_pages import NARROW, WIDE, problems
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Site]:
    """A site with a name, where a second step is required."""
    with served(tmp_path, name="localhost", second_factor="required") as site:
        settle(site)
        yield site


def sign_in(page: Page, site: Site, name: str, onward: str = "") -> None:
    page.goto(f"{site.url}/sign-in?next={onward}")
    answer(page, email=f"{name}@example.org", password=PASSWORD)
    press(page, "Sign in")


def authenticator(context: BrowserContext, page: Page) -> Any:
    """Give the window a phone that proves its user without asking."""
    phone = context.new_cdp_session(page)
    phone.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    phone.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return phone


def code_of(page: Page, site: Site) -> str:
    """Return what an app would show that was given the letters on the page."""
    letters = page.locator("main strong[translate=no]").inner_text().replace(" ", "")
    return pyotp.TOTP(letters).at(int(site.now.timestamp()))


def test_ben_adds_a_passkey_and_signs_in_by_it_alone(strict: Site, chrome: Browser) -> None:
    with window(chrome) as (context, _):
        page = context.new_page()
        authenticator(context, page)
        sign_in(page, strict, "ben", "/people")
        sees(page, "Signing in and security")
        press(page, "Add a passkey")
        press(page, "Make the passkey")
        expect(page.locator(".govuk-error-summary")).to_contain_text("Enter a name")
        answer(page, name="My phone")
        press(page, "Make the passkey")
        sees(page, "Recovery codes")
        press(page, "Show my ten codes")
        expect(page.locator(".hub-codes li")).to_have_count(10)
        press(page, "I have kept them: go on")
        sees(page, "People")
        page.goto(f"{strict.url}/account/security")
        page.get_by_role("link", name="Change the passkey My phone").click()
        sees(page, "Passkey: My phone")
        assert list(problems(page, page.url)) == []

        page.get_by_role("button", name="Sign out").click()
        press(page, "Sign in with a passkey")
        sees(page, "Today")
        page.get_by_role("button", name="Sign out").click()
        answer(page, email="ben@example.org", password=PASSWORD)
        press(page, "Sign in")
        sees(page, "Enter a code that you kept")
        press(page, "Use a passkey")
        sees(page, "Today")


@pytest.mark.parametrize("scripts", [True, False])
def test_every_page_of_the_second_step_can_be_read_and_works_without_scripts(
    strict: Site, chrome: Browser, scripts: bool
) -> None:
    found: list[str] = []

    def look(page: Page) -> None:
        found.extend(problems(page, page.url) if scripts else [])

    with window(chrome, java_script_enabled=scripts) as (context, _):
        page = context.new_page()
        sign_in(page, strict, "ben", "/people")
        look(page)
        press(page, "Set up an app")
        look(page)
        code = code_of(page, strict)
        press(page, "Check the code")
        look(page)
        answer(page, code=code)
        press(page, "Check the code")
        look(page)
        press(page, "Show my ten codes")
        look(page)
        paper = page.locator(".hub-codes li").first.inner_text()
        page.goto(f"{strict.url}/account/security")
        look(page)
        page.get_by_role("button", name="Sign out").click()
        sign_in(page, strict, "ben", "/people")
        look(page)
        press(page, "I do not have my phone: use a recovery code")
        look(page)
        answer(page, code=paper)
        press(page, "Go on")
        sees(page, "People")
        strict.later(minutes=11)
        page.goto(f"{strict.url}/account/recovery-codes")
        sees(page, "Please show again that it is you")
        look(page)
        page.goto(f"{strict.url}/people/add")
        strict.later(minutes=21)
        answer(page, matters="She would sing again")
        press(page, "Add the person")
        sees(page, "This screen is locked")
        look(page)
        answer(page, password=PASSWORD)
        press(page, "Unlock")
        sees(page, "Carry on where you were")
        look(page)
        expect(page.locator("main")).to_contain_text("She would sing again")
        press(page, "Carry on")
        expect(page.locator('[name="matters"]')).to_have_value("She would sing again")
        page.goto(f"{strict.url}/carry-on")
        sees(page, "Carry on where you were")
        expect(page.locator("main")).to_contain_text("Nothing waits")
    assert not found, "\n".join(found)


def test_the_screen_is_covered_and_what_was_typed_stays_under_it(
    site: Site, chrome: Browser
) -> None:
    settle(site)
    with window(chrome) as (context, _):
        page = context.new_page()
        page.clock.install()
        sign_in(page, site, "ben", "/people/add")
        answer(page, name="Rose Ó Brien")
        warning, cover = page.locator("#lock-warning"), page.locator("#lock-cover")

        site.later(minutes=18, seconds=30)
        page.clock.run_for(timedelta(minutes=18, seconds=30).seconds * 1000)
        expect(warning).to_be_visible()
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert Axe().run(page).response["violations"] == []
        with page.expect_response("**/still-here"):
            page.get_by_role("button", name="I am still here").click()
        expect(warning).to_be_hidden()

        site.later(minutes=21)
        page.clock.run_for(21 * 60 * 1000)
        expect(cover).to_be_visible()
        expect(page.locator("main")).to_be_hidden()
        page.keyboard.press("Escape")
        expect(cover).to_be_visible()
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert Axe().run(page).response["violations"] == []
        page.locator("#lock-password").fill("wrong horse battery")
        page.keyboard.press("Enter")
        expect(cover.get_by_role("status")).to_have_text("That is not your password. Try again.")
        page.locator("#lock-password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(cover).to_be_hidden()
        expect(page.locator('[name="name"]')).to_have_value("Rose Ó Brien")
        press(page, "Add the person")
        expect(page.locator(".govuk-error-summary")).to_be_visible()
        expect(page.locator('[name="name"]')).to_have_value("Rose Ó Brien")
