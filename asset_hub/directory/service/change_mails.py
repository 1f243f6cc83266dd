"""What the mails about suggested changes say when they are sent, and when they are true no more."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.communities.models import Community
from asset_hub.core import outbox, words
from asset_hub.core.access import allows, reaches
from asset_hub.core.powers import Can
from asset_hub.directory import queries
from asset_hub.directory.models import (
    Asker,
    ChangeRequest,
    ChangeState,
    Service,
    Standing,
    Watch,
)
from asset_hub.directory.service.watching import BEGIN, STOP, token_of

Facts = dict[str, Any]


def _change(session: Session, facts: Facts, *states: ChangeState) -> ChangeRequest | None:
    found = session.get(ChangeRequest, UUID(facts["change_id"]))
    return found if found and found.state in states else None


@outbox.composer("change-waits")
def waits(session: Session, facts: Facts) -> Facts | None:
    """Tell a champion that something was suggested, unless nothing waits any more."""
    change = _change(session, facts, ChangeState.WAITING)
    account = session.get(Account, UUID(facts["account_id"]))
    if change is None or account is None or not account.is_active:
        return None
    looks = reaches(account, change.service, Can.APPROVE_LISTING)
    if not looks and not allows(account, Can.MANAGE_ACCOUNTS):
        return None
    place = change.service.community
    name = words.first_name(account.name)
    return {"change": change, "name": name, "looks": looks, "place": place.name if place else ""}


@outbox.composer("change-decided")
def decided(session: Session, facts: Facts) -> Facts | None:
    """Tell whoever asked what became of it: a first name and a link, never the words."""
    change = _change(session, facts, ChangeState.APPROVED, ChangeState.RETURNED)
    if change is None:
        return None
    taken = change.state is ChangeState.APPROVED
    return {
        "service": change.service,
        "name": _first_name(session, change),
        "taken": taken,
        "asks": change.asks.value,
        "token": facts["token"],
    }


def _first_name(session: Session, change: ChangeRequest) -> str:
    account = session.get(Account, change.by_id) if change.by_id else None
    if account is not None:
        return words.first_name(account.name)
    if change.asker is not Asker.CONTACT:
        return ""
    return words.first_name(next((one.name for one in change.service.contacts), ""))


@outbox.composer("address-prove")
def prove(session: Session, facts: Facts) -> Facts | None:
    """Ask the new address whether it is theirs; it may be a stranger's, so nobody is greeted."""
    change = _change(session, facts, ChangeState.UNPROVEN)
    return {"service": change.service, "token": facts["token"]} if change else None


@outbox.composer("address-announced")
def announced(session: Session, facts: Facts) -> Facts | None:
    """Tell the old address, unless the change was taken back."""
    change = _change(session, facts, ChangeState.UNPROVEN, ChangeState.WAITING)
    return {"service": change.service, "token": facts["token"]} if change else None


@outbox.composer("listing-claim")
def claim(session: Session, facts: Facts) -> Facts | None:
    """Ask a group's address whether somebody runs it; no stranger's words stand in the mail."""
    change = _change(session, facts, ChangeState.UNPROVEN)
    return {"service": change.service, "token": facts["token"]} if change else None


@outbox.composer("listing-reported")
def reported(session: Session, facts: Facts) -> Facts | None:
    """Ask the group whether it still runs, unless it is closed."""
    service = session.get(Service, UUID(facts["service_id"]))
    if service is None or service.standing is not Standing.LISTED:
        return None
    name = words.first_name(next((contact.name for contact in service.contacts), ""))
    return {"service": service, "name": name, "token": facts["token"]}


@outbox.composer("watch-begin")
def begin(session: Session, facts: Facts) -> Facts | None:
    """Ask an address whether it wants to be told, unless it has stopped all that."""
    watch = session.get(Watch, UUID(facts["watch_id"]))
    if watch is None:
        return None
    return {
        "what": what_is_watched(session, watch),
        "again": watch.confirmed_at is not None,
        "begin": token_of(watch, BEGIN),
        "stop": token_of(watch, STOP),
    }


@outbox.composer("watch-news")
def news(session: Session, facts: Facts) -> Facts | None:
    """Tell what changed, of what is still watched, as everybody may read it at this moment."""
    until = datetime.fromisoformat(facts["until"])
    told = []
    for key, since in facts["watches"]:
        watch = session.get(Watch, UUID(key))
        if watch is None or watch.confirmed_at is None:
            continue
        found = queries.news(session, watch, since=datetime.fromisoformat(since), until=until)
        if found:
            what = what_is_watched(session, watch)
            told.append({"what": what, "news": found, "stop": token_of(watch, STOP)})
    return {"told": told} if told else None


def what_is_watched(session: Session, watch: Watch) -> str:
    """Return the name of the listing or the community."""
    kind: Any = Service if watch.service_id else Community
    found = session.get(kind, watch.service_id or watch.community_id)
    return found.name if found else ""
