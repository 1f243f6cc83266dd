"""The pages of finding: what a neighbour sees, with and without a map, whatever the address."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from asset_hub.config import ROOT, Settings
from asset_hub.directory.models import Standing, TermKind, Visibility
from asset_hub.search.queries.finding import PAGE
from tests.cast import NOW
from tests.conftest import Browser
from tests.search.conftest import HALL, Town

TILES = "https://{s}.tiles.example/{z}/{x}/{y}.png"
MAP = "/find?view=map"


def names_on(page: str) -> list[str]:
    titles = re.findall(r'<h3 class="hub-card__title"><a [^>]*>(.*?)</a>', page)
    return [unescape(title) for title in titles]


def names_in(answer: dict[str, Any]) -> list[str]:
    return [result["name"] for result in answer["results"]]


@pytest.fixture
def choirs(town: Town) -> Town:
    spots = {f"Choir {n:02}": (53.6 + n / 400, -2.2) for n in range(PAGE + 5)}
    town.add_many({**spots}, topics=("music",))
    town.add("Band", at=(53.61, -2.2), topics=("music",))
    town.add("Chess", at=(53.601, -2.2), topics=("games",))
    return town


def test_the_door_is_open_to_everyone(town: Town, browser: Browser) -> None:
    town.add("Choir", topics=("music",))
    page = browser.get("/").text
    assert "/find?topic=music" in page
    assert 'href="/communities/ashby"' in page
    assert {"/list-a-group", "/volunteer"} <= set(re.findall(r'href="([^"]+)"', page))


def test_the_door_is_open_before_anything_is_listed(browser: Browser) -> None:
    assert browser.get("/").status_code == 200
    assert "No groups yet" in browser.get("/find").text
    assert browser.get(MAP).status_code == 200
    assert browser.get("/find.json").json == {
        "total": 0, "page": 1, "pages": 1, "notices": {}, "results": []
    }  # fmt: skip


@pytest.mark.parametrize(
    "question",
    ["q=choir", "q=choir&near=ZZ9+9ZZ", "near=zz99zz", "near=zz9 9zz&within=1", "topic=music",
     "topic=music&topic=games&page=2", "community=ashby&q=choir", "q=chior", "lat=53.6&lng=-2.2"],
)  # fmt: skip
def test_list_map_and_feed_agree_on_what_and_in_which_order(
    choirs: Town, browser: Browser, question: str
) -> None:
    feed = browser.get(f"/find.json?{question}").json
    assert feed
    assert feed["results"]
    as_list = browser.get(f"/find?{question}").text
    as_map = browser.get(f"/find?{question}&view=map").text
    assert names_on(as_list) == names_on(as_map) == names_in(feed)
    shown = browser.get(f"/find.geojson?{question}").json
    assert shown
    counts = [f["properties"].get("count", 1) for f in shown["features"]]
    assert sum(counts) == shown["total"] == feed["total"]
    for page in (as_list, as_map):
        assert f"{feed['total']} group" in page


def test_a_result_says_what_somebody_needs_to_choose(town: Town, browser: Browser) -> None:
    town.add("Choir", at=(53.62, -2.2), topics=("music",), fees="Free", confirmed_at=NOW)
    page = browser.get("/find?near=ZZ9+9ZZ").text
    for words in ("1.4 miles", "Tuesdays at 10am", "Free", "Music", "Choir: come as you are",
                  "Confirmed by the people who run it in September 2026"):  # fmt: skip
        assert words in page
    assert "116 123" in page


def test_the_feed_has_every_field_a_program_needs(town: Town, browser: Browser) -> None:
    service = town.add("Choir", at=HALL, topics=("music",), source="x", source_id="abc/1")
    feed = browser.get("/find.json?near=ZZ99ZZ").json
    assert feed
    (result,) = feed["results"]
    wanted = {
        "id": str(service.id), "source_id": "abc/1", "name": "Choir", "distance_m": 0,
        "summary": "Choir: come as you are", "url": f"/groups/{service.id}",
        "topics": [{"slug": "music", "name": "Music"}],
    }  # fmt: skip
    assert wanted.items() <= result.items()


@pytest.mark.parametrize("typed", ["ZZ9 9ZZ", "zz99zz", " zZ9  9Zz "])
def test_any_spacing_of_a_postcode_will_do(town: Town, browser: Browser, typed: str) -> None:
    town.add("Choir", at=HALL)
    page = browser.get("/find", query_string={"near": typed, "within": 1}).text
    assert "1 group within 1 mile" in page
    assert "less than 0.1 miles" in page


@pytest.mark.parametrize("typed", ["AB1 2CD", "nonsense", "<b>", "99999"])
def test_an_unknown_postcode_is_said_at_its_field_and_the_rest_is_answered(
    town: Town, browser: Browser, typed: str
) -> None:
    town.add("Choir", at=HALL)
    response = browser.get("/find", query_string={"near": typed, "within": 3, "q": "choir"})
    assert response.status_code == 200
    assert "<title>Error: " in response.text
    assert 'id="near-error"' in response.text
    assert "choose the place on a map" in response.text
    assert names_on(response.text) == ["Choir"]
    feed = browser.get("/find.json", query_string={"near": typed, "q": "choir"}).json
    assert feed
    assert feed["total"] == 1
    assert "near" in feed["notices"]


def test_a_postcode_known_by_its_first_half_only_says_so(town: Town, browser: Browser) -> None:
    town.add("Choir", at=HALL)
    page = browser.get("/find?near=ZZ9+1AA").text
    assert "Measured from the middle of the ZZ9 area" in page
    assert "<title>Error" not in page


def test_everything_typed_is_kept(choirs: Town, browser: Browser) -> None:
    page = browser.get("/find?q=choir+%22x%22&near=ZZ9+9ZZ&within=2.5&topic=music&view=map").text
    for kept in ('value="choir &#34;x&#34;"', 'value="ZZ9 9ZZ"', '<option value="2.5" selected',
                 'name="topic" value="music"', 'name="view" value="map"'):  # fmt: skip
        assert kept in page


def test_a_pin_on_the_map_does_instead_of_a_postcode(town: Town, browser: Browser) -> None:
    town.add("Choir", at=HALL)
    page = browser.get("/find?pin=choose").text
    assert 'id="lat"' in page
    assert "hubMap.pin(" in page
    page = browser.get("/find?lat=53.6&lng=-2.2&within=1").text
    assert "1 group within 1 mile" in page
    assert "Near the place you chose on the map" in page
    page = browser.get("/find?near=AB1+2CD&lat=53.6&lng=-2.2&within=1").text
    assert "1 group within 1 mile" in page


def test_links_keep_the_question_but_a_group_never_learns_the_postcode(
    choirs: Town, browser: Browser
) -> None:
    response = browser.get("/find?q=choir&near=ZZ9+9ZZ&within=5&topic=music")
    links = [unescape(link) for link in re.findall(r'<a [^>]*href="([^"]+)"', response.text)]
    assert not [link for link in links if link.startswith("/groups/") and "?" in link]
    (following,) = {link for link in links if "page=2" in link}
    asked = parse_qs(urlsplit(following).query)
    assert asked == {
        "q": ["choir"], "near": ["ZZ9 9ZZ"], "within": ["5"], "topic": ["music"], "page": ["2"]
    }  # fmt: skip
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_topics_are_put_on_and_taken_off_by_links(choirs: Town, browser: Browser) -> None:
    page = unescape(browser.get("/find?topic=music&q=choir+chess").text)
    assert 'href="/find?q=choir+chess"' in page
    assert 'href="/find?q=choir+chess&topic=music&topic=games"' in page


def test_a_topic_that_nothing_has_can_be_taken_off_again(choirs: Town, browser: Browser) -> None:
    page = unescape(browser.get("/find?topic=unheard-of&q=choir").text)
    assert "unheard of" in page
    assert 'href="/find?q=choir"' in page


def test_an_empty_answer_says_what_to_do_next(choirs: Town, browser: Browser) -> None:
    page = unescape(browser.get("/find?q=choir&near=ZZ9+9ZZ&within=1&topic=games").text)
    assert "No groups within 1 mile" in page
    for way in ("within=3", "/list-a-group", "/find?near=ZZ9+9ZZ&within=1&topic=games"):
        assert way in page


def test_a_page_that_is_not_there_leads_back(choirs: Town, browser: Browser) -> None:
    page = browser.get("/find?q=choir&page=9").text
    assert "There is no page 9" in page
    assert 'href="/find?q=choir"' in page


def test_what_waits_or_is_withdrawn_is_nowhere(town: Town, browser: Browser) -> None:
    town.add(
        "Secret choir", at=HALL, publish_it=False, standing=Standing.WAITING, topics=("music",)
    )
    for address in ("/", "/find", MAP, "/find.json", "/find.geojson", "/find?topic=music"):
        assert "Secret" not in browser.get(address).text


def test_no_page_or_feed_tells_a_hidden_address_a_contact_or_an_exact_area(
    town: Town, browser: Browser
) -> None:
    hidden = town.add("Refuge", at=(53.612345, -2.212345), visibility=Visibility.HIDDEN)
    hidden.places[0].location.address_1 = "1 Secret Street"
    area = town.add("Area", at=(53.612345, -2.212345), visibility=Visibility.AREA)
    area.places[0].location.postal_code = "ZZ9 8AB"
    town.republish(hidden, area)
    for address in ("/find", MAP, "/find.json", "/find.geojson", "/find.json?near=ZZ99ZZ"):
        text = browser.get(address).text
        for secret in ("Secret Street", "ZZ9 8AB", "53.612345", "2.212345", "olive@", "960001"):
            assert secret not in text, address
    shown = browser.get("/find.geojson").json
    assert shown
    (feature,) = shown["features"]
    assert feature["properties"]["name"] == "Area"
    assert feature["properties"]["area"] is True


HOSTILE = [
    "{{cycler.__init__.__globals__.os.popen('id').read()}}", "{% if %}", "{% include 'x' %}",
    "{{7*7}}",
    "</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<!--", "]]>", "${7*7}",
    "' onmouseover='alert(1)", "\u2028alert(1)", "{# ", "`${alert(1)}`", "&lt;b&gt;",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_listing_runs_on_the_server_or_in_the_page(
    town: Town, browser: Browser, text: str
) -> None:
    organization = town.cast.friends
    organization.name = text
    town.add(text, at=HALL, topics=("music",), summary=text, description=text, fees=text)
    for address in ("/find", MAP, "/find?near=ZZ99ZZ&view=map"):
        page = browser.get(address).text
        assert names_on(page) == [text.strip()] or text in unescape(page)
        assert "alert(1)</script>" not in page
        assert "uid=" not in page
        assert "<img src=x" not in page
    feed = browser.get("/find.json").json
    assert feed
    assert feed["results"][0]["name"] == text
    shown = browser.get("/find.geojson").json
    assert shown
    assert shown["features"][0]["properties"]["name"] == text


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_an_address_runs_either(town: Town, browser: Browser, text: str) -> None:
    town.add("Choir", at=HALL)
    for name in ("q", "near", "within", "topic", "community", "view", "page", "lat", "lng"):
        response = browser.get("/find", query_string={name: text, "view": "map"})
        assert response.status_code == 200, name
        assert "<script>alert" not in response.text
        assert "<img src=x" not in response.text
        assert "49" not in re.findall(r'id="near" [^>]*value="([^"]*)"', response.text)


BAD = [
    "within=abc", "within=-1", "within=0", "within=nan", "within=inf", "within=1e99", "page=0",
    "page=-1", "page=abc", "page=1.5", "page=1e9", "page=nan", "topic=a%00b", "topic=%25",
    "topic=" + "a" * 100, "community=a|b", "community='", "lat=91&lng=0", "lat=53.6", "lng=-2.2",
    "lat=nan&lng=nan", "lat=inf&lng=0", "lat=x&lng=y", "page=٣&within=٣",
]  # fmt: skip


@pytest.mark.parametrize("question", BAD)
def test_what_cannot_be_understood_is_said_in_words(
    town: Town, browser: Browser, question: str
) -> None:
    town.add("Choir", at=HALL)
    assert browser.get(f"/find?{question}").status_code == 200
    for address in ("/find.json", "/find.geojson"):
        response = browser.get(f"{address}?{question}")
        assert response.status_code == 422 or "٣" in question
        assert response.status_code == 200 or all((response.json or {})["errors"].values())


ODD = ["q=%00", "q=" + "a" * 3000, "q=" + "a+" * 1500, "q=%F0%9F%98%80", "q=%FF%FE", "near=%00",
       "near=" + "Z" * 3000, "q=choir&q=x", "within=", "page=", "topic=", "x=y", "q[]=1",
       "&".join(f"topic=t{n}" for n in range(60))]  # fmt: skip


@pytest.mark.parametrize("question", ODD)
def test_odd_addresses_are_answered(town: Town, browser: Browser, question: str) -> None:
    town.add("Choir", at=HALL)
    for address in ("/find", MAP, "/find.json", "/find.geojson"):
        joined = f"{address}{'&' if '?' in address else '?'}{question}"
        assert browser.get(joined).status_code == 200


def test_without_tiles_the_map_asks_nobody_else_for_anything(town: Town, browser: Browser) -> None:
    town.add("Choir", at=HALL)
    response = browser.get(MAP)
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", response.text)
    assert "https://" not in response.text
    assert "outline.geojson" in response.text
    assert "https:" not in response.headers["Content-Security-Policy"]


def test_with_tiles_only_their_host_appears(
    town: Town, browser: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = app.extensions["settings"]
    with_tiles = Settings(**{**vars(known), "tile_url": TILES, "tile_attribution": "© {{7*7}}"})
    monkeypatch.setitem(app.extensions, "settings", with_tiles)
    town.add("Choir", at=HALL)
    for address in (MAP, "/find?pin=choose"):
        response = browser.get(address)
        hosts = set(re.findall(r"https?://[^/\"']+", response.text))
        assert hosts == {"https://{s}.tiles.example"}, address
        assert "https://*.tiles.example" in response.headers["Content-Security-Policy"]
    script = (ROOT / "static" / "js" / "hub-map.js").read_text()
    assert "strict-origin-when-cross-origin" in script
    assert "{{7*7}}" in browser.get(MAP).text


def test_the_script_of_the_map_is_small_and_the_same_for_every_question(
    choirs: Town, browser: Browser
) -> None:
    def script(address: str) -> str:
        found = re.findall(
            r"<script nonce=\"[^\"]+\">(.*?)</script>", browser.get(address).text, re.S
        )
        assert len(found) == 1
        return str(found[0])

    first = script(f"{MAP}&q=choir&near=ZZ99ZZ")
    assert len(first.encode()) < 5_000
    assert first == script(f"{MAP}&q=%7B%7B7*7%7D%7D&topic=music")


def test_answers_for_programs_may_be_kept_and_asked_for_again(
    choirs: Town, browser: Browser
) -> None:
    for address in ("/find.json?q=choir", "/find.geojson?zoom=9"):
        first = browser.get(address)
        assert first.headers["Cache-Control"] == "public, max-age=60"
        again = browser.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert not again.data
    choirs.add("Choir new", at=HALL)
    changed = browser.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize(
    ("question", "said"),
    [("", "Find support"), ("q=company", "Support for “company”"),
     ("q=company&near=zz99zz", "Support for “company” near ZZ9 9ZZ"),
     ("topic=music&community=ashby", "Support for Music in Ashby"),
     ("lat=53.6&lng=-2.2", "Support near the place you chose"),
     ("near=AB1+2CD&q=choir", "Support for “choir”"),
     ("q=" + "a" * 200, f"Support for “{'a' * 60}…”")],
)  # fmt: skip
def test_the_heading_and_the_title_carry_the_question(
    town: Town, browser: Browser, question: str, said: str
) -> None:
    town.add("Choir", at=HALL, topics=("music",))
    page = unescape(browser.get(f"/find?{question}").text)
    assert f'<h1 class="govuk-heading-xl">{said}</h1>' in page
    assert f"{said} – " in page.split("</title>")[0]


def test_with_an_unknown_postcode_the_results_say_that_they_are_not_in_order_of_distance(
    town: Town, browser: Browser
) -> None:
    town.add("Choir", at=HALL)
    words = "Not sorted by distance"
    assert words in browser.get("/find?near=AB1+2CD").text
    assert words not in browser.get("/find?near=ZZ9+9ZZ").text


KINDS = {
    "grief": TermKind.NEED,
    "music": TermKind.INTEREST,
    "older-people": TermKind.AUDIENCE,
    "step-free": TermKind.ACCESS,
    "free": TermKind.ACCESS,
    "parking": TermKind.ACCESS,
}


def test_topics_stand_under_the_headings_of_the_front_page(town: Town, browser: Browser) -> None:
    for slug, kind in KINDS.items():
        town.term(slug).kind = kind
    town.add("Choir", topics=tuple(KINDS))
    page = browser.get("/find").text.split("hub-filters", 1)[1]
    places = [page.index(words) for words in (
        ">Who is it for?<", ">Older People", ">Getting in<", ">Step Free",
        ">What would help?<", ">Grief", ">What do you enjoy?<", ">Music")]  # fmt: skip
    assert places == sorted(places)


def test_a_card_names_four_topics_what_somebody_comes_for_first_and_how_many_more(
    town: Town, browser: Browser
) -> None:
    for slug, kind in KINDS.items():
        town.term(slug).kind = kind
    town.add("Choir", topics=tuple(reversed(KINDS)))
    card = browser.get("/find").text.split('<article class="hub-card')[1]
    tags = re.findall(r'<span class="hub-tag[^>]*>([^<]+)<', card)
    assert tags[:3] == ["Grief", "Music", "Older People"]
    assert len(tags) == 5
    assert tags[4] == "+2"


def test_the_front_page_promises_only_what_happens(browser: Browser) -> None:
    page = browser.get("/").text
    assert "ask for a hello" not in page
    assert "Ring or turn up" in page


def test_every_field_of_the_question_has_an_example_or_a_hint(town: Town, browser: Browser) -> None:
    page = browser.get("/find?pin=choose").text
    for name in ("q", "near", "within", "lat", "lng"):
        assert f'id="{name}-hint"' in page
        assert f'aria-describedby="{name}-hint"' in page
    assert "For example M33 7XX" in page
