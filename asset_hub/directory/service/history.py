"""What was changed in a listing, by whom, and how it was before."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

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
