"""What is on: the page and its filters, paper, calendars; and a poster about one topic."""

import re
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import delete, event, update
from sqlmodel import Session

from asset_hub.communities.models import SchoolHoliday
from asset_hub.core import db
from asset_hub.core.calendar import LONDON
from asset_hub.directory.models import (
    Away,
    Closure,
    Freq,
    Location,
    Schedule,
    Service,
    Standing,
    Visibility,
)
from asset_hub.directory.queries.sessions import LISTING, SESSION
from asset_hub.search.question.asking import Asked
from asset_hub.search.whats_on.asking import WEEKEND, Wanted, weekend
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.search.conftest import HALL, Town

FAR = (53.75, -2.2)  # ten miles north
TUESDAY = date(2026, 9, 8)


class Board:
    """Groups that meet, and what the page says is on."""

    def __init__(self, browser: Browser, town: Town) -> None:
        self.browser, self.town = browser, town

    def meets(
        self, name: str, byday: str = "TU", opens: time | None = time(10), **more: Any
    ) -> Service:
        parts = more.pop("schedule", {})
        group = self.town.add(name, publish_it=False, **more)
        group.schedules = [Schedule(freq=Freq.WEEKLY, byday=byday, opens_at=opens, **parts)]
        self.town.republish(group)
        return group

    def page(self, **asked: str) -> str:
        return unescape(self.browser.get("/whats-on", query_string=asked).text)

    def on(self, **asked: str) -> list[str]:
        return re.findall(r'href="/groups/[\w-]+">([^<]+)</a>', self.page(**asked))

    def calendar(self, url: str = "/whats-on.ics") -> list[Any]:
        answer = self.browser.get(url)
        assert answer.mimetype == "text/calendar"
        return list(Calendar.from_ical(answer.data).walk("VEVENT"))


@pytest.fixture
def board(browser: Browser, town: Town) -> Board:
    return Board(browser, town)


def test_a_week_a_day_and_a_weekend(board: Board) -> None:
    board.meets("Walk", "TU")
    board.meets("Late", "MO,SA", time(19))
    board.meets("Early", "MO,SU", time(8))
    assert board.on() == ["Early", "Late", "Walk", "Late", "Early"]
    assert board.on(span="day") == ["Early", "Late"]
    assert board.on(span="day", on="2026-09-08") == ["Walk"]
    assert board.on(span="weekend") == ["Late", "Early"]
    assert board.on(span="day", on="nonsense") == ["Early", "Late"]
    assert board.on(span="day", on="2020-01-01") == ["Early", "Late"], "the past is over"
    page = board.page(span="day", on="2026-09-08")
    assert "Tuesday 8 September 2026" in page
    assert 'href="/whats-on?span=day" rel="prev"' in page
    assert 'href="/whats-on?on=2026-09-09&span=day" rel="next"' in page
    assert 'rel="prev"' not in board.page()
    assert 'rel="next"' not in board.page(on="2026-10-11")


def test_weekends_begin_on_saturday_or_today(board: Board) -> None:
    saturday, sunday = date(2026, 9, 12), date(2026, 9, 13)
    assert weekend(TODAY, TODAY) == saturday
    assert weekend(sunday, sunday) == sunday
    wanted = Wanted(Asked(), today=TODAY, first=saturday, span=WEEKEND)
    assert wanted.before is None, "this weekend is the first there is"
    assert wanted.after == date(2026, 9, 19)
    later = Wanted(Asked(), today=TODAY, first=date(2026, 9, 19), span=WEEKEND)
    assert later.before == saturday


def test_it_is_narrowed_by_community_place_topic_and_cost(board: Board, cast: Cast) -> None:
    board.meets("Choir", topics=("grief",), at=HALL, fees="Free")
    board.meets("Walk", topics=("company",), at=FAR, fees="£2")
    board.meets("Band", community=cast.elsewhere, fees="Free, tea included")
    assert board.on() == ["Band", "Choir", "Walk"]
    assert board.on(community="ashby") == ["Choir", "Walk"]
    assert board.on(topic="grief") == ["Choir"]
    assert board.on(topic="griev") == []
    assert board.on(free="1") == ["Band", "Choir"]
    assert board.on(near="ZZ9 9ZZ") == ["Choir"], "three miles unless somebody says"
    assert board.on(near="ZZ9 9ZZ", within="20") == ["Choir", "Walk"]
    assert "less than 0.1 miles" in board.page(near="ZZ9 9ZZ")
    assert board.on(near="QQ1 1QQ") == ["Band", "Choir", "Walk"]
    assert "We do not know where “QQ1 1QQ” is" in board.page(near="QQ1 1QQ")
    assert "What is on in Ashby" in board.page(community="ashby")


