"""Cora looks after the topics; Dora of the next place shares them."""

from typing import Any

import pytest
from sqlmodel import Session, select

from asset_hub.core.audit import AuditEntry
from asset_hub.directory import service
from asset_hub.directory.models import TaxonomyTerm, TermKind, Theme, TopicEvent
from tests.cast import NOW, Cast
from tests.conftest import Browser

NEW = {
    "name": "Bell ringing",
    "description": "In towers and halls",
    "kind": "interest",
    "words": "bells\nringers",
}
NASTY = '"><script>alert(1)</script>{{7*7}}'


@pytest.fixture
def terms(session: Session, cast: Cast) -> dict[str, TaxonomyTerm]:
    found = service.ensure_topics(session)
    session.commit()
    return found


def form_of(term: TaxonomyTerm, **changed: Any) -> dict[str, Any]:
    fields = {
        "name": term.name,
        "description": term.description,
        "theme": term.theme.value if term.theme else "",
        "words": term.words,
        "version": str(term.version),
    }
    return fields | ({"urgent": "y"} if term.urgent else {}) | changed


def named(session: Session, name: str) -> TaxonomyTerm:
    return session.exec(select(TaxonomyTerm).where(TaxonomyTerm.name == name)).one()


def happened(session: Session, term: TaxonomyTerm) -> list[str]:
    found = select(TopicEvent.what).where(TopicEvent.term_id == term.id)
    return list(session.exec(found.order_by(TopicEvent.id)))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["cora", "dora", "ada"])
def test_those_who_look_after_topics_see_them_with_their_counts(
    browser: Browser, session: Session, cast: Cast, terms: dict[str, TaxonomyTerm], name: str
) -> None:
    cast.choir.terms, cast.choir.not_for = [terms["music"]], [terms["under-18s"]]
    session.commit()
    browser.sign_in(getattr(cast, name))
    page = browser.get("/topics").text
    assert page.index("Feelings and hard times") < page.index("Safety and rights")
    for url in (f"/topics/{terms['music'].id}", "/topics?q=choir"):
        assert "1 listing" in browser.get(url).text
    assert "not for them: 1" in browser.get("/topics?q=under-18s&kind=audience").text
    assert "No topic has these words" in browser.get("/topics?q=xyzzy").text
    assert "Grief" not in browser.get("/topics?kind=access").text
    assert "Grief" in browser.get("/topics?kind=rubbish&q=%00").text


@pytest.mark.parametrize("name", ["mia", "cath", "ben", "otto", "petra", "lee"])
def test_nobody_else_does(browser: Browser, cast: Cast, name: str) -> None:
    browser.sign_in(getattr(cast, name))
    assert browser.get("/topics").status_code == 403
    assert browser.post("/topics/add", data=NEW).status_code == 403


def test_the_page_of_roles_says_so(browser: Browser) -> None:
    assert "Look after the topics, which all communities share" in browser.get("/roles").text


def test_a_topic_is_added_and_can_be_chosen_at_once(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.cora)
    answer = browser.post("/topics/add", data=NEW)
    made = named(session, "Bell ringing")
    assert answer.location == f"/topics/{made.id}"
    assert (made.slug, made.kind, made.ours, made.theme) == (
        "bell-ringing", TermKind.INTEREST, True, None,
    )  # fmt: skip
    assert happened(session, made) == ["added"]
    assert session.exec(select(AuditEntry).where(AuditEntry.action == "added topic")).one()
    assert "Bell ringing" in browser.get(f"/groups/{cast.choir.id}/edit").text


@pytest.mark.parametrize(
    "name", ["bell RINGING", "Bell-ringing!", "Singing & music", "SINGING AND MUSIC"]
)
def test_two_topics_never_have_the_same_name(
    browser: Browser, session: Session, cast: Cast, name: str
) -> None:
    browser.sign_in(cast.cora)
    browser.post("/topics/add", data=NEW | {"name": "Singing music"})
    browser.post("/topics/add", data=NEW)
    before = len(session.exec(select(TaxonomyTerm)).all())
    page = browser.post("/topics/add", data=NEW | {"name": name, "description": "typed before"})
    assert page.status_code == 422
    assert "There is a topic with this name already" in page.text
    assert "typed before" in page.text
    assert len(session.exec(select(TaxonomyTerm)).all()) == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Enter its name"),
        ({"name": "–"}, "Enter the name in letters"),
        ({"name": "x" * 81}, "80 characters or fewer"),
        ({"kind": "need"}, "Select the heading it stands under"),
        ({"kind": "magic"}, "from the list"),
        ({"words": "\n".join(map(str, range(50)))}, "40 phrases or fewer"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    browser: Browser, cast: Cast, wrong: dict[str, str], said: str
) -> None:
    browser.sign_in(cast.cora)
    page = browser.post("/topics/add", data=NEW | wrong)
    assert page.status_code == 422
    assert said in page.text


