"""Mailed links by which a lister, without an account, confirms, changes and keeps a listing."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session

from asset_hub.core import ids, outbox
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import queries
from asset_hub.directory.models import LinkedListing, LinkFor, ListingDraft, ListingLink, Service

LINK_LIFE = timedelta(days=14)
KEEP_LIFE = timedelta(days=400)
KEEPING = (
    "listing-approved",
    "listing-hidden",
    "listing-keep",
    "listing-reported",
)  # mails whose link lasts
ENDED = "This link has ended. Ask for a new one."


def send_link(
    session: Session, service: Service, *, now: datetime, kind: str = "listing-confirm",
    any_hour: bool = True,
) -> None:  # fmt: skip
    """Write to the contact with a link: it lasts 14 days, or long when it is to keep it right.

    Without `any_hour` it waits for the morning: whoever asked for it may be anybody.
    """
    purpose = LinkFor.KEEP if kind in KEEPING else LinkFor.LIST
    link, token = new_link(session, service, purpose, now=now)
    outbox.post(
        session,
        kind,
        to=queries.contact_email(service),
        cause=f"{kind}:{link.id}",
        now=now,
        facts={"service_id": str(service.id), "token": token},
        any_hour=any_hour and kind in {"listing-confirm", "listing-keep"},
    )


def new_link(
    session: Session, service: Service, purpose: LinkFor, *, now: datetime
) -> tuple[ListingLink, str]:
    """Make a link and the token that opens it; only the mail it goes out with has the token."""
    token = ids.token()
    link = ListingLink(
        service_id=service.id,
        purpose=purpose,
        digest=ids.digest(token),
        expires_at=now + (KEEP_LIFE if purpose is LinkFor.KEEP else LINK_LIFE),
    )
    session.add(link)
    session.flush()
    return link, token


def is_alive(link: ListingLink, now: datetime) -> bool:
    """Return whether a mailed link still works."""
    return link.expires_at > now


def must_be_alive(link: ListingLink, now: datetime) -> None:
    """Refuse a link that has ended."""
    if not is_alive(link, now):
        raise RuleBroken(ENDED)


def end_links(session: Session, service: Service, now: datetime) -> None:
    """End every mailed link of a listing, and what was begun by one: its contact is another now."""
    table: Any = ListingLink
    ours = (table.service_id == service.id) & (table.expires_at > now)
    session.exec(update(table).where(ours).values(expires_at=now))
    shared: Any = LinkedListing
    session.exec(delete(shared).where(shared.service_id == service.id))
    draft: Any = ListingDraft
    begun = (draft.service_id == service.id) & draft.submitted_at.is_(None)
    session.exec(delete(draft).where(begun))