def test_closures_and_quiet_days_are_said(board: Board) -> None:
    away, quiet = board.meets("Choir"), board.meets("Walk")
    away.closures = [Closure(starts_on=TUESDAY, ends_on=TUESDAY, reason="Half term")]
    quiet.closures = [Closure(starts_on=TUESDAY, ends_on=TUESDAY, kind=Away.QUIET)]
    board.town.republish(away, quiet)
    board.meets("Toddlers", schedule={"term_time": True})
    page = board.page(span="day", on=str(TUESDAY))
    assert "Not this time: Half term" in page
    assert "Welcomes nobody new this time" in page
    assert "In term time only: ask first" in page
    board.town.session.add(SchoolHoliday(name="x", starts_on=TUESDAY, ends_on=TUESDAY))
    board.town.session.commit()
    assert board.on(span="day", on=str(TUESDAY)) == ["Choir", "Walk"]


def test_nothing_on_says_what_to_do_next(board: Board) -> None:
    page = board.page(span="day", topic="grief")
    for words in ("Nothing with a known time is on", "Look at seven days", "Look later",
                  "Look everywhere, at everything", "List a group"):  # fmt: skip
        assert words in page


def test_it_asks_as_many_questions_of_many_groups_as_of_few(board: Board) -> None:
    asked: list[str] = []
    engine = db.engine().connection.engine  # type: ignore[attr-defined]

    def note(*given: Any) -> None:
        asked.append(given[2])

    def count() -> int:
        asked.clear()
        board.page(near="ZZ9 9ZZ")
        return len([one for one in asked if one.lstrip().startswith("SELECT")])

    board.meets("One", at=HALL)
    event.listen(engine, "before_cursor_execute", note)
    few = count()
    for number in range(8):
        board.meets(f"More {number}", "MO,TU,WE", at=HALL)
    many = count()
    event.remove(engine, "before_cursor_execute", note)
    assert few == many


def test_what_is_on_can_be_kept(board: Board) -> None:
    group = board.meets("Choir", "TU")
    page = board.page()
    assert page.count(f'form="keep-form" name="group" value="{group.id}"') == 1
    board.browser.post("/shortlist/keep", data={"group": str(group.id)})
    assert "Choir" in board.browser.get("/shortlist").text


def test_a_topic_that_tells_of_danger_puts_the_numbers_first(board: Board, town: Town) -> None:
    town.term("suicidal").urgent = True
    board.meets("Talk", topics=("suicidal",))
    page = board.page(topic="suicidal")
    assert page.index("Is it urgent?") < page.index("Choose a place or a topic")
    assert "Is it urgent?" not in board.page()


def test_a_calendar_has_every_session_on_londons_clocks(board: Board) -> None:
    group = board.meets(
        "Choir", "SU", time(10), schedule={"closes_at": time(12)}, at=HALL, fees="£2"
    )
    board.meets("Any time", "MO", None)
    group.closures = [Closure(starts_on=date(2026, 9, 20), ends_on=date(2026, 9, 20))]
    board.town.republish(group)
    events = board.calendar()
    choir = [one for one in events if one["summary"] == "Choir"]
    days = [one["dtstart"].dt.date() for one in choir]
    assert days == [date(2026, 9, 13), date(2026, 9, 27), date(2026, 10, 4), date(2026, 10, 11)]
    first = choir[0]
    assert first["dtstart"].dt == datetime(2026, 9, 13, 10, tzinfo=LONDON)
    assert first["dtend"].dt - first["dtstart"].dt == timedelta(hours=2)
    assert first["dtstart"].params["TZID"] == "Europe/London"
    assert first["url"] == f"http://127.0.0.1:8000/groups/{group.id}"
    assert "£2" in first["description"]
    whole_day = next(one for one in events if one["summary"] == "Any time")
    assert whole_day["dtstart"].dt == date(2026, 9, 7)
    text = board.browser.get("/whats-on.ics").text
    for line in ("BEGIN:VTIMEZONE", "TZID:Europe/London", "DTSTART:19961027T020000"):
        assert line in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_hours_on_the_wall_hold_across_the_clock_change(board: Board) -> None:
    group = board.meets("Choir", "SU", time(10), schedule={"closes_at": time(11)})
    events = board.calendar(f"/groups/{group.id}/calendar.ics")
    clock = {one["dtstart"].dt.date(): one["dtstart"].dt for one in events}
    summer, winter = clock[date(2026, 10, 18)], clock[date(2026, 10, 25)]
    assert (summer.hour, winter.hour) == (10, 10)
    assert (summer.utcoffset(), winter.utcoffset()) == (timedelta(hours=1), timedelta(0))
    assert len(events) > 50, "a year, for those who add it once"


