"""What was changed in a listing, by whom, and how it was before."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, SQLModel, col, func, select

from asset_hub.core import ids
from asset_hub.core.bulk import insert_rows
from asset_hub.directory.models import Parts, Revision, RevisionCause, Service
from asset_hub.directory.rules import snapshot


def revise(
    session: Session,
    service: Service,
    *,
    before: Parts,
    cause: RevisionCause,
    by: UUID | None,
    now: datetime,
    change_id: UUID | None = None,
    undoes_id: UUID | None = None,
) -> Revision | None:
    """Write down what changed since `before` (all parts, as they were); None when nothing did.

    Called in the transaction of the change, when the service's row is locked by its own update:
    numbers of one service follow each other.
    """
    after = snapshot.parts_of(service)
    names = snapshot.changed(before, after)
    if not names:
        return None
    last = select(func.max(Revision.number)).where(Revision.service_id == service.id)
    revision = Revision(
        service_id=service.id,
        number=(session.exec(last).one() or 0) + 1,
        version=service.version,
        at=now,
        by_id=by,
        cause=cause,
        change_id=change_id,
        undoes_id=undoes_id,
        before=snapshot.only(names, before),
        after=snapshot.only(names, after),
    )
    session.add(revision)
    session.flush()
    return revision


def revise_many(
    session: Session,
    changed: Mapping[UUID, tuple[Parts, Parts]],
    *,
    cause: RevisionCause,
    by: UUID | None,
    now: datetime,
) -> None:
    """Write down what changed in many services at once: for each, parts as they were and are.

    Called when the services' rows are locked, and have their new versions.
    """
    keys = list(changed)
    last = select(Revision.service_id, func.max(Revision.number)).where(
        col(Revision.service_id).in_(keys)
    )
    numbers = dict(session.exec(last.group_by(col(Revision.service_id))).all())
    held = session.exec(select(Service.id, Service.version).where(col(Service.id).in_(keys)))
    versions = dict(held.all())
    rows = []
    for key, (before, after) in changed.items():
        if names := snapshot.changed(before, after):
            rows.append({
                "id": ids.new(), "service_id": key, "number": numbers.get(key, 0) + 1,
                "version": versions[key], "at": now, "by_id": by, "cause": cause,
                "change_id": None, "undoes_id": None,
                "before": snapshot.only(names, before), "after": snapshot.only(names, after),
            })  # fmt: skip
    insert_rows(session.connection(), SQLModel.metadata.tables["revision"], rows)


def parts_at(session: Session, service: Service, version: int) -> Parts:
    """Return every part of a service as somebody saw it who opened that version of it."""
    later = (
        select(Revision)
        .where(Revision.service_id == service.id, Revision.version > version)
        .order_by(col(Revision.number).desc())
    )
    parts = snapshot.parts_of(service)
    for revision in session.exec(later):
        parts |= revision.before
    return parts
