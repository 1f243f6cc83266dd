"""What of a champion's list is a suggested change, a claim or a report, the oldest first."""

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.directory import queries
from asset_hub.directory.models import ChangeRequest
from asset_hub.directory.queries import Waits
from tests.cast import TODAY

OF_CHANGES = {Waits.CHANGE, Waits.GONE, Waits.CLAIM, Waits.ADDRESS}


def waiting_changes(session: Session, account: Account) -> list[ChangeRequest]:
    """Return the changes that wait for an account, as its list of what waits has them."""
    rows = queries.queue(session, account, today=TODAY).rows
    return [session.get_one(ChangeRequest, row.id) for row in rows if row.kind in OF_CHANGES]
