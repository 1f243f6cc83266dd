"""Answers said back, under the questions they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, NamedTuple

from markupsafe import Markup
from wtforms import Field

from asset_hub.core.calendar import say_date, say_time
from asset_hub.directory.forms.steps import FORMS
from asset_hub.directory.models import Visibility
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules.prose import prose

PRIVATE = "Kept private: only those who connect people see it"
ADDRESS = ("place_name", "address_1", "postcode")  # the town may be said: "Near Ashby"
PRIVATE_ADDRESS = "Kept private: only those who look after listings see it"
NIGHT_STARTS, NIGHT_ENDS = time(23), time(6)
OF_MINE = {
    "contact_name": "Your contact (kept private)",
    "contact_email": "Your email address",
    "contact_phone": "Your phone number",
    "venue_notes": "Private notes about the place",
}
OF_OTHERS = {
    "contact_name": "Private contact",
    "contact_email": "Their email address",
    "contact_phone": "Their phone number",
    "venue_notes": "Private notes about the place",
    "phone": "Phone number on the page",
    "email": "Email address on the page",
    "description": "More about it",
    "summary": "In one sentence",
}


class Row(NamedTuple):
    """One answer under its question, the control where it is changed, and who else sees it."""

    question: str
    answer: str | Markup
    focus: str
    note: str = ""


@dataclass
class Section:
    """One step's answers."""

    step: str
    title: str
    rows: list[Row] = field(default_factory=list)


def sections(
    answers: Mapping[str, of.Answers],
    communities: list[tuple[Any, str]],
    *,
    gaps: bool,
    own: bool,
) -> list[Section]:
    """Return every answer under its question, step by step; steps not taken are left out.

    With `gaps`, questions that were left empty are there too, so that they can be answered.
    `own` says that whoever reads gave the answers.
    """
    found = []
    for step, kind in FORMS.items():
        if step not in answers or not _has_a_say(step, answers):
            continue
        form = kind(formdata=None, data=of.unpack(answers[step]))
        if "community_id" in form:
            form["community_id"].choices = communities
        found.append(Section(step, kind.short, rows_of(form, gaps=gaps, own=own)))
    return found


def rows_of(form: Any, *, gaps: bool, own: bool) -> list[Row]:
    """Return the answers in a form, each under its question."""
    rows = [_row(form, asked, own) for asked in form if _is_asked(form, asked)]
    return [row for row in rows if gaps or row.answer]


def _has_a_say(step: str, answers: Mapping[str, of.Answers]) -> bool:
    """Return whether a step has answers to show; the pin only where the postcode did not do."""
    if step == of.PIN:
        return of.needs_pin(answers.get(of.WHERE, {}))
    return step != of.CHECK


def said(asked: Field) -> str | Markup:
    """Return one answer as words."""
    if hasattr(asked, "shown"):
        return ", ".join(choice.label for choice in asked.shown() if choice.selected)
    value = asked.data
    if asked.type == "DatesField":
        return "; ".join(map(say_date, value))
    if isinstance(value, date):
        return say_date(value)
    if asked.type == "TimeField" and value:
        return _hour(value if isinstance(value, time) else time.fromisoformat(value))
    if asked.type == "TextAreaField":
        return prose(value)
    return "" if value is None else str(value)


def _hour(at: time) -> str | Markup:
    """Return a time of day; the hours at which hardly anything meets stand out."""
    if NIGHT_ENDS <= at < NIGHT_STARTS:
        return say_time(at)
    return Markup("<strong>{}, at night</strong>").format(say_time(at))


def _row(form: Any, asked: Field, own: bool) -> Row:
    answer = said(asked)
    note = _private(form, asked) if answer else ""
    return Row(_question(asked, own), answer, getattr(asked, "focus_id", asked.id), note)


def _private(form: Any, asked: Field) -> str:
    """Return who sees an answer that is not for everybody."""
    if asked.short_name in OF_MINE:
        return PRIVATE
    kept = "setting" in form and form["setting"].data in (Visibility.AREA, Visibility.HIDDEN)
    return PRIVATE_ADDRESS if kept and asked.short_name in ADDRESS else ""


def _question(asked: Field, own: bool) -> str:
    """Return the question; those who read somebody else's answers see whose they are."""
    label = str(asked.label.text).rstrip("…")
    return (OF_MINE if own else OF_OTHERS).get(asked.short_name, label)


def _is_asked(form: Any, asked: Field) -> bool:
    """Return whether a question was in sight: one opened by another choice was not."""
    opened = [by for by in form if asked.short_name in getattr(by, "reveals", {}).values()]
    hidden = not all(asked.short_name in _open(by) for by in opened)
    return asked.short_name not in ("csrf_token", "more", "version") and not hidden


def _open(by: Field) -> list[str]:
    """Return the names of the questions that the choices made have opened."""
    chosen = by.data if isinstance(by.data, list) else [by.data]
    return [by.reveals[str(choice)] for choice in chosen if str(choice) in by.reveals]
