"""A connection's own page and the steps taken from it."""

from datetime import date
from html import unescape
from re import findall
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, func, select

from asset_hub.connections import service
from asset_hub.connections.models import Connection, Ending, State
from asset_hub.core.audit import AuditEntry
from asset_hub.core.ids import new
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.connections.steps import connect

NO_DATES = {f"{n}-{p}": "" for n in ("first_on", "until") for p in ("day", "month", "year")}
PAGES = ["", "/slip", "/answer", "/date", "/close", "/reopen", "/withdraw"]


@pytest.fixture
def made(session: Session, cast: Cast) -> Connection:
    return connect(session, cast)


def looks(session: Session, made: Connection) -> int:
    wanted = select(func.count()).where(
        AuditEntry.subject_id == made.id, AuditEntry.action == "read"
    )
    return session.exec(wanted).one()


def test_the_page_tells_where_it_stands_and_what_happened(
    browser: Browser, cast: Cast, made: Connection
) -> None:
    browser.sign_in(cast.ben)
    page = browser.get(f"/connections/{made.id}").text
    for said in (
        "Waiting for the group’s answer", "The group was asked by email", "Wednesday 9 September",
        "She misses singing", "Rose would love to sing again.", "The group answered by phone",
    ):  # fmt: skip
        assert said in page
    assert "Give it to somebody else" not in page  # Ben may not


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["ben", "cora", "petra", "lee"])
def test_each_look_leaves_one_row(
    who: str, path: str, browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    browser.sign_in(getattr(cast, who))
    assert browser.get(f"/connections/{made.id}{path}").status_code == 200
    assert looks(session, made) == 1


@pytest.mark.parametrize("path", [*PAGES, "/give"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("dev", 404), ("dora", 404), ("pip", 404),
        ("mia", 403), ("cath", 403), ("otto", 403), ("ada", 403),
    ],
)  # fmt: skip
def test_strangers_see_nothing(
    who: str, status: int, path: str, browser: Browser, cast: Cast, made: Connection,
    session: Session,
) -> None:  # fmt: skip
    browser.sign_in(getattr(cast, who))
    answer = browser.get(f"/connections/{made.id}{path}")
    if path == "/give" and who in {"dev", "pip"}:
        status = 403  # neither gives connections away anywhere
    assert answer.status_code == status
    assert "Rose" not in answer.text
    assert looks(session, made) == 0
    assert browser.get(f"/connections/{new()}{path}").status_code == status


@pytest.mark.parametrize("who", ["dev", "dora", "pip"])
def test_strangers_change_nothing(who: str, browser: Browser, cast: Cast, made: Connection) -> None:
    browser.sign_in(getattr(cast, who))
    ended = {"ending": "changed_mind", "words": "", "version": str(made.version)}
    assert browser.post(f"/connections/{made.id}/close", data=ended).status_code == 404
    assert browser.post(f"/connections/{made.id}/ask").status_code == 404
    assert made.state is State.SENT


def test_the_groups_yes_by_telephone_is_written_down(
    browser: Browser, cast: Cast, made: Connection
) -> None:
    browser.sign_in(cast.ben)
    said = {**NO_DATES, "answer": "yes", "who": "Olive", "words": "", "version": str(made.version)}
    answer = browser.post(f"/connections/{made.id}/answer", data=said)
    assert answer.location == f"/connections/{made.id}"
    assert made.state is State.ACCEPTED
    assert made.events[-1].by_id == cast.ben.id
    assert "They are introduced" in browser.get(answer.location).text


def test_a_wait_told_to_the_keeper_is_looked_at_when_it_is_over(
    browser: Browser, cast: Cast, made: Connection
) -> None:
    browser.sign_in(cast.ben)
    until = {"until-day": "5", "until-month": "october", "until-year": "2026"}
    said = {**NO_DATES, **until, "answer": "not_now", "version": str(made.version)}
    browser.post(f"/connections/{made.id}/answer", data=said)
    assert (made.state, str(made.next_check_on)) == (State.WAITING, "2026-10-05")


def test_a_group_that_said_no_can_be_asked_again(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    service.move(session, made, State.DECLINED_BY_GROUP, by=cast.ben, now=NOW)
    session.commit()
    browser.sign_in(cast.ben)
    browser.post(f"/connections/{made.id}/ask")
    assert made.state is State.SENT
    assert browser.post(f"/connections/{made.id}/ask").status_code == 422  # the button, twice


def test_closing_asks_how_it_ended_and_reopening_why(
    browser: Browser, cast: Cast, made: Connection
) -> None:
    browser.sign_in(cast.ben)
    url = f"/connections/{made.id}"
    refused = browser.post(f"{url}/close", data={"version": str(made.version), "words": "I sing"})
    assert refused.status_code == 422
    assert "Select how it ended" in refused.text
    assert "I sing" in refused.text
    ended = {"ending": "changed_mind", "words": "I sing", "version": str(made.version)}
    browser.post(f"{url}/close", data=ended)
    assert (made.state, made.ending, made.ending_words) == (
        State.CLOSED, Ending.CHANGED_MIND, "I sing",
    )  # fmt: skip
    again = {"version": str(made.version), "reason": ""}
    assert "Enter why it is open again" in browser.post(f"{url}/reopen", data=again).text
    browser.post(f"{url}/reopen", data={**again, "reason": "She asked"})
    assert made.state is State.AGREED
    assert "Opened again" in browser.get(url).text


@pytest.mark.parametrize(("day", "status"), [("30", 302), ("7", 422), ("1", 422)])
def test_the_next_day_is_in_the_next_twelve_weeks(
    day: str, status: int, browser: Browser, cast: Cast, made: Connection
) -> None:
    browser.sign_in(cast.ben)
    on = {"on-day": day, "on-month": "9", "on-year": "2026", "version": str(made.version)}
    assert browser.post(f"/connections/{made.id}/date", data=on).status_code == status
    assert (str(made.next_check_on) == "2026-09-30") is (status == 302)


def test_a_slip_says_where_to_go_and_nothing_of_why(
    browser: Browser, cast: Cast, made: Connection
) -> None:
    cast.choir.how_to_join = "Come along on Thursday"
    browser.sign_in(cast.petra)
    page = browser.get(f"/connections/{made.id}/slip").text
    assert "Come along on Thursday" in page
    assert "Ben keeps in touch with you" in page
    assert "Connected to Ashby choir on Monday 7 September 2026, with their agreement" in page
    assert "misses singing" not in page


def test_a_connection_is_taken_back(browser: Browser, cast: Cast, made: Connection) -> None:
    browser.sign_in(cast.ben)
    gone = {"version": str(made.version), "note": "She is unwell"}
    browser.post(f"/connections/{made.id}/withdraw", data=gone)
    assert (made.state, made.next_check_on) == (State.WITHDRAWN, None)
    assert made.events[-1].note == "She is unwell"


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("close", {"ending": "changed_mind", "words": ""}),
        ("withdraw", {"note": ""}),
        ("answer", {**NO_DATES, "answer": "yes"}),
        ("date", {"on-day": "30", "on-month": "9", "on-year": "2026"}),
    ],
)
def test_two_keepers_at_once_do_not_overwrite_each_other(
    path: str, answers: dict[str, Any], browser: Browser, cast: Cast, made: Connection,
    session: Session,
) -> None:  # fmt: skip
    opened = str(made.version)
    service.move(session, made, State.SEEN, by=cast.cora, now=NOW)
    session.commit()
    browser.sign_in(cast.ben)
    answer = browser.post(f"/connections/{made.id}/{path}", data={**answers, "version": opened})
    assert answer.status_code == 422
    assert "Somebody else changed this" in answer.text
    assert "It stands now at" in answer.text
    assert made.state is State.SEEN


