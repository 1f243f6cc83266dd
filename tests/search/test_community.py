"""The page of a community: what it has, what is on, who is there, and nothing that is private."""

import re
from datetime import date, time
from html import unescape
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from asset_hub.accounts.models import Grant, ShownAs
from asset_hub.communities.models import Community, SchoolHoliday
from asset_hub.directory.models import (
    Away,
    Closure,
    Freq,
    Kind,
    Schedule,
    Service,
    TermKind,
    Visibility,
)
from asset_hub.directory.service import write_sessions
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.search.conftest import HALL, Town
from tests.search.test_ground import SQUARE

URL = "/communities/ashby"
PAGES = (URL, f"{URL}/booklet", f"{URL}/map-to-print", f"{URL}/poster")


@pytest.fixture
def ashby(town: Town) -> Community:
    here = town.cast.ashby
    here.boundary, here.west, here.south, here.east, here.north = SQUARE, -2.3, 53.5, -2.1, 53.7
    town.session.commit()
    return here


def weekly(town: Town, name: str, byday: str, opens: time | None = None, **more: Any) -> Service:
    service = town.add(name, at=HALL, publish_it=False)
    parts = more.pop("schedule", {})
    service.schedules = [
        Schedule(freq=Freq.WEEKLY, byday=byday, opens_at=opens, closes_at=None, **parts)
    ]
    for field, value in more.items():
        setattr(service, field, value)
    town.republish(service)
    return service


def section(page: str, heading: str) -> str:
    """Return what stands under a heading."""
    after = page.split(f'id="{heading}"')[1]
    return unescape(after.split("</section>")[0])


def test_anybody_sees_what_ashby_has(browser: Browser, town: Town, ashby: Community) -> None:
    ashby.welcome, ashby.story = "Come on a Tuesday", "Cotton made it."
    town.session.commit()
    town.add("Choir", at=HALL, topics=("grief", "company"))
    town.add("Walk", at=HALL, topics=("company",), kind=Kind.ACTIVITY)
    town.add("Far away", topics=("company",), community=town.cast.elsewhere)
    town.add("Waiting", topics=("company",), publish_it=False)

    page = browser.get(URL).text

    assert "Come on a Tuesday" in page
    have = section(page, "ours")
    assert "1 group, 1 activity." in have
    assert "Company (2)" in have
    assert 'href="/find?community=ashby&topic=company"' in have
    assert "Far away" not in page
    assert "Waiting" not in page
    assert 'href="/volunteer?community=ashby"' in page
    assert 'href="/list-a-group?community=ashby"' in page
    assert "Choir" in section(page, "news-1")


def test_a_community_with_nothing_invites_the_first(browser: Browser, cast: Cast) -> None:
    page = browser.get("/communities/elsewhere").text
    assert "Nothing is listed here yet" in page
    assert "Be the first" in page
    assert "What we would love to have" not in page
    assert 'class="hub-picture"' not in page
    for more in ("booklet", "map-to-print", "poster"):
        assert browser.get(f"/communities/elsewhere/{more}").status_code == 200
        assert browser.get(f"/communities/atlantis/{more}").status_code == 404


def test_the_week_is_shown_day_by_day_in_the_order_of_the_clock(
    browser: Browser, town: Town, ashby: Community
) -> None:
    weekly(town, "Late choir", "MO", time(19))
    weekly(town, "Early swim", "MO,TH", time(8))
    weekly(town, "Any time on Thursday", "TH")
    week = section(browser.get(URL).text, "week")
    names = re.findall(r">([^<>]+)</a>", week)
    assert names == ["Early swim", "Late choir", "Early swim", "Any time on Thursday"]
    assert "Today, Monday 7 September 2026" in week
    assert "from 8am" in week


