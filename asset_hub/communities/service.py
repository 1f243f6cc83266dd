"""What happens to places. Every function needs a session; none commits."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from asset_hub.communities import queries, rules
from asset_hub.communities.models import (
    AreaPopulation,
    Borough,
    Community,
    Locality,
    Outcode,
    Postcode,
    Practice,
    SchoolHoliday,
)
from asset_hub.core import audit, db, throttle
from asset_hub.core.db import Row
from asset_hub.core.errors import RuleBroken

MOST_DRAWN = 60  # boundaries an hour from one person
TOLD = ("story", "steward", "welcome", "cover")
Place = TypeVar("Place", bound=Row)


def tell_story(
    session: Session, community: Community, *, by: UUID, now: datetime, **words: str
) -> None:
    """Write what binds a community: story, steward, welcome and the booklet's cover."""
    for field in TOLD:
        setattr(community, field, words.get(field, ""))
    session.flush()
    audit.note(session, "change", community, by=by, now=now, fields=list(TOLD))


def count_drawing(session: Session, by: UUID, *, now: datetime) -> None:
    """Count a boundary somebody sends, before it is read: a large file costs a second."""
    throttle.hit(session, "boundary", str(by), limit=MOST_DRAWN, per=timedelta(hours=1), now=now)


def draw_boundary(
    session: Session, community: Community, *, boundary: str, which: str, by: UUID, now: datetime
) -> None:
    """Give a community another boundary, or none; its middle moves into it when it lay outside."""
    drawn = rules.boundary_from(boundary, which)
    middle = community.latitude, community.longitude
    if drawn and (None in middle or not rules.contains(drawn, *middle)):  # type: ignore[arg-type]
        middle = None, None
    _draw(session, community, drawn, *middle)
    session.flush()
    audit.note(session, "change", community, by=by, now=now, fields=["boundary"])


def add_holidays(
    session: Session, community: Community | None, *, lines: str, by: UUID, now: datetime
) -> list[SchoolHoliday]:
    """Add the school holidays of a text, one on a line, to a community or everywhere.

    Those that are there already are left as they are; return the new ones.
    """
    return _add(session, community, rules.holidays_in(lines), by=by, now=now)


def add_holiday(
    session: Session, community: Community | None, *, by: UUID, now: datetime, **days: Any
) -> list[SchoolHoliday]:
    """Add one school holiday, unless it is there already; return the new one in a list."""
    return _add(session, community, [rules.checked(rules.Holiday(**days))], by=by, now=now)


def _add(
    session: Session,
    community: Community | None,
    holidays: list[rules.Holiday],
    *,
    by: UUID,
    now: datetime,
) -> list[SchoolHoliday]:
    where = community.id if community else None
    own = [each for each in queries.holidays_kept(session, where) if each.community_id == where]
    known = {(each.name, each.starts_on, each.ends_on) for each in own}
    added = []
    for found in dict.fromkeys(holidays):
        if (found.name, found.starts_on, found.ends_on) not in known:
            added.append(SchoolHoliday(community_id=where, **asdict(found)))
    session.add_all(added)
    session.flush()
    for row in added:
        audit.note(session, "add", row, by=by, now=now)
    return added


def change_holiday(
    session: Session, row: SchoolHoliday, *, by: UUID, now: datetime, **days: Any
) -> None:
    """Change the name or the days of a school holiday."""
    for field, value in asdict(rules.checked(rules.Holiday(**days))).items():
        setattr(row, field, value)
    session.flush()
    audit.note(session, "change", row, by=by, now=now)


def delete_holiday(session: Session, row: SchoolHoliday, *, by: UUID, now: datetime) -> None:
    """Take a school holiday away."""
    audit.note(session, "delete", row, by=by, now=now)
    session.delete(row)
    session.flush()


def put_borough(
    session: Session, borough: Borough | None, *, name: str, by: UUID, now: datetime
) -> Borough:
    """Add a borough, or change the one given."""
    row = borough or Borough(name=name)
    row.name = name
    return _put(session, row, borough, "There is already a borough with this name", by=by, now=now)


def put_locality(
    session: Session,
    locality: Locality | None,
    *,
    name: str,
    borough_id: UUID | None,
    by: UUID,
    now: datetime,
) -> Locality:
    """Add a locality, or change the one given."""
    row = locality or Locality(name=name)
    row.name, row.borough_id = name, borough_id
    taken = "There is already a locality with this name in the borough"
    return _put(session, row, locality, taken, by=by, now=now)


def put_community(
    session: Session,
    community: Community | None,
    *,
    name: str,
    boundary: str,
    latitude: float | None,
    longitude: float | None,
    by: UUID,
    now: datetime,
    postcode: str = "",
    which: str = "",
    **facts: Any,
) -> Community:
    """Add a community, or change the one given; its address stays what it was first.

    `boundary` is GeoJSON; of several shapes `which` is the place of the one meant. The centre is
    a postcode in its middle, else the point given, else the middle of the boundary's box;
    without any a community could not be found.
    """
    row = community or Community(name=name, slug=rules.slug_from(name))
    row.name = name
    for fact in ("population", "steward", "locality_id"):
        setattr(row, fact, facts[fact])
    if postcode:
        latitude, longitude = _middle_at(session, postcode)
    _draw(session, row, rules.boundary_from(boundary, which), latitude, longitude)
    taken = "There is already a community with this name"
    return _put(session, row, community, taken, by=by, now=now)


