"""A person's own link, and what they ask about what is kept of them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index
from sqlmodel import Field, Relationship

from asset_hub.accounts.models import Account
from asset_hub.core.crypto import sealed
from asset_hub.core.db import Row, Versioned, choice, moment
from asset_hub.people.models import Person, person_kept_from

LONGEST_WORDS = 2000


class OwnLink(Row, table=True):
    """The link by which a person sees what is kept of them; only its digest is kept."""

    __tablename__ = "own_link"

    person_id: UUID = Field(foreign_key="person.id", index=True)
    digest: str = Field(max_length=64, unique=True)
    made_by_id: UUID = Field(foreign_key="account.id")
    made_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)

    person: Person = Relationship()
    made_by: Account = Relationship()


class Wish(StrEnum):
    """What a person may ask about what is kept of them (UK GDPR articles 16, 17 and 21)."""

    CORRECT = "correct"
    ERASE = "erase"
    ASK = "ask"


WISH_WORDS: dict[Wish, str] = {
    Wish.CORRECT: "Something is wrong, or missing",
    Wish.ERASE: "Erase what is kept about me",
    Wish.ASK: "I have a question about it",
}
WISH_TOLD: dict[Wish, str] = {
    Wish.CORRECT: "{} says that something is wrong or missing",
    Wish.ERASE: "{} asks to be erased",
    Wish.ASK: "{} asks a question",
}


class OwnRequest(Versioned, table=True):
    """Something a person asked about what is kept of them, to be answered within a month."""

    __tablename__ = "own_request"
    __table_args__ = (
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"
        ),
        Index("ix_own_request_waiting", "answered_at", "due_on"),
    )

    person_id: UUID = Field(foreign_key="person.id", index=True)
    community_id: UUID = Field(foreign_key="community.id", index=True)
    practice_id: UUID | None = Field(default=None, foreign_key="practice.id", index=True)
    request_key: str = Field(max_length=64, unique=True)
    wish: Wish = choice(Wish)
    words_sealed: bytes | None = None
    asked_at: datetime = moment()
    due_on: date
    answered_at: datetime | None = moment(default=None)
    answered_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    answer_sealed: bytes | None = None

    person: Person = Relationship()
    answered_by: Account | None = Relationship()

    words = sealed("words_sealed")
    answer = sealed("answer_sealed")

    def keeps_out(self, account_id: UUID) -> bool:
        """Return whether somebody must not see this: its person is kept from them."""
        return self.person.keeps_out(account_id)

    @classmethod
    def kept_from(cls, account_id: UUID) -> ColumnElement[bool]:
        """Return the same as a WHERE over requests."""
        return person_kept_from(cls.person_id, account_id)