def test_what_is_away_this_week_is_not_on(browser: Browser, town: Town, ashby: Community) -> None:
    away = weekly(town, "Away", "TU")
    quiet = weekly(town, "Only quiet", "TU")
    weekly(town, "In term time", "WE", schedule={"term_time": True})
    weekly(town, "Not in September", "TH", schedule={"not_months": "8,9"})
    day = date(2026, 9, 8)
    for service, kind in ((away, Away.AWAY), (quiet, Away.QUIET)):
        town.session.add(Closure(service_id=service.id, starts_on=day, ends_on=day, kind=kind))
    town.session.add(
        SchoolHoliday(name="Wakes", starts_on=day, ends_on=date(2026, 9, 9), community_id=ashby.id)
    )
    town.session.commit()
    for service in (away, quiet):
        town.session.refresh(service)
    town.republish(away, quiet)
    week = section(browser.get(URL).text, "week")
    assert re.findall(r">([^<>]+)</a>", week) == ["Only quiet"]


def test_a_bank_holiday_stops_only_what_keeps_it(
    browser: Browser, town: Town, ashby: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW.replace(month=8, day=31))
    both = [
        weekly(town, "Open all the same", "MO").id,
        weekly(town, "Shut", "MO", schedule={"bank_holidays": False}).id,
    ]
    write_sessions(town.session, both, today=date(2026, 8, 31))
    town.session.commit()
    week = section(browser.get(URL).text, "week")
    assert re.findall(r">([^<>]+)</a>", week) == ["Open all the same"]


def test_only_champions_who_agreed_are_named_and_as_they_chose(
    browser: Browser, session: Session, cast: Cast
) -> None:
    cast.cath.name = "Cath Ainsworth"
    session.commit()
    assert "Cath" not in browser.get(URL).text

    browser.sign_in(cast.cath)
    grant: Grant = cast.cath.grants[0]
    for shown, told in (
        (ShownAs.FIRST_NAME, "Our health champions: Cath."),
        (ShownAs.WHOLE_NAME, "Our health champions: Cath Ainsworth."),
    ):
        page = browser.post(
            f"/account/roles/{grant.id}/named", data={"shown": shown}, follow_redirects=True
        ).text
        assert "Health champion, Ashby: your" in page
        assert told in browser.get(URL).text
    browser.post(f"/account/roles/{grant.id}/named", data={"shown": "nobody"})
    assert "Our health champions" not in browser.get(URL).text


def test_a_champion_who_stopped_is_not_named_any_more(
    browser: Browser, session: Session, cast: Cast
) -> None:
    grant = cast.cath.grants[0]
    grant.shown = ShownAs.FIRST_NAME
    cast.cora.grants[0].shown = ShownAs.FIRST_NAME  # no champion
    session.commit()
    assert "Our health champions: Cath." in browser.get(URL).text
    grant.ended_at = NOW
    session.commit()
    assert "Our health champions" not in browser.get(URL).text


def test_nobody_names_somebody_else(browser: Browser, cast: Cast) -> None:
    cath = cast.cath.grants[0]
    for account in (cast.ben, cast.cora):
        browser.sign_in(account)
        own = account.grants[0]
        for grant in (cath, own):
            answer = browser.post(f"/account/roles/{grant.id}/named", data={"shown": "first_name"})
            assert answer.status_code == 404
    browser.sign_in(cast.cath)
    assert browser.post(f"/account/roles/{cath.id}/named", data={"shown": "x"}).status_code == 404
    assert cath.shown is ShownAs.NOBODY


def test_its_gaps_are_what_nobody_near_offers(
    browser: Browser, town: Town, ashby: Community
) -> None:
    for slug, kind in (("grief", TermKind.NEED), ("caring", TermKind.NEED), ("men", "audience")):
        town.term(slug).kind = TermKind(kind)
    town.add("Choir", at=HALL, topics=("grief",))
    near = town.add("Next door", at=(53.71, -2.2), topics=("caring",), publish_it=False)
    near.community_id = town.cast.elsewhere.id
    town.republish(near)
    gaps = section(browser.get(URL).text, "gaps")
    assert "Something for grief in the evening" in gaps
    assert "Something for caring in the evening" in gaps, (
        "something is near, but not in the evening"
    )
    assert "A group especially for men" in gaps
    near.places[0].location.latitude = 53.8
    town.republish(near)
    assert "Something for caring<" in section(browser.get(URL).text, "gaps")


