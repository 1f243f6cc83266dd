"""Questions about follow-ups. Every list holds only those within the reader's reach."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import case, tuple_
from sqlalchemy.orm import contains_eager, joinedload, lazyload, load_only
from sqlmodel import Session, col, exists, func, select

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account
from asset_hub.connections.models import Connection, State
from asset_hub.core.access import Actor, places, reaches, within
from asset_hub.core.powers import Can, Role
from asset_hub.directory import queries as directory
from asset_hub.directory.models import Service
from asset_hub.followups import rules
from asset_hub.followups.models import DUE_WORDS, Attempt, FollowUp, Outcome, Reminder
from asset_hub.people import queries as people
from asset_hub.people.models import Person
from asset_hub.volunteers.models import Stage, Volunteer

AHEAD = timedelta(days=7)
MOST_SHOWN = 100  # on one page; more than anybody can telephone in a day
MOST_HEARD = 20
BATCH = 500


class Who(StrEnum):
    """Whose follow-ups: one's own, everybody's within reach, or those nobody keeps any more."""

    MINE = "mine"
    ALL = "all"
    NOBODY = "nobody"


class When(StrEnum):
    """Which of the three lists something stands in."""

    OVERDUE = "overdue"
    DUE = "due"
    COMING = "coming"


class Do(StrEnum):
    """The one thing to do about it."""

    RECORD = "record"
    INTRODUCE = "introduce"
    ANOTHER = "another"
    LOOK = "look"


@dataclass(frozen=True)
class Item:
    """One line of Today: about whom, which group, why, when, and what to do."""

    connection: Connection
    when: When

    @property
    def first_name(self) -> str:
        """Return the person's first name, opened only here."""
        return self.connection.person.first_name

    @property
    def why(self) -> str:
        """Return in words why somebody should look."""
        if self.connection.person.no_contact:
            return "They asked not to be contacted: close it"
        return DUE_WORDS[self.connection.state]

    @property
    def do(self) -> Do:
        """Return what the button does."""
        connection = self.connection
        if connection.person.no_contact:
            return Do.LOOK
        if rules.is_recordable(connection.state, introduced=bool(connection.introduced_on)):
            return Do.RECORD
        if connection.state is State.DECLINED_BY_GROUP:
            return Do.ANOTHER
        return Do.INTRODUCE if rules.is_introducible(connection.state) else Do.LOOK


