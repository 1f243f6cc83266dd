"""Listings that may be the same, and those that were made one."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import JSON, Column, Field, Relationship, SQLModel

from asset_hub.core.db import Row, Versioned, choice, moment
from asset_hub.directory.models.services import Service


class ServiceKey(SQLModel, table=True):
    """Something two listings of one group share: a phone, a folded name, a place with a word."""

    __tablename__ = "service_key"
    __table_args__ = (Index("ix_service_key_found", "key", "service_id"),)

    service_id: UUID = Field(foreign_key="service.id", primary_key=True, ondelete="CASCADE")
    key: str = Field(max_length=120, primary_key=True)


class DuplicateState(StrEnum):
    """What was decided about two listings."""

    OPEN = "open"
    DIFFERENT = "different"
    MERGED = "merged"


class Duplicate(Versioned, table=True):
    """Two listings that may be the same group, and why."""

    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="one_pair_once"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_when_not_open"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"
        ),
    )

    one_id: UUID = Field(foreign_key="service.id", index=True)
    other_id: UUID = Field(foreign_key="service.id", index=True)
    score: float
    reasons: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    state: DuplicateState = choice(DuplicateState, default=DuplicateState.OPEN, index=True)
    found_at: datetime = moment(index=True)
    decided_at: datetime | None = moment(default=None)
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    # What both were found by when somebody said that they are different
    decided_on: dict[str, list[str]] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False)
    )

    one: Service = Relationship(sa_relationship_kwargs={"foreign_keys": "Duplicate.one_id"})
    other: Service = Relationship(sa_relationship_kwargs={"foreign_keys": "Duplicate.other_id"})

    @property
    def community_id(self) -> UUID | None:
        """Return the community of the first: its champions decide. Lists join Service."""
        return self.one.community_id


class Merge(Row, table=True):
    """One listing was taken into another; `before` holds what is needed to part them again."""

    kept_id: UUID = Field(foreign_key="service.id", index=True)
    gone_id: UUID = Field(foreign_key="service.id", index=True)
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = moment()
    by_id: UUID | None = Field(default=None, foreign_key="account.id")
    undone_at: datetime | None = moment(default=None)

    kept: Service = Relationship(sa_relationship_kwargs={"foreign_keys": "Merge.kept_id"})
    gone: Service = Relationship(sa_relationship_kwargs={"foreign_keys": "Merge.gone_id"})

    @property
    def community_id(self) -> UUID | None:
        """Return the community of the listing that was kept."""
        return self.kept.community_id
