"""A group that meets on Tuesday mornings and on Thursday afternoons too."""

import re
from datetime import time
from typing import Any

from sqlmodel import Session

from asset_hub.directory.models import Freq, Schedule
from tests.cast import Cast
from tests.conftest import Browser
from tests.directory.answers import STEPS, fill_in
from tests.directory.conftest import Olive

TUESDAY = {"often": "weekly", "nth": [], "days": ["TU"], "opens_at": "10am", "closes_at": "noon"}
THURSDAY = {"days_2": ["TH"], "opens_at_2": "2pm", "closes_at_2": "4pm"}


def when(**changed: Any) -> dict[str, Any]:
    return TUESDAY | changed


def comes_to_when(browser: Browser, olive: Olive) -> None:
    where = STEPS["where"] | {"community_id": str(olive.cast.ashby.id)}
    for step, answers in (("what", STEPS["what"]), ("where", where)):
        assert browser.post(f"/list-a-group/{step}", data=answers).status_code == 302


def lists_twice_a_week(browser: Browser, olive: Olive) -> None:
    fill_in(browser, olive.cast)
    browser.post("/list-a-group/when?from=check", data=when(**THURSDAY))


def test_a_row_is_added_by_a_button_and_nothing_is_saved(browser: Browser, olive: Olive) -> None:
    comes_to_when(browser, olive)
    assert 'name="days_2"' not in browser.get("/list-a-group/when").text
    page = browser.post("/list-a-group/when", data=when(more="y", days=[]))
    assert page.status_code == 200
    assert 'name="opens_at_2"' in page.text
    assert 'name="opens_at_3"' not in page.text
    assert 'value="10:00"' in page.text or 'value="10am"' in page.text, "what was typed is there"
    rows: dict[str, Any] = {f"opens_at_{number}": "" for number in (2, 3)}
    page = browser.post("/list-a-group/when", data=when(more="y", **rows))
    assert 'name="opens_at_4"' in page.text
    assert browser.get("/list-a-group/who").location == "/list-a-group/when", "nothing was saved"


def test_both_times_are_said_and_have_their_next_dates(browser: Browser, olive: Olive) -> None:
    lists_twice_a_week(browser, olive)
    page = browser.get("/list-a-group/check").text
    assert "Second time: which days?" in page
    assert "Third time" not in page
    browser.post("/list-a-group/check")
    olive.confirms()
    group = olive.newest()
    assert len(group.schedules) == 2
    browser.sign_in(olive.cast.cath)
    page = browser.get(f"/to-approve/{group.id}").text
    assert "Every Tuesday, 10am to noon<br>Every Thursday, 2pm to 4pm" in page
    assert "Tuesday 8 September 2026, 10am to noon<br>Thursday 10 September 2026, 2pm to" in page


def test_a_time_is_taken_back_by_emptying_its_row(browser: Browser, olive: Olive) -> None:
    lists_twice_a_week(browser, olive)
    empty = {"days_2": [], "opens_at_2": "", "closes_at_2": ""}
    browser.post("/list-a-group/when?from=check", data=when(**empty))
    browser.post("/list-a-group/check")
    [only] = olive.newest().schedules
    assert only.byday == "TU"


def test_a_further_time_has_to_add_up(browser: Browser, olive: Olive) -> None:
    comes_to_when(browser, olive)
    for changed, words in (
        ({"days_2": []}, '#days_2">Select the days it meets at these times'),
        ({"closes_at_2": "1pm"}, '#closes_at_2">It must end later than it starts'),
        ({"opens_at_2": "2"}, '#opens_at_2">The start of the second time: is that 2am or 2pm?'),
    ):
        answer = browser.post("/list-a-group/when", data=when(**(THURSDAY | changed)))
        assert answer.status_code == 422
        assert words in answer.text


def test_a_champion_changes_the_second_time_and_keeps_the_first(
    browser: Browser, session: Session, olive: Olive
) -> None:
    lists_twice_a_week(browser, olive)
    browser.post("/list-a-group/check")
    olive.confirms()
    group = olive.newest()
    browser.sign_in(olive.cast.cath)
    page = browser.get(f"/groups/{group.id}/edit/when").text
    assert re.search(r'name="opens_at_2"[^>]*value="14:00"', page)
    given = {name: value for step in STEPS.values() for name, value in step.items()}
    given |= when(**(THURSDAY | {"opens_at_2": "3pm"})) | {"version": group.version}
    assert browser.post(f"/groups/{group.id}/edit/when", data=given).status_code == 302
    session.expire_all()
    assert sorted((one.byday, one.opens_at) for one in group.schedules) == [
        ("TH", time(15)),
        ("TU", time(10)),
    ]


def test_times_the_form_cannot_ask_about_outlive_a_change(
    browser: Browser, session: Session, cast: Cast
) -> None:
    thursdays = Schedule(freq=Freq.WEEKLY, byday="TH", opens_at=time(10))
    cast.choir.schedules = [thursdays, Schedule(description="And at Easter")]
    session.commit()
    browser.sign_in(cast.cath)
    given = {name: value for step in STEPS.values() for name, value in step.items()}
    given |= TUESDAY | {"community_id": str(cast.ashby.id), "setting": "none"}
    given |= {"version": cast.choir.version}
    answer = browser.post(f"/groups/{cast.choir.id}/edit/when", data=given)
    assert answer.status_code == 302, answer.text
    session.expire_all()
    assert sorted(one.byday or one.description for one in cast.choir.schedules) == [
        "And at Easter",
        "TU",
    ]
