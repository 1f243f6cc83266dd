"""Somebody asks for a hello at a group, before anybody keeps in touch with them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, Relationship

from asset_hub.core.crypto import sealed
from asset_hub.core.db import Versioned, choice, moment
from asset_hub.directory.models import Service, Standing
from asset_hub.people.models import first_name_of


class HelloWish(StrEnum):
    """What would help somebody to come along the first time."""

    CALL = "call"
    MET = "met"
    TOGETHER = "together"


class HelloState(StrEnum):
    """Where a request for a hello stands."""

    WAITING = "waiting"  # nobody has taken it yet
    TAKEN = "taken"  # somebody keeps in touch; the words moved to the person
    WITHDRAWN = "withdrawn"  # by whoever asked
    DECLINED = "declined"  # nobody here can; whoever asked is told
    LAPSED = "lapsed"  # nobody took it in time; whoever asked is told


HELLO_WISH_WORDS: dict[HelloWish, str] = {
    HelloWish.CALL: "Somebody rings or writes to me first",
    HelloWish.MET: "Somebody meets me at the door",
    HelloWish.TOGETHER: "Somebody goes along with me",
}
HELLO_WISH_TOLD: dict[HelloWish, str] = {  # as the volunteer reads it
    HelloWish.CALL: "Would like a call or a message first",
    HelloWish.MET: "Would like to be met at the door",
    HelloWish.TOGETHER: "Would like somebody to go along",
}


class Hello(Versioned, table=True):
    """Somebody asks for a hello at a group, for themself and without an account.

    Their words are kept sealed until somebody takes it, and are wiped when it ends.
    """

    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="waits_until_it_ends"),
        CheckConstraint("(state = 'taken') = (taken_by_id IS NOT NULL)", name="taken_by_somebody"),
        CheckConstraint("state = 'waiting' OR name_sealed IS NULL", name="ended_keeps_no_words"),
        Index("ix_hello_waiting", "community_id", "state", "due_on"),
    )

    service_id: UUID = Field(foreign_key="service.id", index=True)
    community_id: UUID = Field(foreign_key="community.id")
    # Of the form's key, which is the link to follow it and take it back: a double click is one
    digest: str = Field(max_length=64, unique=True)
    state: HelloState = choice(HelloState, default=HelloState.WAITING)
    wish: HelloWish = choice(HelloWish, default=HelloWish.CALL)
    wording: str = Field(max_length=20)  # version of the words that were agreed to
    name_sealed: bytes | None = None
    phone_sealed: bytes | None = None
    email_sealed: bytes | None = None
    safety_sealed: bytes | None = None
    matters_sealed: bytes | None = None
    asked_at: datetime = moment()
    due_on: date  # the working day by which somebody should have taken it
    taken_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = moment(default=None, index=True)

    service: Service = Relationship()

    name = sealed("name_sealed")
    phone = sealed("phone_sealed")
    email = sealed("email_sealed")
    safe_contact = sealed("safety_sealed")
    matters = sealed("matters_sealed")

    @property
    def first_name(self) -> str:
        """Return what they are called, without a surname."""
        return first_name_of(self.name)

    @property
    def can_be_said(self) -> bool:
        """Return whether the group, or what it was merged into, is still listed."""
        return self.service.stands_in.standing is Standing.LISTED

    @property
    def is_waiting(self) -> bool:
        """Return whether nobody has taken it yet."""
        return self.state is HelloState.WAITING
