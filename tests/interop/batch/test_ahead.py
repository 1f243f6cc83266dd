"""What is worked out before it is written is what would be written; else it is made anew."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from asset_hub.communities.models import Postcode
from asset_hub.core import db
from asset_hub.directory import service as directory
from asset_hub.directory.models import Listing, Service
from asset_hub.interop.batch import taking
from asset_hub.interop.batch.ahead import Ahead
from asset_hub.interop.batch.asking import Answers
from asset_hub.interop.reading.plan import How, Read
from asset_hub.interop.reading.records import Record
from asset_hub.interop.reading.travelling import pack, unpack
from tests.cast import NOW, Cast
from tests.interop.batch.test_importing import FULL
from tests.interop.feeds import Desk, counts, service


def nobody_knows(what: str, keys: Sequence[Any]) -> dict[Any, Any]:
    """Know no postcode, no community and no service."""
    return {}


@pytest.fixture
def ahead(session: Session) -> Ahead:
    return taking.taker_for("x", "x", None, seen={}, dry_run=False, now=NOW).ahead


def read(*items: dict[str, Any]) -> list[Read]:
    return [How(None, NOW).read(piece) for piece in enumerate(items, 1)]


def test_rows_travel_whole(ahead: Ahead) -> None:
    (found,) = ahead(read(FULL), nobody_knows)
    record = found[1]
    assert isinstance(record, Record)
    again = unpack(pack(found))[1]
    assert isinstance(again, Record)
    assert record.ready
    assert (again.ready, again.digest) == (record.ready, record.digest)


def test_what_is_known_is_not_made_ahead(ahead: Ahead) -> None:
    ahead.first = False
    known = {"digests": dict.fromkeys([FULL["id"]], "x" * 64)}
    ((_, record),) = ahead(read(FULL), lambda what, keys: known.get(what, {}))
    assert isinstance(record, Record)
    assert record.digest
    assert record.ready is None


def test_a_postcode_is_asked_for_once(ahead: Ahead, session: Session) -> None:
    asked = []

    def answer(what: str, keys: Sequence[Any]) -> dict[Any, Any]:
        asked.append((what, list(keys)))
        return dict.fromkeys(keys, (53.6, -2.2))

    ahead(read(FULL, FULL), answer)
    ahead(read(FULL), answer)
    assert asked == [("points", ["ZZ1 1AA"])]


def test_the_site_knows_its_postcodes_and_what_came_before(desk: Desk, session: Session) -> None:
    with db.transaction():
        session.add(Postcode(code="ZZ1 1AA", outcode="ZZ1", latitude=53.6, longitude=-2.2))
    desk.imports([FULL])
    answers = Answers(db.engine(), "council")
    assert answers("points", ["ZZ1 1AA", "ZZ9 9ZZ"]) == {"ZZ1 1AA": (53.6, -2.2)}
    assert answers("districts", ["ZZ1", "ZZ9"]) == {"ZZ1": (53.6, -2.2)}
    key = str(desk.one("Choir 1").source_id)
    assert answers("digests", [key, "other"]) == {key: desk.one("Choir 1").source_digest}
    assert Answers(db.engine(), "another council")("digests", [key]) == {}


def test_a_new_group_of_an_organisation_renamed_here_bears_its_name_here(desk: Desk) -> None:
    desk.imports([FULL])
    desk.edit(desk.one("Choir 1").organization, name="Tambourines")
    assert counts(desk.imports([FULL, service(2)])) == {"unchanged": 1, "added": 1}
    listing = desk.session.get_one(Listing, desk.one("Choir 2").id)
    assert listing.organization_name == listing.card["organization"] == "Tambourines"
    assert '"tambourin":' in listing.words
    assert '"riversid":' not in listing.words


def test_an_id_that_is_taken_gives_all_its_rows_another(desk: Desk, cast: Cast) -> None:
    theirs = desk.one(cast.service("Chair yoga").name)
    desk.imports([FULL | {"id": str(theirs.id)}])
    choir = desk.one("Choir 1")
    assert choir.id != theirs.id
    assert [place.service_id for place in choir.places] == [choir.id]
    assert desk.session.get_one(Listing, choir.id).card["id"] == str(choir.id)
    assert desk.session.get_one(Service, theirs.id).name == "Chair yoga"


def test_the_copy_made_ahead_is_the_one_publishing_would_write(desk: Desk) -> None:
    desk.imports([FULL, service(3, minimum_age=5, fees="Free")])
    for name in ("Choir 1", "Choir 3"):
        listed = desk.session.get_one(Listing, desk.one(name).id)
        before = listed.model_dump(exclude={"sessions_to"})
        with db.transaction() as session:
            directory.publish(session, desk.one(name), now=NOW)
        desk.session.expire_all()
        assert desk.session.get_one(Listing, UUID(before["card"]["id"])).model_dump(
            exclude={"sessions_to"}
        ) == before  # fmt: skip
