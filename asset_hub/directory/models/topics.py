"""Topics, and what services say about them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import JSON, Column, Field, SQLModel

from asset_hub.core.db import Row, choice, moment
from asset_hub.core.triggers import append_only


class TermKind(StrEnum):
    """What a topic says about a service."""

    NEED = "need"
    INTEREST = "interest"
    AUDIENCE = "audience"
    ACCESS = "access"


class ServiceTerm(SQLModel, table=True):
    """A service is about a topic."""

    __tablename__ = "service_term"

    service_id: UUID = Field(foreign_key="service.id", primary_key=True)
    term_id: UUID = Field(foreign_key="taxonomy_term.id", primary_key=True, index=True)


class ServiceNotFor(SQLModel, table=True):
    """A service is not for whom a topic names: "not for children"."""

    __tablename__ = "service_not_for"

    service_id: UUID = Field(foreign_key="service.id", primary_key=True)
    term_id: UUID = Field(foreign_key="taxonomy_term.id", primary_key=True, index=True)


class TaxonomyTerm(Row, table=True):
    """A topic: a need, an interest, an audience or a kind of access. `slug` never changes."""

    __tablename__ = "taxonomy_term"

    slug: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=80)
    description: str = Field(default="", max_length=300)
    kind: TermKind = choice(TermKind, default=TermKind.NEED)
    retired_at: datetime | None = moment(default=None)  # chosen for nothing new
    merged_into_id: UUID | None = None  # the topic that was kept
    edited_at: datetime | None = moment(default=None)  # since then our own list changes nothing


class TopicEvent(Row, table=True):
    """What happened to a topic: added, changed, merged, retired. Only grows."""

    __tablename__ = "topic_event"

    term_id: UUID = Field(foreign_key="taxonomy_term.id", index=True)
    at: datetime = moment()
    by_id: UUID | None = Field(default=None, foreign_key="account.id")
    what: str = Field(max_length=20)
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    after: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


append_only(SQLModel.metadata.tables["topic_event"])
