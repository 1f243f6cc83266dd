"""What Otto, who owns the choir, changes waits for a champion; the page stays as it is."""

from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from asset_hub.core.errors import RuleBroken
from asset_hub.directory import service
from asset_hub.directory.models import (
    Asker,
    ChangeRequest,
    ChangeState,
    Revision,
    Service,
    Standing,
    TermKind,
)
from asset_hub.directory.rules.languages import apart
from asset_hub.directory.service import Saved
from asset_hub.directory.topics import TOPICS
from tests.cast import NOW, Cast
from tests.conftest import Browser

LISTING = SQLModel.metadata.tables["listing"]
CANARY = "Mrs Doorkey at number 9 has the key"


@pytest.fixture
def choir(cast: Cast, session: Session) -> Service:
    cast.choir.how_to_join, cast.choir.fees = "Come", "Free"
    service.publish(session, cast.choir, now=NOW)
    session.commit()
    return cast.choir


def what(group: Service, **changed: str) -> dict[str, Any]:
    fields = service.as_fields(service.answers_of(group))
    names = ("name", "organization_name", "kind", "summary", "description")
    return {name: fields[name] for name in names} | {"version": group.version} | changed


def test_what_otto_changes_waits_and_the_page_stays(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.otto)
    before = browser.get(f"/groups/{choir.id}").text
    edit = f"/groups/{choir.id}/edit"
    new = what(choir, summary="Louder", organization_name="Otto’s own")
    answer = browser.post(f"{edit}/what", data=new, follow_redirects=True)
    assert "A champion looks at what you changed" in answer.text
    assert "Waits for a champion:</strong> What it is" in answer.text
    [asked] = session.exec(select(ChangeRequest))
    assert asked.after == {"summary": "Louder", "organization_name": "Otto’s own"}
    assert asked.before == {
        "summary": "Ashby choir: come as you are", "organization_name": "Friends of Ashby",
    }  # fmt: skip
    assert (asked.asker, asked.by_id, asked.state) == (
        Asker.OWNER, cast.otto.id, ChangeState.WAITING,
    )  # fmt: skip
    assert asked.made_on == choir.version
    session.refresh(choir)
    assert choir.summary == "Ashby choir: come as you are"
    assert "Louder" not in browser.get(f"/groups/{choir.id}").text
    assert before.count("come as you are") == browser.get(f"/groups/{choir.id}").text.count(
        "come as you are"
    )
    assert session.exec(select(Revision)).all() == []


def test_nothing_new_waits_for_nobody(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.otto)
    answer = browser.post(f"/groups/{choir.id}/edit/what", data=what(choir), follow_redirects=True)
    assert "Waits for a champion" not in answer.text
    assert session.exec(select(ChangeRequest)).all() == []


def test_what_is_true_for_a_while_goes_ahead_of_what_waits(
    session: Session, cast: Cast, choir: Service
) -> None:
    new = {"welcomes": 4, "summary": "Louder"}
    done = service.save_parts(session, choir, new, by=cast.otto, now=NOW, version=choir.version)
    assert done is Saved.WAITS
    assert (choir.welcomes, choir.summary) == (4, "Ashby choir: come as you are")
    [asked] = session.exec(select(ChangeRequest))
    assert asked.after == {"summary": "Louder"}
    new = {"welcomes": 5}
    done = service.save_parts(session, choir, new, by=cast.otto, now=NOW, version=choir.version)
    assert done is Saved.DONE


def test_before_anybody_has_approved_it_a_change_is_simply_made(
    session: Session, cast: Cast
) -> None:
    waiting = cast.service("Ashby sewing", standing=Standing.WAITING)
    new = {"summary": "Needles"}
    done = service.save_parts(session, waiting, new, by=cast.otto, now=NOW, version=1)
    assert (done, waiting.summary) == (Saved.DONE, "Needles")
    assert session.exec(select(ChangeRequest)).all() == []


@pytest.mark.parametrize("standing", [Standing.CLOSED, Standing.RETURNED, Standing.HIDDEN])
def test_what_is_neither_listed_nor_waiting_is_not_changed(
    session: Session, cast: Cast, choir: Service, standing: Standing
) -> None:
    choir.standing = standing
    for by in (cast.otto, cast.cath):
        with pytest.raises(RuleBroken, match="cannot be changed now"):
            service.save_parts(session, choir, {"summary": "x"}, by=by, now=NOW, version=1)


