"""What happens on its own: the map's counts are added up, and what is old is forgotten."""

from datetime import time, timedelta

from asset_hub.core import clock, db
from asset_hub.core.jobs import daily, every
from asset_hub.search import service
from asset_hub.search.shortlist import service as shortlist

KEPT = timedelta(days=400)


@daily(at=time(3, 45))
def forget_lists() -> None:
    """Delete shared lists whose month is over."""
    with db.transaction() as session:
        shortlist.forget_old(session, now=clock.now())


@daily(at=time(3, 50))
def forget_unmet() -> None:
    """Delete what was asked in vain more than a year ago."""
    with db.transaction() as session:
        service.forget_unmet(session, before=clock.today() - KEPT)


@every(60)
def count_places() -> None:
    """Add up, piece by piece, the places that came or went."""
    more = True
    while more:
        with db.transaction() as session:
            more = service.fold(session)
