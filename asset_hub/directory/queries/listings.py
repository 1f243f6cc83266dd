"""Questions about one listing, its links, drafts and what happened to it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from asset_hub.accounts.models import Account
from asset_hub.core import ids
from asset_hub.core.access import places, reaches
from asset_hub.core.errors import Missing
from asset_hub.core.powers import Can
from asset_hub.directory.models import (
    LinkFor,
    ListingDraft,
    ListingLink,
    Service,
    ServiceEvent,
    Standing,
)

DRAFT_LIFE = timedelta(days=60)


def published(session: Session, service_id: UUID) -> Service:
    """Return a listed service; raise Missing for anything that is not, or no longer, listed."""
    found = session.get(Service, service_id)
    if found is None or found.standing is not Standing.LISTED:
        raise Missing
    return found


def lasting(session: Session, service_id: UUID) -> Service:
    """Return a service whose address still answers: listed, or hidden with a note."""
    found = session.get(Service, service_id)
    if found is None or found.standing not in {Standing.LISTED, Standing.HIDDEN}:
        raise Missing
    return found


def contact_email(service: Service) -> str:
    """Return where to write to about a service: its private contact, else its public address."""
    private = next((contact.email for contact in service.contacts if contact.email), "")
    return private or service.email


def draft(session: Session, token: str | None, *, now: datetime) -> ListingDraft | None:
    """Return the draft a token opens, unless nobody touched it for 60 days."""
    if not token:
        return None
    wanted = select(ListingDraft).where(ListingDraft.digest == ids.digest(token))
    found = session.exec(wanted).first()
    return found if found and found.updated_at > now - DRAFT_LIFE else None


def link(session: Session, token: str, purpose: LinkFor = LinkFor.LIST) -> ListingLink:
    """Return the mailed link of a token, ended or not; raise Missing when there never was one."""
    wanted = select(ListingLink).where(
        ListingLink.digest == ids.digest(token), ListingLink.purpose == purpose
    )
    found = session.exec(wanted).first()
    if found is None:
        raise Missing
    return found


def newest_link(session: Session, service: Service) -> ListingLink:
    """Return the link last mailed to list it; raise Missing when there never was one."""
    wanted = select(ListingLink).where(
        ListingLink.service_id == service.id, ListingLink.purpose == LinkFor.LIST
    )
    found = session.exec(wanted.order_by(col(ListingLink.id).desc())).first()
    if found is None:
        raise Missing
    return found


def mine(session: Session, account: Account) -> list[Service]:
    """Return the listings of the organisations an account keeps, by name."""
    theirs = places(account, Can.EDIT_LISTING, "organization_id")
    seen = [one for one in Standing if one is not Standing.UNCONFIRMED]
    wanted = select(Service).where(
        col(Service.organization_id).in_(theirs), col(Service.standing).in_(seen)
    )
    return list(session.exec(wanted.order_by(col(Service.name), col(Service.id))))


def closed_by_link(session: Session, service: Service) -> bool:
    """Return whether a listing is closed, on the word of those who run it, without an account."""
    return service.id in closed_by_links(session, [service])


def closed_by_links(session: Session, services: Sequence[Service]) -> set[UUID]:
    """Return which of some listings are closed, on the word of those who run them."""
    closings = _closings(session, services)
    return {key for key, closing in closings.items() if closing.by_id is None}


def may_reopen(session: Session, service: Service, by: Account) -> bool:
    """Return whether this account may undo a closing: its own, a mailed link's, or as approver."""
    last = _closings(session, [service]).get(service.id)
    if last is None or reaches(by, service, Can.APPROVE_LISTING):
        return True
    return last.by_id in (None, by.id)


def _closings(session: Session, services: Sequence[Service]) -> dict[UUID, ServiceEvent]:
    """Return, of listings that are closed, the event that closed each, where it is the last."""
    closed = [one.id for one in services if one.standing is Standing.CLOSED]
    if not closed:
        return {}
    wanted = (
        select(ServiceEvent)
        .where(col(ServiceEvent.service_id).in_(closed))
        .order_by(col(ServiceEvent.at), col(ServiceEvent.id))
    )
    last = {event.service_id: event for event in session.exec(wanted)}
    return {key: event for key, event in last.items() if event.standing is Standing.CLOSED}


def last_message(session: Session, service: Service) -> str:
    """Return what was said when the listing was last sent back."""
    wanted = (
        select(ServiceEvent.message)
        .where(ServiceEvent.service_id == service.id, ServiceEvent.standing == Standing.RETURNED)
        .order_by(col(ServiceEvent.at).desc(), col(ServiceEvent.id).desc())
    )
    return session.exec(wanted).first() or ""


def old_drafts(session: Session, *, now: datetime) -> list[UUID]:
    """Return the ids of drafts nobody has touched for 60 days."""
    wanted = select(ListingDraft.id).where(col(ListingDraft.updated_at) <= now - DRAFT_LIFE)
    return list(session.exec(wanted))


def submitted(session: Session, service: Service) -> Service:
    """Return a listing a champion may look at; raise Missing before its lister confirmed it."""
    if service.standing in {Standing.UNCONFIRMED, Standing.CLOSED}:
        raise Missing
    return service


def editable(session: Session, service: Service) -> Service:
    """Return a listing that may be changed by those who look after it; raise Missing otherwise."""
    if service.standing not in {Standing.LISTED, Standing.WAITING}:
        raise Missing
    return service


def once_listed(session: Session, service: Service) -> Service:
    """Return a listing that is or was public; raise Missing otherwise."""
    if service.standing not in {Standing.LISTED, Standing.CLOSED} or not service.approved_at:
        raise Missing
    return service


def asked_for(session: Session, draft: ListingDraft | None) -> str:
    """Return what a champion asked to change in the listing that a draft changes, if anything."""
    if draft is None or draft.service_id is None or draft.submitted_at:
        return ""
    listing = of_draft(session, draft)
    return last_message(session, listing) if listing.standing is Standing.RETURNED else ""


def of_draft(session: Session, draft: ListingDraft) -> Service:
    """Return the listing that a sent draft made or changed."""
    return session.get_one(Service, draft.service_id)


def remembered(service: Service) -> Service:
    """Return a listing that has a history to read; raise Missing before its lister confirmed it."""
    if service.standing is Standing.UNCONFIRMED:
        raise Missing
    return service
