"""A person and a service brought together: a state, an owner and the date somebody looks again."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, UniqueConstraint, text
from sqlmodel import Field, Relationship, SQLModel

from asset_hub.accounts.models import Account
from asset_hub.core.crypto import sealed
from asset_hub.core.db import Row, Versioned, choice, moment
from asset_hub.core.triggers import append_only
from asset_hub.directory.models import Service
from asset_hub.people.models import Person, person_kept_from


class State(StrEnum):
    """Where a connection stands (PRODUCT.md; FHIR Task in brackets there)."""

    DRAFT = "draft"
    OFFERED = "offered"
    AGREED = "agreed"
    SENT = "sent"
    SEEN = "seen"
    ACCEPTED = "accepted"
    INTRODUCED = "introduced"
    ATTENDED = "attended"
    SETTLED = "settled"
    CLOSED = "closed"
    DECLINED_BY_PERSON = "declined_by_person"
    DECLINED_BY_GROUP = "declined_by_group"
    WAITING = "waiting"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


ENDED = (State.CLOSED, State.DECLINED_BY_PERSON, State.REDIRECTED, State.WITHDRAWN, State.LAPSED)


class Route(StrEnum):
    """Who made the connection."""

    SELF = "self"
    NEIGHBOUR = "neighbour"
    CHAMPION = "champion"
    NAVIGATOR = "navigator"
    PRACTICE = "practice"


class Handover(StrEnum):
    """How the person was introduced."""

    TOLD = "told"
    MESSAGE = "message"
    CALL = "call"  # three-way
    MET = "met"  # met at the door
    TOGETHER = "together"


class Ending(StrEnum):
    """Why a connection was closed."""

    JOINED = "joined"
    DID_WHAT_WAS_NEEDED = "did_what_was_needed"
    NOT_FOR_THEM = "not_for_them"
    FOUND_SOMETHING_ELSE = "found_something_else"
    COULD_NOT_REACH = "could_not_reach"
    GROUP_COULD_NOT = "group_could_not"
    CHANGED_MIND = "changed_mind"
    MOVED_AWAY = "moved_away"
    DIED = "died"
    MOVED_OR_DIED = "moved_or_died"  # no longer offered


STATE_WORDS: dict[State, str] = {
    State.DRAFT: "Being written",
    State.OFFERED: "Offered to the person",
    State.AGREED: "Agreed: the group is not told yet",
    State.SENT: "Waiting for the group’s answer",
    State.SEEN: "The group has read it",
    State.ACCEPTED: "The group said yes",
    State.INTRODUCED: "Introduced",
    State.ATTENDED: "Has been along",
    State.SETTLED: "Settled in",
    State.CLOSED: "Closed",
    State.DECLINED_BY_PERSON: "The person said no",
    State.DECLINED_BY_GROUP: "The group said no",
    State.WAITING: "Waiting",
    State.REDIRECTED: "Connected to something else instead",
    State.WITHDRAWN: "Request withdrawn",
    State.LAPSED: "Nothing came of it",
}
EVENT_WORDS: dict[State, str] = {  # how the timeline tells that a state was reached
    State.DRAFT: "Begun",
    State.OFFERED: "Offered to the person",
    State.AGREED: "Agreed with the person",
    State.SENT: "The group was asked by email",
    State.SEEN: "The group read the message",
    State.ACCEPTED: "The group said yes",
    State.INTRODUCED: "Introduced",
    State.ATTENDED: "Went along",
    State.SETTLED: "Settled in",
    State.CLOSED: "Closed",
    State.DECLINED_BY_PERSON: "The person said no",
    State.DECLINED_BY_GROUP: "The group said no",
    State.WAITING: "Waiting for a place or a better time",
    State.REDIRECTED: "Connected to something else instead",
    State.WITHDRAWN: "Request withdrawn",
    State.LAPSED: "Nothing came of it",
}
ROUTE_WORDS: dict[Route, str] = {
    Route.SELF: "The person themself",
    Route.NEIGHBOUR: "A neighbour",
    Route.CHAMPION: "A health champion",
    Route.NAVIGATOR: "A volunteer navigator",
    Route.PRACTICE: "The practice",
}
HANDOVER_WORDS: dict[Handover, str] = {
    Handover.TOLD: "Told where and when to go",
    Handover.MESSAGE: "A message to both",
    Handover.CALL: "A call with all three",
    Handover.MET: "Met at the door",
    Handover.TOGETHER: "Went together",
}
ENDING_WORDS: dict[Ending, str] = {
    Ending.JOINED: "They joined and are happy there",
    Ending.DID_WHAT_WAS_NEEDED: "It did what was needed",
    Ending.NOT_FOR_THEM: "It was not for them",
    Ending.FOUND_SOMETHING_ELSE: "They found something else",
    Ending.COULD_NOT_REACH: "They could not be reached",
    Ending.GROUP_COULD_NOT: "The group could not welcome them",
    Ending.CHANGED_MIND: "They changed their mind",
    Ending.MOVED_AWAY: "They have moved away",
    Ending.DIED: "They have died",
}
OLD_ENDING_WORDS: dict[Ending, str] = {Ending.MOVED_OR_DIED: "They have moved away or died"}
STATE_COLOURS: dict[State, str] = {
    **dict.fromkeys(State, "green"),
    **dict.fromkeys(ENDED, "grey"),
    **dict.fromkeys((State.AGREED, State.SENT, State.SEEN, State.WAITING), "sun"),
    State.DECLINED_BY_GROUP: "red",
}
# FHIR R4 Task.status for each state (http://hl7.org/fhir/R4/valueset-task-status.html).
FHIR_STATUS: dict[State, str] = {
    State.DRAFT: "draft",
    State.OFFERED: "draft",
    State.AGREED: "draft",
    State.SENT: "requested",
    State.SEEN: "received",
    State.ACCEPTED: "accepted",
    State.INTRODUCED: "in-progress",
    State.ATTENDED: "in-progress",
    State.SETTLED: "completed",
    State.CLOSED: "completed",
    State.DECLINED_BY_PERSON: "cancelled",
    State.DECLINED_BY_GROUP: "rejected",
    State.WAITING: "on-hold",
    State.REDIRECTED: "cancelled",
    State.WITHDRAWN: "cancelled",
    State.LAPSED: "failed",
}


class Answer(StrEnum):
    """What a group says when it is asked."""

    YES = "yes"
    NOT_NOW = "not_now"
    FULL = "full"


ANSWER_WORDS: dict[Answer, str] = {
    Answer.YES: "Yes, we will welcome them",
    Answer.NOT_NOW: "Not now",
    Answer.FULL: "We are full",
}

TOLD_ANSWER_WORDS: dict[Answer, str] = {  # what the keeper heard on the phone
    Answer.YES: "Yes, they will welcome them",
    Answer.NOT_NOW: "Not now",
    Answer.FULL: "They are full",
}

_ENDED = ", ".join(f"'{state.value}'" for state in ENDED)
_OPEN = text(f"state NOT IN ({_ENDED})")


class Connection(Versioned, table=True):
    """The database refuses an open connection without an owner or a next date, and a second one."""

    __table_args__ = (
        CheckConstraint(
            f"state IN ({_ENDED}) OR (owner_id IS NOT NULL AND next_check_on IS NOT NULL)",
            name="open_is_promised",
        ),
        CheckConstraint("state <> 'closed' OR ending IS NOT NULL", name="closed_says_why"),
        CheckConstraint(
            f"state NOT IN ({_ENDED}) OR next_check_on IS NULL", name="ended_asks_nothing"
        ),
        # Today asks by owner, a coordinator's by community, a practice's by practice
        Index("ix_connection_owner_next", "owner_id", "next_check_on"),
        Index("ix_connection_community_next", "community_id", "next_check_on"),
        Index("ix_connection_practice_next", "practice_id", "next_check_on"),
        Index(
            "uq_connection_open",
            "person_id",
            "service_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    person_id: UUID = Field(foreign_key="person.id", index=True)
    service_id: UUID = Field(foreign_key="service.id", index=True)
    organization_id: UUID = Field(index=True)
    community_id: UUID = Field(foreign_key="community.id")
    practice_id: UUID | None = Field(default=None, foreign_key="practice.id")
    owner_id: UUID | None = Field(default=None, foreign_key="account.id")
    made_by_id: UUID = Field(foreign_key="account.id")
    request_key: str = Field(
        max_length=64, unique=True
    )  # one per form shown: a double click is one
    state: State = choice(State, default=State.AGREED, index=True)
    route: Route = choice(Route)
    hops: int = 1  # hand-overs from first ask to first hello
    reason_sealed: bytes | None = None
    message_sealed: bytes | None = None
    topic: str = Field(default="", max_length=60)  # a topic's slug
    handover: Handover | None = choice(Handover, default=None, nullable=True)
    ending: Ending | None = choice(Ending, default=None, nullable=True)
    ending_sealed: bytes | None = None
    made_at: datetime = moment()
    introduced_on: date | None = None
    attended_on: date | None = None
    waiting_until: date | None = None  # what the group said, when it asked to wait
    next_check_on: date | None = Field(default=None, index=True)
    ended_at: datetime | None = moment(default=None)

    person: Person = Relationship()
    service: Service = Relationship()
    owner: Account | None = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Connection.owner_id"}
    )
    events: list["ConnectionEvent"] = Relationship(
        sa_relationship_kwargs={"order_by": "ConnectionEvent.number", "viewonly": True}
    )

    reason = sealed("reason_sealed")  # why, for those who keep the connection
    message = sealed("message_sealed")  # what the group is told, word for word
    ending_words = sealed("ending_sealed")  # how it ended, in the person's own words

    @property
    def is_open(self) -> bool:
        """Return whether somebody still has a promise to keep."""
        return self.state not in ENDED

    def keeps_out(self, account_id: UUID) -> bool:
        """Return whether somebody must not see this connection: its person is kept from them."""
        return self.person.keeps_out(account_id)

    @classmethod
    def kept_from(cls, account_id: UUID) -> ColumnElement[bool]:
        """Return the same as a WHERE over connections."""
        return person_kept_from(cls.person_id, account_id)


class ConnectionEvent(Row, table=True):
    """One step of a connection. Only grows; the connection's state is derived from the last."""

    __tablename__ = "connection_event"
    __table_args__ = (UniqueConstraint("connection_id", "number"),)

    connection_id: UUID = Field(foreign_key="connection.id", index=True)
    number: int  # 1, 2, 3 …: two steps of one instant keep their order
    at: datetime = moment()
    by_id: UUID | None = Field(default=None, foreign_key="account.id")  # None: the group, by link
    came_from: State | None = choice(State, default=None, nullable=True)
    state: State = choice(State)
    note_sealed: bytes | None = None

    by: Account | None = Relationship()

    note = sealed("note_sealed")

    @property
    def words(self) -> str:
        """Return what happened, in words."""
        reopened = self.came_from in ENDED
        return f"Opened again: {STATE_WORDS[self.state]}" if reopened else EVENT_WORDS[self.state]


class ReplyLink(Row, table=True):
    """The link by which a group answers once, without an account; only its digest is kept."""

    __tablename__ = "reply_link"

    connection_id: UUID = Field(foreign_key="connection.id", index=True)
    digest: str = Field(max_length=64, unique=True)
    address_print: str = Field(default="", max_length=64)  # keyed hash of where it was sent
    sent_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)
    answer: Answer | None = choice(Answer, default=None, nullable=True)

    connection: Connection = Relationship()


class ConnectionDraft(Row, table=True):
    """What somebody wrote and has still to check; emptied when it is sent, gone after a day."""

    __tablename__ = "connection_draft"

    by_id: UUID = Field(foreign_key="account.id", index=True)
    service_id: UUID = Field(foreign_key="service.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    request_key: str = Field(max_length=64, unique=True)
    answers_sealed: bytes | None = None
    kept_at: datetime = moment(index=True)

    answers = sealed("answers_sealed")  # what was typed, as JSON


append_only(SQLModel.metadata.tables["connection_event"], forgets="note_sealed")
