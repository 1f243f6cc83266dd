"""Who keeps in touch with a person, who must not know of them, and when somebody has died."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.people import queries, rules
from asset_hub.people.models import Person, PersonBlock


def give(
    session: Session, person: Person, to: Account | None, *, by: Account | None, now: datetime
) -> None:
    """Let somebody else keep in touch with a person, or nobody; connections decide when."""
    person.owner_id = to.id if to else None
    session.add(person)
    actor = by.id if by else None
    audit.note(session, "give", person, by=actor, now=now, to=str(person.owner_id))
    session.flush()


def keep_out(session: Session, person: Person, who: Account, *, by: Account, now: datetime) -> None:
    """Let an account know nothing of a person any more, whatever its role.

    Whoever keeps in touch with them must hand them over first, and somebody must be left who can.
    Connections decide about the keepers of theirs (`connections.service.keep_out`).
    """
    there = queries.could_keep(session, person)
    if who not in there:
        raise Missing
    rules.must_not_be_the_keeper(who.name, is_keeper=person.owner_id == who.id)
    rules.must_leave_somebody(len(there) - 1)
    block = PersonBlock(person_id=person.id, account_id=who.id, by_id=by.id, made_at=now)
    session.add(block)
    audit.note(session, "keep-out", person, by=by.id, now=now, who=str(who.id))
    session.flush()
    session.expire(person, ["blocks"])


def let_in(session: Session, person: Person, block_id: UUID, *, by: Account, now: datetime) -> None:
    """Take back that somebody is kept out."""
    block = next((each for each in person.blocks if each.id == block_id), None)
    if block is None:
        raise Missing
    session.delete(block)
    audit.note(session, "let-in", person, by=by.id, now=now, who=str(block.account_id))
    session.flush()
    session.expire(person, ["blocks"])


def mark_died(
    session: Session, person: Person, on: date, *, by: Account, today: date, now: datetime
) -> None:
    """Write down that somebody has died; from now on nothing is sent to or about them.

    Their open connections are ended above (`connections.service.note_death`).
    """
    if on > today:
        raise RuleBroken("The day must not be after today", field="on")
    person.died_on = on
    person.no_contact = True
    session.add(person)
    audit.note(session, "died", person, by=by.id, now=now)
    session.flush()


def mark_alive(session: Session, person: Person, *, by: Account, now: datetime) -> None:
    """Take back that somebody has died; whether they may be contacted is asked anew."""
    if person.died_on is None:
        raise RuleBroken("Nobody wrote down that they have died.")
    person.died_on = None
    session.add(person)
    audit.note(session, "alive", person, by=by.id, now=now)
    session.flush()
