"""A file into the directory: everything accounted for, and nothing of anybody's work lost."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlmodel import select

from asset_hub.communities.models import Community, Outcode, Postcode
from asset_hub.core import db
from asset_hub.core.bulk import Plain, Shape
from asset_hub.directory import service as directory
from asset_hub.directory.models import (
    Listing,
    ListingPlace,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceEvent,
    Standing,
    Visibility,
)
from asset_hub.interop.reading.files import Unreadable
from asset_hub.interop.run import command_line, tally
from tests.cast import NOW, Cast
from tests.interop.feeds import CHOIR, Desk, counts, service, warnings

WRITES = {"INSERT", "UPDATE", "DELETE"}
HALL = {
    "location": {"name": "Hall", "addresses": [{"address_1": "1 High St", "postal_code": "zz11aa"}]}
}
FULL = service(
    1,
    assured_date="2026-03-01",
    contacts=[{"name": "Ann", "phones": [{"number": "01632960001"}]}],
    schedules=[{"freq": "WEEKLY", "byday": "TH", "opens_at": "10:00"}],
    service_at_locations=[HALL],
    attributes=[{"taxonomy_term": {"name": "Carers"}}],
)


def test_a_feed_is_listed_and_found(desk: Desk) -> None:
    assert counts(desk.imports({"contents": [FULL, service(2)]})) == {"added": 2}
    assert desk.names() == ["Choir 1", "Choir 2"]
    choir = desk.one("Choir 1")
    assert choir.id == UUID("00000001-4d2b-4a7e-9c61-0b5d2e7f8a10"), "its own id"
    assert (choir.standing, choir.approved_at) == (Standing.LISTED, NOW)
    assert (choir.source, choir.source_id) == ("council", str(choir.id))
    assert choir.confirmed_at == datetime(2026, 3, 1, 12, tzinfo=UTC), "when the feed says, not now"
    assert choir.confirmed_by == "council"
    assert choir.organization.name == "Riverside Arts"
    assert [term.slug for term in choir.terms] == ["caring"]
    assert [contact.name for contact in choir.contacts] == ["Ann"]
    assert [place.location.address_1 for place in choir.places] == ["1 High St"]
    assert [when.byday for when in choir.schedules] == ["TH"]
    assert desk.one("Choir 2").confirmed_at is None
    card = desk.session.get_one(Listing, choir.id).card
    assert (card["organization"], card["when"]) == ("Riverside Arts", "Every Thursday, from 10am")
    assert "Ann" not in str(card)
    events = desk.session.exec(select(ServiceEvent).where(ServiceEvent.service_id == choir.id))
    assert [(one.by_id, one.message) for one in events] == [(None, "Imported from council")]
    assert len(desk.session.exec(select(Organization)).all()) == 1


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    feed = [FULL, service(2, id="x1"), service(3, id=None, organization=None)]
    assert counts(desk.imports(feed)) == {"added": 3}
    written: list[str] = []
    assert desk.session.bind is not None
    event.listen(
        desk.session.bind, "before_cursor_execute",
        lambda *args: written.append(args[2]) if args[2][:6] in WRITES else None,
    )  # fmt: skip
    assert counts(desk.imports(feed)) == {"unchanged": 3}
    assert written == []


def test_only_what_changed_is_written(desk: Desk) -> None:
    desk.imports([FULL, service(2)])
    before = desk.one("Choir 1").version
    changed = FULL | {
        "description": "We moved",
        "schedules": [],
        "service_at_locations": [{"location": {"name": "Barn"}}],
        "organization": {"id": FULL["organization"]["id"], "name": "Riverside Trust"},
    }
    assert counts(desk.imports([changed, service(2)])) == {"updated": 1, "unchanged": 1}
    choir = desk.one("Choir 1")
    assert (choir.description, choir.version) == ("We moved\n\nAlso about: Carers", before + 1)
    assert choir.organization.name == "Riverside Trust"
    assert [place.location.name for place in choir.places] == ["Barn"]
    assert desk.session.exec(select(Schedule)).all() == []
    assert [place.name for place in desk.session.exec(select(Location))] == ["Barn"]
    listing = desk.session.get_one(Listing, choir.id)
    assert listing.organization_name == "Riverside Trust"
    assert "We moved" in listing.body
    assert counts(desk.imports([changed, service(2)])) == {"unchanged": 2}


def test_what_stopped_is_taken_out_of_finding_and_comes_back(desk: Desk) -> None:
    desk.imports([FULL])
    assert counts(desk.imports([FULL | {"status": "inactive"}])) == {"updated": 1}
    assert desk.names() == []
    assert desk.one("Choir 1").standing is Standing.CLOSED
    assert counts(desk.imports([FULL])) == {"updated": 1}
    assert desk.names() == ["Choir 1"]
    assert counts(desk.imports([service(5, status="defunct")])) == {"added": 1}
    assert desk.one("Choir 5").approved_at is None


@pytest.mark.parametrize(
    "by_hand",
    [{"description": "Better words"}, {"first_visit": "Ring the bell"},
     {"standing": Standing.CLOSED},
     {"phone": "01632 960999"}, {"minimum_age": 16}],
)  # fmt: skip
def test_what_somebody_changed_here_stays(desk: Desk, by_hand: dict[str, Any]) -> None:
    desk.imports([FULL, service(2)])
    choir = desk.one("Choir 1")
    desk.edit(choir, **by_hand)
    assert counts(desk.imports([FULL, service(2)])) == {"unchanged": 2}, "the feed says no news"
    found = desk.imports([FULL | {"fees": "£2"}, service(2, fees="£2")])
    assert counts(found) == {"updated": 1, "kept": 1}
    assert found.kept == [(1, "Choir 1")]
    for name, value in by_hand.items():
        assert getattr(desk.one("Choir 1"), name) == value
    assert desk.one("Choir 1").fees == ""


def test_a_place_hidden_by_hand_is_never_shown_again(desk: Desk) -> None:
    desk.imports([FULL])
    desk.edit(desk.one("Choir 1").places[0].location, visibility=Visibility.HIDDEN)
    moved = {"location": {"name": "Other", "latitude": 53.6, "longitude": -2.2}}
    assert counts(desk.imports([FULL | {"service_at_locations": [moved]}])) == {"kept": 1}
    assert desk.one("Choir 1").places[0].location.visibility is Visibility.HIDDEN


def test_a_confirmation_here_is_no_change_of_words(desk: Desk) -> None:
    desk.imports([FULL])
    desk.edit(desk.one("Choir 1"), confirmed_at=NOW, confirmed_by="Olive")
    assert counts(desk.imports([FULL | {"fees": "£2"}])) == {"updated": 1}
    choir = desk.one("Choir 1")
    assert (choir.fees, choir.confirmed_at, choir.confirmed_by) == ("£2", NOW, "Olive")
    assert desk.session.get_one(Listing, choir.id).card["confirmed_on"] == "2026-09-07"


def test_an_organisation_renamed_by_hand_keeps_its_name(desk: Desk) -> None:
    desk.imports([FULL])
    desk.edit(desk.one("Choir 1").organization, name="Our name")
    again = {"id": FULL["organization"]["id"], "name": "Their new name"}
    desk.imports([FULL | {"organization": again}])
    assert desk.one("Choir 1").organization.name == "Our name"
    listing = desk.session.get_one(Listing, desk.one("Choir 1").id)
    assert listing.organization_name == "Our name"


def test_a_dry_run_writes_nothing_and_says_the_same(desk: Desk) -> None:
    feed = [FULL, service(2), service(2), service(2, name="Other"), {"id": "x"}]
    dry = desk.imports(feed, dry_run=True)
    assert desk.session.exec(select(Service)).all() == []
    assert desk.session.exec(select(Organization)).all() == []
    wet = desk.imports(feed)
    assert counts(dry) == counts(wet) == {"added": 3, "repeated": 1, "refused": 1}
    assert warnings(dry) == warnings(wet)
    assert counts(desk.imports([FULL | {"fees": "£9"}], dry_run=True)) == {"updated": 1}
    assert desk.one("Choir 1").fees == ""


def test_two_services_with_one_id_are_both_kept(desk: Desk) -> None:
    feed = [service(1), service(1, name="Band"), service(1, name="Band", fees="£1"), service(1)]
    found = desk.imports(feed)
    assert counts(found) == {"added": 3, "repeated": 1}
    assert found.repeated == [(4, "Choir 1")]
    assert [row for row, said in warnings(found) if "got its own" in said] == [2, 3]
    assert desk.names() == ["Band", "Band", "Choir 1"]
    assert counts(desk.imports(feed)) == {"unchanged": 3, "repeated": 1}


def test_the_same_id_in_another_batch_is_seen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "BATCH", 1)
    feed = [service(1), service(1, name="Band"), service(1)]
    assert counts(desk.imports(feed)) == {"added": 2, "repeated": 1}


def test_ids_that_are_no_uuids_give_stable_ids(desk: Desk) -> None:
    desk.imports([service(1, id="abc-1")])
    first = desk.one("Choir 1").id
    desk.session.delete(desk.session.get_one(Listing, first))
    assert first.version == 5
    assert desk.one("Choir 1").source_id == "abc-1"


def test_an_id_that_another_source_uses_is_replaced(desk: Desk) -> None:
    desk.imports([service(1)])
    found = desk.imports([service(1)], source="charities")
    assert counts(found) == {"added": 1}
    assert "belongs to a service of another source" in warnings(found)[0][1]
    assert len(desk.names()) == 2
    assert counts(desk.imports([service(1)], source="charities")) == {"unchanged": 1}
    assert len(desk.session.exec(select(Organization)).all()) == 2


def test_every_refusal_has_its_row_and_reason(desk: Desk) -> None:
    feed = [service(1), {"id": "2"}, None, [service(3)], service(4)]
    found = desk.imports(feed)
    assert counts(found) == {"added": 2, "refused": 3}
    assert [row for row, _ in found.refused] == [2, 3, 4]
    assert found.refused[0][1] == "it has no name"
    assert found.rows == 5


def test_a_file_of_nothing_but_refusals_is_given_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "MOST_REFUSED", 3)
    monkeypatch.setattr(command_line, "BATCH", 5)
    found = desk.imports([1] * 50)
    assert "Is this the right file?" in found.stopped
    assert found.rows == 5


def test_what_the_file_no_longer_has_is_counted_and_left(desk: Desk) -> None:
    desk.imports([service(1), service(2), service(3)])
    assert desk.imports([service(2), service(4)]).gone == 2
    assert len(desk.names()) == 4


def spoiling(monkeypatch: pytest.MonkeyPatch, problem: type[DBAPIError]) -> None:
    """Let the database refuse the service whose least age is seven."""
    monkeypatch.setattr(
        "asset_hub.interop.reading.texts.clean.age",
        lambda value: ("seven" if value == 7 else None, ""),
    )

    insert = Shape.insert

    def spoil(shape: Shape, connection: Connection, rows: Sequence[Plain]) -> None:
        if shape.table.name == "service" and any("seven" in row for row in rows):
            raise problem("INSERT", None, Exception("no"))
        insert(shape, connection, rows)

    monkeypatch.setattr(Shape, "insert", spoil)


def test_a_value_that_cannot_be_stored_costs_only_its_row(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spoiling(monkeypatch, DataError)
    found = desk.imports([service(n, **({"minimum_age": 7} if n == 2 else {})) for n in range(9)])
    assert counts(found) == {"added": 8, "refused": 1}
    assert found.refused == [(3, "something in it cannot be stored")]
    assert "row 3 cannot be stored" in caplog.text


def test_a_mistake_of_ours_is_no_fault_of_a_row(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiling(monkeypatch, IntegrityError)
    with pytest.raises(IntegrityError):
        desk.imports([service(1), service(2, minimum_age=7), service(3)])
    desk.session.rollback()
    assert desk.names() == []


def test_a_run_that_is_killed_keeps_what_is_done_and_the_next_completes_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_line, "BATCH", 2)
    feed = [service(number) for number in range(1, 8)]

    def kill(_: int, found: tally.Tally) -> None:
        if found.rows >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.imports(feed, progress=kill)
    assert len(desk.names()) == 4
    assert counts(desk.imports(feed)) == {"added": 3, "unchanged": 4}


def test_postcodes_are_looked_up_for_a_batch_at_a_time(desk: Desk, cast: Cast) -> None:
    places = [
        Postcode(code=f"ZZ1 {n}AA", outcode="ZZ1", latitude=53.6, longitude=-2.2) for n in range(9)
    ]
    desk.session.add_all([*places, Outcode(code="ZZ2", latitude=53.5, longitude=-2.1)])
    desk.session.commit()

    def at(number: int, code: str) -> dict[str, Any]:
        place = {"location": {"name": "Hall", "addresses": [{"postal_code": code}]}}
        return service(number, service_at_locations=[place])

    asked: list[str] = []
    assert desk.session.bind is not None
    event.listen(
        desk.session.bind, "before_cursor_execute",
        lambda *args: asked.append(args[2]) if "FROM postcode" in args[2] else None,
    )  # fmt: skip
    feed = [at(n, f"zz1 {n}aa") for n in range(9)] + [at(10, "zz2 1aa"), at(11, "ZZ9 1AA")]
    found = desk.imports(feed)
    assert len(asked) <= 3, "one for the batch, and one for each district without a middle"
    exact = desk.one("Choir 3").places[0].location
    assert (exact.latitude, exact.approximate) == (53.6, False)
    near = desk.one("Choir 10").places[0].location
    assert (near.latitude, near.approximate) == (53.5, True)
    assert desk.one("Choir 11").places[0].location.latitude is None
    assert warnings(found) == [
        (10, "the postcode “ZZ2 1AA” is not loaded: shown near its district"),
        (11, "the postcode “ZZ9 1AA” is not known: not on the map"),
    ]
    areas = {row.area for row in desk.session.exec(select(ListingPlace))}
    assert areas == {True, False}


def test_a_postcode_loaded_later_puts_the_service_in_its_place(desk: Desk) -> None:
    assert counts(desk.imports([FULL])) == {"added": 1}
    desk.session.add(Postcode(code="ZZ1 1AA", outcode="ZZ1", latitude=53.6, longitude=-2.2))
    desk.session.commit()
    assert counts(desk.imports([FULL])) == {"updated": 1}
    assert desk.one("Choir 1").places[0].location.latitude == 53.6


def test_a_postcode_only_mentioned_is_a_place_once(desk: Desk) -> None:
    desk.session.add(Outcode(code="ZZ1", latitude=53.6, longitude=-2.2))
    desk.session.commit()
    found = desk.imports([service(1, description="At ZZ1 1AA and ZZ1 2AA and XX9 9XX")])
    assert len(desk.one("Choir 1").places) == 1
    assert len(found.warnings) == 1


def test_a_community_is_given_or_found_by_its_boundary(desk: Desk, cast: Cast) -> None:
    square = [[-2.3, 53.5], [-2.1, 53.5], [-2.1, 53.7], [-2.3, 53.7], [-2.3, 53.5]]
    cast.ashby.boundary = {"type": "Polygon", "coordinates": [square]}
    cast.ashby.west, cast.ashby.south, cast.ashby.east, cast.ashby.north = -2.3, 53.5, -2.1, 53.7
    desk.session.commit()

    def at(number: int, latitude: float) -> dict[str, Any]:
        place = {"location": {"latitude": latitude, "longitude": -2.2}}
        return service(number, service_at_locations=[place])

    desk.imports([at(1, 53.6), at(2, 55.0), service(3)])
    assert desk.one("Choir 1").community_id == cast.ashby.id
    assert desk.one("Choir 2").community_id is None
    desk.imports([at(1, 53.6), at(2, 55.0), service(3)], community="elsewhere")
    homes = {
        one.community_id
        for one in desk.session.exec(select(Service).where(Service.source == "council"))
    }
    assert homes == {cast.elsewhere.id}
    assert desk.session.get_one(Listing, desk.one("Choir 1").id).community_id == cast.elsewhere.id


def test_an_unknown_community_is_explained(desk: Desk, cast: Cast) -> None:
    with pytest.raises(Unreadable, match="There are: ashby, elsewhere"):
        desk.imports([service(1)], community="atlantis")


def test_no_personal_contact_is_published(desk: Desk) -> None:
    secret = {"assurer_email": "keeper@x.example", "contacts": [{"name": "Ann Private"}]}
    desk.imports([service(1, **secret)])
    published = [row.model_dump_json() for row in desk.session.exec(select(Listing))]
    assert "keeper" not in str(published)
    assert "Ann Private" not in str(published)


def test_hostile_words_stay_words(desk: Desk) -> None:
    nasty = "{{cycler.__init__.__globals__}}<script>alert(1)</script>{% if %}"
    desk.imports([service(1, name=f"A {nasty}", description=nasty, fees=nasty)])
    [listing] = desk.session.exec(select(Listing)).all()
    assert listing.name == "A {{cycler.__init__.__globals__}}{% if %}"
    assert "script" not in listing.model_dump_json()


def test_nothing_else_of_the_directory_is_touched(desk: Desk, cast: Cast) -> None:
    with db.transaction() as session:
        directory.publish(session, cast.choir, now=NOW)
    desk.imports([service(1), CHOIR])
    assert desk.names() == ["Ashby choir", "Choir 1", "Riverside choir"]
    communities = desk.session.exec(select(Community)).all()
    assert {community.version for community in communities} == {1}
