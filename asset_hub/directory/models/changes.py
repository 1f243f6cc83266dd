"""Changes: those that wait to be looked at, those that were made, and who is told of them.

Both hold names of parts with what they were and what they are to be (see `rules.snapshot`).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import JSON, Column, Field, Relationship

from asset_hub.core.crypto import sealed
from asset_hub.core.db import Row, Versioned, choice, moment
from asset_hub.directory.models.parts import Parts
from asset_hub.directory.models.services import Service


def _parts() -> Any:
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class RevisionCause(StrEnum):
    """How a listing came to be changed."""

    EDIT = "edit"  # by somebody who may
    CHANGE = "change"  # a suggested change was approved
    CONTACT = "contact"  # by those who run it, through their mailed link
    MERGE = "merge"
    UNDO = "undo"
    IMPORT = "import"  # a feed or a file says it otherwise than before
    TOPIC = "topic"  # one of its topics became another for all listings, or two again


class Revision(Row, table=True):
    """One change that was made to a service: what the changed parts were, and what they are."""

    __table_args__ = (UniqueConstraint("service_id", "number"),)

    service_id: UUID = Field(foreign_key="service.id", index=True)
    number: int
    version: int = 0  # of the service, once it was changed
    at: datetime = moment(index=True)
    by_id: UUID | None = Field(default=None, foreign_key="account.id")
    cause: RevisionCause = choice(RevisionCause)
    change_id: UUID | None = Field(default=None, foreign_key="change_request.id")
    undoes_id: UUID | None = Field(default=None, foreign_key="revision.id")
    before: Parts = _parts()
    after: Parts = _parts()

    service: Service = Relationship()


class Asker(StrEnum):
    """Who asks for a change."""

    VISITOR = "visitor"
    CONTACT = "contact"  # those who run it, by their mailed link
    OWNER = "owner"  # those who run it, with an account


class Asks(StrEnum):
    """What is asked for."""

    CHANGE = "change"
    ADDRESS = "address"  # mail about it goes to another address from now on
    GONE = "gone"  # it does not run any more
    CLAIM = "claim"  # somebody says that they run it


class ChangeState(StrEnum):
    """Where a suggested change stands."""

    UNPROVEN = "unproven"  # waits for a mailed link to be used
    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"  # declined, with words
    SUPERSEDED = "superseded"  # a newer one took its place
    WITHDRAWN = "withdrawn"


class ChangeRequest(Versioned, table=True):
    """An edit waiting for approval; the last approved copy stays public.

    `made_on` is the version of the service that its author saw. `before` holds the parts to be
    changed as they were then, `after` as they are to be.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('unproven', 'waiting')) = (decided_at IS NULL)",
            name="decided_when_not_waiting",
        ),
        CheckConstraint(  # nobody decides a change that a mailed link takes back
            "decided_by_id IS NULL OR decided_at IS NOT NULL", name="decided_by_somebody_then"
        ),
    )

    service_id: UUID = Field(foreign_key="service.id", index=True)
    made_on: int
    asks: Asks = choice(Asks, default=Asks.CHANGE)
    asker: Asker = choice(Asker, default=Asker.VISITOR)
    by_id: UUID | None = Field(default=None, foreign_key="account.id")
    before: Parts = _parts()
    after: Parts = _parts()
    comment: str = Field(default="", max_length=2000)
    reply_sealed: bytes | None = None  # where to write to whoever asked, when they want it
    photo_id: UUID | None = Field(default=None, foreign_key="photo.id")
    state: ChangeState = choice(ChangeState, default=ChangeState.WAITING, index=True)
    submitted_at: datetime = moment(index=True)
    decided_at: datetime | None = moment(default=None)
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    message: str = Field(default="", max_length=1000)
    once: str | None = Field(default=None, max_length=64, unique=True)  # a double click is one
    author: str = Field(default="", max_length=64, index=True)  # whose newer one supersedes it
    proven_at: datetime | None = moment(default=None)  # a mailed link says that it is theirs

    reply = sealed("reply_sealed")
    service: Service = Relationship()

    @property
    def community_id(self) -> UUID | None:
        """Return the service's community: whoever approves there decides. Lists join Service."""
        return self.service.community_id

    @property
    def organization_id(self) -> UUID:
        """Return the service's organisation."""
        return self.service.organization_id


class ChangeLinkFor(StrEnum):
    """What a link about a change is for."""

    FOLLOW = "follow"  # its author sees what became of it, and may take it back
    PROVE = "prove"  # whoever reads the mail says that it is right
    STOP = "stop"  # whoever read the mail until now says that it was not them


class ChangeLink(Row, table=True):
    """A link about one change, good for one thing."""

    __tablename__ = "change_link"

    change_id: UUID = Field(foreign_key="change_request.id", index=True)
    purpose: ChangeLinkFor = choice(ChangeLinkFor)
    digest: str = Field(max_length=64, unique=True)
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)

    change: ChangeRequest = Relationship()


class Photo(Row, table=True):
    """A picture of a service, re-encoded: nothing of the file that came, nor where it was taken."""

    service_id: UUID = Field(foreign_key="service.id", index=True)
    digest: str = Field(max_length=64)
    jpeg: bytes
    small: bytes  # the same for cards: 640 pixels at most (see `rules.photos`)
    width: int
    height: int
    alt: str = Field(max_length=200)
    credit: str = Field(default="", max_length=100)
    by_id: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = moment()


class Watch(Row, table=True):
    """Somebody is told by mail, without an account, when a listing or a community's change."""

    __table_args__ = (
        CheckConstraint("(service_id IS NULL) <> (community_id IS NULL)", name="watches_one_thing"),
        UniqueConstraint("email_print", "service_id"),
        UniqueConstraint("email_print", "community_id"),
    )

    email_sealed: bytes | None = None
    email_print: str = Field(max_length=64, index=True)  # keyed: finds it without opening it
    service_id: UUID | None = Field(default=None, foreign_key="service.id", index=True)
    community_id: UUID | None = Field(default=None, foreign_key="community.id", index=True)
    digest: str = Field(max_length=64, unique=True)  # of the link that stops it
    confirm_digest: str = Field(max_length=64, unique=True)  # of the link that begins it
    created_at: datetime = moment()
    confirmed_at: datetime | None = moment(default=None)
    told_at: datetime | None = moment(default=None)

    email = sealed("email_sealed")
