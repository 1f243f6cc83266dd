"""Feeds: addresses that the site reads by itself."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from asset_hub.core import audit, ids
from asset_hub.core.errors import RuleBroken
from asset_hub.interop.fetching.addresses import target
from asset_hub.interop.models import BUSY, Feed, ImportRun, Stage
from asset_hub.interop.reading.files import Unreadable

PORTS = frozenset({80, 443})
LEASE = timedelta(minutes=10)  # longer than the longest reading
AFTER_TROUBLE = timedelta(hours=6)
TAKEN = "There is already a feed with this name in the community"


def add_feed(
    session: Session,
    *,
    community_id: UUID,
    name: str,
    url: str,
    days: int,
    by: UUID,
    now: datetime,
) -> Feed:
    """Add a feed; it is read in the next minute, and waits for a yes."""
    feed = Feed(
        community_id=community_id, name=name, url=_sound(url), days=days, next_at=now,
        added_by_id=by, created_at=now,
    )  # fmt: skip
    _save(session, feed)
    audit.note(session, "add feed", feed, by=by, now=now, url=feed.url)
    return feed


def change_feed(
    session: Session, feed: Feed, *, name: str, url: str, days: int, by: UUID, now: datetime
) -> None:
    """Change a feed; another address must be seen by a person before it is imported by itself.

    Its name stays: by it the services are remembered.
    """
    if name != feed.name:
        raise RuleBroken("The name stays: its groups are remembered by it", field="name")
    if url != feed.url:
        feed.url, feed.trusted = _sound(url), False
    feed.days = days
    _save(session, feed)
    audit.note(session, "change feed", feed, by=by, now=now, url=feed.url)


def _sound(url: str) -> str:
    try:
        return target(url, PORTS).url
    except Unreadable as problem:
        raise RuleBroken(str(problem).removesuffix("."), field="url") from None


def _save(session: Session, feed: Feed) -> None:
    try:
        with session.begin_nested():
            session.add(feed)
            session.flush()
    except IntegrityError:
        raise RuleBroken(TAKEN, field="name") from None


def pause(session: Session, feed: Feed, *, by: UUID, now: datetime) -> None:
    """Read a feed no more until somebody says so."""
    feed.next_at = None
    session.add(feed)
    session.flush()
    audit.note(session, "pause feed", feed, by=by, now=now)


def read_now(session: Session, feed: Feed, *, by: UUID, now: datetime) -> None:
    """Let the worker read a feed in the next minute; a paused one goes on."""
    feed.next_at, feed.problem = now, ""
    session.add(feed)
    session.flush()
    audit.note(session, "read feed", feed, by=by, now=now)


def delete_feed(session: Session, feed: Feed, *, by: UUID, now: datetime) -> None:
    """Forget a feed; its groups and the reports of its runs stay."""
    audit.note(session, "delete feed", feed, by=by, now=now, name=feed.name, url=feed.url)
    runs = col(ImportRun.feed_id) == feed.id
    waits = col(ImportRun.stage).in_([Stage.READY, Stage.MAPPING, Stage.CHECKING])
    session.execute(update(ImportRun).where(runs, waits).values(stage=Stage.DROPPED, token=None))
    session.execute(update(ImportRun).where(runs).values(feed_id=None))
    session.execute(delete(Feed).where(col(Feed.id) == feed.id))


def claim_feed(session: Session, feed_id: UUID, *, now: datetime) -> tuple[str, str] | None:
    """Take a due feed for one reading; return its address and a token, None when it is not free.

    While one of its runs is on its way, or waits for a person, it is not read again.
    """
    token = ids.token()
    on_way = select(col(ImportRun.id)).where(
        col(ImportRun.feed_id) == feed_id,
        col(ImportRun.stage).in_([*BUSY, Stage.READY, Stage.MAPPING]),
    )
    free = or_(col(Feed.lease_until).is_(None), col(Feed.lease_until) < now)
    take = (
        update(Feed)
        .where(col(Feed.id) == feed_id, col(Feed.next_at) <= now, free, ~on_way.exists())
        .values(token=token, lease_until=now + LEASE)
        .returning(col(Feed.url))
        .execution_options(synchronize_session=False)
    )
    url = session.execute(take).scalar()
    return (url, token) if url else None


def read(
    session: Session, feed_id: UUID, token: str, *, problem: str, now: datetime
) -> Feed | None:
    """Write down that a feed was read, and when next; None when somebody else has it by now."""
    wanted = select(Feed).where(col(Feed.id) == feed_id, col(Feed.token) == token)
    feed: Any = session.execute(wanted.with_for_update()).scalars().first()
    if feed is None:
        return None
    feed.token = feed.lease_until = None
    feed.read_at, feed.problem = now, problem[:500]
    wait = min(AFTER_TROUBLE, timedelta(days=feed.days)) if problem else timedelta(days=feed.days)
    feed.next_at = feed.next_at and now + wait
    session.add(feed)
    session.flush()
    return feed if isinstance(feed, Feed) else None