def test_nothing_private_is_on_any_page_of_it(
    browser: Browser, town: Town, ashby: Community
) -> None:
    home = town.add("At home", at=(53.61234, -2.21234), visibility=Visibility.AREA,
                    publish_it=False)  # fmt: skip
    home.venue_notes = "Key under CANARY-NOTES"
    spot = home.places[0].location
    spot.address_1, spot.postal_code, spot.city = "3 CANARY Green", "ZZ9 9ZY", "Ashby"
    refuge = town.add("Refuge", at=(53.62345, -2.22345), visibility=Visibility.HIDDEN,
                      publish_it=False)  # fmt: skip
    refuge.places[0].location.address_1 = "8 CANARY Way"
    town.republish(home, refuge)
    for url in PAGES:
        page = browser.get(url).text
        for secret in ("CANARY", "ZZ9 9ZY", "Olive", "olive@", "01632 960001", "53.61234"):
            assert secret not in page, (url, secret)
    sheet = browser.get(f"{URL}/map-to-print").text
    assert sheet.count("hub-picture__cell-number") == 1, "a square kilometre, not a point"
    assert sheet.count('class="hub-picture__dot"') == 0
    assert "Refuge" in sheet.split("Not on this map")[1]


def test_the_map_numbers_its_groups_and_those_at_one_place_share_a_pin(
    browser: Browser, town: Town, ashby: Community
) -> None:
    for name in ("Choir", "Drums", "Lunch"):
        town.add(name, at=HALL)
    town.add("North", at=(53.68, -2.2))
    page = browser.get(f"{URL}/map-to-print").text
    assert re.findall(r'hub-picture__number"[^>]*>([^<]+)<', page) == ["1", "2–4"]
    index = dict(re.findall(r'index__number">(\d+)</span><span><strong>([^<]+)<', page))
    assert index["1"] == "North"
    assert sorted(index.values()) == ["Choir", "Drums", "Lunch", "North"]


def test_the_booklet_has_each_group_once_under_its_first_need(
    browser: Browser, town: Town, ashby: Community
) -> None:
    town.term("gardening").kind = TermKind.INTEREST
    town.add("Choir", topics=("gardening", "grief"), phone="01632 960123", fees="£2")
    town.add("Digging", topics=("gardening",), access="No steps")
    town.add("Neither")
    page = browser.get(f"{URL}/booklet").text
    assert re.findall(r'<h2 class="govuk-heading-l" id="chapter-\d">([^<]+)<', page) == [
        "Grief", "Gardening", "More",
    ]  # fmt: skip
    assert re.findall(r"<h3[^>]*>([^<]+)<", page) == ["Choir", "Digging", "Neither"]
    for words in ("01632 960123", "£2", "No steps", "Tuesdays at 10am", "3 groups"):
        assert words in page


def test_the_posters_carry_a_code_that_says_the_address(
    browser: Browser, town: Town, ashby: Community
) -> None:
    choir = town.add("Choir", at=HALL)
    for url, said in (
        (f"{URL}/poster", URL),
        (f"/groups/{choir.id}/poster", f"/groups/{choir.id}"),
    ):
        page = browser.get(url).text
        found = re.search(r'aria-label="QR code for ([^"]+)"', page)
        assert found
        assert found[1].endswith(said)
        assert f"<strong>{found[1]}</strong>" in page


