"""Dates as people type them."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from asset_hub.core.calendar import say_date
from asset_hub.core.fields import DatesField
from asset_hub.core.fields.dates import read_date, read_dates
from asset_hub.core.fields.values import in_figures
from asset_hub.core.forms import Form

TODAY = date(2026, 9, 7)
TENTH = date(2026, 9, 10)


@pytest.mark.parametrize(
    "text",
    [
        "10 September 2026", "10 Sep", "10 sept 26", "10 SEPT.", "10th September",
        "10th of September",
        "Thursday 10 September 2026", "Thurs 10 Sep", "thu, 10 september", "10/9/26", "10/09/2026",
        "10.9.2026", "10-9-26", "10/9", "10 9 2026", "2026-09-10", "2026/9/10", "September 10",
        "Sept 10th, 2026", "10Sep", "10-Sep-2026", "10 Sep '26", "  10   September , 2026 ",
    ],
)  # fmt: skip
def test_any_sensible_spelling_is_read(text: str) -> None:
    assert read_date(text, TODAY) == TENTH


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("8 July", date(2027, 7, 8)),
        ("9 July", date(2026, 7, 9)),
        ("3 Sep", date(2026, 9, 3)),
        ("14 January", date(2027, 1, 14)),
        ("29 Feb 2028", date(2028, 2, 29)),
    ],
)
def test_without_a_year_it_is_the_one_that_people_mean(text: str, meant: date) -> None:
    assert read_date(text, TODAY) == meant


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("31 September 2026", "“31 September 2026” is no date we can read"),
        ("29 Feb", "is no date we can read"),
        ("9/13/26", "is no date we can read"),
        ("next Thursday", "is no date we can read"),
        ("10 Se", "is no date we can read"),
        ("10 Sep 1926", "is no date we can read"),
        ("10", "is no date we can read"),
        ("", "is no date we can read"),
        ("Friday 10 September 2026", "10 September 2026 is a Thursday. Check “Friday"),
        ("x" * 900, "Write it like 10 September 2026"),
    ],
)
def test_what_is_no_date_is_said(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as found:
        read_date(text, TODAY)
    assert len(str(found.value)) < 150


@pytest.mark.parametrize(
    "text",
    ["10 Sep\n8 Oct\n12 Nov", "12 Nov; 10 Sep, 8 Oct", "10/9/26, 8/10/26 and 12/11/26",
     "10 Sep & 8 Oct\r\n12 Nov\n10 Sep\n\n"],
)  # fmt: skip
def test_several_are_sorted_and_kept_once(text: str) -> None:
    assert read_dates(text, TODAY) == [TENTH, date(2026, 10, 8), date(2026, 11, 12)]


@settings(max_examples=80, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(0, 3))
def test_what_we_say_ourselves_is_read_again(day: date, spelling: int) -> None:
    said = [say_date(day), f"{day:%d/%m/%Y}", str(day), f"{day.day} {day:%b} {day.year}"][spelling]
    assert read_date(said, TODAY) == day


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60))
def test_nothing_that_is_typed_makes_it_fall_over(text: str) -> None:
    try:
        found = read_dates(text, TODAY)
    except ValueError:
        return
    assert found == sorted(set(found))


class Dated(Form):
    some = DatesField("Which dates?", thing="the dates", most=3)


def test_a_form_takes_them_and_gives_back_what_was_typed(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"some": "8 Oct\n10 Sep"}):
        form = Dated()
        assert form.validate()
        assert form.some.data == [TENTH, date(2026, 10, 8)]
    with app.test_request_context(method="POST", data={"some": "8 Oct\nsometime"}):
        form = Dated()
        assert not form.validate()
        assert form.some.errors == [
            "“sometime” is no date we can read. Write it like 10 September 2026"
        ]
        assert "8 Oct&#10;sometime" in form.some()
    many = "\n".join(str(TENTH + timedelta(days=n)) for n in range(4))
    with app.test_request_context(method="POST", data={"some": many}):
        form = Dated()
        assert not form.validate()
        assert form.some.errors == ["The dates: 3 dates or fewer"]
    with app.test_request_context():
        form = Dated(data={"some": [TENTH]})
        assert "Thursday 10 September 2026</textarea>" in form.some()
        assert Dated().some.data == []


@pytest.mark.parametrize(
    ("typed", "figures"),
    [
        ("12 noon", "12noon"),
        ("half past ten", "10:30"),
        ("Quarter to three pm", "2:45pm"),
        ("quarter to one", "12:45"),
        ("10 o’clock", "10"),
    ],
)
def test_a_time_may_be_said_in_words(typed: str, figures: str) -> None:
    assert in_figures(typed) == figures
