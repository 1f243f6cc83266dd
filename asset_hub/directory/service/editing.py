"""Keeping a listing right: change it, close it when it has stopped, open it again."""

from datetime import datetime
from enum import StrEnum
from types import SimpleNamespace
from uuid import UUID

from sqlmodel import Session, col, select

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.core.access import reaches
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Can
from asset_hub.directory.models import Asker, Parts, RevisionCause, Service, Standing
from asset_hub.directory.rules import snapshot
from asset_hub.directory.service import upkeep
from asset_hub.directory.service.history import revise
from asset_hub.directory.service.listing import end_links, tell_champions
from asset_hub.directory.service.moving import move, remember
from asset_hub.directory.service.proposing import propose
from asset_hub.directory.service.publishing import publish, withdraw
from asset_hub.directory.service.putting import put

EDITABLE = (Standing.LISTED, Standing.WAITING)
NOT_NOW = "This listing cannot be changed now."


class Saved(StrEnum):
    """What came of a save."""

    NOTHING = "nothing"  # it says what it said before
    DONE = "done"
    WAITS = "waits"  # somebody looks at it first


def save_parts(
    session: Session, service: Service, parts: Parts, *, by: Account, now: datetime, version: int
) -> Saved:
    """Give a listing some parts: at once by whoever may approve there, else once approved.

    What is true for a while (room, closures) applies at once, whoever says it. A listing that
    nobody has approved yet is changed at once too: it will be looked at whole. `version` is the
    one its author saw.
    """
    if service.standing not in EDITABLE:
        raise RuleBroken(NOT_NOW)
    before = snapshot.parts_of(service)
    wanted = snapshot.only(snapshot.changed(before, parts), parts)
    if not wanted:
        return Saved.NOTHING
    if service.standing is Standing.WAITING or reaches(by, service, Can.APPROVE_LISTING):
        apply_parts(session, service, wanted, by=by, now=now)
        return Saved.DONE
    at_once = {name: wanted.pop(name) for name in sorted(snapshot.OPERATING & set(wanted))}
    if at_once:
        operate(session, service, at_once, by=by, now=now)
    if not wanted:
        return Saved.DONE
    propose(session, service, wanted, made_on=version, by=by, asker=Asker.OWNER, now=now)
    return Saved.WAITS


def apply_parts(
    session: Session, service: Service, parts: Parts, *, by: Account, now: datetime
) -> None:
    """Change a listing; what is published follows at once."""
    before = snapshot.parts_of(service)
    after = before | parts
    renamed: str = after["organization_name"]
    if renamed != before["organization_name"]:
        _must_keep_them_all(session, service, by)
    leaves = _leaves(service, parts, by)
    put(session, service, parts)
    service.organization.name = renamed
    if before["contact"]["email"] != after["contact"]["email"]:
        end_links(session, service, now)
    if leaves and move(
        session, service, before=Standing.LISTED, to=Standing.WAITING, submitted_at=now
    ):
        withdraw(session, service)
    revise(session, service, before=before, cause=RevisionCause.EDIT, by=by.id, now=now)
    event = remember(session, service, by=by.id, now=now)
    audit.note(session, "edit", service, by=by.id, now=now, fields=sorted(parts))
    _republish(session, service, now, all_of_theirs=renamed != before["organization_name"])
    if leaves:
        tell_champions(session, service, event, now)


def operate(
    session: Session, service: Service, parts: Parts, *, by: Account | None, now: datetime
) -> bool:
    """Change what is true for a while, at once; False when it says what it said before.

    Without an account it is the word of those who run it, by their mailed link.
    """
    before = snapshot.parts_of(service)
    if not put(session, service, parts):
        return False
    cause, key = (RevisionCause.EDIT, by.id) if by else (RevisionCause.CONTACT, None)
    revise(session, service, before=before, cause=cause, by=key, now=now)
    audit.note(session, "edit", service, by=key, now=now, fields=sorted(parts))
    _republish(session, service, now)
    return True


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


def _leaves(service: Service, parts: Parts, by: Account) -> bool:
    """Return whether a listing moves to a community whose champions have to look at it first."""
    if not parts.get("community_id"):
        return False
    to = UUID(parts["community_id"])
    there = SimpleNamespace(community_id=to)
    return to != service.community_id and not reaches(by, there, Can.APPROVE_LISTING)


def _republish(
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


def close(session: Session, service: Service, *, by: Account | None, now: datetime) -> bool:
    """Take a group that has stopped out of finding; return False when it was closed before."""
    shown = service.standing if service.standing is Standing.HIDDEN else Standing.LISTED
    if not move(session, service, before=shown, to=Standing.CLOSED):
        return False
    upkeep.rest(session, service.id)
    withdraw(session, service)
    key = by.id if by else None
    remember(session, service, by=key, now=now)
    audit.note(session, "close", service, by=key, now=now)
    return True


def reopen(session: Session, service: Service, *, by: Account | None, now: datetime) -> bool:
    """Undo a closing; return False when the group was not closed."""
    if service.approved_at is None:
        raise RuleBroken("This listing was never approved.")
    if not move(session, service, before=Standing.CLOSED, to=Standing.LISTED):
        return False
    publish(session, service, now=now)
    upkeep.begin(session, service.id, now=now)
    key = by.id if by else None
    remember(session, service, by=key, now=now)
    audit.note(session, "reopen", service, by=key, now=now)
    return True
