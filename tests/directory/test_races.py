"""Two people press the same button at the same moment, on both engines."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import Session, SQLModel, col, select

from asset_hub import create_app
from asset_hub.accounts.models import Account
from asset_hub.core import db, ids
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import RuleBroken
from asset_hub.core.outbox import Message
from asset_hub.directory import queries, service
from asset_hub.directory.models import (
    Away,
    Closure,
    Listing,
    ListingDraft,
    ListingLink,
    Revision,
    Service,
    Standing,
)
from tests.cast import NOW, Cast
from tests.conftest import test_settings
from tests.directory.answers import STEPS
from tests.postgres import database

pytestmark = pytest.mark.faults
LISTINGS = 6


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    if request.param == "sqlite":
        yield from built(f"sqlite:///{tmp_path / 'race.db'}", tmp_path)
        return
    with database(request.getfixturevalue("postgres_server")) as url:
        yield from built(url, tmp_path)


def built(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(test_settings(url, folder), TESTING=True)
    engine = app.extensions["engine"]
    SQLModel.metadata.create_all(engine)
    yield app
    engine.dispose()


def at_once(site: Flask, *works: Callable[[Session], Any]) -> list[Any]:
    """Do each work in a thread and a transaction of its own, all starting together."""
    start = Barrier(len(works))

    def do(work: Callable[[Session], Any]) -> Any:
        with site.app_context():
            start.wait()
            with db.transaction() as session:
                return work(session)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))


def test_each_listing_is_approved_once_and_has_a_number_of_its_own(site: Flask) -> None:
    with site.app_context():
        cast = Cast(db.session())
        waiting = [
            cast.service(f"Group {n}", standing=Standing.WAITING).id for n in range(LISTINGS)
        ]
        people = [cast.cath.id, cast.cora.id]
        cast.session.commit()

    def approving(key: UUID, by: UUID) -> Callable[[Session], bool]:
        return lambda session: service.approve(
            session, session.get_one(Service, key), by=session.get_one(Account, by), now=NOW
        )

    works = [approving(key, by) for key in waiting for by in people]
    assert sum(at_once(site, *works)) == LISTINGS
    with site.app_context():
        session = db.session()
        numbers = list(session.exec(select(Listing.number)))
        assert sorted(numbers) == list(range(1, LISTINGS + 1))
        assert len(session.exec(select(Message)).all()) == LISTINGS
        done = session.exec(select(AuditEntry).where(col(AuditEntry.action) == "approve")).all()
        assert len(done) == LISTINGS


def test_one_draft_sent_by_four_clicks_is_one_listing(site: Flask) -> None:
    with site.app_context():
        session = db.session()
        cast = Cast(session)
        service.ensure_topics(session)
        draft = ListingDraft(digest=ids.digest("x"), updated_at=NOW)
        answers = service.answers_of(cast.choir)
        answers["where"] |= {"setting": "none", "often": "weekly", "days": ["TH"]}
        draft.answers = answers | {"what": answers["what"] | {"name": STEPS["what"]["name"]}}
        session.add(draft)
        session.commit()
        key = draft.id

    def sending(session: Session) -> UUID:
        draft = session.get_one(ListingDraft, key)
        return service.submit(session, draft, address="1", now=NOW).id

    assert len(set(at_once(site, *[sending] * 4))) == 1
    with site.app_context():
        made = select(Service).where(Service.name == STEPS["what"]["name"])
        assert len(db.session().exec(made).all()) == 1


def test_two_changes_by_one_link_at_once_leave_one_listing_and_one_mail(site: Flask) -> None:
    with site.app_context():
        session = db.session()
        cast = Cast(session)
        service.ensure_topics(session)
        group = cast.service("Lunch club", standing=Standing.UNCONFIRMED)
        link = ListingLink(service_id=group.id, digest="x", expires_at=NOW + timedelta(days=1))
        session.add(link)
        session.flush()
        drafts = []
        for address in ("one@lunch.example", "two@lunch.example"):
            token = service.change(session, link, now=NOW)
            draft = queries.draft(session, token, now=NOW)
            assert draft
            where = draft.answers["where"] | {"setting": "none", "often": "weekly", "days": ["TH"]}
            join = draft.answers["join"] | {"contact_email": address}
            draft.answers = draft.answers | {"where": where, "join": join}
            drafts.append(draft.id)
        session.commit()
        key = group.id

    def sending(draft_id: UUID) -> Callable[[Session], str]:
        def send(session: Session) -> str:
            draft = session.get(ListingDraft, draft_id)
            if draft is None:
                return "over"
            try:
                with session.begin_nested():
                    service.submit(session, draft, address="1", now=NOW)
            except RuleBroken:
                return "refused"
            return "sent"

        return send

    assert sorted(at_once(site, *map(sending, drafts))).count("sent") == 1
    with site.app_context():
        session = db.session()
        [letter] = session.exec(select(Message).where(Message.kind == "listing-confirm")).all()
        assert letter.to == queries.contact_email(session.get_one(Service, key))


def test_four_closures_said_at_once_are_four_and_a_double_click_is_one(site: Flask) -> None:
    with site.app_context():
        cast = Cast(db.session())
        service.publish(cast.session, cast.choir, now=NOW)
        cast.session.commit()
        key, by = cast.choir.id, cast.otto.id

    def resting(number: int) -> Callable[[Session], Any]:
        def rest(session: Session) -> None:
            service.go_away(
                session, session.get_one(Service, key), by=session.get_one(Account, by), now=NOW,
                kind=Away.AWAY, starts_on=NOW.date() + timedelta(days=number), reason="Rest",
            )  # fmt: skip

        return rest

    at_once(site, *map(resting, (1, 2, 3, 3)))
    with site.app_context():
        session = db.session()
        assert len(session.exec(select(Closure)).all()) == 3
        assert sorted(session.exec(select(Revision.number))) == [1, 2, 3]
