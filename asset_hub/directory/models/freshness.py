"""Signs of life, and the ladder that asks for one."""

from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, Relationship, SQLModel

from asset_hub.core.db import EMPTY, ZERO, Row, choice, moment
from asset_hub.directory.models.services import Service


class Age(IntEnum):
    """How a listing has aged, for words, fading and ranking (`Listing.stage`)."""

    SURE = 0  # somebody said within six months that it is right
    AGEING = 1  # up to nine months ago, or only weaker signs of life
    OLD = 2  # longer ago, or said to have stopped and nobody has answered
    UNKNOWN = 3  # never


class Sign(StrEnum):
    """What a sign of life, or of its end, is."""

    OWNER_CONFIRMED = "owner_confirmed"
    VISITED = "visited"  # a champion or coordinator looked
    ACCEPTED = "accepted"  # the group took a connection
    ATTENDED = "attended"  # somebody went
    REPORTED_GONE = "reported_gone"
    MAIL_BOUNCED = "mail_bounced"


class Signal(Row, table=True):
    """Something that says whether a service is alive. One `cause` is one signal."""

    __table_args__ = (Index("ix_signal_of_service", "service_id", "at"),)

    service_id: UUID = Field(foreign_key="service.id")
    sign: Sign = choice(Sign)
    at: datetime = moment()
    by_id: UUID | None = Field(default=None, foreign_key="account.id")
    cause: str = Field(max_length=120, unique=True)
    note: str = Field(default="", max_length=300)
    # Tells those apart who report that it has gone: a keyed hash of their network or account
    said_by: str = Field(default="", max_length=64, sa_column_kwargs=EMPTY)


class WordGiven(Row, table=True):
    """A champion's word that a listing is right, and how it stood before: to take it back that day.

    The sign itself is a `Signal`; one that was taken back is none any more, and this remembers it.
    """

    __tablename__ = "word_given"
    __table_args__ = (Index("ix_word_given_by", "by_id", "at"),)

    service_id: UUID = Field(foreign_key="service.id", index=True)
    by_id: UUID = Field(foreign_key="account.id")
    sign: Sign = choice(Sign)
    at: datetime = moment()
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    taken_back_at: datetime | None = moment(default=None)

    service: Service = Relationship()


class Step(StrEnum):
    """How far asking has come."""

    QUIET = "quiet"  # nothing to ask yet
    ASKED = "asked"
    REMINDED = "reminded"
    TO_CHECK = "to_check"  # on a champion's list
    HIDDEN = "hidden"


class Upkeep(SQLModel, table=True):
    """Where a listing stands on the ladder, and the day on which the next step is due."""

    __table_args__ = (Index("ix_upkeep_due", "due_on", "service_id"),)

    service_id: UUID = Field(foreign_key="service.id", primary_key=True)
    step: Step = choice(Step, default=Step.QUIET, index=True)
    due_on: date | None = None  # None: nothing is due by itself
    since: datetime = moment()  # when the present step began
    # Tries besides at this step: further reminders, or a champion's who reached nobody
    tries: int = Field(default=0, sa_column_kwargs=ZERO)

    service: Service = Relationship()


class LinkedListing(SQLModel, table=True):
    """A further listing that a mailed link opens: one contact keeps several, and has one mail."""

    __tablename__ = "linked_listing"

    link_id: UUID = Field(foreign_key="listing_link.id", primary_key=True)
    service_id: UUID = Field(foreign_key="service.id", primary_key=True, index=True)

    service: Service = Relationship()


class PatchMail(SQLModel, table=True):
    """The weekly mail to a champion about their list: when it last left, or that it shall not."""

    __tablename__ = "patch_mail"

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    week: str = Field(default="", max_length=8, sa_column_kwargs=EMPTY)  # last looked at: 2026-W37
    told_at: datetime | None = moment(default=None)
    stopped_at: datetime | None = moment(default=None)
