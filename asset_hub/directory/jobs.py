"""What happens on its own: what nobody came back to is forgotten, who watches is told."""

from datetime import time
from uuid import UUID

from sqlmodel import Session

from asset_hub.core import clock, db
from asset_hub.core.jobs import daily, one_by_one
from asset_hub.directory import queries, service
from asset_hub.directory.models import ChangeRequest, ListingDraft


@daily(at=time(3, 30))
def forget_drafts() -> None:
    """Delete answers that have lain untouched for 60 days."""

    def work(session: Session, key: UUID) -> None:
        if draft := session.get(ListingDraft, key):
            service.forget(session, draft)

    one_by_one(queries.old_drafts(db.session(), now=clock.now()), work)


@daily(at=time(7, 30))
def tell_watchers() -> None:
    """Write to everybody who watches something that has changed; the letters leave at eight."""

    def work(session: Session, key: UUID) -> None:
        service.tell(session, key, now=clock.now())

    one_by_one(queries.watching(db.session()), work)


@daily(at=time(3, 40))
def forget_watches() -> None:
    """Forget addresses that did not press the button in seven days."""

    def work(session: Session, key: UUID) -> None:
        service.forget_unconfirmed(session, key, now=clock.now())

    one_by_one(queries.unsure(db.session(), now=clock.now()), work)


@daily(at=time(8, 30))
def change_addresses() -> None:
    """Let proven addresses count against which nobody said a word in seven days."""

    def work(session: Session, key: UUID) -> None:
        change = session.get_one(ChangeRequest, key)
        service.take_effect(session, change, now=clock.now())

    one_by_one(queries.due_addresses(db.session(), now=clock.now()), work)
