"""Answers said back, under the questions they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from markupsafe import Markup
from wtforms import Field

from asset_hub.core.calendar import say_date, say_time
from asset_hub.directory.forms.steps import FORMS, StepForm
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules.prose import prose

OF_OTHERS = {
    "contact_name": "Private contact",
    "contact_email": "Their email address",
    "contact_phone": "Their phone number",
    "phone": "Phone number on the page",
    "email": "Email address on the page",
    "description": "More about it",
    "summary": "In one sentence",
}


@dataclass
class Section:
    """One step's answers: (question, answer) pairs."""

    step: str
    title: str
    rows: list[tuple[str, str | Markup]] = field(default_factory=list)


def sections(
    answers: Mapping[str, of.Answers], communities: list[tuple[Any, str]], *, gaps: bool
) -> list[Section]:
    """Return every answer under its question, step by step; steps not taken are left out.

    With `gaps`, questions that were left empty are there too, so that they can be answered.
    """
    found = []
    for step, kind in FORMS.items():
        if step not in answers or not _has_a_say(step, answers):
            continue
        form = kind(formdata=None, data=of.unpack(answers[step]))
        if "community_id" in form:
            form["community_id"].choices = communities
        rows = [(_question(asked, gaps), said(asked)) for asked in form if _is_asked(form, asked)]
        found.append(Section(step, kind.short, [row for row in rows if gaps or row[1]]))
    return found


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
    if isinstance(value, date):
        return say_date(value)
    if asked.type == "TimeField" and value:
        return say_time(value if isinstance(value, time) else time.fromisoformat(value))
    if asked.type == "TextAreaField":
        return prose(value)
    return "" if value is None else str(value)


def _question(asked: Field, own: bool) -> str:
    """Return the question; those who read somebody else's answers see whose they are."""
    label = str(asked.label.text).rstrip("…")
    return label if own else OF_OTHERS.get(asked.short_name, label)


def _is_asked(form: StepForm, asked: Field) -> bool:
    """Return whether a question was in sight: one opened by another choice was not."""
    opened = [by for by in form if asked.short_name in getattr(by, "reveals", {}).values()]
    hidden = any(by.reveals.get(str(by.data)) != asked.short_name for by in opened)
    return asked.short_name != "csrf_token" and not hidden
