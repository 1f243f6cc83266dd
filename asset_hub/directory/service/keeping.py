"""Those who run a group keep its listing right by a lasting mailed link, without an account."""

from datetime import datetime, timedelta

from sqlmodel import Session

from asset_hub.core import throttle
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import queries
from asset_hub.directory.models import ListingLink, Service, Standing
from asset_hub.directory.service.closing import close, reopen
from asset_hub.directory.service.freshness import still_right
from asset_hub.directory.service.links import KEEP_LIFE, must_be_alive, send_link


def keep_right(session: Session, link: ListingLink, *, now: datetime) -> bool:
    """Note that a listing is still right, and let its link live on; False when not listed."""
    must_be_alive(link, now)
    link.expires_at = now + KEEP_LIFE
    return still_right(session, link.service, by=None, now=now)


def keep_stopped(session: Session, link: ListingLink, *, now: datetime) -> bool:
    """Take a group that has stopped out of finding, on the word of those who run it."""
    must_be_alive(link, now)
    return close(session, link.service, by=None, now=now)


def keep_running(session: Session, link: ListingLink, *, now: datetime) -> bool:
    """Undo a closing by those who run it; what somebody else closed they cannot open."""
    must_be_alive(link, now)
    if link.service.standing is Standing.LISTED:
        return False
    if not queries.closed_by_link(session, link.service):
        raise RuleBroken("This listing was closed by somebody else. Ask your health champion.")
    return reopen(session, link.service, by=None, now=now)


def mail_keep_link(session: Session, service: Service, *, now: datetime) -> None:
    """Write to a listing's contact, with a new link to keep it right; at most 3 times a day."""
    who = str(service.id)
    throttle.hit(session, "keep-link", who, limit=3, per=timedelta(days=1), now=now)
    known = service.standing is Standing.LISTED or queries.closed_by_link(session, service)
    if known and queries.contact_email(service):
        send_link(session, service, now=now, kind="listing-keep")
