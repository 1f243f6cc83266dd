"""Links that ended long ago are forgotten."""

from datetime import time, timedelta

from asset_hub.core import clock, db
from asset_hub.core.jobs import daily
from asset_hub.privacy import service

LINKS_KEPT = timedelta(days=90)


@daily(at=time(4, 50))
def forget_links() -> None:
    """Delete the links of people that ended three months ago."""
    with db.transaction() as session:
        service.forget_links(session, before=clock.now() - LINKS_KEPT)
