"""Mal types what should never run, in every field; then everybody reads every page."""

import json
from time import process_time
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import SQLModel, select

from asset_hub.directory import service
from asset_hub.directory.models import (
    Kind,
    ListingDraft,
    Organization,
    Service,
    Standing,
    TaxonomyTerm,
)
from asset_hub.directory.rules import doubles, homes, offering, risks
from asset_hub.directory.rules.known import known_of
from asset_hub.directory.rules.places import PlainPlace
from asset_hub.directory.rules.prose import prose
from asset_hub.directory.rules.shown import shown
from asset_hub.directory.rules.suggesting import suggested
from asset_hub.directory.rules.wording import compared
from asset_hub.directory.topics import TOPICS
from tests.cast import NOW
from tests.conftest import Browser
from tests.directory.answers import FIELDS, STEPS, fill_in
from tests.directory.conftest import Olive

HOSTILE = [
    "{{7*7}}{% if %}{{cycler.__init__.__globals__.os.popen('id').read()}}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>${7*7}#{7*7}<%= 7*7 %>",
    "\u202egnp.exe\u2066 🙂👩🏽‍🦽 e\u0301 \u0000 ‮",
    "[x](javascript:alert(1)) https://x.example/\"onclick=alert(1) javascript:alert(1)",
]  # fmt: skip
TEXTS = (
    "name", "organization_name", "summary", "description", "place_name", "address_1", "city",
    "eligibility", "fees", "access", "languages", "ask_for", "venue_notes", "how_to_join",
    "first_visit", "contact_name",
)  # fmt: skip


def pages(group: Service) -> list[str]:
    mine = f"/groups/{group.id}"
    steps = ("what", "where", "when", "who", "about", "join", "check", "sent")
    return [
        "/list-a-group", *(f"/list-a-group/{step}" for step in steps), "/to-approve",
        f"/to-approve/{group.id}", mine, f"{mine}/edit", f"{mine}/edit/what",
        f"{mine}/edit/where", f"{mine}/edit/where/1",
        f"{mine}/edit/join", f"{mine}/stopped",
    ]  # fmt: skip


def check(page: str) -> None:
    for live in ("<script>alert", "<img src=x", "<svg/onload", 'href="javascript', "\u202e"):
        assert live not in page
    assert "uid=" not in page


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_typed_ever_runs(browser: Browser, olive: Olive, words: str) -> None:
    hostile = dict.fromkeys(TEXTS, words)
    if "https:" in words:  # refused in names
        hostile |= {"name": "[x](javascript:alert(1))", "organization_name": "javascript:alert(1)"}
    fill_in(browser, olive.cast, **hostile)
    for url in pages(olive.cast.choir):
        if url.startswith("/list"):
            check(browser.get(url).text)
    browser.post("/list-a-group/check")
    group = olive.newest()
    check(browser.get("/list-a-group/sent").text)
    check(browser.get(olive.link()).text)
    olive.confirms()
    browser.sign_in(olive.cast.cora)
    for url in ("/to-approve", f"/to-approve/{group.id}"):
        check(browser.get(url).text)
    browser.post(f"/to-approve/{group.id}/approve")
    for url in pages(group):
        answer = browser.get(url)
        assert answer.status_code in {200, 302}
        check(answer.text)


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "data:text/html,x", "ftp://x.example", "http://", "x y"]
)
def test_only_web_addresses_are_websites(browser: Browser, olive: Olive, website: str) -> None:
    for step in ("what", "where", "when", "who", "about"):
        data = STEPS[step] | {"community_id": str(olive.cast.ashby.id)}
        browser.post(f"/list-a-group/{step}", data=data)
    page = browser.post("/list-a-group/join", data=STEPS["join"] | {"url": website})
    assert page.status_code == 422
    assert "Enter a web address" in page.text


def test_long_texts_are_kept_or_refused_never_cut(browser: Browser, olive: Olive) -> None:
    long = "word " * 3999 + "words"
    for name in TEXTS:
        step = next(step for step, fields in FIELDS.items() if name in fields)
        for before in list(STEPS)[: list(STEPS).index(step)]:
            data = STEPS[before] | {"community_id": str(olive.cast.ashby.id)}
            browser.post(f"/list-a-group/{before}", data=data)
        data = STEPS[step] | {"community_id": str(olive.cast.ashby.id), name: long}
        page = browser.post(f"/list-a-group/{step}", data=data)
        assert page.status_code == (302 if name == "description" else 422), name
    group = olive.lists(description=long)
    service.approve(olive.session, group, by=olive.cast.cora, now=NOW)
    olive.session.commit()
    assert long in browser.get(f"/groups/{group.id}").text
    assert group.description == long


