"""A visitor keeps two groups, prints them, mails them home, and opens them on another device."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from asset_hub.core import db
from asset_hub.demo import service as demo
from tests.browser.chromium import window
from tests.browser.journey import answer, press
from tests.browser.site import Site, served
from tests.browser.test_pages import problems

pytestmark = pytest.mark.browser
VERA = "vera@example.org"
PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("shelf"), demo=True) as site:
        with site.app.app_context(), db.transaction() as session:
            demo.fill(session, now=site.now)
        yield site


def keep_two(page: Page, site: Site, *, javascript: bool) -> list[str]:
    """Keep the first two results of a search; return their names."""
    page.goto(f"{site.url}/find?topic=company")
    names = page.locator(".hub-cards .hub-card__title a").all_inner_texts()[:2]
    for number, name in enumerate(names, 1):
        page.get_by_role("button", name=f"Keep {name}", exact=True).click()
        if javascript:
            expect(page.locator("[data-shelf-count]")).to_have_text(f" ({number})")
            expect(page.get_by_role("button", name=f"Kept {name}", exact=True)).to_be_visible()
        else:
            expect(page.get_by_role("heading", level=1)).to_have_text("Your list")
            page.get_by_role("link", name="Back to where you were").click()
    page.get_by_role("link", name=re.compile("^Your list")).click()
    return names


def on_page(page: Page) -> list[str]:
    return page.locator(".hub-card__title").all_inner_texts()


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
def test_find_keep_print_mail_and_open_again_by_the_code(
    town: Site, chrome: Browser, javascript: bool
) -> None:
    with window(chrome, java_script_enabled=javascript, viewport=PHONE) as (context, asked):
        page = context.new_page()
        names = keep_two(page, town, javascript=javascript)
        assert on_page(page) == names
        page.get_by_role("button", name=f"Move up {names[1]}").click()
        assert on_page(page) == names[::-1]
        page.get_by_role("button", name="Print it").click()
        expect(page.locator(".hub-leaflet h2")).to_have_text(names[::-1])
        code = page.url.split("/s/")[1].split("/")[0]
        expect(page.locator(".hub-leaflet")).to_contain_text(f"/s/{code}")
        page.get_by_label("Letters").select_option("largest")
        press(page, "Lay it out")
        expect(page.locator(".hub-leaflet--largest")).to_be_visible()
        page.goto(f"{town.url}/shortlist/mail")
        answer(page, email=VERA)
        press(page, "Send the mail")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your list is on its way")
    words = str(town.letters_to(VERA)[-1].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert all(name in words for name in names)
    with window(chrome, java_script_enabled=javascript) as (context, more):
        page = context.new_page()
        page.goto(f"{town.url}/s")
        answer(page, code=code.lower().replace("-", " "))
        press(page, "Open the list")
        assert on_page(page) == names[::-1]
        page.get_by_role("button", name="Keep them all on my list").click()
        assert on_page(page) == names[::-1]
        page.get_by_role("button", name="Clear the list").click()
        expect(page.locator("main")).to_contain_text("Your list is empty")
        page.get_by_role("button", name="Put them back").click()
        assert on_page(page) == names[::-1]
    assert {url for url in [*asked, *more] if not url.startswith((town.url, "data:"))} == set()


def test_by_keyboard_alone(town: Site, chrome: Browser) -> None:
    with window(chrome) as (context, _):
        page = context.new_page()
        page.goto(f"{town.url}/find?topic=company")
        button = page.locator(".hub-keep").first
        button.focus()
        page.keyboard.press("Space")
        expect(button).to_contain_text("Kept")
        expect(page.locator("p[role=status]").last).to_contain_text("Kept. 1 group on your list.")
        expect(button).to_be_focused()
        page.keyboard.press("Enter")
        expect(button).to_contain_text("Keep")
        expect(page.locator("[data-shelf-count]")).to_have_text("")
        page.keyboard.press("Enter")
        expect(button).to_contain_text("Kept")
        page.get_by_role("link", name=re.compile("^Your list")).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your list")


def test_every_page_of_it_can_be_read_by_everybody(town: Site, chrome: Browser) -> None:
    with window(chrome) as (context, _):
        page = context.new_page()
        keep_two(page, town, javascript=True)
        found = list(problems(page, "list"))
        page.get_by_role("button", name=re.compile("[Ss]hare it")).click()
        found += problems(page, "shared")
        code = page.url.split("/s/")[1]
        for path in (
            f"/s/{code}/print?notes=1", "/shortlist/mail", "/s?code=x", "/whats-on",
            "/whats-on?span=day&topic=smoking", "/topics/company/poster?community=canalside",
        ):  # fmt: skip
            page.goto(town.url + path)
            found += problems(page, path)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "sheets"),
    [
        ("/s/{}/print", 1),
        ("/s/{}/print?paper=a5&notes=1&from=community-canalside", 1),
        ("/topics/company/poster?community=canalside", 1),
    ],
)
def test_it_fits_the_paper(
    town: Site, chrome: Browser, path: str, sheets: int, tmp_path: Path
) -> None:
    with window(chrome) as (context, _):
        page = context.new_page()
        keep_two(page, town, javascript=True)
        page.get_by_role("button", name=re.compile("[Ss]hare it")).click()
        page.goto(town.url + path.format(page.url.split("/s/")[1]))
        paper = page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == sheets


def test_a_group_is_kept_from_the_map(town: Site, chrome: Browser) -> None:
    with window(chrome) as (context, _):
        page = context.new_page()
        page.goto(f"{town.url}/find?view=map&topic=company")
        pin = page.locator(".leaflet-marker-icon:not(.hub-marker--cluster)").first
        pin.focus()
        page.keyboard.press("Enter")
        keep = page.locator(".leaflet-popup .hub-keep").first
        expect(keep).to_contain_text("Keep")
        keep.click()
        expect(keep).to_contain_text("Kept")
        expect(page.locator("[data-shelf-count]")).to_have_text(" (1)")
        page.keyboard.press("Escape")
        pin.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".leaflet-popup .hub-keep").first).to_contain_text("Kept")
