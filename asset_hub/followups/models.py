"""What is due, what was heard, and who was reminded."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Relationship

from asset_hub.accounts.models import Account
from asset_hub.connections.models import Connection
from asset_hub.core.crypto import sealed
from asset_hub.core.db import Row, choice, moment


class Outcome(StrEnum):
    """What was heard, in the order a navigator would hope for."""

    GOING_WELL = "going_well"
    WENT_ONCE = "went_once"
    NOT_YET = "not_yet"
    WRONG_FIT = "wrong_fit"
    COULD_NOT_REACH = "could_not_reach"
    NEEDS_MORE = "needs_more"


class FollowUp(Row, table=True):
    """One planned look at how a connection goes; `done_at` or `dropped_at` once it is over."""

    __tablename__ = "follow_up"
    __table_args__ = (UniqueConstraint("connection_id", "step"),)

    connection_id: UUID = Field(foreign_key="connection.id", index=True)
    step: int
    days: int  # after the introduction, as the plan says; `due_on` is moved to a working day
    due_on: date = Field(index=True)
    done_at: datetime | None = moment(default=None)
    dropped_at: datetime | None = moment(default=None)

    connection: Connection = Relationship()


class Attempt(Row, table=True):
    """One try to hear how it goes, and what was heard."""

    connection_id: UUID = Field(foreign_key="connection.id", index=True)
    follow_up_id: UUID | None = Field(default=None, foreign_key="follow_up.id", index=True)
    request_key: str = Field(max_length=64, unique=True)  # a double click is one attempt
    at: datetime = moment()
    by_id: UUID = Field(foreign_key="account.id")
    outcome: Outcome = choice(Outcome)
    note_sealed: bytes | None = None

    connection: Connection = Relationship()
    by: Account = Relationship()

    note = sealed("note_sealed")


class Reminder(Row, table=True):
    """Proof that an owner was told about a date: unique, so that they are told once."""

    __table_args__ = (UniqueConstraint("connection_id", "due_on", "owner_id"),)

    connection_id: UUID = Field(foreign_key="connection.id", index=True)
    owner_id: UUID = Field(foreign_key="account.id")
    due_on: date
    at: datetime = moment()
