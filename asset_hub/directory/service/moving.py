"""A listing moves from one standing to the next: once, whoever else tries at the same moment."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, select

from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Service, ServiceEvent, Standing

STALE = "This listing was changed after you opened it. Look at it as it is now."


def move(
    session: Session,
    service: Service,
    *,
    before: Standing,
    to: Standing,
    version: int | None = None,
    **values: Any,
) -> bool:
    """Compare and set a service's standing; return False when somebody else was first.

    With a `version`, the listing must also be the one that was looked at.
    """
    session.flush()
    table: Any = Service
    expected = table.standing == before
    if version is not None:
        expected &= table.version == version
    change = (
        update(table)
        .where(table.id == service.id, expected)
        .values(standing=to, version=table.version + 1, **values)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    moved = session.exec(change).first() is not None
    session.refresh(service)
    return moved


def lock(session: Session, service_id: UUID) -> None:
    """Make others who change a listing wait: two drafts of one would end each other's for ever."""
    session.exec(select(Service.id).where(Service.id == service_id).with_for_update())


def must_be(session: Session, service: Service, version: int | None) -> None:
    """Refuse to go on with a listing that is not the one that was opened."""
    if version is None or not move(
        session, service, before=service.standing, to=service.standing, version=version
    ):
        raise RuleBroken(STALE)


def remember(
    session: Session, service: Service, *, by: UUID | None, now: datetime, message: str = ""
) -> ServiceEvent:
    """Write down that a service has come to its present standing."""
    event = ServiceEvent(
        service_id=service.id, at=now, by_id=by, standing=service.standing, message=message
    )
    session.add(event)
    session.flush()
    return event
