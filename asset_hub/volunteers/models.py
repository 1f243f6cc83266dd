"""Neighbours who offer to help: as health champions, or as volunteer navigators."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import JSON, Column, Field, Relationship

from asset_hub.accounts.models import Account
from asset_hub.communities.models import Community
from asset_hub.core.db import Versioned, choice, moment


class Wants(StrEnum):
    """What somebody offers to be."""

    CHAMPION = "champion"
    NAVIGATOR = "navigator"


class Stage(StrEnum):
    """How far an offer has come."""

    APPLIED = "applied"
    WELCOMED = "welcomed"
    DECLINED = "declined"


class Volunteer(Versioned, table=True):
    """One offer to one community. `travels` is in miles."""

    __table_args__ = (CheckConstraint("travels BETWEEN 0 AND 100", name="travels_miles"),)

    community_id: UUID = Field(foreign_key="community.id", index=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    name: str = Field(max_length=100)
    email: str = Field(max_length=254)
    phone: str = Field(default="", max_length=60)
    wants: Wants = choice(Wants)
    interests: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    days: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    languages: str = Field(default="", max_length=200)
    travels: int = 2
    about: str = Field(default="", max_length=1000)
    stage: Stage = choice(Stage, default=Stage.APPLIED, index=True)
    applied_at: datetime = moment()
    decided_at: datetime | None = moment(default=None)
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")

    community: Community = Relationship()
    account: Account | None = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Volunteer.account_id"}
    )
