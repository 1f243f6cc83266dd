"""The pages about people, opened by those who may and those who may not."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, func, select

from asset_hub.communities.models import Community
from asset_hub.core.audit import AuditEntry
from asset_hub.core.ids import new
from asset_hub.people import queries, service
from asset_hub.people.models import AgreedHow, AgreedTo, Consent, Person
from tests.cast import NOW, Cast
from tests.conftest import Browser

NASTY = "{{7*7}}<script>alert(1)</script>'\"‮Zoë"
ANSWERS = {
    "name": "Rose Ashworth", "contact_by": "phone", "phone": "01632960777", "email": "",
    "safe_contact": "After ten", "matters": "She misses singing", "how": "spoken",
    "request_key": "shown-once",
}  # fmt: skip


def looks(session: Session, person: Person) -> int:
    wanted = select(func.count()).where(
        AuditEntry.subject_id == person.id, AuditEntry.action == "read"
    )
    return session.exec(wanted).one()


def everybody(session: Session) -> list[Person]:
    return list(session.exec(select(Person)))


def test_ben_adds_rose_in_one_short_form(browser: Browser, cast: Cast, session: Session) -> None:
    browser.sign_in(cast.ben)
    page = browser.get("/people/add").text
    assert service.words_to_read(AgreedTo.RECORD).words in page
    assert "Which community" not in page  # Ben has one community
    assert "Who will keep in touch" not in page  # and keeps whom he adds
    answer = browser.post("/people/add", data=ANSWERS)
    [rose] = everybody(session)
    assert answer.location == f"/people/{rose.id}"
    assert (rose.name, rose.phone, rose.owner_id) == ("Rose Ashworth", "01632 960777", cast.ben.id)
    consent = session.exec(select(Consent)).one()
    assert (consent.how, consent.wording, consent.asked_by_id) == ("spoken", "2", cast.ben.id)


def test_adding_asks_for_eight_things_at_most(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.ben)
    page = browser.get("/people/add").text
    assert page.count("govuk-form-group") <= 8


def test_a_double_click_and_back_add_one_rose(
    browser: Browser, cast: Cast, session: Session
) -> None:
    browser.sign_in(cast.ben)
    first = browser.post("/people/add", data=ANSWERS)
    again = browser.post("/people/add", data={**ANSWERS, "sure": "yes"})
    assert first.location == again.location
    assert len(everybody(session)) == 1


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ({"how": ""}, "Read them the words"),
        ({"name": " "}, "Enter what they like to be called"),
        ({"phone": "", "contact_by": "text"}, "Enter their phone number"),
        ({"phone": "12", "contact_by": "in_person"}, "Enter a phone number, like"),
        ({"request_key": ""}, "too old"),
    ],
)
def test_nobody_is_added_half(
    left_out: dict[str, str], words: str, browser: Browser, cast: Cast, session: Session
) -> None:
    browser.sign_in(cast.ben)
    answer = browser.post("/people/add", data={**ANSWERS, **left_out})
    assert answer.status_code == 422
    assert words in answer.text
    assert "She misses singing" in answer.text  # nothing typed is lost
    assert everybody(session) == []


def test_a_look_alike_is_shown_before_a_second_one_is_added(
    browser: Browser, cast: Cast, session: Session
) -> None:
    browser.sign_in(cast.ben)
    browser.post("/people/add", data=ANSWERS)
    twin = {**ANSWERS, "name": "rose  ASHWORTH", "phone": "01632 960999", "request_key": "two"}
    shown = browser.post("/people/add", data=twin)
    assert "Are they here already?" in shown.text
    assert len(everybody(session)) == 1
    assert browser.post("/people/add", data={**twin, "sure": "yes"}).status_code == 302
    assert len(everybody(session)) == 2


def test_each_look_alike_that_is_shown_is_a_look_at_that_person(
    browser: Browser, cast: Cast, session: Session
) -> None:
    rose = cast.person("Rose Ashworth")
    rose.name_print = queries.name_print("Rose Ashworth")
    session.commit()
    browser.sign_in(cast.ben)
    assert "Are they here already?" in browser.post("/people/add", data=ANSWERS).text
    row = session.exec(select(AuditEntry).where(AuditEntry.action == "look-alike")).one()
    assert (row.subject_id, row.by_id) == (rose.id, cast.ben.id)


def test_a_list_of_names_is_a_look_at_those_on_it(
    browser: Browser, cast: Cast, session: Session
) -> None:
    rose = cast.person()
    other = cast.person("Amir", owner=cast.cora)
    browser.sign_in(cast.ben)
    assert "Rose" in browser.get("/people").text
    row = session.exec(select(AuditEntry).where(AuditEntry.action == "list")).one()
    assert (row.by_id, row.detail) == (cast.ben.id, {"of": "person", "shown": [str(rose.id)]})
    assert str(other.id) not in str(row.detail)


def test_a_surname_stays_out_of_tabs_and_histories(browser: Browser, cast: Cast) -> None:
    rose = cast.person("Rose Ashworth")
    browser.sign_in(cast.ben)
    for path in ("", "/change", "/agree", "/keeper", "/take-back", "/connect"):
        page = browser.get(f"/people/{rose.id}{path}").text
        assert "Ashworth" not in page[page.index("<title>") : page.index("</title>")]
    assert "Rose Ashworth" in browser.get(f"/people/{rose.id}").text


def test_a_look_alike_out_of_reach_is_never_revealed(
    browser: Browser, cast: Cast, session: Session
) -> None:
    browser.sign_in(cast.ben)
    browser.post("/people/add", data=ANSWERS)
    browser.sign_in(cast.dev)
    answer = browser.post("/people/add", data={**ANSWERS, "request_key": "devs"})
    assert answer.status_code == 302


def test_petra_chooses_among_the_communities_of_her_practice(
    browser: Browser, cast: Cast, session: Session
) -> None:
    hill = Community(name="Hill", slug="hill")
    session.add(hill)
    cast.surgery.communities.append(hill)
    session.commit()
    browser.sign_in(cast.petra)
    assert "Hill (Ashby Surgery)" in browser.get("/people/add").text
    home = f"{cast.surgery.id}:{hill.id}"
    elsewhere = f"{cast.other_surgery.id}:{cast.elsewhere.id}"
    refused = browser.post("/people/add", data={**ANSWERS, "home": elsewhere})
    assert refused.status_code == 422
    browser.post("/people/add", data={**ANSWERS, "home": home})
    [rose] = everybody(session)
    assert (rose.community_id, rose.practice_id) == (hill.id, cast.surgery.id)


def test_a_practice_without_a_community_is_told_what_to_do(
    browser: Browser, cast: Cast, session: Session
) -> None:
    cast.surgery.communities.clear()
    session.commit()
    browser.sign_in(cast.petra)
    assert "looks after no community" in browser.get("/people/add").text


def test_cora_chooses_who_keeps_in_touch(browser: Browser, cast: Cast, session: Session) -> None:
    browser.sign_in(cast.cora)
    assert "Ben" in browser.get("/people/add").text
    refused = browser.post("/people/add", data={**ANSWERS, "keeper": str(cast.dev.id)})
    assert refused.status_code == 422
    browser.post("/people/add", data={**ANSWERS, "keeper": str(cast.ben.id)})
    assert everybody(session)[0].owner_id == cast.ben.id


def test_roses_page_says_how_to_reach_her_safely_before_anything_else(
    browser: Browser, cast: Cast
) -> None:
    rose = cast.person()
    browser.sign_in(cast.ben)
    page = browser.get(f"/people/{rose.id}").text
    assert page.index("After ten, never on Sundays") < page.index("She misses singing")
    assert "never leave a message" in page
    assert "Ben asked" in page


@pytest.mark.parametrize("who", ["ben", "cora", "petra", "lee"])
def test_each_look_leaves_one_row(who: str, browser: Browser, cast: Cast, session: Session) -> None:
    rose = cast.person()
    browser.sign_in(getattr(cast, who))
    for path in ("", "/change", "/agree"):
        assert browser.get(f"/people/{rose.id}{path}").status_code == 200
    assert looks(session, rose) == 3
    by = session.exec(select(AuditEntry.by_id).where(AuditEntry.subject_id == rose.id)).all()
    assert set(by) == {getattr(cast, who).id}


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("dev", 404), ("dora", 404), ("pip", 404),
        ("mia", 403), ("cath", 403), ("otto", 403), ("ada", 403),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["", "/change", "/agree"])
def test_strangers_see_nothing_of_rose(
    who: str, status: int, path: str, browser: Browser, cast: Cast, session: Session
) -> None:
    rose = cast.person()
    browser.sign_in(getattr(cast, who))
    answer = browser.get(f"/people/{rose.id}{path}")
    assert answer.status_code == status
    assert b"Rose" not in answer.data
    assert looks(session, rose) == 0


def test_another_navigator_of_the_same_community_sees_nothing(browser: Browser, cast: Cast) -> None:
    rose = cast.person(owner=cast.cora)
    browser.sign_in(cast.ben)
    assert browser.get(f"/people/{rose.id}").status_code == 404
    assert browser.get(f"/people/{new()}").status_code == 404
    assert "Rose" not in browser.get("/people").text


def test_somebody_is_found_by_name_without_the_name_in_the_address(
    browser: Browser, cast: Cast, session: Session
) -> None:
    cast.person("Rosé Ashworth")
    cast.person("Amir")
    browser.sign_in(cast.ben)
    page = browser.post("/people", data={"name": "rose"})
    assert "Rosé Ashworth" in page.text
    assert "Amir" not in page.text
    note = session.exec(select(AuditEntry).where(AuditEntry.action == "search-people")).one()
    assert note.detail["found"] == len(note.detail["shown"]) == 1
    assert "Nobody by that name" in browser.post("/people", data={"name": "zzz"}).text
    assert browser.post("/people", data={"name": ""}).location == "/people"


def test_an_empty_list_says_what_to_do(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.ben)
    assert "Nobody yet" in browser.get("/people").text


def test_a_change_over_somebody_elses_is_shown_and_not_saved(
    browser: Browser, cast: Cast, session: Session
) -> None:
    rose = cast.person()
    opened = str(rose.version)
    browser.sign_in(cast.ben)
    answers: dict[str, Any] = {**ANSWERS, "name": "Rosie", "version": opened}
    assert browser.post(f"/people/{rose.id}/change", data=answers).status_code == 302
    answers["name"] = "Rosalind"
    answer = browser.post(f"/people/{rose.id}/change", data=answers)
    assert answer.status_code == 422
    assert "Somebody else changed this" in answer.text
    assert "As it is now" in answer.text
    assert rose.name == "Rosie"
    assert "Rosalind" in answer.text


def test_an_agreement_taken_back_can_be_given_again(
    browser: Browser, cast: Cast, session: Session
) -> None:
    rose = cast.person()
    service.withdraw(session, rose, AgreedTo.RECORD, by=cast.ben, now=NOW)
    session.commit()
    browser.sign_in(cast.ben)
    page = browser.get(f"/people/{rose.id}").text
    assert "Do not contact them" in page
    assert "Connect them to a group" not in page
    browser.post(f"/people/{rose.id}/agree", data={"how": "written"})
    assert queries.has_agreed(session, rose.id, AgreedTo.RECORD)
    live = queries.live_agreement(session, rose.id, AgreedTo.RECORD)
    assert live is not None
    assert live.how is AgreedHow.WRITTEN
    assert not rose.no_contact


def test_nasty_words_are_shown_as_words(browser: Browser, cast: Cast, session: Session) -> None:
    browser.sign_in(cast.ben)
    words = {**ANSWERS, "name": NASTY, "safe_contact": NASTY, "matters": NASTY}
    answer = browser.post("/people/add", data=words)
    for path in (answer.location, f"{answer.location}/change", "/people"):
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert "{{7*7}}" in page
        assert "49<" not in page


def test_nothing_about_rose_is_in_a_cookie_or_a_log(
    browser: Browser, cast: Cast, caplog: pytest.LogCaptureFixture, session: Session
) -> None:
    browser.sign_in(cast.ben)
    answer = browser.post("/people/add", data=ANSWERS)
    assert "Rose" not in str(answer.headers)
    assert "Rose" not in caplog.text
    assert UUID(answer.location.rsplit("/", 1)[1])
    assert answer.headers["Cache-Control"] == "private, no-store"
    rows = session.connection().execute(text("SELECT detail FROM audit_entry")).all()
    assert "Rose" not in str(rows)
