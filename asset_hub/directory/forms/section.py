"""Forms for those who look after a listing: one for each section of it."""

from typing import Any

from asset_hub.core.fields import SelectField
from asset_hub.core.forms import EditForm
from asset_hub.directory.forms.fields import In, Join, TheirContact, What, Where, Who
from asset_hub.directory.forms.topics import Topics
from asset_hub.directory.forms.when import Apart, MoreTimes, When
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import sections


class WhatSection(What, EditForm):
    """What it is."""


class WhenSection(When, MoreTimes, Apart, EditForm):
    """When it meets."""


class WhoSection(Who, In, Topics, EditForm):
    """Who it is for, cost and access."""


class JoinSection(Join, TheirContact, EditForm):
    """How to join, and contact."""


class CommunitySection(EditForm):
    """Which community it is in."""

    community_id = Where.community_id


class Remove(EditForm):
    """One button that takes something away, from the version that was looked at."""


SECTION_FORMS: dict[str, type[EditForm]] = {
    sections.WHAT: WhatSection,
    sections.WHEN: WhenSection,
    sections.WHO: WhoSection,
    sections.JOIN: JoinSection,
}


def section_form(section: str, answers: of.Answers, version: int) -> EditForm:
    """Return a section's form with what is said now in it."""
    form = SECTION_FORMS[section](data=answers | {"version": version})
    if isinstance(form, Topics):
        form.suggest_from(answers)
    return form


def times_at(times: list[str], places: list[str], at: list[int | None], version: int) -> EditForm:
    """Return a form that asks for each time, said in words, at which place it is."""
    choices = list(enumerate(places))
    fields: dict[str, Any] = {
        f"at_{number}": SelectField(
            said or "Another time",
            choices=choices,
            blank="Not said, or all of them",
            mark_optional=False,
        )
        for number, said in enumerate(times)
    }
    kind = type("TimesAt", (EditForm,), fields)
    now = {f"at_{number}": place for number, place in enumerate(at)}
    form: EditForm = kind(data=now | {"version": version})
    return form
