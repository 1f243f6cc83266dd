"""The main job, walked by hand: what each person does on the screen, in the order they do it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect
from sqlmodel import Session

from asset_hub.communities.models import Postcode
from asset_hub.core import db
from tests.browser.site import Site
from tests.cast import PASSWORD, Cast

OLIVE = "olive@lunch.example"


def settle(site: Site) -> None:
    """Put the cast and one postcode into the site, as an administrator would have."""
    with site.app.app_context(), db.transaction() as session:
        people(session)


def people(session: Session) -> Cast:
    session.add(Postcode(code="AS1 1AA", outcode="AS1", latitude=53.601, longitude=-2.201))
    return Cast(session)


def answer(page: Page, **answers: Any) -> None:
    """Fill in fields by their names: text, a choice, or several."""
    for name, value in answers.items():
        fields = page.locator(f'main [name="{name.replace("__", "-")}"]')
        kind = fields.first.evaluate("field => field.type")
        if kind in {"radio", "checkbox"}:
            for one in value if isinstance(value, list) else [value]:
                this = f'[name="{name}"][value="{one}"]'
                closed = page.locator("main details:not([open])").filter(has=page.locator(this))
                if closed.count():
                    closed.locator("summary").click()
                page.locator(f"main {this}").check()
        elif kind == "select-one":
            fields.select_option(label=value)
        else:
            fields.fill(value)


def press(page: Page, words: str) -> None:
    """Press the button with these words, or follow the link."""
    button = page.locator("main").get_by_role("button", name=words, exact=True)
    link = page.locator("main").get_by_role("link", name=words, exact=True)
    button.or_(link).first.click()


def sees(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@dataclass
class Walk:
    """One window on the site, used by one person after the other."""

    site: Site
    page: Page
    look: Callable[[Page], object] = lambda _: None  # at each page on the way

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.site.url + path)

    def sign_in(self, name: str, path: str = "") -> None:
        """Sign in by the form, and land where one was going."""
        self.go(path or "/sign-in")
        answer(self.page, email=f"{name.lower()}@example.org", password=PASSWORD)
        press(self.page, "Sign in")

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()

    def save(self) -> None:
        """Save one step of listing a group and go on to the next."""
        self.look(self.page)
        press(self.page, "Save and continue")

    def list_a_group(self, postcode: str = "as11aa") -> None:
        """Olive lists her lunch club, without an account; an unknown postcode asks for a pin."""
        page = self.page
        self.go("/list-a-group")
        press(page, "Start")
        answer(
            page,
            name="Lunch club", organization_name="Ashby neighbours", kind="group",
            summary="A hot lunch in good company", description="Soup, bread and talk.",
        )  # fmt: skip
        self.save()
        answer(
            page,
            community_id="Ashby", setting="exact", place_name="Town hall",
            address_1="1 High Street", city="Ashby", postcode=postcode,
        )  # fmt: skip
        self.save()
        if page.url.endswith("/pin"):
            answer(page, point="centre")
            self.save()
        answer(page, often="weekly", days=["TH"], opens_at="noon", closes_at="2pm")
        self.save()
        answer(
            page,
            eligibility="Anyone",
            cost="free",
        )
        self.save()
        answer(
            page,
            access="A ramp at the back",
            help_with=["company", "food"], ways_in=["step-free"],
        )  # fmt: skip
        self.save()
        answer(
            page,
            how_to_join="Come at noon", first_visit="Sam meets you at the door",
            contact_name="Olive Green", contact_email=OLIVE, contact_phone="01632 960 999",
        )  # fmt: skip
        self.save()
        sees(page, "Check your answers")
        self.look(page)
        press(page, "Send the listing")
        self.look(page)

    def confirm_listing(self) -> None:
        """Olive opens the link in her mail and says that it is right."""
        self.go(self.site.link_to(OLIVE))
        sees(self.page, "Is this right?")
        press(self.page, "Yes, this is right")
        sees(self.page, "Thank you, your listing is with a champion")

    def approve(self) -> None:
        """Cath, the champion, looks and approves."""
        self.sign_in("Cath", "/to-approve")
        press(self.page, "Lunch club")
        press(self.page, "Approve and list it")
        expect(self.page.locator("body")).to_contain_text("Lunch club is listed.")
        self.sign_out()

    def find(self) -> None:
        """Anybody finds it by what they say and where they live."""
        self.go("/")
        answer(self.page, q="a hot lunch", near="as1 1aa")
        press(self.page, "Find support")
        expect(self.page.locator("#results-list")).to_contain_text("Lunch club")

    def connect(self) -> None:
        """Petra, at the practice, connects Rose in one page and a check."""
        page = self.page
        press(page, "Lunch club")
        group = page.url.rsplit("/", 1)[-1]
        self.sign_in("Petra", f"/connect?service={group}")
        answer(
            page,
            name="Rose Hallam", phone="01632960777", safe_contact="After ten, never on Sundays",
            matters="Eats alone since Ken died", message="Rose would like to come on Thursday.",
            how="spoken",
        )  # fmt: skip
        if page.locator('main [name="home"]').count():
            page.locator('main [name="home"]').first.check()
        press(page, "Check before sending")
        sees(page, "Check what the group will see")
        told = page.locator("main").inner_text()
        assert "Rose" in told
        assert "Hallam" not in told
        assert "Ken" not in told
        press(page, "Send")
        sees(page, "Rose and Lunch club")
        self.sign_out()

    def say_yes(self) -> None:
        """Olive answers by the link in her mail, without an account."""
        self.go(self.site.link_to(OLIVE))
        sees(self.page, "Will you welcome somebody new?")
        answer(self.page, answer="yes", who="Sam")
        press(self.page, "Send your answer")
        sees(self.page, "Thank you")

    def introduce(self) -> None:
        """Petra reads the answer and writes down how they were introduced."""
        self.sign_in("Petra", self.site.link_to("petra@example.org"))
        expect(self.page.locator("main")).to_contain_text("The group said yes")
        press(self.page, "They are introduced")
        answer(self.page, handover="call")
        press(self.page, "Save and plan the follow-ups")
        sees(self.page, "Rose and Lunch club")
        self.sign_out()

    def record(self, link: str) -> None:
        """Petra opens the reminder two days later and writes down what she heard."""
        self.sign_in("Petra", link)
        press(self.page, "Write down how it goes")
        answer(self.page, outcome="going_well", note="She went twice")
        press(self.page, "Save")
        expect(self.page.locator("body")).to_contain_text("Saved. You look in on them again on")
