"""How many new people a group can welcome: said by those who run it, true at once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import ListingLink, Service, Standing
from asset_hub.directory.rules.room import room_from
from asset_hub.directory.service.applying import EDITABLE
from asset_hub.directory.service.editing import NOT_NOW, operate
from asset_hub.directory.service.links import must_be_alive


def welcome(
    session: Session,
    service: Service,
    answers: Mapping[str, Any],
    *,
    by: Account,
    today: date,
    now: datetime,
) -> bool:
    """Take the word of whoever looks after a group; False when it says what it said before."""
    if service.standing not in EDITABLE:
        raise RuleBroken(NOT_NOW)
    return operate(session, service, room_from(answers, service.welcomes, today), by=by, now=now)


def keep_welcome(
    session: Session, link: ListingLink, answers: Mapping[str, Any], *, today: date, now: datetime
) -> bool:
    """Take the word of those who run a group, by their mailed link."""
    must_be_alive(link, now)
    service = link.service
    if service.standing is not Standing.LISTED:
        raise RuleBroken(NOT_NOW)
    return operate(session, service, room_from(answers, service.welcomes, today), by=None, now=now)
