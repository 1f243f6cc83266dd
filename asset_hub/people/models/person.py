"""The people who are connected: as little as the work needs, sealed where it names them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, UniqueConstraint, or_
from sqlmodel import Field, Relationship, col, exists

from asset_hub.accounts.models import Account
from asset_hub.communities.models import Community, Practice
from asset_hub.core.crypto import sealed
from asset_hub.core.db import EMPTY, NO, Row, Versioned, choice, moment
from asset_hub.people.models import talking
from asset_hub.people.models.talking import AccessNeed


class ContactBy(StrEnum):
    """How the person wants to be reached."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    POST = "post"
    IN_PERSON = "in_person"


class AgreedTo(StrEnum):
    """What a person agreed to."""

    RECORD = "record"  # that we keep a note of them and stay in touch
    SHARE = "share"  # that a group is told their first name and how to reach them


class AgreedHow(StrEnum):
    """How the agreement was given."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    ONLINE = "online"


CONTACT_WORDS: dict[ContactBy, str] = {
    ContactBy.PHONE: "Phone call",
    ContactBy.TEXT: "Text message",
    ContactBy.EMAIL: "Email",
    ContactBy.POST: "Letter",
    ContactBy.IN_PERSON: "In person",
}
AGREED_TO_WORDS: dict[AgreedTo, str] = {
    AgreedTo.RECORD: "Being written down and kept in touch with",
    AgreedTo.SHARE: "A group being told their first name and how to reach them",
}
AGREED_HOW_WORDS: dict[AgreedHow, str] = {
    AgreedHow.SPOKEN: "They said so",
    AgreedHow.WRITTEN: "They wrote or signed it",
    AgreedHow.ONLINE: "They agreed online",
}
HEARD_WORDS: dict[AgreedHow, str] = {  # what whoever asked says of it, in a form
    AgreedHow.SPOKEN: "Yes: I read them these words and they agreed",
    AgreedHow.WRITTEN: "Yes: they wrote it or signed it",
}
TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "rev", "sir", "prof"}


def first_name_of(name: str) -> str:
    """Return a name without its surname; "Mrs Ashworth" becomes "Mrs A."."""
    first, *rest = name.split() or [""]
    if first.rstrip(".").casefold() in TITLES and rest:
        return f"{first} {rest[-1][0]}."
    return first


class Person(Versioned, table=True):
    """Someone being connected. `owner_id` is the account that keeps in touch with them."""

    __table_args__ = (
        CheckConstraint("died_on IS NULL OR no_contact", name="the_dead_are_left_in_peace"),
    )

    community_id: UUID = Field(foreign_key="community.id", index=True)
    practice_id: UUID | None = Field(default=None, foreign_key="practice.id", index=True)
    owner_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    added_by_id: UUID = Field(foreign_key="account.id")
    request_key: str | None = Field(
        default=None, max_length=64, unique=True
    )  # one per form shown: a double click is one person
    name_sealed: bytes | None = None
    phone_sealed: bytes | None = None
    email_sealed: bytes | None = None
    safety_sealed: bytes | None = None
    matters_sealed: bytes | None = None
    name_print: str = Field(default="", max_length=64, index=True)  # keyed hashes, to find doubles
    phone_print: str = Field(default="", max_length=64, index=True)
    contact_by: ContactBy = choice(ContactBy, default=ContactBy.PHONE)
    voicemail_ok: bool = False
    never_post: bool = Field(default=False, sa_column_kwargs=NO)
    code_sealed: bytes | None = None
    language: str = Field(default="", max_length=60, sa_column_kwargs=EMPTY)  # "" for English
    interpreter: bool = Field(default=False, sa_column_kwargs=NO)
    needs_sealed: bytes | None = None
    needs_words_sealed: bytes | None = None
    needs_shared: bool = Field(default=False, sa_column_kwargs=NO)  # groups may be told of them
    needs_asked_on: date | None = None
    strengths_sealed: bytes | None = None
    offers_sealed: bytes | None = None
    no_contact: bool = False  # asked not to be contacted, or has died
    died_on: date | None = None
    erased_at: datetime | None = moment(default=None)  # only numbers are left of them
    created_at: datetime = moment()

    community: Community = Relationship()
    practice: Practice | None = Relationship()
    owner: Account | None = Relationship(sa_relationship_kwargs={"foreign_keys": "Person.owner_id"})

    name = sealed("name_sealed")  # what they like to be called
    phone = sealed("phone_sealed")
    email = sealed("email_sealed")
    safe_contact = sealed("safety_sealed")  # when, where and how it is safe to reach them
    matters = sealed("matters_sealed")  # what matters to them, in their words
    code_word = sealed("code_sealed")  # said first, so that they know who rings
    needs_kept = sealed("needs_sealed")
    needs_words = sealed("needs_words_sealed")  # what they need, in their own words
    strengths = sealed("strengths_sealed")  # what they are good at
    offers = sealed("offers_sealed")  # what they might give, one day

    blocks: list["PersonBlock"] = Relationship(sa_relationship_kwargs={"lazy": "selectin"})

    @property
    def access_needs(self) -> list[AccessNeed]:
        """Return what they need to read, hear, speak and come along."""
        return [AccessNeed(value) for value in self.needs_kept.split()]

    @access_needs.setter
    def access_needs(self, needs: list[AccessNeed]) -> None:
        self.needs_kept = " ".join(need.value for need in needs)

    @property
    def needs_said(self) -> list[str]:
        """Return everything to know before talking with them, as it is read out."""
        return talking.in_words(
            self.access_needs,
            self.needs_words,
            language=self.language,
            interpreter=self.interpreter,
        )

    @property
    def ask_needs_again_on(self) -> date | None:
        """Return the day by which their needs should be asked again; None when never asked."""
        return talking.look_again_on(self.needs_asked_on) if self.needs_asked_on else None

    def keeps_out(self, account_id: UUID) -> bool:
        """Return whether somebody must not see this person, whatever their role.

        Whoever was erased is kept from everybody.
        """
        return self.erased_at is not None or any(
            block.account_id == account_id for block in self.blocks
        )

    @classmethod
    def kept_from(cls, account_id: UUID) -> ColumnElement[bool]:
        """Return the same as a WHERE over people."""
        return or_(col(cls.erased_at).is_not(None), _blocked(cls.id, account_id))

    @property
    def first_name(self) -> str:
        """Return what groups and mails are told."""
        return first_name_of(self.name)


class Consent(Row, table=True):
    """An agreement: to what, in which wording, how, who asked, when, withdrawn when."""

    person_id: UUID = Field(foreign_key="person.id", index=True)
    agreed_to: AgreedTo = choice(AgreedTo)
    wording: str = Field(max_length=20)  # version of the words that were read out
    how: AgreedHow = choice(AgreedHow)
    asked_by_id: UUID = Field(foreign_key="account.id")
    given_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None)

    person: Person = Relationship()
    asked_by: Account = Relationship()

    @property
    def is_live(self) -> bool:
        """Return whether the agreement still holds."""
        return self.withdrawn_at is None


class PersonBlock(Row, table=True):
    """Somebody who must not know of a person here: a relative, a neighbour, a former partner."""

    __tablename__ = "person_block"
    __table_args__ = (UniqueConstraint("person_id", "account_id"),)

    person_id: UUID = Field(foreign_key="person.id", index=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    by_id: UUID = Field(foreign_key="account.id")
    made_at: datetime = moment()

    account: Account = Relationship(
        sa_relationship_kwargs={"foreign_keys": "PersonBlock.account_id"}
    )


def _blocked(person_id: Any, account_id: UUID) -> ColumnElement[bool]:
    """Return whether an account is kept out of the person that a column names."""
    return (
        exists()
        .where(col(PersonBlock.person_id) == person_id, col(PersonBlock.account_id) == account_id)
        .correlate_except(PersonBlock)
    )


def person_kept_from(person_id: Any, account_id: UUID) -> ColumnElement[bool]:
    """Return whether the person that a column of another table names is kept from an account."""
    erased = exists().where(col(Person.id) == person_id, col(Person.erased_at).is_not(None))
    return or_(erased.correlate_except(Person), _blocked(person_id, account_id))


class Need(Row, table=True):
    """What somebody would like help with: their own words, and a topic to look under."""

    person_id: UUID = Field(foreign_key="person.id", index=True)
    words_sealed: bytes | None = None
    topic: str = Field(default="", max_length=60)  # its slug
    topic_name: str = Field(default="", max_length=100)  # as it was called then
    by_id: UUID = Field(foreign_key="account.id")
    noted_at: datetime = moment()
    met_at: datetime | None = moment(default=None)

    words = sealed("words_sealed")
