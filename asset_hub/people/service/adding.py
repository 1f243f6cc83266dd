"""People are added, and their details changed, each with its audit row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account
from asset_hub.core import audit, db
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.people import queries, rules
from asset_hub.people.models import AgreedHow, AgreedTo, ContactBy, Person
from asset_hub.people.service.agreeing import agree


def add_person(
    session: Session,
    *,
    name: str,
    community_id: UUID,
    how: AgreedHow,
    by: Account,
    now: datetime,
    practice_id: UUID | None = None,
    owner_id: UUID | None = None,
    phone: str = "",
    email: str = "",
    contact_by: ContactBy = ContactBy.PHONE,
    safe_contact: str = "",
    voicemail_ok: bool = False,
    matters: str = "",
    request_key: str | None = None,
    wording: str = "",
    agreed_at: datetime | None = None,
) -> Person:
    """Write down a person who agreed to it, in a place where `by` may add people.

    They are kept by `owner_id`, or by whoever adds them. A `request_key` (one for each form shown)
    that was used before returns the person it made. `wording`, `agreed_at`: see `agree`.
    """
    homes = queries.homes(session, by)
    if not any((h.community_id, h.practice_id) == (community_id, practice_id) for h in homes):
        raise Missing
    rules.must_be_reachable(contact_by, phone=phone, email=email, safe_contact=safe_contact)
    _must_keep_here(session, owner_id or by.id, by=by, place=(community_id, practice_id))
    person = Person(
        community_id=community_id,
        practice_id=practice_id,
        owner_id=owner_id or by.id,
        added_by_id=by.id,
        request_key=request_key,
        created_at=now,
    )
    describe(
        person,
        name=name, phone=phone, email=email, contact_by=contact_by,
        safe_contact=safe_contact, voicemail_ok=voicemail_ok, matters=matters,
    )  # fmt: skip
    if not db.claim(session, person):
        return _added_before(session, request_key, by=by)
    person = session.get_one(Person, person.id)
    audit.note(session, "add", person, by=by.id, now=now)
    agree(session, person, AgreedTo.RECORD, how=how, wording=wording, at=agreed_at, by=by, now=now)
    return person


def _must_keep_here(
    session: Session, owner_id: UUID, *, by: Account, place: tuple[UUID, UUID | None]
) -> None:
    """Refuse to give a new person to somebody who does not keep people there."""
    community_id, practice_id = place
    here = accounts.keepers(session, community_id=community_id, practice_id=practice_id)
    if owner_id != by.id and owner_id not in {keeper.id for keeper in here}:
        raise RuleBroken("Select somebody who keeps in touch with people there", field="keeper")


def _added_before(session: Session, request_key: str | None, *, by: Account) -> Person:
    person = queries.by_request_key(session, request_key or "")
    if person is None or person.added_by_id != by.id:
        raise RuleBroken("This page is too old. Open it again.")
    return person


def describe(person: Person, **answers: Any) -> list[str]:
    """Put answers on a person; return the names of those that changed."""
    changed = [name for name, value in answers.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, answers[name])
    person.name_print = queries.name_print(person.name)
    person.phone_print = queries.phone_print(person.phone)
    return changed


def change(
    session: Session, person: Person, *, by: Account, now: datetime, **answers: Any
) -> Person:
    """Change a person's details; the audit row names the fields, never the words."""
    ways = {name: answers[name] for name in ("phone", "email", "safe_contact")}
    rules.must_be_reachable(answers["contact_by"], **ways)
    if changed := describe(person, **answers):
        session.add(person)
        audit.note(session, "change", person, by=by.id, now=now, fields=changed)
    return person
