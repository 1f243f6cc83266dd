"""Two coordinators at the same moment, and an edit while topics are merged, on both engines."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, select

from asset_hub.accounts.models import Account
from asset_hub.core import db
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import service
from asset_hub.directory.models import Service, TaxonomyTerm, TermKind, TopicEvent, TopicMerge
from asset_hub.directory.service.putting import put
from tests.cast import NOW, Cast
from tests.directory.test_races import at_once, site

__all__ = ["site"]
pytestmark = pytest.mark.faults


def refused(work: Callable[[Session], Any]) -> Callable[[Session], Any]:
    """Return the work, answering with the words of a refusal instead of raising it."""

    def tried(session: Session) -> Any:
        try:
            with session.begin_nested():
                return work(session)
        except (RuleBroken, StaleDataError) as broken:
            return getattr(broken, "message", "changed meanwhile")

    return tried


def ids(site: Flask) -> tuple[dict[str, UUID], UUID, UUID]:
    with site.app_context():
        cast = Cast(db.session())
        terms = service.ensure_topics(cast.session)
        cast.choir.terms = [terms["falls"]]
        service.publish(cast.session, cast.choir, now=NOW)
        cast.session.commit()
        return {slug: term.id for slug, term in terms.items()}, cast.choir.id, cast.cora.id


def test_two_who_add_the_same_topic_make_one(site: Flask) -> None:
    _, _, cora = ids(site)

    def adding(session: Session) -> str:
        by = session.get_one(Account, cora)
        kind = TermKind.INTEREST
        return service.add_topic(session, by=by, now=NOW, name="Bell ringing", kind=kind).slug

    answers = at_once(site, *[refused(adding)] * 4)
    assert sorted(answer == "bell-ringing" for answer in answers) == [False] * 3 + [True]


def test_two_merges_that_would_lead_in_a_circle_are_one(site: Flask) -> None:
    terms, _, cora = ids(site)

    def merging(gone: str, kept: str) -> Callable[[Session], Any]:
        def merge(session: Session) -> bool:
            by = session.get_one(Account, cora)
            pair = [session.get_one(TaxonomyTerm, terms[slug]) for slug in (gone, kept)]
            service.merge_topic(session, *pair, by=by, now=NOW)
            return True

        return refused(merge)

    answers = at_once(site, merging("falls", "moving"), merging("moving", "falls"))
    assert answers.count(True) == 1
    with site.app_context():
        merged = select(TaxonomyTerm).where(TaxonomyTerm.merged_into_id != None)  # noqa: E711
        assert len(db.session().exec(merged).all()) == 1


def test_a_topic_is_retired_once(site: Flask) -> None:
    terms, _, cora = ids(site)

    def retiring(session: Session) -> bool:
        term = session.get_one(TaxonomyTerm, terms["falls"])
        return service.retire_topic(session, term, by=session.get_one(Account, cora), now=NOW)

    assert sum(at_once(site, *[retiring] * 4)) == 1
    with site.app_context():
        assert len(db.session().exec(select(TopicEvent)).all()) == 1


def test_an_edit_while_topics_are_merged_keeps_both_peoples_work(site: Flask) -> None:
    terms, choir, cora = ids(site)

    def merging(session: Session) -> None:
        pair = [session.get_one(TaxonomyTerm, terms[slug]) for slug in ("falls", "moving")]
        service.merge_topic(session, *pair, by=session.get_one(Account, cora), now=NOW)

    def editing(session: Session) -> None:
        put(session, session.get_one(Service, choir), {"topics": ["falls", "moving", "music"]})

    at_once(site, merging, editing)
    with site.app_context(), db.transaction() as session:
        while service.carry_on(session, now=NOW):
            pass
    with site.app_context():
        found = db.session().get_one(Service, choir)
        assert sorted(term.slug for term in found.terms) == ["moving", "music"]


def test_two_workers_carry_on_without_standing_in_each_others_way(site: Flask) -> None:
    terms, _, cora = ids(site)
    with site.app_context(), db.transaction() as session:
        by = session.get_one(Account, cora)
        falls, moving = (session.get_one(TaxonomyTerm, terms[s]) for s in ("falls", "moving"))
        first = session.exec(select(Service)).first()
        assert first
        for number in range(20):
            one = Service(
                organization_id=first.organization_id, name=f"Group {number}",
                created_at=NOW, approved_at=NOW, standing=first.standing, terms=[falls],
            )  # fmt: skip
            session.add(one)
        session.flush()
        falls.merged_into_id, falls.name_key = moving.id, None
        session.add(TopicMerge(gone_id=falls.id, kept_id=moving.id, at=NOW, by_id=by.id))
    at_once(site, *[lambda session: service.carry_on(session, now=NOW)] * 3)
    at_once(site, *[lambda session: service.carry_on(session, now=NOW)] * 3)
    with site.app_context():
        for one in db.session().exec(select(Service)):
            assert [term.slug for term in one.terms] == ["moving"]
