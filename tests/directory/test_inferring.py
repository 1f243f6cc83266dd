"""What listings seem to be about follows the thesaurus, without being published again."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, SQLModel
from sqlmodel import select as rows

from asset_hub.core import db
from asset_hub.directory import jobs, service
from asset_hub.directory.models import Service, TaxonomyTerm
from asset_hub.directory.rules.meaning import compiled
from asset_hub.directory.service import inferring, publishing
from asset_hub.directory.topics.said import Sense
from tests.cast import NOW, Cast

LISTING = SQLModel.metadata.tables["listing"]
TOPIC = SQLModel.metadata.tables["listing_topic"]


@pytest.fixture(autouse=True)
def loaded(session: Session) -> None:
    service.ensure_topics(session)
    session.commit()


def term(session: Session, slug: str) -> TaxonomyTerm:
    return session.exec(rows(TaxonomyTerm).where(TaxonomyTerm.slug == slug)).one()


def add(session: Session, cast: Cast, name: str, *topics: str, said: str = "") -> Service:
    group = cast.service(name)
    group.description, group.terms = said, [term(session, slug) for slug in topics]
    session.flush()
    service.publish(session, group, now=NOW)
    session.commit()
    return group


def topics(session: Session) -> dict[str, dict[str, int]]:
    wanted = select(LISTING.c.name, TOPIC.c.slug, TOPIC.c.strength).join(
        TOPIC, TOPIC.c.number == LISTING.c.number
    )
    found: dict[str, dict[str, int]] = {}
    for name, slug, strength in session.connection().execute(wanted):
        found.setdefault(name, {})[slug] = strength
    session.rollback()
    return found


def test_what_was_listed_before_follows_the_words_that_a_coordinator_adds(
    session: Session, cast: Cast
) -> None:
    session.add(own := TaxonomyTerm(slug="clogs", name="Clog dancing", ours=True))
    session.commit()
    add(session, cast, "Lancashire steps", said="We rattle on the cobbles every week")
    assert "clogs" not in topics(session).get("Lancashire steps", {})
    own.words = "rattle on the cobbles"
    session.commit()
    jobs.infer_topics()
    assert topics(session)["Lancashire steps"]["clogs"] > 0


def test_what_somebody_chose_stays_as_it_was(session: Session, cast: Cast) -> None:
    add(session, cast, "Quiet hour", "grief", "music", said="Tea")
    before = topics(session)
    assert before["Quiet hour"]["grief"] == before["Quiet hour"]["music"] == 100
    session.connection().execute(update(LISTING).values(inferred=0))
    session.commit()
    jobs.infer_topics()
    assert topics(session) == before
    slugs = session.connection().execute(select(LISTING.c.topic_slugs)).scalar_one()
    assert set(slugs.split("|")) == {"", "grief", "music"}


def test_inferring_comes_to_what_publishing_comes_to_and_twice_to_the_same(
    session: Session, cast: Cast
) -> None:
    told = {"Cruse café": "For anyone bereaved", "Foodbank": "Food parcels", "Choir": "We sing"}
    many = ("grief", "music", "company", "gardening", "caring", "memory")
    groups = [add(session, cast, name, *many, said=said) for name, said in told.items()]
    published = topics(session)
    session.connection().execute(update(LISTING).values(inferred=7))
    session.connection().execute(update(TOPIC).values(strength=1))
    session.commit()
    for _ in range(2):
        jobs.infer_topics()
        assert topics(session) == published
    for group in groups:
        service.publish(session, group, now=NOW)
    session.commit()
    assert topics(session) == published


def test_nothing_is_done_when_nothing_has_changed(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(session, cast, "Choir", said="We sing")
    with db.transaction() as fresh:
        assert service.infer_anew(fresh) == 0


def test_a_worker_that_dies_in_the_middle_leaves_the_rest_to_the_next(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        add(session, cast, f"Choir {number}", said="We sing")
    before = topics(session)
    session.connection().execute(update(LISTING).values(inferred=0))
    session.connection().execute(update(TOPIC).values(strength=1))
    session.commit()
    monkeypatch.setattr(inferring, "BATCH", 2)
    whole, done = publishing.TOPICS.insert, 0

    def dying(*rows: Any) -> None:
        nonlocal done
        done += 1
        if done == 2:
            raise KeyboardInterrupt
        whole(*rows)

    monkeypatch.setattr(publishing.TOPICS, "insert", dying)
    with pytest.raises(KeyboardInterrupt):
        jobs.infer_topics()
    left = session.connection().execute(select(LISTING.c.number).where(LISTING.c.inferred == 0))
    assert len(left.all()) == 3
    assert all(topics(session).values()), "none was left without its topics"
    jobs.infer_topics()
    assert topics(session) == before


def test_a_thesaurus_has_a_version_by_what_it_says_and_not_by_its_order() -> None:
    one, two = Sense("a", ("x",), ("y",)), Sense("b", ("z",), ())
    version = compiled([one, two]).version
    assert 0 < version < 2**31
    assert compiled([two, one]).version == version
    assert compiled([one]).version != version
    assert compiled([one, two], ["b"]).version != version
