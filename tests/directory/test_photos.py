"""Otto sends a photograph of the choir; everybody sees it once it is approved."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, select

from asset_hub.core.errors import TooOften
from asset_hub.directory import queries, service
from asset_hub.directory.jobs import forget_photos
from asset_hub.directory.models import ChangeRequest, ChangeState, Photo, Service, Standing
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.pictures import claims, from_a_phone, picture

LISTING = SQLModel.metadata.tables["listing"]
WORDS = {"alt": "Twelve people singing", "credit": "Sam", "agreed": "y"}


@pytest.fixture
def choir(cast: Cast, session: Session) -> Service:
    service.publish(session, cast.choir, now=NOW)
    session.commit()
    return cast.choir


def send(browser: Browser, group: Service, data: bytes | None, **more: str) -> Any:
    fields: dict[str, Any] = WORDS | {"version": str(group.version)} | more
    if data is not None:
        fields["photo"] = (BytesIO(data), "choir.jpg")
    answer = browser.post(
        f"/groups/{group.id}/edit/photo", data=fields, content_type="multipart/form-data"
    )
    answer.request.environ["wsgi.input"].close()  # the client leaves its own copy open
    return answer


def photo(session: Session) -> Photo:
    [found] = session.exec(select(Photo))
    return found


def address(found: Photo, *, small: bool = False) -> str:
    folder = "photo/640" if small else "photo"
    return f"/groups/{found.service_id}/{folder}/{found.digest}.jpg"


def test_a_champions_photograph_is_seen_at_once(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    form = browser.get(f"/groups/{choir.id}/edit/photo").text
    assert 'enctype="multipart/form-data"' in form
    answer = send(browser, choir, from_a_phone())
    assert answer.location == f"/groups/{choir.id}/edit", answer.text
    made = photo(session)
    page = browser.get(f"/groups/{choir.id}").text
    shown = f'<img src="{address(made)}" width="600" height="800" alt="Twelve people singing">'
    assert shown in page
    assert "Photograph: Sam" in page
    assert address(made) in browser.get(f"/groups/{choir.id}/poster").text
    small = {"url": address(made, small=True), "width": 480, "height": 640, "alt": made.alt}
    assert session.connection().execute(select(LISTING.c.card)).scalar_one()["photo"] == small
    assert address(made, small=True) in browser.get("/find?q=choir").text


def test_it_is_handed_out_as_a_picture_and_nothing_else(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    send(browser, choir, from_a_phone())
    browser.delete_cookie("session")
    for small in (False, True):
        answer = browser.get(address(photo(session), small=small))
        assert answer.status_code == 200
        assert answer.mimetype == "image/jpeg"
        assert b"CANARY" not in answer.data
        headers = answer.headers
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        again = browser.get(
            address(photo(session), small=small), headers={"If-None-Match": headers["ETag"]}
        )
        assert (again.status_code, again.data) == (304, b"")


def test_an_owners_photograph_waits_and_nobody_else_sees_it(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.otto)
    answer = send(browser, choir, picture())
    assert answer.location == f"/groups/{choir.id}/edit"
    made = photo(session)
    [asked] = session.exec(select(ChangeRequest))
    assert (asked.photo_id, asked.after) == (made.id, {"photo_id": str(made.id)})
    assert asked.state is ChangeState.WAITING
    session.refresh(choir)
    assert choir.photo_id is None
    waiting = f"/groups/{choir.id}/edit/photo/{made.id}.jpg"
    assert waiting in browser.get(f"/groups/{choir.id}/edit/photo").text
    for name, status in {"otto": 200, "cath": 200, "dora": 404, "mia": 403}.items():
        browser.sign_in(getattr(cast, name))
        seen = browser.get(waiting)
        assert seen.status_code == status, name
        assert seen.headers["Cache-Control"] == "private, no-store"
        assert browser.get(address(made)).status_code == 404, "not approved"
    page = browser.get(f"/groups/{choir.id}").text
    assert made.digest not in page


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.LISTED])
def test_a_group_that_is_not_listed_shows_no_photograph(
    browser: Browser, session: Session, cast: Cast, choir: Service, standing: Standing
) -> None:
    browser.sign_in(cast.cath)
    send(browser, choir, picture())
    choir.standing = standing
    session.commit()
    assert browser.get(address(photo(session))).status_code == 404
    assert browser.get(address(photo(session), small=True)).status_code == 404


def test_another_groups_address_shows_nothing(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    send(browser, choir, picture())
    made = photo(session)
    other = cast.service("Ashby walkers")
    session.commit()
    assert browser.get(f"/groups/{other.id}/photo/{made.digest}.jpg").status_code == 404
    assert browser.get(f"/groups/{other.id}/edit/photo/{made.id}.jpg").status_code == 404
    assert browser.get(f"/groups/{choir.id}/photo/{'0' * 64}.jpg").status_code == 404


def test_another_photograph_takes_its_place_and_it_can_be_taken_away(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    send(browser, choir, picture())
    first = address(photo(session))
    send(browser, choir, picture(size=(400, 400)))
    assert browser.get(first).status_code == 404
    browser.post(f"/groups/{choir.id}/edit/photo/remove", data={"version": choir.version})
    session.refresh(choir)
    assert choir.photo_id is None
    assert "<figure" not in browser.get(f"/groups/{choir.id}").text


def test_the_words_alone_can_be_changed(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    send(browser, choir, picture())
    assert send(browser, choir, None, alt="Twelve people and a dog").status_code == 302
    page = browser.get(f"/groups/{choir.id}").text
    assert 'alt="Twelve people and a dog"' in page


@pytest.mark.parametrize(
    ("data", "more", "words"),
    [
        (None, {}, "Select a photograph"),
        (b"A letter", {}, "Select a photograph as a JPEG, PNG or WebP file"),
        (claims(60_000, 60_000), {}, "This picture is too large"),
        (picture(), {"alt": ""}, "Enter what it shows"),
        (picture(), {"agreed": ""}, "Confirm that everyone in it has agreed to be shown"),
        (picture() + b"\0" * 8_000_100, {}, "must be smaller than 8 MB"),
    ],
)
def test_what_is_wrong_is_said_and_the_words_are_kept(
    browser: Browser,
    session: Session,
    cast: Cast,
    choir: Service,
    data: bytes | None,
    more: dict[str, str],
    words: str,
) -> None:
    browser.sign_in(cast.otto)
    page = send(browser, choir, data, **more)
    assert page.status_code == 422
    assert words in page.text
    assert 'value="Sam"' in page.text
    assert session.exec(select(Photo)).all() == []


def test_words_of_a_picture_do_not_give_a_home_away(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    parts = service.parts_of(choir) | {"places": [HOME]}
    service.save_parts(session, choir, parts, by=cast.cath, now=NOW, version=choir.version)
    session.commit()
    browser.sign_in(cast.cath)
    page = send(browser, choir, picture(), alt="Us at 12 Secret Lane")
    assert "gives it away" in page.text
    assert page.status_code == 422


HOME = {
    "name": "Rose’s house", "address_1": "12 Secret Lane", "city": "Ashby",
    "postal_code": "AS1 2ZZ", "latitude": 53.6, "longitude": -2.2,
    "approximate": False, "visibility": "hidden",
}  # fmt: skip


def test_one_group_may_send_twenty_a_day(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    for _ in range(20):
        service.count_photo(session, choir, by=cast.cath, now=NOW)
    session.commit()
    browser.sign_in(cast.otto)
    assert send(browser, choir, picture()).status_code == 429


def test_what_is_no_picture_counts_too_and_is_not_decoded_after_twenty(
    browser: Browser, session: Session, cast: Cast, choir: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    browser.sign_in(cast.otto)
    answers = [send(browser, choir, b"no picture").status_code for _ in range(20)]
    assert answers == [422] * 20

    def drawn(data: bytes) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(service, "drawn_anew", drawn)
    assert send(browser, choir, picture()).status_code == 429


def test_a_picture_that_is_shown_nowhere_is_forgotten_after_60_days(
    browser: Browser, session: Session, cast: Cast, choir: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(cast.cath)
    send(browser, choir, picture())
    send(browser, choir, picture(size=(400, 400)))
    browser.sign_in(cast.otto)
    send(browser, choir, picture(size=(500, 400)))
    replaced = session.exec(select(Photo).order_by(col(Photo.id))).first()
    assert replaced is not None
    days = timedelta(days=59)
    assert queries.unwanted_photos(session, now=NOW + days) == [], "it can be put back"
    later = NOW + timedelta(days=61)
    assert queries.unwanted_photos(session, now=later) == [replaced.id]
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: later)
    forget_photos()
    assert len(session.exec(select(Photo)).all()) == 2, "the one shown, and the one that waits"
    session.refresh(choir)
    assert browser.get(f"/groups/{choir.id}").status_code == 200


def test_whoever_looks_at_a_change_sees_its_picture(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.otto)
    send(browser, choir, picture())
    [change] = session.exec(select(ChangeRequest))
    browser.sign_in(cast.cath)
    page = browser.get(f"/changes/{change.id}").text
    found = photo(session)
    assert f'src="/groups/{choir.id}/edit/photo/{found.id}.jpg"' in page
    assert 'alt="Twelve people singing"' in page
    assert "Everyone in it has agreed to be shown" in page


def test_everything_that_is_wrong_is_said_at_once(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    answer = send(browser, choir, b"A letter", alt="", agreed="", credit="Sam")
    assert answer.status_code == 422
    for words in (
        "Select a photograph as a JPEG", "Enter what it shows", "Confirm that everyone in it",
    ):  # fmt: skip
        assert words in answer.text
    assert 'value="Sam"' in answer.text
    answer = send(browser, choir, None, alt="")
    assert "Select a photograph" in answer.text
    assert "Enter what it shows" in answer.text


def test_a_good_photograph_with_bad_words_is_to_be_selected_again(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    answer = send(browser, choir, from_a_phone(), alt="")
    assert "Select the photograph again: a browser does not keep it" in answer.text
    assert session.exec(select(Photo)).all() == []


def test_one_person_sends_sixty_a_day_for_whichever_groups(session: Session, cast: Cast) -> None:
    for number in range(60):
        group = choir_like(cast, number)
        service.count_photo(session, group, by=cast.cath, now=NOW)
    with pytest.raises(TooOften):
        service.count_photo(session, choir_like(cast, 61), by=cast.cath, now=NOW)
    service.count_photo(session, choir_like(cast, 62), by=cast.cora, now=NOW)


def choir_like(cast: Cast, number: int) -> Service:
    return Service(name=f"Choir {number}", organization_id=cast.friends.id)
