"""School holidays: pasted as a council writes them, kept by the coordinator."""

from datetime import date

import pytest
from sqlmodel import Session, select

from asset_hub.communities import queries, rules
from asset_hub.communities.models import SchoolHoliday
from asset_hub.core.errors import RuleBroken
from tests.cast import Cast
from tests.conftest import Browser

URL = "/communities/ashby/school-holidays"
PASTED = """
Autumn half term: Monday 26 October to Friday 30 October 2026
Christmas, 21 December to 1 January 2027
  Easter – 2027-03-29 – 2027-04-09
INSET day 2/11/2026
Summer holiday from 22nd of July 2027 until 31 Aug 2027
"""


@pytest.mark.parametrize(
    ("line", "name", "starts", "ends"),
    list(
        zip(
            PASTED.strip().splitlines(),
            ("Autumn half term", "Christmas", "Easter", "INSET day", "Summer holiday"),
            (date(2026, 10, 26), date(2026, 12, 21), date(2027, 3, 29), date(2026, 11, 2),
             date(2027, 7, 22)),
            (date(2026, 10, 30), date(2027, 1, 1), date(2027, 4, 9), date(2026, 11, 2),
             date(2027, 8, 31)),
            strict=True,
        )
    ),
)  # fmt: skip
def test_dates_are_read_as_councils_write_them(
    line: str, name: str, starts: date, ends: date
) -> None:
    assert rules.holidays_in(line) == [rules.Holiday(name, starts, ends)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\nChristmas", "Line 2: write a name and two dates"),
        ("X: 3 May 2026 to 2 May 2026", "Line 1: the last day must be the same as or after"),
        ("X: 31 June 2026", "31/6/2026 is not a real date"),
        ("X: 3 Mumble 2026", "“Mumble” is not a month"),
        ("X: 3 May", "say which year"),
        ("X: 1 January 2026 to 1 June 2026", "three months long at most"),
        ("X: 1/1/26, 2/1/26, 3/1/26", "write a name and two dates"),
        ("X: 2026-02-30", "Line 1"),
        ("X: 1/1/26\n" * 61, "60 holidays or fewer"),
    ],
)
def test_a_line_nobody_can_read_is_named(text: str, words: str) -> None:
    with pytest.raises(RuleBroken, match=words) as refused:
        rules.holidays_in(text)
    assert refused.value.field == "lines"


def test_cora_pastes_them_once_however_often_she_presses(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.cora)
    assert "No school holidays yet" in browser.get(URL).text
    assert browser.post(URL, data={"lines": PASTED}).status_code == 302
    page = browser.post(URL, data={"lines": PASTED}, follow_redirects=True).text
    assert "They were all there already." in page
    assert "Monday 26 October 2026 to Friday 30 October 2026" in page
    assert len(session.exec(select(SchoolHoliday)).all()) == 5
    wrong = browser.post(URL, data={"lines": "Christmas"})
    assert wrong.status_code == 422
    assert "Christmas</textarea>" in wrong.text


def test_cora_changes_one_and_takes_it_away(browser: Browser, session: Session, cast: Cast) -> None:
    browser.sign_in(cast.cora)
    browser.post(URL, data={"lines": "Easter 29/3/2027 to 9/4/2027"})
    row = session.exec(select(SchoolHoliday)).one()
    days = {
        "name": "Spring", "starts_on-day": "29", "starts_on-month": "3", "starts_on-year": "2027",
        "ends_on-day": "28", "ends_on-month": "3", "ends_on-year": "2027",
    }  # fmt: skip
    refused = browser.post(f"/school-holidays/{row.id}", data=days)
    assert refused.status_code == 422
    assert "The last day must be the same as or after the first" in refused.text
    assert browser.post(f"/school-holidays/{row.id}", data=days | {"ends_on-day": "30"}).location
    assert (row.name, row.ends_on) == ("Spring", date(2027, 3, 30))
    browser.post(f"/school-holidays/{row.id}/delete")
    assert session.exec(select(SchoolHoliday)).all() == []


def test_each_keeps_to_its_own_and_everybodys_hold_too(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.ada)
    browser.post("/places/school-holidays", data={"lines": "Christmas 21/12/2026 to 1/1/2027"})
    everywhere = session.exec(select(SchoolHoliday)).one()
    browser.sign_in(cast.dora)
    browser.post(
        "/communities/elsewhere/school-holidays", data={"lines": "Wakes week 1/7/2027 to 8/7/2027"}
    )
    assert browser.get(URL).status_code == 404
    assert browser.get(f"/school-holidays/{everywhere.id}").status_code == 404
    assert (
        "The administrator keeps it" in browser.get("/communities/elsewhere/school-holidays").text
    )
    names = {
        place: [row.name for row in queries.holidays_kept(session, key)]
        for place, key in (("ashby", cast.ashby.id), ("there", cast.elsewhere.id), ("all", None))
    }
    assert names == {
        "ashby": ["Christmas"], "there": ["Christmas", "Wakes week"], "all": ["Christmas"],
    }  # fmt: skip


def test_one_holiday_is_typed_into_three_fields(
    browser: Browser, session: Session, cast: Cast
) -> None:
    browser.sign_in(cast.cora)
    first = {"starts_on-day": "26", "starts_on-month": "10", "starts_on-year": "2026"}
    last = {"ends_on-day": "20", "ends_on-month": "10", "ends_on-year": "2026"}
    page = browser.post(URL, data={"name": "Half term"} | first | last)
    assert page.status_code == 422
    assert "Half term" in page.text
    assert browser.post(
        URL, data={"name": "Half term"} | first | last | {"ends_on-day": "30"}
    ).location
    row = session.exec(select(SchoolHoliday)).one()
    assert (row.name, row.ends_on.day) == ("Half term", 30)
