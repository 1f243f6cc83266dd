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
from sqlalchemy.orm.exc import StaleDataError
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
    Duplicate,
    Listing,
    ListingDraft,
    ListingLink,
    Merge,
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


def listed_twice(site: Flask) -> tuple[list[UUID], list[int], UUID]:
    """Return the ids and versions of a choir and its double, and who looks after both."""
    with site.app_context():
        session = db.session()
        cast = Cast(session)
        service.ensure_topics(session)
        both = [cast.choir, cast.service("Ashby Choirs")]
        for one in both:
            service.publish(session, one, now=NOW)
        session.commit()
        return [one.id for one in both], [one.version for one in both], cast.cora.id


def merging(keys: list[UUID], versions: list[int], by: UUID) -> Callable[[Session], str]:
    """Return the work of taking the second of two listings into the first."""

    def work(session: Session) -> str:
        kept, gone = (session.get_one(Service, key) for key in keys)
        try:
            with session.begin_nested():
                service.merge(
                    session, kept, gone, choices={}, versions=(versions[0], versions[1]),
                    by=session.get_one(Account, by), now=NOW,
                )  # fmt: skip
        except RuleBroken:
            return "refused"
        return "merged"

    return work


def test_two_who_merge_in_opposite_directions_leave_one_listing(site: Flask) -> None:
    keys, versions, by = listed_twice(site)
    there = merging(keys, versions, by)
    back = merging(keys[::-1], versions[::-1], by)
    assert sorted(at_once(site, there, back)) == ["merged", "refused"]
    with site.app_context():
        session = db.session()
        found = [session.get_one(Service, key) for key in keys]
        assert sorted(one.standing for one in found) == [Standing.CLOSED, Standing.LISTED]
        [gone] = [one for one in found if one.standing is Standing.CLOSED]
        assert gone.stands_in.standing is Standing.LISTED
        assert len(session.exec(select(Listing)).all()) == 1


def test_a_merge_and_an_edit_at_once_lose_nobodys_words(site: Flask) -> None:
    keys, versions, by = listed_twice(site)

    def editing(session: Session) -> str:
        gone = session.get_one(Service, keys[1])
        try:
            with session.begin_nested():
                owner = session.get_one(Account, by)
                service.save_parts(
                    session, gone, {"summary": "New words"}, by=owner, now=NOW,
                    version=versions[1],
                )  # fmt: skip
        except (RuleBroken, StaleDataError):
            return "refused"
        return "edited"

    done = at_once(site, merging(keys, versions, by), editing)
    assert sorted(done) in (["edited", "refused"], ["merged", "refused"]), done
    with site.app_context():
        gone = db.session().get_one(Service, keys[1])
        assert (gone.summary == "New words") is ("edited" in done)
        assert (gone.standing is Standing.CLOSED) is ("merged" in done)


def test_two_who_undo_at_once_part_them_once(site: Flask) -> None:
    keys, versions, by = listed_twice(site)
    assert at_once(site, merging(keys, versions, by)) == ["merged"]

    def parting(session: Session) -> str:
        done = session.exec(select(Merge)).one()
        try:
            with session.begin_nested():
                service.part(session, done, by=session.get_one(Account, by), now=NOW)
        except RuleBroken:
            return "refused"
        return "parted"

    assert sorted(at_once(site, parting, parting)) == ["parted", "refused"]
    with site.app_context():
        found = [db.session().get_one(Service, key) for key in keys]
        assert {one.standing for one in found} == {Standing.LISTED}


def test_two_workers_who_compare_at_once_find_each_pair_once(site: Flask) -> None:
    keys, _, _ = listed_twice(site)

    def looking(session: Session) -> int:
        return service.look(session, queries.unkeyed(session, most=100) or keys, now=NOW)

    at_once(site, looking, looking)
    with site.app_context():
        [pair] = db.session().exec(select(Duplicate)).all()
        assert {pair.one_id, pair.other_id} == set(keys)
