"""What the mails about listings say when they are sent, and when they are no longer true."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import outbox, words
from asset_hub.core.access import allows, reaches
from asset_hub.core.powers import Can
from asset_hub.directory import queries
from asset_hub.directory.models import Listing, Merge, Service, Standing, Step


def _service(session: Session, facts: dict[str, Any], standing: Standing) -> Service | None:
    found = session.get(Service, UUID(facts["service_id"]))
    return found if found and found.standing is standing else None


def _to_contact(
    session: Session, facts: dict[str, Any], standing: Standing
) -> dict[str, Any] | None:
    service = _service(session, facts, standing)
    if service is None:
        return None
    name = words.first_name(next((contact.name for contact in service.contacts), ""))
    return {"service": service, "name": name, "token": facts.get("token", "")}


@outbox.composer("listing-confirm")
def confirm(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Ask the lister to confirm, unless that has happened.

    No typed name greets: until the address is proven, the reader may be a stranger's target.
    """
    said = _to_contact(session, facts, Standing.UNCONFIRMED)
    return said and said | {"name": ""}


@outbox.composer("listing-returned")
def returned(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Ask the lister for changes, unless they were made."""
    return _to_contact(session, facts, Standing.RETURNED)


@outbox.composer("listing-approved")
def approved(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Tell the lister, unless the group has been closed since."""
    return _to_contact(session, facts, Standing.LISTED)


@outbox.composer("listing-keep")
def keep(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Send a new link to keep a listing right, unless it is neither listed nor just closed."""
    found = (
        _to_contact(session, facts, standing)
        for standing in (Standing.LISTED, Standing.HIDDEN, Standing.CLOSED)
    )
    return next(filter(None, found), None)


@outbox.composer("listing-hidden")
def hidden(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Tell the contact that nobody finds it any more, unless somebody has brought it back."""
    return _to_contact(session, facts, Standing.HIDDEN)


def _still_waits(session: Session, facts: dict[str, Any], step: Step) -> dict[str, Any] | None:
    """Return what a question is about: those of its listings that nobody has answered for."""
    found = (session.get(Service, UUID(key)) for key in facts["services"])
    listed = [one for one in found if one and one.standing is Standing.LISTED]
    rows = queries.upkeeps(session, listed)
    services = [one for one in listed if one.id in rows and rows[one.id].step is step]
    if not services:
        return None
    alone = len(services) == 1 and str(services[0].id) == facts["first"]
    names = {contact.name for one in services for contact in one.contacts}
    return {
        "services": services,
        "service": services[0],
        "name": words.first_name(names.pop()) if len(names) == 1 else "",
        "token": facts["token"],
        "page": "directory.keep" if alone else "directory.keep_all",
        "until": rows[services[0].id].due_on,
        "said": {one.id: what_people_read(session, one) for one in services},
        "last": step is Step.REMINDED and rows[services[0].id].tries > 0,
    }


def what_people_read(session: Session, service: Service) -> list[tuple[str, str]]:
    """Return what people read of a listing that changes most, so that a glance will do.

    As (name, words): when, where, cost, telephone; what is published, nothing private.
    """
    listing = session.get(Listing, service.id)
    card = listing.card if listing else {}
    parts = (
        ("When", card.get("when")), ("Where", card.get("where")), ("Cost", card.get("cost")),
        ("Telephone", service.phone),
    )  # fmt: skip
    return [(name, " ".join(str(words).split())) for name, words in parts if words]


@outbox.composer("listing-still-right")
def still_right(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Ask a contact about all their listings that are due, unless they have answered."""
    return _still_waits(session, facts, Step.ASKED)


@outbox.composer("listing-reminder")
def reminder(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Ask once more, unless they have answered."""
    return _still_waits(session, facts, Step.REMINDED)


@outbox.composer("listing-merged")
def merged(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Tell the lister which listing theirs went into, unless that was undone since."""
    said = _to_contact(session, facts, Standing.CLOSED)
    done = session.get(Merge, UUID(facts["merge_id"]))
    if said is None or done is None or done.undone_at:
        return None
    return said | {"kept": done.kept, "listed": done.kept.standing is Standing.LISTED}


@outbox.composer("listing-waits")
def waits(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Tell a champion, or an administrator where there is none, unless somebody has looked."""
    service = _service(session, facts, Standing.WAITING)
    account = session.get(Account, UUID(facts["account_id"]))
    if service is None or account is None:
        return None
    looks = reaches(account, service, Can.APPROVE_LISTING)
    if not looks and not allows(account, Can.MANAGE_ACCOUNTS):
        return None
    return {"service": service, "name": words.first_name(account.name), "looks": looks}