def test_an_event_keeps_its_uid_and_counts_its_editions(board: Board) -> None:
    def told(url: str) -> list[tuple[str, int]]:
        return [(str(one["uid"]), int(one["sequence"])) for one in board.calendar(url)]

    group = board.meets("Choir", "TU", time(10))
    group.schedules.append(Schedule(freq=Freq.WEEKLY, byday="TU", opens_at=time(14)))
    board.town.republish(group)
    url = f"/groups/{group.id}/calendar.ics"
    before = told(url)
    assert before[0][0] == f"{group.id}-20260908-1@127.0.0.1"
    assert before[1][0].startswith(f"{group.id}-20260908-2@")
    assert len({uid for uid, _ in before}) == len(before)
    assert told("/whats-on.ics") == before[:10], "both calendars speak of the same events"
    group.schedules[0].opens_at, group.name = time(11), "The choir"
    board.town.republish(group)
    after = told(url)
    assert [uid for uid, _ in after] == [uid for uid, _ in before]
    assert after[0][1] > before[0][1]


def test_the_same_meeting_is_the_same_event_in_every_calendar(
    board: Board, session: Session
) -> None:
    group = board.meets("Choir", "TU", time(10), at=HALL, fees="£2")
    hall = Location(name="Other hall", latitude=53.61, longitude=-2.2)
    session.add(hall)
    session.flush()
    ten = time(10)
    group.schedules += [
        Schedule(freq=Freq.WEEKLY, byday="TU", opens_at=ten, location_id=hall.id),
        Schedule(freq=Freq.WEEKLY, byday="TU", opens_at=ten),
        Schedule(freq=Freq.WEEKLY, byday="TU", term_time=True),
    ]  # fmt: skip
    group.closures = [
        Closure(starts_on=date(2026, 9, 15), ends_on=date(2026, 9, 15)),
        Closure(starts_on=date(2026, 9, 22), ends_on=date(2026, 9, 22), kind=Away.QUIET),
    ]
    board.town.republish(group)
    alone = {str(one["uid"]): one for one in board.calendar(f"/groups/{group.id}/calendar.ics")}
    for url in ("/whats-on.ics", "/whats-on.ics?near=ZZ9+9ZZ&within=3&community=ashby"):
        together = {str(one["uid"]): one for one in board.calendar(url)}
        assert len(together) == 16, "four Tuesdays of five, four times each"
        assert {uid: alone[uid] for uid in together} == together
    assert len(alone) > len(together), "one group's goes on for longer"
    assert "nobody new" in alone[f"{group.id}-20260922-1@127.0.0.1"]["description"]


def test_a_group_whose_sessions_wait_to_be_written_has_its_dates(
    board: Board, session: Session
) -> None:
    group = board.meets("Choir", "TU", time(10))
    url = f"/groups/{group.id}/calendar.ics"
    before = board.browser.get(url).data
    session.connection().execute(update(LISTING).values(sessions_to=None))
    session.connection().execute(delete(SESSION))
    session.commit()
    assert board.browser.get(url).data == before


