"""Saying when a group meets: Olive in her step, Cath on the page of its section."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from asset_hub.directory import queries, service
from asset_hub.directory.jobs import renew_words
from asset_hub.directory.models import (
    ChangeRequest,
    Freq,
    ListingDraft,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
)
from asset_hub.directory.rules.snapshot import parts_of, time_parts
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.directory.answers import STEPS, fill_in
from tests.directory.conftest import Olive

LISTING = SQLModel.metadata.tables["listing"]
HOURS = {"opens_at": "10am", "closes_at": "noon"}
COURSE = HOURS | {"often": "dates", "dates": "12 Nov\n10 September 2026\n8/10/26"}
TERMS = HOURS | {
    "often": "weekly", "days": ["TH"], "apart": ["school", "bank", "months", "ends"],
    "not_months": ["8"], "last_on-day": "10", "last_on-month": "dec", "last_on-year": "2026",
}  # fmt: skip


def edits(browser: Browser, group: Service, given: dict[str, Any]) -> Any:
    """Post a section's page as it was shown, with other answers."""
    fields = service.as_fields(service.answers_of(group)) | {"version": str(group.version)}
    kept: dict[str, Any] = {"how_to_join": "Come", "cost": "free"}
    for name, value in fields.items():
        if isinstance(value, date):
            kept |= {f"{name}-{part}": getattr(value, part) for part in ("day", "month", "year")}
        elif name == "dates":
            kept[name] = "\n".join(map(str, value))
        elif value not in (None, ""):
            kept[name] = value
    section = "what" if "summary" in given else "when"
    return browser.post(f"/groups/{group.id}/edit/{section}", data=kept | given)


def says(session: Session, group: Service) -> str:
    found = session.connection().execute(
        select(LISTING.c.card).where(LISTING.c.service_id == group.id)
    )
    return str(found.scalar_one()["when"])


def test_a_course_is_listed_by_its_dates(browser: Browser, olive: Olive) -> None:
    fill_in(browser, olive.cast)
    browser.post("/list-a-group/when?from=check", data=COURSE)
    page = browser.get("/list-a-group/check").text
    assert "Thursday 10 September 2026; Thursday 8 October 2026; Thursday 12 November 2026" in page
    assert "The next date on which it meets" not in page, "nobody was asked"
    browser.post("/list-a-group/check")
    olive.confirms()
    [only] = olive.newest().schedules
    assert (only.freq, only.dates) == (None, "2026-09-10,2026-10-08,2026-11-12")
    browser.sign_in(olive.cast.cath)
    page = browser.get(f"/to-approve/{olive.newest().id}").text
    assert "10 September, 8 October and 12 November 2026, 10am to noon" in page
    assert "<br>Thursday 8 October 2026<br>Thursday 12 November 2026" in page


def test_terms_months_and_an_end_are_said(browser: Browser, olive: Olive) -> None:
    fill_in(browser, olive.cast)
    browser.post("/list-a-group/when?from=check", data=TERMS)
    page = browser.get("/list-a-group/check").text
    assert "In which months does it not meet?" in page
    assert "Thursday 10 December 2026" in page
    assert "The first meeting" not in page
    browser.post("/list-a-group/check")
    [only] = olive.newest().schedules
    assert (only.term_time, only.bank_holidays, only.not_months) == (True, False, "8")
    assert only.valid_to == date(2026, 12, 10)
    page = browser.get("/list-a-group/when").text
    assert page.count(" checked") == 0, "it was sent: the next listing starts anew"


def test_the_step_gives_back_what_was_answered(browser: Browser, olive: Olive) -> None:
    fill_in(browser, olive.cast)
    browser.post("/list-a-group/when", data=TERMS)
    page = browser.get("/list-a-group/when").text
    assert 'value="8" checked' in page
    assert 'name="last_on-year" type="text" value="2026"' in page
    browser.post("/list-a-group/when", data=COURSE)
    page = browser.get("/list-a-group/when").text
    assert "Thursday 10 September 2026&#10;Thursday 8 October 2026&#10;" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"dates": "10 Sep\nsometime"}, '#dates">“sometime” is no date we can read'),
        ({"dates": ""}, '#dates">Enter the dates on which it meets'),
        (TERMS | {"not_months": []}, '#not_months">Select the months'),
        (TERMS | {"last_on-day": ""}, '#last_on-day">The date of the last meeting must include a'),
        (TERMS | {"apart": ["begins"]}, '#first_on-day">Enter the date of the first meeting'),
        (TERMS | {"last_on-year": "3026"}, "#last_on-day"),
        ({"often": "fortnightly", "days": ["TH"]}, '#next_on-day">Enter a date on which it meets'),
    ],
)
def test_what_is_wrong_is_said_where_it_is(
    browser: Browser, olive: Olive, changed: dict[str, Any], words: str
) -> None:
    fill_in(browser, olive.cast)
    answer = browser.post("/list-a-group/when", data=COURSE | changed)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_mistake_that_another_choice_has_shut_is_none(browser: Browser, olive: Olive) -> None:
    fill_in(browser, olive.cast)
    shut = {"dates": "sometime", "next_on-day": "99", "apart": [], "last_on-day": "x"}
    answer = browser.post("/list-a-group/when", data=TERMS | shut)
    assert answer.status_code == 302, answer.text
    varies = {"often": "varies", "when_words": "When dry", "opens_at": "2", "apart": ["months"]}
    assert browser.post("/list-a-group/when", data=varies).status_code == 302


