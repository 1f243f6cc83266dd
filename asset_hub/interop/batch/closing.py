"""Services taken out of finding by an import, or by the undoing of one: closed, many at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Session, SQLModel

from asset_hub.core import ids
from asset_hub.core.bulk import insert_rows
from asset_hub.directory.models import Standing
from asset_hub.interop.batch import state
from asset_hub.interop.batch.comparing import SERVICE
from asset_hub.interop.reading.records import content_digest

TABLES = SQLModel.metadata.tables
LISTING, LISTED_AT, EVENT = TABLES["listing"], TABLES["listing_place"], TABLES["service_event"]
NEVER_SAID = "0" * 32  # the first half of a digest: whatever the feed says next is news


def close_untouched(
    session: Session, keys: Sequence[UUID], *, why: str, by: UUID | None, now: datetime
) -> dict[UUID, dict[str, Any]]:
    """Close the services that stand as their feed left them.

    Return, for each that was closed, the digest it has now and what to put back when that is
    undone. When the feed brings one again, it is listed again.
    """
    connection = session.connection()
    c = SERVICE.c
    held = {
        row[0]: row[1]
        for row in connection.execute(select(c.id, c.source_digest).where(c.id.in_(keys)))
    }
    found: dict[UUID, dict[str, Any]] = {}
    for key, record in zip(keys, state.of_services(connection, keys), strict=True):
        if content_digest(record) == held[key][32:] and record.standing is Standing.LISTED:
            record.standing = Standing.CLOSED
            digest = NEVER_SAID + content_digest(record)
            found[key] = {"digest": digest, "before": {"digest": held[key]}}
    close(session, {key: one["digest"] for key, one in found.items()}, why=why, by=by, now=now)
    return found


def close(
    session: Session, digests: dict[UUID, str], *, why: str, by: UUID | None, now: datetime
) -> None:
    """Close services, each with its new digest."""
    if not digests:
        return
    connection = session.connection()
    change = update(SERVICE).where(SERVICE.c.id == bindparam("key"))
    connection.execute(
        change.values(version=SERVICE.c.version + 1),
        [
            {"key": key, "standing": Standing.CLOSED, "source_digest": digest}
            for key, digest in digests.items()
        ],
    )
    connection.execute(delete(LISTED_AT).where(LISTED_AT.c.service_id.in_(digests)))
    connection.execute(delete(LISTING).where(LISTING.c.service_id.in_(digests)))
    insert_rows(connection, EVENT, [event(key, Standing.CLOSED, why, by, now) for key in digests])


def event(
    key: UUID, standing: Standing, why: str, by: UUID | None, now: datetime
) -> dict[str, Any]:
    """Return a row that says what happened to a service."""
    return {
        "id": ids.new(), "service_id": key, "at": now, "by_id": by, "standing": standing,
        "message": why,
    }  # fmt: skip
