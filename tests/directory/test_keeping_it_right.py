"""Cath keeps Ashby's listings right, section by section, and what she saves is seen at once."""

from datetime import time
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from asset_hub.communities.models import Postcode
from asset_hub.core.audit import AuditEntry
from asset_hub.directory import service
from asset_hub.directory.models import (
    Freq,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    Standing,
    TaxonomyTerm,
    Visibility,
)
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.conftest import Olive

LISTING = SQLModel.metadata.tables["listing"]
PLACE = SQLModel.metadata.tables["listing_place"]


def form_of(group: Service, **changed: Any) -> dict[str, Any]:
    """Return what a browser would post from any section, with some fields changed."""
    fields = service.as_fields(service.answers_of(group)) | {"version": str(group.version)}
    day = fields.pop("next_on")
    parts = (
        {f"next_on-{part}": getattr(day, part) for part in ("day", "month", "year")} if day else {}
    )
    kept = {name: value for name, value in (fields | parts | changed).items() if value is not None}
    return {"often": "weekly", "days": ["TH"], "cost": "free", "how_to_join": "Come"} | kept


def place_of(group: Service, number: int = 0, **changed: Any) -> dict[str, Any]:
    """Return what a browser would post from the page of one place, with some fields changed."""
    fields = service.answers_of_place(service.parts_of(group)["places"][number])
    kept = {name: value for name, value in (fields | changed).items() if value is not None}
    return kept | {"version": str(group.version)}


def add_place(cast: Cast, **more: Any) -> Location:
    at: dict[str, Any] = {
        "name": "Town hall",
        "postal_code": "AS1 1AA",
        "latitude": 53.61,
        "longitude": -2.21,
    }
    place = cast.add(Location(**(at | more)))
    cast.choir.places.append(ServiceAtLocation(location_id=place.id, location=place))
    cast.session.commit()
    return place


def card(session: Session) -> dict[str, Any]:
    return dict(session.connection().execute(select(LISTING.c.card)).scalar_one())


def points(session: Session) -> list[tuple[float, float]]:
    found = session.connection().execute(select(PLACE.c.latitude, PLACE.c.longitude))
    return [(row[0], row[1]) for row in found]


@pytest.fixture
def choir(cast: Cast, session: Session) -> Service:
    add_place(cast)
    cast.choir.schedules.append(Schedule(freq=Freq.WEEKLY, byday="TH", opens_at=time(10)))
    cast.choir.how_to_join, cast.choir.fees = "Come", "Free"
    cast.add(Postcode(code="AS1 2BB", outcode="AS1", latitude=53.7, longitude=-2.3))
    service.publish(session, cast.choir, now=NOW)
    session.commit()
    return cast.choir


@pytest.mark.parametrize("name", ["cath", "cora"])
def test_those_who_may_approve_change_it_at_once(
    browser: Browser, session: Session, cast: Cast, choir: Service, name: str
) -> None:
    browser.sign_in(getattr(cast, name))
    url = f"/groups/{choir.id}/edit"
    assert "Ashby choir" in browser.get(url).text
    assert 'value="Ashby choir"' in browser.get(f"{url}/what").text
    answer = browser.post(f"{url}/what", data=form_of(choir, name="Ashby singers"))
    assert answer.location == url
    browser.post(f"{url}/who", data=form_of(choir, fees="£2", cost="paid"))
    assert (card(session)["name"], card(session)["cost"]) == ("Ashby singers", "£2")
    found = list(session.exec(select(AuditEntry).where(AuditEntry.action == "edit")))
    assert {entry.by_id for entry in found} == {getattr(cast, name).id}
    assert [entry.detail["fields"] for entry in found] == [["name"], ["fees"]]


def test_a_section_saves_nothing_but_its_own(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cora)
    form = form_of(choir, name="Ashby singers", first_visit="Sam waits for you", fees="£9")
    browser.post(f"/groups/{choir.id}/edit/join", data=form)
    session.refresh(choir)
    assert (choir.name, choir.fees) == ("Ashby choir", "Free")
    assert choir.first_visit == "Sam waits for you"


@pytest.mark.parametrize(("name", "status"), [("dora", 404), ("ben", 403), ("mia", 403)])
def test_others_cannot(
    browser: Browser, cast: Cast, choir: Service, name: str, status: int
) -> None:
    browser.sign_in(getattr(cast, name))
    for section in ("", "/what", "/where", "/where/1", "/where/new", "/photo", "/room"):
        assert browser.get(f"/groups/{choir.id}/edit{section}").status_code == status
    assert browser.post(f"/groups/{choir.id}/edit/what", data={}).status_code == status
    assert browser.post(f"/groups/{choir.id}/close").status_code == status
    assert browser.get(f"/groups/{choir.id}/stopped").status_code == status
    assert browser.post(f"/groups/{choir.id}/reopen").status_code == status


