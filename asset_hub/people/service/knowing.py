"""What is known of a person: how to talk with them, what matters, what they would like and give."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.people import queries, rules
from asset_hub.people.models import Need, Person
from asset_hub.people.service.adding import describe


def learn_to_talk(
    session: Session, person: Person, *, by: Account, today: date, now: datetime, **answers: Any
) -> None:
    """Write down how to talk with a person; the day they were asked counts even without change."""
    rules.must_not_be_by_post(person.contact_by, never_post=answers["never_post"])
    changed = describe(person, **answers)
    person.needs_asked_on = today
    session.add(person)
    audit.note(session, "ask-needs", person, by=by.id, now=now, fields=changed)
    session.flush()


def learn_what_matters(
    session: Session, person: Person, *, by: Account, now: datetime, **answers: Any
) -> None:
    """Write down what matters to a person, what they are good at and what they might give."""
    if changed := describe(person, **answers):
        session.add(person)
        audit.note(session, "change", person, by=by.id, now=now, fields=changed)
        session.flush()


def add_need(
    session: Session,
    person: Person,
    *,
    words: str,
    topic: str,
    by: Account,
    now: datetime,
    topic_name: str = "",
) -> Need:
    """Write down what a person would like help with, in their words, and a topic to look under."""
    if not (words or topic):
        raise RuleBroken("Write it in their words, or choose a topic", field="words")
    need = Need(person_id=person.id, topic=topic, topic_name=topic_name, by_id=by.id, noted_at=now)
    need.words = words
    session.add(need)
    audit.note(session, "add-need", person, by=by.id, now=now, topic=topic)
    session.flush()
    return need


def settle_need(
    session: Session, person: Person, need_id: UUID, *, met: bool, by: Account, now: datetime
) -> None:
    """Write down that a need was met, or take that back."""
    need = queries.need_of(session, person, need_id)
    if need is None:
        raise Missing
    need.met_at = now if met else None
    session.add(need)
    audit.note(session, "change", person, by=by.id, now=now, fields=["needs"])
    session.flush()


def drop_need(
    session: Session, person: Person, need_id: UUID, *, by: Account, now: datetime
) -> None:
    """Take out a need that was never one, with its words."""
    need = queries.need_of(session, person, need_id)
    if need is None:
        raise Missing
    session.delete(need)
    audit.note(session, "change", person, by=by.id, now=now, fields=["needs"])
    session.flush()
