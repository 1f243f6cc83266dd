"""Where people belong: communities of identity, localities, boroughs, practices, postcodes."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import JSON, Column, Field, Relationship, SQLModel, Text

from asset_hub.core.db import EMPTY, Row, Versioned

LARGEST_COMMUNITY = 14_000  # people; above it a community stops knowing itself (PRODUCT.md)


class Borough(Row, table=True):
    """150,000 to 350,000 people under one council."""

    name: str = Field(max_length=100, unique=True)


class Locality(Row, table=True):
    """30,000 to 100,000 people: what practices and teams plan for."""

    __table_args__ = (UniqueConstraint("name", "borough_id"),)

    name: str = Field(max_length=100)
    borough_id: UUID | None = Field(default=None, foreign_key="borough.id", index=True)

    borough: Borough | None = Relationship()


class Community(Versioned, table=True):
    """People with a shared history, geography and name. Boundaries may overlap."""

    __table_args__ = (CheckConstraint("population >= 0", name="population_counts"),)

    name: str = Field(max_length=100)
    slug: str = Field(max_length=60, unique=True)
    story: str = Field(default="", sa_type=Text)
    population: int | None = None
    estimated_population: int | None = None  # from area statistics; `population` is typed
    estimated_areas: int | None = None  # how many small areas it was worked out from …
    estimated_on: date | None = None  # … and the day their people were counted
    steward: str = Field(default="", max_length=100)
    # Said to somebody new, above the story
    welcome: str = Field(default="", max_length=300, sa_column_kwargs=EMPTY)
    # Said on the front of the printed booklet
    cover: str = Field(default="", max_length=300, sa_column_kwargs=EMPTY)
    locality_id: UUID | None = Field(default=None, foreign_key="locality.id", index=True)
    boundary: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON)
    )  # GeoJSON geometry
    west: float | None = None  # the box around the boundary, asked before the boundary itself
    south: float | None = None
    east: float | None = None
    north: float | None = None
    latitude: float | None = None
    longitude: float | None = None

    locality: Locality | None = Relationship()

    @property
    def community_id(self) -> UUID:
        """Return its own id: a patch reaches itself."""
        return self.id

    @property
    def people(self) -> int | None:
        """Return how many people live there: as typed, else as estimated."""
        return self.population if self.population is not None else self.estimated_population

    @property
    def people_words(self) -> str:
        """Return how many people live there, and how that is known; empty when it is not."""
        if self.people is None:
            return ""
        if self.population is None:
            return f"About {self.people:,} (estimated from {self.estimate_words})"
        if self.estimated_population is None:
            return f"About {self.people:,}"
        return (
            f"About {self.people:,}, as its people say"
            f" ({self.estimated_population:,} estimated from {self.estimate_words})"
        )

    @property
    def estimate_words(self) -> str:
        """Return what an estimate was made from: "8 small areas, mid-2024"."""
        count, on = self.estimated_areas, self.estimated_on
        when = f"{'mid-' if on.month in (6, 7) else ''}{on.year}" if on else ""
        return ", ".join(filter(None, [f"{count} small area{'' if count == 1 else 's'}", when]))

    @property
    def is_too_large(self) -> bool:
        """Return whether the site should suggest a split."""
        return (self.people or 0) > LARGEST_COMMUNITY


class PracticeCommunity(SQLModel, table=True):
    """A community whose people a practice looks after."""

    __tablename__ = "practice_community"

    practice_id: UUID = Field(foreign_key="practice.id", primary_key=True)
    community_id: UUID = Field(foreign_key="community.id", primary_key=True, index=True)


class Practice(Versioned, table=True):
    """A GP practice, known to the NHS by its ODS code."""

    name: str = Field(max_length=120)
    ods_code: str = Field(max_length=10, unique=True)
    postcode: str = Field(default="", max_length=10)
    phone: str = Field(default="", max_length=30)
    locality_id: UUID | None = Field(default=None, foreign_key="locality.id", index=True)

    locality: Locality | None = Relationship()
    communities: list[Community] = Relationship(link_model=PracticeCommunity)

    @property
    def community_ids(self) -> list[UUID]:
        """Return the ids of the communities it looks after."""
        return [community.id for community in self.communities]


class Postcode(SQLModel, table=True):
    """One loaded postcode, written "OUT IN", and where its middle is."""

    code: str = Field(primary_key=True, max_length=8)
    outcode: str = Field(max_length=4, index=True)
    latitude: float
    longitude: float


class Outcode(SQLModel, table=True):
    """The middle of every postcode that begins alike: the fallback when one is not loaded."""

    code: str = Field(primary_key=True, max_length=4)
    latitude: float
    longitude: float
    town: str = Field(default="", max_length=100)


class AreaPopulation(SQLModel, table=True):
    """A small area whose people were counted: its code, its outline and how many live there.

    `decile` is how deprived it is beside the rest of the country: 1 is a tenth of the most.
    """

    __tablename__ = "area_population"
    __table_args__ = (
        CheckConstraint("population >= 0", name="population_counts"),
        CheckConstraint("decile BETWEEN 1 AND 10", name="decile_of_ten"),
    )

    code: str = Field(primary_key=True, max_length=12)
    name: str = Field(default="", max_length=100)
    population: int
    counted_on: date
    decile: int | None = None
    boundary: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    west: float
    south: float = Field(index=True)  # the box around the boundary, asked first
    east: float
    north: float


class SchoolHoliday(Row, table=True):
    """Days without school, both included; without a community it holds everywhere."""

    __tablename__ = "school_holiday"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),)

    community_id: UUID | None = Field(default=None, foreign_key="community.id", index=True)
    name: str = Field(max_length=60)
    starts_on: date
    ends_on: date