def test_who_owns_and_approves_changes_it_at_once(
    session: Session, cast: Cast, choir: Service
) -> None:
    cast.cath.grants[0].account_id = cast.otto.id
    session.flush()
    session.expire_all()
    new = {"summary": "Louder"}
    done = service.save_parts(session, choir, new, by=cast.otto, now=NOW, version=choir.version)
    assert (done, choir.summary) == (Saved.DONE, "Louder")


@pytest.mark.parametrize(
    ("name", "sees"),
    [("", False), ("mia", False), ("dev", False), ("dora", False), ("ada", False), ("ben", True),
     ("petra", True), ("otto", True), ("cath", True)],
)  # fmt: skip
def test_the_private_notes_are_for_those_who_connect_people(
    browser: Browser, session: Session, cast: Cast, choir: Service, name: str, sees: bool
) -> None:
    new = {"venue_notes": CANARY}
    service.save_parts(session, choir, new, by=cast.cath, now=NOW, version=choir.version)
    session.commit()
    if name:
        browser.sign_in(getattr(cast, name))
    assert (CANARY in browser.get(f"/groups/{choir.id}").text) is sees
    for page in (f"/groups/{choir.id}/poster", "/find?q=choir", "/find.json?q=Doorkey", "/"):
        assert "Doorkey" not in browser.get(page).text.replace("q=Doorkey", ""), page
    rows = session.connection().execute(LISTING.select()).all()
    assert "Doorkey" not in str(rows)


def test_whom_to_ask_for_is_said_to_everybody(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    new = {"ask_for": "Sam, in the blue hat", "languages": "English, Urdu, Tamil"}
    service.save_parts(session, choir, new, by=cast.cath, now=NOW, version=choir.version)
    session.commit()
    page = browser.get(f"/groups/{choir.id}").text
    assert "Sam, in the blue hat" in page
    assert "English, Urdu, Tamil" in page
    assert "Ask for Sam, in the blue hat" in browser.get(f"/groups/{choir.id}/poster").text
    assert "Ashby choir" in browser.get("/find?q=Tamil").text


def test_languages_are_ticked_and_written(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.cath)
    who = f"/groups/{choir.id}/edit/who"
    given = {"cost": "free", "spoken": ["Urdu", "English"], "languages": "Tamil"}
    browser.post(who, data=given | {"version": choir.version})
    session.refresh(choir)
    assert choir.languages == "English, Urdu, Tamil"
    page = browser.get(who).text
    assert 'value="English" checked' in page
    assert 'value="Tamil"' in page
    long = given | {"languages": "word " * 39, "version": choir.version}
    assert "Select or enter fewer languages" in browser.post(who, data=long).text


@pytest.mark.parametrize(
    ("kept", "spoken", "others"),
    [
        ("", [], ""),
        ("English, Urdu", ["English", "Urdu"], ""),
        ("urdu and BSL; Tamil", ["British Sign Language", "Urdu"], "Tamil"),
        ("English, Urdu on Fridays", ["English"], "Urdu on Fridays"),
        ("We try to speak every language", [], "We try to speak every language"),
    ],
)
def test_languages_are_taken_apart(kept: str, spoken: list[str], others: str) -> None:
    assert apart(kept) == (spoken, others)


def test_facts_about_the_place_do_not_count_among_the_twelve_topics(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    service.ensure_topics(session)
    session.commit()
    browser.sign_in(cast.cath)
    needs = [topic.slug for topic in TOPICS if topic.kind is TermKind.NEED][:12]
    facts = [topic.slug for topic in TOPICS if topic.kind is TermKind.ACCESS]
    given = {"cost": "free", "help_with": needs, "ways_in": facts, "version": choir.version}
    assert browser.post(f"/groups/{choir.id}/edit/who", data=given).status_code == 302
    page = browser.get(f"/groups/{choir.id}").text
    for words in ("No steps", "Accessible toilet", "Near a bus stop", "Somebody meets you"):
        assert f'hub-tag--blue">{words}' in page
