"""Somebody keeps groups on a list of their own and takes it along, without an account."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from asset_hub.communities.models import Practice
from asset_hub.core import clock, outbox
from asset_hub.core.outbox import Message, MessageState
from asset_hub.directory.models import Service, Standing, Visibility
from asset_hub.directory.service import withdraw
from asset_hub.search import jobs
from asset_hub.search.shortlist import codes, cookie
from asset_hub.search.shortlist.models import SharedList
from asset_hub.search.shortlist.shelf import LIFE, MOST, Seal, Shelf
from tests.cast import NOW
from tests.conftest import Browser
from tests.search.conftest import HALL, Town

HERE = "192.0.2.7"


class Visitor:
    """Vera, without an account."""

    def __init__(self, browser: Browser, town: Town) -> None:
        self.browser, self.town = browser, town

    def keeps(self, *groups: Service) -> None:
        for group in groups:
            answer = self.browser.post("/shortlist/keep", data={"group": str(group.id)})
            assert (answer.status_code, answer.location) == (303, "/shortlist")

    def does(self, what: str, group: Service | None = None) -> None:
        data = {"group": str(group.id)} if group else {}
        assert self.browser.post(f"/shortlist/{what}", data=data).status_code == 303

    def sees(self, url: str = "/shortlist") -> list[str]:
        """Return the groups on a page, in their order."""
        page = self.browser.get(url).text
        return [unescape(name) for name in re.findall(r'href="/groups/[\w-]+">([^<]+)</a>', page)]

    def code(self, to: str = "page") -> str:
        answer = self.browser.post("/shortlist/share", data={"to": to})
        assert answer.status_code == 303, answer.text
        return answer.location.split("/s/")[1].split("/")[0]

    def asks(self, url: str, **how: Any) -> int:
        return self.browser.get(url, environ_base={"REMOTE_ADDR": HERE}, **how).status_code


@pytest.fixture
def vera(browser: Browser, town: Town) -> Visitor:
    return Visitor(browser, town)


@pytest.fixture
def choir(town: Town) -> Service:
    return town.add("Choir", at=HALL, phone="01632 960555", fees="£2")


@pytest.fixture
def walk(town: Town) -> Service:
    return town.add("Walk", at=HALL)


def test_what_is_kept_stands_in_its_order_and_can_be_moved_and_taken_off(
    vera: Visitor, choir: Service, walk: Service, town: Town
) -> None:
    soup = town.add("Soup")
    vera.keeps(choir, walk, soup, choir)
    assert vera.sees() == ["Choir", "Walk", "Soup"]
    vera.does("up", soup)
    vera.does("down", choir)
    assert vera.sees() == ["Soup", "Choir", "Walk"]
    vera.does("up", soup)
    assert vera.sees() == ["Soup", "Choir", "Walk"], "the first goes no farther"
    vera.does("remove", choir)
    assert vera.sees() == ["Soup", "Walk"]
    assert "Choir is off your list" in vera.browser.get("/shortlist").text


def test_clearing_and_taking_off_can_be_undone(
    vera: Visitor, choir: Service, walk: Service
) -> None:
    vera.keeps(choir, walk)
    vera.does("clear")
    page = vera.browser.get("/shortlist").text
    assert "Choir, Walk are off your list" in page
    assert "Your list is empty" in page
    assert vera.browser.get_cookie(cookie.NAME) is None
    vera.does("put-back")
    assert vera.sees() == ["Choir", "Walk"]
    assert "off your list" not in vera.browser.get("/shortlist").text
    vera.does("put-back")
    assert vera.sees() == ["Choir", "Walk"], "twice is once"


def test_twenty_fit_and_the_page_says_so(vera: Visitor, choir: Service, town: Town) -> None:
    full = Shelf(tuple(town.cast.service(f"G{n}").id for n in range(MOST)))
    assert full.with_(choir.id) == full
    assert full.without(full.keys[0]).with_(choir.id).keys[-1] == choir.id
    assert full.is_full


def test_the_cookie_holds_ids_and_nothing_else_and_ends(vera: Visitor, choir: Service) -> None:
    vera.keeps(choir)
    found = vera.browser.get_cookie(cookie.NAME)
    assert found is not None
    assert found.value.split(".")[0] == choir.id.hex
    assert found.max_age == LIFE.total_seconds()
    assert not found.http_only, "the site's own script draws the count from it"
    assert found.same_site == "Lax"
    told = vera.browser.get("/privacy").text
    assert "for 30 days" in told
    seal = Seal("secret", NOW)
    text = seal.write(Shelf((choir.id,)))
    assert Seal("secret", NOW + LIFE).read(text).keys == (choir.id,)
    assert Seal("secret", NOW - timedelta(seconds=5)).read(text).keys == (choir.id,), (
        "clocks differ"
    )
    assert Seal("secret", NOW + LIFE + timedelta(seconds=1)).read(text) == Shelf()


@pytest.mark.parametrize("spoilt", ["", "x", "~~~.a.b", "é" * 20, "0" * 5000, "a.b.c", "~.~.~"])
def test_a_changed_cookie_is_an_empty_list(vera: Visitor, spoilt: str, choir: Service) -> None:
    assert Seal("secret", NOW).read(spoilt) == Shelf()
    forged = Seal("another secret", NOW).write(Shelf((choir.id,)))
    vera.browser.set_cookie(cookie.NAME, forged)
    assert vera.sees() == []


def test_another_sites_page_cannot_press_the_buttons(vera: Visitor, choir: Service) -> None:
    data = {"group": str(choir.id)}
    for headers, status in (
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 303),
    ):
        for path in ("keep", "remove", "up", "down", "clear", "put-back", "share"):
            found = vera.browser.post(f"/shortlist/{path}", data=data, headers=headers)
            assert found.status_code == status, (path, headers)
    assert vera.browser.post("/shortlist/keep", data={"group": "x"}).status_code == 400


def test_a_script_is_told_what_is_on_the_list(vera: Visitor, choir: Service) -> None:
    answer = vera.browser.post(
        "/shortlist/keep", data={"group": str(choir.id)}, headers={"Accept": "application/json"}
    )
    assert answer.json == {"kept": [choir.id.hex], "full": False}
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_public_pages_are_the_same_for_everybody(vera: Visitor, choir: Service) -> None:
    def page(url: str) -> tuple[str, str | None, str | None]:
        answer = vera.browser.get(url)
        text = re.sub(r'nonce="[^"]*"', "", answer.text)
        return text, answer.headers.get("Set-Cookie"), answer.headers.get("Cache-Control")

    pages = ["/find", f"/groups/{choir.id}", "/communities/ashby", "/whats-on", "/"]
    before = {url: page(url) for url in pages}
    assert f'name="group" value="{choir.id}"' in before["/find"][0]
    assert f'name="group" value="{choir.id}"' in before[f"/groups/{choir.id}"][0]
    vera.keeps(choir)
    for url in pages:
        assert page(url) == before[url], f"{url} depends on what its reader keeps"
        assert page(url)[1] is None, f"{url} sets a cookie"
        assert page(url)[2] is None
    assert vera.browser.get("/find.json").headers["Cache-Control"] == "public, max-age=60"
    for url in ("/shortlist", "/shortlist/mail", f"/s/{vera.code()}"):
        answer = vera.browser.get(url)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_what_is_not_listed_any_more_is_left_out_and_a_merged_group_stands_once(
    vera: Visitor, choir: Service, walk: Service, town: Town
) -> None:
    old = town.add("Old walk")
    vera.keeps(choir, old, walk)
    withdraw(town.session, choir)
    withdraw(town.session, old)
    old.merged_into_id, old.standing = walk.id, Standing.CLOSED
    town.session.commit()
    assert vera.sees() == ["Walk"]
    assert "2 groups you kept are not listed any more" in vera.browser.get("/shortlist").text


def test_nothing_private_and_no_hidden_place_is_on_any_of_it(
    vera: Visitor, town: Town, session: Session
) -> None:
    home = town.add("Bereaved", at=(53.61, -2.21), visibility=Visibility.HIDDEN, publish_it=False)
    home.venue_notes = "Key under the mat"
    home.places[0].location.address_1 = "1 Secret Street"
    town.republish(home)
    vera.keeps(home)
    code = vera.code()
    vera.browser.post("/shortlist/mail", data={"email": "vera@example.org", "once": "1"})
    letters = [str(outbox._written(one.id)) for one in session.exec(select(Message))]
    pages = [vera.browser.get(url).text for url in ("/shortlist", f"/s/{code}", f"/s/{code}/print")]
    assert len(letters) == 1
    for text in [*pages, *letters]:
        assert "Bereaved" in text
        for secret in ("Secret Street", "under the mat", "olive@choir.example", "01632 960001"):
            assert secret not in text


def test_a_list_is_found_again_by_its_code_however_it_is_typed(
    vera: Visitor, choir: Service, walk: Service, app: Flask
) -> None:
    vera.keeps(choir, walk)
    code = vera.code()
    assert re.fullmatch(rf"[{codes.LETTERS}]{{4}}-[{codes.LETTERS}]{{4}}", code)
    assert vera.code() == code, "the same groups have the same code"
    page = vera.browser.get(f"/s/{code}").text
    assert "Your list has the code" in page
    text = unquote(unescape(re.findall(r'href="(sms:[^"]+)"', page)[0]))
    assert text == f"sms:?&body=Your list from Asset Hub: http://127.0.0.1:8000/s/{code}"
    other = app.test_client()
    assert isinstance(other, Browser)
    other.session = vera.browser.session
    for typed in (code, code.lower(), code.replace("-", ""), f" {code[:4]} {code[5:]} "):
        answer = other.get("/s", query_string={"code": typed})
        assert (answer.status_code, answer.location) == (302, f"/s/{code}")
    assert other.get(f"/s/{code}").status_code == 200
    assert other.post(f"/s/{code}/keep").status_code == 303
    assert "Choir" in other.get("/shortlist").text
    assert "Enter the eight letters and figures" in vera.browser.get("/s?code=choir").text


def test_a_shared_list_is_ids_and_an_end_and_is_gone_after_a_month(
    vera: Visitor, choir: Service, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    vera.keeps(choir)
    code = vera.code()
    row = session.exec(select(SharedList)).one()
    assert set(row.model_dump()) == {"code", "digest", "groups", "expires_at"}
    assert (row.groups, row.expires_at) == ([str(choir.id)], NOW + LIFE)
    jobs.forget_lists()
    assert vera.asks(f"/s/{code}") == 200
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: NOW + LIFE)
    assert clock.now() > NOW
    assert vera.asks(f"/s/{code}") == 404
    jobs.forget_lists()
    assert session.exec(select(SharedList)).all() == []


def test_who_guesses_codes_is_stopped_even_from_a_right_one(vera: Visitor, choir: Service) -> None:
    vera.keeps(choir)
    code = vera.code()
    answers = [vera.asks(f"/s/{codes.said(codes.new_code())}") for _ in range(20)]
    assert answers == [404] * 20
    assert vera.asks(f"/s/{codes.said(codes.new_code())}") == 429
    assert vera.asks(f"/s/{code}") == 429, "a guess that is right tells nothing either"
    assert vera.browser.get(f"/s/{code}").status_code == 200, "others are not stopped"


def test_codes_are_not_made_without_end(vera: Visitor, choir: Service) -> None:
    assert vera.browser.post("/shortlist/share").location == "/shortlist", "nothing to share"
    vera.keeps(choir)
    answers = {vera.browser.post("/shortlist/share").status_code for _ in range(121)}
    assert answers == {303, 429}


def test_a_list_is_printed_in_three_sizes_with_its_code(vera: Visitor, choir: Service) -> None:
    vera.keeps(choir)
    answer = vera.browser.post("/shortlist/share", data={"to": "paper"})
    page = vera.browser.get(answer.location).text
    for words in ("Choir", "01632 960555", "£2", "QR code for http://127.0.0.1:8000/s/"):
        assert words in page
    for letters in ("normal", "large", "largest"):
        assert (
            f"hub-leaflet--{letters}"
            in vera.browser.get(f"{answer.location}?letters={letters}").text
        )
    assert (
        "hub-leaflet--normal" in vera.browser.get(f"{answer.location}?letters=huge&paper=a0").text
    )
    assert "Your appointment" not in page


def test_a_receptionist_hands_over_a_leaflet_with_the_practices_name(
    vera: Visitor, choir: Service, session: Session
) -> None:
    vera.keeps(choir)
    url = f"/s/{vera.code()}/print"
    practice = session.exec(select(Practice).where(col(Practice.name) == "Ashby Surgery")).one()
    page = vera.browser.get(f"{url}?from=practice-{practice.ods_code}&notes=1&paper=a5").text
    assert "<h1>From Ashby Surgery</h1>" in page
    assert "Your appointment" in page
    assert "hub-leaflet--a5" in page
    assert "<h1>From Ashby</h1>" in vera.browser.get(f"{url}?from=community-ashby").text
    strange = vera.browser.get(f"{url}?from=<b>Dr+No</b>").text
    assert "<h1>Groups for you</h1>" in strange
    assert "Dr No" not in strange, "nobody's words but ours stand on it"


def test_a_list_is_mailed_to_oneself_and_the_address_forgotten(
    vera: Visitor, choir: Service, session: Session
) -> None:
    vera.keeps(choir)
    page = vera.browser.get("/shortlist/mail").text
    once = re.findall(r'name="once"[^>]*value="([^"]+)"', page)[0]
    data = {"email": " Vera@Example.org ", "once": once}
    for _ in range(2):  # a double click
        assert vera.browser.post("/shortlist/mail", data=data).location == "/shortlist/mailed"
    message = session.exec(select(Message)).one()
    assert message.to == "vera@example.org"
    letter = outbox._written(message.id)
    assert letter is not None
    body = letter.get_body(("plain",))
    assert body is not None
    assert f"/groups/{choir.id}" in body.get_content()
    assert letter["Subject"] == "Your list from Asset Hub", "it tells nothing"
    lease = _leased(session, message)
    assert outbox._finish(lease, MessageState.SENT)
    session.refresh(message)
    assert (message.to_sealed, message.facts_sealed) == (None, None)
    assert "vera" not in str(message.model_dump())


def test_an_address_that_refuses_is_forgotten_too(
    vera: Visitor, choir: Service, session: Session
) -> None:
    vera.keeps(choir)
    vera.browser.post("/shortlist/mail", data={"email": "vera@example.org", "once": "1"})
    message = session.exec(select(Message)).one()
    outbox._park_refused(_leased(session, message), "550 no such box")
    session.refresh(message)
    assert (message.state, message.to_sealed) == (MessageState.PARKED, None)


def _leased(session: Session, message: Message) -> Any:
    message.state, message.token = MessageState.LEASED, "t"
    message.lease_until = NOW + outbox.LEASE
    session.add(message)
    session.commit()
    return outbox._Lease(message.id, 1, True, "t", NOW + outbox.LEASE)


def test_mails_are_few_and_a_program_that_fills_everything_in_gets_none(
    vera: Visitor, choir: Service, session: Session
) -> None:
    def send(**data: str) -> int:
        return vera.browser.post("/shortlist/mail", data=data).status_code

    assert send(email="vera@example.org", once="0") == 422, "an empty list is not sent"
    vera.keeps(choir)
    assert send(email="nonsense", once="1") == 422
    assert send(email="vera@example.org", once="2", website="https://spam.example") == 303
    assert session.exec(select(Message)).all() == []
    told = [send(email="vera@example.org", once=f"a{n}") for n in range(6)]
    assert told == [303] * 6, "who is written to is told to nobody"
    assert len(session.exec(select(Message)).all()) == 5
    more = [send(email=f"v{n}@example.org", once=f"b{n}") for n in range(15)]
    assert more.count(429) == 1


def test_no_log_line_says_what_is_kept(
    vera: Visitor, choir: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        vera.keeps(choir)
        code = vera.code()
        vera.browser.get(f"/s/{code}/print")
    said = " ".join(str(vars(record)) for record in caplog.records)
    assert "search.shortlist_keep" in said
    for secret in (str(choir.id), choir.id.hex, code, code.replace("-", "")):
        assert secret not in said


def test_the_way_back_is_a_page_of_ours(vera: Visitor) -> None:
    def back(referrer: str) -> str:
        page = vera.browser.get("/shortlist", headers={"Referer": referrer}).text
        return unescape(re.findall(r'<a href="([^"]+)" class="govuk-back-link"', page)[0])

    assert back("http://localhost/find?q=choir") == "/find?q=choir"
    assert back("https://evil.example/find") == "/find"
    assert back("http://localhost/shortlist/mail") == "/find"
    assert back("http://localhost//evil.example") == "/find"


def test_paper_a_leaflet_a_text_and_a_mail_are_three_clicks_from_the_results(
    vera: Visitor, choir: Service, session: Session
) -> None:
    results = vera.browser.get("/find?q=choir&near=ZZ9+9ZZ").text
    assert f'form="keep-form" name="group" value="{choir.id}"' in results
    vera.keeps(choir)  # the first click; without a script the list opens by it
    page = unescape(vera.browser.get("/shortlist").text)  # the second
    for to, rest in (("paper", ""), ("leaflet", "?paper=a5&notes=1")):  # the third
        assert f'name="to" value="{to}"' in page
        answer = vera.browser.post("/shortlist/share", data={"to": to})
        assert answer.location.endswith(f"/print{rest}")
        sheet = vera.browser.get(answer.location)
        assert "Choir" in sheet.text
    text = re.search(r'href="(sms:[^"]+)"', page)
    assert text
    assert unquote(text[1]) == f"sms:?&body=Choir: http://127.0.0.1:8000/groups/{choir.id}"
    once = re.search(r'name="once"[^>]*value="([^"]+)"', page)
    assert once
    typed = {"email": "vera@example.org", "once": once[1], "website": ""}
    assert vera.browser.post("/shortlist/mail", data=typed).location == "/shortlist/mailed"
    assert session.exec(select(Message)).one().to == "vera@example.org"


def test_a_mistake_in_the_address_is_said_on_a_page_of_its_own_with_what_was_typed(
    vera: Visitor, choir: Service
) -> None:
    vera.keeps(choir)
    answer = vera.browser.post("/shortlist/mail", data={"email": "vera at home", "once": "1"})
    assert answer.status_code == 422
    assert "vera at home" in answer.text


def test_a_long_list_goes_by_its_code_and_not_in_a_text_without_end(
    vera: Visitor, town: Town
) -> None:
    vera.keeps(*(town.add(f"Club {number}") for number in range(5)))
    page = vera.browser.get("/shortlist").text
    assert "sms:" not in page
    assert "Text or share it" in page


def test_nothing_that_is_handed_on_says_where_somebody_lives(vera: Visitor, choir: Service) -> None:
    vera.keeps(choir)
    came = {"Referer": "http://localhost/find?q=choir&near=ZZ9+9ZZ"}
    page = vera.browser.get("/shortlist", headers=came).text
    handed = re.findall(r'href="(sms:[^"]+|[^"]*/s/[^"]*)"', page)
    assert handed
    code = vera.code()
    handed += [vera.browser.get(f"/s/{code}").text, vera.browser.get(f"/s/{code}/print").text]
    assert not [one for one in handed if "ZZ9" in one]
