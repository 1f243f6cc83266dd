"""Where many records are: postcodes looked up a batch at a time, then the community around them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from asset_hub.communities import queries
from asset_hub.communities.models import Community
from asset_hub.interop.reading.records import Record, Spot

POSTCODE = SQLModel.metadata.tables["postcode"]
Point = tuple[float, float]


class Places:
    """Finds points and communities for one import, and remembers what it will need again."""

    def __init__(self, session: Session, community: Community | None) -> None:
        self.session = session
        self.given = community
        self.districts: dict[str, Point | None] = {}
        everybody = queries.all_communities(session)
        self.names = {one.id: one.name for one in everybody}
        self.boxes = [
            (one.west, one.south, one.east, one.north) for one in everybody if one.boundary
        ]
        self.communities: dict[Point, UUID | None] = {}

    def find(self, records: Sequence[Record]) -> None:
        """Give every place of the records its point, and every record its community."""
        exact = self._postcodes(
            {spot.postal_code for record in records for spot in record.places
             if spot.postal_code and spot.latitude is None}
        )  # fmt: skip
        for record in records:
            for spot in record.places:
                if spot.postal_code and spot.latitude is None:
                    self._locate(spot, exact, record)
            record.places = list(_worth_keeping(record.places))
            record.community_id = self._community(record.places)

    def _postcodes(self, codes: set[str]) -> dict[str, Point]:
        wanted = select(POSTCODE.c.code, POSTCODE.c.latitude, POSTCODE.c.longitude)
        found = wanted.where(POSTCODE.c.code.in_(sorted(codes)))
        rows = self.session.connection().execute(found) if codes else ()
        return {row[0]: (row[1], row[2]) for row in rows}

    def _locate(self, spot: Spot, exact: dict[str, Point], record: Record) -> None:
        point = exact.get(spot.postal_code)
        if point is None:
            district = spot.postal_code.split()[0]
            point = self._district(district)
            if point is None:
                if not spot.mentioned:
                    record.warn(f"the postcode “{spot.postal_code}” is not known: not on the map")
                return
            spot.approximate = True
            record.warn(f"the postcode “{spot.postal_code}” is not loaded: shown near its district")
        spot.latitude, spot.longitude = round(point[0], 6), round(point[1], 6)

    def _district(self, district: str) -> Point | None:
        if district not in self.districts:
            found = queries.locate(self.session, district)
            self.districts[district] = (found.latitude, found.longitude) if found else None
        return self.districts[district]

    def _community(self, places: Iterable[Spot]) -> UUID | None:
        if self.given is not None:
            return self.given.id
        points = [(spot.latitude, spot.longitude) for spot in places]
        around = (self._around(*point) for point in points)
        return next(filter(None, around), None)

    def _around(self, latitude: float | None, longitude: float | None) -> UUID | None:
        if latitude is None or longitude is None:
            return None
        inside = any(
            west is None or (west <= longitude <= east and south <= latitude <= north)  # type: ignore[operator]
            for west, south, east, north in self.boxes
        )
        if not inside:
            return None
        point = (latitude, longitude)
        if point not in self.communities:
            community = queries.community_at(self.session, *point)
            self.communities[point] = community.id if community else None
        return self.communities[point]


def _worth_keeping(places: Iterable[Spot]) -> Iterable[Spot]:
    """Yield places, those that a description only mentions once for each point on the map."""
    points = set()
    for spot in places:
        point = (spot.latitude, spot.longitude)
        if not spot.mentioned or (spot.latitude is not None and point not in points):
            yield spot
        points.add(point)
