"""Being told by mail, without an account, when a listing or what a community has changes.

The links' tokens follow from the watch and the site's key, so every letter can carry them
although only their digests are kept.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from asset_hub.communities.models import Community
from asset_hub.core import crypto, db, ids, outbox, throttle
from asset_hub.core.calendar import london
from asset_hub.core.errors import TooOften
from asset_hub.core.words import plain_email
from asset_hub.directory import queries
from asset_hub.directory.models import Service, Watch

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_WATCHED = 50  # things that one address is told about
BEGIN, STOP = "begin", "stop"


def print_of(email: str) -> str:
    """Return the keyed hash by which the watches of an address are found."""
    return crypto.vault().fingerprint(f"watch:{plain_email(email)}")


def token_of(watch: Watch, purpose: str) -> str:
    """Return the token of the link that begins or stops a watch."""
    return crypto.vault().fingerprint(f"watch-{purpose}:{watch.id}")


def watch(
    session: Session, of: Service | Community, *, email: str, address: str, now: datetime
) -> None:
    """Ask an address whether it wants to be told; nothing begins before its button is pressed.

    Whoever asks is never told whether the address watches already. `address` is where the request
    came from: a network may ask 20 times an hour, a mail address is written to 5 times a day.
    """
    throttle.hit(
        session, "watch", throttle.network(address), limit=20, per=HOUR, now=now, even_refused=True
    )
    group = isinstance(of, Service)
    row = Watch(
        email_print=print_of(email), digest="", confirm_digest="", created_at=now,
        service_id=of.id if group else None, community_id=None if group else of.id,
    )  # fmt: skip
    row.email = plain_email(email)
    row.digest = ids.digest(token_of(row, STOP))
    row.confirm_digest = ids.digest(token_of(row, BEGIN))
    try:
        throttle.hit(session, "watch-to", row.email_print, limit=5, per=DAY, now=now)
    except TooOften:
        return  # said to nobody: it would tell who is written to
    if len(queries.watches_of(session, row.email_print)) >= MOST_WATCHED:
        return
    db.claim(session, row)
    there = queries.watch_by(session, row.email_print, of.id)
    again = there.confirmed_at is not None
    cause = f"watch-begin:{there.id}:{now.isoformat(timespec='minutes')}"
    facts = {"watch_id": str(there.id), "again": again}
    outbox.post(
        session, "watch-begin", to=there.email, cause=cause, now=now, facts=facts, any_hour=True
    )  # fmt: skip


def begin(session: Session, watch: Watch, *, now: datetime) -> bool:
    """Begin to tell an address that has said yes; False when that was done before."""
    if watch.confirmed_at is not None:
        return False
    watch.confirmed_at = watch.told_at = now
    session.flush()
    return True


def stop(session: Session, watch: Watch, *, everything: bool) -> int:
    """Stop a watch, or all of its address, and forget the address; return how many ended."""
    ended = queries.watches_of(session, watch.email_print) if everything else [watch]
    for one in ended:
        session.delete(one)
    session.flush()
    return len(ended)


def tell(session: Session, key: UUID, *, now: datetime) -> bool:
    """Write one letter to an address about all it watches, when something has changed.

    `key` is any of its watches. At most one letter a day; what it has been told is not told again.
    """
    first = session.get(Watch, key)
    if first is None:
        return False
    mine = [one for one in queries.watches_of(session, first.email_print) if one.confirmed_at]
    news = [one for one in mine if queries.has_news(session, one, until=now)]
    if not news:
        return False
    facts = {
        "watches": [[str(one.id), (one.told_at or now).isoformat()] for one in news],
        "until": now.isoformat(),
    }
    cause = f"watch-news:{first.email_print}:{london(now).date()}"
    if not outbox.post(session, "watch-news", to=first.email, cause=cause, now=now, facts=facts):
        return False
    for one in news:
        one.told_at = now
    session.flush()
    return True


def forget_unconfirmed(session: Session, key: UUID, *, now: datetime) -> None:
    """Forget an address that never pressed the button."""
    found = session.get(Watch, key)
    if found and found.confirmed_at is None and found.created_at <= now - queries.UNSURE_LIFE:
        session.delete(found)
        session.flush()
