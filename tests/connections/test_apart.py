"""Who must not know of a person, what stands before every call, and what ends with a death."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from asset_hub.connections import queries, service
from asset_hub.connections.models import Connection, Ending, Handover, State
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import RuleBroken
from asset_hub.people import service as persons
from asset_hub.people.models import AccessNeed, ContactBy, Need, PersonBlock
from asset_hub.people.queries import can_keep, people
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.connections.steps import connect


@pytest.fixture
def made(session: Session, cast: Cast) -> Connection:
    return connect(session, cast)


def test_cora_who_lives_next_door_sees_nothing_of_rose(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    browser.sign_in(cast.cora)
    assert "Rose" in browser.get("/people").text
    browser.sign_in(cast.ben)
    page = f"/people/{made.person_id}"
    assert browser.post(f"{page}/keep-out", data={"who": str(cast.cora.id)}).location == page
    assert "Cora" in browser.get(page).text  # Ben reads who is kept out
    browser.sign_in(cast.cora)
    for address in (page, f"/connections/{made.id}", f"{page}/change", f"{page}/keeper"):
        assert browser.get(address).status_code == 404
    for address in ("/people", "/connections", "/today?who=all", "/today?who=nobody"):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "Rose" not in answer.text
    found = browser.post("/people/find", data={"name": "Rose"}).text
    assert f"{page}?" not in found
    assert f'"{page}"' not in found
    assert not can_keep(cast.cora, made)
    assert not persons.look_alikes(
        session, name="Rose", phone="01632 960777", by=cast.cora, now=NOW
    )


def test_who_is_kept_out_is_not_offered_and_not_given_rose(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    persons.keep_out(session, made.person, cast.petra, by=cast.ben, now=NOW)
    session.commit()
    assert cast.petra not in queries.keepers_for(session, made.person)
    with pytest.raises(RuleBroken):
        service.keep_person(session, made.person, cast.petra, by=cast.cora, now=NOW)


def test_letting_somebody_in_again_is_one_press(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    persons.keep_out(session, made.person, cast.cora, by=cast.ben, now=NOW)
    session.commit()
    block = session.exec(select(PersonBlock)).one()
    browser.sign_in(cast.ben)
    browser.post(f"/people/{made.person_id}/keep-out/{block.id}")
    browser.sign_in(cast.cora)
    assert browser.get(f"/people/{made.person_id}").status_code == 200
    assert browser.post(f"/people/{made.person_id}/keep-out/{block.id}").status_code == 404


def test_ben_hands_rose_over_before_he_is_kept_out(
    cast: Cast, made: Connection, session: Session
) -> None:
    with pytest.raises(RuleBroken, match="Give it away first"):
        service.keep_out(session, made.person, cast.ben, by=cast.cora, now=NOW)
    service.close(session, made, ending=Ending.CHANGED_MIND, words="", by=cast.ben, now=NOW)
    with pytest.raises(RuleBroken, match="Choose somebody else"):
        service.keep_out(session, made.person, cast.ben, by=cast.cora, now=NOW)
    service.keep_person(session, made.person, cast.cora, by=cast.cora, now=NOW)
    service.keep_out(session, made.person, cast.ben, by=cast.cora, now=NOW)
    assert made.person.keeps_out(cast.ben.id)
    assert people(session, cast.ben).total == 0


def test_somebody_is_always_left_who_can_look_after_rose(
    cast: Cast, made: Connection, session: Session
) -> None:
    for who in (cast.cora, cast.petra, cast.lee):
        persons.keep_out(session, made.person, who, by=cast.ben, now=NOW)
    made.person.owner_id = None
    with pytest.raises(RuleBroken, match="Nobody else"):
        persons.keep_out(session, made.person, cast.ben, by=cast.ben, now=NOW)


def test_nobody_from_elsewhere_can_be_probed_for(
    browser: Browser, cast: Cast, made: Connection
) -> None:
    browser.sign_in(cast.ben)
    answer = browser.post(f"/people/{made.person_id}/keep-out", data={"who": str(cast.dora.id)})
    assert answer.status_code == 422
    assert "Dora" not in answer.text


def test_what_rose_needs_stands_before_every_call(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    browser.sign_in(cast.ben)
    url = f"/people/{made.person_id}/talk"
    given = {
        "version": str(made.person.version), "access_needs": ["large_print", "step_free"],
        "needs_words": "Speak slowly", "language": "Polish", "interpreter": "y",
        "code_word": "Bluebell", "never_post": "y",
    }  # fmt: skip
    assert browser.post(url, data=given).status_code == 302
    rose = made.person
    assert rose.access_needs == [AccessNeed.LARGE_PRINT, AccessNeed.STEP_FREE]
    assert rose.needs_asked_on is not None
    record = f"/connections/{made.id}/follow-up"
    service.introduce(session, made, handover=Handover.MET, on=TODAY, by=cast.ben, now=NOW)
    session.commit()
    for page in (f"/people/{rose.id}", f"/connections/{made.id}", record):
        shown = browser.get(page)
        for words in ("Speaks Polish, with an interpreter", "Large print", "Bluebell"):
            assert words in shown.text, page
    assert "Speaks Polish" not in str(queries.told(made))  # the group is not told yet


def test_a_group_is_told_what_rose_needs_only_when_she_agrees(
    cast: Cast, made: Connection, session: Session
) -> None:
    rose = made.person
    answers = {
        "access_needs": [AccessNeed.STEP_FREE], "needs_words": "", "language": "",
        "interpreter": False, "code_word": "", "never_post": False, "needs_shared": False,
    }  # fmt: skip
    persons.learn_to_talk(session, rose, by=cast.ben, today=TODAY, now=NOW, **answers)
    assert queries.told(made).needs == ()
    answers["needs_shared"] = True
    persons.learn_to_talk(session, rose, by=cast.ben, today=TODAY, now=NOW, **answers)
    assert queries.told(made).needs == ("A way in without steps",)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "ask-needs")).all()[-1]
    assert entry.detail == {"fields": ["needs_shared"]}


def test_needs_are_asked_again_after_a_year(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    browser.sign_in(cast.ben)
    assert "Not asked yet" in browser.get(f"/people/{made.person_id}").text
    made.person.needs_asked_on = TODAY - timedelta(days=364)
    session.commit()
    assert "Ask again" not in browser.get(f"/people/{made.person_id}").text
    made.person.needs_asked_on = TODAY - timedelta(days=365)
    session.commit()
    assert "Ask again" in browser.get(f"/people/{made.person_id}").text


def test_never_by_post_does_not_go_with_letters(
    cast: Cast, made: Connection, session: Session
) -> None:
    made.person.contact_by = ContactBy.POST
    with pytest.raises(RuleBroken, match="by letter"):
        persons.learn_to_talk(
            session, made.person, by=cast.ben, today=TODAY, now=NOW, never_post=True
        )


def test_what_rose_would_like_is_kept_in_her_words_and_sealed(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    browser.sign_in(cast.ben)
    page = f"/people/{made.person_id}"
    assert browser.post(f"{page}/needs", data={"words": "", "topic": ""}).status_code == 422
    browser.post(f"{page}/needs", data={"words": "Somebody to sing with", "topic": ""})
    need = session.exec(select(Need)).one()
    assert need.words == "Somebody to sing with"
    kept = session.connection().execute(text("SELECT * FROM need")).one()
    assert b"sing with" not in b" ".join(v for v in kept if isinstance(v, bytes))
    browser.post(f"{page}/needs/{need.id}", data={"do": "met"})
    assert session.exec(select(Need)).one().met_at
    assert "Not met after all" in browser.get(page).text
    browser.post(f"{page}/needs/{need.id}", data={"do": "drop"})
    assert not session.exec(select(Need)).all()


def test_a_need_of_somebody_else_cannot_be_settled(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    amir = cast.person("Amir")
    need = persons.add_need(session, amir, words="A walk", topic="", by=cast.ben, now=NOW)
    session.commit()
    browser.sign_in(cast.ben)
    answer = browser.post(f"/people/{made.person_id}/needs/{need.id}", data={"do": "drop"})
    assert answer.status_code == 404
    assert session.exec(select(Need)).one()


def test_two_people_writing_what_matters_never_overwrite_each_other(
    browser: Browser, cast: Cast, made: Connection
) -> None:
    url = f"/people/{made.person_id}/matters"
    given = {"version": str(made.person.version), "matters": "Singing", "strengths": "Baking"}
    browser.sign_in(cast.ben)
    assert browser.post(url, data=given).status_code == 302
    answer = browser.post(url, data={**given, "matters": "Dancing"})
    assert answer.status_code == 422
    assert "Dancing" in answer.text
    assert "Baking" in answer.text
    assert (made.person.matters, made.person.strengths) == ("Singing", "Baking")


def test_after_a_death_nothing_is_open_and_nothing_is_sent(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    browser.sign_in(cast.ben)
    page = f"/people/{made.person_id}"
    day = {"on-day": str(TODAY.day), "on-month": str(TODAY.month), "on-year": str(TODAY.year)}
    assert browser.post(f"{page}/died", data={}).status_code == 422
    assert browser.post(f"{page}/died", data=day).location == page
    rose = made.person
    assert (made.state, made.ending) == (State.CLOSED, Ending.DIED)
    assert (rose.died_on, rose.no_contact) == (TODAY, True)
    assert not queries.may_be_told(session, made)
    shown = browser.get(page).text
    assert "Nothing is sent any more" in shown
    assert "Connect them" not in shown
    browser.post(f"{page}/alive")
    assert rose.died_on is None
    assert rose.no_contact  # asked anew


def test_nobody_dies_tomorrow(cast: Cast, made: Connection, session: Session) -> None:
    with pytest.raises(RuleBroken, match="after today"):
        service.note_death(
            session, made.person, on=TODAY + timedelta(days=1), by=cast.ben, today=TODAY, now=NOW
        )


def test_the_database_leaves_the_dead_in_peace(
    cast: Cast, made: Connection, session: Session
) -> None:
    made.person.died_on = TODAY
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
