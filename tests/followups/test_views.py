import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from asset_hub.connections import service as connections
from asset_hub.connections.models import Connection, Ending, Handover, State
from asset_hub.core import calendar
from asset_hub.core.audit import AuditEntry
from asset_hub.directory.models import Standing
from asset_hub.followups import queries
from asset_hub.followups.models import Attempt, FollowUp, Outcome
from asset_hub.followups.queries import When, Who
from asset_hub.people.models import CONTACT_WORDS, ContactBy
from asset_hub.volunteers.models import Volunteer, Wants
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.connections.steps import connect
from tests.followups.stories import accepted, hear, introduced


@pytest.fixture
def rose(session: Session, cast: Cast) -> Connection:
    """Rose, introduced to the choir today; her first look is due on Wednesday."""
    return introduced(session, cast)


def due(session: Session, connection: Connection, on: date) -> Connection:
    connections.promise(connection, on)
    session.add(connection)
    session.commit()
    return connection


def record_url(connection: Connection) -> str:
    return f"/connections/{connection.id}/follow-up"


# Today


def test_ben_sees_what_is_overdue_due_and_coming(
    session: Session, cast: Cast, browser: Browser
) -> None:
    for name, days in (("Oona", -3), ("Dot", 0), ("Cleo", 7), ("Faye", 8)):
        due(session, introduced(session, cast, cast.person(name)), TODAY + timedelta(days))
    browser.sign_in(cast.ben)
    page = browser.get("/today").text
    order = ["Overdue (1)", "Oona", "Friday 4 September 2026", "Due today (1)", "Dot",
             "Coming up (1)", "Cleo", "Monday 14 September 2026"]  # fmt: skip
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "Faye" not in page
    assert "Monday 7 September 2026" in page


def test_each_line_says_why_and_has_its_one_button(
    session: Session, cast: Cast, browser: Browser
) -> None:
    waiting = connect(session, cast, cast.person("Wren"))
    yes = accepted(session, cast, cast.person("Yves"))
    went = introduced(session, cast, cast.person("Ingrid"))
    browser.sign_in(cast.ben)
    page = browser.get("/today").text
    assert "The group has not answered yet" in page
    assert "The group said yes: introduce them" in page
    assert "See whether they went" in page
    assert f'href="/connections/{waiting.id}">Open' in page
    assert f'href="/connections/{yes.id}/introduce">Introduce them' in page
    assert f'href="{record_url(went)}">Record what you heard' in page


