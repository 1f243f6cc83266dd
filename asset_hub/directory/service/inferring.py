"""What listings seem to be about, worked out anew when the thesaurus has changed.

A listing's copy says by which thesaurus its topics were worked out. After an upgrade, or when a
coordinator adds people's words to a topic, the worker takes those of an older one, a few at a time:
it may be killed at any moment, and what is left to do is what the copies say. What somebody chose
for a listing is read from the choices themselves and never changed.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, select, update
from sqlmodel import Session, SQLModel

from asset_hub.directory import queries
from asset_hub.directory.rules import meaning
from asset_hub.directory.rules.listing import topics_of
from asset_hub.directory.service.publishing import LISTING, TOPIC, TOPICS

BATCH = 200  # listings in one transaction: a tenth of a second
TABLES = SQLModel.metadata.tables
CHOSEN, TERM = TABLES["service_term"], TABLES["taxonomy_term"]
TEXTS = [LISTING.c[name] for name in ("number", "service_id", "topic_slugs", *meaning.LOUD)]


def infer_anew(session: Session) -> int:
    """Work out the topics of the next few listings that need it; return how many (0: none does).

    Who publishes one of them meanwhile waits, and one that is being published is left for later.
    """
    connection = session.connection()
    known = queries.thesaurus(connection)
    rows = _older(connection, known.version)
    numbers = [row["number"] for row in rows]
    chosen = _chosen(session, [row["service_id"] for row in rows])
    found = [
        (row["number"], *topic)
        for row in rows
        for topic in topics_of(_texts(row), chosen[row["service_id"]], row["topic_slugs"], known)
    ]
    if rows:
        connection.execute(delete(TOPIC).where(TOPIC.c.number.in_(numbers)))
        TOPICS.insert(connection, found)
        these = update(LISTING).where(LISTING.c.number.in_(numbers))
        connection.execute(these.values(inferred=known.version))
    return len(rows)


def _older(connection: Connection, version: int) -> Sequence[Any]:
    """Return a few listings that were made by another thesaurus, locked; an index finds them."""
    made = LISTING.c.inferred
    for other in (made < version, made > version):
        wanted = select(*TEXTS).where(other).order_by(made, LISTING.c.number).limit(BATCH)
        rows = connection.execute(wanted.with_for_update(skip_locked=True)).mappings().all()
        if rows:
            return rows
    return []


def _texts(row: Any) -> dict[str, str]:
    return {name: row[name] for name in meaning.LOUD}


def _chosen(session: Session, keys: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Return the slugs that somebody chose for each service, in the order of their names."""
    wanted = (
        select(CHOSEN.c.service_id, TERM.c.slug)
        .join(TERM, TERM.c.id == CHOSEN.c.term_id)
        .where(CHOSEN.c.service_id.in_(keys))
        .order_by(TERM.c.name)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for key, slug in session.connection().execute(wanted):
        found[key].append(slug)
    return found
