"""The outbox: a message is a row written with its cause; the worker renders and sends it.

States: due → leased → sent, or withheld (the composer said no), or parked (hopeless).
A claim is a lease with a fencing token: a worker that was killed or frozen loses its lease,
another sends the message again under the same Message-ID, and a late finish changes nothing.
New messages leave in batches; one that was tried before is taken alone, so that a message which
brings its worker down takes no other with it.
"""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from enum import StrEnum
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app, render_template
from jinja2 import TemplateNotFound
from sqlalchemy import CheckConstraint, Index, and_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Field, Session

from asset_hub.config import Settings, current_settings
from asset_hub.core import calendar, clock, db, ids
from asset_hub.core.crypto import sealed
from asset_hub.core.db import Row, choice, moment
from asset_hub.core.fleeting import wiped
from asset_hub.core.mail import Refused, Transport, Unreachable, transport

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)  # longer than one letter can take (core.mail.TIMEOUT)
FREE: dict[str, Any] = {"lease_until": None, "token": None}
FRESH = timedelta(seconds=5)  # a lease older than this is renewed before a letter leaves
BATCH = 20
MOST_ATTEMPTS = 60  # at two hours each at the end, four days and more
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)
CRASHES = 2  # a message whose worker died this often waits before it is tried again

Composer = Callable[[Session, dict[str, Any]], dict[str, Any] | None]
_COMPOSERS: dict[str, Composer] = {}
_REFUSED: dict[str, "OnRefusal"] = {}


class MessageState(StrEnum):
    """Where a message stands."""

    DUE = "due"
    LEASED = "leased"
    SENT = "sent"
    WITHHELD = "withheld"
    PARKED = "parked"


class Message(Row, table=True):
    """One mail to one address. `facts` holds ids and links; words about people come at sending."""

    __table_args__ = (
        Index("ix_message_ready", "state", "due_at"),
        CheckConstraint("(state = 'leased') = (token IS NOT NULL)", name="leased_with_a_token"),
        CheckConstraint("(token IS NULL) = (lease_until IS NULL)", name="token_with_a_lease"),
    )

    kind: str = Field(max_length=60)
    cause: str = Field(max_length=160, unique=True)
    to_sealed: bytes | None = None
    facts_sealed: bytes | None = None
    any_hour: bool = False
    state: MessageState = choice(MessageState, default=MessageState.DUE)
    due_at: datetime = moment()
    created_at: datetime = moment()
    sent_at: datetime | None = moment(default=None)
    lease_until: datetime | None = moment(default=None)
    token: str | None = Field(default=None, max_length=64)
    attempts: int = 0
    error: str = Field(default="", max_length=200)

    to = sealed("to_sealed")
    facts_text = sealed("facts_sealed")

    @property
    def facts(self) -> dict[str, Any]:
        """Return the facts; they are sealed because a link in them may be a key."""
        return dict(json.loads(self.facts_text or "{}"))


class OnRefusal(Protocol):
    """What follows when the other side will never take a message; never raises for old facts."""

    def __call__(self, session: Session, message: Message, *, now: datetime) -> None:
        """Do what follows."""


def refused(kind: str) -> Callable[[OnRefusal], OnRefusal]:
    """Declare what follows when a message of a kind is refused for good as it is handed over.

    It happens in the transaction that parks the message, so once and never without it; or when
    the refusal comes back later as a mail (see `came_back`).
    """

    def register(act: OnRefusal) -> OnRefusal:
        _REFUSED[kind] = act
        return act

    return register


def composer(kind: str) -> Callable[[Composer], Composer]:
    """Declare who turns a message's facts into its template's context when it is sent.

    The function gets (session, facts) and returns the context, or None to withhold the message
    (agreement withdrawn, no longer true). Without one, the facts themselves are the context.
    """

    def register(compose: Composer) -> Composer:
        _COMPOSERS[kind] = compose
        return compose

    return register


def post(
    session: Session,
    kind: str,
    *,
    to: str,
    cause: str,
    now: datetime,
    facts: dict[str, Any] | None = None,
    any_hour: bool = False,
) -> bool:
    """Write a message with its cause; return False when that cause has been written already.

    `kind` names templates/emails/<kind>.{subject,txt,html} and, when it has headers of its own,
    .headers. `any_hour` is for answers to what the reader did a moment ago (confirm, reset);
    everything else keeps the quiet hours.
    """
    message = Message(
        kind=kind,
        cause=cause,
        any_hour=any_hour,
        due_at=now if any_hour else calendar.loud_from(now),
        created_at=now,
    )
    message.to = to
    message.facts_text = json.dumps(facts or {}, default=str)
    return db.claim(session, message)