def test_somebody_who_wants_no_contact_is_not_to_be_called(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    rose.person.no_contact = True
    session.commit()
    browser.sign_in(cast.ben)
    page = browser.get("/today").text
    assert "They asked not to be contacted: close it" in page
    assert record_url(rose) not in page


def test_an_empty_day_says_what_to_do(cast: Cast, browser: Browser) -> None:
    browser.sign_in(cast.ben)
    page = browser.get("/today").text
    assert "You keep in touch with nobody yet" in page
    assert 'href="/connect"' in page
    assert 'href="/find"' in page


def test_a_free_week_is_not_taken_for_a_first_day(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    due(session, rose, TODAY + timedelta(30))
    browser.sign_in(cast.ben)
    page = browser.get("/today").text
    assert "Nothing is due this week" in page
    assert 'href="/people"' in page
    assert page.count('href="/connect"') == 1


def test_the_day_offers_to_connect_somebody(rose: Connection, cast: Cast, browser: Browser) -> None:
    browser.sign_in(cast.ben)
    page = browser.get("/today").text
    assert page.index('href="/connect">Connect somebody') < page.index("Coming up (1)")


@pytest.mark.parametrize("who", ["cora", "petra", "lee"])
def test_whoever_keeps_nobody_sees_what_the_others_keep(
    session: Session, rose: Connection, cast: Cast, browser: Browser, who: str
) -> None:
    reader = getattr(cast, who)
    browser.sign_in(reader)
    page = browser.get("/today").text
    assert "Rose" in page
    assert "kept by Ben" in page
    assert "Rose" not in browser.get("/today?who=mine").text
    due(session, introduced(session, cast, cast.person("Iris", owner=reader)), TODAY)
    page = browser.get("/today").text
    assert "Iris" in page
    assert "Rose" not in page


def test_what_waits_on_other_pages_is_said_to_whoever_may_answer(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    for name in ("Ukuleles", "Bees", "Bingo"):
        cast.service(name, standing=Standing.WAITING)
    cast.service("Elsewhere band", standing=Standing.WAITING, community=cast.elsewhere)
    cast.add(
        Volunteer(
            community_id=cast.ashby.id, name="Vera", email="vera@example.org",
            wants=Wants.CHAMPION, applied_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    browser.sign_in(cast.cora)
    page = browser.get("/today").text
    assert 'href="/to-approve">3 things wait for a look' in page
    assert re.search(
        r'look</a>\s+·\s+<a class="govuk-link" href="/volunteers">1 offer to help', page
    )
    browser.sign_in(cast.ben)
    assert "Also waiting for you" not in browser.get("/today").text


def test_when_the_group_said_no_the_button_leads_to_another(
    session: Session, cast: Cast, browser: Browser
) -> None:
    connection = connect(session, cast, cast.person("Wren"))
    connections.move(session, connection, State.DECLINED_BY_GROUP, by=None, now=NOW)
    session.commit()
    browser.sign_in(cast.ben)
    page = browser.get("/today").text
    assert f'href="/people/{connection.person_id}/connect">Find another group' in page


def test_the_day_shows_first_names_only(cast: Cast, session: Session, browser: Browser) -> None:
    introduced(session, cast, cast.person("Rosalind Featherstonehaugh"))
    browser.sign_in(cast.ben)
    page = browser.get("/today").text
    assert "Rosalind" in page
    assert "Featherstonehaugh" not in page


def test_the_day_is_ones_own_and_the_coordinator_may_see_everybodys(
    rose: Connection, cast: Cast, browser: Browser
) -> None:
    introduced(cast.session, cast, cast.person("Iris", owner=cast.cora))
    browser.sign_in(cast.cora)
    assert "Rose" not in browser.get("/today").text
    page = browser.get("/today?who=all").text
    assert "Rose" in page
    assert "kept by Ben" in page
    browser.sign_in(cast.ben)
    assert "Everybody’s" not in browser.get("/today").text


@pytest.mark.parametrize("who", ["", "?who=all", "?who=nobody", "?who=nonsense"])
def test_nobody_from_elsewhere_sees_anything(
    rose: Connection, cast: Cast, browser: Browser, who: str
) -> None:
    for stranger in (cast.dora, cast.dev, cast.pip):
        browser.sign_in(stranger)
        assert "Rose" not in browser.get(f"/today{who}").text
    for other in (cast.mia, cast.cath, cast.otto, cast.ada):
        browser.sign_in(other)
        assert browser.get(f"/today{who}").status_code == 403


def test_only_a_list_of_others_leaves_a_trace(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    def looks() -> int:
        return len(session.exec(select(AuditEntry).where(AuditEntry.action == "list")).all())

    browser.sign_in(cast.cora)
    browser.get("/today?who=mine")
    assert looks() == 0
    browser.get("/today?who=all")
    assert looks() == 1


def test_connections_whose_keeper_left_need_an_owner(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    introduced(session, cast, cast.person("Iris", owner=cast.cora))
    browser.sign_in(cast.cora)
    assert "Needs an owner" not in browser.get("/today").text
    cast.ben.disabled_at = NOW
    session.commit()
    page = browser.get("/today").text
    assert page.index("1 connection needs an owner") < page.index("Coming up (1)")
    page = browser.get("/today?who=nobody").text
    assert "Rose" in page
    assert "Iris" not in page
    assert "Give to somebody" in page
    connections.reassign(session, rose, cast.cora, by=cast.cora, now=NOW)
    session.commit()
    assert "Everybody has somebody" in browser.get("/today?who=nobody").text


def test_a_keeper_without_a_role_has_left_too(
    session: Session, rose: Connection, cast: Cast
) -> None:
    cast.ben.grants[0].ended_at = NOW
    session.commit()
    assert queries.agenda(session, cast.cora, who=Who.MINE, today=TODAY).unkept == 1
    assert queries.agenda(session, cast.dora, who=Who.MINE, today=TODAY).unkept == 0
    assert queries.agenda(session, cast.lee, who=Who.NOBODY, today=TODAY).counts[When.COMING] == 1


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    said: list[str] = []
    connection = session.connection()

    def note(_: object, __: object, sql: str, *___: object) -> None:
        if "SAVEPOINT" not in sql:
            said.append(sql)

    event.listen(connection, "before_cursor_execute", note)
    yield said
    event.remove(connection, "before_cursor_execute", note)


@pytest.mark.parametrize("who", ["mine", "all"])
def test_a_full_day_asks_the_database_no_more_than_an_empty_one(
    session: Session, cast: Cast, browser: Browser, who: str
) -> None:
    browser.sign_in(cast.cora)
    browser.get(f"/today?who={who}")
    session.expire_all()
    with counting(session) as empty:
        browser.get(f"/today?who={who}")
    for n in range(12):
        introduced(session, cast, cast.person(f"Rose {n}", owner=cast.cora))
    session.expire_all()
    with counting(session) as full:
        assert "Rose" in browser.get(f"/today?who={who}").text
    assert len(full) == len(empty) + (who == "all")  # one more writes down who was shown
    # the hellos that wait are one of them; PostgreSQL waits for its turn in the log, besides
    turn = session.get_bind().dialect.name == "postgresql" and who == "all"
    assert len(full) <= 14 + turn


def test_only_the_names_on_the_page_are_opened(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_SHOWN", 2)
    for n in range(4):
        introduced(session, cast, cast.person(f"Rose {n}"))
    session.expunge_all()
    agenda = queries.agenda(session, session.merge(cast.ben), who=Who.MINE, today=TODAY)
    assert len(agenda.items) == 2
    assert agenda.counts == {When.OVERDUE: 0, When.DUE: 0, When.COMING: 4}
    unloaded = agenda.items[0].connection.person.__dict__
    assert "phone_sealed" not in unloaded
    assert "matters_sealed" not in unloaded


# Recording


def test_ben_records_that_rose_went(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    browser.sign_in(cast.ben)
    page = browser.get(record_url(rose)).text
    assert "How is it going for Rose?" in page
    assert "After ten, never on Sundays" in page
    data = {"outcome": "went_once", "note": "Loved the tea", "request_key": "k"}
    saved = browser.post(record_url(rose), data=data, follow_redirects=True)
    assert "You look in on them again on Monday 21 September 2026" in saved.text
    assert rose.state is State.ATTENDED
    assert "Loved the tea" in browser.get(record_url(rose)).text


def test_each_answer_says_when_somebody_looks_again(
    rose: Connection, cast: Cast, browser: Browser
) -> None:
    browser.sign_in(cast.ben)
    page = browser.get(record_url(rose)).text
    assert page.count("Next look: ") == 6
    assert "They still mean to go. Next look: Monday 14 September 2026." in page


def test_a_look_at_the_page_is_written_down_even_when_the_form_is_refused(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    def looks() -> int:
        reads = select(AuditEntry).where(
            AuditEntry.action == "read", AuditEntry.subject_id == rose.person_id
        )
        return len(session.exec(reads).all())

    browser.sign_in(cast.ben)
    before = looks()
    browser.get(record_url(rose))
    browser.post(record_url(rose), data={"note": "x"})
    assert looks() == before + 2


def test_nothing_typed_is_lost_when_something_is_missing(
    rose: Connection, cast: Cast, browser: Browser
) -> None:
    browser.sign_in(cast.ben)
    page = browser.post(record_url(rose), data={"note": "A long story", "request_key": "k"})
    assert page.status_code == 422
    assert "Select how it is going" in page.text
    assert "A long story" in page.text
    assert 'value="k"' in page.text


def test_a_note_may_have_a_thousand_letters(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    browser.sign_in(cast.ben)
    answer = {"outcome": "not_yet", "request_key": "k"}
    long = browser.post(record_url(rose), data=answer | {"note": "é" * 1001})
    assert long.status_code == 422
    assert "1,000 characters or fewer" in long.text.replace("1000", "1,000")
    assert browser.post(record_url(rose), data=answer | {"note": "é" * 1000}).status_code == 302
    assert len(session.exec(select(Attempt)).one().note) == 1000


def test_a_double_click_records_once(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    browser.sign_in(cast.ben)
    data = {"outcome": "not_yet", "request_key": "k", "note": ""}
    for _ in range(2):
        assert browser.post(record_url(rose), data=data).status_code == 302
    assert len(session.exec(select(Attempt)).all()) == 1


@pytest.mark.parametrize("key", ["", "k" * 65])
def test_a_form_that_could_not_be_told_from_another_is_refused(
    session: Session, rose: Connection, cast: Cast, browser: Browser, key: str
) -> None:
    browser.sign_in(cast.ben)
    page = browser.post(record_url(rose), data={"outcome": "not_yet", "request_key": key})
    assert page.status_code == 422
    assert session.exec(select(Attempt)).all() == []


def test_nothing_that_travels_in_the_cookie_names_a_person(
    rose: Connection, cast: Cast, browser: Browser
) -> None:
    browser.sign_in(cast.ben)
    browser.post(record_url(rose), data={"outcome": "not_yet", "request_key": "k"})
    with browser.session_transaction() as cookie:
        assert "Saved" in str(cookie["_flashes"])
        assert "Rose" not in str(dict(cookie))


def reach(page: str) -> tuple[str, str]:
    """Return what the note on safe contact says openly, and what it says behind its fold."""
    openly, _, rest = page.partition("How to reach Rose safely")[2].partition("<details")
    folded = rest.partition("</details>")[0]
    return (openly, folded) if folded else (openly.partition("<form")[0], "")


@pytest.mark.parametrize(
    ("by", "link"),
    [
        (ContactBy.PHONE, "tel:01632960777"),
        (ContactBy.TEXT, "sms:01632960777"),
        (ContactBy.EMAIL, "mailto:rose@example.org"),
        (ContactBy.POST, None),
        (ContactBy.IN_PERSON, None),
    ],
)
def test_only_the_way_rose_asked_for_is_offered_openly(
    session: Session, rose: Connection, cast: Cast, browser: Browser, by: ContactBy,
    link: str | None,
) -> None:  # fmt: skip
    rose.person.contact_by, rose.person.email = by, "rose@example.org"
    session.commit()
    browser.sign_in(cast.ben)
    openly, folded = reach(browser.get(record_url(rose)).text)
    assert CONTACT_WORDS[by] in openly
    assert re.findall('href="(.*?)"', openly) == ([link] if link else [])
    every = {"tel:01632960777", "sms:01632960777", "mailto:rose@example.org"}
    assert set(re.findall('href="(.*?)"', folded)) == every - {link}
    assert "Only if that does not work" in folded


def test_an_address_that_was_never_given_is_said_to_be_missing(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    rose.person.contact_by = ContactBy.EMAIL
    session.commit()
    browser.sign_in(cast.ben)
    openly, folded = reach(browser.get(record_url(rose)).text)
    assert "but no address is written down" in openly
    assert "01632" not in openly
    assert "01632" in folded


def test_nobody_who_asked_not_to_be_contacted_can_be_called_from_the_page(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    rose.person.no_contact = True
    session.commit()
    browser.sign_in(cast.ben)
    page = browser.get(record_url(rose)).text
    assert "They asked not to be contacted" in page
    assert "01632 960777" not in page
    assert "After ten" not in page


def test_ben_and_rose_choose_the_day_they_talk_again(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    browser.sign_in(cast.ben)
    chosen = {"next_on-day": "2", "next_on-month": "10", "next_on-year": "2026"}
    data = {"outcome": "not_yet", "request_key": "k"} | chosen
    page = browser.post(record_url(rose), data=data, follow_redirects=True).text
    assert "You look in on them again on Friday 2 October 2026" in page
    assert rose.next_check_on == date(2026, 10, 2)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (TODAY, "must be after today"),
        (date(2026, 9, 12), "must be on a working day"),
        (TODAY + timedelta(weeks=12, days=1), "must be within 12 weeks"),
    ],
)
def test_a_day_nobody_can_keep_is_refused_and_nothing_is_written(
    session: Session, rose: Connection, cast: Cast, browser: Browser, day: date, says: str
) -> None:
    browser.sign_in(cast.ben)
    parts = {f"next_on-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    data = {"outcome": "not_yet", "request_key": "k", "note": "Kept"} | parts
    page = browser.post(record_url(rose), data=data)
    assert page.status_code == 422
    assert says in page.text
    assert "Kept" in page.text
    assert session.exec(select(Attempt)).all() == []


def test_the_third_silence_is_foretold_only_when_it_would_be_the_third(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    browser.sign_in(cast.ben)
    for _ in range(2):
        assert "After three times in a row" in browser.get(record_url(rose)).text
        hear(session, rose, Outcome.COULD_NOT_REACH)
    page = browser.get(record_url(rose)).text
    assert "After three times in a row" not in page
    assert "That makes three times in a row or more: you can close it" in page


def test_something_more_leads_to_another_group_or_to_the_coordinator(
    rose: Connection, cast: Cast, browser: Browser
) -> None:
    browser.sign_in(cast.ben)
    data = {"outcome": "needs_more", "request_key": "k"}
    sent = browser.post(record_url(rose), data=data)
    assert sent.location == f"/connections/{rose.id}/something-more"
    page = browser.get(sent.location).text
    assert f'href="/people/{rose.person_id}/connect"' in page
    assert 'href="mailto:cora@example.org"' in page
    assert 'href="mailto:lee@example.org"' in page
    assert rose.is_open
    browser.sign_in(cast.cora)
    assert "mailto:" not in browser.get(sent.location).text


def test_an_invented_answer_is_refused(rose: Connection, cast: Cast, browser: Browser) -> None:
    browser.sign_in(cast.ben)
    page = browser.post(record_url(rose), data={"outcome": "famous", "request_key": "k"})
    assert page.status_code == 422


def test_nothing_can_be_recorded_before_the_introduction(
    session: Session, cast: Cast, browser: Browser
) -> None:
    connection = accepted(session, cast)
    browser.sign_in(cast.ben)
    page = browser.get(record_url(connection))
    assert page.status_code == 422
    assert "have not been introduced yet" in page.text


@pytest.mark.parametrize("page", ["follow-up", "introduce", "finish"])
def test_out_of_reach_does_not_exist(
    rose: Connection, cast: Cast, browser: Browser, page: str
) -> None:
    url = f"/connections/{rose.id}/{page}"
    assert browser.get(url).status_code == 302
    for stranger, status in ((cast.dev, 404), (cast.dora, 404), (cast.pip, 404), (cast.mia, 403)):
        browser.sign_in(stranger)
        assert browser.get(url).status_code == status
        assert browser.post(url, data={"outcome": "not_yet"}).status_code == status
    browser.sign_in(cast.petra)
    assert browser.get(url).status_code == 200


# Introducing


def test_ben_introduces_rose_and_the_plan_stands(
    session: Session, cast: Cast, browser: Browser
) -> None:
    connection = accepted(session, cast)
    url = f"/connections/{connection.id}/introduce"
    browser.sign_in(cast.ben)
    page = browser.get(url).text
    assert "Introduce Rose to Ashby choir" in page
    assert "Met at the door" in page
    assert 'value="2026"' in page  # today is filled in
    data = {"handover": "met", "on-day": "7", "on-month": "9", "on-year": "2026"}
    for _ in range(2):
        saved = browser.post(url, data=data)
        assert saved.location == f"/connections/{connection.id}"
    assert (connection.state, connection.handover) == (State.INTRODUCED, Handover.MET)
    assert len(session.exec(select(FollowUp)).all()) == 4
    assert connection.next_check_on == TODAY + timedelta(2)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (8, "must be the same as or before"),
        (1, "after the connection was made"),
    ],
)
def test_an_introduction_that_cannot_have_happened_is_refused(
    session: Session, cast: Cast, browser: Browser, day: int, says: str
) -> None:
    connection = accepted(session, cast)
    browser.sign_in(cast.ben)
    data = {"handover": "met", "on-day": str(day), "on-month": "9", "on-year": "2026"}
    page = browser.post(f"/connections/{connection.id}/introduce", data=data)
    assert page.status_code == 422
    assert says in page.text


def test_without_agreement_nobody_is_introduced(
    session: Session, cast: Cast, browser: Browser
) -> None:
    from asset_hub.people import service as persons
    from asset_hub.people.models import AgreedTo

    connection = accepted(session, cast)
    persons.withdraw(session, connection.person, AgreedTo.SHARE, by=cast.ben, now=NOW)
    session.commit()
    browser.sign_in(cast.ben)
    data = {"handover": "met", "on-day": "7", "on-month": "9", "on-year": "2026"}
    page = browser.post(f"/connections/{connection.id}/introduce", data=data)
    assert page.status_code == 422
    assert "have not agreed to be introduced" in page.text


# Closing


def test_a_wrong_fit_leads_to_closing_and_to_another_group(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    browser.sign_in(cast.ben)
    data = {"outcome": "wrong_fit", "request_key": "k", "note": "Too loud"}
    sent = browser.post(record_url(rose), data=data)
    assert sent.location == f"/connections/{rose.id}/finish"
    page = browser.get(sent.location).text
    assert "It was not for them" in page
    assert 'value="not_for_them" checked' in page
    closed = browser.post(
        sent.location, data={"ending": "not_for_them", "words": "Too loud", "another": "y"}
    )
    assert closed.location == f"/people/{rose.person_id}/connect"
    assert (rose.state, rose.ending, rose.ending_words) == (
        State.CLOSED, Ending.NOT_FOR_THEM, "Too loud",
    )  # fmt: skip
    assert queries.planned(session, rose) == []


def test_after_the_third_silence_ben_may_close_or_go_on(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    for _ in range(2):
        hear(session, rose, Outcome.COULD_NOT_REACH)
    browser.sign_in(cast.ben)
    sent = browser.post(record_url(rose), data={"outcome": "could_not_reach", "request_key": "k"})
    page = browser.get(sent.location).text
    assert 'value="could_not_reach" checked' in page
    assert rose.next_check_on
    assert f"look in again on {calendar.say_date(rose.next_check_on)}" in page
    assert rose.is_open


def test_a_settled_connection_closes_in_the_persons_own_words(
    session: Session, rose: Connection, cast: Cast, browser: Browser
) -> None:
    for _ in range(4):
        hear(session, rose, Outcome.GOING_WELL)
    browser.sign_in(cast.ben)
    url = f"/connections/{rose.id}/finish"
    assert 'value="joined" checked' in browser.get(url).text
    data = {"ending": "joined", "words": "I have my Tuesdays back"}
    page = browser.post(url, data=data, follow_redirects=True)
    assert "Closed. Thank you" in page.text
    assert rose.ending_words == "I have my Tuesdays back"


def test_closing_needs_an_ending(rose: Connection, cast: Cast, browser: Browser) -> None:
    browser.sign_in(cast.ben)
    page = browser.post(f"/connections/{rose.id}/finish", data={"words": "Kept"})
    assert page.status_code == 422
    assert "Select how it ended" in page.text
    assert "Kept" in page.text


def test_today_stands_first_in_the_navigation_of_those_who_keep(
    cast: Cast, browser: Browser
) -> None:
    browser.sign_in(cast.ben)
    assert 'href="/today" aria-current="page">Today' in browser.get("/today").text
    browser.sign_in(cast.mia)
    assert 'href="/today"' not in browser.get("/account").text
