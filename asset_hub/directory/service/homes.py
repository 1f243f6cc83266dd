"""Homes and refuges: until somebody who approves has agreed, no exact address of one is shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.core.access import reaches
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Can
from asset_hub.directory.models import ListingDraft, Parts, Service, Visibility
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import homes, snapshot
from asset_hub.directory.rules.homes import SHOWN_AS as SHOWN_AS
from asset_hub.directory.rules.homes import TEXTS as TEXTS
from asset_hub.directory.rules.homes import newly_shown as newly_shown
from asset_hub.directory.rules.homes import sign_in as sign_in
from asset_hub.directory.rules.homes import sign_of as sign_of
from asset_hub.directory.rules.homes import sign_of_answers as sign_of_answers
from asset_hub.directory.rules.homes import to_agree as to_agree


def must_be_hidden(answers: Mapping[str, Any]) -> None:
    """Refuse an exact address from somebody who lists what names itself a refuge."""
    if homes.names_a_refuge(answers):
        raise RuleBroken(homes.REFUSED)


def show_less(session: Session, draft: ListingDraft) -> None:
    """Show roughly where it is instead of the address: its lister says that it is a home."""
    where = draft.answers[of.WHERE] | {"setting": Visibility.AREA.value}
    answers = draft.answers | {of.WHERE: where}
    of.must_keep_the_secret(of.flat(answers))
    draft.answers = answers
    session.add(draft)
    session.flush()


def must_be_agreed(service: Service, agreed: bool) -> None:
    """Refuse to list what may be a home or a refuge unless its address may be public."""
    if to_agree(service) and not agreed:
        raise RuleBroken(homes.ASK_AGAIN, field="address_agreed")


def must_be_allowed(
    session: Session, service: Service, before: Parts, *, by: Account | None, agreed: bool,
    now: datetime,
) -> None:  # fmt: skip
    """Let only somebody who approves, and says so, show an address of a home or refuge.

    `before` are all parts of the service before it was changed.
    """
    if not homes.newly_shown(before, snapshot.parts_of(service), service.address_agreed):
        return
    if by is None or not reaches(by, service, Can.APPROVE_LISTING):
        raise RuleBroken(homes.ASK_A_CHAMPION, field="setting")
    if not agreed:
        raise RuleBroken(homes.ASK_AGAIN, field="address_agreed")
    agree(session, service, by=by, now=now)


def agree(session: Session, service: Service, *, by: Account, now: datetime) -> None:
    """Write down that somebody who approves agreed that the address is for everybody."""
    if sign := to_agree(service):
        service.address_agreed = homes.marks(service, sign)
        session.add(service)
        session.flush()
        audit.note(session, "agree address", service, by=by.id, now=now, sign=sign.value)


def guard(session: Session, service: Service) -> bool:
    """Show no more of the places than a home or refuge should; return whether that changed them.

    Called whenever a listing is published, so no way of writing one goes around it.
    """
    if not (sign := to_agree(service)):
        return False
    for at in service.places:
        if homes.is_agreed(service, snapshot.place_parts(at.location), sign):
            continue
        at.location.visibility = homes.at_most(at.location.visibility, sign)
        session.add(at.location)
    session.flush()
    return True
