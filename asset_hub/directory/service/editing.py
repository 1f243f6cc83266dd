"""Keeping a listing right: parts of it are changed, at once or once somebody has looked."""

import json
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core.access import reaches
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Can
from asset_hub.directory.models import Asker, Parts, RevisionCause, Service, Standing
from asset_hub.directory.rules import snapshot
from asset_hub.directory.service.applying import EDITABLE, apply
from asset_hub.directory.service.changes import propose

NOT_NOW = "This listing cannot be changed now."


class Saved(StrEnum):
    """What came of a save."""

    NOTHING = "nothing"  # it says what it said before
    DONE = "done"
    WAITS = "waits"  # somebody looks at it first


def must_wait(service: Service, by: Account) -> bool:
    """Return whether what somebody changes in a listing is looked at before people read it."""
    listed = service.standing is Standing.LISTED
    return listed and not reaches(by, service, Can.APPROVE_LISTING)


def save_parts(
    session: Session, service: Service, parts: Parts, *, by: Account, now: datetime, version: int,
    address_agreed: bool = False,
) -> Saved:  # fmt: skip
    """Give a listing some parts: at once by whoever may approve there, else once approved.

    What is true for a while (room, closures) applies at once, whoever says it. A listing that
    nobody has approved yet is changed at once too: it will be looked at whole. `version` is the
    one its author saw. `address_agreed`: see `apply`.
    """
    if service.standing not in EDITABLE:
        raise RuleBroken(NOT_NOW)
    wanted = snapshot.only(snapshot.changed(snapshot.parts_of(service), parts), parts)
    if not wanted:
        return Saved.NOTHING
    if not must_wait(service, by):
        apply(
            session, service, wanted, by=by, cause=RevisionCause.EDIT, now=now,
            address_agreed=address_agreed,
        )  # fmt: skip
        return Saved.DONE
    said = json.dumps([str(by.id), str(service.id), version, wanted], sort_keys=True)
    photo = wanted.get("photo_id")
    waits = propose(
        session, service, wanted, made_on=version, asker=Asker.OWNER, by=by, comment="", reply="",
        now=now, once=said, photo_id=UUID(photo) if photo else None,
    )  # fmt: skip
    return Saved.WAITS if waits else Saved.DONE


def operate(
    session: Session, service: Service, parts: Parts, *, by: Account | None, now: datetime
) -> bool:
    """Change what is true for a while, at once; False when it says what it said before.

    Without an account it is the word of those who run it, by their mailed link.
    """
    cause = RevisionCause.EDIT if by else RevisionCause.CONTACT
    return apply(session, service, parts, by=by, cause=cause, now=now) is not None
