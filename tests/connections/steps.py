"""How the tests make a connection."""

from typing import Any

from sqlmodel import Session

from asset_hub.connections import service
from asset_hub.connections.models import Connection, Route
from asset_hub.people.models import AgreedHow, Person
from tests.cast import NOW, TODAY, Cast


def connect(session: Session, cast: Cast, person: Person | None = None, **other: Any) -> Connection:
    """Ben connects Rose to the choir."""
    person = person or cast.person()
    answers: dict[str, Any] = {
        "by": cast.ben, "request_key": f"key-{person.id}", "reason": "She misses singing",
        "message": "Rose would love to sing again.", "topic": "", "route": Route.NAVIGATOR,
        "how": AgreedHow.SPOKEN, "today": TODAY, "now": NOW,
    }  # fmt: skip
    group = other.pop("group", cast.choir)
    made = service.make(session, person, group, **{**answers, **other})
    session.commit()
    return made
