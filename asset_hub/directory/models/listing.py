"""The published copy: written when a service is approved, read by every public page."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import JSON, Column, Field, SQLModel, Text

from asset_hub.core.db import EMPTY, ZERO

NOTHING: dict[str, Any] = {"server_default": text("'{}'")}


class Listing(SQLModel, table=True):
    """The published copy of a service: text for the index, and answers ready to hand out."""

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
    card: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # one result, ready


class ListingTopic(SQLModel, table=True):
    """How surely a published service is about a topic: 100 when it was said, less when it seems."""

    __tablename__ = "listing_topic"
    __table_args__ = (Index("ix_listing_topic_slug", "slug", "strength", "number"),)

    number: int = Field(foreign_key="listing.number", primary_key=True, ondelete="CASCADE")
    slug: str = Field(primary_key=True, max_length=100)
    strength: int = 100


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
