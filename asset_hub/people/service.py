"""What is done with people. Every look and change leaves its audit row in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account
from asset_hub.core import audit, db
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.people import queries, rules
from asset_hub.people.models import AgreedHow, AgreedTo, Consent, ContactBy, Person


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
    _describe(
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


def _describe(person: Person, **answers: Any) -> list[str]:
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
    if changed := _describe(person, **answers):
        session.add(person)
        audit.note(session, "change", person, by=by.id, now=now, fields=changed)
    return person


def look_at(session: Session, person: Person, *, by: Account, now: datetime) -> Person:
    """Write down that somebody looked at a person; return the person."""
    audit.note(session, "read", person, by=by.id, now=now)
    return person


def browse(session: Session, page: int, *, by: Account, now: datetime) -> queries.Page:
    """Return a page of the people within reach; note once whose names were shown."""
    found = queries.people(session, by, page=page)
    shown = [str(person.id) for person in found.people]
    audit.note(session, "list", by, by=by.id, now=now, of="person", shown=shown)
    return found


def look_alikes(
    session: Session, *, name: str, phone: str, by: Account, now: datetime
) -> Sequence[Person]:
    """Return those within reach who have this name or number; note each as looked at."""
    found = queries.doubles(session, by, name=name, phone=phone)
    for person in found:
        audit.note(session, "look-alike", person, by=by.id, now=now)
    return found


def note_search(session: Session, page: queries.Page, *, by: Account, now: datetime) -> None:
    """Note who was found by a name, before they are shown; the name itself is not kept."""
    shown = [str(person.id) for person in page.people]
    audit.note(session, "search-people", by, by=by.id, now=now, found=page.total, shown=shown)


def words_to_read(agreed_to: AgreedTo) -> rules.Wording:
    """Return the words to read out before somebody agrees to something."""
    return rules.wording(agreed_to)


def words_for_both() -> rules.Wording:
    """Return the words to read out before somebody agrees to be written down and shared."""
    return rules.joint_wording()


def words_online() -> rules.Wording:
    """Return the words that somebody who asks for themself agrees to."""
    return rules.online_wording()


def words_read(consent: Consent) -> str:
    """Return the words that were read out when an agreement was given."""
    return rules.wording(consent.agreed_to, consent.wording).words


def agree(
    session: Session,
    person: Person,
    agreed_to: AgreedTo,
    *,
    how: AgreedHow,
    by: Account,
    now: datetime,
    wording: str = "",
    at: datetime | None = None,
) -> Consent:
    """Write down an agreement; one that still holds, or was given since, is kept.

    It was given now and in the words in use now (who agreed online read the words for that),
    unless `wording` and `at` say which words were read and when.
    """
    online = how is AgreedHow.ONLINE
    version = wording or (rules.online_wording() if online else rules.wording(agreed_to)).version
    given_at = at or now
    live = queries.live_agreement(session, person.id, agreed_to)
    if live is not None and (live.wording == version or live.given_at > given_at):
        return live
    consent = Consent(
        person_id=person.id,
        agreed_to=agreed_to,
        wording=version,
        how=how,
        asked_by_id=by.id,
        given_at=given_at,
    )
    session.add(consent)
    if agreed_to is AgreedTo.RECORD and person.no_contact:
        person.no_contact = False  # whoever agrees to be kept in touch with may be contacted
        session.add(person)
    audit.note(session, "agree", person, by=by.id, now=now, to=agreed_to.value, wording=version)
    return consent


def withdraw(
    session: Session, person: Person, agreed_to: AgreedTo, *, by: Account, now: datetime
) -> None:
    """End an agreement; without the one to be written down, none to be shared stands either.

    What follows for open connections is decided above (connections.service.withdraw_agreement).
    """
    ends = [agreed_to] if agreed_to is AgreedTo.SHARE else list(AgreedTo)
    for consent in queries.agreements(session, person.id):
        if consent.agreed_to in ends and consent.is_live:
            consent.withdrawn_at = now
            session.add(consent)
    if agreed_to is AgreedTo.RECORD:
        person.no_contact = True
        session.add(person)
    audit.note(session, "withdraw", person, by=by.id, now=now, agreed_to=agreed_to.value)
    session.flush()


def give(
    session: Session, person: Person, to: Account | None, *, by: Account | None, now: datetime
) -> None:
    """Let somebody else keep in touch with a person, or nobody; connections decide when."""
    person.owner_id = to.id if to else None
    session.add(person)
    actor = by.id if by else None
    audit.note(session, "give", person, by=actor, now=now, to=str(person.owner_id))
    session.flush()
