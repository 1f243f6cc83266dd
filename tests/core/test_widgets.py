"""Forms people fill in, and posts nobody should send."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Form, SelectChoice, validators

from asset_hub.core import fields as f
from asset_hub.core.widgets import error_summary

GROVE = UUID("00000000-0000-4000-8000-000000000001")


class Kind(Enum):
    GROUP = "group"
    PLACE = "place"


class Listing(Form):
    name = f.TextField("Name of the group", thing="the name of the group", required=True,
                       max_length=120, hint="As people know it")  # fmt: skip
    kind = f.RadioField("What is it?", thing="what it is", required=True,
                        choices={Kind.GROUP: "A group", Kind.PLACE: "A place"},
                        reveals={Kind.PLACE: "postcode"})  # fmt: skip
    postcode = f.PostcodeField("Postcode")
    topics = f.CheckboxesField(
        "Topics", choices=[("walk", "Walking", "Slowly"), ("sing", "Singing")]
    )
    community = f.SelectField("Community", thing="a community", choices=[(GROVE, "Grove")])
    about = f.TextAreaField("What happens?", thing="what happens", max_length=300)
    email = f.EmailField("Email", thing="your email address")
    phone = f.PhoneField("Phone")
    website = f.WebsiteField("Website")
    started = f.DatePartsField("Started", thing="the start date", latest=dt.date(2026, 4, 14))
    at = f.TimeField("Time", thing="the time")
    places = f.IntegerField("Places", thing="the number of places", min=1, max=500)
    cost = f.DecimalField("Cost", thing="the cost", min=0, prefix="£")
    password = f.PasswordField("Password")
    photo = f.FileField("Photo", accept=["jpg", "png"], max_bytes=1000)
    agreed = f.BooleanField("I agree", thing="you agree", required=True)
    seen = f.HiddenField()
    later = f.SubmitField("Save for later")


@pytest.fixture(scope="module")
def page() -> Iterator[Flask]:
    app = Flask(__name__, template_folder="../../templates")
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    assert app.jinja_loader
    app.jinja_loader = ChoiceLoader([app.jinja_loader, components])
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    with app.test_request_context("/list-a-group"):
        yield app


def posted(**values: Any) -> Listing:
    pairs = [(k.replace("__", "-"), v) for k, v in values.items()]
    form = Listing(MultiDict(pairs))
    form.validate()
    return form


def drawn(form: Form) -> str:
    return render_template_string(
        "{% from '_form.html' import form_page, error_summary %}"
        "{{ error_summary(form) if form.errors }}{{ form_page(form, 'Save') }}",
        form=form,
    )


def first_error(name: str, /, **values: Any) -> str:
    errors = posted(**values)[name].errors
    return str(errors[0]) if errors else ""


@pytest.mark.parametrize(
    ("name", "typed", "meant"),
    [
        ("name", "  Zoë’s\x00 walking\r\ngroup ", "Zoë’s walking group"),
        ("name", "Cafe\u0301", "Café"),
        ("about", "one\r\ntwo\rthree\n", "one\ntwo\nthree"),
        ("kind", "place", Kind.PLACE),
        ("community", str(GROVE), GROVE),
        ("community", "", None),
        ("postcode", " m337xx ", "M33 7XX"),
        ("postcode", "M33-7 xx", "M33 7XX"),
        ("email", " Ann@EXAMPLE.org ", "Ann@example.org"),
        ("phone", "01614960123", "0161 496 0123"),
        ("phone", "+44 (0)161 496-0123", "0161 496 0123"),
        ("phone", "116 123", "116 123"),
        ("website", "www.example.org", "https://www.example.org"),
        ("at", "2pm", dt.time(14)),
        ("at", "10.30 a.m.", dt.time(10, 30)),
        ("at", "1030", dt.time(10, 30)),
        ("at", "2.30 pm", dt.time(14, 30)),
        ("at", "1400", dt.time(14)),
        ("at", "2am", dt.time(2)),
        ("at", "02:30", dt.time(2, 30)),
        ("at", "8", dt.time(8)),
        ("at", "11", dt.time(11)),
        ("at", "12", dt.time(12)),
        ("at", "12am", dt.time(0)),
        ("at", "midday", dt.time(12)),
        ("places", " 1 2 ", 12),
        ("cost", "£1,250.50", None),
        ("cost", "£2.50", Decimal("2.50")),
        ("agreed", "no", False),
        ("agreed", "y", True),
        ("password", " my long one ", " my long one "),
    ],
)
def test_it_understands_what_people_type(name: str, typed: str, meant: Any) -> None:
    if (name, meant) == ("cost", None):
        meant = Decimal("1250.50")
    assert posted(**{name: typed})[name].data == meant


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("name", "", "Enter the name of the group"),
        ("name", "x" * 121, "The name of the group must be 120 characters or fewer"),
        ("kind", "", "Select what it is"),
        ("kind", "castle", "Select what it is from the list"),
        ("community", "castle", "Select a community from the list"),
        ("topics", "castle", "Select topics from the list"),
        ("postcode", "nowhere", "Enter a postcode, like M33 7XX"),
        ("email", "ann", "Enter an email address in the correct format, like name@example.com"),
        ("phone", "ring me", "Enter a phone number, like 0161 496 0123 or 07700 900 123"),
        ("website", "javascript:alert(1)", "Enter a web address, like www.example.org"),
        ("website", "https://user:pw@evil.org", "Enter a web address, like www.example.org"),
        ("website", "https://[", "Enter a web address, like www.example.org"),
        ("at", "25:00", "The time must be a time, like 10:30am or 14:00"),
        ("at", "2", "The time: is that 2am or 2pm? Write 2pm or 2am"),
        ("at", "7.30", "The time: is that 7:30am or 7:30pm? Write 7:30pm or 7:30am"),
        ("at", "04", "The time: is that 4am or 4pm? Write 4pm or 4am"),
        ("places", "many", "The number of places must be a whole number"),
        ("places", "0", "The number of places must be between 1 and 500"),
        ("places", "²", "The number of places must be a whole number"),
        ("cost", "1.999", "The cost must have 2 decimal places or fewer"),
        ("cost", "-1", "The cost must be 0 or more"),
        ("cost", "NaN", "The cost must be a number"),
        ("cost", ".", "The cost must be a number"),
        ("agreed", "", "Confirm you agree"),
        ("about", "x" * 301, "What happens must be 300 characters or fewer"),
        ("phone", "1" * 300, "Enter a phone number, like 0161 496 0123 or 07700 900 123"),
    ],
)
def test_it_says_what_to_do_about_a_mistake(name: str, typed: str, words: str) -> None:
    assert first_error(name, **{name: typed}) == words


def test_a_field_without_a_limit_still_has_one() -> None:
    class Bare(Form):
        word = f.TextField("Word")

    form = Bare(MultiDict({"word": "x" * 256}))
    assert not form.validate()
    assert form.word.errors == ["“Word” must be 255 characters or fewer"]


@pytest.mark.parametrize(
    ("day", "month", "year", "words"),
    [
        ("", "", "", ""),
        ("14", "4", "2026", ""),
        ("1", "February", "1999", ""),
        ("14", "", "", "The start date must include a month and year"),
        ("31", "2", "2026", "The start date must be a real date"),
        ("x", "2", "2026", "The start date must be a real date"),
        ("1", "2", "26", "The start date must have a year of 4 numbers, like 2026"),
        ("1", "2", "0000", "The start date must be a real date"),
        ("15", "4", "2026", "The start date must be the same as or before 14 April 2026"),
    ],
)
def test_a_date_is_never_a_crash(day: str, month: str, year: str, words: str) -> None:
    parts = {"started__day": day, "started__month": month, "started__year": year}
    assert first_error("started", **parts) == words


def test_a_date_that_is_wrong_is_shown_as_typed_and_linked_at_the_wrong_box(page: Flask) -> None:
    form = posted(started__day="14", started__month="", started__year="2026")
    assert form.started.data is None
    assert 'href="#started-month"' in drawn(form)
    assert re.search(r'id="started-day"[^>]*value="14"', drawn(form))


def test_ours_and_wtforms_own_validators_speak_the_same_words() -> None:
    class Stock(Form):
        name = f.TextField("Name", [validators.InputRequired(), validators.Length(max=3)],
                           thing="the name")  # fmt: skip
        site = f.TextField("Site", [validators.Regexp(r"a+", message="Only the letter a")])

    empty, long = Stock(MultiDict({"name": ""})), Stock(MultiDict({"name": "abcd"}))
    assert not empty.validate()
    assert not long.validate()
    assert empty.name.errors == ["Enter the name"]
    assert long.name.errors == ["The name must be 3 characters or fewer"]
    assert empty.site.errors == [], "nothing typed is nothing to check"


def test_choices_may_come_later_and_from_anywhere() -> None:
    class Late(Form):
        who = f.SelectField("Who", thing="who")
        asked = f.RadioField("Asked", choices=lambda: [SelectChoice("a", "Ann")])
        coerced = f.RadioField("Kind", choices=[("group", "A group")], coerce=Kind)

    form = Late(MultiDict({"who": "2", "asked": "a", "coerced": "group"}))
    form.who.choices = [(1, "Ann"), (2, "Bob")]
    assert form.validate()
    assert (form.who.data, form.asked.data, form.coerced.data) == (2, "a", Kind.GROUP)
    assert [c.selected for c in form.who.shown()] == [False, True]


def test_what_the_site_knows_is_filled_in(page: Flask) -> None:
    form = Listing(name="Walkers", kind=Kind.GROUP, topics=["sing"], community=GROVE,
                   started=dt.date(2025, 3, 2), at=dt.time(9, 5), cost=Decimal("2.50"))  # fmt: skip
    html = drawn(form)
    for piece in (
        'value="Walkers"', 'value="group" checked', 'value="sing" checked', 'value="09:05"',
        f'value="{GROVE}" selected', 'value="2025"', 'value="2.50"',
    ):  # fmt: skip
        assert piece in html


def test_a_form_draws_every_field_once_with_its_label(page: Flask) -> None:
    html = drawn(posted())
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    labelled = set(re.findall(r'<label[^>]*for="([^"]+)"', html))
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", html):
        if 'type="hidden"' not in tag:
            found = re.search(r'id="([^"]+)"', tag)
            assert found
            assert found[1] in labelled, tag
    assert html.count('name="postcode"') == 1
    assert html.index('name="postcode"') > html.index("conditional-kind-2")
    assert 'enctype="multipart/form-data"' in html
    assert 'name="csrf_token" value="token"' in html
    assert "Website (optional)" in html
    assert "Name of the group (optional)" not in html
    assert "style=" not in html


def test_the_error_summary_links_to_each_field(page: Flask) -> None:
    form = posted(topics="castle")
    html = drawn(form)
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    summary = html[: html.index("<form")]
    links = re.findall(r'<a href="#([^"]+)"', summary)
    assert {"name", "kind", "topics", "agreed"} <= set(links)
    assert set(links) <= ids
    listed = [item.get("href") for item in error_summary(form)["errorList"]]
    assert listed == [f"#{link}" for link in links]


HOSTILE = '"><script>alert(1)</script>{{ 7919*7 }}{% if %}'


def test_hostile_words_stay_words(page: Flask) -> None:
    names = (
        "name",
        "about",
        "email",
        "phone",
        "postcode",
        "website",
        "at",
        "places",
        "cost",
        "seen",
    )
    form = posted(**dict.fromkeys(names, HOSTILE), started__day=HOSTILE)
    html = drawn(form)
    assert "<script>" not in html
    assert "55433" not in html


def test_hostile_choices_and_labels_stay_words(page: Flask) -> None:
    class Named(Form):
        a = f.RadioField(HOSTILE, choices=[(HOSTILE, HOSTILE, HOSTILE)], hint=HOSTILE)
        b = f.SelectField(HOSTILE, choices=[(HOSTILE, HOSTILE)], hint=HOSTILE, blank=HOSTILE)
        c = f.CheckboxesField(HOSTILE, choices=[(HOSTILE, HOSTILE, HOSTILE)])
        d = f.BooleanField(HOSTILE, hint=HOSTILE, required=True)

    form = Named(MultiDict({"a": "x", "b": "x", "c": "x"}))
    form.validate()
    assert "<script>" not in drawn(form)


def test_lines_come_back_as_they_were_however_deep_they_are_nested(page: Flask) -> None:
    class Nested(Form):
        why = f.RadioField("Why", choices=["other"], reveals={"other": "words"})
        words = f.TextAreaField("Words")

    form = Nested(MultiDict({"why": "other", "words": "one\n  two\nthree"}))
    html = drawn(form)
    assert "one&#10;  two&#10;three</textarea>" in html


def test_a_password_is_never_shown_again(page: Flask) -> None:
    assert "hunter2" not in drawn(posted(password="hunter2"))


def test_a_file_is_checked_and_text_in_its_place_is_nothing() -> None:
    def upload(name: str, body: bytes) -> str:
        return first_error("photo", photo=FileStorage(io.BytesIO(body), filename=name))

    assert posted(photo="photo.jpg").photo.data is None
    assert posted(name=FileStorage(io.BytesIO(b"x"), filename="x.jpg")).name.data == ""
    assert upload("a.jpg", b"x") == ""
    assert upload("a.exe", b"x") == "The selected file must be a JPG or PNG"
    assert upload("a.jpg", b"") == "The selected file is empty"
    assert upload("a.jpg", b"x" * 1001) == "The selected file must be smaller than 1 kB"


NAMES = [*Listing()._fields, "started-day", "started-month", "started-year", "name[]", "csrf_token"]
JUNK = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["\x00", "\ud800", "9" * 5000, "-0", "1e9", "٣", "²", "\u202e", "../..", "[]"]),
)


@given(st.lists(st.tuples(st.sampled_from(NAMES), JUNK), max_size=12))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_post_makes_it_fall_over(page: Flask, pairs: list[tuple[str, str]]) -> None:
    form = Listing(MultiDict(pairs))
    form.validate()
    drawn(form).encode("utf-8")
    for field in form:
        if isinstance(field.data, str):
            assert "\x00" not in field.data
            field.data.encode("utf-8")


def test_signs_that_turn_the_direction_of_writing_are_dropped() -> None:
    assert f.clean_text("Ashby \u202echoir\u2066") == "Ashby choir"
