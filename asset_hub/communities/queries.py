"""Questions about places: where a postcode is, which community a point is in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, func, or_, text
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from asset_hub.communities import rules
from asset_hub.communities.models import (
    AreaPopulation,
    Borough,
    Community,
    Locality,
    Postcode,
    Practice,
    SchoolHoliday,
)
from asset_hub.core.errors import Missing

SHARED = 0.002  # of the smaller boundary's land; less is how carefully a line was drawn


@dataclass(frozen=True)
class Place:
    """Where a postcode is; not `exact` when only the middle of its district is known."""

    code: str
    latitude: float
    longitude: float
    exact: bool


def locate(connection: Session | Connection, typed: str) -> Place | None:
    """Return where a postcode or its first half is, or None when nobody knows.

    A loaded postcode is exact. Else the middle of its district answers: the loaded one, or the
    mean of the district's loaded postcodes.
    """
    whole, outcode = rules.normalise(typed), rules.outcode_of(typed)
    if outcode is None:
        return None
    row = connection.execute(_POSTCODE, {"code": whole}).first() if whole else None
    if whole and row is not None:
        return Place(whole, float(row.latitude), float(row.longitude), exact=True)
    middle = districts(connection, [outcode]).get(outcode)
    return middle and replace(middle, code=whole or outcode)


def districts(connection: Session | Connection, typed: Iterable[str]) -> dict[str, Place]:
    """Return where the first halves of postcodes are, by what was typed: of those anybody knows.

    Two statements at the most, however many they are.
    """
    wanted = {one: code for one in typed if (code := rules.outcode_of(one))}
    found: dict[str, Place] = {}
    for statement in (_OUTCODES, _MEANS):
        if left := sorted(set(wanted.values()) - found.keys()):
            for code, latitude, longitude in connection.execute(statement, {"codes": left}):
                found[code] = Place(code, float(latitude), float(longitude), exact=False)
    return {one: found[code] for one, code in wanted.items() if code in found}


_POSTCODE = text("SELECT latitude, longitude FROM postcode WHERE code = :code")
_CODES: BindParameter[Any] = bindparam("codes", expanding=True)
_OUTCODES = text("SELECT code, latitude, longitude FROM outcode WHERE code IN :codes").bindparams(
    _CODES
)
_MEANS = text(
    "SELECT outcode, avg(latitude), avg(longitude) FROM postcode WHERE outcode IN :codes "
    "GROUP BY outcode"
).bindparams(_CODES)


def all_communities(session: Session) -> list[Community]:
    """Return every community by name."""
    wanted = select(Community).options(selectinload(Community.locality))  # type: ignore[arg-type]
    return list(session.exec(wanted.order_by(col(Community.name))).all())


def by_slug(session: Session, slug: str) -> Community:
    """Return the community of an address; raise Missing when there is none."""
    if "\x00" in slug:
        raise Missing  # no name holds it, and PostgreSQL refuses to be asked
    found = session.exec(select(Community).where(Community.slug == slug)).first()
    if found is None:
        raise Missing
    return found


def by_id(session: Session, community_id: UUID) -> Community:
    """Return a community that is known to be there."""
    return session.get_one(Community, community_id)


def community_at(session: Session, latitude: float, longitude: float) -> Community | None:
    """Return the community whose boundary holds a point; of several, the one with the least land.

    The box around each boundary is asked first, so that only a few boundaries are read.
    """
    inside = and_(
        col(Community.west) <= longitude,
        col(Community.east) >= longitude,
        col(Community.south) <= latitude,
        col(Community.north) >= latitude,
    )
    near = select(Community).where(or_(col(Community.west).is_(None), inside))
    holding = [
        community
        for community in session.exec(near)
        if community.boundary and rules.contains(community.boundary, latitude, longitude)
    ]
    return min(holding, key=lambda c: rules.area(c.boundary or {}), default=None)


def small_areas(session: Session, boundary: rules.Boundary) -> list[rules.SmallArea]:
    """Return the areas whose people were counted that may lie in a boundary, by their boxes."""
    west, south, east, north = rules.box(boundary)
    table: Any = AreaPopulation
    wanted = select(table.boundary, table.population, table.counted_on).where(
        col(AreaPopulation.south) <= north,
        col(AreaPopulation.north) >= south,
        col(AreaPopulation.west) <= east,
        col(AreaPopulation.east) >= west,
    )
    return [rules.SmallArea(*row) for row in session.exec(wanted)]


def count_areas(session: Session) -> int:
    """Return how many small areas are loaded."""
    return session.exec(select(func.count()).select_from(AreaPopulation)).one()


def overlapping(session: Session, community: Community) -> list[Community]:
    """Return the communities whose boundaries share land with a community's, by name."""
    mine = community.boundary
    if mine is None:
        return []
    west, south, east, north = rules.box(mine)
    near = select(Community).where(
        Community.id != community.id,
        col(Community.south) < north,
        col(Community.north) > south,
        col(Community.west) < east,
        col(Community.east) > west,
    )
    found = session.exec(near.order_by(col(Community.name)))
    return [one for one in found if one.boundary and rules.overlap(mine, one.boundary) > SHARED]


def holidays_kept(session: Session, community_id: UUID | None) -> list[SchoolHoliday]:
    """Return the days without school that hold in a community, its own and everybody's."""
    everywhere: ColumnElement[bool] = col(SchoolHoliday.community_id).is_(None)
    own = or_(everywhere, col(SchoolHoliday.community_id) == community_id)
    ordered = select(SchoolHoliday).where(own).order_by(
        col(SchoolHoliday.starts_on), col(SchoolHoliday.id)
    )  # fmt: skip
    return list(session.exec(ordered))


def all_boroughs(session: Session) -> list[Borough]:
    """Return every borough by name."""
    return list(session.exec(select(Borough).order_by(col(Borough.name))).all())


def all_localities(session: Session) -> list[Locality]:
    """Return every locality by name."""
    wanted = select(Locality).options(selectinload(Locality.borough))  # type: ignore[arg-type]
    return list(session.exec(wanted.order_by(col(Locality.name))).all())


def all_practices(session: Session) -> list[Practice]:
    """Return every practice by name."""
    wanted = select(Practice).options(selectinload(Practice.communities))  # type: ignore[arg-type]
    return list(session.exec(wanted.order_by(col(Practice.name))).all())


def openings(communities: list[Community]) -> dict[UUID, str]:
    """Return how each community's story begins, for a list."""
    return {community.id: rules.opening(community.story) for community in communities}


def school_holidays(
    session: Session, community_id: UUID | None, *, since: date
) -> list[tuple[date, date]]:
    """Return the school holidays of a community and of everywhere that are not over, in order.

    Each is its first and its last day.
    """
    everywhere = col(SchoolHoliday.community_id).is_(None)
    theirs = or_(everywhere, col(SchoolHoliday.community_id) == community_id)
    wanted = select(col(SchoolHoliday.starts_on), col(SchoolHoliday.ends_on)).where(
        theirs if community_id else everywhere, col(SchoolHoliday.ends_on) >= since
    )
    return [
        (first, last) for first, last in session.exec(wanted.order_by(col(SchoolHoliday.starts_on)))
    ]


def count_postcodes(session: Session) -> int:
    """Return how many full postcodes are loaded."""
    return session.exec(select(func.count()).select_from(Postcode)).one()
