"""Words that champions gave about listings, and may take back on the same day."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast
from sqlalchemy.orm import joinedload
from sqlmodel import Session, select

from asset_hub.core.calendar import london
from asset_hub.directory.models import Service, Standing, WordGiven

MOST = 60
A_DAY = timedelta(days=1)


def words_given(
    session: Session, by: UUID, *, now: datetime, service: UUID | None = None
) -> list[WordGiven]:
    """Return somebody's words of today about what is listed, the latest first, one for each."""
    table: Any = WordGiven
    wanted = select(WordGiven).join(Service, table.service_id == Service.id)
    wanted = wanted.where(
        WordGiven.by_id == by,
        table.at > now - A_DAY,
        table.taken_back_at.is_(None),
        Service.standing == Standing.LISTED,
    )
    if service is not None:
        wanted = wanted.where(WordGiven.service_id == service)
    ordered = wanted.order_by(table.at.desc(), table.id.desc()).limit(MOST)
    found: dict[UUID, WordGiven] = {}
    for word in session.exec(ordered.options(joinedload(table.service))):
        if london(word.at).date() == london(now).date():
            found.setdefault(word.service_id, word)
    return list(found.values())


def words_after(session: Session, word: WordGiven) -> list[WordGiven]:
    """Return what was said of the same listing after a word, and stands."""
    table: Any = WordGiven
    wanted = select(WordGiven).where(
        WordGiven.service_id == word.service_id,
        table.at > word.at,
        table.taken_back_at.is_(None),
    )
    return list(session.exec(wanted.order_by(table.at)))


def taken_back(session: Session, service_id: UUID) -> set[datetime]:
    """Return when words about a listing were taken back."""
    table: Any = WordGiven
    wanted = select(table.taken_back_at).where(
        WordGiven.service_id == service_id, table.taken_back_at.is_not(None)
    )
    return set(session.exec(wanted))


def words_settled(session: Session, *, now: datetime) -> list[UUID]:
    """Return words too old to be taken back that still hold how a listing stood before."""
    table: Any = WordGiven
    holds = cast(table.before, String) != "{}"  # alike on both databases
    return list(session.exec(select(table.id).where(table.at < now - 2 * A_DAY, holds)))
