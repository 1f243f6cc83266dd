"""Changes that wait: suggested on one version of a listing, looked at, taken or sent back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from asset_hub.accounts.models import Account
from asset_hub.core import db, ids
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.directory.models import (
    Asker,
    Asks,
    ChangeRequest,
    ChangeState,
    Parts,
    RevisionCause,
    Service,
)
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import changes as rules
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.current import answers_of
from asset_hub.directory.rules.places import must_keep_the_secrets
from asset_hub.directory.rules.prose import straight
from asset_hub.directory.service import addresses, claiming
from asset_hub.directory.service.applying import apply, republish, seen_afresh
from asset_hub.directory.service.closing import close
from asset_hub.directory.service.deciding import OPEN, decide, tell_author, tell_team
from asset_hub.directory.service.freshness import CONFIRMED_BY, heard
from asset_hub.directory.service.history import parts_at
from asset_hub.directory.service.organizations import runs_only

RUNS = "We asked the people who run it: it still runs."


def propose(
    session: Session,
    service: Service,
    parts: Mapping[str, Any],
    *,
    made_on: int,
    asker: Asker,
    by: Account | None,
    comment: str,
    reply: str,
    now: datetime,
    once: str,
    photo_id: UUID | None = None,
    author: str = "",
) -> ChangeRequest | None:
    """Keep what somebody would change in a listing until it is looked at.

    `parts` may be all of a listing: only those are kept that differ from what their author saw
    (version `made_on`). `once` makes a double click one. `author` tells visitors apart. Of those
    who run it, what needs no look is done at once, and another address for mail is proven first.
    Returns what waits, None when nothing does.
    """
    service = seen_afresh(session, service)
    wanted = dict(parts) | ({"photo_id": str(photo_id)} if photo_id else {})
    seen = with_words(service, parts_at(session, service, made_on))
    wanted = snapshot.only(snapshot.changed(seen, wanted), wanted)
    found: ChangeRequest | None = None
    if asker is not Asker.VISITOR:
        wanted = _without_waiting(session, service, seen, wanted, by=by, now=now)
        wanted, found = addresses.ask(
            session, service, seen, wanted, asker=asker, by=by, made_on=made_on, now=now
        )
    if not wanted and not comment:
        return found
    row = ChangeRequest(
        service_id=service.id,
        made_on=made_on,
        asker=asker,
        by_id=by.id if by else None,
        before=snapshot.only(sorted(wanted), seen),
        after=wanted,
        comment=straight(comment),
        photo_id=photo_id,
        submitted_at=now,
        author=author or _author(asker, by),
    )
    return keep_once(session, row, once=once, reply=reply, now=now)


def keep_once(
    session: Session, row: ChangeRequest, *, once: str, reply: str, now: datetime
) -> ChangeRequest:
    """Write a change down unless its form was sent before; tell those who look at it.

    An older one of the same author gives way; what it alone would change is taken over.
    """
    row.once, row.reply = ids.digest(once), reply
    older = _older(session, row)
    for one in older:
        row.before, row.after = {**one.before, **row.before}, {**one.after, **row.after}
        row.comment = row.comment or one.comment
        row.reply = row.reply or one.reply
    if not db.claim(session, row):
        return session.exec(select(ChangeRequest).where(ChangeRequest.once == row.once)).one()
    for one in older:
        decide(session, one, to=ChangeState.SUPERSEDED, by=row.by_id, now=row.submitted_at)
    change = session.get_one(ChangeRequest, row.id)
    if change.state is ChangeState.WAITING:
        tell_team(session, change, now)
    return change


def _author(asker: Asker, by: Account | None) -> str:
    return str(by.id) if by else asker.value if asker is Asker.CONTACT else ""


def _older(session: Session, row: ChangeRequest) -> list[ChangeRequest]:
    if not row.author or row.asks is not Asks.CHANGE:
        return []
    wanted = select(ChangeRequest).where(
        ChangeRequest.service_id == row.service_id,
        ChangeRequest.author == row.author,
        ChangeRequest.asker == row.asker,
        ChangeRequest.asks == Asks.CHANGE,
        ChangeRequest.state == ChangeState.WAITING,
        ChangeRequest.once != row.once,
    )
    return list(session.exec(wanted))


def _without_waiting(
    session: Session, service: Service, seen: Parts, wanted: Parts, *, by: Account | None,
    now: datetime,
) -> Parts:  # fmt: skip
    """Do at once what needs no look, and return the rest."""
    at_once = rules.at_once(seen, wanted)
    if at_once:
        cause = RevisionCause.EDIT if by else RevisionCause.CONTACT
        apply(session, service, at_once, by=by, cause=cause, now=now)
    return {name: value for name, value in wanted.items() if name not in at_once}


def with_words(service: Service, parts: Parts) -> Parts:
    """Return parts, and beside them when and where in everybody's words."""
    return rules.with_words(parts, service.community.name if service.community else "")


