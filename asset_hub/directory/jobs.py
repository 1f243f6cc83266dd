"""What happens on its own: old answers go, listings follow their topics and the calendar."""

from datetime import time
from uuid import UUID

from sqlmodel import Session

from asset_hub.core import clock, db
from asset_hub.core.jobs import daily, every, one_by_one
from asset_hub.directory import queries, service
from asset_hub.directory.models import ListingDraft, Service, Standing

MOST_STEPS = 500  # of a round; what is left waits for the next one


@daily(at=time(3, 30))
def forget_drafts() -> None:
    """Delete answers that have lain untouched for 60 days."""

    def work(session: Session, key: UUID) -> None:
        if draft := session.get(ListingDraft, key):
            service.forget(session, draft)

    one_by_one(queries.old_drafts(db.session(), now=clock.now()), work)


@daily(at=time(4))
def renew_words() -> None:
    """Publish listings anew when a date of theirs has gone by, or a course has begun or ended."""

    def work(session: Session, key: UUID) -> None:
        found = session.get(Service, key)
        if found is not None and found.standing is Standing.LISTED:
            service.publish(session, found, now=clock.now())

    one_by_one(queries.words_turned(db.session(), today=clock.today()), work)


@every(seconds=20)
def follow_topics() -> None:
    """Change and publish listings whose topics were merged or renamed, a few at a time."""
    for _ in range(MOST_STEPS):
        with db.transaction() as session:
            if not service.carry_on(session, now=clock.now()):
                return
