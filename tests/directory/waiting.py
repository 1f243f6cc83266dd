"""What waits of suggested changes, as a champion's queue has it."""

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.directory import queries
from asset_hub.directory.models import ChangeRequest
from asset_hub.directory.rules.risks import Waits
from tests.cast import TODAY

CHANGES = (Waits.CHANGE, Waits.GONE, Waits.CLAIM, Waits.ADDRESS)


def waiting_changes(session: Session, reader: Account) -> list[ChangeRequest]:
    """Return the changes in somebody's queue, the longest waiting first."""
    rows = queries.queue(session, reader, today=TODAY).rows
    return [session.get_one(ChangeRequest, row.id) for row in rows if row.kind in CHANGES]
