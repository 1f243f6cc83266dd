"""The steps of listing a group."""

from typing import Any

from asset_hub.core.fields import DecimalField, PostcodeField, RadioField
from asset_hub.core.forms import Form
from asset_hub.directory.forms import words
from asset_hub.directory.forms.fields import In, Join, Private, What, Where, Who
from asset_hub.directory.forms.topics import About, For
from asset_hub.directory.forms.when import Apart, MoreTimes, When
from asset_hub.directory.rules import answers as of


class StepForm(Form):
    """One step: a title, the button's words, and fields filled from what was answered before."""

    title = ""
    short = ""
    button = "Save and continue"

    @classmethod
    def opened(cls, answers: of.Answers, communities: list[tuple[Any, str]]) -> "StepForm":
        """Return the form with earlier answers in it, and the communities to choose from."""
        form = cls(data=of.unpack(answers))
        if "community_id" in form:
            form["community_id"].choices = communities
        return form

    def suggest_from(self, written: of.Answers) -> None:
        """Offer what fits what was written about the group so far, where topics are asked."""


class WhatStep(What, StepForm):
    """What it is."""

    title = "What would you like to list?"
    short = "What it is"


class WhereStep(Where, StepForm):
    """Where."""

    title = "Where does it meet?"
    short = "Where"


class PinStep(StepForm):
    """Where exactly, when the postcode did not say."""

    title = "Where is it on the map?"
    short = "Where"

    point = RadioField(
        "Where should people look?", thing="where people should look", required=True,
        choices=words.POINTS, reveals={"near": "nearby"},
    )  # fmt: skip
    nearby = PostcodeField(
        "A postcode nearby", thing="a postcode nearby", autocomplete="off",
        hint="Of a neighbour, a shop or a school, for example",
    )  # fmt: skip
    latitude = DecimalField(
        "Latitude", thing="the latitude", min=49, max=61, places=9,
        hint="North of the equator, like 53.6. The pin fills this in",
    )  # fmt: skip
    longitude = DecimalField(
        "Longitude", thing="the longitude", min=-9, max=3, places=9,
        hint="West of Greenwich is less than nothing, like -2.2. The pin fills this in",
    )  # fmt: skip


class WhenStep(When, MoreTimes, Apart, StepForm):
    """When."""

    title = "When does it meet?"
    short = "When"


class WhoStep(Who, For, StepForm):
    """Who it is for, and what it costs."""

    title = "Who is it for, and what does it cost?"
    short = "Who it is for, and cost"


class AboutStep(About, In, StepForm):
    """What it is about, and how one gets in."""

    title = "What is it about, and getting in"
    short = "What it is about, and getting in"


class JoinStep(Join, Private, StepForm):
    """How to join and whom to contact."""

    title = "How do people join?"
    short = "How to join, and contact"


class CheckStep(StepForm):
    """Look it over."""

    title = "Check your answers"
    short = "Check your answers"
    button = "Send the listing"

    home = RadioField(
        "Is this somebody’s home?", thing="whether this is somebody’s home", required=True,
        choices=[("no", "No, everybody may know the address"),
                 ("yes", "Yes. Show only roughly where it is")],
        hint="You chose to show the address. Something in your answers sounds like a home, "
        "or a place where people are kept safe",
    )  # fmt: skip


FORMS: dict[str, type[StepForm]] = {
    of.WHAT: WhatStep,
    of.WHERE: WhereStep,
    of.PIN: PinStep,
    of.WHEN: WhenStep,
    of.WHO: WhoStep,
    of.ABOUT: AboutStep,
    of.JOIN: JoinStep,
    of.CHECK: CheckStep,
}
