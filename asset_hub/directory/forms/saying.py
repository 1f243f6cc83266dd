"""Answers said back, under the questions they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from markupsafe import Markup
from wtforms import Field

from asset_hub.core.calendar import say_date, say_time
from asset_hub.directory.forms.steps import FORMS
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules.prose import prose


@dataclass
class Section:
    """One step's answers: (question, answer) pairs."""

    step: str
    title: str
    rows: list[tuple[str, str | Markup]] = field(default_factory=list)


def sections(
    answers: Mapping[str, of.Answers], communities: list[tuple[Any, str]]
) -> list[Section]:
    """Return every answer under its question, step by step; steps not taken are left out."""
    found = []
    for step, kind in FORMS.items():
        if step in answers and step != of.CHECK:
            form = kind(formdata=None, data=of.unpack(answers[step]))
            if "community_id" in form:
                form["community_id"].choices = communities
            rows = [(_question(field), said(field)) for field in form if _is_asked(field)]
            found.append(Section(step, kind.short, rows))
    return found


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


def _question(asked: Field) -> str:
    return str(asked.label.text).rstrip("…")


def _is_asked(asked: Field) -> bool:
    return bool(asked.short_name != "csrf_token")
