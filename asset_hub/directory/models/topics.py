"""Topics, what services say about them, and what coordinators made of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import JSON, Column, Field, SQLModel

from asset_hub.core.db import EMPTY, NO, ONE, Row, Versioned, choice, moment
from asset_hub.core.triggers import append_only


class TermKind(StrEnum):
    """What a topic says about a service."""

    NEED = "need"
    INTEREST = "interest"
    AUDIENCE = "audience"
    ACCESS = "access"


class Theme(StrEnum):
    """Under which heading a need is looked for."""

    PEOPLE = "people"
    FEELINGS = "feelings"
    MONEY = "money"
    HOME = "home"
    CARING = "caring"
    BODY = "body"
    FAMILY = "family"
    SAFETY = "safety"


TERM_KIND_WORDS = {
    TermKind.NEED: "What it may help with",
    TermKind.INTEREST: "What people do there",
    TermKind.AUDIENCE: "Who it is for",
    TermKind.ACCESS: "Getting in",
}
THEME_WORDS = {
    Theme.PEOPLE: "People and company",
    Theme.FEELINGS: "Feelings and hard times",
    Theme.MONEY: "Money, food, work and learning",
    Theme.HOME: "Home and getting about",
    Theme.CARING: "Caring and serious illness",
    Theme.BODY: "Body and health",
    Theme.FAMILY: "Family and stages of life",
    Theme.SAFETY: "Safety and rights",
}


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


class TaxonomyTerm(Versioned, table=True):
    """A topic: a need, an interest, an audience or a kind of access. `slug` never changes.

    `ours` are those that listings may choose; an import may bring topics of other lists.
    """

    __tablename__ = "taxonomy_term"
    __table_args__ = (
        CheckConstraint(
            "name_key IS NULL OR (retired_at IS NULL AND merged_into_id IS NULL)",
            name="named_while_offered",
        ),
    )

    version: int = Field(default=1, nullable=False, sa_column_kwargs=ONE)
    slug: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=80)
    # the name as it is compared, while the topic may be chosen: no two such topics share one
    name_key: str | None = Field(default=None, max_length=80, index=True, unique=True)
    description: str = Field(default="", max_length=300)
    kind: TermKind = choice(TermKind, default=TermKind.NEED)
    theme: Theme | None = choice(Theme, default=None, nullable=True)
    # what people say when they mean it, a phrase on each line
    words: str = Field(default="", max_length=2000, sa_column_kwargs=EMPTY)
    urgent: bool = Field(default=False, sa_column_kwargs=NO)  # shown with the numbers to ring
    ours: bool = Field(default=False, sa_column_kwargs=NO)
    retired_at: datetime | None = moment(default=None)  # chosen for nothing new
    merged_into_id: UUID | None = None  # the topic that was kept
    edited_at: datetime | None = moment(default=None)  # since then our own list changes nothing

    @property
    def is_offered(self) -> bool:
        """Return whether a listing may choose it."""
        return self.ours and self.retired_at is None and self.merged_into_id is None


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


class TopicMerge(Row, table=True):
    """One topic became another: until it is undone, a listing that gets the one has the other."""

    __tablename__ = "topic_merge"

    gone_id: UUID = Field(foreign_key="taxonomy_term.id", index=True)
    kept_id: UUID = Field(foreign_key="taxonomy_term.id")
    at: datetime = moment()
    by_id: UUID | None = Field(default=None, foreign_key="account.id")
    undone_at: datetime | None = moment(default=None)


class TopicMove(SQLModel, table=True):
    """A listing whose topic was replaced by a merge; what undoing it goes by, then gone."""

    __tablename__ = "topic_move"

    merge_id: UUID = Field(foreign_key="topic_merge.id", primary_key=True)
    service_id: UUID = Field(foreign_key="service.id", primary_key=True, ondelete="CASCADE")
    excludes: bool = Field(primary_key=True)  # the listing was not for whom the topic names
    had_kept: bool  # the listing had the kept topic, too


class ListingDue(SQLModel, table=True):
    """A published copy that is to be written again, because a topic's words changed.

    Without a foreign key: noting a thousand must not wait for each of them (see `retagging`).
    """

    __tablename__ = "listing_due"

    service_id: UUID = Field(primary_key=True)