def _middle_at(session: Session, postcode: str) -> tuple[float, float]:
    found = queries.locate(session, postcode)
    if found is None:
        raise RuleBroken(
            "Nobody here knows where that postcode is. Try one beside it, or enter a latitude"
            " and a longitude.",
            field="postcode",
        )
    return found.latitude, found.longitude


def _draw(
    session: Session,
    row: Community,
    boundary: rules.Boundary | None,
    latitude: float | None,
    longitude: float | None,
) -> None:
    if (latitude is None) != (longitude is None):
        raise RuleBroken("Enter both latitude and longitude, or neither", field="latitude")
    row.boundary = boundary
    row.west, row.south, row.east, row.north = (
        rules.box(boundary) if boundary else (None, None, None, None)
    )
    if boundary and latitude is None:
        west, south, east, north = rules.box(boundary)
        latitude, longitude = (south + north) / 2, (west + east) / 2
    if latitude is None or longitude is None:
        raise RuleBroken("Enter a postcode in the middle of the community", field="postcode")
    if not rules.is_around_here(latitude, longitude):
        raise RuleBroken("The centre must be in or near these islands", field="latitude")
    row.latitude, row.longitude = float(latitude), float(longitude)
    _count_people(session, row)


def _count_people(session: Session, community: Community) -> bool:
    """Estimate a community's people from the areas in its boundary; return whether one could."""
    boundary, found = community.boundary, None
    if boundary:
        with session.no_autoflush:
            found = rules.estimate(boundary, queries.small_areas(session, boundary))
    community.estimated_population = found.population if found else None
    community.estimated_areas = found.areas if found else None
    community.estimated_on = found.counted_on if found else None
    return found is not None


def count_everybody(session: Session) -> Counter[str]:
    """Estimate every community's people anew; return how many could and could not be."""
    told: Counter[str] = Counter()
    for community in session.exec(select(Community)).all():
        told["estimated" if _count_people(session, community) else "not estimated"] += 1
    session.flush()
    return told


def load_areas(session: Session, rows: Sequence[AreaPopulation]) -> None:
    """Write a batch of small areas; one that is known already is written over."""
    for row in rows:
        session.merge(row)
    session.flush()


def put_practice(
    session: Session,
    practice: Practice | None,
    *,
    name: str,
    ods_code: str,
    community_ids: Sequence[UUID],
    by: UUID,
    now: datetime,
    **facts: Any,
) -> Practice:
    """Add a practice, or change the one given, with the communities it looks after."""
    row = practice or Practice(name=name, ods_code=ods_code)
    row.name, row.ods_code = name, rules.code_from(ods_code)
    for fact in ("postcode", "phone", "locality_id"):
        setattr(row, fact, facts[fact])
    wanted = select(Community).where(col(Community.id).in_(community_ids))
    with session.no_autoflush:
        row.communities = list(session.exec(wanted).all())
    taken = "There is already a practice with this ODS code"
    return _put(session, row, practice, taken, field="ods_code", by=by, now=now)


def _put(
    session: Session,
    row: Place,
    before: Place | None,
    taken: str,
    *,
    by: UUID,
    now: datetime,
    field: str = "name",
) -> Place:
    """Save a row whose name or code must be its own, and note it."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise RuleBroken(taken, field=field) from None
    audit.note(session, "change" if before else "add", row, by=by, now=now)
    return row


def load_postcodes(session: Session, points: Sequence[rules.Point]) -> Counter[str]:
    """Write a batch of postcodes; return how many were added, changed and unchanged."""
    rows = [asdict(point) for point in points]
    return _load(session, Postcode, rows, ("outcode", "latitude", "longitude"))


def load_outcodes(session: Session, points: Sequence[rules.Point]) -> Counter[str]:
    """Write a batch of outcodes; return how many were added, changed and unchanged."""
    rows = [asdict(point) for point in points]
    return _load(session, Outcode, rows, ("latitude", "longitude", "town"))


def _load(
    session: Session,
    kind: type[Postcode] | type[Outcode],
    rows: Sequence[dict[str, Any]],
    facts: tuple[str, ...],
) -> Counter[str]:
    """Insert or update by code; a row that says nothing new is not written."""
    table: Any = kind
    given = {row["code"]: {name: row[name] for name in ("code", *facts)} for row in rows}
    columns = [getattr(table, name) for name in ("code", *facts)]
    asked = select(*columns).where(table.code.in_(given))
    known = {row[0]: dict(zip(("code", *facts), row, strict=True)) for row in session.exec(asked)}
    news = [row for code, row in given.items() if known.get(code) != row]
    if news:
        insert = db.INSERT[session.get_bind().dialect.name](table)
        new = insert.excluded
        upsert = insert.on_conflict_do_update(
            index_elements=["code"],
            set_={name: new[name] for name in facts},
            where=or_(*(getattr(table, name) != new[name] for name in facts)),
        )
        session.connection().execute(upsert, news)
    added = sum(row["code"] not in known for row in news)
    unchanged = len(given) - len(news)
    return Counter(added=added, changed=len(news) - added, unchanged=unchanged)
