"""What happens to connections on its own."""

from datetime import time
from uuid import UUID

from sqlmodel import Session

from asset_hub.connections import queries, service
from asset_hub.connections.models import Hello
from asset_hub.core import clock, db
from asset_hub.core.calendar import is_working_day
from asset_hub.core.jobs import daily, one_by_one
from asset_hub.people.models import Person


@daily(at=time(3, 40))
def forget_drafts() -> None:
    """Delete what was written and never sent."""
    with db.transaction() as session:
        service.forget_drafts(session, now=clock.now())


@daily(at=time(3, 42))
def forget_hellos() -> None:
    """Delete hellos that ended more than a year ago."""
    with db.transaction() as session:
        service.forget_hellos(session, now=clock.now())


@daily(at=time(8, 40))
def remind_of_hellos() -> None:
    """Tell coordinators of hellos that nobody took in time; end those that waited too long."""
    today, now = clock.today(), clock.now()

    def work(session: Session, key: UUID) -> None:
        service.remind(session, session.get_one(Hello, key), today=today, now=now)

    if is_working_day(today):
        one_by_one(queries.hellos_late(db.session(), today=today), work)


@daily(at=time(4))
def let_go() -> None:
    """End navigators' views of people whose connections were all closed 14 days ago."""
    now = clock.now()

    def work(session: Session, key: UUID) -> None:
        service.let_go(session, session.get_one(Person, key), now=now)

    one_by_one(queries.people_to_let_go(db.session(), now=now), work)
