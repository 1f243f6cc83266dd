"""What happens at and around a follow-up. Every function needs a session; none commits."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account
from asset_hub.connections import service as connections
from asset_hub.connections.models import Connection, Ending, Handover, State
from asset_hub.core import audit, calendar, db, outbox
from asset_hub.core.access import reaches
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Can, Role
from asset_hub.directory import service as directory
from asset_hub.directory.models import Sign
from asset_hub.followups import queries, rules
from asset_hub.followups.models import Attempt, FollowUp, Outcome, Reminder
from asset_hub.people import queries as people
from asset_hub.people import service as persons
from asset_hub.people.models import AgreedTo


def look_at(session: Session, connection: Connection, *, by: Account, now: datetime) -> Connection:
    """Write down that somebody looked at a person through their connection."""
    persons.look_at(session, connection.person, by=by, now=now)
    return connection


def ways_to_reach(connection: Connection) -> rules.Ways:
    """Return how the person may be reached, the way they asked for first."""
    return rules.ways(connection.person)


def look_over(
    session: Session, *, who: queries.Who, by: Account, today: date, now: datetime
) -> queries.Agenda:
    """Return what is in everybody's care, and write down whose names are shown by it.

    One's own list is not a look: it names only those one keeps in touch with already.
    """
    found = queries.agenda(session, by, who=who, today=today)
    shown = [str(item.connection.id) for item in found.items]
    audit.note(session, "list", by, by=by.id, now=now, who=who.value, shown=shown)
    return found


def begin(
    session: Session,
    connection: Connection,
    *,
    by: Account,
    handover: Handover,
    today: date,
    now: datetime,
    on: date | None = None,
) -> Connection:
    """Write down the introduction and plan the follow-ups from it; the first is promised.

    `on` is the day of the introduction (today unless said). Said twice alike, it is done once.
    """
    on = on or today
    if (connection.state, connection.introduced_on, connection.handover) == (
        State.INTRODUCED, on, handover,
    ):  # fmt: skip
        return connection
    made_on = calendar.london(connection.made_at).date()
    rules.must_have_happened(on, made_on=made_on, today=today)
    connections.introduce(session, connection, handover=handover, on=on, by=by, now=now)
    _drop(session, connection, now=now)
    first = queries.last_step(session, connection) + 1
    steps = rules.plan(on, today=today)
    for number, step in enumerate(steps, first):
        row = FollowUp(connection_id=connection.id, step=number, **vars(step))
        session.add(row)
    connections.promise(connection, steps[0].due_on)
    session.flush()
    return connection


def must_be_recordable(connection: Connection) -> None:
    """Refuse to ask how it went before they were introduced, or after it has ended."""
    rules.must_be_recordable(connection.state, introduced=connection.introduced_on is not None)


def foresee(session: Session, connection: Connection, *, today: date) -> dict[Outcome, date]:
    """Return the next date each of the six answers would lead to, for the page to say."""
    planned = queries.planned(session, connection)
    heard = queries.outcomes(session, connection)
    return {each: _next(planned, heard, each, today=today)[0].on for each in Outcome}


def is_last_try(session: Session, connection: Connection) -> bool:
    """Return whether closing is offered when they cannot be reached once more."""
    return rules.is_last_try(queries.outcomes(session, connection))


def said(connection: Connection) -> str:
    """Return what the keeper reads once an answer is saved.

    It names nobody: until it is read it travels in the cookie, which is signed but not sealed.
    """
    assert connection.next_check_on is not None
    return f"Saved. You look in on them again on {calendar.say_date(connection.next_check_on)}."


def _next(
    planned: Sequence[FollowUp], heard: Sequence[Outcome], outcome: Outcome, *, today: date
) -> tuple[rules.Next, Sequence[FollowUp]]:
    """Return what an answer leads to, and the planned looks it answers."""
    reached = outcome is not Outcome.COULD_NOT_REACH
    count = rules.answered((row.due_on for row in planned), today=today) if reached else 0
    coming = planned[count].due_on if count < len(planned) else None
    found = rules.next_look(outcome, coming=coming, silences=rules.silences(heard), today=today)
    return found, planned[:count]


def record(
    session: Session,
    connection: Connection,
    *,
    by: Account,
    request_key: str,
    outcome: Outcome,
    note: str,
    today: date,
    now: datetime,
    next_on: date | None = None,
) -> Attempt:
    """Write down what was heard and promise the next look: on the day chosen, or by the plan.

    A `request_key` that was used before returns the attempt it made.
    """
    if before := queries.attempt_by_key(session, request_key):
        return _made_before(before, connection, by=by)
    must_be_recordable(connection)
    if next_on:
        rules.must_be_a_good_day(next_on, today=today)
    planned, heard = queries.planned(session, connection), queries.outcomes(session, connection)
    found, answered = _next(planned, heard, outcome, today=today)
    attempt = Attempt(
        connection_id=connection.id,
        follow_up_id=answered[-1].id if answered else None,
        request_key=request_key,
        at=now,
        by_id=by.id,
        outcome=outcome,
    )
    attempt.note = note
    if not db.claim(session, attempt):
        return _made_before(queries.attempt_by_key(session, request_key), connection, by=by)
    for row in answered:
        row.done_at = now
        session.add(row)
    over = found.may_end is Ending.JOINED
    for state in rules.moves_to(connection.state, outcome, over=over):
        connections.move(session, connection, state, by=by, now=now)
    connections.promise(connection, next_on or found.on)
    session.add(connection)
    if outcome in rules.WENT:  # the group is alive; nothing is said of who went
        cause = f"follow-up:{attempt.id}:attended"
        directory.signal(session, connection.service, Sign.ATTENDED, at=now, cause=cause)
    audit.note(session, "follow-up", connection, by=by.id, now=now, outcome=outcome.value)
    session.flush()
    return session.get_one(Attempt, attempt.id)


def _made_before(attempt: Attempt | None, connection: Connection, *, by: Account) -> Attempt:
    if attempt is None or (attempt.by_id, attempt.connection_id) != (by.id, connection.id):
        raise RuleBroken("This page is too old. Open it again.")
    return attempt


def may_end(session: Session, connection: Connection) -> Ending | None:
    """Return how a connection may end after the last answer, or None when it should go on."""
    heard = queries.outcomes(session, connection)
    if not heard or not connection.is_open:
        return None
    last = heard[-1]
    settled = connection.state is State.SETTLED
    offers = {
        Outcome.GOING_WELL: settled,
        Outcome.WRONG_FIT: True,
        Outcome.COULD_NOT_REACH: rules.silences(heard) >= rules.TRIES,
    }
    return rules.SUGGESTED_ENDING[last] if offers.get(last) else None


def finish(
    session: Session,
    connection: Connection,
    *,
    by: Account,
    ending: Ending,
    words: str,
    now: datetime,
) -> Connection:
    """Close a connection in the person's own words; no planned look is left. Twice is once."""
    if connection.state is State.CLOSED and connection.ending is ending:
        return connection
    connections.close(session, connection, ending=ending, words=words, by=by, now=now)
    _drop(session, connection, now=now)
    return connection


