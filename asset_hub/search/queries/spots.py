"""Where the groups of one page of results are, as everybody may see it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlmodel import col

from asset_hub.directory.models import ListingPlace
from asset_hub.search.queries.finding import Answer, Found


def spots(connection: Connection, answer: Answer, first: int) -> list[dict[str, Any]]:
    """Return the groups of a page that have a place: `id`, `number` in the list, `at` (points)."""
    numbers = {UUID(_id(found)): number for number, found in enumerate(answer.found, first)}
    wanted = select(
        col(ListingPlace.service_id), col(ListingPlace.latitude), col(ListingPlace.longitude)
    ).where(col(ListingPlace.service_id).in_(numbers))
    points: dict[UUID, list[list[float]]] = {}
    for key, latitude, longitude in connection.execute(wanted.order_by(col(ListingPlace.id))):
        points.setdefault(key, []).append([latitude, longitude])
    return [
        {"id": str(key), "number": number, "at": points[key]}
        for key, number in numbers.items()
        if key in points
    ]


def _id(found: Found) -> str:
    return str(found.card["id"])
