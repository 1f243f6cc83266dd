"""Groups of a list, as everybody may know them. A plain connection in, rows out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

TABLES = SQLModel.metadata.tables
LISTING, SERVICE = TABLES["listing"], TABLES["service"]
PRACTICE, COMMUNITY = TABLES["practice"], TABLES["community"]
MOST_MERGES = 5  # of a listing into one that was merged itself …


def entries(connection: Connection, keys: Sequence[UUID]) -> list[Any]:
    """Return the published groups among some, in their order, each once.

    One that was merged into another is that other one; one that is not listed any more is left out.
    """
    now = _merged(connection, keys)
    wanted = (
        select(
            LISTING.c.service_id, LISTING.c.name, LISTING.c.summary, LISTING.c.card,
            SERVICE.c.phone, SERVICE.c.email, SERVICE.c.how_to_join, SERVICE.c.access,
        )
        .select_from(LISTING.join(SERVICE, SERVICE.c.id == LISTING.c.service_id))
        .where(LISTING.c.service_id.in_(list(now.values())))
    )  # fmt: skip
    found = {row.service_id: row for row in connection.execute(wanted)}
    order = dict.fromkeys(now[key] for key in keys)
    return [found[key] for key in order if key in found]


def _merged(connection: Connection, keys: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return what each of some listings is now."""
    now = {key: key for key in keys}
    for _ in range(MOST_MERGES):
        into = select(SERVICE.c.id, SERVICE.c.merged_into_id).where(
            SERVICE.c.id.in_(list(now.values())), SERVICE.c.merged_into_id.is_not(None)
        )
        moved = {row.id: row.merged_into_id for row in connection.execute(into)}
        if not moved:
            break
        now = {key: moved.get(kept, kept) for key, kept in now.items()}
    return now


def givers(connection: Connection) -> list[tuple[str, str]]:
    """Return who may stand on a leaflet: (mark, name) of each practice, then each community."""
    practices = select(PRACTICE.c.ods_code, PRACTICE.c.name).order_by(PRACTICE.c.name)
    communities = select(COMMUNITY.c.slug, COMMUNITY.c.name).order_by(COMMUNITY.c.name)
    found = [(f"practice-{code}", name) for code, name in connection.execute(practices)]
    return found + [(f"community-{slug}", name) for slug, name in connection.execute(communities)]
