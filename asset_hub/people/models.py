"""The people who are connected: as little as the work needs, sealed where it names them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Relationship

from asset_hub.accounts.models import Account
from asset_hub.communities.models import Community, Practice
from asset_hub.core.crypto import sealed
from asset_hub.core.db import Row, Versioned, choice, moment


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
    no_contact: bool = False  # asked not to be contacted, or has died
    created_at: datetime = moment()

    community: Community = Relationship()
    practice: Practice | None = Relationship()
    owner: Account | None = Relationship(sa_relationship_kwargs={"foreign_keys": "Person.owner_id"})

    name = sealed("name_sealed")  # what they like to be called
    phone = sealed("phone_sealed")
    email = sealed("email_sealed")
    safe_contact = sealed("safety_sealed")  # when, where and how it is safe to reach them
    matters = sealed("matters_sealed")  # what matters to them, in their words

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
