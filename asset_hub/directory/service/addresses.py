"""Mail about a listing goes to another address only when it is proven and the old one knows.

Whoever reads that mail keeps the listing, so this is the door a hijacker would try: the new
address is proven by a mailed link, the old one is told at once and may stop it for seven days.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, select

from asset_hub.accounts.models import Account
from asset_hub.core import audit, db, ids, outbox, throttle
from asset_hub.core.errors import RuleBroken, TooOften
from asset_hub.directory import queries
from asset_hub.directory.models import (
    Asker,
    Asks,
    ChangeLink,
    ChangeLinkFor,
    ChangeRequest,
    ChangeState,
    Parts,
    RevisionCause,
    Service,
)
from asset_hub.directory.rules import changes as rules
from asset_hub.directory.rules import snapshot
from asset_hub.directory.service.applying import apply, seen_afresh
from asset_hub.directory.service.deciding import OPEN, PROVE_LIFE, decide, give_link, tell_team
from asset_hub.directory.service.links import ENDED, end_links, send_link

STOP_LIFE = PROVE_LIFE + rules.NOTICE
DAY = timedelta(days=1)
MOST_TO_ONE, MOST_OF_ONE, MOST_BY_ONE = 3, 5, 10  # requests a day: to an address, of a listing
_NOBODY: Parts = {"contact": {"email": ""}, "email": ""}
STOPPED = "The address that mail went to says that it was not them."


def ask(
    session: Session,
    service: Service,
    seen: Parts,
    wanted: Parts,
    *,
    asker: Asker,
    by: Account | None,
    made_on: int,
    now: datetime,
) -> tuple[Parts, ChangeRequest | None]:
    """Take a new address for mail out of a change; return the rest, and what waits for proof.

    Without a private contact (an import) mail goes to the public address, so that counts too.
    """
    old, new = rules.mail_of(seen), rules.mail_of({**seen, **wanted})
    private = seen["contact"]["email"]
    gone = private and not {**seen, **wanted}["contact"]["email"]
    if _same(old, new) and not gone:
        return wanted, None
    names = {"contact"} if private else {"contact", "email"}
    asked = {name: value for name, value in wanted.items() if name in names}
    rest = {name: value for name, value in wanted.items() if name not in names}
    if not new or gone:
        raise RuleBroken("Enter an email address: we write there about the listing",
                         field="contact_email")  # fmt: skip
    said = json.dumps([str(service.id), asker.value, str(by and by.id), new.casefold()])
    row = ChangeRequest(
        service_id=service.id, made_on=made_on, asks=Asks.ADDRESS, asker=asker,
        by_id=by.id if by else None, before=snapshot.only(sorted(asked), seen),
        after=asked, state=ChangeState.UNPROVEN, submitted_at=now,
        once=ids.digest(said),
    )  # fmt: skip
    older = _open(session, service, row.once)
    if not db.claim(session, row):
        return rest, session.exec(select(ChangeRequest).where(ChangeRequest.once == row.once)).one()
    _count(session, service, new, by=by, now=now)
    for one in older:
        decide(session, one, to=ChangeState.SUPERSEDED, by=row.by_id, now=now, before=OPEN)
    change = session.get_one(ChangeRequest, row.id)
    _write_to_both(session, change, new, now)
    return rest, change


def _count(
    session: Session, service: Service, new: str, *, by: Account | None, now: datetime
) -> None:
    """Let nobody fill a mailbox by asking: raise TooOften past a few a day."""
    throttle.hit(session, "address-to", new, limit=MOST_TO_ONE, per=DAY, now=now)
    throttle.hit(session, "address-of", str(service.id), limit=MOST_OF_ONE, per=DAY, now=now)
    if by is not None:
        throttle.hit(session, "address-by", str(by.id), limit=MOST_BY_ONE, per=DAY, now=now)


def _first_today(session: Session, to: str, now: datetime) -> bool:
    try:
        throttle.hit(session, "address-mail", to, limit=1, per=DAY, now=now)
    except TooOften:
        return False
    return True


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _open(session: Session, service: Service, once: str | None) -> list[ChangeRequest]:
    wanted = select(ChangeRequest).where(
        ChangeRequest.service_id == service.id,
        ChangeRequest.asks == Asks.ADDRESS,
        ChangeRequest.state.in_(OPEN),  # type: ignore[attr-defined]
        ChangeRequest.once != once,
    )
    return list(session.exec(wanted))


def _write_to_both(session: Session, change: ChangeRequest, new: str, now: datetime) -> None:
    old = queries.contact_email(change.service)
    mails = [("address-prove", new, ChangeLinkFor.PROVE, PROVE_LIFE)]
    if old:
        mails.append(("address-announced", old, ChangeLinkFor.STOP, STOP_LIFE))
    for kind, to, purpose, life in mails:
        token = give_link(session, change, purpose, now=now, life=life)
        outbox.post(
            session, kind, to=to, cause=f"{kind}:{change.id}", now=now,
            facts={"change_id": str(change.id), "token": token},
            any_hour=_first_today(session, to, now),
        )  # fmt: skip


def prove(session: Session, link: ChangeLink, *, now: datetime) -> bool:
    """Take the word of whoever reads the new address; False when that has happened."""
    change = must_be_open(link, now)
    if change.state is not ChangeState.UNPROVEN:
        return False
    change.state, change.proven_at, link.used_at = ChangeState.WAITING, now, now
    session.flush()
    audit.note(session, "prove change", change, by=None, now=now)
    tell_team(session, change, now)
    return True


def stop(session: Session, link: ChangeLink, *, now: datetime) -> bool:
    """End a change of address on the word of the old one; every link of the listing ends too.

    The old address gets a new one. False when the change had ended by itself.
    """
    change = must_be_open(link, now)
    to = ChangeState.WITHDRAWN
    if not decide(session, change, to=to, by=None, now=now, message=STOPPED, before=OPEN):
        return False
    link.used_at = now
    end_links(session, change.service, now)
    send_link(session, change.service, now=now, kind="listing-keep")
    return True


def must_be_open(link: ChangeLink, now: datetime) -> ChangeRequest:
    """Return the change of a link; refuse a link that has ended."""
    if link.expires_at <= now:
        raise RuleBroken(ENDED)
    return link.change


def settle(
    session: Session,
    change: ChangeRequest,
    *,
    by: Account | None,
    now: datetime,
    picks: Mapping[str, str],
) -> None:
    """Let mail go to the new address, and send it a link to keep the listing right."""
    service = change.service
    parts = rules.chosen(change.before, snapshot.parts_of(service), change.after, picks)
    cause = RevisionCause.CHANGE
    if not apply(session, service, parts, by=by, cause=cause, now=now, change_id=change.id):
        return
    proven = rules.mail_of({**_NOBODY, **change.after})
    for contact in service.contacts:
        if _same(contact.email, proven):
            contact.proven_at = change.proven_at
    session.flush()
    send_link(session, service, now=now, kind="listing-keep")


def take_effect(session: Session, change: ChangeRequest, *, now: datetime) -> bool:
    """Let a proven address count once the old one has had seven days to say no.

    A contact that somebody has changed meanwhile waits for a human.
    """
    service = seen_afresh(session, change.service)
    there = snapshot.parts_of(service)
    due = change.submitted_at <= now - rules.NOTICE and queries.contact_email(service)
    waits = change.state is ChangeState.WAITING and change.proven_at is not None
    if not (due and waits) or snapshot.conflicts(change.before, there, change.after):
        return False
    settle(session, change, by=None, now=now, picks={})
    return decide(session, change, to=ChangeState.APPROVED, by=None, now=now)
