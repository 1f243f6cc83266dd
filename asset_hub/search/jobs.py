"""What happens on its own: shared lists end."""

from datetime import time

from asset_hub.core import clock, db
from asset_hub.core.jobs import daily
from asset_hub.search.shortlist import service


@daily(at=time(3, 45))
def forget_lists() -> None:
    """Delete shared lists whose month is over."""
    with db.transaction() as session:
        service.forget_old(session, now=clock.now())
