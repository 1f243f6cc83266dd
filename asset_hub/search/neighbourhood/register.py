"""What was asked for in vain in and around communities, by topic. A plain connection in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, func, select
from sqlmodel import SQLModel

from asset_hub.communities.queries import Place, districts
from asset_hub.search.geo import Box

SEASON = timedelta(days=90)
MOST_DISTRICTS = 30  # that are looked up, those asked from most
ASK = SQLModel.metadata.tables["unmet_ask"]


@dataclass(frozen=True)
class Register:
    """Asks of a season: (area, topic, times), and where the districts among the areas are.

    No more is known of an ask than its day, its topic and its area.
    """

    asks: list[tuple[str, str, int]] = field(default_factory=list)
    districts: dict[str, Place] = field(default_factory=dict)

    def around(self, slug: str, box: Box | None) -> Counter[str]:
        """Return how often each topic was asked for, in a community or a district around it.

        A district of postcodes counts when its middle lies in the box.
        """
        theirs = {slug, *(area for area, place in self.districts.items() if _lies_in(place, box))}
        found: Counter[str] = Counter()
        for area, topic, times in self.asks:
            if area in theirs:
                found[topic] += times
        return found


def read(connection: Connection, *, today: date) -> Register:
    """Return what was asked for in vain in the last season, the most asked first."""
    times = func.sum(ASK.c.asks).label("times")
    wanted = (
        select(ASK.c.area, ASK.c.topic, times)
        .where(ASK.c.day > today - SEASON, ASK.c.topic != "", ASK.c.area != "")
        .group_by(ASK.c.area, ASK.c.topic)
        .order_by(times.desc(), ASK.c.area, ASK.c.topic)
    )
    asks = [(area, topic, int(count)) for area, topic, count in connection.execute(wanted)]
    return Register(asks, _districts(connection, (area for area, _, _ in asks)))


def _districts(connection: Connection, areas: Iterable[str]) -> dict[str, Place]:
    """Return where districts are, once for every community; slugs of communities are none."""
    named = [area for area in dict.fromkeys(areas) if area == area.upper()]
    return districts(connection, named[:MOST_DISTRICTS])


def _lies_in(place: Place, box: Box | None) -> bool:
    if box is None:
        return False
    tall = box.south <= place.latitude <= box.north
    return tall and box.west <= place.longitude <= box.east
