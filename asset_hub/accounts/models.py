"""People who sign in: accounts, the roles they were given, their sessions and links."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field, Relationship

from asset_hub.communities.models import Community, Practice
from asset_hub.core import ids
from asset_hub.core.access import Given
from asset_hub.core.crypto import sealed
from asset_hub.core.db import Row, Versioned, choice, moment
from asset_hub.core.powers import ROLE_WORDS, SCOPE, Role, is_guarded

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
        live = [grant for grant in self.grants if grant.ended_at is None]
        return [grant for grant in live if not (self.asleep and is_guarded(grant.role))]

    @property
    def asleep(self) -> bool:
        """Return whether roles over people count for nothing: no second factor was shown.

        It belongs to the session that asks, so it is kept on the object and in no column.
        """
        return bool(vars(self).get("_asleep"))

    @asleep.setter
    def asleep(self, value: bool) -> None:
        self.__dict__["_asleep"] = value

    @property
    def is_guarded(self) -> bool:
        """Return whether a role is held that wants a second factor, awake or not."""
        return any(is_guarded(grant.role) for grant in self.grants if grant.ended_at is None)


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
    shown_at: datetime | None = moment(default=None)  # when its owner last proved to be it
    factor_at: datetime | None = moment(default=None)  # when they last did so by a second factor

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


class Authenticator(Row, table=True):
    """An app that shows codes. It counts from the first code on that came from it."""

    __table_args__ = (
        Index(
            "uq_authenticator_confirmed", "account_id", unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
    )  # fmt: skip

    account_id: UUID = Field(foreign_key="account.id", index=True)
    secret_sealed: bytes
    created_at: datetime = moment()
    confirmed_at: datetime | None = moment(default=None)
    last_step: int = 0  # the half minute of the last code taken; none up to it is taken again

    secret = sealed("secret_sealed")


class Passkey(Row, table=True):
    """A key that a phone, a computer or a stick keeps; we hold its public half."""

    account_id: UUID = Field(foreign_key="account.id", index=True)
    name: str = Field(max_length=60)
    credential_id: str = Field(max_length=1400, unique=True)  # base64url of at most 1023 bytes
    public_key: bytes
    sign_count: int = Field(default=0, sa_type=BigInteger)
    created_at: datetime = moment()
    used_at: datetime | None = moment(default=None)


class RecoveryCode(Row, table=True):
    """A code on paper, for the day the phone is gone. Only its keyed hash is kept."""

    __tablename__ = "recovery_code"

    account_id: UUID = Field(foreign_key="account.id", index=True)
    digest: str = Field(max_length=64, unique=True)
    created_at: datetime = moment()
    used_at: datetime | None = moment(default=None)


class StepFor(StrEnum):
    """What was begun and must be finished within minutes, in the same browser."""

    SIGN_IN = "sign_in"  # the password was right: a second factor is still to be shown
    PASSKEY_ADD = "passkey_add"
    PASSKEY_SHOW = "passkey_show"


class SignInStep(Row, table=True):
    """Something begun that works once and for minutes; its token is also a passkey's challenge."""

    __tablename__ = "sign_in_step"

    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    purpose: StepFor = choice(StepFor)
    digest: str = Field(max_length=64, unique=True)
    tries: int = 0
    expires_at: datetime = moment(index=True)


class HeldForm(Row, table=True):
    """What was sent from a locked screen, sealed, until its owner is back to carry on."""

    __tablename__ = "held_form"

    account_id: UUID = Field(foreign_key="account.id", index=True)
    sign_in_id: UUID = Field(foreign_key="sign_in.id", index=True)
    content_sealed: bytes
    sent_at: datetime = moment()

    content = sealed("content_sealed")


class HelpIn(Row, table=True):
    """Somebody lost every second factor and was met: a code, said to them, lets them in once.

    Who gains nothing by it helps alone; anybody else needs a second person who agrees.
    """

    __tablename__ = "help_in"
    __table_args__ = (
        CheckConstraint("(digest IS NULL) = (issued_at IS NULL)", name="issued_with_a_code"),
        CheckConstraint("second_id IS NULL OR second_id <> by_id", name="two_people"),
    )

    account_id: UUID = Field(foreign_key="account.id", index=True)
    by_id: UUID | None = Field(default=None, foreign_key="account.id")
    second_id: UUID | None = Field(default=None, foreign_key="account.id")
    asked_at: datetime = moment()
    digest: str | None = Field(default=None, max_length=64, unique=True)
    issued_at: datetime | None = moment(default=None)
    ended_at: datetime | None = moment(default=None)  # used, or worthless since

    by: Account | None = Relationship(sa_relationship_kwargs={"foreign_keys": "HelpIn.by_id"})
