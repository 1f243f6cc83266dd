"""The blueprint, and what its pages share."""

from uuid import UUID

from flask import Blueprint, request

from asset_hub.connections import service
from asset_hub.connections.models import (
    ENDING_WORDS,
    HANDOVER_WORDS,
    OLD_ENDING_WORDS,
    ROUTE_WORDS,
    STATE_COLOURS,
    STATE_WORDS,
    Connection,
)
from asset_hub.core import clock, db
from asset_hub.core.access import load, me
from asset_hub.core.errors import Missing
from asset_hub.directory import queries as directory
from asset_hub.directory.models import Service
from asset_hub.people import service as persons
from asset_hub.people.models import CONTACT_WORDS, Person

bp = Blueprint("connections", __name__)


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "state_words": STATE_WORDS,
        "route_words": ROUTE_WORDS,
        "handover_words": HANDOVER_WORDS,
        "ending_words": ENDING_WORDS | OLD_ENDING_WORDS,
        "state_colours": STATE_COLOURS,
        "contact_words": CONTACT_WORDS,
    }


def chosen_key() -> UUID | None:
    """Return the id of the group that the address carries along."""
    return request.args.get("service", type=UUID)


@bp.app_template_global()
def chosen_group() -> Service | None:
    """Return the listed group that the address carries along, to be connected to."""
    key = chosen_key()
    try:
        return directory.published(db.session(), key) if key else None
    except Missing:
        return None


def look(connection_id: UUID) -> Connection:
    """Load a connection within reach and write down the look."""
    with db.transaction() as session:
        found = load(Connection, connection_id)
        return service.look_at(session, found, by=me(), now=clock.now())


def look_at_person(person_id: UUID) -> Person:
    """Load a person within reach and write down the look."""
    with db.transaction() as session:
        found = load(Person, person_id)
        return persons.look_at(session, found, by=me(), now=clock.now())
