"""An import of what is here already, of what was merged, and of addresses that stay hidden."""

from sqlmodel import Session, select

from asset_hub.communities.models import Postcode
from asset_hub.directory import jobs, queries
from asset_hub.directory import service as directory
from asset_hub.directory.models import Duplicate, ListingPlace, Standing, Visibility
from asset_hub.interop.batch.comparing import Known
from asset_hub.interop.batch.comparing import _outcome as outcome
from asset_hub.interop.models import Outcome
from tests.cast import NOW, Cast
from tests.interop.feeds import Desk, counts, service, warnings

HOME = {"location": {"addresses": [{"address_1": "7 Mill Lane", "postal_code": "AS1 1AA"}]}}
RUNNER = {"id": "b1e2d3c4-0000-4000-8000-000000000002", "name": "Olive Green"}


def test_an_imported_double_is_found_by_the_worker(desk: Desk, cast: Cast) -> None:
    desk.imports([service(1, name="Ashby Choirs"), service(2)], community="ashby")
    jobs.find_doubles()
    [pair] = desk.session.exec(select(Duplicate)).all()
    assert {pair.one.name, pair.other.name} == {"Ashby choir", "Ashby Choirs"}


def test_what_an_import_changes_is_compared_again(desk: Desk, cast: Cast) -> None:
    desk.imports([service(1, name="Bowls")], community="ashby")
    jobs.find_doubles()
    assert not desk.session.exec(select(Duplicate)).all()
    desk.imports([service(1, name="Ashby Choirs")], community="ashby")
    jobs.find_doubles()
    assert len(desk.session.exec(select(Duplicate)).all()) == 1


def test_twenty_thousand_are_compared_a_few_at_a_time(desk: Desk, cast: Cast) -> None:
    desk.imports([service(n) for n in range(1, 31)], community="ashby")
    before = len(queries.unkeyed(desk.session, most=1_000))
    directory.look(desk.session, queries.unkeyed(desk.session, most=10), now=NOW)
    assert len(queries.unkeyed(desk.session, most=1_000)) == before - 10


def test_what_was_merged_here_is_not_brought_back(desk: Desk, session: Session, cast: Cast) -> None:
    desk.imports([service(1)], community="ashby")
    gone = desk.one("Choir 1")
    directory.merge(
        session, cast.choir, gone, choices={}, versions=(cast.choir.version, gone.version),
        by=cast.cora, now=NOW,
    )  # fmt: skip
    session.commit()
    assert counts(desk.imports([service(1)], community="ashby")) == {"unchanged": 1}
    for status in ("inactive", "active"):
        found = desk.imports([service(1, name="New name", status=status)], community="ashby")
        assert counts(found) == {"kept": 1}
        assert warnings(found) == [(1, "merged here into another listing: it stays as it is")]
    assert desk.one("Choir 1").standing is Standing.CLOSED
    assert "New name" not in desk.names()


def test_a_home_is_shown_roughly_and_a_refuge_not_at_all(desk: Desk, cast: Cast) -> None:
    cast.add(Postcode(code="AS1 1AA", outcode="AS1", latitude=53.61234, longitude=-2.21234))
    desk.session.commit()
    found = desk.imports([
        service(1, organization=RUNNER, service_at_locations=[HOME]),
        service(2, description="A refuge for women", service_at_locations=[HOME]),
        service(3, service_at_locations=[HOME]),
    ], community="ashby")  # fmt: skip
    shown = [desk.one(f"Choir {n}").places[0].location.visibility for n in (1, 2, 3)]
    assert shown == [Visibility.AREA, Visibility.HIDDEN, Visibility.EXACT]
    said = dict(warnings(found))
    assert "may be a home or a place of safety" in said[1]
    assert "its address stays hidden" in said[2]
    assert 3 not in said
    points = desk.session.exec(select(ListingPlace.latitude)).all()
    assert len(points) == 2
    assert points.count(53.61234) == 1
    assert counts(desk.imports([
        service(1, organization=RUNNER, service_at_locations=[HOME]),
    ], community="ashby")) == {"unchanged": 1}  # fmt: skip


def test_even_an_import_that_may_overwrite_leaves_a_merged_one_alone(cast: Cast) -> None:
    key = cast.choir.id
    merged = Known(key, "old", 1, NOW, None, "", None, cast.friends.id, None, key)
    assert outcome(merged, "new", {cast.choir.id: False}) is Outcome.KEPT
    assert outcome(merged, "old", {}) is Outcome.UNCHANGED
