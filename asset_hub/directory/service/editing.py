"""Keeping a listing right: change it, close it when it has stopped, open it again."""

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
from asset_hub.directory.models import RevisionCause, Service, Standing
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.current import answers_of
from asset_hub.directory.service import homes
from asset_hub.directory.service.drafts import located
from asset_hub.directory.service.filling import fill
from asset_hub.directory.service.history import revise
from asset_hub.directory.service.listing import end_links, tell_champions
from asset_hub.directory.service.moving import move, remember
from asset_hub.directory.service.publishing import publish, withdraw

EDITABLE = (Standing.LISTED, Standing.WAITING)


def edit(
    session: Session, service: Service, *, by: Account, now: datetime, **values: Any
) -> list[str]:
    """Change a listing; what is published follows at once. Returns the names that changed."""
    if service.standing not in EDITABLE:
        raise RuleBroken("This listing cannot be changed now.")
    packed = of.pack(values)
    of.must_add_up(packed)
    of.must_keep_the_secret(packed)
    packed |= _point(session, service, packed)
    if packed["organization_name"] != service.organization.name:
        _must_keep_them_all(session, service, by)
    leaves, parts = _leaves(service, packed, by), snapshot.parts_of(service)
    changed = fill(session, service, packed)
    service.organization.name = packed["organization_name"]
    if "setting" in changed:
        _may_be_shown(session, service, by, now)
    if not changed:
        return []
    if "contact_email" in changed:
        end_links(session, service, now)
    if leaves and move(
        session, service, before=Standing.LISTED, to=Standing.WAITING, submitted_at=now
    ):
        withdraw(session, service)
    revise(session, service, before=parts, cause=RevisionCause.EDIT, by=by.id, now=now)
    event = remember(session, service, by=by.id, now=now)
    audit.note(session, "edit", service, by=by.id, now=now, fields=changed)
    _republish(session, service, changed, now)
    if leaves:
        tell_champions(session, service, event, now)
    return changed


def _must_keep_them_all(session: Session, service: Service, by: Account) -> None:
    """Refuse a new name for who runs it to somebody who does not look after all they run."""
    theirs = select(Service).where(
        Service.organization_id == service.organization_id,
        col(Service.standing).in_(EDITABLE),
    )
    if not all(reaches(by, one, Can.EDIT_LISTING) for one in session.exec(theirs)):
        raise RuleBroken(
            f"{service.organization.name} runs groups in other communities too. "
            "Ask them or the site’s administrator to change the name.",
            field="organization_name",
        )


def _may_be_shown(session: Session, service: Service, by: Account, now: datetime) -> None:
    """Let only somebody who approves decide that a home's or refuge's address is for everybody."""
    if not homes.to_agree(service):
        return
    if not reaches(by, service, Can.APPROVE_LISTING):
        raise RuleBroken(
            "This may be somebody’s home, or a place where people are kept safe. "
            "Ask your health champion to show the address.",
            field="setting",
        )
    homes.agree(session, service, by=by, now=now)


def _leaves(service: Service, packed: Mapping[str, Any], by: Account) -> bool:
    """Return whether a listing moves to a community whose champions have to look at it first."""
    to = UUID(packed["community_id"])
    there = SimpleNamespace(community_id=to)
    return to != service.community_id and not reaches(by, there, Can.APPROVE_LISTING)


def _point(session: Session, service: Service, packed: Mapping[str, Any]) -> of.Answers:
    """Return where it is: as typed, or else where a changed postcode says."""
    before = of.flat(answers_of(service))
    typed = {name: packed.get(name) or "" for name in ("latitude", "longitude")}
    moved = any(not _same(typed[name], before[name]) for name in typed)
    if moved and all(typed.values()):
        return typed | {"point": "pin", "exact": True}
    if packed["postcode"] == before["postcode"] and not moved:
        return {name: before[name] for name in ("latitude", "longitude", "point", "exact")}
    found = located(session, packed["postcode"])
    if packed["postcode"] and not found["latitude"] and packed["setting"] != of.NOWHERE:
        raise RuleBroken(
            "We do not know this postcode. Check it, or enter the latitude and longitude below.",
            field="postcode",
        )
    return found | {"point": "unsure"}


def _same(typed: str, before: str) -> bool:
    return typed == before or bool(typed and before and float(typed) == float(before))


def _republish(session: Session, service: Service, changed: list[str], now: datetime) -> None:
    """Publish the service; when who runs it has a new name, the rest of theirs too."""
    wanted = select(Service).where(Service.standing == Standing.LISTED)
    if "organization_name" in changed:
        wanted = wanted.where(Service.organization_id == service.organization_id)
    else:
        wanted = wanted.where(Service.id == service.id)
    for one in session.exec(wanted):
        publish(session, one, now=now)


def close(session: Session, service: Service, *, by: Account | None, now: datetime) -> bool:
    """Take a group that has stopped out of finding; return False when it was closed before."""
    if not move(session, service, before=Standing.LISTED, to=Standing.CLOSED):
        return False
    withdraw(session, service)
    key = by.id if by else None
    remember(session, service, by=key, now=now)
    audit.note(session, "close", service, by=key, now=now)
    return True


def reopen(session: Session, service: Service, *, by: Account | None, now: datetime) -> bool:
    """Undo a closing; return False when the group was not closed."""
    if service.merged_into_id:
        raise RuleBroken("This listing was merged into another one. Undo that instead.")
    if service.approved_at is None:
        raise RuleBroken("This listing was never approved.")
    if not move(session, service, before=Standing.CLOSED, to=Standing.LISTED):
        return False
    publish(session, service, now=now)
    key = by.id if by else None
    remember(session, service, by=key, now=now)
    audit.note(session, "reopen", service, by=key, now=now)
    return True
