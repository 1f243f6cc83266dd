"""Where a town is, from the published places that say they are in it."""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, text

from asset_hub.communities.queries import Place

LONGEST = 60
_IN_TOWN = text(
    "SELECT min(l.city) AS name, avg(p.latitude) AS latitude, avg(p.longitude) AS longitude "
    "FROM location l JOIN service_at_location s ON s.location_id = l.id "
    "JOIN listing_place p ON p.id = s.id WHERE l.city IN :names AND l.visibility <> 'hidden'"
).bindparams(bindparam("names", expanding=True))
_WIDER = text(
    "SELECT min(w.name) AS name, avg(coalesce(c.latitude, (c.south + c.north) / 2)) AS latitude, "
    "avg(coalesce(c.longitude, (c.west + c.east) / 2)) AS longitude FROM community c "
    "LEFT JOIN locality t ON t.id = c.locality_id JOIN ("
    "SELECT id, name FROM locality UNION ALL SELECT id, name FROM borough) w "
    "ON w.id = t.id OR w.id = t.borough_id WHERE w.name IN :names"
).bindparams(bindparam("names", expanding=True))

# Each locality, in the middle of its communities
_LOCALITIES = text(
    "SELECT t.name, avg(coalesce(c.latitude, (c.south + c.north) / 2)) AS latitude, "
    "avg(coalesce(c.longitude, (c.west + c.east) / 2)) AS longitude, count(*) AS many "
    "FROM community c JOIN locality t ON t.id = c.locality_id "
    "WHERE c.latitude IS NOT NULL OR c.south IS NOT NULL GROUP BY t.name"
)
# A sample, so that a site of any size answers at once; only of places that everyone may see
_TOWNS = text(
    "SELECT l.city AS name, avg(p.latitude) AS latitude, avg(p.longitude) AS longitude, "
    "count(*) AS many FROM (SELECT id, latitude, longitude FROM listing_place LIMIT 4000) p "
    "JOIN service_at_location s ON s.id = p.id JOIN location l ON l.id = s.location_id "
    "WHERE l.visibility = 'exact' AND l.city <> '' GROUP BY l.city HAVING count(*) >= 3"
)
MOST_NAMED = 60


class Named(NamedTuple):
    """A town or a locality, and where its name is written."""

    name: str
    latitude: float
    longitude: float


def named(connection: Connection) -> list[Named]:
    """Return our localities, then the towns that published places name; the largest first."""
    found: dict[str, Named] = {}
    for question in (_LOCALITIES, _TOWNS):
        for row in sorted(connection.execute(question), key=lambda row: (-row.many, row.name)):
            place = Named(row.name, float(row.latitude), float(row.longitude))
            found.setdefault(row.name.casefold(), place)
    return list(found.values())[:MOST_NAMED]


def town(connection: Connection, name: str) -> Place | None:
    """Return the middle of a locality or borough of ours, else of what is published in a town.

    None when nobody knows the name. Never finer than the published points.
    """
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > LONGEST or any(letter.isdigit() for letter in wanted):
        return None
    # as it was typed, and in the ways towns are written: an index finds each
    written = [wanted, wanted.title(), wanted.upper(), wanted.lower(), _small(wanted)]
    for question in (_WIDER, _IN_TOWN):
        row = connection.execute(question, {"names": written}).one()
        if row.latitude is not None and row.longitude is not None:
            return Place(row.name, float(row.latitude), float(row.longitude), exact=True)
    return None


def _small(name: str) -> str:
    """Return a name with small words small: "Stow on the Wold"."""
    first, *rest = name.title().split()
    little = {"On", "The", "In", "Le", "Upon", "By", "And", "Of", "Under", "Next"}
    return " ".join([first, *(word.lower() if word in little else word for word in rest)])
