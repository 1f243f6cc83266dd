"""Imports: the file, the run from its first look to its undoing, each row of it, and feeds."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Optional
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import JSON, Column, Field, Relationship, SQLModel, Text

from asset_hub.communities.models import Community
from asset_hub.core.db import Row, Versioned, choice, moment

LONGEST_SOURCE = 60  # with a community's id behind it, it fits Service.source


class Stage(StrEnum):
    """How far a run has come."""

    MAPPING = "mapping"  # somebody must say which column means what
    CHECKING = "checking"  # the worker looks what would change
    READY = "ready"  # somebody must say yes
    IMPORTING = "importing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"  # nothing was written; `message` says why
    DROPPED = "dropped"  # somebody said no


BUSY = (Stage.CHECKING, Stage.IMPORTING, Stage.UNDOING)


class Outcome(StrEnum):
    """What became of a row."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"  # somebody changed it here since it was imported
    REFUSED = "refused"
    SKIPPED = "skipped"  # whoever said yes did not want it
    REPEATED = "repeated"  # the same as another row
    GONE = "gone"  # came from this source before, and is not in the file: left as it is
    CLOSED = "closed"  # gone, and closed here, as whoever said yes wanted it


class Undoing(StrEnum):
    """What undoing made of a row."""

    BACK = "back"  # as it was before the import
    LEFT = "left"  # somebody changed it since: left alone


class ImportFile(Row, table=True):
    """A file as it was sent, kept in pieces so that any worker can read it."""

    __tablename__ = "import_file"

    community_id: UUID = Field(foreign_key="community.id", index=True)
    name: str = Field(max_length=200)
    size: int
    digest: str = Field(max_length=64)
    created_at: datetime = moment()
    emptied_at: datetime | None = moment(default=None)  # its pieces are forgotten


class ImportChunk(SQLModel, table=True):
    """A piece of a file."""

    __tablename__ = "import_chunk"

    file_id: UUID = Field(foreign_key="import_file.id", primary_key=True, ondelete="CASCADE")
    number: int = Field(primary_key=True)
    data: bytes


class Feed(Versioned, table=True):
    """An address that the site reads by itself every so many days."""

    __table_args__ = (
        UniqueConstraint("community_id", "name"),
        CheckConstraint("token IS NULL OR lease_until IS NOT NULL", name="token_with_a_lease"),
    )

    community_id: UUID = Field(foreign_key="community.id", index=True)
    name: str = Field(max_length=LONGEST_SOURCE)
    url: str = Field(max_length=500)
    days: int = 7
    mapping: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    next_at: datetime | None = moment(default=None, index=True)  # None: paused
    trusted: bool = False  # somebody has said yes to a run of it
    close_gone: bool = False  # what it no longer has is closed here
    added_by_id: UUID = Field(foreign_key="account.id")
    created_at: datetime = moment()
    read_at: datetime | None = moment(default=None)
    problem: str = Field(default="", max_length=500)  # why it could not be read last time
    lease_until: datetime | None = moment(default=None)
    token: str | None = Field(default=None, max_length=64)

    community: Community = Relationship()


class ImportRun(Row, table=True):
    """One import, from the first look at a file to its report and, within 30 days, its undoing.

    The worker that holds `token` until `lease_until` has it; `position` is how many pieces of the
    file (or, when undoing, rows) are done, written in the transaction that did them.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        Index("ix_import_run_todo", "stage", "lease_until"),
        CheckConstraint("token IS NULL OR lease_until IS NOT NULL", name="token_with_a_lease"),
    )

    community_id: UUID = Field(foreign_key="community.id", index=True)
    file_id: UUID = Field(foreign_key="import_file.id", index=True)
    feed_id: UUID | None = Field(default=None, foreign_key="feed.id", index=True)
    source: str = Field(max_length=LONGEST_SOURCE)  # its name on the screen
    mapping: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    stage: Stage = choice(Stage, default=Stage.CHECKING)
    started_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = moment()
    imported_at: datetime | None = moment(default=None)
    undone_at: datetime | None = moment(default=None)
    undone_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    sample: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))  # of a sheet
    close_gone: bool = False  # what the file no longer has is closed here
    position: int = 0
    total: int = 0
    skipped: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # rows
    counts: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    note: str = Field(default="", max_length=500)  # what was odd about the file
    message: str = Field(default="", sa_type=Text)  # why it failed, or waits for a person
    lease_until: datetime | None = moment(default=None)
    token: str | None = Field(default=None, max_length=64)
    attempts: int = 0
    once: str | None = Field(default=None, max_length=64, unique=True)  # a double click is one

    community: Community = Relationship()
    file: ImportFile = Relationship()
    feed: Optional["Feed"] = Relationship()

    @property
    def stored_source(self) -> str:
        """Return the name its services are remembered by: never another community's."""
        return stored(self.source, self.community_id)

    @property
    def is_busy(self) -> bool:
        """Return whether the worker has something to do."""
        return self.stage in BUSY


class ImportRow(Row, table=True):
    """One row of a run: what it says, and what became, or would become, of it."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_of", "run_id", "outcome", "number"),)

    run_id: UUID = Field(foreign_key="import_run.id")
    number: int  # in the file; 0 for what the file no longer has
    outcome: Outcome = choice(Outcome)
    name: str = Field(default="", max_length=200)
    source_id: str = Field(default="", max_length=200)
    service_id: UUID | None = Field(default=None, index=True)
    said: str = Field(default="", sa_type=Text)  # why it was refused
    digest: str = Field(default="", max_length=64)  # what the file says of it
    changes: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    warnings: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))  # to be put back
    undone: Undoing | None = choice(Undoing, default=None, nullable=True)


def stored(source: str, community_id: UUID) -> str:
    """Return a source's name as services keep it: two communities never share one."""
    return f"{source}#{community_id.hex}"