def test_an_older_draft_goes_on_where_it_was(
    browser: Browser, session: Session, olive: Olive
) -> None:
    fill_in(browser, olive.cast)
    draft = session.exec(select(ListingDraft)).one()
    answers = dict(draft.answers)
    draft.answers = answers | {"where": answers["where"] | answers.pop("when")}
    draft.answers = {step: said for step, said in draft.answers.items() if step != "when"}
    session.commit()
    assert 'value="12:00"' in browser.get("/list-a-group/when").text
    assert "It starts at" in browser.get("/list-a-group/check").text
    where = STEPS["where"] | {"community_id": str(olive.cast.ashby.id), "city": "Ashby town"}
    browser.post("/list-a-group/where?from=check", data=where)
    browser.post("/list-a-group/check")
    [only] = olive.newest().schedules
    assert (only.byday, only.opens_at) == ("1TH,3TH", time(12))


def test_a_champion_says_all_of_it_on_the_page_of_its_section(
    browser: Browser, session: Session, cast: Cast
) -> None:
    cast.choir.schedules = [Schedule(freq=Freq.WEEKLY, byday="TH")]
    session.commit()
    browser.sign_in(cast.cath)
    page = browser.get(f"/groups/{cast.choir.id}/edit/when").text
    more = {"days_2": ["TH"], "opens_at_2": "7pm", "closes_at_2": "9pm"}
    assert edits(browser, cast.choir, TERMS | more).status_code == 302
    assert says(session, cast.choir) == (
        "Every Thursday, 10am to noon and 7pm to 9pm; "
        "in term time, not in August, not on bank holidays, until 10 December 2026"
    )
    page = browser.get(f"/groups/{cast.choir.id}/edit/when").text
    assert 'value="school" checked' in page
    assert edits(browser, cast.choir, {"summary": "New words"}).status_code == 302
    assert [one.valid_to for one in cast.choir.schedules] == [date(2026, 12, 10)] * 2


def test_up_to_seven_sessions(browser: Browser, session: Session, cast: Cast) -> None:
    session_of = {f"opens_at_{number}": f"{number + 6}:00" for number in range(2, 8)}
    days = {f"days_{number}": ["TH"] for number in range(2, 8)}
    cast.choir.schedules = [Schedule(freq=Freq.WEEKLY, byday="TH", opens_at=time(7))]
    session.commit()
    browser.sign_in(cast.cath)
    assert edits(browser, cast.choir, session_of | days).status_code == 302
    assert [one.opens_at for one in cast.choir.schedules] == [time(hour) for hour in range(7, 14)]
    page = browser.get(f"/groups/{cast.choir.id}/edit/when").text
    assert 'name="opens_at_7"' in page
    assert "Add another day and time" not in page


def test_a_session_stays_at_its_place_when_its_hours_change(
    browser: Browser, session: Session, cast: Cast
) -> None:
    hall, barn = (cast.add(Location(name=name, postal_code="AS1 1AA")) for name in ("Hall", "Barn"))
    choir = cast.choir
    choir.places = [ServiceAtLocation(location_id=one.id, location=one) for one in (hall, barn)]
    choir.schedules = [
        Schedule(freq=Freq.WEEKLY, byday="TH", location_id=barn.id),
        Schedule(freq=Freq.WEEKLY, byday="MO", location_id=hall.id),
        Schedule(description="And at Easter", location_id=barn.id),
    ]
    session.commit()
    browser.sign_in(cast.cath)
    assert edits(browser, choir, {"opens_at_2": "6pm"}).status_code == 302
    session.expire_all()
    found = [
        (one.byday or one.description, one.opens_at, one.location_id) for one in choir.schedules
    ]
    assert found == [
        ("MO", None, hall.id),
        ("TH", time(18), barn.id),
        ("And at Easter", None, barn.id),
    ]


ODD = [
    Schedule(freq=Freq.MONTHLY, byday="5MO", opens_at=time(10), closes_at=time(9)),
    Schedule(freq=Freq.WEEKLY, byday="TH", interval=3, dtstart=TODAY, term_time=True),
    Schedule(dates="2026-09-10", valid_to=TODAY),
    Schedule(freq=Freq.WEEKLY, byday="TH", valid_to=date(9999, 12, 31), not_months="7"),
    Schedule(freq=Freq.MONTHLY, byday="1TH", interval=2, bank_holidays=False),
    Schedule(freq=Freq.WEEKLY, byday="FR,TU", dtstart=date(2020, 1, 1), not_months="8,7"),
    Schedule(description="When dry", freq=Freq.WEEKLY, byday="SA"),
]


