"""Keeping a listing right: everything about it on one page."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.core.access import reaches
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Can
from asset_hub.directory.models import Asker, RevisionCause, Service, Standing
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.current import answers_of
from asset_hub.directory.service.applying import (
    EDITABLE,
    leads_away,
    must_keep_them_all,
    republish,
)
from asset_hub.directory.service.changes import propose
from asset_hub.directory.service.drafts import located
from asset_hub.directory.service.filling import answered, fill
from asset_hub.directory.service.history import revise
from asset_hub.directory.service.links import end_links
from asset_hub.directory.service.moving import move, remember
from asset_hub.directory.service.publishing import withdraw
from asset_hub.directory.service.team import tell_champions


def edit(
    session: Session,
    service: Service,
    *,
    by: Account,
    now: datetime,
    made_on: int | None = None,
    **values: Any,
) -> list[str]:
    """Change a listing; what is published follows at once. Returns the names that changed.

    What those who run a listed group change waits for a look instead (`must_wait`); `made_on` is
    the version they saw.
    """
    if service.standing not in EDITABLE:
        raise RuleBroken("This listing cannot be changed now.")
    packed = of.pack(values)
    of.must_add_up(packed)
    of.must_keep_the_secret(packed)
    packed |= _point(session, service, packed)
    if must_wait(service, by):
        return _suggest(session, service, packed, by=by, now=now, made_on=made_on)
    if packed["organization_name"] != service.organization.name:
        must_keep_them_all(session, service, by)
    leaves = leads_away(service, packed["community_id"], by)
    parts = snapshot.parts_of(service)
    changed = fill(session, service, packed)
    service.organization.name = packed["organization_name"]
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
    republish(session, service, now, all_of_theirs="organization_name" in changed)
    if leaves:
        tell_champions(session, service, event, now)
    return changed


def must_wait(service: Service, by: Account) -> bool:
    """Return whether what somebody changes in a listing is looked at before people read it."""
    listed = service.standing is Standing.LISTED
    return listed and not reaches(by, service, Can.APPROVE_LISTING)


def _suggest(
    session: Session, service: Service, packed: of.Answers, *, by: Account, now: datetime,
    made_on: int | None,
) -> list[str]:  # fmt: skip
    changed, parts = answered(service, packed)
    parts["organization_name"] = packed["organization_name"]
    version = made_on or service.version
    said = json.dumps([str(by.id), str(service.id), version, parts], sort_keys=True)
    propose(
        session, service, parts, made_on=version, asker=Asker.OWNER, by=by, comment="", reply="",
        now=now, once=said,
    )  # fmt: skip
    return changed


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
