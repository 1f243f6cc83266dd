"""Those who run a group keep its listing right by a lasting mailed link, without an account."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from asset_hub.core import calendar, throttle
from asset_hub.core.calendar import london
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.core.outbox import Message
from asset_hub.directory import queries
from asset_hub.directory.models import LinkFor, ListingLink, Service, Standing
from asset_hub.directory.service.closing import close, reopen
from asset_hub.directory.service.freshness import still_right
from asset_hub.directory.service.links import KEEP_LIFE, must_be_alive, new_link, send_link

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def keep_right(session: Session, link: ListingLink, *, now: datetime) -> bool:
    """Note that a listing is still right, and let its link live on; False when not to be found.

    One that was hidden because nobody answered is listed again.
    """
    must_be_alive(link, now)
    link.expires_at = now + KEEP_LIFE
    return still_right(session, link.service, by=None, now=now)


def keep_all_right(session: Session, link: ListingLink, *, now: datetime) -> list[Service]:
    """Note that every listing a link opens is still right; return those that are."""
    must_be_alive(link, now)
    link.expires_at = now + KEEP_LIFE
    kept = kept_by(session, link)
    return [one for one in kept if still_right(session, one, by=None, now=now)]


def kept_by(session: Session, link: ListingLink) -> list[Service]:
    """Return the listings that a mailed link opens: its own, and others that have its contact."""
    address = queries.contact_email(link.service).casefold()
    return [
        one
        for one in queries.confirmable(session, link)
        if one.id == link.service_id or queries.contact_email(one).casefold() == address
    ]


def link_of(session: Session, link: ListingLink, key: UUID | None, *, now: datetime) -> ListingLink:
    """Return the link for one of the listings a mailed link opens; raise Missing for any other.

    What is done to that listing is then done by a link of its own, and ends with it.
    """
    if key is None or key == link.service_id:
        return link
    must_be_alive(link, now)
    service = next((one for one in kept_by(session, link) if one.id == key), None)
    if service is None:
        raise Missing
    own, _ = new_link(session, service, LinkFor.KEEP, now=now)
    return own


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


def mail_keep_link(
    session: Session, service: Service, *, address: str, now: datetime, stranger: bool = True
) -> None:
    """Write to a listing's contact, with a new link to keep it right.

    `address` is where the request came from: a network may ask 20 times an hour, about any
    listing. A stranger (who has no link of this listing, even one that has ended) moves one mail
    a day, by day; others three.
    """
    throttle.hit(
        session,
        "keep-from",
        throttle.network(address),
        limit=20,
        per=HOUR,
        now=now,
        even_refused=True,
    )
    throttle.hit(session, "keep-link", str(service.id), limit=3, per=DAY, now=now)
    if stranger and _was_mailed(session, service, now):
        return
    shown = service.standing in {Standing.LISTED, Standing.HIDDEN}
    known = shown or queries.closed_by_link(session, service)
    if known and queries.contact_email(service):
        send_link(session, service, now=now, kind="listing-keep", any_hour=not stranger)


def _was_mailed(session: Session, service: Service, now: datetime) -> bool:
    """Return whether a link to keep a listing was mailed today already."""
    links = select(ListingLink.id).where(
        ListingLink.service_id == service.id, ListingLink.purpose == LinkFor.KEEP
    )
    causes = [f"listing-keep:{key}" for key in session.exec(links)]
    today = calendar.at(london(now).date(), time())
    wanted = select(Message.id).where(col(Message.cause).in_(causes), Message.created_at >= today)
    return session.exec(wanted).first() is not None