@pytest.mark.parametrize("first", range(len(ODD)))
def test_times_that_came_otherwise_outlive_an_edit_of_the_words(
    browser: Browser, session: Session, cast: Cast, first: int
) -> None:
    some = [ODD[first], ODD[first - 1], ODD[first - 2]]
    cast.choir.schedules = [Schedule(**typed(one)) for one in some]
    session.commit()
    before = parts_of(cast.choir)["times"]
    browser.sign_in(cast.cath)
    answer = edits(browser, cast.choir, {"summary": "New words"})
    assert answer.status_code == 302, answer.text
    session.expire_all()
    assert cast.choir.summary == "New words"
    assert parts_of(cast.choir)["times"] == before


def typed(schedule: Schedule) -> dict[str, Any]:
    return {name: getattr(schedule, name) for name in time_parts(schedule)}


def test_words_are_renewed_when_a_date_has_gone_by(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks, course, band = cast.choir, cast.service("Course"), cast.service("Band")
    walks.schedules = [Schedule(dates="2026-09-10,2026-10-08")]
    course.schedules = [
        Schedule(freq=Freq.WEEKLY, byday="TU", valid_to=date(2026, 9, 8)),
        Schedule(freq=Freq.WEEKLY, byday="TH"),
    ]
    band.schedules = [Schedule(freq=Freq.WEEKLY, byday="TH", dtstart=date(2026, 9, 17))]
    session.flush()
    for group in (walks, course, band):
        service.publish(session, group, now=NOW)
    session.commit()
    assert queries.words_turned(session, today=TODAY) == []
    later = NOW + timedelta(days=10)
    assert set(queries.words_turned(session, today=later.date())) == {walks.id, course.id, band.id}
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: later)
    renew_words()
    assert says(session, walks) == "Thursday 8 October 2026"
    assert says(session, course) == "Every Thursday"
    assert says(session, band) == "Every Thursday"
    assert queries.words_turned(session, today=later.date()) == []


def test_a_keep_link_opens_the_same_answers(browser: Browser, olive: Olive) -> None:
    group = olive.sends()
    olive.confirms()
    service.approve(olive.session, group, by=olive.cast.cath, now=NOW, version=group.version)
    olive.session.commit()
    token = olive.letters("listing-approved")[-1].facts["token"]
    browser.post(f"/list-a-group/keep/{token}/change")
    assert 'value="-1"' in browser.get("/list-a-group/when").text
    browser.post("/list-a-group/when?from=check", data=COURSE)
    browser.post("/list-a-group/check")
    [only] = olive.session.exec(select(ChangeRequest)).one().after["times"]
    assert only["dates"].startswith("2026-09-10"), "a champion looks at it"


def test_times_that_came_otherwise_can_be_taken_away(
    browser: Browser, session: Session, cast: Cast
) -> None:
    thursdays = Schedule(freq=Freq.WEEKLY, byday="TH")
    cast.choir.schedules = [thursdays, Schedule(description="At Easter"), typed_row(ODD[1])]
    session.commit()
    browser.sign_in(cast.cath)
    page = browser.get(f"/groups/{cast.choir.id}/edit/when").text
    assert "The listing says this too" in page
    assert 'value="At Easter"' in page
    assert 'value="Every 3 weeks on Thursday; in term time"' in page
    assert edits(browser, cast.choir, {"gone": ["At Easter"], "days": ["FR"]}).status_code == 302
    session.expire_all()
    assert [(one.byday, one.interval) for one in cast.choir.schedules] == [("FR", 1), ("TH", 3)]
    assert edits(browser, cast.choir, {"gone": ["Never said"]}).status_code == 422
    assert "says this too" not in browser.get("/list-a-group/what").text


def test_by_the_keep_link_too(browser: Browser, olive: Olive) -> None:
    group = olive.sends()
    group.schedules.append(Schedule(description="At Easter"))
    olive.session.commit()
    olive.confirms()
    service.approve(olive.session, group, by=olive.cast.cath, now=NOW, version=group.version)
    olive.session.commit()
    token = olive.letters("listing-approved")[-1].facts["token"]
    browser.post(f"/list-a-group/keep/{token}/change")
    browser.post("/list-a-group/when", data=STEPS["when"])
    assert 'value="At Easter"' in browser.get("/list-a-group/when").text
    browser.post("/list-a-group/when?from=check", data=STEPS["when"] | {"gone": ["At Easter"]})
    assert "At Easter" in browser.get("/list-a-group/check").text
    browser.post("/list-a-group/check")
    [only] = olive.session.exec(select(ChangeRequest)).one().after["times"]
    assert only["byday"] == "1TH,3TH"


def typed_row(schedule: Schedule) -> Schedule:
    return Schedule(**typed(schedule))
