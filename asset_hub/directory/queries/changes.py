"""Questions about changes that wait, and about the links that lead to them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from asset_hub.accounts.models import Account
from asset_hub.communities.models import Community
from asset_hub.core import ids
from asset_hub.core.errors import Missing
from asset_hub.directory.models import (
    Asker,
    Asks,
    ChangeLink,
    ChangeLinkFor,
    ChangeRequest,
    ChangeState,
    Revision,
    Service,
    TaxonomyTerm,
)
from asset_hub.directory.rules.changes import NOTICE


def proven(change: ChangeRequest) -> ChangeRequest:
    """Return a change that may be looked at; raise Missing before its mailed link was used."""
    if change.state is ChangeState.UNPROVEN:
        raise Missing
    return change


_OPEN = (
    col(ChangeRequest.asks).in_([Asks.CHANGE, Asks.ADDRESS]),
    col(ChangeRequest.state).in_([ChangeState.WAITING, ChangeState.UNPROVEN]),
)


def waiting_of(
    session: Session, service: Service, *, asker: Asker, by: Account | None = None
) -> list[ChangeRequest]:
    """Return what those who run a group have suggested and nobody has decided yet."""
    wanted = select(ChangeRequest).where(
        ChangeRequest.service_id == service.id,
        ChangeRequest.asker == asker,
        ChangeRequest.by_id == (by.id if by else None),
        *_OPEN,
    )
    return list(session.exec(wanted.order_by(col(ChangeRequest.submitted_at))))


def sent_by_owner(
    session: Session, services: Sequence[Service], *, by: Account
) -> dict[UUID, list[ChangeRequest]]:
    """Return, for each of some listings, what its owner has sent and nobody has decided yet."""
    found: dict[UUID, list[ChangeRequest]] = {one.id: [] for one in services}
    wanted = select(ChangeRequest).where(
        col(ChangeRequest.service_id).in_(found),
        ChangeRequest.asker == Asker.OWNER,
        ChangeRequest.by_id == by.id,
        *_OPEN,
    )
    for change in session.exec(wanted.order_by(col(ChangeRequest.submitted_at))):
        found[change.service_id].append(change)
    return found


def change_link(session: Session, token: str, purpose: ChangeLinkFor, *asks: Asks) -> ChangeLink:
    """Return the link of a token, used or ended or not; raise Missing when there never was one."""
    wanted = select(ChangeLink).where(
        ChangeLink.digest == ids.digest(token), ChangeLink.purpose == purpose
    )
    found = session.exec(wanted).first()
    if found is None or (asks and found.change.asks not in asks):
        raise Missing
    return found


def own_change(session: Session, service: Service, key: UUID) -> ChangeRequest:
    """Return a change that was sent by a listing's mailed link; raise Missing for any other."""
    change = session.get(ChangeRequest, key)
    if change is None or change.service_id != service.id or change.asker is not Asker.CONTACT:
        raise Missing
    return change


def revision_of(session: Session, service: Service, key: UUID) -> Revision:
    """Return a revision of a listing; raise Missing for that of another."""
    found = session.get(Revision, key)
    if found is None or found.service_id != service.id:
        raise Missing
    return found


def due_addresses(session: Session, *, now: datetime) -> list[UUID]:
    """Return the proven changes of address against which nobody said a word in seven days."""
    wanted = select(ChangeRequest.id).where(
        ChangeRequest.asks == Asks.ADDRESS,
        ChangeRequest.state == ChangeState.WAITING,
        col(ChangeRequest.proven_at).is_not(None),
        col(ChangeRequest.submitted_at) <= now - NOTICE,
    )
    return list(session.exec(wanted))


def called(session: Session) -> dict[str, str]:
    """Return what every topic (by slug) and every community (by id) is called."""
    terms = session.exec(select(TaxonomyTerm.slug, TaxonomyTerm.name))
    places = session.exec(select(Community.id, Community.name))
    return {**dict(terms.all()), **{str(key): name for key, name in places}}
