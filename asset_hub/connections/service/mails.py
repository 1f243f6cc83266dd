"""Letters about connections: a first name and a link, never a reason. Checked again when sent."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.connections import queries
from asset_hub.connections.models import Connection
from asset_hub.core import outbox
from asset_hub.people import queries as people

Facts = dict[str, Any]


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
