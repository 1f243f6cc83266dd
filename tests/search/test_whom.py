"""Finding by whom a group is for, without what is not for them; topics that became others."""

from asset_hub.core import db
from asset_hub.directory import service
from asset_hub.directory.models import TermKind
from asset_hub.search.geo import Box
from asset_hub.search.queries import Question, places
from asset_hub.search.question import asking, looking
from tests.cast import NOW, TODAY
from tests.conftest import Browser
from tests.search.conftest import HALL, Town

WORLD = Box(-180, -90, 180, 90)


def men(town: Town) -> None:
    """Four groups in Ashby: for men, for women and not men, for all, and about to confuse."""
    for slug in ("men", "women"):
        town.term(slug).kind = TermKind.AUDIENCE
    town.term("step-free").kind = town.term("loop").kind = TermKind.ACCESS
    town.add("Shed", at=HALL, topics=("company", "men", "step-free"))
    town.add("Sisters", at=HALL, topics=("company", "women"), not_for=[town.term("men")])
    town.add("Choir", at=HALL, topics=("company", "step-free", "loop"))
    town.add("Muddle", at=HALL, topics=("men",), not_for=[town.term("men")])


def found(browser: Browser, asked: str) -> list[str]:
    return sorted(one["name"] for one in browser.get(f"/find.json?{asked}").get_json()["results"])


def test_a_topic_never_finds_what_is_not_for_it(town: Town) -> None:
    men(town)
    assert town.ask(topics=("men",)) == ["Shed"]
    assert town.ask(topics=("company", "men")) == ["Choir", "Shed"]
    assert town.ask("sisters", topics=("company", "men")) == []
    assert town.ask("men") == ["Shed", "Muddle"] or town.ask("men") == ["Muddle", "Shed"]


def test_what_is_not_for_somebody_is_left_out_when_asked(browser: Browser, town: Town) -> None:
    men(town)
    assert found(browser, "topic=company") == ["Choir", "Shed", "Sisters"]
    assert found(browser, "topic=company&for=men") == ["Choir", "Shed"]
    assert found(browser, "for=men") == ["Choir", "Shed"]
    assert found(browser, "for=men&for=nobody") == ["Choir", "Shed"]
    assert found(browser, "q=sisters&for=men") == []
    assert found(browser, "q=company&for=men&near=ZZ9+9ZZ&within=3") == ["Choir", "Shed"]


def test_whom_it_is_for_and_ways_in_narrow_what_helps(browser: Browser, town: Town) -> None:
    men(town)
    assert found(browser, "topic=company&topic=men") == ["Shed"]
    assert found(browser, "topic=company&topic=women&topic=men") == ["Shed"]
    assert found(browser, "topic=step-free") == ["Choir", "Shed"]
    assert found(browser, "topic=step-free&topic=loop&topic=company") == ["Choir"]


def test_the_map_shows_the_same(town: Town) -> None:
    men(town)
    asked = Question(suits=("men",), also=(("step-free",),), topics=("company",))
    with db.reading() as connection:
        assert places(connection, asked, WORLD, 5).total == 2
        assert places(connection, Question(suits=("men",)), WORLD, 5).total == 2
        assert places(connection, Question("company", suits=("men",)), WORLD, 5).total == 2
        assert places(connection, Question("company"), WORLD, 5).total == 3


def test_a_slug_with_signs_of_ours_finds_nothing_it_should_not(
    browser: Browser, town: Town
) -> None:
    men(town)
    town.add("Odd", topics=("a_b",), not_for=[town.term("c_d")])
    assert town.ask(topics=("a_b",)) == ["Odd"]
    assert town.ask(topics=("axb",)) == []
    assert "Odd" in town.ask(suits=("cxd",))
    assert "Odd" not in town.ask(suits=("c_d",))
    assert browser.get("/find.json?topic=!men").status_code == 422


def test_the_page_says_it_and_takes_it_back(browser: Browser, town: Town) -> None:
    men(town)
    page = browser.get("/find").text
    assert "Leave out what is not for…" in page
    assert 'href="/find?for=men"' in page
    page = browser.get("/find?for=men&topic=company").text
    assert '<h1 class="govuk-heading-xl">Support for Company open to men</h1>' in page
    assert '<input type="hidden" name="for" value="men">' in page
    assert 'href="/find?topic=company"' in page
    assert "for=men" in browser.get("/find?for=men&view=map").text
    assert "Not for: men" in browser.get("/find").text


def test_nothing_is_offered_to_leave_out_where_nothing_is_kept_from_anybody(
    browser: Browser, town: Town
) -> None:
    town.add("Choir", topics=("music",))
    assert "Leave out" not in browser.get("/find").text


def test_somebody_who_may_be_in_danger_sees_whom_to_ring_first(
    browser: Browser, town: Town
) -> None:
    town.term("safety").urgent = True
    town.add("Door", topics=("safety",))
    page = browser.get("/find?topic=safety").text
    assert page.index("Is it urgent?") < page.index('id="results"')
    assert "Is it urgent?" not in browser.get("/find").text


def test_it_says_so_also_where_nothing_is_found(browser: Browser, town: Town) -> None:
    service.ensure_topics(town.session)
    town.session.commit()
    assert "Is it urgent?" in browser.get("/find?topic=suicidal&near=ZZ9+9ZZ&within=1").text


def test_a_topic_that_was_merged_means_the_one_it_became(browser: Browser, town: Town) -> None:
    for slug in ("falls", "balance", "moving"):
        town.add(slug.title(), topics=(slug,))
        town.term(slug).ours = True
    town.session.commit()
    terms, cora = town.terms, town.cast.cora
    service.merge_topic(town.session, terms["falls"], terms["balance"], by=cora, now=NOW)
    service.merge_topic(town.session, terms["balance"], terms["moving"], by=cora, now=NOW)
    town.session.commit()
    asked = asking.Asked(topics=("falls", "moving", "never-was"))
    with db.reading() as connection:
        assert looking.understand(connection, asked, today=TODAY).question.topics == (
            "moving",
            "falls",
            "never-was",
        )
    assert found(browser, "topic=falls") == ["Falls", "Moving"], "before any copy is renewed"
    while service.carry_on(town.session, now=NOW):
        town.session.commit()
    assert found(browser, "topic=falls") == ["Balance", "Falls", "Moving"]
    assert "Falls" not in browser.get("/").text.split("What would help?")[-1].split("How it")[0]


def test_many_needs_stand_under_their_headings_at_the_front_door(
    browser: Browser, town: Town
) -> None:
    terms = service.ensure_topics(town.session)
    for number, term in enumerate(list(terms.values())[:30]):
        town.terms[term.slug] = term
        town.add(f"Group {number}", topics=(term.slug,))
    page = browser.get("/").text
    assert page.index("People and company") < page.index("Feelings and hard times")


def test_a_group_about_many_things_is_found_by_each_of_them(town: Town, browser: Browser) -> None:
    about = ("company", "grief", "worry", "sleep", "moving")
    town.add("Hub", at=HALL, topics=about)
    for slug in about:
        assert found(browser, f"topic={slug}") == ["Hub"]
        assert found(browser, f"topic={slug}&near=ZZ9+9ZZ&within=3") == ["Hub"]


def test_what_only_seems_to_be_about_a_topic_is_not_found_by_it(
    town: Town, browser: Browser
) -> None:
    town.add("Bereavement friends", description="For anybody who is bereaved and grieving", at=HALL)
    town.term("grief")
    town.session.commit()
    assert found(browser, "topic=grief") == []
    assert found(browser, "topic=grief&near=ZZ9+9ZZ&within=3") == []
