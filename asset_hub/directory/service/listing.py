"""A lister, without an account: sends a listing, proves the address, changes what came back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session

from asset_hub.accounts import queries as accounts
from asset_hub.core import ids, outbox, throttle
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Role
from asset_hub.directory import queries
from asset_hub.directory.models import (
    ListingDraft,
    ListingLink,
    Service,
    ServiceEvent,
    Standing,
)
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules.answers import Answers
from asset_hub.directory.service.drafts import begin_change
from asset_hub.directory.service.filling import fill, organization_for
from asset_hub.directory.service.moving import move, remember

LINK_LIFE = timedelta(days=14)
CONFIRMED_BY = "the people who run it"
LOOK_AT = (Role.CHAMPION, Role.COORDINATOR)


def submit(session: Session, draft: ListingDraft, *, address: str, now: datetime) -> Service:
    """Turn finished answers into a listing, once, and write to its contact.

    `address` is where the request came from; an address may send 10 listings an hour. A second
    call for the same draft returns the listing the first one made.
    """
    answers = of.flat(draft.answers)
    if not _claim(session, draft, now):
        assert draft.service_id is not None
        return session.get_one(Service, draft.service_id)
    throttle.hit(session, "list-a-group", address, limit=10, per=timedelta(hours=1), now=now)
    email = answers.get("contact_email", "")
    throttle.hit(session, "list-to", email, limit=10, per=timedelta(days=1), now=now)
    of.must_add_up(answers)
    of.must_keep_the_secret(answers)
    if draft.service_id is None:
        service = _new(session, answers, now)
    else:
        service = _changed(session, session.get_one(Service, draft.service_id), answers, now)
    draft.service_id = service.id
    session.flush()
    return service


def _claim(session: Session, draft: ListingDraft, now: datetime) -> bool:
    table: Any = ListingDraft
    first = (
        update(table)
        .where(table.id == draft.id, table.submitted_at.is_(None))
        .values(submitted_at=now, answers={})
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    claimed = session.exec(first).first() is not None
    session.refresh(draft)
    return claimed


def _new(session: Session, answers: Answers, now: datetime) -> Service:
    organization = organization_for(session, answers)
    service = Service(
        organization_id=organization.id, organization=organization, name="", created_at=now
    )
    fill(session, service, answers)
    remember(session, service, by=None, now=now)
    send_link(session, service, now=now)
    return service


def _changed(session: Session, service: Service, answers: Answers, now: datetime) -> Service:
    """Put a changed listing back in the queue; a new mail address has to be proven first."""
    if service.standing not in {Standing.RETURNED, Standing.UNCONFIRMED}:
        raise RuleBroken("This listing is not waiting for changes any more.")
    proven = queries.contact_email(service)
    standing = service.standing
    if service.organization.name != answers["organization_name"]:
        service.organization = organization_for(session, answers)
    fill(session, service, answers)
    if standing is Standing.RETURNED and queries.contact_email(service) == proven:
        move(session, service, before=standing, to=Standing.WAITING, submitted_at=now)
        _tell_champions(session, service, remember(session, service, by=None, now=now), now)
        return service
    end_links(session, service, now)
    move(session, service, before=standing, to=Standing.UNCONFIRMED)
    remember(session, service, by=None, now=now)
    send_link(session, service, now=now)
    return service


def send_link(
    session: Session, service: Service, *, now: datetime, kind: str = "listing-confirm"
) -> None:
    """Write to the contact with a link that lasts 14 days."""
    token = ids.token()
    link = ListingLink(service_id=service.id, digest=ids.digest(token), expires_at=now + LINK_LIFE)
    session.add(link)
    session.flush()
    outbox.post(
        session,
        kind,
        to=queries.contact_email(service),
        cause=f"{kind}:{link.id}",
        now=now,
        facts={"service_id": str(service.id), "token": token},
        any_hour=kind == "listing-confirm",
    )


def send_another_link(session: Session, link: ListingLink, *, now: datetime) -> None:
    """Write again, to the same contact as before, when a link has ended."""
    service = link.service
    who = str(service.id)
    throttle.hit(session, "another-link", who, limit=3, per=timedelta(days=1), now=now)
    if service.standing is Standing.UNCONFIRMED:
        send_link(session, service, now=now)
    elif service.standing is Standing.RETURNED:
        send_link(session, service, now=now, kind="listing-returned")


def confirm(session: Session, link: ListingLink, *, now: datetime) -> bool:
    """Take the lister's word that the listing is right, and put it in the queue.

    Returns False when it was confirmed before; raises RuleBroken when the link has ended.
    """
    _must_be_alive(link, now)
    service = link.service
    moved = move(
        session,
        service,
        before=Standing.UNCONFIRMED,
        to=Standing.WAITING,
        submitted_at=now,
        confirmed_at=now,
        confirmed_by=CONFIRMED_BY,
    )
    if moved:
        link.used_at = now
        _tell_champions(session, service, remember(session, service, by=None, now=now), now)
    return moved


def change(session: Session, link: ListingLink, *, now: datetime) -> str:
    """Open a draft with the answers of a listing that was sent back; return its token."""
    _must_be_alive(link, now)
    if link.service.standing not in {Standing.RETURNED, Standing.UNCONFIRMED}:
        raise RuleBroken("This listing is not waiting for changes any more.")
    return begin_change(session, link.service, now=now)


def is_alive(link: ListingLink, now: datetime) -> bool:
    """Return whether a mailed link still works."""
    return link.expires_at > now


def _must_be_alive(link: ListingLink, now: datetime) -> None:
    if not is_alive(link, now):
        raise RuleBroken("This link has ended. Ask for a new one.")


def end_links(session: Session, service: Service, now: datetime) -> None:
    """End every mailed link of a listing: its contact is somebody else now."""
    table: Any = ListingLink
    ours = (table.service_id == service.id) & (table.expires_at > now)
    session.exec(update(table).where(ours).values(expires_at=now))


def _tell_champions(session: Session, service: Service, event: ServiceEvent, now: datetime) -> None:
    """Write to each champion and coordinator of the community, once a submission."""
    assert service.community_id is not None
    place: dict[str, UUID] = {"community_id": service.community_id}
    people = {one.id: one for role in LOOK_AT for one in accounts.holders(session, role, **place)}
    for account in people.values():
        facts = {"service_id": str(service.id), "account_id": str(account.id)}
        outbox.post(
            session,
            "listing-waits",
            to=account.email,
            cause=f"listing-waits:{event.id}:{account.id}",
            now=now,
            facts=facts,
        )
