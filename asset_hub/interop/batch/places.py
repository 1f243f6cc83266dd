"""Where many records are: postcodes looked up many at a time, then the community around them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from asset_hub.communities.models import Community
from asset_hub.interop.batch.asking import Point
from asset_hub.interop.reading.plan import Ask
from asset_hub.interop.reading.records import Record, Spot

REMEMBERED = 20_000  # answers of one kind, in which memory stays flat
Box = tuple[float | None, float | None, float | None, float | None]


@dataclass(slots=True)
class Places:
    """Finds points and communities for one import, and remembers what it will need again."""

    given: UUID | None  # the community of everything, whatever is where
    boxes: list[Box]  # around the communities that have a boundary: west, south, east, north
    points: dict[str, Point | None] = field(default_factory=dict)
    districts: dict[str, Point | None] = field(default_factory=dict)
    communities: dict[Point, UUID | None] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Community | None, everybody: Iterable[Community]) -> "Places":
        """Return what finds places among the communities of a site."""
        boxes = [(one.west, one.south, one.east, one.north) for one in everybody if one.boundary]
        return cls(given.id if given else None, boxes)

    def find(self, records: Sequence[Record], ask: Ask) -> None:
        """Give every place of the records its point, and every record its community."""
        missing = [
            (record, spot)
            for record in records
            for spot in record.places
            if spot.postal_code and spot.latitude is None
        ]
        self._learn(self.points, "points", {spot.postal_code for _, spot in missing}, ask)
        unknown = [spot.postal_code for _, spot in missing if not self.points[spot.postal_code]]
        self._learn(self.districts, "districts", {code.split()[0] for code in unknown}, ask)
        for record, spot in missing:
            self._locate(spot, record)
        for record in records:
            if len(record.places) > 1 or (record.places and record.places[0].mentioned):
                record.places = list(_worth_keeping(record.places))
        self._belong(records, ask)

    def _learn(self, known: dict[str, Point | None], what: str, keys: set[str], ask: Ask) -> None:
        """Ask for what is not known yet."""
        if len(known) > REMEMBERED:
            known.clear()
        if new := sorted(keys - known.keys()):
            known.update(dict.fromkeys(new))
            known.update(ask(what, new))

    def _locate(self, spot: Spot, record: Record) -> None:
        point = self.points[spot.postal_code]
        if point is None:
            point = self.districts[spot.postal_code.split()[0]]
            if point is None:
                if not spot.mentioned:
                    record.warn(f"the postcode “{spot.postal_code}” is not known: not on the map")
                return
            spot.approximate = True
            record.warn(f"the postcode “{spot.postal_code}” is not loaded: shown near its district")
        spot.latitude, spot.longitude = round(point[0], 6), round(point[1], 6)

    def _belong(self, records: Sequence[Record], ask: Ask) -> None:
        if self.given is not None or not self.boxes:
            for record in records:
                record.community_id = self.given
            return
        around = [
            (record, [point for spot in record.places if (point := self._inside(spot))])
            for record in records
        ]
        wanted = {point for _, points in around for point in points}
        if new := sorted(wanted - self.communities.keys()):
            if len(self.communities) > REMEMBERED:
                self.communities.clear()
                new = sorted(wanted)
            found = ask("communities", new)
            self.communities |= {at: UUID(found[at]) if at in found else None for at in new}
        for record, points in around:
            found_ = (self.communities[point] for point in points)
            record.community_id = next(filter(None, found_), None)

    def _inside(self, spot: Spot) -> Point | None:
        """Return the point of a place that lies in the box of some boundary."""
        latitude, longitude = spot.latitude, spot.longitude
        if latitude is None or longitude is None:
            return None
        inside = any(
            west is None or (west <= longitude <= east and south <= latitude <= north)  # type: ignore[operator]
            for west, south, east, north in self.boxes
        )
        return (latitude, longitude) if inside else None


def _worth_keeping(places: Iterable[Spot]) -> Iterable[Spot]:
    """Yield places, those that a description only mentions once for each point on the map."""
    points = set()
    for spot in places:
        point = (spot.latitude, spot.longitude)
        if not spot.mentioned or (spot.latitude is not None and point not in points):
            yield spot
        points.add(point)
