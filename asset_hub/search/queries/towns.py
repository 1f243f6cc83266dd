"""Where a town is, from the published places that say they are in it."""

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
