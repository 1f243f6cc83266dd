"""Work on accounts that happens on its own."""

from datetime import time

from asset_hub.accounts import queries, service
from asset_hub.core import clock, db
from asset_hub.core.jobs import daily, one_by_one


@daily(at=time(3, 30))
def tidy() -> None:
    """Forget old links and sessions, and accounts nobody ever confirmed."""
    now = clock.now()
    with db.transaction() as session:
        service.tidy(session, now=now)
        forgotten = queries.never_confirmed(session, now=now)
    one_by_one(forgotten, service.forget_account)