def test_a_hostile_name_is_only_text(browser: Browser, session: Session, cast: Cast) -> None:
    browser.sign_in(cast.cora)
    asked = NEW | {"name": NASTY, "description": NASTY, "words": NASTY, "kind": "need"}
    browser.post("/topics/add", data=asked | {"theme": "people"})
    made = named(session, NASTY)
    cast.choir.terms = [made]
    service.publish(session, cast.choir, now=NOW)
    session.commit()
    for url in (
        "/topics", f"/topics/{made.id}", f"/topics/{made.id}/history", f"/topics/{made.id}/merge",
        f"/groups/{cast.choir.id}", f"/groups/{cast.choir.id}/edit", "/", "/find",
        f"/find?topic={made.slug}", "/list-a-group/what",
    ):  # fmt: skip
        page = browser.get(url).text
        assert "<script>alert" not in page, url
        assert "script&gt;49" not in page, url
    assert "{{7*7}}" in browser.get(f"/topics/{made.id}").text


def test_other_words_reach_the_listings_that_have_the_topic(
    browser: Browser, session: Session, cast: Cast, terms: dict[str, TaxonomyTerm]
) -> None:
    cast.choir.terms, cast.choir.not_for = [terms["music"]], [terms["men"]]
    service.publish(session, cast.choir, now=NOW)
    session.commit()
    browser.sign_in(cast.dora)
    url = f"/topics/{terms['music'].id}"
    assert browser.post(url, data=form_of(terms["music"], name="Song")).status_code == 302
    browser.post(f"/topics/{terms['men'].id}", data=form_of(terms["men"], name="Blokes"))
    session.refresh(terms["music"])
    assert (terms["music"].slug, terms["music"].name) == ("music", "Song")
    card = browser.get("/find.json?topic=music").get_json()["results"][0]
    assert card["topics"] == [{"slug": "music", "name": "Song"}]
    assert card["not_for"] == "Not for: blokes"
    assert browser.get("/find.json?q=song").get_json()["total"] == 1
    page = browser.get(f"{url}/history").text
    assert "Singing and music → Song" in page
    assert "by Dora" in page


def test_saving_what_is_there_writes_nothing(
    browser: Browser, session: Session, cast: Cast, terms: dict[str, TaxonomyTerm]
) -> None:
    browser.sign_in(cast.cora)
    for slug in ("grief", "men", "safety"):
        browser.post(f"/topics/{terms[slug].id}", data=form_of(terms[slug]))
        assert happened(session, terms[slug]) == []
        assert terms[slug].edited_at is None


def test_the_second_of_two_coordinators_sees_that_the_first_saved(
    browser: Browser, session: Session, cast: Cast, terms: dict[str, TaxonomyTerm]
) -> None:
    opened = form_of(terms["grief"])
    url = f"/topics/{terms['grief'].id}"
    browser.sign_in(cast.cora)
    browser.post(url, data=opened | {"name": "Loss"})
    browser.sign_in(cast.dora)
    page = browser.post(url, data=opened | {"name": "Sorrow"})
    assert page.status_code == 422
    assert "Somebody else changed this" in page.text
    assert "Sorrow" in page.text, "what was typed is kept"
    assert (
        browser.post(
            f"{url}/merge", data={"version": opened["version"], "kept_id": str(terms["worry"].id)}
        ).status_code
        == 422
    )
    assert terms["grief"].merged_into_id is None


def test_a_retired_topic_is_chosen_no_more_but_stays_where_it_is(
    browser: Browser, session: Session, cast: Cast, terms: dict[str, TaxonomyTerm]
) -> None:
    cast.choir.terms = [terms["dance"]]
    service.publish(session, cast.choir, now=NOW)
    other = cast.service("Ashby walkers")
    session.commit()
    browser.sign_in(cast.cora)
    url = f"/topics/{terms['dance'].id}"
    for _ in range(2):
        assert browser.post(f"{url}/retire").status_code == 302
    assert happened(session, terms["dance"]) == ["retired"]
    browser.get("/topics")  # which says that it is retired
    assert "Dancing" not in browser.get(f"/groups/{other.id}/edit").text
    assert 'value="dance" checked' in browser.get(f"/groups/{cast.choir.id}/edit").text
    assert browser.get("/find.json?topic=dance").get_json()["total"] == 1
    for _ in range(2):
        assert browser.post(f"{url}/restore").status_code == 302
    assert happened(session, terms["dance"]) == ["retired", "restored"]
    assert "Dancing" in browser.get(f"/groups/{other.id}/edit").text


def test_a_retired_topics_name_may_be_taken_and_then_it_cannot_come_back(
    browser: Browser, session: Session, cast: Cast, terms: dict[str, TaxonomyTerm]
) -> None:
    browser.sign_in(cast.cora)
    url = f"/topics/{terms['dance'].id}"
    browser.post(f"{url}/retire")
    browser.post("/topics/add", data=NEW | {"name": "Dancing"})
    page = browser.post(f"{url}/restore")
    assert page.status_code == 422
    assert "There is a topic with this name already" in page.text
    session.refresh(terms["dance"])
    assert terms["dance"].retired_at is not None


def test_a_topic_of_another_list_is_left_to_it(
    browser: Browser, session: Session, cast: Cast
) -> None:
    foreign = cast.add(TaxonomyTerm(slug="esd-9", name="Choral societies", theme=Theme.PEOPLE))
    session.commit()
    browser.sign_in(cast.cora)
    assert "came with an import" in browser.get(f"/topics/{foreign.id}").text
    assert browser.post(f"/topics/{foreign.id}", data=form_of(foreign, name="X")).status_code == 422
    assert "Choral societies" not in browser.get(f"/groups/{cast.choir.id}/edit").text
