"""Small clean-ups: what registers write, made usable; what cannot be is said, never guessed."""

import re
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asset_hub.interop.reading.texts import clean
from asset_hub.interop.reading.texts.names import readable

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(JSON)
@settings(deadline=None, max_examples=60)
def test_nothing_a_file_can_hold_makes_a_clean_up_fall_over(value: Any) -> None:
    for found in (clean.text, clean.lines, clean.prose, clean.one_line, clean.postcode):
        assert isinstance(found(value), str)
    for judged in (clean.url, clean.email, clean.phone, clean.age):
        kept, problem = judged(value)
        assert not (kept and problem) or "only" in problem
    clean.number(value), clean.day(value), clean.instant(value), clean.clock_time(value)
    assert len(clean.shown(value)) <= clean.SHOWN


@pytest.mark.parametrize(
    "nothing", ["", "  ", "NA", "n/a", "-", "NULL", "nan", None, {}, [], ["NA"]]
)
def test_missing_is_missing_however_it_is_written(nothing: Any) -> None:
    assert clean.text(nothing) == ""
    assert clean.prose(nothing) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  a\u00a0 b\n", "a b"), (5, "5"), (5.0, "5"), (5.5, "5.5"), (0, "0"), (True, "Yes"),
        (["a", 1, {"b": 2}], "a, 1"), ("=HYPERLINK(1)", "=HYPERLINK(1)"), ("None", "None"),
        (float("inf"), ""), (10**40, ""), ("a\ud800b", "ab"),
    ],
)  # fmt: skip
def test_anything_is_read_as_text(value: Any, text: str) -> None:
    assert clean.text(value) == text


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("www.x.example", "https://www.x.example"), ("HTTP://X.example/A", "http://X.example/A"),
        ("x.example:8080/y?z=1", "https://x.example:8080/y?z=1"),
        (" <https://x.example/>", "https://x.example/"), ("linktr.ee/x", "https://linktr.ee/x"),
        ("WWW.X.EXAMPLE.", "https://WWW.X.EXAMPLE"), ("NA", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_web_address_gets_its_scheme(written: str, address: str) -> None:
    assert clean.url(written) == (address, "")


@pytest.mark.parametrize(
    "written",
    ["javascript:alert(1)", "data:text/html,x", "ftp://x.example", "mailto:a@b.example", "hello",
     "http//:www.x.example", "http://a b.example", "https://user:pw@x.example", "https://",
     "//x.example", "https://x.example/<script>", "http://[", "https://x.example/" + "a" * 600],
)  # fmt: skip
def test_a_web_address_nobody_should_follow_is_refused_with_words(written: str) -> None:
    found, problem = clean.url(written)
    assert found == ""
    assert "web address" in problem


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("A.B@X.Example.", "A.B@x.example"), ("mailto:a@x.example", "a@x.example"),
        ("Ann <a@x.example>", "a@x.example"), ("NA", ""),
    ],
)  # fmt: skip
def test_an_email_address_is_found(written: str, address: str) -> None:
    assert clean.email(written) == (address, "")


def test_of_two_email_addresses_the_first_is_kept_and_said() -> None:
    assert clean.email("a@x.example; b@x.example") == (
        "a@x.example", "only the first of 2 email addresses",
    )  # fmt: skip
    assert "cannot be used" in clean.email("ring me")[1]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("01614960123", "0161 496 0123"), ("02079460000", "020 7946 0000"),
        ("07700900123", "07700 900123"), ("01632960001", "01632 960001"),
        ("0300 1234567", "0300 123 4567"), ("+44 161 496 0123", "0161 496 0123"),
        ("+44 (0)161 496 0123", "0161 496 0123"), (1614960123, "0161 496 0123"),
        ("Tel: 0161 496 0123", "0161 496 0123"), ("116 123", "116 123"),
        ("0161 496 0123 ext 4", "0161 496 0123 ext 4"), ("+33 1 23 45 67 89", "+33 1 23 45 67 89"),
    ],
)  # fmt: skip
def test_a_phone_number_is_spaced_as_people_write_it(written: Any, number: str) -> None:
    assert clean.phone(written) == (number, "")


def test_a_phone_number_that_is_none_is_said() -> None:
    assert clean.phone("00000 000000") == ("", "the phone number “00000 000000” cannot be used")
    found, problem = clean.phone(
        "0161 496 0123 between nine and five, else ring 0161 496 0124 " * 2
    )
    assert found == "0161 496 0123"
    assert "only the first" in problem


@pytest.mark.parametrize(
    ("written", "code"),
    [("m331aa", "M33 1AA"), ("M33  1AA", "M33 1AA"), ("WA15 OHF", "WA15 0HF"), ("sk6", "SK6"),
     ("WA154 1HF", ""), ("M33 1CC", ""), ("Sale", ""), (None, "")],
)  # fmt: skip
def test_a_postcode_is_read_in_any_spacing(written: Any, code: str) -> None:
    assert clean.postcode(written) == code


