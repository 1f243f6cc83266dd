"""Olive lists a lunch club without an account; Cath, the champion, looks at it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from asset_hub.communities.models import Postcode
from asset_hub.core.outbox import Message
from asset_hub.directory import queries, service
from asset_hub.directory.models import ListingDraft, Service, ServiceEvent, Standing
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.answers import STEPS, fill_in


@pytest.fixture(autouse=True)
def _known_postcode(session: Session, cast: Cast) -> None:
    cast.add(Postcode(code="AS1 1AA", outcode="AS1", latitude=53.61, longitude=-2.21))
    session.commit()


def listed(session: Session) -> Service:
    return session.exec(select(Service).where(Service.name == "Lunch club")).one()


def token_of(session: Session, kind: str) -> str:
    messages = session.exec(select(Message).where(Message.kind == kind)).all()
    newest = max(messages, key=lambda message: message.id)
    return str(newest.facts["token"])


def test_olive_lists_a_group_and_everybody_finds_it(
    browser: Browser, session: Session, cast: Cast
) -> None:
    fill_in(browser, cast)
    page = browser.post("/list-a-group/check", follow_redirects=True)
    assert "We have sent a link to <strong>olive@lunch.example</strong>" in page.text
    assert listed(session).standing is Standing.UNCONFIRMED
    link = f"/list-a-group/link/{token_of(session, 'listing-confirm')}"
    assert "Yes, this is right" in browser.get(link).text
    assert listed(session).standing is Standing.UNCONFIRMED
    page = browser.post(f"{link}/confirm", follow_redirects=True)
    assert "your listing is with a champion" in page.text
    browser.sign_in(cast.cath)
    group = listed(session)
    assert "Lunch club" in browser.get("/to-approve").text
    assert "olive@lunch.example" in browser.get(f"/to-approve/{group.id}").text
    page = browser.post(f"/to-approve/{group.id}/approve", follow_redirects=True)
    assert "Lunch club is listed" in page.text
    page = browser.get(f"/groups/{group.id}")
    assert "Every first and third Thursday of the month, noon to 2pm" in page.text
    assert "Last confirmed by the people who run it on Monday 7 September 2026" in page.text
    assert "Next: <br>Thursday 17 September 2026, noon to 2pm" in page.text
