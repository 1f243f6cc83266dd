"""Who a group is for, and who it is not for."""

from typing import Any

import pytest
from sqlmodel import Session, select

from asset_hub.core.errors import RuleBroken
from asset_hub.directory import service
from asset_hub.directory.models import Freq, Schedule, Service
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules.listing import Facts, copy_of, say_not_for, slugs_of
from asset_hub.directory.rules.meaning import Thesaurus
from asset_hub.directory.service.filling import answered
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.answers import STEPS
from tests.directory.conftest import Olive
from tests.directory.test_keeping_it_right import form_of

PLAIN: dict[str, Any] = {"setting": "none", "often": "weekly", "days": ["TH"]}


def who(**changed: Any) -> dict[str, Any]:
    return STEPS["who"] | changed


def test_a_lister_says_it_and_everybody_is_told(
    olive: Olive, browser: Browser, session: Session, cast: Cast
) -> None:
    made = olive.sends(not_for=["under-18s", "men"])
    assert sorted(term.slug for term in made.not_for) == ["men", "under-18s"]
    olive.confirms()
    browser.sign_in(cast.cath)
    session.refresh(made)
    assert "Not for: men, under 18s" in browser.get(f"/to-approve/{made.id}").text
    browser.post(f"/to-approve/{made.id}/approve", data={"version": made.version})
    for url in (f"/groups/{made.id}", f"/groups/{made.id}/poster", "/find"):
        assert "Not for: men, under 18s" in browser.get(url).text, url


def test_the_form_asks_and_keeps_it(browser: Browser, session: Session, cast: Cast) -> None:
    terms = service.ensure_topics(session)
    cast.choir.not_for = [terms["men"]]
    cast.choir.how_to_join, cast.choir.fees = "Come", "Free"
    service.publish(session, cast.choir, now=NOW)
    session.commit()
    browser.sign_in(cast.cath)
    url = f"/groups/{cast.choir.id}/edit/who"
    assert (
        'id="not_for-men" name="not_for" type="checkbox" value="men" checked'
        in browser.get(url).text
    )
    browser.post(url, data=form_of(cast.choir, **PLAIN, summary="Other words"))
    assert [term.slug for term in cast.choir.not_for] == ["men"]
    browser.post(url, data=form_of(cast.choir, **PLAIN, not_for=["women", "children"]))
    assert sorted(term.slug for term in cast.choir.not_for) == ["children", "women"]


def test_nobody_is_both_invited_and_turned_away(browser: Browser, cast: Cast) -> None:
    where = STEPS["where"] | {"community_id": str(cast.ashby.id), "setting": "none"}
    for step, given in (STEPS | {"where": where}).items():
        if step in ("what", "where", "when"):
            browser.post(f"/list-a-group/{step}", data=given)
    both = who(especially_for=["men"], not_for=["men"], eligibility="typed before")
    page = browser.post("/list-a-group/who", data=both)
    assert page.status_code == 422
    assert "It cannot be especially for somebody and not for them" in page.text
    assert 'href="#not_for-' in page.text
    assert "typed before" in page.text


@pytest.mark.parametrize("slug", sorted(of.NEVER_SHUT_OUT))
def test_nobody_is_turned_away_for_who_they_are(browser: Browser, slug: str) -> None:
    with pytest.raises(RuleBroken):
        of.must_add_up({"not_for": [slug]})


def test_what_is_not_offered_is_refused_at_the_field(
    browser: Browser, session: Session, cast: Cast
) -> None:
    cast.choir.how_to_join = "Come"
    session.commit()
    browser.sign_in(cast.cath)
    url = f"/groups/{cast.choir.id}/edit/who"
    page = browser.post(url, data=form_of(cast.choir, **PLAIN, not_for=["grief"]))
    assert page.status_code == 422
    assert 'id="not_for-error"' in page.text
    assert 'id="not_for-lgbt"' not in page.text


