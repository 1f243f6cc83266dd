"""A champion looks: approves a listing, or sends it back with a message."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from asset_hub.accounts import queries as accounts
from asset_hub.accounts import service as account_service
from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Role
from asset_hub.directory import queries
from asset_hub.directory.models import Service, Standing
from asset_hub.directory.rules.prose import straight
from asset_hub.directory.service import homes, organizations, upkeep
from asset_hub.directory.service.links import send_link
from asset_hub.directory.service.moving import move, remember
from asset_hub.directory.service.publishing import publish


def approve(
    session: Session,
    service: Service,
    *,
    by: Account,
    now: datetime,
    version: int | None = None,
    address_agreed: bool = False,
) -> bool:
    """List a waiting service, publish it, tell its lister; return False when it waits no more.

    `version` is the one that was looked at; a listing changed since then stays as it is. What may
    be a home or a refuge is listed with its address only when that was agreed to.
    """
    if service.standing is Standing.WAITING:
        homes.must_be_agreed(service, address_agreed)
    seen: dict[str, Any] = {"version": version, "approved_at": now}
    if not move(session, service, before=Standing.WAITING, to=Standing.LISTED, **seen):
        return False
    organizations.join(session, service)
    homes.agree(session, service, by=by, now=now)
    remember(session, service, by=by.id, now=now)
    audit.note(session, "approve", service, by=by.id, now=now)
    publish(session, service, now=now)
    upkeep.begin(session, service.id, now=now)
    _make_owner(session, service, by=by, now=now)
    if queries.contact_email(service):
        send_link(session, service, now=now, kind="listing-approved")
    return True


def _make_owner(session: Session, service: Service, *, by: Account, now: datetime) -> None:
    """Give the lister the organisation to keep, when they have an account under its address.

    Only when that address was proven for everything the organisation has listed.
    """
    email = organizations.sole_address(session, service.organization)
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
