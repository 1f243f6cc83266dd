"""The published copy: written when a service is approved, read by every public page."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import JSON, Column, Field, SQLModel, Text

from asset_hub.core.db import EMPTY, NO, ZERO

NOTHING: dict[str, Any] = {"server_default": text("'{}'")}
ONLY_CHOSEN: dict[str, Any] = {"sqlite_where": text("chosen"), "postgresql_where": text("chosen")}


class Listing(SQLModel, table=True):
    """The published copy of a service: text for the index, and answers ready to hand out."""

    __table_args__ = (Index("ix_listing_inferred", "inferred", "number"),)

    service_id: UUID = Field(foreign_key="service.id", primary_key=True)
    number: int = Field(unique=True)  # the full-text index knows it by this
    community_id: UUID | None = Field(default=None, foreign_key="community.id", index=True)
    organization_id: UUID = Field(index=True)
    name: str = Field(max_length=200)
    organization_name: str = Field(default="", max_length=200)
    summary: str = Field(default="", max_length=300)
    body: str = Field(default="", sa_type=Text)  # description, eligibility and the rest, as text
    topics: str = Field(default="", max_length=1000)  # names, for the index
    words: str = Field(default="{}", sa_type=Text, sa_column_kwargs=NOTHING)  # stems, as JSON
    sort_name: str = Field(default="", max_length=200, sa_column_kwargs=EMPTY)
    topic_slugs: str = Field(default="", max_length=1000)  # "|!children|grief|", for the filter
    # "|free|th-pm|lang-polish|", for the filter (see rules/facets.py)
    facets: str = Field(default="", max_length=1000, sa_column_kwargs=EMPTY)
    age_from: int | None = None
    age_to: int | None = None
    full_until: date | None = None  # takes nobody new before this day
    stage: int = Field(default=0, sa_column_kwargs=ZERO)  # how it has aged (see Age)
    fades_on: date | None = Field(default=None, index=True)  # when its age or words change next
    # By which thesaurus its topics were worked out (see `Thesaurus.version`); 0: to be done anew
    inferred: int = Field(default=0, sa_column_kwargs=ZERO)
    card: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # one result, ready
    # The last day whose sessions are in `ListingSession`; None when they are to be written anew
    sessions_to: date | None = Field(default=None, index=True)


class ListingTopic(SQLModel, table=True):
    """How surely a published service is about a topic, of a hundred: by choice and by its words.

    Each topic that was chosen has a row (of `topic_slugs`), some that nobody chose have one too.
    """

    __tablename__ = "listing_topic"
    __table_args__ = (
        Index("ix_listing_topic_slug", "slug", "strength", "number"),
        Index("ix_listing_topic_chosen", "slug", "number", **ONLY_CHOSEN),
    )

    number: int = Field(foreign_key="listing.number", primary_key=True, ondelete="CASCADE")
    slug: str = Field(primary_key=True, max_length=100)
    strength: int = 100
    chosen: bool = Field(default=False, sa_column_kwargs=NO)  # and it is not "not for" the same


class ListingPlace(SQLModel, table=True):
    """One place of a published service, on a Web-Mercator integer grid (26 bits a side)."""

    __tablename__ = "listing_place"

    id: UUID = Field(primary_key=True)
    service_id: UUID = Field(foreign_key="listing.service_id", index=True, ondelete="CASCADE")
    latitude: float
    longitude: float
    gx: int
    gy: int
    area: bool = False  # the true point is not public: this is the middle of a coarse cell
    feature: str = Field(sa_type=Text)  # a GeoJSON feature, ready


class ListingSession(SQLModel, table=True):
    """One meeting of a published service, on one day of the next five weeks.

    Closures and bank holidays are worked in; school holidays are not (they belong to communities,
    and whoever reads leaves them out: see `queries.sessions`).
    """

    __tablename__ = "listing_session"
    __table_args__ = (Index("ix_listing_session_held_on", "held_on", "starts"),)

    service_id: UUID = Field(foreign_key="listing.service_id", primary_key=True, ondelete="CASCADE")
    held_on: date = Field(primary_key=True)
    schedule_id: UUID = Field(primary_key=True)
    starts: int | None = None  # minutes after midnight on London's wall; None: nobody said
    ends: int | None = None  # the same; beyond 1,440 when it ends after midnight
    # Where, as everybody may know it, when it has a place of its own; None: as the card says
    place: str | None = Field(default=None, max_length=1000)
    term_time: bool = Field(default=False, sa_column_kwargs=NO)  # not in the school holidays
    quiet: bool = Field(default=False, sa_column_kwargs=NO)  # welcomes nobody new that day
    away: bool = Field(default=False, sa_column_kwargs=NO)  # would meet, but is closed that day
    reason: str = Field(default="", max_length=100, sa_column_kwargs=EMPTY)  # why it is closed
