"""Cath looks a listing over before she puts it where people can find it."""

from datetime import timedelta

import pytest

from asset_hub.core import clock
from asset_hub.directory import jobs
from tests.cast import NOW
from tests.conftest import Browser
from tests.directory.conftest import Olive


@pytest.mark.parametrize(
    ("days", "late"),
    [(0, False), (2, False), (3, True)],  # sent on a Monday: Wednesday was promised
)
def test_a_listing_that_waited_too_long_is_marked(
    browser: Browser, olive: Olive, monkeypatch: pytest.MonkeyPatch, days: int, late: bool
) -> None:
    olive.lists()
    later = NOW + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr(clock, "today", lambda: later.date())
    browser.sign_in(olive.cast.cath)
    page = browser.get("/to-approve").text
    assert ("Late: promised within two working days" in page) is late


def test_a_weekend_makes_nothing_late(
    browser: Browser, olive: Olive, monkeypatch: pytest.MonkeyPatch
) -> None:
    friday, tuesday = NOW + timedelta(days=4), NOW + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: friday)
    olive.lists()
    monkeypatch.setattr(clock, "now", lambda: tuesday)
    monkeypatch.setattr(clock, "today", lambda: tuesday.date())
    browser.sign_in(olive.cast.cath)
    assert "Late:" not in browser.get("/to-approve").text


def test_cath_sees_doubles_then_the_button_then_the_page_then_the_answers(
    browser: Browser, olive: Olive
) -> None:
    olive.cast.service("The lunch club")
    olive.session.commit()
    jobs.find_doubles()
    group = olive.lists()
    browser.sign_in(olive.cast.cath)
    page = browser.get(f"/to-approve/{group.id}").text
    order = [
        "This may be listed already", "Approve and list it", "Who listed it",
        "As people will see it", "Everything they answered", "Or ask for a change",
    ]  # fmt: skip
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
    for words in (
        'href="tel:01632960999"', 'href="mailto:olive@lunch.example"',
        "Every first and third Thursday of the month, noon to 2pm",
        '<a class="govuk-link" href="#message">',
        'id="message"',
    ):  # fmt: skip
        assert words in page, words


def test_cath_goes_on_to_the_page_she_has_approved(browser: Browser, olive: Olive) -> None:
    group = olive.lists(name="Cup & <b>cake</b>")
    browser.sign_in(olive.cast.cath)
    page = browser.post(
        f"/to-approve/{group.id}/approve", data={"version": group.version}, follow_redirects=True
    ).text
    assert "Cup &amp; &lt;b&gt;cake&lt;/b&gt; is listed" in page
    assert f'href="/groups/{group.id}">See its page</a>' in page


def test_cath_mends_the_groups_words_not_her_own(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    browser.sign_in(olive.cast.cath)
    page = browser.get(f"/groups/{group.id}/edit/join").text
    assert "Name of the group’s contact" in page
    for words in ("Your name", "Your email", "Your phone", "your own words", "your listing"):
        assert words not in page, words
    page = browser.post(f"/groups/{group.id}/edit/join", data={"contact_email": ""}).text
    assert "Enter the contact’s email address" in page
