from flask import Flask
from sqlmodel import Session, select

from asset_hub.directory import queries, service
from asset_hub.directory.forms import sections
from asset_hub.directory.models import TaxonomyTerm
from asset_hub.directory.topics import TOPICS
from tests.cast import Cast


def test_topics_are_loaded_once_and_kept_up_to_date(app: Flask, session: Session) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["directory", "load-topics"]).output == f"{len(TOPICS)} topics.\n"
    old = session.exec(select(TaxonomyTerm).where(TaxonomyTerm.slug == "grief")).one()
    old.name = "An older name"
    session.commit()
    assert run(args=["directory", "load-topics"]).exit_code == 0
    found = queries.topics(session)
    assert [term.name for term in found] == sorted(topic.name for topic in TOPICS)
    assert {term.id for term in found} == {topic.id for topic in TOPICS}


def test_answers_are_said_back_with_or_without_what_was_left_empty(cast: Cast) -> None:
    answers = service.answers_of(cast.choir)
    full, short = (
        {row[0]: row[1] for part in sections(answers, [], gaps=gaps, own=gaps) for row in part.rows}
        for gaps in (True, False)
    )
    assert full["What is it called?"] == short["What is it called?"] == "Ashby choir"
    assert full["Street address"] == ""
    assert "Street address" not in short
    assert "Your email address" in full
    assert short["Their email address"] == "olive@choir.example"
    assert "A date on which it meets" not in full, "nobody was asked"
