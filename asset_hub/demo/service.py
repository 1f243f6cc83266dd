"""Filling an empty database with the town."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from asset_hub.accounts.models import Account
from asset_hub.accounts.queries import DEMO
from asset_hub.communities.models import Community
from asset_hub.core.outbox import Message, MessageState
from asset_hub.demo import groups, lately, people, places, volunteers
from asset_hub.demo.town import Town, read

# Letters that still ask for something are left to be sent; the rest of the past has arrived.
STILL_ASKING = (
    "connection-asked", "listing-confirm", "listing-returned", "listing-waits", "volunteer-waits",
)  # fmt: skip


def is_empty(session: Session) -> bool:
    """Return whether nobody and nowhere has been added yet."""
    for kind in (Account, Community):
        if session.exec(select(kind.id).limit(1)).first() is not None:
            return False
    return True


def is_here(session: Session) -> bool:
    """Return whether this database holds the town."""
    wanted = select(Account.id).where(col(Account.email) == f"coordinator{DEMO}")
    return session.exec(wanted).first() is not None


def fill(session: Session, *, now: datetime) -> Town:
    """Put the town into an empty database, as it stands today."""
    town = Town(now, read("places"))
    places.build(session, town)
    groups.list_all(session, town, read("groups")["group"])
    volunteers.offer_all(session, town, town.places["volunteer"])
    people.add_all(session, town, read("people")["person"])
    lately.happen(session, town, read("lately"))
    people.ask_for_hellos(session, town, read("people")["hello"])
    _have_arrived(session, now=now)
    return town


def _have_arrived(session: Session, *, now: datetime) -> None:
    table: Any = Message
    past = update(table).where(table.kind.not_in(STILL_ASKING))
    session.exec(past.values(state=MessageState.SENT, sent_at=now))
