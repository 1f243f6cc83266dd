"""Taking a list along: under a code, or by mail to oneself."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session

from asset_hub.core import db, outbox, throttle
from asset_hub.core.errors import Missing, RuleBroken, TooOften
from asset_hub.core.fleeting import fleeting
from asset_hub.core.outbox import Message
from asset_hub.core.words import plain_email
from asset_hub.search.shortlist import codes, queries
from asset_hub.search.shortlist.models import SharedList
from asset_hub.search.shortlist.shelf import LIFE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_CODES = 120  # an hour from one network: a surgery hands out many leaflets
MOST_WRONG = 20  # codes an hour from one network
MOST_MAILS, MOST_TO = 20, 5  # an hour from one network; a day to one address
KIND = "shortlist"
EMPTY = "There is nothing on your list yet."
TABLE: Any = SharedList

fleeting(KIND)


def share(session: Session, keys: Sequence[UUID], *, address: str, now: datetime) -> str:
    """Put a list behind a code for a month; return the code it has, or has had already."""
    if not keys:
        raise RuleBroken(EMPTY)
    throttle.hit(
        session, "share-list", throttle.network(address), limit=MOST_CODES, per=HOUR, now=now
    )
    groups = [str(key) for key in keys]
    values = {
        "code": codes.new_code(),
        "digest": hashlib.sha256(" ".join(groups).encode()).hexdigest(),
        "groups": groups,
        "expires_at": now + LIFE,
    }
    insert = db.INSERT[session.get_bind().dialect.name](TABLE).values(values)
    kept = insert.on_conflict_do_update(
        index_elements=["digest"], set_={"expires_at": now + LIFE}
    ).returning(TABLE.code)
    return str(session.execute(kept).scalar_one())


def open_code(session: Session, typed: str, *, address: str, now: datetime) -> list[UUID] | None:
    """Return the groups behind a code, None for a wrong one; the caller counts that one.

    Raises TooOften for whoever has been wrong too often, before anything is looked up.
    """
    throttle.must_be_left(
        session, "list-code", throttle.network(address), limit=MOST_WRONG, per=HOUR, now=now
    )
    found = session.get(SharedList, codes.plain(typed))
    if found is None or found.expires_at <= now:
        return None
    return [UUID(one) for one in found.groups]


def count_wrong(session: Session, *, address: str, now: datetime) -> None:
    """Note that somebody typed a code that there is not."""
    throttle.hit(
        session, "list-code", throttle.network(address), limit=MOST_WRONG, per=HOUR, now=now
    )


def mail(
    session: Session,
    keys: Sequence[UUID],
    *,
    email: str,
    once: str,
    website: str,
    address: str,
    now: datetime,
) -> None:
    """Mail a list to an address that is forgotten as soon as the letter has left.

    `website` is a field that people do not see: whoever fills it in is a program, and is told that
    all went well. So is whoever writes to one address too often: it would tell who is written to.
    """
    if not keys:
        raise RuleBroken(EMPTY)
    if website:
        return
    throttle.hit(
        session, "mail-list", throttle.network(address), limit=MOST_MAILS, per=HOUR, now=now
    )
    to = plain_email(email)
    try:
        throttle.hit(session, "mail-list-to", to, limit=MOST_TO, per=DAY, now=now)
    except TooOften:
        return
    facts = {"groups": [str(key) for key in keys]}
    outbox.post(session, KIND, to=to, cause=f"{KIND}:{once}", now=now, facts=facts, any_hour=True)


@outbox.composer(KIND)
def _letter(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Return the groups as they are listed when the letter leaves; no letter without any."""
    keys = [UUID(one) for one in facts["groups"]]
    found = queries.entries(session.connection(), keys)
    return {"entries": found} if found else None


@outbox.refused(KIND)
def _refused(session: Session, message: Message, *, now: datetime) -> None:
    """Forget the address of a letter that nobody took."""
    message.to_sealed = message.facts_sealed = None


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete lists whose month is over."""
    session.execute(delete(TABLE).where(TABLE.expires_at <= now))


def must_be_there(keys: list[UUID] | None) -> list[UUID]:
    """Return what a code opened; raise Missing when it opened nothing."""
    if keys is None:
        raise Missing
    return keys