def test_a_save_over_somebody_elses_is_refused(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cora)
    opened = form_of(choir, name="Cora’s name")
    browser.post(f"/groups/{choir.id}/edit/what", data=form_of(choir, name="Cath’s name"))
    page = browser.post(f"/groups/{choir.id}/edit/what", data=opened)
    assert page.status_code == 422
    assert "Somebody else changed this" in page.text
    for words in (
        "When you opened it",
        "As it is now",
        "put in: </span>Cath’s",
        'value="Cora’s name"',
    ):
        assert words in page.text, "what each of them wrote is there to compare"
    assert card(session)["name"] == "Cath’s name"


def test_saving_without_a_change_writes_nothing(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cora)
    version = choir.version
    for section in ("what", "when", "who", "join"):
        browser.post(f"/groups/{choir.id}/edit/{section}", data=form_of(choir))
    browser.post(f"/groups/{choir.id}/edit/where/1", data=place_of(choir))
    assert choir.version == version
    assert not session.exec(select(AuditEntry).where(AuditEntry.action == "edit")).all()


def test_several_places_and_times_survive_a_change_of_words(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    add_place(cast, name="Church hall", latitude=53.62)
    choir.schedules.append(Schedule(freq=Freq.MONTHLY, byday="1SU"))
    foreign = cast.add(TaxonomyTerm(slug="esd-123", name="Choirs"))
    choir.terms.append(foreign)
    session.commit()
    browser.sign_in(cast.cora)
    page = browser.post(f"/groups/{choir.id}/edit/what", data=form_of(choir, summary="New words"))
    assert page.status_code == 302, page.text
    assert [len(choir.places), len(choir.schedules), choir.terms] == [2, 2, [foreign]]
    assert sorted(points(session)) == [(53.61, -2.21), (53.62, -2.21)]


def test_a_new_postcode_moves_it(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cora)
    place = f"/groups/{choir.id}/edit/where/1"
    browser.post(place, data=place_of(choir, postcode="as1 2bb"))
    assert points(session) == [(53.7, -2.3)]
    page = browser.post(place, data=place_of(choir, postcode="ZZ1 1ZZ"))
    assert "We do not know this postcode" in page.text
    by_hand = place_of(choir, postcode="ZZ1 1ZZ", latitude="53.5", longitude="-2.1")
    browser.post(place, data=by_hand)
    assert points(session) == [(53.5, -2.1)]


def test_a_shared_hall_stays_where_it_is_for_the_others(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    [hall] = [at.location for at in choir.places]
    other = cast.service("Ashby walkers")
    other.places.append(ServiceAtLocation(location_id=hall.id, location=hall))
    session.commit()
    browser.sign_in(cast.cora)
    browser.post(f"/groups/{choir.id}/edit/where/1", data=place_of(choir, postcode="AS1 2BB"))
    assert other.places[0].location.postal_code == "AS1 1AA"
    assert choir.places[0].location.postal_code == "AS1 2BB"


def test_hiding_the_place_takes_it_off_the_map(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    browser.post(f"/groups/{choir.id}/edit/where/1", data=place_of(choir, setting="hidden"))
    assert points(session) == []
    assert choir.places[0].location.visibility is Visibility.HIDDEN
    page = browser.post(f"/groups/{choir.id}/edit/what", data=form_of(choir, summary="At AS11AA"))
    assert "gives it away" in page.text


def test_another_community_looks_before_a_group_is_found_there(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    session, cast = olive.session, olive.cast
    browser.sign_in(cast.cora)
    moved = form_of(choir, community_id=str(cast.elsewhere.id))
    answer = browser.post(f"/groups/{choir.id}/edit/where", data=moved)
    assert answer.location == "/to-approve"
    session.refresh(choir)
    assert choir.standing is Standing.WAITING
    assert points(session) == []
    assert [letter.to for letter in olive.letters("listing-waits")] == ["dora@example.org"]
    browser.sign_in(cast.dora)
    browser.post(f"/to-approve/{choir.id}/approve", data={"version": choir.version})
    session.refresh(choir)
    assert points(session) == [(53.61, -2.21)], "and is found again"


def test_nobody_renames_who_runs_groups_that_they_do_not_look_after(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    cast.service("Elsewhere choir", community=cast.elsewhere)
    session.commit()
    browser.sign_in(cast.cora)
    renamed = form_of(choir, organization_name="Cora’s own")
    page = browser.post(f"/groups/{choir.id}/edit/what", data=renamed)
    assert page.status_code == 422
    assert "runs groups in other communities too" in page.text
    session.refresh(cast.friends)
    assert cast.friends.name == "Friends of Ashby"


def test_a_new_name_of_who_runs_it_reaches_all_their_listings(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    service.publish(session, cast.service("Ashby walkers"), now=NOW)
    session.commit()
    browser.sign_in(cast.cora)
    renamed = form_of(choir, organization_name="Ashby friends")
    browser.post(f"/groups/{choir.id}/edit/what", data=renamed)
    names = session.connection().execute(select(LISTING.c.organization_name)).scalars()
    assert list(names) == ["Ashby friends", "Ashby friends"]


def test_a_changed_contact_ends_the_links_of_the_old_one(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    browser.sign_in(olive.cast.cora)
    edit = f"/groups/{group.id}/edit"
    browser.post(f"{edit}/join", data=form_of(group, contact_email="new@lunch.example"))
    assert f'href="/to-approve/{group.id}"' in browser.get(edit).text
    service.send_back(olive.session, group, message="Hm", by=olive.cast.cora, now=NOW)
    olive.session.commit()
    assert "This link has ended" in browser.get(olive.link("listing-confirm")).text
    assert "Change your listing" in browser.get(olive.link("listing-returned")).text


def test_a_group_that_stopped_is_not_found_and_can_be_brought_back(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.otto)
    assert "Has it stopped?" in browser.get(f"/groups/{choir.id}/stopped").text
    for _ in range(2):
        page = browser.post(f"/groups/{choir.id}/close", follow_redirects=True)
        assert "It is closed" in page.text
    assert browser.get(f"/groups/{choir.id}").status_code == 404
    assert points(session) == []
    assert browser.get(f"/groups/{choir.id}/edit").status_code == 404
    for _ in range(2):
        page = browser.post(f"/groups/{choir.id}/reopen", follow_redirects=True)
        assert "is listed again" in page.text
    assert points(session) == [(53.61, -2.21)]
    done = session.exec(select(AuditEntry.action).where(AuditEntry.subject_id == choir.id))
    assert list(done) == ["close", "reopen"]


def test_closing_is_no_way_round_approval(browser: Browser, olive: Olive) -> None:
    group = olive.lists()
    browser.sign_in(olive.cast.cora)
    browser.post(f"/groups/{group.id}/close")
    assert browser.post(f"/groups/{group.id}/reopen").status_code == 422
    olive.session.refresh(group)
    assert group.standing is Standing.WAITING
    assert browser.get(f"/groups/{group.id}/stopped").status_code == 404


@pytest.mark.parametrize(
    ("schedule", "often"),
    [
        (Schedule(freq=Freq.WEEKLY, byday="TH"), "weekly"),
        (Schedule(freq=Freq.WEEKLY, byday="TH", interval=2, dtstart=NOW.date()), "fortnightly"),
        (Schedule(freq=Freq.WEEKLY, byday="TH", interval=2), "varies"),
        (Schedule(freq=Freq.MONTHLY, byday="1TH,3TH"), "monthly"),
        (Schedule(freq=Freq.MONTHLY, byday="1TH,3FR"), "varies"),
        (Schedule(description="When dry"), "varies"),
        (Schedule(), None),
    ],
)
def test_a_schedule_is_told_in_the_forms_own_choices(
    cast: Cast, schedule: Schedule, often: str | None
) -> None:
    cast.choir.schedules = [schedule]
    assert service.as_fields(service.answers_of(cast.choir))["often"] == often


def test_otto_opens_what_he_or_the_mailed_link_closed_and_not_what_the_team_closed(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.otto)
    for by in (cast.otto, None):
        service.close(session, choir, by=by, now=NOW)
        session.commit()
        assert browser.post(f"/groups/{choir.id}/reopen").status_code == 302
        session.refresh(choir)
        assert choir.standing is Standing.LISTED
    service.close(session, choir, by=cast.cath, now=NOW)
    session.commit()
    assert "Ask your health champion" in browser.get(f"/groups/{choir.id}/stopped").text
    page = browser.post(f"/groups/{choir.id}/reopen")
    assert page.status_code == 422
    assert "Ask your health champion" in page.text
    session.refresh(choir)
    assert choir.standing is Standing.CLOSED
