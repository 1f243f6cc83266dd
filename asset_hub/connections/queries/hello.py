"""Questions about hellos: who may take one, and which wait."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, func, select

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account
from asset_hub.connections.models import Connection, Hello, HelloState, State
from asset_hub.core import ids
from asset_hub.core.access import Actor, reaches, within
from asset_hub.core.errors import Missing
from asset_hub.core.powers import Can, Role
from asset_hub.directory.models import Service

MOST = 50


def hello_of(session: Session, token: str) -> Hello:
    """Return the hello that a link follows; raise Missing when there is none."""
    found = session.exec(select(Hello).where(Hello.digest == ids.digest(token))).first()
    if found is None:
        raise Missing
    return found


def can_be_asked(session: Session, service: Service) -> bool:
    """Return whether somebody is there who could say hello for a group."""
    community = service.community_id
    return community is not None and bool(accounts.keepers(session, community_id=community))


def hellos(session: Session, actor: Actor) -> Sequence[Hello]:
    """Return the hellos that somebody may take, the one that is due first in front."""
    wanted = select(Hello).where(
        col(Hello.state) == HelloState.WAITING, within(Hello, actor, Can.TAKE_HELLO)
    )
    loaded = wanted.options(selectinload(Hello.service))  # type: ignore[arg-type]
    return session.exec(loaded.order_by(col(Hello.due_on), col(Hello.asked_at)).limit(MOST)).all()


def count_hellos(session: Session, actor: Actor) -> int:
    """Return how many hellos wait for somebody to take them."""
    waiting = col(Hello.state) == HelloState.WAITING
    wanted = select(func.count()).where(waiting, within(Hello, actor, Can.TAKE_HELLO))
    return session.exec(wanted).one()


def coordinators(session: Session, hello: Hello) -> list[Account]:
    """Return who coordinates the community of a hello."""
    return accounts.holders(session, Role.COORDINATOR, community_id=hello.community_id)


def may_decline(session: Session, hello: Hello, actor: Account) -> bool:
    """Return whether somebody may say that nobody here can.

    A coordinator may. Where there is none, or the group is not listed any more, whoever could
    otherwise take it may.
    """
    if reaches(actor, hello, Can.REASSIGN):
        return True
    if not reaches(actor, hello, Can.TAKE_HELLO):
        return False
    return not hello.can_be_said or not coordinators(session, hello)


def state_of_hello(session: Session, hello: Hello) -> State | None:
    """Return the state of the connection that a hello became, None before."""
    if hello.state is not HelloState.TAKEN:
        return None
    wanted = select(Connection).where(Connection.request_key == hello.digest)
    made = session.exec(wanted).first()
    return made.state if made else None


def hellos_late(session: Session, *, today: date) -> Sequence[UUID]:
    """Return the hellos that should have been taken by now."""
    late = select(Hello.id).where(col(Hello.state) == HelloState.WAITING, col(Hello.due_on) < today)
    return session.exec(late.order_by(col(Hello.due_on))).all()