def test_the_list_shows_open_ones_first_and_only_ones_own(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    gone = connect(session, cast, cast.person("Amir"))
    service.close(session, gone, ending=Ending.JOINED, words="", by=cast.ben, now=NOW)
    theirs = connect(session, cast, cast.person("Zoë", owner=cast.cora), by=cast.cora)
    session.commit()
    browser.sign_in(cast.ben)
    page = browser.get("/connections").text
    assert page.index("Rose and Ashby choir") < page.index("Amir and Ashby choir")
    assert "Zoë" not in page
    assert "Rose and" not in browser.get("/connections?state=closed").text
    assert "Amir" not in browser.get(f"/connections?person={made.person_id}").text
    assert "None here" in browser.get("/connections?state=lapsed").text
    browser.sign_in(cast.cora)
    assert "Zoë and" in browser.get(f"/connections?person={theirs.person_id}").text
    browser.sign_in(cast.dora)
    assert "No connections yet" in browser.get("/connections").text


def test_a_list_of_connections_is_a_look_at_those_on_it(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    browser.sign_in(cast.ben)
    browser.get("/connections")
    row = session.exec(select(AuditEntry).where(AuditEntry.action == "list")).one()
    assert (row.by_id, row.detail) == (cast.ben.id, {"of": "connection", "shown": [str(made.id)]})


def test_a_list_asks_the_same_few_questions_however_long_it_is(
    browser: Browser, cast: Cast, session: Session
) -> None:
    asked: list[object] = []

    def count(*what: object) -> None:
        asked.append(what)

    browser.sign_in(cast.ben)
    counts = []
    for names in (["A"], ["B", "C", "D"]):
        for name in names:
            connect(session, cast, cast.person(name))
        session.expunge_all()
        event.listen(session.get_bind(), "before_cursor_execute", count)
        browser.get("/connections")
        event.remove(session.get_bind(), "before_cursor_execute", count)
        counts.append(len(asked))
        asked.clear()
    assert counts[0] == counts[1]


def first_button(page: str) -> str:
    """Return the words on the page's leading button."""
    [found] = findall(r'class="govuk-button ?"[^>]*>([^<]+)<', page[page.index("<main") :])
    return unescape(found)


def test_one_button_leads_in_each_state(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    browser.sign_in(cast.ben)
    url = f"/connections/{made.id}"
    page = browser.get(url).text
    assert first_button(page) == "The group answered by phone"
    assert "If nothing comes by Wednesday 9 September 2026" in page
    for kept in ("Take it back", "Choose another day", "Hand-overs"):
        assert kept not in page
    for said in ("Withdraw this request", "Change when you look again", "A slip to hand over"):
        assert said in page
    service.move(session, made, State.DECLINED_BY_GROUP, by=cast.ben, now=NOW)
    session.commit()
    page = browser.get(url).text
    assert first_button(page) == "Find another group"
    assert f"/people/{made.person_id}/connect" in page
    assert "hub-status--red" in page
    service.move(session, made, State.ACCEPTED, by=cast.ben, now=NOW)
    session.commit()
    assert first_button(browser.get(url).text) == "They are introduced"


@pytest.mark.parametrize(
    ("wants", "state", "on"),
    [("yes", State.WAITING, "2026-10-05"), ("no", State.DECLINED_BY_GROUP, "2026-09-08")],
)
def test_whether_rose_wants_to_wait_is_two_buttons(
    wants: str, state: State, on: str, browser: Browser, cast: Cast, made: Connection,
    session: Session,
) -> None:  # fmt: skip
    service.move(session, made, State.WAITING, by=cast.ben, now=NOW, until=date(2026, 10, 5))
    service.promise(made, date(2026, 9, 8))
    session.commit()
    browser.sign_in(cast.ben)
    url = f"/connections/{made.id}"
    assert "Does Rose want to wait?" in browser.get(url).text
    assert browser.post(f"{url}/wait", data={"wants": wants}).location == url
    assert (made.state, str(made.next_check_on)) == (state, on)
    assert "Does Rose want to wait?" not in browser.get(url).text
    browser.sign_in(cast.dev)
    assert browser.post(f"{url}/wait", data={"wants": wants}).status_code == 404


def test_a_wait_that_is_over_asks_the_group_again(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    service.move(session, made, State.WAITING, by=cast.ben, now=NOW, until=TODAY)
    session.commit()
    browser.sign_in(cast.ben)
    page = browser.get(f"/connections/{made.id}").text
    assert "The wait ended on Monday 7 September 2026" in page
    assert first_button(page) == "Ask the group by email"


def test_who_will_meet_them_is_asked_under_a_yes_only(
    browser: Browser, cast: Cast, made: Connection
) -> None:
    browser.sign_in(cast.ben)
    page = browser.get(f"/connections/{made.id}/answer").text
    assert "What did they say?" in page
    assert page.count('name="who"') == 1
    assert page.index('value="yes"') < page.index('name="who"') < page.index('value="not_now"')


def test_nothing_is_sent_about_somebody_who_has_died(
    browser: Browser, cast: Cast, made: Connection
) -> None:
    browser.sign_in(cast.ben)
    url = f"/connections/{made.id}/close"
    page = browser.get(url).text
    assert "They have died" in page
    assert "They joined" not in page  # nobody was introduced yet
    said = {"ending": "died", "words": "", "version": str(made.version)}
    browser.post(url, data=said)
    assert made.ending is Ending.DIED
    assert made.person.no_contact


def test_an_old_ending_is_still_read(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    service.close(session, made, ending=Ending.MOVED_OR_DIED, words="", by=cast.ben, now=NOW)
    session.commit()
    browser.sign_in(cast.ben)
    assert "They have moved away or died" in browser.get(f"/connections/{made.id}").text


def test_the_slip_says_how_to_reach_the_group_and_the_keeper(
    browser: Browser, cast: Cast, made: Connection, session: Session
) -> None:
    cast.choir.phone, cast.surgery.phone = "01632 960100", "01632 960200"
    session.commit()
    browser.sign_in(cast.ben)
    page = browser.get(f"/connections/{made.id}/slip").text
    assert "01632 960100" in page
    assert "Telephone Ashby Surgery on 01632 960200 and ask for Ben" in page
    assert "01632 960001" not in page  # Olive's own number is not public


def test_numbers_and_addresses_are_links(browser: Browser, cast: Cast, made: Connection) -> None:
    browser.sign_in(cast.ben)
    page = browser.get(f"/connections/{made.id}").text
    assert 'href="tel:01632960777"' in page
    assert 'href="tel:01632960001"' in page
    assert 'href="mailto:olive@choir.example"' in page
