"""A listing moves from one standing to the next: once, whoever else tries at the same moment."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session

from asset_hub.directory.models import Service, ServiceEvent, Standing


def move(
    session: Session, service: Service, *, before: Standing, to: Standing, **values: Any
) -> bool:
    """Compare and set a service's standing; return False when somebody else was first."""
    session.flush()
    table: Any = Service
    change = (
        update(table)
        .where(table.id == service.id, table.standing == before)
        .values(standing=to, version=table.version + 1, **values)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    moved = session.exec(change).first() is not None
    session.refresh(service)
    return moved


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