def deliver() -> int:
    """Send what is due, a batch at a time, until nothing is; return how many left."""
    sent = 0
    with transport(current_settings()) as way:
        if way is None:
            return 0
        _take_back(clock.now())
        while batch := _claim(clock.now()):
            for place, lease in enumerate(batch):
                try:
                    sent += _deliver_one(way, lease)
                except Unreachable as error:  # nothing else would leave now either
                    _put_back(lease, f"unreachable {error}")
                    _let_go(batch[place + 1 :])
                    return sent
    return sent


class _Lease(NamedTuple):
    """A message that is ours to send until `until`."""

    key: UUID
    attempts: int
    any_hour: bool
    token: str
    until: datetime


def _claim(now: datetime) -> list[_Lease]:
    """Lease the longest waiting new messages, or one that was tried before, to nobody else."""
    table: Any = Message
    return _lease(now, table.attempts == 0, BATCH) or _lease(now, table.attempts > 0, 1)


def _lease(now: datetime, which: Any, count: int) -> list[_Lease]:
    token, until = ids.token(), now + LEASE
    table: Any = Message
    ready = and_(table.state == MessageState.DUE, table.due_at <= now, which)
    if calendar.is_quiet(now):
        ready = and_(ready, table.any_hour)
    pick = select(table.id).where(ready).order_by(table.due_at, table.id).limit(count)
    picked = pick.with_for_update(skip_locked=True).scalar_subquery()
    lease = (
        update(table)
        .where(table.id.in_(picked))
        .values(
            state=MessageState.LEASED, lease_until=until, token=token, attempts=table.attempts + 1
        )
        .returning(table.id, table.attempts, table.any_hour)
        .execution_options(synchronize_session=False)
    )
    with db.transaction() as session:
        found = session.execute(lease).all()
    return [_Lease(row.id, row.attempts, row.any_hour, token, until) for row in found]


def _take_back(now: datetime) -> None:
    """Make messages due again whose worker was killed or froze; a repeated crash waits longer."""
    table: Any = Message
    over = select(table.id, table.attempts, table.any_hour, table.token, table.lease_until).where(
        table.state == MessageState.LEASED, table.lease_until < now
    )
    with db.transaction() as session:
        found = [_Lease(*row) for row in session.execute(over).all()]
    for lease in found:
        _put_back(lease, "lease ran out", waits=lease.attempts - CRASHES)


def _deliver_one(way: Transport, lease: _Lease) -> bool:
    now = clock.now()
    if calendar.is_quiet(now) and not lease.any_hour:  # the evening came while the batch left
        _update(lease, state=MessageState.DUE, due_at=calendar.loud_from(now), **FREE)
        return False
    if now > lease.until - LEASE + FRESH and not _update(lease, lease_until=now + LEASE):
        return False  # somebody else has it by now
    try:
        letter = _written(lease.key)
    except SQLAlchemyError as error:
        log.exception("message %s: the database did not answer", lease.key)
        return _put_back(lease, type(error).__name__)
    except Exception as error:
        log.exception("message %s cannot be written", lease.key)
        return _finish(lease, MessageState.PARKED, error=type(error).__name__)
    if letter is None:
        return _finish(lease, MessageState.WITHHELD)
    return _hand_over(way, lease, letter)


def _hand_over(way: Transport, lease: _Lease, letter: EmailMessage) -> bool:
    try:
        way.send(letter)
    except Unreachable:
        raise
    except Refused as refused:
        log.error("message %s was refused: %s", lease.key, refused)
        return _park_refused(lease, f"refused {refused}"[:200])
    except Exception as error:  # whatever it was, the message must not be lost
        return _put_back(lease, type(error).__name__)
    return _finish(lease, MessageState.SENT)


def _written(key: UUID) -> EmailMessage | None:
    """Return the letter, or None when its composer withholds it."""
    settings = current_settings()
    # Links need a base, so mails are rendered as if asked for at the site's own address.
    with current_app.test_request_context(base_url=settings.site_url):
        session = db.session()
        try:
            return _letter(session, session.get_one(Message, key), settings)
        finally:
            session.rollback()


