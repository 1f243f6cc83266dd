"""A lister, without an account: sends a listing, proves the address, changes what came back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session

from asset_hub.accounts import queries as accounts
from asset_hub.core import ids, outbox, throttle
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Role
from asset_hub.directory import queries
from asset_hub.directory.models import (
    LinkedListing,
    LinkFor,
    ListingDraft,
    ListingLink,
    Organization,
    RevisionCause,
    Service,
    ServiceEvent,
    Sign,
    Standing,
)
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.answers import Answers
from asset_hub.directory.service import organizations
from asset_hub.directory.service.drafts import begin_change, network
from asset_hub.directory.service.filling import fill
from asset_hub.directory.service.freshness import CONFIRMED_BY, signal, still_right
from asset_hub.directory.service.history import revise
from asset_hub.directory.service.moving import lock, move, must_be, remember
from asset_hub.directory.service.publishing import withdraw

HOUR = timedelta(hours=1)
LINK_LIFE = timedelta(days=14)
KEEP_LIFE = timedelta(days=400)
KEEPING = ("listing-approved", "listing-keep", "listing-hidden")  # mails whose link lasts
ENDED = "This link has ended. Ask for a new one."
NOT_OPEN = "This listing is not waiting for changes any more."
LOOK_AT = (Role.CHAMPION, Role.COORDINATOR)


def submit(session: Session, draft: ListingDraft, *, address: str, now: datetime) -> Service:
    """Turn finished answers into a listing, once, and write to its contact.

    `address` is where the request came from; an address may send 10 listings an hour. A second
    call for the same draft returns the listing the first one made.
    """
    answers = of.flat(draft.answers)
    if draft.service_id is not None:
        lock(session, draft.service_id)
    if not _claim(session, draft, now):
        assert draft.service_id is not None
        return session.get_one(Service, draft.service_id)
    throttle.hit(session, "list-a-group", network(address), limit=10, per=HOUR, now=now)
    email = answers.get("contact_email", "")
    throttle.hit(session, "list-to", email, limit=10, per=timedelta(days=1), now=now)
    of.must_add_up(answers)
    of.must_keep_the_secret(answers)
    if draft.service_id is None:
        service = _new(session, answers, now)
    else:
        service = _changed(session, draft, session.get_one(Service, draft.service_id), answers, now)
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
    if session.get(ListingDraft, draft.id, populate_existing=True) is None:
        raise RuleBroken(ENDED)
    return claimed


def _new(session: Session, answers: Answers, now: datetime) -> Service:
    organization = Organization(name=answers["organization_name"])
    session.add(organization)
    session.flush()
    service = Service(
        organization_id=organization.id, organization=organization, name="", created_at=now
    )
    fill(session, service, answers)
    remember(session, service, by=None, now=now)
    send_link(session, service, now=now)
    return service


def _changed(
    session: Session, draft: ListingDraft, service: Service, answers: Answers, now: datetime
) -> Service:
    """Put a changed listing back in the queue; a new mail address has to be proven first."""
    if draft.link is None or not is_alive(draft.link, now):
        raise RuleBroken(ENDED)
    _must_be_open(draft.link)
    must_be(session, service, draft.service_version)
    standing, parts = service.standing, snapshot.parts_of(service)
    changed = set(fill(session, service, answers))
    if changed & {"organization_name", "contact_email"}:
        organizations.of_its_own(session, service, answers["organization_name"])
    revise(session, service, before=parts, cause=RevisionCause.CONTACT, by=None, now=now)
    if standing is Standing.LISTED:
        if not changed:
            still_right(session, service, by=None, now=now)
            return service
        withdraw(session, service)
    if standing is Standing.UNCONFIRMED or "contact_email" in changed:
        _ask_to_confirm(session, service, now)
    else:
        # A change is no confirmation: they change what they came for and need not read on.
        move(session, service, before=standing, to=Standing.WAITING, submitted_at=now)
        tell_champions(session, service, remember(session, service, by=None, now=now), now)
    return service


def _ask_to_confirm(session: Session, service: Service, now: datetime) -> None:
    end_links(session, service, now)
    move(session, service, before=service.standing, to=Standing.UNCONFIRMED)
    remember(session, service, by=None, now=now)
    send_link(session, service, now=now)


def _must_be_open(link: ListingLink) -> None:
    """Refuse a change by the wrong link or at the wrong time."""
    open_to = {Standing.RETURNED, Standing.UNCONFIRMED}
    if link.purpose is LinkFor.KEEP:
        open_to = {Standing.RETURNED, Standing.LISTED, Standing.HIDDEN}
    if link.service.standing not in open_to:
        raise RuleBroken(NOT_OPEN)


def send_link(
    session: Session, service: Service, *, now: datetime, kind: str = "listing-confirm"
) -> None:
    """Write to the contact with a link: it lasts 14 days, or long when it is to keep it right."""
    purpose = LinkFor.KEEP if kind in KEEPING else LinkFor.LIST
    link, token = new_link(session, service, purpose, now=now)
    outbox.post(
        session,
        kind,
        to=queries.contact_email(service),
        cause=f"{kind}:{link.id}",
        now=now,
        facts={"service_id": str(service.id), "token": token},
        any_hour=kind in {"listing-confirm", "listing-keep"},
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
    must_be_alive(link, now)
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
        cause = f"confirmed:{link.id}:{now.isoformat()}"
        signal(session, service, Sign.OWNER_CONFIRMED, at=now, cause=cause)
        for contact in service.contacts:
            contact.proven_at = now
        tell_champions(session, service, remember(session, service, by=None, now=now), now)
    return moved


def change(session: Session, link: ListingLink, *, now: datetime) -> str:
    """Open a draft with a listing's answers, for this link and no longer; return its token."""
    must_be_alive(link, now)
    _must_be_open(link)
    return begin_change(session, link, now=now)


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


def tell_champions(session: Session, service: Service, event: ServiceEvent, now: datetime) -> None:
    """Write to each champion and coordinator of the community, once a submission.

    Where nobody looks yet, the administrators are told, for they can invite somebody who does.
    """
    assert service.community_id is not None
    place: dict[str, UUID] = {"community_id": service.community_id}
    people = [one for role in LOOK_AT for one in accounts.holders(session, role, **place)]
    people = people or accounts.holders(session, Role.ADMIN)
    for account in {one.id: one for one in people}.values():
        facts = {"service_id": str(service.id), "account_id": str(account.id)}
        outbox.post(
            session,
            "listing-waits",
            to=account.email,
            cause=f"listing-waits:{event.id}:{account.id}",
            now=now,
            facts=facts,
        )
