"""What the mails about listings say when they are sent, and when they are no longer true."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import outbox, words
from asset_hub.core.access import allows, reaches
from asset_hub.core.powers import Can
from asset_hub.directory.models import Merge, Service, Standing


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
    return _to_contact(session, facts, Standing.LISTED) or _to_contact(
        session, facts, Standing.CLOSED
    )


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
