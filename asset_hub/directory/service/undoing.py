"""Putting back what a change took away, for thirty days."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Asker, Revision, RevisionCause, Service
from asset_hub.directory.rules import changes as rules
from asset_hub.directory.rules import snapshot
from asset_hub.directory.service import homes
from asset_hub.directory.service.applying import EDITABLE, apply, seen_afresh
from asset_hub.directory.service.changes import propose
from asset_hub.directory.service.editing import must_wait

TOO_OLD = "This was changed more than 30 days ago. Change the listing itself."


class Undone(NamedTuple):
    """What an undo did: the names put back, those changed since and left, and whether it waits."""

    put_back: list[str]
    left: list[str]
    waits: bool


def shows_an_address(service: Service, revision: Revision) -> bool:
    """Return whether undoing a revision shows an address that may be a home's or a refuge's."""
    there = snapshot.parts_of(service)
    parts, _ = rules.undoable(revision.before, revision.after, there)
    return bool(homes.newly_shown(there, {**there, **parts}, service.address_agreed))


def undo(
    session: Session, service: Service, revision: Revision, *, by: Account | None, now: datetime,
    address_agreed: bool = False,
) -> Undone:  # fmt: skip
    """Put back what a revision changed, where nobody has changed it again since.

    An undo is a revision itself and can be undone. That of those who run the group waits for a
    look, as all they change does; without `by` it is by their mailed link. `address_agreed`
    shows the address of what may be a home or a refuge again.
    """
    service = seen_afresh(session, service)
    if revision.service_id != service.id or service.standing not in EDITABLE:
        raise RuleBroken("This cannot be undone now.")
    if not rules.may_undo(revision.at, now) or revision.cause in rules.UNDONE_ELSEWHERE:
        raise RuleBroken(TOO_OLD)
    there = snapshot.parts_of(service)
    parts, left = rules.undoable(revision.before, revision.after, there)
    if not parts:
        return Undone([], left, waits=False)
    if by is None or must_wait(service, by):
        asker = Asker.OWNER if by else Asker.CONTACT
        found = propose(
            session, service, parts, made_on=service.version, asker=asker, by=by, comment="",
            reply="", now=now, once=f"undo:{revision.id}:{service.version}:{by and by.id}",
        )  # fmt: skip
        return Undone(sorted(parts), left, waits=found is not None)
    apply(
        session, service, parts, by=by, cause=RevisionCause.UNDO, now=now, undoes_id=revision.id,
        address_agreed=address_agreed,
    )  # fmt: skip
    return Undone(sorted(parts), left, waits=False)
