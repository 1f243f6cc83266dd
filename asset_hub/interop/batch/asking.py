"""What has to be asked of the site while a file is read: of the database, many at once.

Whoever reads may be in another process, which has no database: it sends the question (see
`reading.second_process`). Answers are plain values.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlmodel import Session, SQLModel

from asset_hub.communities import queries
from asset_hub.core import db

POSTCODE = SQLModel.metadata.tables["postcode"]
SERVICE = SQLModel.metadata.tables["service"]
Point = tuple[float, float]


@dataclass(slots=True)
class Answers:
    """The database of the site, asked on the side: it sees what has been committed."""

    engine: Engine
    source: str
    turn: Lock = field(default_factory=Lock)  # one connection, however many ask

    def __call__(self, what: str, keys: Sequence[Any]) -> dict[Any, Any]:
        """Return what is known of some keys, by key; of what nobody knows, nothing."""
        if not keys:
            return {}
        with self.turn, db.reading(self.engine) as connection:
            return _ANSWERS[what](connection, self.source, keys)


def _points(connection: Connection, _: str, codes: Sequence[str]) -> dict[str, Point]:
    wanted = select(POSTCODE.c.code, POSTCODE.c.latitude, POSTCODE.c.longitude)
    rows = connection.execute(wanted.where(POSTCODE.c.code.in_(codes)))
    return {row[0]: (row[1], row[2]) for row in rows}


def _districts(connection: Connection, _: str, codes: Sequence[str]) -> dict[str, Point]:
    found = queries.districts(connection, codes)
    return {code: (place.latitude, place.longitude) for code, place in found.items()}


def _communities(connection: Connection, _: str, points: Sequence[Point]) -> dict[Point, str]:
    with Session(connection) as session:
        found = {point: queries.community_at(session, *point) for point in points}
    return {point: community.id.hex for point, community in found.items() if community}


def _digests(connection: Connection, source: str, keys: Sequence[str]) -> dict[str, str]:
    c = SERVICE.c
    wanted = select(c.source_id, c.source_digest).where(c.source == source, c.source_id.in_(keys))
    return {row[0]: row[1] for row in connection.execute(wanted)}


_ANSWERS: dict[str, Callable[[Connection, str, Sequence[Any]], dict[Any, Any]]] = {
    "points": _points,
    "districts": _districts,
    "communities": _communities,
    "digests": _digests,
}
