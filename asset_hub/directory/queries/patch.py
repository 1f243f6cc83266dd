"""What waits for a champion in one community of theirs."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, select

from asset_hub.communities.models import Community
from asset_hub.core.access import Actor, places, within
from asset_hub.core.powers import Can
from asset_hub.directory.models import PatchMail, Service, ServiceAtLocation, Standing

NEW_FOR = timedelta(days=60)
MOST = 60  # more than these nobody visits in a month


def patches(session: Session, actor: Actor) -> list[Community]:
    """Return the communities whose listings somebody looks after, by name."""
    theirs = places(actor, Can.APPROVE_LISTING, "community_id")
    wanted = select(Community).where(col(Community.id).in_(theirs))
    return list(session.exec(wanted.order_by(col(Community.name), col(Community.id))))


def lately_listed(
    session: Session, actor: Actor, community_id: UUID, *, now: datetime
) -> list[Service]:
    """Return the listings of the last sixty days, whose people are to be welcomed."""
    wanted = _of(actor, community_id).where(col(Service.approved_at) > now - NEW_FOR)
    return _with_contact(session, wanted.order_by(col(Service.approved_at).desc(), col(Service.id)))


def _of(actor: Actor, community_id: UUID) -> Any:
    return select(Service).where(
        within(Service, actor, Can.APPROVE_LISTING),
        Service.community_id == community_id,
        Service.standing == Standing.LISTED,
    )


def _with_contact(session: Session, wanted: Any) -> list[Service]:
    table: Any = Service
    place: Any = ServiceAtLocation
    loaded = (
        joinedload(table.organization),
        selectinload(table.contacts),
        selectinload(table.places).joinedload(place.location),
    )
    return list(session.exec(wanted.options(*loaded).limit(MOST)))


def patch_mail(session: Session, account_id: UUID) -> PatchMail | None:
    """Return what is kept of the weekly mail to somebody, as the database has it now."""
    return session.get(PatchMail, account_id, populate_existing=True)


def patch_mails(session: Session, *, week: str) -> set[UUID]:
    """Return the accounts whose list was looked through in a week."""
    return set(session.exec(select(PatchMail.account_id).where(PatchMail.week == week)))
