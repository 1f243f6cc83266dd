"""What a community has, in Open Referral's names (HSDS 3): organisations, services, places, times.

`Service` is what people work on. `Listing` and `ListingPlace` are the published copy: written
when a service is approved, read by every public page, never joined to anything private.
"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Optional
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import JSON, Column, Field, Relationship, SQLModel, Text

from asset_hub.communities.models import Community
from asset_hub.core.db import Row, Versioned, choice, moment
from asset_hub.core.triggers import append_only


class Kind(StrEnum):
    """What sort of asset a service is."""

    GROUP = "group"
    ACTIVITY = "activity"
    PLACE = "place"
    ADVICE = "advice"
    GIFT = "gift"  # one person's skill
    EXCHANGE = "exchange"


class Standing(StrEnum):
    """Where a service stands on its way to being seen."""

    UNCONFIRMED = "unconfirmed"  # waits for the lister to press the button in the mail
    WAITING = "waiting"  # waits for a champion or coordinator
    RETURNED = "returned"  # sent back with a message
    LISTED = "listed"
    CLOSED = "closed"


class Visibility(StrEnum):
    """How much of a place the public may see."""

    EXACT = "exact"
    AREA = "area"
    HIDDEN = "hidden"


class Freq(StrEnum):
    """How a schedule repeats (RFC 5545 FREQ; Open Referral UK allows these two)."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class TermKind(StrEnum):
    """What a topic says about a service."""

    NEED = "need"
    INTEREST = "interest"
    AUDIENCE = "audience"
    ACCESS = "access"


class Organization(Versioned, table=True):
    """Who runs a service: from a registered charity to two neighbours."""

    __table_args__ = (UniqueConstraint("source", "source_id"),)

    name: str = Field(max_length=200, index=True)
    description: str = Field(default="", sa_type=Text)
    url: str = Field(default="", max_length=500)
    email: str = Field(default="", max_length=254)
    source: str | None = Field(default=None, max_length=100)
    source_id: str | None = Field(default=None, max_length=200)

    @property
    def organization_id(self) -> UUID:
        """Return its own id: an owner's power reaches the organisation itself."""
        return self.id


class ServiceTerm(SQLModel, table=True):
    """A service is about a topic."""

    __tablename__ = "service_term"

    service_id: UUID = Field(foreign_key="service.id", primary_key=True)
    term_id: UUID = Field(foreign_key="taxonomy_term.id", primary_key=True, index=True)


class TaxonomyTerm(Row, table=True):
    """A topic: a need, an interest, an audience or a kind of access. `slug` never changes."""

    __tablename__ = "taxonomy_term"

    slug: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=80)
    description: str = Field(default="", max_length=300)
    kind: TermKind = choice(TermKind, default=TermKind.NEED)


class Service(Versioned, table=True):
    """A group or activity that people can join or use: the asset."""

    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        CheckConstraint(
            "standing <> 'listed' OR approved_at IS NOT NULL", name="listed_was_approved"
        ),
    )

    organization_id: UUID = Field(foreign_key="organization.id", index=True)
    community_id: UUID | None = Field(default=None, foreign_key="community.id", index=True)
    name: str = Field(max_length=200)
    kind: Kind = choice(Kind, default=Kind.GROUP)
    standing: Standing = choice(Standing, default=Standing.UNCONFIRMED, index=True)
    summary: str = Field(default="", max_length=300)
    description: str = Field(default="", max_length=20_000)
    url: str = Field(default="", max_length=500)
    email: str = Field(default="", max_length=254)  # public
    phone: str = Field(default="", max_length=60)  # public
    fees: str = Field(default="", max_length=300)
    eligibility: str = Field(default="", max_length=500)
    minimum_age: int | None = None
    maximum_age: int | None = None
    access: str = Field(default="", max_length=500)
    how_to_join: str = Field(default="", max_length=1000)
    first_visit: str = Field(default="", max_length=1000)
    languages: str = Field(default="", max_length=200)
    source: str | None = Field(default=None, max_length=100)
    source_id: str | None = Field(default=None, max_length=200)
    source_digest: str = Field(default="", max_length=64)  # what the feed said when last imported
    created_at: datetime = moment()
    submitted_at: datetime | None = moment(default=None, index=True)
    approved_at: datetime | None = moment(default=None)
    confirmed_at: datetime | None = moment(default=None)  # last known to be right, and by whom
    confirmed_by: str = Field(default="", max_length=100)

    organization: Organization = Relationship()
    community: Community | None = Relationship()
    contacts: list["Contact"] = Relationship(
        back_populates="service", sa_relationship_kwargs={"cascade": "all, delete-orphan"}
    )
    places: list["ServiceAtLocation"] = Relationship(
        back_populates="service", sa_relationship_kwargs={"cascade": "all, delete-orphan"}
    )
    schedules: list["Schedule"] = Relationship(
        back_populates="service", sa_relationship_kwargs={"cascade": "all, delete-orphan"}
    )
    terms: list[TaxonomyTerm] = Relationship(link_model=ServiceTerm)


class Contact(Row, table=True):
    """Who to write to about a service; never public, told to those who connect people."""

    service_id: UUID = Field(default=None, foreign_key="service.id", index=True)
    name: str = Field(default="", max_length=100)
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=60)
    proven_at: datetime | None = moment(default=None)  # a mailed link was used from this address

    service: Service = Relationship(back_populates="contacts")


class Location(Row, table=True):
    """A place. Coordinates are WGS84 degrees."""

    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
    )

    name: str = Field(default="", max_length=200)
    address_1: str = Field(default="", max_length=300)
    city: str = Field(default="", max_length=100)
    postal_code: str = Field(default="", max_length=10)
    latitude: float | None = None
    longitude: float | None = None
    approximate: bool = False  # the point is a guess: the middle of a district or a community
    visibility: Visibility = choice(Visibility, default=Visibility.EXACT)
    source: str | None = Field(default=None, max_length=100)
    source_id: str | None = Field(default=None, max_length=200)


class ServiceAtLocation(Row, table=True):
    """A service meets at a place."""

    __tablename__ = "service_at_location"
    __table_args__ = (UniqueConstraint("service_id", "location_id"),)

    service_id: UUID = Field(default=None, foreign_key="service.id", index=True)
    location_id: UUID = Field(foreign_key="location.id", index=True)

    service: Service = Relationship(back_populates="places")
    location: Location = Relationship()


class Schedule(Row, table=True):
    """When a service meets: RRULE parts, on London's clocks."""

    service_id: UUID = Field(default=None, foreign_key="service.id", index=True)
    freq: Freq | None = choice(Freq, default=None, nullable=True)
    interval: int = 1
    byday: str = Field(default="", max_length=40)  # "TH,FR", or "1TH" with MONTHLY
    opens_at: time | None = None
    closes_at: time | None = None
    dtstart: date | None = None
    valid_to: date | None = None
    description: str = Field(default="", max_length=500)  # said instead of the parts, when given

    service: Service = Relationship(back_populates="schedules")


class ServiceEvent(Row, table=True):
    """What happened to a listing: submitted, confirmed, approved, sent back. Only grows."""

    __tablename__ = "service_event"

    service_id: UUID = Field(foreign_key="service.id", index=True)
    at: datetime = moment()
    by_id: UUID | None = Field(default=None, foreign_key="account.id")
    standing: Standing = choice(Standing)
    message: str = Field(default="", max_length=1000)


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
    topic_slugs: str = Field(default="", max_length=1000)  # "|grief|company|", for the filter
    card: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # one result, ready


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


append_only(SQLModel.metadata.tables["service_event"])