@dataclass(frozen=True)
class Agenda:
    """What somebody has to do: the lines shown, and how many there are in each list."""

    items: Sequence[Item]
    counts: dict[When, int]
    unkept: int  # open connections within reach whose owner can no longer keep them

    def of(self, when: When | str) -> list[Item]:
        """Return the lines of one list."""
        return [item for item in self.items if item.when == when]

    @property
    def total(self) -> int:
        """Return how many there are in all."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Waiting:
    """What waits for the reader on other pages: things to look at, offers to help."""

    things: int
    offers: int


def keeps_anybody(session: Session, reader: Actor) -> bool:
    """Return whether somebody keeps an open connection, however far ahead its date is."""
    mine = within(Connection, reader, Can.KEEP_CONNECTION), Connection.owner_id == reader.id
    wanted = select(Connection.id).where(*mine, col(Connection.next_check_on).is_not(None))
    return session.exec(wanted.limit(1)).first() is not None


def reaches_many(reader: Actor) -> bool:
    """Return whether somebody may see what others keep: a whole community, or a practice."""
    columns = "community_id", "practice_id"
    return any(places(reader, Can.KEEP_CONNECTION, column) for column in columns)


def waiting(session: Session, reader: Account) -> Waiting:
    """Return how much waits for the reader elsewhere, in one query."""
    things = directory.how_many_wait(reader)
    offers = select(func.count()).select_from(Volunteer).where(
        within(Volunteer, reader, Can.WELCOME_VOLUNTEER), Volunteer.stage == Stage.APPLIED
    )  # fmt: skip
    return Waiting(*session.exec(select(things.scalar_subquery(), offers.scalar_subquery())).one())


def to_ask(session: Session, connection: Connection, reader: Account) -> list[Account]:
    """Return whom a keeper may talk to: the community's coordinators, or the practice's leads."""
    if reaches(reader, connection, Can.REASSIGN):
        return []
    found = accounts.holders(session, Role.COORDINATOR, community_id=connection.community_id)
    if connection.practice_id:
        found += accounts.holders(session, Role.PRACTICE_LEAD, practice_id=connection.practice_id)
    return list(dict.fromkeys(found))


def agenda(session: Session, reader: Actor, *, who: Who, today: date) -> Agenda:
    """Return what is overdue, due and coming, the longest waiting first.

    Three queries however much there is; only the names on the page are opened.
    """
    mine: list[Any] = [within(Connection, reader, Can.KEEP_CONNECTION)]
    if who is Who.MINE:
        mine.append(Connection.owner_id == reader.id)
    elif who is Who.NOBODY:
        mine.append(~people.is_kept(Connection))
    # An ended connection has no next date, so the date alone finds the open ones.
    wanted = [*mine, col(Connection.next_check_on) <= today + AHEAD]
    if who is Who.NOBODY:
        wanted[-1] = col(Connection.next_check_on).is_not(None)
    bucket = _bucket(today)
    counted = session.exec(select(bucket, func.count()).where(*wanted).group_by(bucket)).all()
    shown = (
        select(Connection)
        .join(Connection.person)  # type: ignore[arg-type]
        .join(Connection.service)  # type: ignore[arg-type]
        .options(
            contains_eager(Connection.person).options(  # type: ignore[arg-type]
                load_only(Person.name_sealed, Person.no_contact),  # type: ignore[arg-type]
                lazyload(Person.blocks),  # type: ignore[arg-type]
            ),
            contains_eager(Connection.service).load_only(Service.name),  # type: ignore[arg-type]
            joinedload(Connection.owner).options(  # type: ignore[arg-type]
                load_only(Account.name),  # type: ignore[arg-type]
                lazyload(Account.grants),  # type: ignore[arg-type]
            ),
        )
        .where(*wanted)
        .order_by(col(Connection.next_check_on), col(Connection.id))
        .limit(MOST_SHOWN)
    )
    items = [Item(row, _when(row.next_check_on, today)) for row in session.exec(shown).unique()]
    counts = dict.fromkeys(When, 0) | {When(name): count for name, count in counted}
    return Agenda(items, counts, unkept=_count_unkept(session, reader))


def _bucket(today: date) -> Any:
    on = col(Connection.next_check_on)
    return case(
        (on < today, When.OVERDUE.value), (on == today, When.DUE.value), else_=When.COMING.value
    )


def _when(on: date | None, today: date) -> When:
    assert on is not None
    if on == today:
        return When.DUE
    return When.OVERDUE if on < today else When.COMING


def _count_unkept(session: Session, reader: Actor) -> int:
    wanted = select(func.count()).where(*_unkept(reader))
    return session.exec(wanted).one()


def _unkept(reader: Actor) -> list[Any]:
    """Write, as a WHERE, the open connections the reader may give away and nobody can keep."""
    reach = within(Connection, reader, Can.REASSIGN)
    return [reach, col(Connection.next_check_on).is_not(None), ~people.is_kept(Connection)]


def left_behind(session: Session, reader: Actor, gone: Account) -> bool:
    """Return whether an owner has left connections that the reader may give to somebody else."""
    wanted = select(Connection.id).where(*_unkept(reader), Connection.owner_id == gone.id)
    return session.exec(wanted.limit(1)).first() is not None


def heard(session: Session, connection: Connection) -> Sequence[Attempt]:
    """Return the latest attempts, the newest first, with who made them."""
    wanted = (
        select(Attempt)
        .where(Attempt.connection_id == connection.id)
        .options(joinedload(Attempt.by).load_only(Account.name))  # type: ignore[arg-type]
        .order_by(col(Attempt.at).desc(), col(Attempt.id).desc())
        .limit(MOST_HEARD)
    )
    return session.exec(wanted).all()


def outcomes(session: Session, connection: Connection) -> list[Outcome]:
    """Return what was heard so far, the newest last."""
    wanted = (
        select(Attempt.outcome)
        .where(Attempt.connection_id == connection.id)
        .order_by(col(Attempt.at), col(Attempt.id))
    )
    return [Outcome(outcome) for outcome in session.exec(wanted)]


def attempt_by_key(session: Session, request_key: str) -> Attempt | None:
    """Return the attempt that a form, shown once, has recorded already."""
    return session.exec(select(Attempt).where(Attempt.request_key == request_key)).first()


def planned(session: Session, connection: Connection) -> Sequence[FollowUp]:
    """Return the looks of the plan that are still to come, the earliest first."""
    wanted = select(FollowUp).where(
        FollowUp.connection_id == connection.id,
        col(FollowUp.done_at).is_(None),
        col(FollowUp.dropped_at).is_(None),
    )
    return session.exec(wanted.order_by(col(FollowUp.step))).all()


def last_step(session: Session, connection: Connection) -> int:
    """Return the highest step any plan of this connection has had, 0 for none."""
    wanted = select(func.max(FollowUp.step)).where(FollowUp.connection_id == connection.id)
    return session.exec(wanted).one() or 0


def unreminded(session: Session, *, today: date) -> Iterator[UUID]:
    """Yield the ids of connections that are due and whose owner was not told of that date.

    Nothing due is one look into the index of dates: ended connections have none.
    """
    on, key = col(Connection.next_check_on), col(Connection.id)
    told = exists().where(
        col(Reminder.connection_id) == key,
        col(Reminder.due_on) == on,
        col(Reminder.owner_id) == col(Connection.owner_id),
    )
    wanted = select(on, key).where(on <= today, ~told).order_by(on, key).limit(BATCH)
    batch = session.exec(wanted).all()
    while batch:
        yield from (found for _, found in batch)
        last = tuple_(on, key) > tuple_(*batch[-1])
        batch = session.exec(wanted.where(last)).all() if len(batch) == BATCH else []


def with_people(session: Session, key: UUID) -> Connection | None:
    """Return a connection with its person and its owner, in one query."""
    both = joinedload(Connection.person), joinedload(Connection.owner)  # type: ignore[arg-type]
    return session.exec(select(Connection).where(Connection.id == key).options(*both)).first()


def of_ended(session: Session) -> Sequence[UUID]:
    """Return the ids of planned looks at connections that have ended."""
    wanted = (
        select(FollowUp.id)
        .join(Connection, col(Connection.id) == FollowUp.connection_id)
        .where(
            col(FollowUp.done_at).is_(None),
            col(FollowUp.dropped_at).is_(None),
            col(Connection.next_check_on).is_(None),
        )
    )
    return session.exec(wanted).all()
