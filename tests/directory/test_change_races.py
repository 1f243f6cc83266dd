"""Fifty people work on one listing at the same moment, on both engines: nobody's words are lost."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col, select

from asset_hub.accounts.models import Account
from asset_hub.core import db
from asset_hub.core.errors import RuleBroken
from asset_hub.core.outbox import Message
from asset_hub.directory import service
from asset_hub.directory.models import Asker, ChangeRequest, ChangeState, Revision, Service
from tests.cast import NOW, Cast
from tests.directory.answers import edit
from tests.directory.test_races import at_once, site
from tests.directory.waiting import waiting_changes

__all__ = ["site"]
pytestmark = pytest.mark.faults
WRITERS = 50


def prepared(site: Flask) -> tuple[UUID, UUID, UUID, int]:
    with site.app_context():
        cast = Cast(db.session())
        service.ensure_topics(cast.session)
        cast.choir.how_to_join, cast.choir.fees = "Come", "Free"
        service.publish(cast.session, cast.choir, now=NOW)
        cast.session.commit()
        return cast.choir.id, cast.cora.id, cast.otto.id, cast.choir.version


def test_fifty_save_one_version_one_wins_and_the_rest_wait_beside_it(site: Flask) -> None:
    key, cora, _, opened = prepared(site)

    def saving(number: int) -> Callable[[Session], str]:
        def save(session: Session) -> str:
            group, by = session.get_one(Service, key), session.get_one(Account, cora)
            words = f"Words of {number}"
            values = service.as_fields(service.answers_of(group)) | {
                "often": "varies", "when_words": "When dry", "cost": "free", "access": words,
            }  # fmt: skip
            try:
                with session.begin_nested():
                    if group.version != opened:
                        raise StaleDataError
                    edit(session, group, by=by, now=NOW, **values)
                return "saved"
            except StaleDataError:
                session.expire_all()
            service.propose(
                session, session.get_one(Service, key), {"access": words}, made_on=opened,
                asker=Asker.VISITOR, by=None, comment="", reply="", now=NOW, once=words,
            )  # fmt: skip
            return "waits"

        return save

    done = at_once(site, *map(saving, range(WRITERS)))
    assert sorted(done) == ["saved", *["waits"] * (WRITERS - 1)]
    with site.app_context():
        session = db.session()
        group = session.get_one(Service, key)
        waiting = session.exec(select(ChangeRequest)).all()
        said = {change.after["access"] for change in waiting} | {group.access}
        assert said == {f"Words of {number}" for number in range(WRITERS)}
        assert {change.before["access"] for change in waiting} == {""}, "as their authors saw it"
        cora_again = session.get_one(Account, cora)
        with pytest.raises(RuleBroken, match="Choose one"):
            service.approve_change(
                session, waiting[0], by=cora_again, now=NOW, version=group.version
            )


def test_fifty_owners_clicks_are_one_change_and_one_is_taken_once(site: Flask) -> None:
    key, cora, otto, opened = prepared(site)

    def proposing(session: Session) -> UUID:
        change = service.propose(
            session, session.get_one(Service, key), {"fees": "£2"}, made_on=opened,
            asker=Asker.OWNER, by=session.get_one(Account, otto), comment="", reply="", now=NOW,
            once="one form",
        )  # fmt: skip
        assert change
        return change.id

    [made] = set(at_once(site, *[proposing] * WRITERS))

    def approving(session: Session) -> bool:
        change = session.get_one(ChangeRequest, made)
        by = session.get_one(Account, cora)
        return service.approve_change(session, change, by=by, now=NOW, version=opened)

    def tries(session: Session) -> bool:
        try:
            with session.begin_nested():
                return approving(session)
        except RuleBroken:
            return False

    assert sum(at_once(site, *[tries] * 8)) == 1
    with site.app_context():
        session = db.session()
        assert len(session.exec(select(Revision)).all()) == 1
        kinds = select(Message).where(Message.kind == "change-decided")
        assert len(session.exec(kinds).all()) == 1


def test_one_authors_many_forms_leave_one_that_waits_with_all_their_words(site: Flask) -> None:
    key, cora, otto, opened = prepared(site)
    names = ["access", "fees", "languages", "eligibility", "first_visit", "ask_for"]

    def proposing(name: str) -> Callable[[Session], None]:
        def propose(session: Session) -> None:
            service.propose(
                session, session.get_one(Service, key), {name: "Otto’s"}, made_on=opened,
                asker=Asker.OWNER, by=session.get_one(Account, otto), comment="", reply="",
                now=NOW, once=name,
            )  # fmt: skip

        return propose

    at_once(site, *map(proposing, names))
    with site.app_context():
        session = db.session()
        [left] = waiting_changes(session, session.get_one(Account, cora))
        assert left.after == dict.fromkeys(names, "Otto’s")
        others = select(ChangeRequest).where(col(ChangeRequest.id) != left.id)
        assert {one.state for one in session.exec(others)} == {ChangeState.SUPERSEDED}


def sent(site: Flask) -> tuple[UUID, UUID, UUID, UUID, Callable[[Session], bool]]:
    """Return the listing, Cora, Otto, what he has sent about it, and how she takes it."""
    key, cora, otto, opened = prepared(site)
    with site.app_context(), db.transaction() as session:
        change = service.propose(
            session, session.get_one(Service, key), {"fees": "£2"}, made_on=opened,
            asker=Asker.OWNER, by=session.get_one(Account, otto), comment="", reply="", now=NOW,
            once="x",
        )  # fmt: skip
        assert change
        made = change.id

    def taking(session: Session) -> bool:
        found, by = session.get_one(ChangeRequest, made), session.get_one(Account, cora)
        try:
            with session.begin_nested():
                return service.approve_change(session, found, by=by, now=NOW, version=opened)
        except RuleBroken:
            return False

    return key, cora, otto, made, taking


def test_of_two_who_decide_differently_at_once_one_is_heard(site: Flask) -> None:
    """Cora takes it while she also sends it back from another window: on both databases."""
    key, cora, _, made, taking = sent(site)

    def returning(session: Session) -> bool:
        found, by = session.get_one(ChangeRequest, made), session.get_one(Account, cora)
        return service.return_change(session, found, message="Ask Sam", by=by, now=NOW)

    assert sum(at_once(site, *[taking, returning] * 3)) == 1
    with site.app_context():
        session = db.session()
        decided = session.get_one(ChangeRequest, made)
        taken = decided.state is ChangeState.APPROVED
        assert taken or decided.state is ChangeState.RETURNED
        assert (session.get_one(Service, key).fees == "£2") is taken
        assert (decided.message == "Ask Sam") is not taken
        kinds = select(Message).where(Message.kind == "change-decided")
        assert len(session.exec(kinds).all()) == 1, "one letter, that says what became of it"


def test_taking_and_taking_back_at_once_end_one_way(site: Flask) -> None:
    key, _, otto, made, taking = sent(site)

    def withdrawing(session: Session) -> bool:
        found = session.get_one(ChangeRequest, made)
        return service.withdraw_change(session, found, by=otto, now=NOW)

    assert sum(at_once(site, *[taking, withdrawing] * 3)) == 1
    with site.app_context():
        session = db.session()
        taken = session.get_one(ChangeRequest, made).state is ChangeState.APPROVED
        assert (session.get_one(Service, key).fees == "£2") is taken
