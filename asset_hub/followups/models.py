"""What is due, what was heard, and who was reminded."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, Relationship

from asset_hub.accounts.models import Account
from asset_hub.connections.models import Connection, State
from asset_hub.core.crypto import sealed
from asset_hub.core.db import Row, choice, moment

NOTE_LENGTH = 1000  # letters; sealed, so the column cannot say it


class Outcome(StrEnum):
    """What was heard, in the order a navigator would hope for."""

    GOING_WELL = "going_well"
    WENT_ONCE = "went_once"
    NOT_YET = "not_yet"
    WRONG_FIT = "wrong_fit"
    COULD_NOT_REACH = "could_not_reach"
    NEEDS_MORE = "needs_more"


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.GOING_WELL: "It is going well",
    Outcome.WENT_ONCE: "They went once",
    Outcome.NOT_YET: "They have not been yet",
    Outcome.WRONG_FIT: "It does not suit them",
    Outcome.COULD_NOT_REACH: "I could not reach them",
    Outcome.NEEDS_MORE: "They need something more",
}
OUTCOME_HINTS: dict[Outcome, str] = {
    Outcome.GOING_WELL: "They go, and they are glad of it.",
    Outcome.WENT_ONCE: "They have been along, and it is too early to say.",
    Outcome.NOT_YET: "They still mean to go.",
    Outcome.WRONG_FIT: "You can connect them to another group next.",
    Outcome.COULD_NOT_REACH: "No answer. After three times in a row you can close it.",
    Outcome.NEEDS_MORE: "Something else came up that needs a helping hand.",
}
LAST_TRY = "No answer again. That makes three times in a row or more: you can close it."
DUE_WORDS: dict[State, str] = {
    State.DRAFT: "Finish what was begun",
    State.OFFERED: "See what they think of it",
    State.AGREED: "The group is not told yet",
    State.SENT: "The group has not answered yet",
    State.SEEN: "The group has read it, and not answered yet",
    State.ACCEPTED: "The group said yes: introduce them",
    State.INTRODUCED: "See whether they went",
    State.ATTENDED: "Hear how it is going",
    State.SETTLED: "See whether it can be closed",
    State.DECLINED_BY_GROUP: "The group said no: find another",
    State.WAITING: "The wait is over: see whether it can go on",
}


_LIVE = text("done_at IS NULL AND dropped_at IS NULL")


class FollowUp(Row, table=True):
    """One planned look at how a connection goes; `done_at` or `dropped_at` once it is over."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("connection_id", "step"),
        # few looks are still to come, however long the history grows
        Index("ix_follow_up_live", "connection_id", sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    connection_id: UUID = Field(foreign_key="connection.id")
    step: int
    days: int  # after the introduction, as the plan says; `due_on` is moved to a working day
    due_on: date
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

    @property
    def words(self) -> str:
        """Return what was heard, as the page says it."""
        return OUTCOME_WORDS[self.outcome]


class Reminder(Row, table=True):
    """Proof that an owner was told about a date: unique, so that they are told once."""

    __table_args__ = (UniqueConstraint("connection_id", "due_on", "owner_id"),)

    connection_id: UUID = Field(foreign_key="connection.id")
    owner_id: UUID = Field(foreign_key="account.id")
    due_on: date
    at: datetime = moment()