def test_the_code_is_what_segno_draws() -> None:
    import segno

    from asset_hub.core.qr import QUIET, code

    made = code("https://hub.example/communities/ashby")
    dark = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)", made.path):
        dark |= {(int(x) + n, int(y)) for n in range(int(length))}
    matrix = segno.make(made.address, error="m", micro=False).matrix
    assert dark == {
        (x + QUIET, y + QUIET) for y, row in enumerate(matrix) for x, cell in enumerate(row) if cell
    }
    assert made.width == len(matrix) + 2 * QUIET


def asked(browser: Browser, session: Session, url: str) -> int:
    """Return how many questions a page asks the database."""
    seen: list[str] = []
    bind: Any = session.get_bind()

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(bind, "before_cursor_execute", note)
    try:
        assert browser.get(url).status_code == 200
    finally:
        event.remove(bind, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize(("url", "most"), [(URL, 14), *((url, 4) for url in PAGES[1:])])
def test_a_fuller_community_asks_no_more_questions(
    browser: Browser, session: Session, town: Town, ashby: Community, url: str, most: int
) -> None:
    weekly(town, "First", "MO", time(9))
    few = asked(browser, session, url)
    for number in range(8):
        weekly(town, f"Group {number}", "TU", time(9))
    assert asked(browser, session, url) == few
    assert few <= most


def test_its_maker_sees_how_to_change_it_and_nobody_else(
    browser: Browser, town: Town, ashby: Community
) -> None:
    for account, told in ((town.cast.cora, True), (town.cast.dora, False), (town.cast.cath, False)):
        browser.sign_in(account)
        assert ("You look after this page" in browser.get(URL).text) is told


def test_hostile_words_are_only_words(browser: Browser, town: Town, ashby: Community) -> None:
    bad = "<script>alert(1)</script>{{ 7*7 }}"
    ashby.welcome, ashby.cover, ashby.name = bad[:40], bad, bad
    town.session.commit()
    town.add(bad, at=HALL, phone=bad[:50], access=bad)
    for url in PAGES:
        page = browser.get(url).text
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in page


def test_the_picture_is_valid_for_a_boundary_of_many_parts() -> None:
    from asset_hub.search.neighbourhood.picture import Spot, draw, say_numbers

    boundary = {
        "type": "MultiPolygon",
        "coordinates": [SQUARE["coordinates"], [[[-2.0, 53.5], [-1.9, 53.5], [-1.9, 53.6]]]],
    }
    drawn = draw(boundary, [Spot("a", 53.6, -2.2), Spot("b", 40.0, 3.0)], width=800, height=500,
                 numbered=True)  # fmt: skip
    assert drawn
    assert drawn.boundary.count("M") == 2
    assert drawn.numbers == {"a": 1}, "what lies off the sheet has no number"
    assert drawn.land, "the coast is known here"
    assert draw(None, [], width=8, height=5, numbered=False) is None
    assert draw(None, [Spot("a", 53.6, -2.2)], width=800, height=500, numbered=False)
    assert say_numbers([3, 1, 4, 5, 9, 10]) == "1, 3–5, 9, 10"


def test_where_nobody_said_when_the_week_says_so(
    browser: Browser, town: Town, ashby: Community
) -> None:
    town.add("Choir", at=HALL)
    page = browser.get(URL).text
    assert "Nothing with a known day is on this week" in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{URL}">' in page


def test_few_groups_stand_beside_the_map_and_many_on_a_sheet_of_their_own(
    browser: Browser, town: Town, ashby: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Choir", "Band"):
        town.add(name, at=HALL)
    page = browser.get(f"{URL}/map-to-print").text
    assert 'class="hub-sheet hub-sheet--beside"' in page
    assert 'viewBox="0 0 860 800"' in page, "as high as the sheet"
    monkeypatch.setattr("asset_hub.search.neighbourhood.community.MOST_BESIDE", 1)
    page = browser.get(f"{URL}/map-to-print").text
    assert 'class="hub-sheet hub-sheet--alone"' in page
    assert 'viewBox="0 0 1300 800"' in page, "as wide as the sheet"
    assert "The map fills the first sheet, the list the next." in page
