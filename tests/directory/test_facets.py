"""What a listing can be filtered by, worked out from what its people said."""

from datetime import date, time

import pytest
from sqlmodel import Session

from asset_hub.directory.models import Freq, Kind, Listing, Schedule
from asset_hub.directory.rules.facets import facets, is_free
from asset_hub.directory.rules.times import Times
from asset_hub.directory.service import publish
from tests.cast import NOW, Cast


def marks(**said: object) -> set[str]:
    told: dict[str, object] = {
        "kind": Kind.GROUP, "fees": "", "languages": "", "times": (), "slugs": (),
        "has_place": True, "welcomes": None,
    }  # fmt: skip
    kept = {name: tuple(v) if isinstance(v, list) else v for name, v in (told | said).items()}
    return set(facets(**kept).split("|")) - {""}


@pytest.mark.parametrize(
    "fees",
    ["Free", "free", "It's free", "It is free.", "Free, donations welcome", "No charge", "£0",
     "Free of charge (tea included)", "Free – just turn up", "0.00"],
)  # fmt: skip
def test_what_costs_nothing_is_free(fees: str) -> None:
    assert is_free(fees)
    assert "free" in marks(fees=fees)


@pytest.mark.parametrize(
    "fees",
    ["£3", "First visit free, then £3", "Free for members", "Free if you are over 60", "", "20p",
     "Free, then £2 a week", "Freedom pass", "Ask us", "£10.00", "£0.50"],
)  # fmt: skip
def test_what_costs_something_or_says_nothing_is_not_free(fees: str) -> None:
    assert not is_free(fees)
    assert "free" not in marks(fees=fees)


def test_a_gift_is_neither_free_nor_a_price() -> None:
    assert "donation" in marks(fees="By donation")
    assert "donation" not in marks(fees="Donation of £2")
    assert marks(fees="") == {"kind-group", "in-person"}


def test_a_thursday_from_eleven_to_two_is_a_morning_and_an_afternoon() -> None:
    when = Times(freq=Freq.WEEKLY, byday="TH", opens_at=time(11), closes_at=time(14))
    assert marks(times=[when]) >= {"th", "th-am", "th-pm"}
    assert "th-eve" not in marks(times=[when])


@pytest.mark.parametrize(
    ("opens", "closes", "parts"),
    [
        (time(9), time(12), {"am"}),
        (time(12), time(17), {"pm"}),
        (time(12), None, {"pm"}),
        (time(17), time(19), {"eve"}),
        (time(16), time(18), {"pm", "eve"}),
        (time(20), time(1), {"eve"}),
        (time(0), time(23, 59), {"am", "pm", "eve"}),
        (None, None, set()),
    ],
)
def test_hours_fall_into_the_parts_of_a_day(
    opens: time | None, closes: time | None, parts: set[str]
) -> None:
    when = Times(freq=Freq.WEEKLY, byday="MO", opens_at=opens, closes_at=closes)
    assert {mark for mark in marks(times=[when]) if mark.startswith("mo-")} == {
        f"mo-{part}" for part in parts
    }
    assert "mo" in marks(times=[when])


def test_the_first_monday_and_single_dates_count_as_their_days() -> None:
    first = Times(freq=Freq.MONTHLY, byday="1MO", opens_at=time(10))
    dates = Times(dates="2026-09-10,2026-10-08", opens_at=time(18))
    assert marks(times=[first, dates]) >= {"mo", "mo-am", "th", "th-eve"}
    assert date(2026, 9, 10).weekday() == 3


def test_languages_beyond_english_are_marks_and_others_in_words_are_not() -> None:
    found = marks(languages="English, Polish, BSL, Elvish")
    assert {mark for mark in found if mark.startswith("lang-")} == {
        "lang-polish", "lang-british-sign-language",
    }  # fmt: skip


def test_what_is_done_from_home_is_online_and_in_person_when_it_has_a_place() -> None:
    assert "in-person" not in marks(slugs=["from-home"], has_place=False)
    assert marks(slugs=["from-home"]) >= {"online", "in-person"}
    assert "in-person" in marks(has_place=False)


def test_room_is_only_what_somebody_said() -> None:
    assert "room" in marks(welcomes=3)
    assert "room" not in marks(welcomes=None)
    assert "room" not in marks(welcomes=0)


def test_marks_never_outgrow_their_column() -> None:
    dates = ",".join(f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in (1, 2, 9))
    text = facets(
        kind=Kind.ACTIVITY, fees="Free", languages="Polish, Urdu", slugs=(), has_place=True,
        times=(Times(dates=dates, opens_at=time(0), closes_at=time(23)),) * 9, welcomes=2,
    )  # fmt: skip
    assert len(text) <= 1000


def test_what_is_published_carries_its_marks_ages_and_the_day_it_has_room_again(
    session: Session, cast: Cast
) -> None:
    service = cast.service("Chair yoga")
    service.fees, service.minimum_age, service.full_until = "Free", 55, date(2027, 1, 4)
    service.schedules = [Schedule(freq=Freq.WEEKLY, byday="TH", opens_at=time(14))]
    publish(session, service, now=NOW)
    listing = session.get_one(Listing, service.id)
    assert {"free", "th", "th-pm", "in-person"} <= set(listing.facets.split("|"))
    assert (listing.age_from, listing.age_to, listing.full_until) == (55, None, date(2027, 1, 4))
