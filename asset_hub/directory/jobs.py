"""What happens on its own: forgotten answers, and pictures shown no more, are deleted."""

from datetime import time
from uuid import UUID

from sqlmodel import Session

from asset_hub.core import clock, db
from asset_hub.core.jobs import daily, one_by_one
from asset_hub.directory import queries, service
from asset_hub.directory.models import ListingDraft


@daily(at=time(3, 30))
def forget_drafts() -> None:
    """Delete answers that have lain untouched for 60 days."""

    def work(session: Session, key: UUID) -> None:
        if draft := session.get(ListingDraft, key):
            service.forget(session, draft)

    one_by_one(queries.old_drafts(db.session(), now=clock.now()), work)


@daily(at=time(3, 40))
def forget_photos() -> None:
    """Delete pictures that have been shown nowhere for 60 days."""
    one_by_one(queries.unwanted_photos(db.session(), now=clock.now()), service.forget_photo)
