"""The answers Olive gives about her lunch club, and how she gives them."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.directory import service
from asset_hub.directory.models import Service
from asset_hub.directory.rules.answers import pack
from asset_hub.directory.service import Saved
from asset_hub.directory.service.filling import answered
from tests.cast import Cast
from tests.conftest import Browser

STEPS: dict[str, dict[str, Any]] = {
    "what": {
        "name": "Lunch club",
        "organization_name": "Ashby neighbours",
        "kind": "group",
        "summary": "A hot lunch in good company",
        "description": "Soup, bread and talk.\n\nSee https://lunch.example/menu.",
    },
    "where": {
        "setting": "exact",
        "place_name": "Town hall",
        "address_1": "1 High Street",
        "city": "Ashby",
        "postcode": "as11aa",
    },
    "when": {
        "often": "monthly",
        "nth": ["1", "3"],
        "days": ["TH"],
        "opens_at": "noon",
        "closes_at": "2pm",
    },
    "who": {
        "eligibility": "Anyone from Ashby",
        "minimum_age": "18",
        "cost": "paid",
        "fees": "£3",
    },
    "about": {
        "access": "Ramp at the back",
        "languages": "English",
        "help_with": ["company", "food"],
        "ways_in": ["step-free"],
    },
    "join": {
        "how_to_join": "Ring Olive\nCome at noon",
        "first_visit": "Sam meets you at the door",
        "ask_for": "Sam, in the blue hat",
        "phone": "01632960123",
        "email": "hello@lunch.example",
        "url": "lunch.example",
        "contact_name": "Olive Green",
        "contact_email": "olive@lunch.example",
        "contact_phone": "01632 960 999",
        "venue_notes": "Mrs Doorkey at number 9 has the key",
    },
}


def fill_in(browser: Browser, cast: Cast, **changed: Any) -> None:
    """Answer every step up to the check, with some answers changed."""
    for step, answers in STEPS.items():
        given = {**answers, **{name: changed[name] for name in changed if name in FIELDS[step]}}
        if step == "where":
            given.setdefault("community_id", str(cast.ashby.id))
        page = browser.post(f"/list-a-group/{step}", data=given)
        assert page.status_code == 302, page.text


FIELDS = {step: {*answers} for step, answers in STEPS.items()}
FIELDS["where"] |= {"community_id"}
FIELDS["when"] |= {"when_words", "dates", "next_on-day", "next_on-month", "next_on-year"}
FIELDS["who"] |= {"especially_for", "not_for", "maximum_age"}
FIELDS["about"] |= {"doing"}


def edit(session: Session, group: Service, *, by: Account, now: datetime, **values: Any) -> Saved:
    """Change some answers about a listing, as its section pages do."""
    answers = pack({**service.as_fields(service.answers_of(group)), **values})
    _, parts = answered(group, answers)
    return service.save_parts(session, group, parts, by=by, now=now, version=group.version)
