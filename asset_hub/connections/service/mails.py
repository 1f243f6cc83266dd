"""Letters about connections: a first name and a link, never a reason. Checked again when sent."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.communities.models import Community
from asset_hub.connections import queries
from asset_hub.connections.models import Connection, Hello
from asset_hub.core import outbox
from asset_hub.core.access import allows, reaches
from asset_hub.core.fleeting import fleeting
from asset_hub.core.powers import Can
from asset_hub.directory.models import Service, Standing
from asset_hub.people import queries as people

Facts = dict[str, Any]

for each in ("hello-asked", "hello-ended"):  # to somebody without an account
    fleeting(each)


@outbox.composer("connection-asked")
def _asked(session: Session, facts: Facts) -> Facts | None:
    """Ask a group, unless the agreement or the connection has ended meanwhile."""
    link = queries.link_of(session, facts["token"])
    if link is None or not queries.is_to_be_asked(session, link):
        return None
    connection = link.connection
    return {
        "first_name": connection.person.first_name,
        "group": connection.service.name,
        "keeper": connection.owner.name if connection.owner else "",
        "expires_on": link.expires_at.date(),
        "token": facts["token"],
    }


@outbox.composer("connection-answered")
def _answered(session: Session, facts: Facts) -> Facts | None:
    """Tell the keeper that a group has answered."""
    return _for_keeper(session, facts)


@outbox.composer("connection-given")
def _given(session: Session, facts: Facts) -> Facts | None:
    """Tell a new keeper that a connection is theirs."""
    return _for_keeper(session, facts)


@outbox.composer("hello-asked")
def _hello_asked(session: Session, facts: Facts) -> Facts | None:
    """Tell whoever asked for a hello what happens next, and how to take it back."""
    hello = session.get(Hello, UUID(facts["hello"]))
    if hello is None or not hello.is_waiting:
        return None
    return {"group": hello.service.name, "due_on": hello.due_on, "token": facts["token"]}


@outbox.composer("hello-waiting")
def _hello_waiting(session: Session, facts: Facts) -> Facts | None:
    """Tell those who may take it that somebody would like a hello."""
    return _for_taker(session, facts)


@outbox.composer("hello-overdue")
def _hello_overdue(session: Session, facts: Facts) -> Facts | None:
    """Tell a coordinator that nobody has taken a hello in time."""
    return _for_taker(session, facts)


@outbox.composer("hello-unheard")
def _hello_unheard(session: Session, facts: Facts) -> Facts | None:
    """Tell an administrator that a hello waits where nobody coordinates; not for what, or whom."""
    hello, who = session.get(Hello, UUID(facts["hello"])), session.get(Account, UUID(facts["who"]))
    if hello is None or who is None or not hello.is_waiting or queries.coordinators(session, hello):
        return None
    place = session.get_one(Community, hello.community_id)
    if not who.is_active or not allows(who, Can.SEE_TEAM):
        return None
    return {"community": place.name, "due_on": hello.due_on}


@outbox.composer("hello-ended")
def _hello_ended(session: Session, facts: Facts) -> Facts | None:
    """Tell whoever asked that nobody could, and how to reach the group themself."""
    group = session.get(Service, UUID(facts["service"]))
    if group is None:
        return None
    now = group.stands_in
    listed = now.standing is Standing.LISTED
    return {"group": group.name, "service_id": now.id, "listed": listed}


def _for_taker(session: Session, facts: Facts) -> Facts | None:
    """Return what is told of a hello that still waits, to somebody who may still take it."""
    hello, who = session.get(Hello, UUID(facts["hello"])), session.get(Account, UUID(facts["who"]))
    if hello is None or who is None or not hello.is_waiting:
        return None
    if not who.is_active or not reaches(who, hello, Can.TAKE_HELLO):
        return None
    return {"group": hello.service.name, "due_on": hello.due_on}


def _for_keeper(session: Session, facts: Facts) -> Facts | None:
    """Return what a keeper is told, as long as it is open and theirs."""
    connection = session.get(Connection, UUID(facts["connection"]))
    if connection is None or not connection.is_open:
        return None
    if str(connection.owner_id) != facts["keeper"]:
        return None
    if not people.can_keep(connection.owner, connection):
        return None
    return {"first_name": connection.person.first_name, "connection_id": connection.id}
