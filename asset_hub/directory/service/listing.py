"""A lister, without an account: sends a listing, proves the address, changes what came back."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session

from asset_hub.core import throttle
from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import (
    Asker,
    LinkFor,
    ListingDraft,
    ListingLink,
    Organization,
    RevisionCause,
    Service,
    Sign,
    Standing,
)
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.answers import Answers
from asset_hub.directory.service import homes, organizations
from asset_hub.directory.service.changes import propose
from asset_hub.directory.service.drafts import begin_change
from asset_hub.directory.service.filling import answered, fill
from asset_hub.directory.service.freshness import CONFIRMED_BY, signal, still_right
from asset_hub.directory.service.history import revise
from asset_hub.directory.service.links import ENDED, end_links, is_alive, must_be_alive, send_link
from asset_hub.directory.service.moving import lock, move, must_be, remember
from asset_hub.directory.service.team import tell_champions

HOUR = timedelta(hours=1)
NOT_OPEN = "This listing is not waiting for changes any more."


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
    throttle.hit(session, "list-a-group", throttle.network(address), limit=10, per=HOUR, now=now)
    email = answers.get("contact_email", "")
    throttle.hit(session, "list-to", email, limit=10, per=timedelta(days=1), now=now)
    of.must_add_up(answers)
    of.must_keep_the_secret(answers)
    homes.must_be_hidden(answers)
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
    """Put a changed listing back in the queue; a new mail address has to be proven first.

    What is listed stays as it is, and the change waits beside it.
    """
    if draft.link is None or not is_alive(draft.link, now):
        raise RuleBroken(ENDED)
    _must_be_open(draft.link)
    if service.standing is Standing.LISTED:
        return _suggested(session, draft, service, answers, now)
    must_be(session, service, draft.service_version)
    standing, parts = service.standing, snapshot.parts_of(service)
    changed = set(fill(session, service, answers))
    if changed & {"organization_name", "contact_email"}:
        organizations.of_its_own(session, service, answers["organization_name"])
    revise(session, service, before=parts, cause=RevisionCause.CONTACT, by=None, now=now)
    if standing is Standing.UNCONFIRMED or "contact_email" in changed:
        _ask_to_confirm(session, service, now)
    else:
        # A change is no confirmation: they change what they came for and need not read on.
        move(session, service, before=standing, to=Standing.WAITING, submitted_at=now)
        tell_champions(session, service, remember(session, service, by=None, now=now), now)
    return service


def _suggested(
    session: Session, draft: ListingDraft, service: Service, answers: Answers, now: datetime
) -> Service:
    """Suggest what was changed, on the word of those who run the group; the same is still right."""
    changed, parts = answered(service, answers)
    parts["organization_name"] = answers["organization_name"]
    if not changed:
        still_right(session, service, by=None, now=now)
        return service
    assert draft.service_version is not None
    propose(
        session, service, parts, made_on=draft.service_version, asker=Asker.CONTACT, by=None,
        comment="", reply="", now=now, once=f"draft:{draft.id}",
    )  # fmt: skip
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
