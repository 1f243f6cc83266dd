"""A champion looks: approves a listing, or sends it back with a message."""

from datetime import datetime

from sqlmodel import Session

from asset_hub.accounts import queries as accounts
from asset_hub.accounts import service as account_service
from asset_hub.accounts.models import Account
from asset_hub.core import audit, outbox
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Role
from asset_hub.directory import queries
from asset_hub.directory.models import Service, Standing
from asset_hub.directory.rules.prose import straight
from asset_hub.directory.service.listing import send_link
from asset_hub.directory.service.moving import move, remember
from asset_hub.directory.service.publishing import publish


def approve(session: Session, service: Service, *, by: Account, now: datetime) -> bool:
    """List a waiting service, publish it, tell its lister; return False when it waits no more."""
    if not move(session, service, before=Standing.WAITING, to=Standing.LISTED, approved_at=now):
        return False
    event = remember(session, service, by=by.id, now=now)
    audit.note(session, "approve", service, by=by.id, now=now)
    publish(session, service, now=now)
    _make_owner(session, service, by=by, now=now)
    if email := queries.contact_email(service):
        facts = {"service_id": str(service.id)}
        cause = f"listing-approved:{event.id}"
        outbox.post(session, "listing-approved", to=email, cause=cause, now=now, facts=facts)
    return True


def _make_owner(session: Session, service: Service, *, by: Account, now: datetime) -> None:
    """Give the lister the listing to keep, when they have an account under the proven address."""
    email = next((contact.email for contact in service.contacts if contact.email), "")
    account = accounts.by_email(session, email) if email else None
    if account and account.confirmed_at and not account.disabled_at:
        place = {"organization_id": service.organization_id}
        account_service.grant(session, account, Role.OWNER, place=place, by=by, now=now)


def send_back(
    session: Session, service: Service, *, message: str, by: Account, now: datetime
) -> bool:
    """Ask the lister for changes; return False when the listing waits no more."""
    if not message.strip():
        raise RuleBroken("Enter what needs changing", field="message")
    if not move(session, service, before=Standing.WAITING, to=Standing.RETURNED):
        return False
    remember(session, service, by=by.id, now=now, message=straight(message))
    audit.note(session, "send back", service, by=by.id, now=now)
    if queries.contact_email(service):
        send_link(session, service, now=now, kind="listing-returned")
    return True