@pytest.mark.parametrize("step", ["what", "where", "when", "who", "about", "join", "pin"])
@pytest.mark.parametrize(
    "posted",
    [{}, {"days": ["XX"], "kind": "x", "nth": "9", "setting": "x", "often": "z", "cost": "?"},
     {"community_id": "not-a-uuid", "latitude": "NaN", "opens_at": "25:99", "minimum_age": "1e9"},
     {"help_with": ["no-such-topic"], "ways_in": ["company"], "access": "x" * 501}],
)  # fmt: skip
def test_a_post_made_by_hand_is_refused_politely(
    browser: Browser, olive: Olive, step: str, posted: dict[str, Any]
) -> None:
    for before in list(STEPS)[: list(STEPS).index("who" if step == "pin" else step)]:
        data = STEPS[before] | {"community_id": str(olive.cast.ashby.id)}
        data |= {"postcode": "ZZ1 1ZZ"} if step == "pin" else {}
        browser.post(f"/list-a-group/{before}", data=data)
    answer = browser.post(f"/list-a-group/{step}", data=posted)
    nothing_asked = step == "about" and "access" not in posted  # every question there is optional
    assert answer.status_code == (302 if nothing_asked else 422)


def test_a_topic_that_is_none_is_never_chosen_by_hand(browser: Browser, olive: Olive) -> None:
    for before in ("what", "where", "when", "who"):
        data = STEPS[before] | {"community_id": str(olive.cast.ashby.id)}
        browser.post(f"/list-a-group/{before}", data=data)
    made_up = {"help_with": ["no-such-topic", "company"], "ways_in": ["music"]}
    browser.post("/list-a-group/about", data=made_up)
    [draft] = olive.session.exec(select(ListingDraft)).all()
    assert "no-such-topic" not in json.dumps(draft.answers)
    assert "music" not in json.dumps(draft.answers)


TIRING = [  # what makes a careless pattern try again from every letter
    "a", "a ", " ", "\n", "0", "07 0 ", "a.", "a@", "+44 (0", "www.", "a-", "o’", "http://", "é",
    "Mr. A ", "under-", "my home ", "women’s ", "refuge ", "flat ", "your own ", "(", "'s ", "\\",
]  # fmt: skip
LONG = 20_000  # letters: the longest text of a listing


@pytest.mark.parametrize("words", TIRING)
def test_no_words_keep_the_site_busy(words: str) -> None:
    """Every pattern and phrase that reads a listing's words gets through the worst of them."""
    text = (words * LONG)[:LONG]
    group = Service(name=text[:200], summary=text[:300], description=text, phone=text[:60],
                    eligibility=text[:500], organization_id=uuid4(), email=text[:254])  # fmt: skip
    group.organization = Organization(name=text[:200])
    place = PlainPlace(name=text[:200], address_1=text, postal_code=text[:12])
    known = known_of(group)
    began = process_time()
    homes.sign_of(group)
    homes.sign_in([text], kind=Kind.GROUP, runner=text[:200], topics=[],
                  places=[(text[:200], place.address_1)])  # fmt: skip
    risks.of_listing(group, doubles=0)
    shown(group)
    suggested(text, TOPICS)
    prose(text)
    doubles.likeness(known, known)
    doubles.keys_of(known)
    offering.offer([TaxonomyTerm(slug="x", name=text[:80], words=text[:2000], ours=True)])
    compared(text, text[::-1])
    assert process_time() - began < 3, "of the processor"


def test_published_rows_are_plain_json(olive: Olive) -> None:
    group = olive.lists(name="</script><b>&", summary="\u2028\u2029{{7*7}}")
    service.approve(olive.session, group, by=olive.cast.cora, now=NOW)
    place = SQLModel.metadata.tables["listing_place"]
    feature = olive.session.connection().execute(select(place.c.feature)).scalar_one()
    assert json.loads(feature)["properties"]["name"] == "</script><b>&"
    assert group.standing is Standing.LISTED