def test_six_at_most() -> None:
    some = ["men", "women", "children", "families", "adults", "beginners", "veterans"]
    of.must_add_up({"not_for": some[:6]})
    with pytest.raises(RuleBroken):
        of.must_add_up({"not_for": some})


def test_answers_without_the_question_leave_it_alone(session: Session, cast: Cast) -> None:
    terms = service.ensure_topics(session)
    cast.choir.not_for = [terms["men"]]
    session.flush()
    answers = of.flat(service.answers_of(cast.choir))
    answers.pop("not_for")
    assert "not_for" not in answered(cast.choir, answers)[1]


def test_what_it_is_not_for_is_no_word_of_it(cast: Cast) -> None:
    facts = Facts(
        id=cast.choir.id, organization_id=cast.friends.id, name="Choir",
        topics=[("music", "Music")], not_for=[("men", "Men"), ("under-18s", "Under 18s")],
    )  # fmt: skip
    row = copy_of(facts, Thesaurus()).listing
    assert row["topics"] == "Music"
    assert "Men" not in row["body"]
    assert row["topic_slugs"] == "|!men|!under-18s|music|"
    assert row["card"]["not_for"] == "Not for: men, under 18s"


def test_a_long_list_never_loses_whom_it_is_not_for() -> None:
    about = [(f"topic-{n:050}", "") for n in range(40)]
    slugs = slugs_of(about, [("men", "Men")])
    assert slugs.startswith("|!men|topic-")
    assert slugs.endswith("|")
    assert len(slugs) <= 1000
    assert slugs_of([], []) == ""


def test_names_are_said_inside_a_sentence() -> None:
    assert (
        say_not_for(["Under 18s", "LGBT+ people", "Men"]) == "Not for: LGBT+ people, men, under 18s"
    )
    assert say_not_for([]) == ""


def test_what_was_written_suggests_topics_without_choosing_them(
    browser: Browser, session: Session, cast: Cast
) -> None:
    what = STEPS["what"] | {"description": "For widows and widowers. We sing in a choir."}
    browser.post("/list-a-group/what", data=what)
    where = STEPS["where"] | {"community_id": str(cast.ashby.id), "setting": "none"}
    browser.post("/list-a-group/where", data=where)
    browser.post("/list-a-group/when", data=STEPS["when"])
    browser.post("/list-a-group/who", data=STEPS["who"])
    page = browser.get("/list-a-group/about").text
    assert page.count("From what you wrote, perhaps:") == 2
    first = page.index("From what you wrote, perhaps:")
    assert first < page.index('id="help_with-grief"') < page.index("People and company</span>")
    assert page.count('id="help_with-grief"') == page.count('id="doing-music"') == 1
    assert "checked" not in page.split("What may it help with?")[1]
    cast.choir.summary = "Company for people with dementia"
    session.commit()
    browser.sign_in(cast.cath)
    assert 'id="help_with-memory"' in browser.get(f"/groups/{cast.choir.id}/edit/who").text


def test_a_listing_keeps_its_topics_when_nothing_is_changed(
    browser: Browser, session: Session, cast: Cast
) -> None:
    terms = service.ensure_topics(session)
    cast.choir.terms = [terms["worry"], terms["company"], terms["music"], terms["men"]]
    cast.choir.schedules.append(Schedule(freq=Freq.WEEKLY, byday="TH"))
    cast.choir.how_to_join, cast.choir.fees = "Come", "Free"
    session.commit()
    browser.sign_in(cast.cath)
    version = cast.choir.version
    data = form_of(cast.choir, **PLAIN)
    data["help_with"] = ["worry", "company"]  # as they stand on the page, not in order of slugs
    browser.post(f"/groups/{cast.choir.id}/edit/who", data=data)
    found = session.exec(select(Service).where(Service.id == cast.choir.id)).one()
    assert found.version == version
    assert len(found.terms) == 4
