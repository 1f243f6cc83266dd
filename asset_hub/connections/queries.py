"""Questions about connections. Every list holds only those within the reader's reach."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account
from asset_hub.connections import rules
from asset_hub.connections.models import ENDED, Connection, ConnectionEvent, ReplyLink
from asset_hub.core import ids
from asset_hub.directory.models import Standing
from asset_hub.people.models import AgreedTo, Person
from asset_hub.people.queries import has_agreed


def by_request_key(session: Session, request_key: str) -> Connection | None:
    """Return the connection that a form, shown once, has made already."""
    return session.exec(select(Connection).where(Connection.request_key == request_key)).first()


def has_open(session: Session, person_id: UUID, service_id: UUID) -> bool:
    """Return whether the person has an open connection to the service."""
    wanted = select(Connection.id).where(
        Connection.person_id == person_id,
        Connection.service_id == service_id,
        col(Connection.state).not_in(ENDED),
    )
    return session.exec(wanted.limit(1)).first() is not None


def steps_so_far(session: Session, connection_id: UUID) -> int:
    """Return how many events a connection has."""
    wanted = select(func.count()).where(ConnectionEvent.connection_id == connection_id)
    return session.exec(wanted).one()


def link_of(session: Session, token: str) -> ReplyLink | None:
    """Return the reply link that a token opens."""
    return session.exec(select(ReplyLink).where(ReplyLink.digest == ids.digest(token))).first()


def may_be_told(session: Session, connection: Connection) -> bool:
    """Return whether the group may be told now: open, agreed, and contact is wanted."""
    person = connection.person
    return (
        connection.is_open
        and not person.no_contact
        and connection.service.standing is Standing.LISTED
        and has_agreed(session, person.id, AgreedTo.SHARE)
    )


def is_answerable(session: Session, link: ReplyLink, *, now: datetime) -> bool:
    """Return whether the group may still answer by this link."""
    return (
        link.used_at is None
        and now < link.expires_at
        and link.connection.state in rules.ANSWERABLE
        and may_be_told(session, link.connection)
    )


def open_of(
    session: Session, person_id: UUID, *, owner_id: UUID | None = None
) -> Sequence[Connection]:
    """Return a person's open connections, or those that one keeper keeps."""
    wanted = select(Connection).where(
        Connection.person_id == person_id, col(Connection.state).not_in(ENDED)
    )
    if owner_id is not None:
        wanted = wanted.where(Connection.owner_id == owner_id)
    return session.exec(wanted.order_by(col(Connection.made_at))).all()


def kept_by(session: Session, person_id: UUID, *, owner_id: UUID | None) -> Sequence[Connection]:
    """Return what one keeper keeps of a person's connections, ended ones too."""
    wanted = select(Connection).where(
        Connection.person_id == person_id, Connection.owner_id == owner_id
    )
    return session.exec(wanted).all()


def keepers_for(session: Session, person: Person) -> list[Account]:
    """Return who may keep in touch with a person: of their community, and of their practice."""
    return accounts.keepers(
        session, community_id=person.community_id, practice_id=person.practice_id
    )