def _drop(session: Session, connection: Connection, *, now: datetime) -> None:
    for row in queries.planned(session, connection):
        drop(session, row.id, now=now)


def drop(session: Session, key: UUID, *, now: datetime) -> None:
    """Take a planned look off the plan."""
    row = session.get_one(FollowUp, key)
    row.dropped_at = row.dropped_at or now
    session.add(row)
    session.flush()


def remind(session: Session, connection: Connection, *, today: date, now: datetime) -> bool:
    """Tell the owner, once for each date, that somebody is due; return whether that was new.

    When the owner can no longer keep it, those who can give it to somebody else are told, once.
    """
    on, owner = connection.next_check_on, connection.owner
    if on is None or owner is None or on > today:
        return False
    reminder = Reminder(connection_id=connection.id, owner_id=owner.id, due_on=on, at=now)
    if not db.claim(session, reminder):
        return False
    if not people.can_keep(owner, connection):
        return _say_unkept(session, connection, owner, now=now)
    facts = {"connection": connection.id, "owner": owner.id, "due_on": on}
    cause = f"follow-up:{connection.id}:{on}:{owner.id}"
    return outbox.post(session, "follow-up-due", to=owner.email, cause=cause, now=now, facts=facts)


def _say_unkept(session: Session, connection: Connection, gone: Account, *, now: datetime) -> bool:
    told = accounts.holders(session, Role.COORDINATOR, community_id=connection.community_id)
    if connection.practice_id:
        told += accounts.holders(session, Role.PRACTICE_LEAD, practice_id=connection.practice_id)
    for each in told:
        facts = {"reader": each.id, "gone": gone.id}
        cause = f"follow-up-unkept:{gone.id}:{gone.epoch}:{each.id}"
        outbox.post(session, "follow-up-unkept", to=each.email, cause=cause, now=now, facts=facts)
    return bool(told)


@outbox.composer("follow-up-due")
def compose_due(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Say who is due, unless it was answered, moved or given away, or they want no contact."""
    connection = queries.with_people(session, UUID(facts["connection"]))
    if connection is None or connection.owner is None:
        return None
    owner = connection.owner
    still_due = str(connection.next_check_on) == facts["due_on"]
    still_theirs = str(owner.id) == facts["owner"] and reaches(
        owner, connection, Can.KEEP_CONNECTION
    )
    person = connection.person
    wanted = not person.no_contact and people.has_agreed(session, person.id, AgreedTo.RECORD)
    if not (still_due and still_theirs and wanted):
        return None
    return {
        "reader": owner.name,
        "person": person.first_name,
        "connection_id": connection.id,
        "coordinates": reaches(owner, connection, Can.REASSIGN),
    }


@outbox.composer("follow-up-unkept")
def compose_unkept(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Say whose people need somebody else, unless nobody does or the reader may not give them."""
    reader = session.get(Account, UUID(facts["reader"]))
    gone = session.get(Account, UUID(facts["gone"]))
    if reader is None or gone is None or not queries.left_behind(session, reader, gone):
        return None
    return {"reader": reader.name, "gone": gone.name}