def approve_change(
    session: Session,
    change: ChangeRequest,
    *,
    by: Account,
    now: datetime,
    version: int | None,
    picks: Mapping[str, str] | None = None,
    address_agreed: bool = False,
) -> bool:
    """Take a suggested change: put it into the listing and publish it; False when it is decided.

    `version` is the one of the listing that was looked at. Where somebody else has changed the
    same part meanwhile, `picks` says for each name which words stand: "now" or "suggested".
    `address_agreed` shows a further address of what may be a home or a refuge (see `homes`).
    """
    service = seen_afresh(session, change.service)
    if change.state is not ChangeState.WAITING:
        return False
    if service.version != version:
        raise RuleBroken("This listing was changed after you opened it. Look at it as it is now.")
    if change.asks is Asks.CHANGE:
        _take(session, change, by=by, now=now, picks=picks or {}, agreed=address_agreed)
    else:
        _TAKE[change.asks](session, change, by=by, now=now, picks=picks or {})
    if not decide(session, change, to=ChangeState.APPROVED, by=by.id, now=now):
        raise RuleBroken("Somebody has decided this already.")
    tell_author(session, change, now)
    return True


def _take(
    session: Session, change: ChangeRequest, *, by: Account, now: datetime,
    picks: Mapping[str, str], agreed: bool,
) -> None:  # fmt: skip
    service = change.service
    there = with_words(service, snapshot.parts_of(service))
    parts = rules.chosen(change.before, there, change.after, picks)
    parts, _ = addresses.ask(
        session, service, there, parts, asker=change.asker, by=_author_of(session, change),
        made_on=service.version, now=now,
    )  # fmt: skip
    apply(
        session, service, parts, by=by, cause=RevisionCause.CHANGE, now=now,
        renames=change.asker is Asker.OWNER or runs_only(session, service),
        change_id=change.id, address_agreed=agreed,
    )  # fmt: skip
    words = of.flat(answers_of(service))
    must_keep_the_secrets(snapshot.parts_of(service)["places"], words)
    theirs = change.asker is not Asker.VISITOR
    if theirs and (not service.confirmed_at or service.confirmed_at < change.submitted_at):
        service.confirmed_at, service.confirmed_by = change.submitted_at, CONFIRMED_BY
        session.flush()
        republish(session, service, now)


def _author_of(session: Session, change: ChangeRequest) -> Account | None:
    theirs = change.asker is Asker.OWNER and change.by_id
    return session.get(Account, change.by_id) if theirs else None


def _close(
    session: Session, change: ChangeRequest, *, by: Account, now: datetime, picks: Mapping[str, str]
) -> None:
    if not close(session, change.service, by=by, now=now):
        raise RuleBroken("This listing cannot be found now, so it cannot be closed.")


_TAKE: dict[Asks, Any] = {
    Asks.GONE: _close,
    Asks.ADDRESS: addresses.settle,
    Asks.CLAIM: claiming.take,
}


def return_change(
    session: Session, change: ChangeRequest, *, message: str, by: Account, now: datetime
) -> bool:
    """Send a change back with words; the listing stays as it is. False when it is decided."""
    if not message.strip():
        raise RuleBroken("Enter what to tell them", field="message")
    words = straight(message)
    to = ChangeState.RETURNED
    if not decide(session, change, to=to, by=by.id, now=now, message=words):
        return False
    tell_author(session, change, now)
    return True


def still_runs(session: Session, change: ChangeRequest, *, by: Account, now: datetime) -> bool:
    """Answer "it has gone" with what those who run it said: a check too. False when decided."""
    if change.asks is not Asks.GONE:
        raise Missing
    if not return_change(session, change, message=RUNS, by=by, now=now):
        return False
    return heard(session, change.service, by=by, now=now)


def withdraw_change(
    session: Session, change: ChangeRequest, *, by: UUID | None, now: datetime
) -> bool:
    """Take one's own suggestion back; False when it is decided."""
    return decide(session, change, to=ChangeState.WITHDRAWN, by=by, now=now, before=OPEN)


def withdraw_own(session: Session, change: ChangeRequest, *, by: Account, now: datetime) -> bool:
    """Take back what one has sent with one's account; raise Missing for anybody else's."""
    if change.by_id != by.id or change.asker is not Asker.OWNER:
        raise Missing
    return withdraw_change(session, change, by=by.id, now=now)
