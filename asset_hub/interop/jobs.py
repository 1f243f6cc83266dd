"""Imports that go on their own: runs that wait, feeds that are due, what is kept long enough."""

import tempfile
from datetime import time, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from asset_hub.core import clock, db
from asset_hub.core.errors import RuleBroken
from asset_hub.core.jobs import daily, every, one_by_one
from asset_hub.interop import queries, service
from asset_hub.interop.fetching import paging, web
from asset_hub.interop.models import BUSY, ImportFile, ImportRow, ImportRun
from asset_hub.interop.reading.files import Unreadable
from asset_hub.interop.run import working

POLICY = web.Policy()
ROWS_KEPT = timedelta(days=31)


@every(seconds=2)
def import_files() -> None:
    """Look through, import or undo what waits for a worker."""
    working.work()


@every(seconds=60)
def read_feeds() -> None:
    """Read the feeds whose time has come."""
    session = db.session()
    due = queries.due_feeds(session, now=clock.now())
    session.rollback()
    for key in due:
        read_feed(key)


def read_feed(key: UUID) -> None:
    """Read one feed; no transaction is open while the other site is asked."""
    with db.transaction() as session:
        claimed = service.claim_feed(session, key, now=clock.now())
    if claimed is None:
        return
    url, token = claimed
    with tempfile.TemporaryFile() as out:
        try:
            name, problem = paging.read_feed(url, out, POLICY), ""
        except Unreadable as found:
            name, problem = "", str(found)
        out.seek(0)
        with db.transaction() as session:
            feed = service.read(session, key, token, problem=problem, now=clock.now())
            if feed is None or problem:
                return
            try:
                file = service.keep_file(
                    session, out, name=name, community_id=feed.community_id, now=clock.now()
                )
            except RuleBroken as broken:
                feed.problem = broken.message
                session.add(feed)
                return
            service.start_feed(session, feed, file, now=clock.now())


@daily(at=time(4))
def tidy() -> None:
    """Forget files and rows that were kept long enough."""
    session = db.session()
    files = queries.old_files(session, now=clock.now())
    session.rollback()
    one_by_one(files, _empty)
    with db.transaction() as session:
        since = func.coalesce(ImportRun.imported_at, ImportRun.created_at)
        old = select(col(ImportRun.id)).where(
            since < clock.now() - ROWS_KEPT, col(ImportRun.stage).not_in(BUSY)
        )
        session.execute(delete(ImportRow).where(col(ImportRow.run_id).in_(old)))


def _empty(session: Session, key: UUID) -> None:
    service.empty(session, session.get_one(ImportFile, key), now=clock.now())
