"""Answers of people without an account, and the mailed links they come back by."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Optional
from uuid import UUID

from sqlmodel import JSON, Column, Field, Relationship

from asset_hub.core.db import Row, choice, moment
from asset_hub.directory.models.services import Service


class ListingDraft(Row, table=True):
    """Answers of somebody who is still listing a group; found again by a token in their cookie.

    `answers` holds one mapping for each step that was finished; sending empties it.
    """

    __tablename__ = "listing_draft"

    digest: str = Field(max_length=64, unique=True)
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    updated_at: datetime = moment()
    service_id: UUID | None = Field(default=None, foreign_key="service.id")  # made, or changed
    link_id: UUID | None = Field(default=None, foreign_key="listing_link.id")  # that opened it
    service_version: int | None = None  # of the listing when its answers were copied here
    submitted_at: datetime | None = moment(default=None)

    link: Optional["ListingLink"] = Relationship()


class LinkFor(StrEnum):
    """What a mailed link is for."""

    LIST = "list"  # confirm a new listing, or change one that was sent back
    KEEP = "keep"  # keep one that was approved right


class ListingLink(Row, table=True):
    """The mailed link by which a lister, without an account, confirms, changes, keeps a listing."""

    __tablename__ = "listing_link"

    service_id: UUID = Field(foreign_key="service.id", index=True)
    purpose: LinkFor = choice(LinkFor, default=LinkFor.LIST)
    digest: str = Field(max_length=64, unique=True)
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)

    service: Service = Relationship()
