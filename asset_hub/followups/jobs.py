"""What happens on its own: reminders, and plans nobody needs any more."""

from uuid import UUID

from sqlmodel import Session

from asset_hub.connections.models import Connection
from asset_hub.core import calendar, clock, db
from asset_hub.core.jobs import every, one_by_one
from asset_hub.followups import queries, service


@every(seconds=60)
def remind() -> None:
    """Tell each owner, once, about each follow-up that has come due; on working days only."""
    today, now = clock.today(), clock.now()
    if not calendar.is_working_day(today):
        return

    def tell(session: Session, key: UUID) -> None:
        service.remind(session, session.get_one(Connection, key), today=today, now=now)

    one_by_one(queries.unreminded(db.session(), today=today), tell)


@every(seconds=60)
def drop_plans_of_ended() -> None:
    """Take looks off the plan of connections that were ended on another page."""
    now = clock.now()

    def drop(session: Session, key: UUID) -> None:
        service.drop(session, key, now=now)

    one_by_one(queries.of_ended(db.session()), drop)
