"""Looks at people: each leaves its audit row, in the transaction that shows it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.people import queries
from asset_hub.people.models import Person


def look_at(session: Session, person: Person, *, by: Account, now: datetime) -> Person:
    """Write down that somebody looked at a person; return the person."""
    audit.note(session, "read", person, by=by.id, now=now)
    return person


def browse(session: Session, page: int, *, by: Account, now: datetime) -> queries.Page:
    """Return a page of the people within reach; note once whose names were shown."""
    found = queries.people(session, by, page=page)
    shown = [str(person.id) for person in found.people]
    audit.note(session, "list", by, by=by.id, now=now, of="person", shown=shown)
    return found


def look_alikes(
    session: Session, *, name: str, phone: str, by: Account, now: datetime
) -> Sequence[Person]:
    """Return those within reach who have this name or number; note each as looked at."""
    found = queries.doubles(session, by, name=name, phone=phone)
    for person in found:
        audit.note(session, "look-alike", person, by=by.id, now=now)
    return found


def note_search(session: Session, page: queries.Page, *, by: Account, now: datetime) -> None:
    """Note who was found by a name, before they are shown; the name itself is not kept."""
    shown = [str(person.id) for person in page.people]
    audit.note(session, "search-people", by, by=by.id, now=now, found=page.total, shown=shown)
