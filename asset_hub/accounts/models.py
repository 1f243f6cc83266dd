"""People who sign in: accounts, the roles they were given, their sessions and links."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import CheckConstraint
from sqlmodel import Field, Relationship

from asset_hub.communities.models import Community, Practice
from asset_hub.core import ids
from asset_hub.core.access import Given
from asset_hub.core.db import Row, Versioned, choice, moment
from asset_hub.core.powers import ROLE_WORDS, SCOPE, Role

PLACES = ("community_id", "practice_id", "organization_id")


class ShownAs(StrEnum):
    """How much of a name a community's page may show."""

    NOBODY = "nobody"
    FIRST_NAME = "first_name"
    WHOLE_NAME = "whole_name"


SHOWN_WORDS = {
    ShownAs.NOBODY: "your name is not shown",
    ShownAs.FIRST_NAME: "your first name is shown",
    ShownAs.WHOLE_NAME: "your whole name is shown",
}
NOBODY = {"server_default": ShownAs.NOBODY.value}


def _scope_rule() -> str:
    """Write, as a CHECK, that each role belongs to its own kind of place and no other."""
    rules = []
    for role, scope in SCOPE.items():
        filled = [f"{c} IS {'NOT ' if c == scope else ''}NULL" for c in PLACES]
        rules.append(f"(role = '{role.value}' AND {' AND '.join(filled)})")
    return " OR ".join(rules)


def _in_words(row: "Grant | Invitation") -> str:
    place = row.community or row.practice
    return ", ".join([ROLE_WORDS[row.role], *([place.name] if place else [])])


def _place_of(row: "Grant | Invitation") -> dict[str, UUID]:
    return {name: key for name in PLACES if (key := getattr(row, name)) is not None}


class Account(UserMixin, Versioned, table=True):
    """Someone who signs in. `epoch` is raised to end every session at once."""

    name: str = Field(max_length=100)
    email: str = Field(max_length=254, unique=True)  # lower case
    password_hash: str | None = Field(default=None, max_length=200)
    epoch: int = 1
    created_at: datetime = moment()
    confirmed_at: datetime | None = moment(default=None)
    disabled_at: datetime | None = moment(default=None)

    grants: list["Grant"] = Relationship(
        back_populates="account",
        sa_relationship_kwargs={"lazy": "selectin", "foreign_keys": "Grant.account_id"},
    )

    @property
    def is_active(self) -> bool:
        """Return whether the account may be used at all."""
        return self.disabled_at is None

    @property
    def given(self) -> Iterable[Given]:
        """Return every role held now; none when disabled or not confirmed."""
        if self.disabled_at or not self.confirmed_at:
            return []
        return [grant for grant in self.grants if grant.ended_at is None]


class Grant(Row, table=True):
    """A role given to an account in a community, a practice, an organisation or the site."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint(_scope_rule(), name="role_in_its_place"),)

    account_id: UUID = Field(foreign_key="account.id", index=True)
    role: Role = choice(Role)
    community_id: UUID | None = Field(default=None, foreign_key="community.id", index=True)
    practice_id: UUID | None = Field(default=None, foreign_key="practice.id", index=True)
    organization_id: UUID | None = Field(default=None, index=True)  # lives above; checked there
    given_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    given_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
    # How its holder is named on the community's page: as a champion one may agree to be
    shown: ShownAs = choice(ShownAs, default=ShownAs.NOBODY, sa_column_kwargs=NOBODY)

    account: Account = Relationship(
        back_populates="grants", sa_relationship_kwargs={"foreign_keys": "Grant.account_id"}
    )
    community: Community | None = Relationship()
    practice: Practice | None = Relationship()

    @property
    def words(self) -> str:
        """Return the role and its place as said: "Coordinator, Ashby"."""
        return _in_words(self)

    @property
    def place(self) -> dict[str, UUID]:
        """Return where it holds, as the column and the id; empty for the whole site."""
        return _place_of(self)


class SignIn(Row, table=True):
    """One signed-in session: its owner sees it and can end it."""

    __tablename__ = "sign_in"

    account_id: UUID = Field(foreign_key="account.id", index=True)
    digest: str = Field(max_length=64, unique=True)
    epoch: int
    device: str = Field(default="", max_length=120)
    created_at: datetime = moment()
    seen_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)

    account: Account = Relationship()


class Purpose(StrEnum):
    """What a mailed link is for."""

    CONFIRM = "confirm"
    RESET = "reset"


class MailedLink(Row, table=True):
    """A link that works once, before it expires; only its digest is kept.

    A link that confirms an address carries the name and password it was asked for with. They
    become the account's only then, so that nobody can lay a password on another's address.
    """

    __tablename__ = "mailed_link"

    account_id: UUID = Field(foreign_key="account.id", index=True)
    purpose: Purpose = choice(Purpose)
    digest: str = Field(max_length=64, unique=True)
    name: str = Field(default="", max_length=100)
    password_hash: str | None = Field(default=None, max_length=200)
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)

    account: Account = Relationship()


class Invitation(Row, table=True):
    """A role offered by mail; accepting it makes the account and the grant."""

    __table_args__ = (CheckConstraint(_scope_rule(), name="role_in_its_place"),)

    email: str = Field(max_length=254, index=True)
    name: str = Field(default="", max_length=100)
    role: Role = choice(Role)
    community_id: UUID | None = Field(default=None, foreign_key="community.id", index=True)
    practice_id: UUID | None = Field(default=None, foreign_key="practice.id", index=True)
    organization_id: UUID | None = None
    request_key: UUID = Field(default_factory=ids.new, unique=True)  # a double click makes one
    digest: str = Field(max_length=64, unique=True)
    by_id: UUID | None = Field(default=None, foreign_key="account.id")
    sent_at: datetime = moment()
    expires_at: datetime = moment()
    accepted_at: datetime | None = moment(default=None)
    withdrawn_at: datetime | None = moment(default=None)

    community: Community | None = Relationship()
    practice: Practice | None = Relationship()
    by: Account | None = Relationship()

    @property
    def words(self) -> str:
        """Return the role offered and its place: "Coordinator, Ashby"."""
        return _in_words(self)

    @property
    def place(self) -> dict[str, UUID]:
        """Return where it would hold, as the column and the id; empty for the whole site."""
        return _place_of(self)

    @property
    def is_pending(self) -> bool:
        """Return whether it was neither accepted nor withdrawn; it may have run out."""
        return self.accepted_at is None and self.withdrawn_at is None
