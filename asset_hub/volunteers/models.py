"""Neighbours who offer to help: as health champions, or as volunteer navigators."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
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


WANTS_WORDS = {Wants.CHAMPION: "Health champion", Wants.NAVIGATOR: "Volunteer navigator"}
WANTS_HINTS = {
    Wants.CHAMPION: "You walk your patch: you meet its groups, check that what is listed is "
    "right, and tell neighbours about it.",
    Wants.NAVIGATOR: "You listen to what matters to one person at a time, find a group with "
    "them, and stay in touch until it works.",
}
INTERESTS = {
    "music": "Singing and music",
    "arts": "Arts and crafts",
    "outdoors": "Gardens, walks and nature",
    "moving": "Sport, dance and keeping active",
    "food": "Cooking and eating together",
    "games": "Games, cards and quizzes",
    "books": "Books, history and learning",
    "mending": "Mending and making",
    "computers": "Phones and computers",
    "families": "Children and families",
    "older-people": "Time with older people",
    "faith": "Faith and belief",
    "illness": "Living with an illness, or caring for someone",
    "grief": "Grief and loss",
    "forms": "Forms, money and rights",
}
DAYS = {
    f"{day[:3].lower()}-{part}": f"{day} {words}"
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    for part, words in (("day", "daytime"), ("evening", "evening"))
}


class Volunteer(Versioned, table=True):
    """One offer to one community. `travels` is in miles.

    While an offer waits, the same person cannot make it again: a second click changes nothing.
    """

    __table_args__: Any = (
        CheckConstraint("travels BETWEEN 0 AND 100", name="travels_miles"),
        CheckConstraint(
            "(stage = 'applied') = (decided_at IS NULL)", name="decided_when_not_waiting"
        ),
        Index(
            "uq_volunteer_waiting",
            "community_id",
            "email",
            "wants",
            unique=True,
            sqlite_where=text("stage = 'applied'"),
            postgresql_where=text("stage = 'applied'"),
        ),
    )

    community_id: UUID = Field(foreign_key="community.id", index=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    name: str = Field(max_length=100)
    email: str = Field(max_length=254)  # lower case
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
    reply: str = Field(default="", max_length=1000)  # what was said to somebody declined

    community: Community = Relationship()
    account: Account | None = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Volunteer.account_id"}
    )
    decided_by: Account | None = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Volunteer.decided_by_id"}
    )

    @property
    def first_name(self) -> str:
        """Return what mails call them."""
        return self.name.split()[0] if self.name.split() else self.name

    @property
    def wants_words(self) -> str:
        """Return what they offer to be, as said on the screen."""
        return WANTS_WORDS[self.wants]

    @property
    def interests_words(self) -> list[str]:
        """Return their interests in words."""
        return [words for slug, words in INTERESTS.items() if slug in self.interests]

    @property
    def days_words(self) -> list[str]:
        """Return when they have time, in the order of the week."""
        return [words for slug, words in DAYS.items() if slug in self.days]
