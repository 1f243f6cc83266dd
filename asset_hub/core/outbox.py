"""The outbox: a message is a row written with its cause; the worker renders and sends it.

States: due → leased → sent, or withheld (the composer said no), or parked (hopeless).
A claim is a lease with a fencing token: a worker that was killed or frozen loses its lease,
another sends the message again under the same Message-ID, and a late finish changes nothing.
"""

import json
import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app, render_template
from jinja2 import TemplateNotFound
from sqlalchemy import Index, and_, or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from asset_hub.config import Settings, current_settings
from asset_hub.core import calendar, clock, db, ids
from asset_hub.core.crypto import sealed
from asset_hub.core.db import Row, choice, moment
from asset_hub.core.mail import Refused, Transport, transport

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BATCH = 20
MOST_ATTEMPTS = 60  # at two hours each at the end, four days and more
LONGEST_WAIT = timedelta(hours=2)

Composer = Callable[[Session, dict[str, Any]], dict[str, Any] | None]
_COMPOSERS: dict[str, Composer] = {}


class MessageState(StrEnum):
    """Where a message stands."""

    DUE = "due"
    LEASED = "leased"
    SENT = "sent"
    WITHHELD = "withheld"
    PARKED = "parked"


class Message(Row, table=True):
    """One mail to one address. `facts` holds ids and links; words about people come at sending."""

    __table_args__ = (Index("ix_message_ready", "state", "due_at"),)

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

    `kind` names templates/emails/<kind>.{subject,txt,html}. `any_hour` is for answers to what
    the reader did a moment ago (confirm, reset); everything else keeps the quiet hours.
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
        while way is not None and (batch := _claim(clock.now())):
            sent += sum(_deliver_one(way, key, token) for key, token in batch)
    return sent


def _claim(now: datetime) -> list[tuple[UUID, str]]:
    """Lease the longest waiting messages with a new token; nobody else gets them meanwhile."""
    token = ids.token()
    table: Any = Message
    expired = and_(table.state == MessageState.LEASED, table.lease_until < now)
    ready = or_(and_(table.state == MessageState.DUE, table.due_at <= now), expired)
    if calendar.is_quiet(now):
        ready = and_(ready, table.any_hour)
    pick = select(table.id).where(ready).order_by(table.due_at, table.id).limit(BATCH)
    picked = pick.with_for_update(skip_locked=True).scalar_subquery()
    lease = (
        update(table)
        .where(table.id.in_(picked))
        .values(
            state=MessageState.LEASED,
            lease_until=now + LEASE,
            token=token,
            attempts=table.attempts + 1,
        )
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    with db.transaction() as session:
        return [(row[0], token) for row in session.exec(lease).all()]


def _deliver_one(way: Transport, key: UUID, token: str) -> bool:
    settings = current_settings()
    # Links need a base, so mails are rendered as if asked for at the site's own address.
    with current_app.test_request_context(base_url=settings.site_url):
        session = db.session()
        message = session.get_one(Message, key)
        try:
            letter = _letter(session, message, settings)
        except (MessageError, ValueError, TemplateNotFound, LookupError) as error:
            log.exception("message %s cannot be written", key)
            return _finish(key, token, MessageState.PARKED, error=type(error).__name__)
        attempts = message.attempts
        session.rollback()
    if letter is None:
        return _finish(key, token, MessageState.WITHHELD)
    try:
        way.send(letter)
    except Refused as refused:
        return _finish(key, token, MessageState.PARKED, error=f"refused {refused}")
    except (OSError, smtplib.SMTPException) as error:
        return _put_back(key, token, attempts, type(error).__name__)
    return _finish(key, token, MessageState.SENT)


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
    letter.set_content(render_template(f"{name}.txt", **context).strip() + "\n")
    letter.add_alternative(render_template(f"{name}.html", **context), subtype="html")
    return letter


def _finish(key: UUID, token: str, state: MessageState, *, error: str = "") -> bool:
    """Record the end of a try, only if the lease is still ours; return whether a mail left."""
    now = clock.now()
    sent_at = now if state is MessageState.SENT else None
    _update(key, token, state=state, sent_at=sent_at, lease_until=None, error=error[:200])
    return state is MessageState.SENT


def _put_back(key: UUID, token: str, attempts: int, error: str) -> bool:
    """Try again later, each time after a longer wait; park what nobody will ever take."""
    wait = min(timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_WAIT)
    state = MessageState.DUE if attempts < MOST_ATTEMPTS else MessageState.PARKED
    _update(key, token, state=state, due_at=clock.now() + wait, lease_until=None, error=error)
    return False


def _update(key: UUID, token: str, **values: Any) -> None:
    table: Any = Message
    ours = and_(table.id == key, table.state == MessageState.LEASED, table.token == token)
    change = update(table).where(ours).values(**values)
    with db.transaction() as session:
        session.exec(change.execution_options(synchronize_session=False))


def parked(session: Session) -> list[Message]:
    """Return what could not be sent, for a human to look at."""
    wanted = select(Message).where(Message.state == MessageState.PARKED)
    return list(session.exec(wanted.order_by(col(Message.due_at))).all())


TABLE = SQLModel.metadata.tables["message"]
