"""Questions about imports and feeds. Nothing here writes; every list is scoped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from asset_hub.accounts.models import Account
from asset_hub.communities.models import Community
from asset_hub.core.access import within
from asset_hub.core.powers import Can
from asset_hub.directory import queries as directory
from asset_hub.directory.models import PART_WORDS, Service
from asset_hub.interop.models import BUSY, Feed, ImportFile, ImportRow, ImportRun, Outcome, Stage

POSTCODE = r"\b[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}\b"
PAGE = 50
MOST_RUNS = 50
NOTHING_NEW = (Outcome.UNCHANGED, Outcome.REPEATED)
KEPT = timedelta(days=30)  # rows and files


@dataclass(frozen=True)
class Rows:
    """One page of a run's rows."""

    rows: Sequence[ImportRow]
    page: int
    pages: int
    total: int
    only_changes: bool = False


def runs(session: Session, actor: Account) -> Sequence[ImportRun]:
    """Return the newest runs within an account's reach."""
    mine = within(ImportRun, actor, Can.IMPORT_LISTINGS)
    wanted = select(ImportRun).where(mine).order_by(col(ImportRun.id).desc()).limit(MOST_RUNS)
    return session.execute(wanted).scalars().all()


def feeds(session: Session, actor: Account) -> Sequence[Feed]:
    """Return the feeds within an account's reach, by name."""
    mine = within(Feed, actor, Can.IMPORT_LISTINGS)
    wanted = select(Feed).where(mine).order_by(col(Feed.name), col(Feed.id))
    return session.execute(wanted).scalars().all()


def communities(session: Session, actor: Account) -> Sequence[Community]:
    """Return the communities an account may import into, by name."""
    mine = within(Community, actor, Can.IMPORT_LISTINGS)
    return session.execute(select(Community).where(mine).order_by(Community.name)).scalars().all()


def rows(session: Session, run: ImportRun, outcome: Outcome | None, page: int) -> Rows:
    """Return a page of the rows of one outcome; without one, of all that change anything.

    When nothing changes, every row is there to be looked at.
    """
    mine = [col(ImportRow.run_id) == run.id]
    if outcome:
        mine.append(col(ImportRow.outcome) == outcome)
    changes = outcome is None and any(
        run.counts.get(one.value) for one in Outcome if one not in NOTHING_NEW
    )
    if changes:
        mine.append(col(ImportRow.outcome).not_in(NOTHING_NEW))
    total = session.execute(select(func.count()).select_from(ImportRow).where(*mine)).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    wanted = select(ImportRow).where(*mine).order_by(col(ImportRow.number), col(ImportRow.id))
    found = session.execute(wanted.offset((page - 1) * PAGE).limit(PAGE)).scalars().all()
    return Rows(found, page, pages, total, only_changes=changes)


def listed_already(
    session: Session, run: ImportRun, rows: Sequence[ImportRow], reader: Account
) -> dict[UUID, Service]:
    """Return, for the new rows of a page, the listing that each may be a double of."""
    new = [row for row in rows if row.outcome is Outcome.ADDED]
    if run.stage is not Stage.READY or not new:
        return {}
    found = directory.first_like(session, [_answers(run, row) for row in new], reader)
    return {row.id: one for row, one in zip(new, found, strict=True) if one}


def _answers(run: ImportRun, row: ImportRow) -> dict[str, Any]:
    said = {label: after for label, _, after in row.changes}
    postcode = re.search(POSTCODE, said.get(PART_WORDS["places"], ""))
    return {
        "name": row.name, "community_id": str(run.community_id), "setting": "exact",
        "postcode": postcode[0] if postcode else "", "phone": said.get(PART_WORDS["phone"]),
        "email": said.get(PART_WORDS["email"]), "url": said.get(PART_WORDS["url"]),
        "organization_name": said.get(PART_WORDS["organization_name"], said.get("Run by")),
    }  # fmt: skip


def last_mapping(session: Session, community_id: UUID, source: str) -> dict[str, Any] | None:
    """Return which column was what when a source was last imported."""
    wanted = select(col(ImportRun.mapping)).where(
        col(ImportRun.community_id) == community_id,
        col(ImportRun.source) == source,
        col(ImportRun.imported_at).is_not(None),
    )
    return session.execute(wanted.order_by(col(ImportRun.id).desc()).limit(1)).scalar()


def earlier(session: Session, run: ImportRun) -> datetime | None:
    """Return when the same source was last imported into the same community."""
    wanted = select(col(ImportRun.imported_at)).where(
        col(ImportRun.community_id) == run.community_id,
        col(ImportRun.source) == run.source,
        col(ImportRun.id) != run.id,
        col(ImportRun.stage) == Stage.DONE,
        col(ImportRun.imported_at).is_not(None),
    )
    return session.execute(wanted.order_by(col(ImportRun.id).desc()).limit(1)).scalar()


def old_files(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Return the ids of files that were kept for 30 days, and of those that failed a day ago."""
    at, ended = col(ImportFile.created_at), [Stage.FAILED, Stage.DROPPED, Stage.UNDONE]
    busy = select(col(ImportRun.file_id)).where(col(ImportRun.stage).in_(BUSY))
    over = select(col(ImportRun.file_id)).where(col(ImportRun.stage).in_(ended))
    old = (at < now - KEPT) | (at < now - timedelta(days=1)) & col(ImportFile.id).in_(over)
    wanted = select(col(ImportFile.id)).where(
        col(ImportFile.emptied_at).is_(None), old, col(ImportFile.id).not_in(busy)
    )
    return session.execute(wanted).scalars().all()


def due_feeds(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Return the ids of feeds whose time has come, the longest waiting first."""
    due = select(col(Feed.id)).where(col(Feed.next_at) <= now)
    return session.execute(due.order_by(col(Feed.next_at))).scalars().all()
