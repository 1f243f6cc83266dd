"""Who keeps a connection: given to another, lost with an account, let go after the end."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from asset_hub.connections import jobs, queries, service
from asset_hub.connections.models import Connection, Ending, Handover, State
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import RuleBroken
from asset_hub.core.outbox import Message
from asset_hub.core.powers import Role
from asset_hub.people.models import AgreedTo
from asset_hub.people.queries import has_agreed
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.connections.steps import connect


@pytest.fixture
def made(session: Session, cast: Cast) -> Connection:
    return connect(session, cast)


def test_cora_gives_rose_and_all_that_is_open_to_another(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    nia = cast.account("Nia", Role.NAVIGATOR, cast.ashby)
    other = connect(session, cast, made.person, group=cast.service("Walkers"), request_key="other")
    browser.sign_in(cast.cora)
    page = browser.get(f"/connections/{made.id}/give").text
    assert "Nia" in page
    assert "Dev" not in page
    given = {"keeper": str(nia.id), "version": str(made.version)}
    answer = browser.post(f"/connections/{made.id}/give", data=given)
    assert answer.location == f"/connections/{made.id}"
    assert made.owner_id == other.owner_id == made.person.owner_id == nia.id
    assert made.hops == 2
    mails = session.exec(select(Message).where(Message.kind == "connection-given")).all()
    assert {mail.to for mail in mails} == {"nia@example.org"}
    assert len(mails) == 2
    queue = browser.post(
        f"/connections/{other.id}/give?back=today",
        data={"keeper": str(cast.ben.id), "version": str(other.version)},
    )
    assert queue.location == "/today?who=nobody"
    service.reassign(session, other, nia, by=cast.cora, now=NOW)
    session.commit()
    browser.sign_in(cast.ben)
    assert browser.get(f"/connections/{made.id}").status_code == 404
    assert browser.get(f"/people/{made.person_id}").status_code == 404


def test_nobody_from_elsewhere_is_given_rose(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    browser.sign_in(cast.cora)
    given = {"keeper": str(cast.dev.id), "version": str(made.version)}
    assert browser.post(f"/connections/{made.id}/give", data=given).status_code == 422
    with pytest.raises(RuleBroken):
        service.reassign(session, made, cast.dev, by=cast.cora, now=NOW)
    assert made.owner_id == cast.ben.id


def test_a_hand_over_after_the_hello_does_not_count_as_a_hop(
    session: Session, cast: Cast, made: Connection
) -> None:
    service.introduce(session, made, handover=Handover.CALL, on=TODAY, by=cast.ben, now=NOW)
    service.reassign(session, made, cast.cora, by=cast.cora, now=NOW)
    assert made.hops == 1


def test_the_person_stays_with_a_keeper_of_their_own(
    session: Session, cast: Cast, made: Connection
) -> None:
    made.owner_id = cast.cora.id
    session.commit()
    service.reassign(session, made, cast.petra, by=cast.cora, now=NOW)
    assert made.owner_id == cast.petra.id
    assert made.person.owner_id == cast.ben.id


def test_what_has_ended_is_not_given_away(session: Session, cast: Cast, made: Connection) -> None:
    service.close(session, made, ending=Ending.JOINED, words="", by=cast.ben, now=NOW)
    with pytest.raises(RuleBroken):
        service.reassign(session, made, cast.cora, by=cast.cora, now=NOW)


def test_a_keeper_is_chosen_from_the_persons_page(
    browser: Browser, cast: Cast, made: Connection
) -> None:
    browser.sign_in(cast.lee)
    url = f"/people/{made.person_id}/keeper"
    assert "Petra" in browser.get(url).text
    chosen = {"keeper": str(cast.petra.id), "version": str(made.person.version)}
    assert browser.post(url, data=chosen).location == f"/people/{made.person_id}"
    assert made.person.owner_id == made.owner_id == cast.petra.id


def test_what_a_disabled_keeper_leaves_needs_an_owner(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    browser.sign_in(cast.cora)
    assert "Needs an owner" not in browser.get("/connections").text
    cast.ben.disabled_at = NOW
    session.commit()
    for who in (cast.cora, cast.lee):
        browser.sign_in(who)
        page = browser.get("/connections").text
        assert "Needs an owner" in page
        assert f"/connections/{made.id}/give" in page
    browser.sign_in(cast.petra)  # who may not give connections away
    assert "Needs an owner" not in browser.get("/connections").text
    browser.sign_in(cast.dora)
    assert "Needs an owner" not in browser.get("/connections").text


def test_a_keeper_whose_role_ended_keeps_no_more(
    cast: Cast, made: Connection, session: Session
) -> None:
    cast.ben.grants[0].ended_at = NOW
    session.commit()
    assert list(queries.in_need_of_an_owner(session, cast.cora)) == [made]


def test_taking_the_agreement_to_share_back_ends_what_has_not_begun(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    begun = connect(session, cast, made.person, group=cast.service("Walkers"), request_key="two")
    service.introduce(session, begun, handover=Handover.MET, on=TODAY, by=cast.ben, now=NOW)
    session.commit()
    browser.sign_in(cast.ben)
    url = f"/people/{made.person_id}/take-back"
    assert browser.post(url, data={}).status_code == 422
    browser.post(url, data={"agreed_to": "share"})
    assert (made.state, begun.state) == (State.WITHDRAWN, State.INTRODUCED)
    assert has_agreed(session, made.person_id, AgreedTo.RECORD)


def test_taking_everything_back_ends_everything(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    service.introduce(session, made, handover=Handover.MET, on=TODAY, by=cast.ben, now=NOW)
    session.commit()
    browser.sign_in(cast.ben)
    browser.post(f"/people/{made.person_id}/take-back", data={"agreed_to": "record"})
    assert made.state is State.WITHDRAWN
    assert made.person.no_contact


@pytest.mark.parametrize("path", ["keeper", "take-back"])
@pytest.mark.parametrize("who", ["dev", "dora", "pip", "mia"])
def test_strangers_decide_nothing_for_rose(
    path: str, who: str, browser: Browser, cast: Cast, made: Connection
) -> None:
    browser.sign_in(getattr(cast, who))
    answer = browser.get(f"/people/{made.person_id}/{path}")
    assert answer.status_code in {403, 404}
    assert "Rose" not in answer.text


def close(session: Session, cast: Cast, made: Connection, *, days: int) -> None:
    ago = NOW - timedelta(days=days)
    service.close(session, made, ending=Ending.JOINED, words="", by=cast.ben, now=ago)
    session.commit()


@pytest.mark.parametrize(("days", "gone"), [(13, False), (15, True)])
def test_a_navigators_view_ends_two_weeks_after_the_last_close(
    days: int, gone: bool, browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    close(session, cast, made, days=days)
    jobs.let_go()
    assert (made.owner_id is None) is gone
    assert (made.person.owner_id is None) is gone
    browser.sign_in(cast.ben)
    for url in (f"/connections/{made.id}", f"/people/{made.person_id}"):
        assert browser.get(url).status_code == (404 if gone else 200)
    browser.sign_in(cast.cora)
    assert browser.get(f"/connections/{made.id}").status_code == 200
    actions = session.exec(select(AuditEntry.action).where(AuditEntry.subject_id == made.id)).all()
    assert ("let-go" in actions) is gone


def test_nobody_is_let_go_while_something_is_open(
    cast: Cast, made: Connection, session: Session
) -> None:
    connect(session, cast, made.person, group=cast.service("Walkers"), request_key="two")
    close(session, cast, made, days=30)
    jobs.let_go()
    assert made.owner_id == made.person.owner_id == cast.ben.id


def test_petra_keeps_her_patients_in_sight(cast: Cast, session: Session) -> None:
    made = connect(session, cast, cast.person(owner=cast.petra), by=cast.petra)
    close(session, cast, made, days=30)
    jobs.let_go()
    assert made.owner_id == cast.petra.id


def test_letting_go_twice_changes_nothing(cast: Cast, made: Connection, session: Session) -> None:
    close(session, cast, made, days=30)
    jobs.let_go()
    version = made.version
    jobs.let_go()
    assert made.version == version


def test_what_was_let_go_can_be_opened_again_by_whoever_does_it(
    cast: Cast, made: Connection, session: Session
) -> None:
    close(session, cast, made, days=30)
    jobs.let_go()
    service.reopen(session, made, reason="She rang", by=cast.cora, now=NOW)
    assert made.owner_id == cast.cora.id
