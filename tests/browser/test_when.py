"""Saying when a group meets, with a script and without."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import window
from tests.browser.journey import answer, press, settle
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def comes_to_when(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/list-a-group/what")
    answer(page, name="Choir", organization_name="Us", kind="group", summary="We sing")
    press(page, "Save and continue")
    answer(page, community_id="Ashby", setting="none")
    press(page, "Save and continue")


def test_questions_that_do_not_matter_step_back(site: Site, chrome: Browser) -> None:
    settle(site)
    with window(chrome) as (context, _):
        page = context.new_page()
        comes_to_when(page, site)
        days, hours = page.get_by_text("Which days?"), page.get_by_label("It starts at")
        expect(days).to_be_visible()
        answer(page, often="dates", dates="10 Sep\nsometime")
        expect(days).to_be_hidden()
        expect(hours).to_be_visible()
        press(page, "Save and continue")
        expect(days).to_be_hidden()  # when the page comes back too
        answer(page, often="varies", when_words="When dry")
        expect(hours).to_be_hidden()
        press(page, "Save and continue")
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Who is it for, and what does it cost?"
        )


def test_without_a_script_every_question_is_there(site: Site, chrome: Browser) -> None:
    settle(site)
    with window(chrome, java_script_enabled=False) as (context, _):
        page = context.new_page()
        comes_to_when(page, site)
        answer(page, often="dates", dates="10 Sep\n8 Oct", days=["TH"])
        for question in ("Which days?", "Which dates?", "The last meeting", "When, in words"):
            expect(page.get_by_text(question)).to_be_visible()
        press(page, "Save and continue")
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Who is it for, and what does it cost?"
        )