def test_postcodes_are_found_in_a_text() -> None:
    text = "The hall, DN16 2RY (or DN162RY). Tel 01724 849543. Also SE1 9GF."
    assert clean.postcodes_in(text) == ["DN16 2RY", "SE1 9GF"]


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026-04-14", date(2026, 4, 14)), ("14/04/2026", date(2026, 4, 14)),
     ("2026-04-14T10:00:00.1Z", date(2026, 4, 14)), ("31/02/2026", None), ("soon", None)],
)  # fmt: skip
def test_dates_are_read_the_british_way(written: str, day: date | None) -> None:
    assert clean.day(written) == day


@pytest.mark.parametrize(
    ("written", "at"),
    [("2026-07-01", datetime(2026, 7, 1, 11, tzinfo=UTC)),
     ("2023-03-15T10:30:45.123Z", datetime(2023, 3, 15, 10, 30, 45, 123000, tzinfo=UTC)),
     ("2026-07-01T10:00:00", datetime(2026, 7, 1, 9, tzinfo=UTC)),
     ("0001-01-01", None), ("9999-12-31T23:59:59-14:00", None), ("x", None)],
)  # fmt: skip
def test_an_instant_has_a_zone(written: str, at: datetime | None) -> None:
    assert clean.instant(written) == at


@pytest.mark.parametrize(
    ("written", "at"),
    [("10:00:00", time(10)), ("10.30 a.m.", time(10, 30)), ("7pm", time(19)), ("12am", time(0)),
     ("1030", time(10, 30)), ("24:00", time(23, 59)), ("2020-01-01T10:00:00Z", time(10)),
     ("13pm", None), ("25:00", None), ("late", None), (None, None)],
)  # fmt: skip
def test_times_of_day_are_read(written: Any, at: time | None) -> None:
    assert clean.clock_time(written) == at


def test_ages_are_ages() -> None:
    assert clean.age("18") == (18, "")
    assert clean.age(None) == (None, "")
    assert clean.age(300)[1] == "the age “300” cannot be used"
    assert clean.age(float("nan")) == (None, "")


def test_a_summary_ends_with_a_sentence_or_a_word() -> None:
    text = "We meet. We sing and we talk. " + "And more of it all " * 20
    assert clean.summary_of(text, 60) == "We meet. We sing and we talk."
    assert clean.summary_of("word " * 50, 20) == "word word word…"
    assert clean.summary_of("x" * 50, 20) == "x" * 19 + "…"
    assert clean.summary_of("Short\n\nTwo", 60) == "Short Two"


@pytest.mark.parametrize(
    ("shouted", "name"),
    [
        ("THE FRIENDS OF ST MARY'S PTA, SALE", "The Friends of St Mary's PTA, Sale"),
        ("1ST BROOKLANDS SCOUT GROUP (ST ANNES C OF E)",
         "1st Brooklands Scout Group (St Annes C of E)"),
        ("O'NEILL TRUST LTD", "O'Neill Trust Ltd"), ("GM4WOMEN2028 CIO", "GM4WOMEN2028 CIO"),
        ("BODY OF CHRIST INTERNATIONAL MINISTRIES (BCIM)",
         "Body of Christ International Ministries (BCIM)"),
        ("DIAS - THE CENTRE", "Dias - The Centre"), ("CAFÉ ÉTOILE CLUB", "Café Étoile Club"),
        ("HENSHAWS", "Henshaws"), ("MIND", "MIND"), ("U3A", "U3A"), ("NHS 111", "NHS 111"),
        ("McDonald HALL", "McDonald HALL"), ("eBay club", "eBay club"), ("", ""),
        ("北京同乡会", "北京同乡会"),
    ],
)  # fmt: skip
def test_names_in_capitals_are_made_readable_and_others_left_alone(shouted: str, name: str) -> None:
    assert readable(shouted) == name


ADDRESSES = st.lists(
    st.sampled_from(
        ["http://", "https://", "HTTP://", "www.", "a", ".", "/", "-", "_", "x.co.uk", "e.org",
         "?q", "#f", ":80", "@", " ", "..", "é", "mailto:", "javascript:", "\\", "\n", ">"]
    ),
    max_size=7,
).map("".join)  # fmt: skip


@given(ADDRESSES)
@settings(deadline=None, max_examples=400)
def test_the_quick_way_with_usual_addresses_gives_what_the_long_way_does(address: str) -> None:
    quick = clean.url(address)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clean, "_USUAL", re.compile("(?!)"))
        assert clean.url(address) == quick
