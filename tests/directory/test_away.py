"""The choir rests over Christmas; nobody has to approve that."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from asset_hub.communities.models import SchoolHoliday
from asset_hub.core import ids
from asset_hub.core.audit import AuditEntry
from asset_hub.directory import service
from asset_hub.directory.models import (
    Away,
    Closure,
    Freq,
    LinkFor,
    ListingLink,
    Location,
    Revision,
    RevisionCause,
    Schedule,
    Service,
    ServiceAtLocation,
    Standing,
    Visibility,
)
from asset_hub.directory.rules.closures import MOST, say_closure, to_come
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser

CHRISTMAS = {"kind": "away", "reason": "Christmas"}
WORDS = "Not meeting Monday 21 December to Monday 4 January: Christmas"


def days(first: date | None, last: date | None = None) -> dict[str, Any]:
    """Return two dates as a browser posts them."""
    return {
        f"{name}-{part}": getattr(day, part) if day else ""
        for name, day in (("starts_on", first), ("ends_on", last))
        for part in ("day", "month", "year")
    }


RESTS = CHRISTMAS | days(date(2026, 12, 21), date(2027, 1, 4))


@pytest.fixture
def choir(session: Session, cast: Cast) -> Service:
    cast.choir.schedules.append(Schedule(freq=Freq.WEEKLY, byday="TH"))
    session.flush()
    service.publish(session, cast.choir, now=NOW)
    session.commit()
    return cast.choir


def keep_link(session: Session, choir: Service, **more: Any) -> str:
    given: dict[str, Any] = {"expires_at": NOW + timedelta(days=9), "purpose": LinkFor.KEEP} | more
    session.add(ListingLink(service_id=choir.id, digest=ids.digest("kept"), **given))
    session.commit()
    return "/list-a-group/keep/kept/away"


def closures(session: Session, choir: Service) -> list[Closure]:
    wanted = select(Closure).where(Closure.service_id == choir.id)
    return list(session.exec(wanted.order_by(col(Closure.starts_on))))


def revisions(session: Session, choir: Service) -> list[Revision]:
    wanted = select(Revision).where(Revision.service_id == choir.id)
    return list(session.exec(wanted.order_by(col(Revision.number))))


@pytest.mark.parametrize("who", ["otto", "cath", "cora"])
def test_those_who_keep_it_say_at_once_that_it_rests(
    browser: Browser, session: Session, cast: Cast, choir: Service, who: str
) -> None:
    account = getattr(cast, who)
    browser.sign_in(account)
    page = browser.post(f"/groups/{choir.id}/away", data=RESTS, follow_redirects=True).text
    assert "People can read it now" in page
    assert WORDS in page
    assert WORDS in browser.get(f"/groups/{choir.id}").text
    session.refresh(choir)
    assert choir.standing is Standing.LISTED
    [one] = revisions(session, choir)
    assert (one.cause, one.by_id) == (RevisionCause.EDIT, account.id)
    assert one.before == {"closures": []}
    assert one.after["closures"][0]["reason"] == "Christmas"
    done = session.exec(select(AuditEntry.action).where(AuditEntry.subject_id == choir.id))
    assert list(done) == ["away"]


def test_it_is_taken_back(browser: Browser, session: Session, cast: Cast, choir: Service) -> None:
    browser.sign_in(cast.otto)
    browser.post(f"/groups/{choir.id}/away", data=RESTS)
    [one] = closures(session, choir)
    address = f"/groups/{choir.id}/away/{one.id}/take-back"
    assert address in browser.get(f"/groups/{choir.id}/away").text
    for _ in range(2):
        assert browser.post(address).location == f"/groups/{choir.id}/away"
    assert closures(session, choir) == []
    assert len(revisions(session, choir)) == 2, "the second press took nothing back"
    assert "Not meeting" not in browser.get(f"/groups/{choir.id}").text


def test_by_the_mailed_link_without_an_account(
    browser: Browser, session: Session, choir: Service
) -> None:
    address = keep_link(session, choir)
    assert f'href="{address}"' in browser.get("/list-a-group/keep/kept").text
    assert browser.post(address, data=RESTS).location == address
    page = browser.get(address).text
    assert WORDS in page
    assert f"/groups/{choir.id}/edit" not in page
    [said] = revisions(session, choir)
    assert (said.cause, said.by_id) == (RevisionCause.CONTACT, None)
    [one] = closures(session, choir)
    browser.post(f"{address}/{one.id}/take-back")
    assert closures(session, choir) == []


def test_an_ended_link_says_nothing(browser: Browser, session: Session, choir: Service) -> None:
    address = keep_link(session, choir, expires_at=NOW)
    assert browser.post(address, data=RESTS).location == "/list-a-group/keep/kept"
    assert browser.post(f"{address}/{ids.new()}/take-back").status_code == 422
    assert closures(session, choir) == []


def test_a_link_to_list_is_no_link_to_keep(
    browser: Browser, session: Session, choir: Service
) -> None:
    address = keep_link(session, choir, purpose=LinkFor.LIST)
    assert browser.post(address, data=RESTS).status_code == 404


def test_a_link_takes_back_only_what_is_its_own_groups(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    band = cast.service("Brass band")
    theirs = Closure(starts_on=TODAY, ends_on=TODAY)
    band.closures.append(theirs)
    session.commit()
    browser.post(f"{keep_link(session, choir)}/{theirs.id}/take-back")
    assert len(closures(session, band)) == 1


def test_saying_it_twice_is_saying_it_once(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.otto)
    for _ in range(2):
        assert browser.post(f"/groups/{choir.id}/away", data=RESTS).status_code == 302
    assert len(closures(session, choir)) == 1
    assert len(revisions(session, choir)) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": ""}, '#kind">Select what is different'),
        (days(None), '#starts_on-day">Enter the first day'),
        (days(date(2026, 12, 21), date(2026, 12, 20)), "The last day must not be before the first"),
        (days(date(2026, 9, 1), date(2026, 9, 6)), "These days are over"),
        (days(date(2026, 12, 21), date(2029, 1, 1)), "within the next two years"),
        ({"reason": "x" * 101}, "must be 100 characters or fewer"),
        ({"reason": "Ring at 1 High Street"}, "the reason gives it away"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    browser: Browser, session: Session, cast: Cast, choir: Service, changed: Any, words: str
) -> None:
    home = cast.add(Location(address_1="1 High Street", visibility=Visibility.AREA, city="Ashby"))
    choir.places.append(ServiceAtLocation(location_id=home.id, location=home))
    session.commit()
    browser.sign_in(cast.otto)
    answer = browser.post(f"/groups/{choir.id}/away", data=RESTS | changed)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{changed.get("reason", "Christmas")}"' in answer.text
    assert closures(session, choir) == []


def test_there_is_an_end_to_it(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    past = Closure(starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 2))
    coming = [TODAY + timedelta(days=number) for number in range(MOST)]
    choir.closures = [past, *(Closure(starts_on=day, ends_on=day) for day in coming)]
    session.commit()
    browser.sign_in(cast.otto)
    answer = browser.post(f"/groups/{choir.id}/away", data=RESTS)
    assert "as many as we can keep" in answer.text
    assert len(closures(session, choir)) == MOST + 1


def test_the_next_dates_leave_out_the_rest_and_mark_the_quiet(
    browser: Browser, session: Session, choir: Service
) -> None:
    choir.closures = [
        Closure(starts_on=date(2026, 9, 14), ends_on=date(2026, 9, 18), reason="Painting"),
        Closure(starts_on=date(2026, 9, 24), ends_on=date(2026, 9, 24), kind=Away.QUIET),
        Closure(starts_on=date(2026, 8, 1), ends_on=date(2026, 9, 6), reason="Summer"),
    ]
    session.commit()
    page = browser.get(f"/groups/{choir.id}").text
    assert (
        "<br>Thursday 10 September 2026"
        "<br>Thursday 24 September 2026 (no new people that day)<br>Thursday 1 October 2026" in page
    )
    assert "Not meeting Monday 14 September to Friday 18 September: Painting" in page
    assert "Meeting, but not welcoming new people on Thursday 24 September" in page
    assert "Summer" not in page, "what is over is gone"


def test_a_poster_says_what_is_within_four_weeks(
    browser: Browser, session: Session, choir: Service
) -> None:
    soon = TODAY + timedelta(days=28)
    choir.closures = [
        Closure(starts_on=soon, ends_on=soon, reason="Flu"),
        Closure(starts_on=soon + timedelta(days=1), ends_on=date(2026, 12, 1), reason="Tour"),
    ]
    session.commit()
    page = browser.get(f"/groups/{choir.id}/poster").text
    assert "Flu" in page
    assert "Tour" not in page


def test_days_far_off_are_said_with_their_year() -> None:
    far = Closure(starts_on=date(2027, 12, 20), ends_on=date(2027, 12, 20))
    assert say_closure(far, today=TODAY) == "Not meeting on Monday 20 December 2027"
    near = Closure(starts_on=TODAY, ends_on=TODAY)
    assert to_come([far, near], today=TODAY) == [near, far]


def test_a_term_time_group_rests_in_the_holidays_of_its_community(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    choir.schedules = [Schedule(freq=Freq.WEEKLY, byday="TH", term_time=True)]
    session.commit()
    ask = "In term time: ask whether it meets in the holidays"
    page = browser.get(f"/groups/{choir.id}").text
    assert "Every Thursday; in term time" in page
    assert ask in page
    for community, day in ((cast.ashby, 10), (cast.elsewhere, 17), (None, 24)):
        on = date(2026, 9, day)
        cast.add(
            SchoolHoliday(
                community_id=community.id if community else None, name="x", starts_on=on, ends_on=on
            )
        )
    session.commit()
    page = browser.get(f"/groups/{choir.id}").text
    assert "<br>Thursday 17 September 2026<br>Thursday 1 October 2026" in page
    assert ask not in page


def test_a_day_may_be_said_without_its_year_or_with_half_of_it(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.otto)
    typed = RESTS | {"starts_on-year": "", "ends_on-year": "27"}
    assert browser.post(f"/groups/{choir.id}/away", data=typed).status_code == 302
    [closure] = closures(session, choir)
    assert (closure.starts_on, closure.ends_on) == (date(2026, 12, 21), date(2027, 1, 4))
