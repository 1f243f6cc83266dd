"""Letters that are done with are forgotten: to whom they went, and what they were about."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, update
from sqlmodel import Session

from asset_hub.core.outbox import Message, MessageState

KEPT = timedelta(days=30)  # after it left; a letter comes back, if at all, within days
EMPTY: dict[str, Any] = {"to_sealed": None, "facts_sealed": None}
DONE = (MessageState.SENT, MessageState.WITHHELD)


def forget_letters(session: Session, cause: str) -> None:
    """Forget whom a letter is for as its cause ends; one that has not left yet leaves no more.

    One that is on its way this moment is asked about once more as it is written.
    """
    table: Any = Message
    waits = and_(table.cause == cause, table.state.in_((MessageState.DUE, MessageState.PARKED)))
    withheld = update(table).where(waits).values(state=MessageState.WITHHELD, **EMPTY)
    done = update(table).where(table.cause == cause, table.state.in_(DONE)).values(**EMPTY)
    for change in (withheld, done):
        session.connection().execute(change.execution_options(synchronize_session=False))


def forget_old_letters(session: Session, *, now: datetime) -> int:
    """Forget to whom letters went that left, or were withheld, a month ago; return how many."""
    table: Any = Message
    old = and_(table.state.in_(DONE), table.due_at < now - KEPT, table.to_sealed.is_not(None))
    change = update(table).where(old).values(**EMPTY).returning(table.id)
    found = session.connection().execute(change.execution_options(synchronize_session=False))
    return len(found.all())
