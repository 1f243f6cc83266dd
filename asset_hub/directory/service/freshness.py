"""Signs of life: somebody confirms a listing, visits it, goes, or says that it is gone."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from asset_hub.accounts.models import Account
from asset_hub.core import audit, db
from asset_hub.core.access import places, reaches
from asset_hub.core.calendar import london, working_day_from
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Can
from asset_hub.directory import queries
from asset_hub.directory.models import (
    Asks,
    ChangeRequest,
    ChangeState,
    Service,
    Sign,
    Signal,
    Standing,
    Step,
)
from asset_hub.directory.rules import freshness as rules
from asset_hub.directory.service import upkeep
from asset_hub.directory.service.deciding import decide
from asset_hub.directory.service.moving import lock, move, remember
from asset_hub.directory.service.publishing import freshen, publish
from asset_hub.directory.service.taking_back import as_it_stands, note_word, word_cause

CONFIRMED_BY = "the people who run it"
CONFIRMED_FOR = "the community’s team"  # who look after it, but do not run it
WHO = {Sign.OWNER_CONFIRMED: CONFIRMED_BY, Sign.VISITED: rules.VISITED_BY}
LASTING = (Standing.LISTED, Standing.HIDDEN)
SAME_PRESS = timedelta(minutes=1)
NOT_ON_A_LIST = "This listing is not waiting to be checked any more."


def signal(
    session: Session,
    service: Service,
    sign: Sign,
    *,
    at: datetime,
    by: Account | None = None,
    cause: str,
    note: str = "",
    said_by: str = "",
) -> bool:
    """Take a sign of life, or against it, once for each cause; return False when it was taken.

    What is said about a listing, and its place on the ladder, follow. A hidden one that somebody
    verifies is listed again at once. The listing's version stays: nobody's open form is spoilt.
    `said_by` tells those apart who report that it has gone (see `rules.heard_of`).
    """
    if by and reaches(by, service, Can.APPROVE_LISTING):
        said_by = rules.TEAM
    return _take(
        session, service, sign, WHO.get(sign, ""), at=at, by=by, cause=cause, note=note,
        said_by=said_by,
    )  # fmt: skip


def _take(
    session: Session,
    service: Service,
    sign: Sign,
    who: str,
    *,
    at: datetime,
    by: Account | None,
    cause: str,
    note: str = "",
    said_by: str = "",
    own: bool = False,
) -> bool:
    session.flush()
    key = by.id if by else None
    row = Signal(
        service_id=service.id,
        sign=sign,
        at=at,
        by_id=key,
        cause=cause,
        note=note[:300],
        said_by=said_by,
    )
    if not db.claim(session, row):
        return False
    _keep_dates(session, service, sign, who, at)
    if service.standing is Standing.HIDDEN and sign in rules.VERIFIES:
        _bring_back(session, service, by=key, now=at)
    if service.standing is Standing.LISTED:
        _on_the_ladder(session, service, sign, own=own, now=at)
        freshen(session, [service.id], now=at)
    return True


def _keep_dates(session: Session, service: Service, sign: Sign, who: str, at: datetime) -> None:
    values: dict[str, Any] = {}
    if sign not in rules.AGAINST and (service.alive_at is None or at > service.alive_at):
        values["alive_at"] = at
    if sign in rules.VERIFIES and (service.confirmed_at is None or at >= service.confirmed_at):
        values |= {"confirmed_at": at, "confirmed_by": who}
    if values:
        table: Any = Service
        change = update(table).where(table.id == service.id).values(**values)
        session.exec(change.execution_options(synchronize_session=False))
        session.refresh(service, list(values))


def _bring_back(session: Session, service: Service, *, by: UUID | None, now: datetime) -> None:
    if move(session, service, before=Standing.HIDDEN, to=Standing.LISTED):
        publish(session, service, now=now)
        remember(session, service, by=by, now=now)


def _on_the_ladder(
    session: Session, service: Service, sign: Sign, *, own: bool, now: datetime
) -> None:
    if own:
        upkeep.answered(session, service.id, now=now)
    elif sign in rules.VERIFIES:
        upkeep.begin(session, service.id, now=now)
    elif sign in rules.STRONG:
        upkeep.postpone(session, service.id, now=now)
    elif sign is Sign.MAIL_BOUNCED:
        upkeep.to_check(session, service.id, now=now)
    else:
        _doubt(session, service.id, now=now)


def _doubt(session: Session, key: UUID, *, now: datetime) -> None:
    """Let a champion look; what one visitor alone says hides nothing, nor what was answered."""
    life = queries.lives(session, [key])[key]
    if life.doubt:
        upkeep.to_check(session, key, now=now)
    elif life.reported:
        upkeep.report(session, key, now=now)


def still_right(session: Session, service: Service, *, by: Account | None, now: datetime) -> bool:
    """Take somebody's word that a listing is right; False when it is neither listed nor hidden.

    Without an account it is the word of those who run it, by their mailed link.
    """
    owns = by is None or service.organization_id in places(by, Can.EDIT_LISTING, "organization_id")
    sign, who = (Sign.OWNER_CONFIRMED, CONFIRMED_BY) if owns else (Sign.VISITED, CONFIRMED_FOR)
    return _verify(session, service, sign, who, by=by, own=owns, now=now)


def worth_asking(service: Service, *, now: datetime) -> bool:
    """Return whether to ask those who run a listed group beside something that they answer."""
    listed = service.standing is Standing.LISTED
    return listed and rules.is_worth_asking(service.confirmed_at, today=london(now).date())


def visited(session: Session, service: Service, *, by: Account, now: datetime) -> bool:
    """Take the word of a champion who was there; False when it is neither listed nor hidden."""
    return _verify(session, service, Sign.VISITED, rules.VISITED_BY, by=by, now=now)


def heard(session: Session, service: Service, *, by: Account, now: datetime) -> bool:
    """Take what the people who run it told a champion, by telephone or in the street."""
    return _verify(session, service, Sign.OWNER_CONFIRMED, CONFIRMED_BY, by=by, now=now)


def _verify(
    session: Session,
    service: Service,
    sign: Sign,
    who: str,
    *,
    by: Account | None,
    own: bool = False,
    now: datetime,
) -> bool:
    lock(session, service.id)
    session.refresh(service)
    if service.standing not in LASTING:
        return False
    key = by.id if by else None
    if _said_just_now(session, service, sign, key, now):
        return True
    reports = _reports(session, service)
    before = as_it_stands(session, service, reports)
    cause = word_cause(sign, service.id, now)
    if _take(session, service, sign, who, at=now, by=by, cause=cause, own=own):
        if by:
            note_word(session, service, sign, before, by=by.id, now=now)
        for change in reports:  # who knows says that it still runs
            decide(session, change, to=ChangeState.SUPERSEDED, by=key, now=now)
        remember(session, service, by=key, now=now)
        audit.note(session, "confirm", service, by=key, now=now, sign=sign.value)
    return True


def _said_just_now(
    session: Session, service: Service, sign: Sign, by: UUID | None, now: datetime
) -> bool:
    """Return whether this is the second press of a double click: the same word, nothing between."""
    latest = select(Signal).where(Signal.service_id == service.id).order_by(col(Signal.at).desc())
    last = session.exec(latest.limit(1)).first()
    return (
        last is not None
        and (last.sign, last.by_id) == (sign, by)
        and timedelta() <= now - last.at < SAME_PRESS
        and service.standing is Standing.LISTED
    )


def _reports(session: Session, service: Service) -> list[ChangeRequest]:
    """Return what waits of "it has gone"."""
    wanted = select(ChangeRequest).where(
        ChangeRequest.service_id == service.id,
        ChangeRequest.asks == Asks.GONE,
        ChangeRequest.state == ChangeState.WAITING,
    )
    return list(session.exec(wanted))


def could_not_reach(
    session: Session, service: Service, *, by: Account, now: datetime, seen: int | None = None
) -> date:
    """Note that a champion reached nobody; return the day until which there is time now.

    Twice this gives two weeks more, if there was less time left. Then the day stands. `seen` is how
    many tries the page showed: the second press of a double click is none.
    """
    lock(session, service.id)
    row = queries.upkeep(session, service)
    if row is None or row.step is not Step.TO_CHECK:
        raise RuleBroken(NOT_ON_A_LIST)
    again = working_day_from(london(now).date() + rules.TRY_AGAIN)
    if seen is not None and row.tries != seen:
        return row.due_on or again
    if row.due_on is None:  # by one report alone: no day takes it out of finding
        upkeep.wait(session, service.id, until=None, tries=1)
        audit.note(session, "could not reach", service, by=by.id, now=now)
        return again
    until = max(row.due_on, again) if row.tries < rules.MOST_TRIES else row.due_on
    upkeep.wait(session, service.id, until=until, tries=1)
    audit.note(session, "could not reach", service, by=by.id, now=now)
    return until
