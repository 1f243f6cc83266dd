"""The same question has the same answer on both databases: the same groups, in the same order."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from flask import Flask
from sqlmodel import Session, SQLModel, insert

from asset_hub import create_app
from asset_hub.core import db
from asset_hub.directory.models import Kind, Organization, Service, Standing
from asset_hub.directory.rules.listing import Facts
from asset_hub.directory.rules.places import PlainPlace
from asset_hub.directory.service import publish_many
from asset_hub.search.geo import MILE, Point
from asset_hub.search.queries import Question, Word, counts, find, settled, weighing
from tests.cast import NOW
from tests.conftest import test_settings
from tests.postgres import database

GROUPS, QUESTIONS = 400, 240
SPACE = UUID("8d0d2f0e-0000-4000-8000-000000000002")
TOPICS = ["grief", "company", "money", "moving", "music", "food", "feeling-low", "carers"]
SAID = """
choir walk walking walks lunch knitting garden gardening dance reading coffee chess carers carer
memory craft singing swimming cooking bingo café Zoë's men's shed grief bereaved lonely loneliness
debt advice housing music exercise tai chi allotment repair group club circle morning the who and
of we meet every week in hall anybody is welcome company tea 18+ naïve Übung straße
""".split()  # noqa: SIM905
ASKED = [*SAID, "gard", "wal", "xqzvwk", "chior", "bereevement", "who", "a%b", "'\"*", "x\x00y"]
CHOICES = {("cost", "free"): ("cost", ("free",)), ("about", "#food"): ("about", ("#food",))}
HOME = Point(53.6, -2.2)


def _listed(number: int) -> tuple[dict[str, object], Facts]:
    dice = random.Random(f"group {number}")
    words = dice.choices(SAID, k=dice.randrange(4, 60))
    topics = [(slug, slug.replace("-", " ").title()) for slug in dice.sample(TOPICS, 2)]
    key = uuid5(SPACE, f"group {number}")
    runner = uuid5(SPACE, "runner")
    at = HOME.latitude + dice.gauss(0, 0.1), HOME.longitude + dice.gauss(0, 0.1)
    name = " ".join(words[:2]).title()  # many have the same name
    row = Service(
        id=key,
        organization_id=runner,
        name=name,
        standing=Standing.LISTED,
        created_at=NOW,
        approved_at=NOW,
    ).model_dump()
    return row, Facts(
        id=key, organization_id=runner, organization_name="Friends of Ashby", name=name,
        kind=dice.choice(list(Kind)), summary=" ".join(words[:12]), description=" ".join(words),
        fees=dice.choice(["Free", "£3", ""]), welcomes=dice.choice([None, 3]), topics=topics,
        minimum_age=dice.choice([None, 18, 60]), confirmed_at=dice.choice([NOW, None]),
        places=[(uuid5(key, "place"), PlainPlace(latitude=at[0], longitude=at[1]))]
        if dice.random() < 0.8 else [],
    )  # fmt: skip


def _questions() -> Iterator[Question]:
    dice = random.Random("questions")
    for number in range(QUESTIONS):
        question = Question(" ".join(dice.choices(ASKED, k=dice.randrange(0, 7))))
        more: list[dict[str, Any]] = [
            {}, {"near": HOME}, {"near": HOME, "within": 5 * MILE}, {"topics": ("grief", "food")},
            {"suits": ("money",)}, {"facets": (("free",),)}, {"age": 30, "near": HOME},
            {"leaning": (("grief", 0.81), ("music", 0.33))}, {"floor": 0.2}, {"page": 2},
            {"room": True, "today": NOW.date()},
            {"words": (Word("walk", 0.7), Word("gard", 0.4, starts=True), Word("choir"))},
            {"leaning": (("company", 0.5),), "near": HOME, "floor": 0.3, "today": NOW.date()},
        ]  # fmt: skip
        yield replace(question, **more[number % len(more)])


@pytest.fixture
def both(postgres_server: str, tmp_path: Path) -> Iterator[list[Flask]]:
    with database(postgres_server) as url:
        sites = [
            create_app(test_settings(each, tmp_path))
            for each in (f"sqlite:///{tmp_path}/hub.db", url)
        ]
        for site in sites:
            _fill(site)
        yield sites
        for site in sites:
            site.extensions["engine"].dispose()


def _fill(site: Flask) -> None:
    SQLModel.metadata.create_all(site.extensions["engine"])
    pairs = [_listed(number) for number in range(GROUPS)]
    with site.app_context(), db.transaction() as session:
        session.add(Organization(id=uuid5(SPACE, "runner"), name="Friends of Ashby"))
        session.flush()
        session.connection().execute(insert(Service), [row for row, _ in pairs])
        publish_many(session, (facts for _, facts in pairs), now=NOW)
        _changed(session, [facts for _, facts in pairs])


def _changed(session: Session, groups: list[Facts]) -> None:
    """Publish some again with other words: what is kept of the old ones must go everywhere."""
    for facts in groups[::7]:
        facts.description, facts.topics = "choir and chess", [("music", "Music")]
    publish_many(session, groups[::7], now=NOW)


def _answer(site: Flask, question: Question) -> tuple[object, ...]:
    with site.app_context(), db.reading() as connection:
        answer, marks = find(connection, question), counts(connection, question, [], CHOICES)
        few = settled(connection, question, least=0.9, few=3).floor
    said = [(one.card["id"], one.metres, one.stems, one.slugs) for one in answer.found]
    return answer.total, answer.more, answer.respelt, answer.fitting, few, marks, said


@pytest.mark.parametrize("enough", [weighing.ENOUGH, 120], ids=["whole", "cut"])
def test_over_two_hundred_questions_both_databases_give_the_same_order(
    both: list[Flask], enough: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "ENOUGH", enough)  # what is read of words that many have
    sqlite, postgresql = both
    found = 0
    for question in _questions():
        one, other = _answer(sqlite, question), _answer(postgresql, question)
        assert one == other, question
        found += bool(one[0])
    assert found > QUESTIONS * 0.6
