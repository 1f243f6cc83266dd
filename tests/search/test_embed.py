"""Our map in other people's pages: what it may do there, and that nothing else is ever framed."""

import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from sqlmodel import Session

from asset_hub.config import UnsafeSettings, settings
from tests.cast import Cast
from tests.conftest import Browser
from tests.search.conftest import Town

FRAME = "/embed/find"


def rules(browser: Browser, path: str = FRAME) -> dict[str, str]:
    """Return the parts of a page's policy by their names."""
    policy = browser.get(path).headers["Content-Security-Policy"]
    parts = (part.strip().partition(" ") for part in policy.split(";"))
    return {name: value for name, _, value in parts}


def test_any_site_may_frame_the_map_and_it_keeps_to_itself(town: Town, browser: Browser) -> None:
    town.add("Choir", at=(53.6, -2.2))
    answer = browser.get(FRAME)
    assert rules(browser)["frame-ancestors"] == "*"
    assert rules(browser)["form-action"] == "'none'"
    assert rules(browser)["default-src"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "<form" not in answer.text
    assert '<html lang="en-GB"' in answer.text
    assert "<title>" in answer.text
    assert '<base target="_top">' in answer.text
    assert "Choir" in answer.text


def test_whoever_is_signed_in_sees_the_same_frame(town: Town, browser: Browser) -> None:
    town.add("Choir", at=(53.6, -2.2))

    def plain(text: str) -> str:
        return re.sub(r'nonce="[^"]*"', "", text)

    stranger = plain(browser.get(FRAME).text)
    browser.sign_in(town.cast.ada)
    answer = browser.get(FRAME)
    assert plain(answer.text) == stranger
    assert answer.headers["Cache-Control"] == "public, max-age=60"  # nobody looked who it was
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        FRAME,
        "/find.geojson?bbox=-3,53,-2,54&zoom=9",
        "/find.json",
        "/places.geojson",
    ],
)
def test_what_is_the_same_for_everybody_may_be_kept_for_everybody(
    town: Town, browser: Browser, path: str
) -> None:
    browser.sign_in(town.cast.ada)
    answer = browser.get(path)
    assert "Vary" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_a_page_that_knows_its_reader_is_kept_for_nobody_else(town: Town, browser: Browser) -> None:
    assert browser.get("/find").headers["Vary"] == "Cookie"


def test_the_settings_say_who_may_frame_it(
    app: Flask, town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("https://www.example.org https://*.example.net", "'none'"):
        given = replace(app.extensions["settings"], embed_on=who)
        monkeypatch.setitem(app.extensions, "settings", given)
        assert rules(browser)["frame-ancestors"] == who
        assert ("X-Frame-Options" in browser.get(FRAME).headers) == (who == "'none'")


@pytest.mark.parametrize(
    "who", ["*; script-src *", "https://a.example\nX: y", "javascript:alert(1)", "none", "a b"]
)
def test_a_setting_that_would_add_to_the_policy_is_refused(who: str) -> None:
    with pytest.raises(UnsafeSettings, match="EMBED_ON"):
        settings({"EMBED_ON": who})


def test_every_other_page_denies_being_framed(
    app: Flask, session: Session, cast: Cast, browser: Browser
) -> None:
    for rule in app.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or ()) or rule.rule == FRAME:
            continue
        if rule.endpoint == "core.readyz":
            continue  # it looks for a table that only migrations make
        answer = browser.get(rule.rule)
        policy = answer.headers["Content-Security-Policy"]
        denied = "frame-ancestors 'none'" in policy or "sandbox" in policy
        assert denied, rule.rule
        assert answer.headers["X-Frame-Options"] == "DENY", rule.rule


def test_a_frame_answers_the_same_question_as_the_list(town: Town, browser: Browser) -> None:
    town.add("Choir", at=(53.6, -2.2), topics=("music",))
    town.add("Chess", at=(53.6, -2.2), topics=("games",))
    page = browser.get(f"{FRAME}?topic=music").text
    assert "1 group" in page
    assert "Choir" in page
    assert "Chess" not in page
    assert 'href="/find?topic=music" target="_top" rel="noopener"' in page
    assert browser.get(f"{FRAME}?q={'x' * 3000}&topic=%00&page=9&area=no").status_code == 200


def test_the_code_has_the_filters_but_the_place_only_when_it_is_wanted(
    town: Town, browser: Browser
) -> None:
    town.add("Choir", at=(53.6, -2.2), topics=("music",))
    asked = "/embed?topic=music&q=choir%22%3E%3Cb%3E&near=ZZ9+9ZZ&within=3"
    page = browser.get(asked).text
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert found
    code = unescape(found[1])
    assert code.startswith('<iframe src="')
    assert 'title="Map of community groups"' in code
    assert "topic=music" in code
    assert "ZZ9" not in code
    assert "within" not in code
    assert "<b>" not in code
    assert code.count('"') % 2 == 0
    assert "Put the place in" in page
    kept = browser.get(f"{asked}&place=yes").text
    assert "near=ZZ9+9ZZ" in unescape(unescape(kept.split("<textarea")[1].split("</textarea>")[0]))
    assert "Leave the place out" in kept