def test_calendars_may_be_kept_and_are_not_sent_twice(board: Board) -> None:
    group = board.meets("Choir")
    for url in ("/whats-on.ics?community=ashby", f"/groups/{group.id}/calendar.ics"):
        first = board.browser.get(url)
        assert first.headers["Cache-Control"] == "public, max-age=900"
        assert "Set-Cookie" not in first.headers
        again = board.browser.get(url, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    group.fees = "£3"
    board.town.republish(group)
    answer = board.browser.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 200


def test_no_hidden_place_and_no_unlisted_group_is_in_a_calendar(
    board: Board, session: Session, cast: Cast
) -> None:
    group = board.meets("Bereaved", at=(53.61234, -2.21234), visibility=Visibility.HIDDEN)
    group.places[0].location.address_1, group.venue_notes = "1 Secret Street", "Key under the mat"
    board.town.republish(group)
    for url in ("/whats-on.ics", f"/groups/{group.id}/calendar.ics", "/whats-on"):
        text = board.browser.get(url).text
        assert "Bereaved" in text
        for secret in ("Secret", "under the mat", "53.61", "olive@choir.example"):
            assert secret not in text
    waiting = cast.service("Bees", standing=Standing.WAITING)
    session.commit()
    assert board.browser.get(f"/groups/{waiting.id}/calendar.ics").status_code == 404


def test_a_name_cannot_break_out_of_its_line(board: Board) -> None:
    group = board.meets("Tea;DTSTART:20200101, cake\\n\r\nATTENDEE:mailto:x@evil.example")
    for url in ("/whats-on.ics", f"/groups/{group.id}/calendar.ics"):
        lines = board.browser.get(url).text.replace("\r\n ", "").split("\r\n")
        assert not [line for line in lines if line.startswith(("ATTENDEE", "DTSTART:2020"))]
        assert board.calendar(url)
    assert "NAME:Tea\\;DTSTART:20200101\\, cake" in lines[5], "a name is text, also as a title"


@pytest.mark.parametrize("text", ["'", '"', "%", "\\", "\x00", "9" * 5000, "<b>", "−1", "1e309"])
def test_whatever_is_asked_the_page_answers(board: Board, text: str) -> None:
    for name in ("on", "span", "near", "within", "topic", "community", "free", "letters"):
        for url in ("/whats-on", "/whats-on.ics"):
            assert board.browser.get(url, query_string={name: text}).status_code < 500
        assert board.browser.get("/topics/x/poster", query_string={name: text}).status_code == 404


def test_a_poster_tells_of_one_topic_in_one_community(board: Board, cast: Cast) -> None:
    for number in range(10):
        board.meets(f"Group {number}", topics=("grief",), fees="Free")
    board.meets("Far away", topics=("grief",), community=cast.elsewhere)
    page = board.browser.get("/topics/grief/poster?community=ashby").text
    assert "<h1>Grief in Ashby</h1>" in page
    names = re.findall(r"<dt>([^<]+)</dt>", page)
    assert names == [f"Group {number}" for number in range(8)]
    assert "Every Tuesday, from 10am" in page
    assert "QR code for http://127.0.0.1:8000/find?topic=grief&amp;community=ashby" in page
    assert "All of them" in page
    assert "116 123" in page
    assert "Far away" in board.browser.get("/topics/grief/poster?community=elsewhere").text
    board.town.term("smoking")
    board.town.session.commit()
    assert "Nothing to put on a poster yet" in board.browser.get("/topics/smoking/poster").text
    for gone in ("/topics/atlantis/poster", "/topics/grief/poster?community=atlantis"):
        assert board.browser.get(gone).status_code == 404


def test_a_communitys_page_leads_to_days_and_posters(board: Board) -> None:
    board.meets("Choir", topics=("grief",))
    page = board.browser.get("/communities/ashby").text
    assert 'href="/whats-on?community=ashby"' in page
    assert 'href="/topics/grief/poster?community=ashby"' in page
    assert NOW.date() == TODAY


def test_a_calendar_near_nowhere_is_refused_and_never_holds_the_whole_site(
    town: Town, browser: Browser
) -> None:
    town.add("Choir")
    answer = browser.get("/whats-on.ics?near=Atlantis&within=3")
    assert answer.status_code == 422
    assert "Atlantis" in answer.get_json()["errors"]["near"]
    assert browser.get("/whats-on.ics?within=lots").status_code == 422
    assert browser.get("/whats-on.ics?near=ZZ9+9ZZ&within=3").status_code == 200
