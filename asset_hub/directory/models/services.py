"""What people work on, in Open Referral's names (HSDS 3): services, where and when."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Optional
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel, Text

from asset_hub.communities.models import Community
from asset_hub.core.db import EMPTY, NO, YES, Row, Versioned, choice, moment
from asset_hub.core.triggers import append_only
from asset_hub.directory.models.topics import ServiceNotFor, ServiceTerm, TaxonomyTerm


class Kind(StrEnum):
    """What sort of asset a service is."""

    GROUP = "group"
    ACTIVITY = "activity"
    PLACE = "place"
    ADVICE = "advice"
    GIFT = "gift"  # one person's skill
    EXCHANGE = "exchange"


KIND_WORDS = {
    Kind.GROUP: "Group", Kind.ACTIVITY: "Activity", Kind.PLACE: "Place to be",
    Kind.ADVICE: "Advice or help", Kind.GIFT: "Somebody’s skill", Kind.EXCHANGE: "Swap or share",
}  # fmt: skip


class Standing(StrEnum):
    """Where a service stands on its way to being seen."""

    UNCONFIRMED = "unconfirmed"  # waits for the lister to press the button in the mail
    WAITING = "waiting"  # waits for a champion or coordinator
    RETURNED = "returned"  # sent back with a message
    LISTED = "listed"
    HIDDEN = "hidden"  # was listed; nobody has said for long that it is still right
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


class Service(Versioned, table=True):
    """A group or activity that people can join or use: the asset."""

    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        CheckConstraint(
            "standing <> 'listed' OR approved_at IS NOT NULL", name="listed_was_approved"
        ),
        CheckConstraint("merged_into_id IS NULL OR standing = 'closed'", name="merged_is_closed"),
        CheckConstraint("welcomes >= 0", name="welcomes_nobody_less"),
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
    # Whom to ask for at the door
    ask_for: str = Field(default="", max_length=100, sa_column_kwargs=EMPTY)
    # Never public: keys, alarms
    venue_notes: str = Field(default="", max_length=1000, sa_column_kwargs=EMPTY)
    welcomes: int | None = None  # new people a month; None when nobody said
    full_until: date | None = None  # no newcomers before this day; date.max until somebody says
    photo_id: UUID | None = None  # the approved one (see Photo)
    # Digests of the addresses for which somebody who approves agreed that everybody may know them,
    # though they may be a home (see rules/homes.py); another address is asked about again
    address_agreed: str = Field(default="", sa_type=Text, sa_column_kwargs=EMPTY)
    merged_into_id: UUID | None = Field(default=None, index=True)  # the listing that was kept
    source: str | None = Field(default=None, max_length=100)
    source_id: str | None = Field(default=None, max_length=200)
    source_digest: str = Field(default="", max_length=64)  # what the feed said when last imported
    created_at: datetime = moment()
    submitted_at: datetime | None = moment(default=None, index=True)
    approved_at: datetime | None = moment(default=None)
    confirmed_at: datetime | None = moment(default=None)  # last known to be right, and by whom
    confirmed_by: str = Field(default="", max_length=100)
    alive_at: datetime | None = moment(default=None)  # the latest sign of life of any kind

    organization: Organization = Relationship()
    community: Community | None = Relationship()
    contacts: list["Contact"] = Relationship(
        back_populates="service", sa_relationship_kwargs={"cascade": "all, delete-orphan"}
    )
    places: list["ServiceAtLocation"] = Relationship(
        back_populates="service",
        sa_relationship_kwargs={
            "cascade": "all, delete-orphan",
            "order_by": "ServiceAtLocation.id",
        },
    )
    schedules: list["Schedule"] = Relationship(
        back_populates="service",
        sa_relationship_kwargs={"cascade": "all, delete-orphan", "order_by": "Schedule.id"},
    )
    closures: list["Closure"] = Relationship(
        back_populates="service",
        sa_relationship_kwargs={"cascade": "all, delete-orphan", "order_by": "Closure.starts_on"},
    )
    terms: list[TaxonomyTerm] = Relationship(link_model=ServiceTerm)
    not_for: list[TaxonomyTerm] = Relationship(link_model=ServiceNotFor)
    merged_into: Optional["Service"] = Relationship(
        sa_relationship_kwargs={
            "primaryjoin": "foreign(Service.merged_into_id) == remote(Service.id)",
            "viewonly": True,
        }
    )

    @property
    def stands_in(self) -> "Service":
        """Return the listing that speaks for this one: itself, or what it was merged into."""
        found, seen = self, {self.id}
        while (following := found.merged_into) and following.id not in seen:
            seen.add(following.id)
            found = following
        return found


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
    city: str = Field(default="", max_length=100, index=True)
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
    # "2026-09-10,2026-10-08": just these
    dates: str = Field(default="", max_length=1000, sa_column_kwargs=EMPTY)
    term_time: bool = Field(default=False, sa_column_kwargs=NO)  # not in the school holidays
    # "7,8": not in July and August
    not_months: str = Field(default="", max_length=30, sa_column_kwargs=EMPTY)
    bank_holidays: bool = Field(default=True, sa_column_kwargs=YES)  # meets on them too
    location_id: UUID | None = Field(default=None, index=True)  # one of its places, when it is one
    description: str = Field(default="", max_length=500)  # said instead of the parts, when given

    service: Service = Relationship(back_populates="schedules")


class Away(StrEnum):
    """What is different for a while."""

    AWAY = "away"  # it does not meet
    QUIET = "quiet"  # it meets, but welcomes nobody new


class Closure(Row, table=True):
    """Days on which a service does not meet, or welcomes nobody new; both days are included."""

    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),)

    service_id: UUID = Field(default=None, foreign_key="service.id", index=True)
    starts_on: date
    ends_on: date
    kind: Away = choice(Away, default=Away.AWAY)
    reason: str = Field(default="", max_length=100)

    service: Service = Relationship(back_populates="closures")


class ServiceEvent(Row, table=True):
    """What happened to a listing: submitted, confirmed, approved, sent back. Only grows."""

    __tablename__ = "service_event"

    service_id: UUID = Field(foreign_key="service.id", index=True)
    at: datetime = moment()
    by_id: UUID | None = Field(default=None, foreign_key="account.id")
    standing: Standing = choice(Standing)
    message: str = Field(default="", max_length=1000)


append_only(SQLModel.metadata.tables["service_event"])
