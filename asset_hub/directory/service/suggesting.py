"""What any visitor may do without an account: suggest a change, or say that a group has gone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from asset_hub.accounts.models import Account
from asset_hub.core import crypto, ids, throttle
from asset_hub.core.errors import RuleBroken, TooOften
from asset_hub.core.words import plain_email
from asset_hub.directory import queries
from asset_hub.directory.models import (
    Asker,
    Asks,
    ChangeLinkFor,
    ChangeRequest,
    ChangeState,
    Parts,
    Service,
    Sign,
    Standing,
)
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.prose import straight
from asset_hub.directory.service.changes import keep_once, propose, with_words
from asset_hub.directory.service.deciding import FOLLOW_LIFE, give_link
from asset_hub.directory.service.freshness import signal
from asset_hub.directory.service.links import send_link

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
MONTH = timedelta(days=30)
MOST_OF_ONE = 30  # suggestions a day about one listing from one network
MOST_OF_ALL = 300  # and from everybody: one network must not shut the others out
OPEN_PARTS = ("name", "when_words", "where_words", "fees", "phone", "email", "url", "how_to_join")
NOTHING = "Nothing is different yet. Change what is not right, or say in your own words what is."


def suggest(
    session: Session,
    service: Service,
    parts: Mapping[str, Any],
    *,
    comment: str,
    reply: str,
    once: str,
    address: str,
    author: str,
    now: datetime,
    by: Account | None = None,
) -> ChangeRequest:
    """Keep a visitor's suggestion; `once` also is the token of the link that follows it.

    `address` is where the request came from: a network may send 20 an hour. `author` is a secret
    of the visitor's browser: what it sent before gives way to what it sends now. What it said in
    an older version is not for strangers: it is compared with the present one.
    """
    _count(session, service, address=address, reply=reply, now=now)
    packed = of.pack(parts)
    of.must_add_up(packed)
    change = propose(
        session, service, packed, made_on=service.version, asker=Asker.VISITOR, by=by,
        comment=comment, reply=reply, now=now, once=once, author=ids.digest(author),
    )  # fmt: skip
    if change is None:
        raise RuleBroken(NOTHING)
    life = FOLLOW_LIFE
    give_link(session, change, ChangeLinkFor.FOLLOW, now=now, life=life, token=once)
    return change


def report_gone(
    session: Session,
    service: Service,
    *,
    reason: str,
    found_out: str,
    comment: str,
    reply: str,
    once: str,
    address: str,
    now: datetime,
    by: Account | None = None,
) -> ChangeRequest:
    """Keep a visitor's word that a group has gone; ask the group itself, once a week at most.

    A network reports 3 a day, and each listing once a month.
    """
    _count(session, service, address=address, reply=reply, now=now)
    lately = _reported_since(session, service, now - WEEK)
    row = ChangeRequest(
        service_id=service.id, made_on=service.version, asks=Asks.GONE, asker=Asker.VISITOR,
        by_id=by.id if by else None, comment=straight(comment), submitted_at=now,
        after={"reason": reason, "found_out": straight(found_out)}, author=_teller(by, address),
    )  # fmt: skip
    key, again = row.id, _told_since(session, row, now - MONTH)
    change = keep_once(session, row, once=once, reply=reply, now=now)
    if change.id == key:  # not the second of two clicks
        _count_reports(session, address=address, again=again, now=now)
    give_link(session, change, ChangeLinkFor.FOLLOW, now=now, life=FOLLOW_LIFE, token=once)
    gone = Sign.REPORTED_GONE
    signal(
        session, service, gone, at=now, by=by, cause=f"change:{change.id}", note=reason,
        said_by=change.author,
    )  # fmt: skip
    asked = lately or service.standing is not Standing.LISTED
    if not asked and queries.contact_email(service):
        send_link(session, service, now=now, kind="listing-reported")
    return change


def _teller(by: Account | None, address: str) -> str:
    """Return what tells those apart who report: a keyed hash of their account or network."""
    return crypto.vault().fingerprint(f"gone:{by.id if by else throttle.network(address)}")


def _told_since(session: Session, row: ChangeRequest, since: datetime) -> bool:
    wanted = select(ChangeRequest.id).where(
        ChangeRequest.service_id == row.service_id,
        ChangeRequest.asks == Asks.GONE,
        ChangeRequest.author == row.author,
        ChangeRequest.submitted_at > since,
    )
    return session.exec(wanted).first() is not None


def _count_reports(session: Session, *, address: str, again: bool, now: datetime) -> None:
    """Refuse a fourth report a day from a network, and a second about one listing in a month."""
    throttle.hit(session, "gone", throttle.network(address), limit=3, per=DAY, now=now)
    if again:
        raise TooOften(int(DAY.total_seconds()))


def _reported_since(session: Session, service: Service, since: datetime) -> bool:
    wanted = select(ChangeRequest.id).where(
        ChangeRequest.service_id == service.id,
        ChangeRequest.asks == Asks.GONE,
        ChangeRequest.state != ChangeState.UNPROVEN,
        ChangeRequest.submitted_at > since,
    )
    return session.exec(wanted).first() is not None


def _count(session: Session, service: Service, *, address: str, reply: str, now: datetime) -> None:
    home = throttle.network(address)
    throttle.hit(session, "suggest", home, limit=20, per=HOUR, now=now, even_refused=True)
    here = f"{service.id} {home}"
    throttle.hit(session, "suggest-from", here, limit=MOST_OF_ONE, per=DAY, now=now)
    throttle.hit(session, "suggest-for", str(service.id), limit=MOST_OF_ALL, per=DAY, now=now)
    if reply:
        throttle.hit(session, "suggest-by", plain_email(reply), limit=10, per=DAY, now=now)


def as_now(service: Service) -> Parts:
    """Return what everybody may read of a listing, by the names of the parts they may suggest."""
    parts = with_words(service, snapshot.parts_of(service))
    return {name: parts[name] for name in OPEN_PARTS}
