"""A report that a group has gone turns out untrue, or is taken back: it counts no more."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session

from asset_hub.directory.models import Asks, ChangeRequest, Signal, Standing
from asset_hub.directory.service import upkeep
from asset_hub.directory.service.publishing import freshen


def void(session: Session, change: ChangeRequest, *, now: datetime) -> None:
    """Forget the sign that a report gave, and put the listing back where it stood before it."""
    if change.asks is not Asks.GONE:
        return
    table: Any = Signal
    ours = table.cause == f"change:{change.id}"
    gone = session.exec(delete(table).where(ours).returning(table.service_id)).first()
    if gone is None or change.service.standing is not Standing.LISTED:
        return
    upkeep.settle(session, change.service_id, now=now)
    freshen(session, [change.service_id], now=now)
