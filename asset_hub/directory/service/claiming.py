"""Somebody with an account says that they run a group: proven by the contact it already has."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, select

from asset_hub.accounts import service as account_service
from asset_hub.accounts.models import Account
from asset_hub.core import audit, crypto, db, ids, outbox, throttle
from asset_hub.core.access import places
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Can, Role
from asset_hub.directory import queries
from asset_hub.directory.models import (
    Asks,
    ChangeLink,
    ChangeLinkFor,
    ChangeRequest,
    ChangeState,
    Contact,
    RevisionCause,
    Service,
)
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.prose import straight
from asset_hub.directory.service import organizations
from asset_hub.directory.service.addresses import must_be_open
from asset_hub.directory.service.applying import must_keep_them_all, seen_afresh
from asset_hub.directory.service.deciding import (
    OPEN,
    PROVE_LIFE,
    decide,
    give_link,
    tell_author,
    tell_team,
)
from asset_hub.directory.service.history import revise

DAY = timedelta(days=1)


def claim(
    session: Session, service: Service, *, by: Account, comment: str, once: str, now: datetime
) -> ChangeRequest:
    """Say that one runs a group: a link goes to the address it already has.

    Without such an address a champion decides. Raises TooOften past 5 claims a day by one
    account, or 3 of one listing.
    """
    if service.organization_id in places(by, Can.EDIT_LISTING, "organization_id"):
        raise RuleBroken("You look after this group already. It is under Your groups.")
    service = seen_afresh(session, service)
    email = queries.contact_email(service)
    row = ChangeRequest(
        service_id=service.id, made_on=service.version, asks=Asks.CLAIM, by_id=by.id,
        comment=straight(comment), submitted_at=now, once=ids.digest(once), author=str(by.id),
        state=ChangeState.UNPROVEN if email else ChangeState.WAITING,
        before={"address": _print(email)},
    )  # fmt: skip
    if not db.claim(session, row):
        return session.exec(select(ChangeRequest).where(ChangeRequest.once == row.once)).one()
    throttle.hit(session, "claim", str(by.id), limit=5, per=DAY, now=now)
    throttle.hit(session, "claim-of", str(service.id), limit=3, per=DAY, now=now)
    for one in _older(session, row):
        decide(session, one, to=ChangeState.SUPERSEDED, by=by.id, now=now, before=OPEN)
    change = session.get_one(ChangeRequest, row.id)
    audit.note(session, "claim", service, by=by.id, now=now)
    if email:
        token = give_link(session, change, ChangeLinkFor.PROVE, now=now, life=PROVE_LIFE)
        facts = {"change_id": str(change.id), "token": token}
        cause = f"listing-claim:{change.id}"
        outbox.post(session, "listing-claim", to=email, cause=cause, now=now, facts=facts)
    else:
        tell_team(session, change, now)
    return change


def _print(email: str) -> str:
    return crypto.vault().fingerprint(f"claim:{email.casefold()}")


def _older(session: Session, row: ChangeRequest) -> list[ChangeRequest]:
    wanted = select(ChangeRequest).where(
        ChangeRequest.service_id == row.service_id,
        ChangeRequest.author == row.author,
        ChangeRequest.asks == Asks.CLAIM,
        ChangeRequest.state.in_(OPEN),  # type: ignore[attr-defined]
        ChangeRequest.id != row.id,
    )
    return list(session.exec(wanted))


def prove(session: Session, link: ChangeLink, *, now: datetime) -> bool:
    """Take the word of the group's own address that somebody runs it.

    They keep the organisation when this address proved all that it has listed; else a champion
    decides. Returns False when the link was used.
    """
    change = must_be_open(link, now)
    service = seen_afresh(session, change.service)
    if change.state is not ChangeState.UNPROVEN:
        return False
    if change.before.get("address") != _print(queries.contact_email(service)):
        raise RuleBroken("The listing has another address now. Ask for a new link.")
    change.proven_at, link.used_at = now, now
    _prove_contact(session, service, now)
    sole = organizations.sole_address(session, service.organization)
    if sole and sole == queries.contact_email(service).casefold():
        before = (ChangeState.UNPROVEN,)
        session.flush()
        decide(session, change, to=ChangeState.APPROVED, by=None, now=now, before=before)
        _give(session, change, by=None, now=now)
        tell_author(session, change, now)
        return True
    change.state = ChangeState.WAITING
    session.flush()
    tell_team(session, change, now)
    return True


def _prove_contact(session: Session, service: Service, now: datetime) -> None:
    """Note that a mailed link was used; an import has its public address as contact from now on."""
    before = snapshot.parts_of(service)
    if not service.contacts:
        service.contacts.append(Contact(email=service.email))
    for contact in service.contacts:
        if contact.email:
            contact.proven_at = now
    session.flush()
    revise(session, service, before=before, cause=RevisionCause.CONTACT, by=None, now=now)


def take(
    session: Session, change: ChangeRequest, *, by: Account, now: datetime, picks: Mapping[str, str]
) -> None:
    """Let a champion's word stand for a proof, where they look after all that is run."""
    must_keep_them_all(session, change.service, by)
    _give(session, change, by=by, now=now)


def _give(session: Session, change: ChangeRequest, *, by: Account | None, now: datetime) -> None:
    account = session.get(Account, change.by_id)
    if account is None or not account.confirmed_at or account.disabled_at:
        raise RuleBroken("The account of whoever asked cannot be used any more.")
    place = {"organization_id": change.service.organization_id}
    account_service.grant(session, account, Role.OWNER, place=place, by=by, now=now)
