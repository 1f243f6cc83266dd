"""Listings that are added together are indexed together, and found like any other."""

import json
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from asset_hub.search import service as search
from tests.conftest import Browser
from tests.interop.feeds import Desk, service

HALL = {"location": {"name": "Hall", "latitude": 53.6, "longitude": -2.2}}


def found(browser: Browser, query: str) -> list[str]:
    answer = json.loads(browser.get(f"/find.json?{query}").text)
    return sorted(one["name"] for one in answer["results"])


def test_what_is_imported_is_found_by_words_and_by_place(
    session: Session, browser: Browser, tmp_path: Path
) -> None:
    desk = Desk(session, tmp_path)
    desk.imports([service(n, service_at_locations=[HALL]) for n in range(1, 4)])
    assert found(browser, "q=thursdays") == ["Choir 1", "Choir 2", "Choir 3"]
    rows = "SELECT count(*) FROM listing_text_place"
    assert session.connection().execute(text(rows)).scalar_one() == 3
    desk.imports([service(1, description="We paddle."), service(2, status="inactive"), service(3)])
    assert found(browser, "q=paddle") == ["Choir 1"]
    assert found(browser, "q=thursdays") == ["Choir 3"]


def test_the_index_agrees_with_the_listings_and_holds_still_no_longer(
    session: Session, tmp_path: Path
) -> None:
    desk = Desk(session, tmp_path)
    desk.imports([service(n) for n in range(1, 4)])
    if session.get_bind().dialect.name != "sqlite":
        return
    run = session.connection().exec_driver_sql
    said = "SELECT w.key, l.number, w.value FROM listing l, json_each(l.words) w ORDER BY 1, 2"
    kept = run("SELECT stem, number, impact FROM listing_text_word ORDER BY 1, 2").all()
    assert kept
    assert kept == run(said).all()
    assert run("SELECT count(*) FROM listing_text_held").scalar_one() == 0


def test_a_block_that_fails_leaves_nothing_held(session: Session) -> None:
    try:
        with session.begin_nested(), search.indexing_at_once(session.connection()):
            raise ValueError
    except ValueError:
        pass
    if session.get_bind().dialect.name == "sqlite":
        held = "SELECT count(*) FROM listing_text_held"
        assert session.connection().execute(text(held)).scalar_one() == 0
