"""What was asked for in vain in and around one community, by topic. A plain connection in."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Connection, func, select
from sqlmodel import Session, SQLModel

from asset_hub.communities.queries import locate
from asset_hub.search.geo import Box

SEASON = timedelta(days=90)
MOST_AREAS = 30  # districts that are looked up, those asked from most
ASK = SQLModel.metadata.tables["unmet_ask"]


def asked_in(connection: Connection, slug: str, around: Box | None, *, today: date) -> Counter[str]:
    """Return how often each topic was asked for in vain, in a community or a district around it.

    A district of postcodes counts when its middle lies in the box. No more is known of an ask than
    its day, its topic and its area.
    """
    asks = func.sum(ASK.c.asks).label("asks")
    wanted = (
        select(ASK.c.area, ASK.c.topic, asks)
        .where(ASK.c.day > today - SEASON, ASK.c.topic != "", ASK.c.area != "")
        .group_by(ASK.c.area, ASK.c.topic)
        .order_by(asks.desc(), ASK.c.area, ASK.c.topic)
    )
    rows = [(area, topic, int(times)) for area, topic, times in connection.execute(wanted)]
    theirs = {slug, *_inside(connection, (area for area, _, _ in rows if area != slug), around)}
    found: Counter[str] = Counter()
    for area, topic, times in rows:
        if area in theirs:
            found[topic] += times
    return found


def _inside(connection: Connection, areas: Iterable[str], around: Box | None) -> list[str]:
    """Return the districts whose middle is in a box; names of communities are no districts."""
    if around is None:
        return []
    found = []
    named = [area for area in dict.fromkeys(areas) if area == area.upper()]
    with Session(connection) as session:
        for area in named[:MOST_AREAS]:
            place = locate(session, area)
            if (
                place
                and around.south <= place.latitude <= around.north
                and around.west <= place.longitude <= around.east
            ):
                found.append(area)
    return found