def _letter(session: Session, message: Message, settings: Settings) -> EmailMessage | None:
    compose = _COMPOSERS.get(message.kind)
    context = compose(session, message.facts) if compose else message.facts
    if context is None:
        return None
    name = f"emails/{message.kind}"
    letter = EmailMessage()
    letter["Subject"] = " ".join(render_template(f"{name}.subject", **context).split())
    letter["From"] = Address(settings.site_name, addr_spec=settings.mail_from)
    letter["To"] = Address(addr_spec=message.to)
    letter["Date"] = message.created_at
    letter["Message-ID"] = f"<{message.id}@{urlsplit(settings.site_url).hostname}>"
    letter["Auto-Submitted"] = "auto-generated"
    for header, value in _headers(name, context):
        letter[header] = value
    letter.set_content(render_template(f"{name}.txt", **context).strip() + "\n")
    letter.add_alternative(render_template(f"{name}.html", **context), subtype="html")
    return letter


def _headers(name: str, context: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the headers of a kind that has any: templates/emails/<kind>.headers, one a line."""
    try:
        lines = render_template(f"{name}.headers", **context).splitlines()
    except TemplateNotFound:
        return
    for line in lines:
        header, found, value = line.partition(": ")
        if found:
            yield header.strip(), " ".join(value.split())


def _finish(lease: _Lease, state: MessageState, *, error: str = "") -> bool:
    """Record the end of a try, only if the lease is still ours; return whether a mail left."""
    left = state is MessageState.SENT
    sent_at = clock.now() if left else None
    forgotten = {} if state is MessageState.PARKED else wiped(Message)
    _update(lease, state=state, sent_at=sent_at, **FREE, error=error[:200], **forgotten)
    return left


def _park_refused(lease: _Lease, error: str) -> bool:
    """Park what will never be taken, with what follows; a failure there parks it alone."""
    try:
        with db.transaction() as session:
            parking = _ours(lease, state=MessageState.PARKED, **FREE, error=error)
            if session.exec(parking).first():
                message = session.get_one(Message, lease.key, populate_existing=True)
                if act := _REFUSED.get(message.kind):
                    act(session, message, now=clock.now())
    except Exception:
        log.exception("message %s: what follows from its refusal failed", lease.key)
        _finish(lease, MessageState.PARKED, error=error)
    return False


def _put_back(lease: _Lease, error: str, *, waits: int | None = None) -> bool:
    """Try again later, each time after a longer wait; park what nobody will ever take."""
    times = lease.attempts - 1 if waits is None else waits
    wait = min(FIRST_WAIT * 2 ** min(times, 10), LONGEST_WAIT) if times >= 0 else timedelta()
    state = MessageState.DUE if lease.attempts < MOST_ATTEMPTS else MessageState.PARKED
    if state is MessageState.PARKED:
        log.error("message %s was tried %s times: %s", lease.key, lease.attempts, error)
    _update(lease, state=state, due_at=clock.now() + wait, **FREE, error=error[:200])
    return False


def _let_go(leases: list[_Lease]) -> None:
    """Give messages back as if they had never been taken."""
    for lease in leases:
        _update(lease, state=MessageState.DUE, **FREE, attempts=lease.attempts - 1)


def _update(lease: _Lease, **values: Any) -> bool:
    """Change a message if it is still ours; return whether it was."""
    with db.transaction() as session:
        return session.exec(_ours(lease, **values)).first() is not None


def _ours(lease: _Lease, **values: Any) -> Any:
    table: Any = Message
    ours = and_(
        table.id == lease.key, table.state == MessageState.LEASED, table.token == lease.token
    )
    change = update(table).where(ours).values(**values).returning(table.id)
    return change.execution_options(synchronize_session=False)


def came_back(session: Session, key: UUID, *, status: str, now: datetime) -> bool:
    """Let what follows from a refusal follow, as a letter that had left came back; once.

    Return False when no such letter has left, or its return is known already.
    """
    table: Any = Message
    left = and_(table.id == key, table.state == MessageState.SENT, table.error == "")
    change = update(table).where(left).values(error=f"came back {status}"[:200])
    known = change.returning(table.id).execution_options(synchronize_session=False)
    if session.exec(known).first() is None:
        return False
    message = session.get_one(Message, key, populate_existing=True)
    if act := _REFUSED.get(message.kind):
        act(session, message, now=now)
    return True


def parked(session: Session) -> list[Message]:
    """Return the messages nobody would take, the oldest first: a human must look at them."""
    table: Any = Message
    wanted = select(Message).where(table.state == MessageState.PARKED).order_by(table.created_at)
    return list(session.execute(wanted).scalars())


def try_again(session: Session, *, now: datetime) -> int:
    """Make every parked message due again, with its tries forgotten; return how many."""
    table: Any = Message
    change = (
        update(table)
        .where(table.state == MessageState.PARKED)
        .values(state=MessageState.DUE, due_at=now, attempts=0, error="")
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(change).all())
