"""Giving a listing parts that were looked at: whole, once, remembered, published."""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.core.access import reaches
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Can
from asset_hub.directory import queries
from asset_hub.directory.models import Revision, RevisionCause, Service, Standing
from asset_hub.directory.rules import snapshot
from asset_hub.directory.service import homes, organizations
from asset_hub.directory.service.history import revise
from asset_hub.directory.service.links import end_links
from asset_hub.directory.service.moving import lock, move, remember
from asset_hub.directory.service.publishing import publish, withdraw
from asset_hub.directory.service.putting import put
from asset_hub.directory.service.team import tell_champions

EDITABLE = (Standing.LISTED, Standing.WAITING)


def apply(
    session: Session,
    service: Service,
    parts: Mapping[str, Any],
    *,
    by: Account | None,
    cause: RevisionCause,
    now: datetime,
    renames: bool = True,
    address_agreed: bool = False,
    change_id: UUID | None = None,
    undoes_id: UUID | None = None,
) -> Revision | None:
    """Give a service parts; what is published follows at once. None when nothing changed.

    `renames` says that a new name for who runs it is the organisation's, not the listing's alone.
    `address_agreed` says that `by` agrees to show the address of what may be a home or a refuge.
    """
    before, key = snapshot.parts_of(service), by.id if by else None
    wrote_to = queries.contact_email(service)
    leaves = leads_away(service, parts.get("community_id"), by)
    named = _name_who_runs_it(session, service, parts, by=by, renames=renames)
    put(session, service, parts)
    homes.must_be_allowed(session, service, before, by=by, agreed=address_agreed, now=now)
    if not snapshot.changed(before, snapshot.parts_of(service)):
        return None
    if queries.contact_email(service).casefold() != wrote_to.casefold():
        end_links(session, service, now)
    if leaves and move(
        session, service, before=Standing.LISTED, to=Standing.WAITING, submitted_at=now
    ):
        withdraw(session, service)
    revision = revise(
        session, service, before=before, cause=cause, by=key, now=now, change_id=change_id,
        undoes_id=undoes_id,
    )  # fmt: skip
    event = remember(session, service, by=key, now=now)
    names = sorted(revision.after) if revision else []
    what = "edit" if cause is RevisionCause.EDIT else "change"
    audit.note(session, what, service, by=key, now=now, fields=names, cause=cause.value)
    republish(session, service, now, all_of_theirs=named)
    if leaves:
        tell_champions(session, service, event, now)
    return revision


def _name_who_runs_it(
    session: Session, service: Service, parts: Mapping[str, Any], *, by: Account | None,
    renames: bool,
) -> bool:  # fmt: skip
    """Take a new name for who runs it; return whether it is the name of all that they run."""
    name = parts.get("organization_name", service.organization.name)
    if name == service.organization.name:
        return False
    if not renames:
        organizations.of_its_own(session, service, name)
        return False
    if by is not None:
        must_keep_them_all(session, service, by)
    service.organization.name = name
    session.add(service.organization)
    return True


def must_keep_them_all(session: Session, service: Service, by: Account) -> None:
    """Refuse a new name for who runs it to somebody who does not look after all they run."""
    theirs = select(Service).where(
        Service.organization_id == service.organization_id,
        col(Service.standing) != Standing.UNCONFIRMED,  # what is closed or hidden may come back
    )
    if not all(reaches(by, one, Can.EDIT_LISTING) for one in session.exec(theirs)):
        raise RuleBroken(
            f"{service.organization.name} runs groups in other communities too. "
            "Ask them or the site’s administrator to change the name.",
            field="organization_name",
        )


def leads_away(service: Service, to: str | None, by: Account | None) -> bool:
    """Return whether a listing moves to a community whose champions have to look at it first."""
    if not to or UUID(to) == service.community_id:
        return False
    there = SimpleNamespace(community_id=UUID(to))
    return by is None or not reaches(by, there, Can.APPROVE_LISTING)


def republish(
    session: Session, service: Service, now: datetime, *, all_of_theirs: bool = False
) -> None:
    """Publish the service; when who runs it has a new name, the rest of theirs too."""
    wanted = select(Service).where(Service.standing == Standing.LISTED)
    if all_of_theirs:
        wanted = wanted.where(Service.organization_id == service.organization_id)
    else:
        wanted = wanted.where(Service.id == service.id)
    for one in session.exec(wanted):
        publish(session, one, now=now)


def seen_afresh(session: Session, service: Service) -> Service:
    """Make others who change this listing wait, and read it again as it is now."""
    session.flush()
    lock(session, service.id)
    session.expire_all()
    return session.get_one(Service, service.id)
