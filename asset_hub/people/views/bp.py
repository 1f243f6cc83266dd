"""The blueprint, and what its pages share."""

from uuid import UUID

from flask import Blueprint, request

from asset_hub.core import clock, db
from asset_hub.core.access import load, me
from asset_hub.people import service
from asset_hub.people.models import AGREED_HOW_WORDS, AGREED_TO_WORDS, CONTACT_WORDS, Person

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "contact_words": CONTACT_WORDS,
        "agreed_to_words": AGREED_TO_WORDS,
        "agreed_how_words": AGREED_HOW_WORDS,
    }


def chosen_key() -> UUID | None:
    """Return the id of the group that the address carries along to the connecting."""
    return request.args.get("service", type=UUID)


def look(person_id: UUID) -> Person:
    """Load a person within reach and write down the look."""
    with db.transaction() as session:
        found = load(Person, person_id)
        return service.look_at(session, found, by=me(), now=clock.now())
