"""What an import changes stands in a listing's history, and what it never says stays."""

import pytest
from sqlmodel import Session, col, select

from asset_hub.directory import service as directory
from asset_hub.directory.models import Listing, Location, Photo, Revision, Service
from asset_hub.directory.service.history import parts_at
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.interop.feeds import Desk, counts, service
from tests.interop.office import Office


@pytest.fixture
def office(session: Session, cast: Cast, browser: Browser) -> Office:
    return Office(session, browser, cast.cora)


def choir(session: Session) -> Service:
    session.expire_all()
    return session.exec(select(Service).where(Service.name == "Choir 1")).one()


def test_each_change_by_an_import_has_the_version_it_made(office: Office, session: Session) -> None:
    """Whoever has the page open since before it is shown what it changed under their hands."""
    office.imports([service(1)])
    opened = choir(session).version
    run = office.imports([service(1, fees="£2")])
    found = session.exec(select(Revision)).one()
    assert found.version == choir(session).version == opened + 1
    assert parts_at(session, choir(session), opened)["fees"] == ""
    assert parts_at(session, choir(session), opened + 1)["fees"] == "£2"
    office.press(run, "undo")
    _, found = session.exec(select(Revision).order_by(col(Revision.number))).all()
    assert found.version == choir(session).version == opened + 2
    assert parts_at(session, choir(session), opened + 1)["fees"] == "£2"


def test_the_history_says_what_an_import_brought_and_changed(
    office: Office, session: Session, browser: Browser
) -> None:
    office.imports([service(1)])
    run = office.imports([service(1, fees="£2")])
    url = f"/groups/{choir(session).id}/history"
    page = browser.get(url).text
    assert page.index("An import changed it") < page.index("An import listed it")
    assert page.count("Imported from council") == 2
    assert "The people who run it" not in page, "they know nothing of it yet"
    office.press(run, "undo")
    assert "Cora undid a change" in browser.get(url).text


def test_a_listing_that_an_import_moves_is_moved_in_its_history(desk: Desk, cast: Cast) -> None:
    desk.imports([service(1)])
    desk.imports([service(1)], community="ashby")
    found = desk.session.exec(select(Revision)).one()
    assert found.after == {"community_id": str(cast.ashby.id)}


def test_an_import_leaves_room_photograph_and_what_to_ask_for(desk: Desk, cast: Cast) -> None:
    """No feed says them: they are written here, and stand on the card after the next import."""
    here = {"location": {"name": "Hall", "latitude": 53.5, "longitude": -2.2}}
    desk.imports([service(1, service_at_locations=[here])])
    found = desk.one("Choir 1")
    photo = Photo(
        service_id=found.id, digest="d" * 64, jpeg=b"jpeg", small=b"jpeg", width=9, height=9,
        alt="Us, singing", created_at=NOW, by_id=cast.ben.id,
    )  # fmt: skip
    desk.session.add(photo)
    desk.session.flush()
    desk.edit(found, ask_for="Olive at the door", welcomes=4, photo_id=photo.id)
    directory.publish(desk.session, found, now=NOW)
    desk.session.commit()
    before = desk.session.get_one(Listing, found.id).card
    assert before["room"]
    assert before["photo"]["alt"] == "Us, singing"
    news = service(1, service_at_locations=[here], fees="£2")
    assert counts(desk.imports([news])) == {"updated": 1}
    listing = desk.session.get_one(Listing, found.id)
    assert (listing.card["room"], listing.card["photo"]) == (before["room"], before["photo"])
    assert "Olive at the door" in listing.body
    after = desk.one("Choir 1")
    assert (after.ask_for, after.welcomes, after.photo_id) == ("Olive at the door", 4, photo.id)
    assert desk.session.exec(select(Location.name)).all() == ["Hall"]
