"""What happens on its own: old answers are forgotten, doubles found, homes kept hidden."""

from datetime import time
from uuid import UUID

from sqlmodel import Session

from asset_hub.core import clock, db
from asset_hub.core.jobs import daily, every, one_by_one
from asset_hub.directory import queries, service
from asset_hub.directory.models import ListingDraft, Service, Standing

BATCHES, MOST_AT_ONCE = 20, 100


@daily(at=time(3, 30))
def forget_drafts() -> None:
    """Delete answers that have lain untouched for 60 days."""

    def work(session: Session, key: UUID) -> None:
        if draft := session.get(ListingDraft, key):
            service.forget(session, draft)

    one_by_one(queries.old_drafts(db.session(), now=clock.now()), work)


@every(seconds=60)
def find_doubles() -> None:
    """Compare what is new or changed with everything else, some at a time.

    After an import of 20,000 it takes ten minutes; nobody who writes waits longer than a batch.
    """
    for _ in range(BATCHES):
        keys = queries.unkeyed(db.session(), most=MOST_AT_ONCE)
        db.session().rollback()
        if not keys:
            return
        with db.transaction() as session:
            _keep_homes_hidden(session, keys)
            service.look(session, keys, now=clock.now())


def _keep_homes_hidden(session: Session, keys: list[UUID]) -> None:
    """Publish again, without its address, what was listed before anybody agreed to show it."""
    for key in keys:
        listing = session.get(Service, key)
        if listing and service.homes.to_agree(listing) and listing.standing is Standing.LISTED:
            service.publish(session, listing, now=clock.now())
