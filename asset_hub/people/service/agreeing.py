"""What people agree to, in which words, and what they take back."""

from datetime import datetime

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.people import queries, rules
from asset_hub.people.models import AgreedHow, AgreedTo, Consent, Person


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
    session: Session, person: Person, agreed_to: AgreedTo, *, by: Account | None, now: datetime
) -> None:
    """End an agreement; without the one to be written down, none to be shared stands either.

    `by` is None when the person did it themself, by their own link.
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
    actor = by.id if by else None
    audit.note(session, "withdraw", person, by=actor, now=now, agreed_to=agreed_to.value)
    session.flush()
