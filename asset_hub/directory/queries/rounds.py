"""What one walk or one call can settle: all that meets in a building, all of the same people."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, or_
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, select

from asset_hub.core.access import Actor, within
from asset_hub.core.powers import Can
from asset_hub.directory.models import (
    Listing,
    Location,
    Service,
    ServiceAtLocation,
    Standing,
    Step,
    Upkeep,
    Visibility,
)
from asset_hub.directory.rules.freshness import SOON

MOST = 60  # more than these nobody ticks in one go
UNANSWERED = (Step.ASKED, Step.REMINDED, Step.TO_CHECK, Step.HIDDEN)
TABLE: Any = Service


class OnRound(NamedTuple):
    """A listing that somebody's word is wanted for, and what people read of it."""

    service: Service
    when: str
    step: Step


def known(session: Session, actor: Actor, community_id: UUID) -> list[OnRound]:
    """Return what nobody has tried to reach yet, for champions to say at once which they know."""
    fresh = and_(col(Upkeep.step) == Step.TO_CHECK, col(Upkeep.tries) == 0)
    return _rows(session, actor, and_(TABLE.community_id == community_id, fresh))


def in_hall(session: Session, actor: Actor, service: Service, *, today: date) -> list[OnRound]:
    """Return what meets in the same building as a listing and wants a word by now or soon.

    A place whose address is hidden, or which is no more than a guess, is nobody's hall.
    """
    here = [place.location for place in service.places if _is_a_hall(place.location)]
    if not here:
        return []
    halls = _halls_like(here)
    there = select(ServiceAtLocation.service_id).join(Location).where(halls)
    return _rows(session, actor, and_(TABLE.id.in_(there), _wanted(today)))


def of_the_same(session: Session, actor: Actor, service: Service, *, today: date) -> list[OnRound]:
    """Return what the same people run and wants a word by now or soon: one talk settles all."""
    theirs = TABLE.organization_id == service.organization_id
    return _rows(session, actor, and_(theirs, _wanted(today)))


def within_reach(session: Session, actor: Actor, keys: Sequence[UUID]) -> list[Service]:
    """Return those of some listings that an account looks after, in one order for all."""
    mine = within(Service, actor, Can.APPROVE_LISTING)
    wanted = select(Service).where(mine, TABLE.id.in_(list(keys)[:MOST]))
    return list(session.exec(wanted.order_by(TABLE.id)))


def beside_on_list(session: Session, services: Sequence[Service]) -> dict[UUID, int]:
    """Return how many others on the list meet in the building of each of some that are on it."""
    halls: dict[tuple[str, str], set[UUID]] = {}
    for one in services:
        for place in one.places:
            if _is_a_hall(place.location):
                halls.setdefault(_hall(place.location), set()).add(one.id)
    found: dict[UUID, set[UUID]] = {}
    for keys in halls.values():
        for key in keys:
            found.setdefault(key, set()).update(keys - {key})
    return {key: len(others) for key, others in found.items() if others}


def _halls_like(places: Sequence[Location]) -> Any:
    """Return the condition that a location is the building of one of some locations."""
    names = sorted({_hall(place) for place in places})
    line, code = (
        func.lower(func.trim(col(Location.address_1))),
        func.upper(col(Location.postal_code)),
    )
    same = [and_(line == street, func.replace(code, " ", "") == post) for street, post in names]
    shown = and_(
        col(Location.visibility) != Visibility.HIDDEN, col(Location.approximate).is_(False)
    )
    return and_(shown, or_(*same))


def _is_a_hall(place: Location) -> bool:
    """Return whether a place is a building one can name: a street and a postcode, not hidden."""
    named = all(_hall(place))
    return named and place.visibility is not Visibility.HIDDEN and not place.approximate


def _hall(place: Location) -> tuple[str, str]:
    return place.address_1.strip().lower(), place.postal_code.replace(" ", "").upper()


def _wanted(today: date) -> Any:
    soon = and_(col(Upkeep.step) == Step.QUIET, col(Upkeep.due_on) <= today + SOON)
    return or_(col(Upkeep.step).in_(UNANSWERED), soon)


def _rows(session: Session, actor: Actor, condition: Any) -> list[OnRound]:
    card = aliased(Listing)
    columns: Any = (Service, Upkeep.step, card.card)
    wanted: Any = (
        select(*columns)
        .join(Upkeep, col(Upkeep.service_id) == TABLE.id)
        .outerjoin(card, col(card.service_id) == TABLE.id)
        .where(
            within(Service, actor, Can.APPROVE_LISTING),
            TABLE.standing.in_([Standing.LISTED, Standing.HIDDEN]),
            condition,
        )
        .options(joinedload(TABLE.organization))
        .order_by(col(Upkeep.due_on).nulls_last(), TABLE.name, TABLE.id)
        .limit(MOST)
    )
    return [
        OnRound(service, str((said or {}).get("when") or ""), step)
        for service, step, said in session.exec(wanted)
    ]
