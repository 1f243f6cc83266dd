"""The questions about a listing, as mixins: the steps ask some of them, the edit page all."""

from typing import Any

from asset_hub.core.db import limit
from asset_hub.core.fields import (
    BooleanField,
    EmailField,
    IntegerField,
    PhoneField,
    PostcodeField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    WebsiteField,
)
from asset_hub.directory.forms import words
from asset_hub.directory.forms.languages import LanguagesField
from asset_hub.directory.models import Contact, Location, Organization, Service
from asset_hub.directory.rules.languages import COMMON


def venue_notes() -> TextAreaField:
    """Return the field of what only those should know who bring people there."""
    return TextAreaField(
        "Private notes about the place", max_length=limit(Service.venue_notes), rows=3,
        hint="Who has the key, which door, where to park. Never shown to everybody: "
        "only those who connect people to groups see this",
    )  # fmt: skip


def address_agreed() -> BooleanField:
    """Return the tick of somebody who approves, for what may be a home or a refuge."""
    return BooleanField("I have checked: everybody may know the exact address")


class What:
    """What it is."""

    name = TextField(
        "What is it called?", thing="the name of the group", required=True,
        max_length=limit(Service.name), hint="As people know it. For example: Ashby lunch club",
    )  # fmt: skip
    organization_name = TextField(
        "Who runs it?", thing="who runs it", required=True, max_length=limit(Organization.name),
        hint="A charity, a club, a café, or “two neighbours”",
    )  # fmt: skip
    kind = RadioField(
        "What sort of thing is it?", thing="what sort of thing it is", required=True,
        choices=words.KINDS,
    )  # fmt: skip
    summary = TextAreaField(
        "Say what it is in one sentence", thing="one sentence about it", required=True,
        max_length=limit(Service.summary), rows=2,
        hint="For example: A relaxed choir, no reading of music needed, tea afterwards",
    )  # fmt: skip
    description = TextAreaField(
        "Tell people more", thing="the description", max_length=limit(Service.description), rows=8,
        hint="What happens, who comes, what people get from it. Write as you would speak",
    )  # fmt: skip


class Where:
    """Where it meets."""

    community_id = SelectField(
        "Which community is it in?", thing="the community", required=True,
        hint="A champion from there looks at the listing",
    )  # fmt: skip
    setting = RadioField(
        "How much of the address should we show?", thing="how much of the address to show",
        required=True, choices=words.SETTINGS,
    )  # fmt: skip
    place_name = TextField(
        "Name of the place", hint="For example: Town hall, upstairs room",
        max_length=limit(Location.name),
    )  # fmt: skip
    address_1 = TextField(
        "Street address", autocomplete="address-line1", max_length=limit(Location.address_1),
        hint="Number and street. For example: 12 High Street",
    )  # fmt: skip
    city = TextField(
        "Town", width=20, max_length=limit(Location.city),
        hint="The town or village that people would name",
    )  # fmt: skip
    postcode = PostcodeField(
        "Postcode", thing="the postcode", mark_optional=False,
        hint="We need it when we show the address or roughly where it is. "
        "If you chose to show none of it, or it meets nowhere, you may leave it empty",
    )  # fmt: skip


class Who:
    """Who it is for, and what it costs."""

    eligibility = TextField(
        "Who it is for, in your words", max_length=limit(Service.eligibility),
        hint="For example: Anyone over 18 who lives in Ashby. Leave empty if it is for everybody",
    )  # fmt: skip
    minimum_age = IntegerField(
        "Youngest age", thing="the youngest age", min=0, max=120,
        hint="In years. Leave empty if anybody is old enough",
    )  # fmt: skip
    maximum_age = IntegerField(
        "Oldest age", thing="the oldest age", min=0, max=120,
        hint="In years. Leave empty if nobody is too old",
    )  # fmt: skip
    cost = RadioField(
        "What does it cost?", thing="what it costs", required=True, choices=words.COSTS,
        reveals={"paid": "fees"},
    )  # fmt: skip
    fees = TextField(
        "How much?", thing="how much it costs", max_length=limit(Service.fees),
        hint="For example: £3, first visit free, nobody is turned away",
    )  # fmt: skip


class In:
    """Getting in and around, and the languages spoken; asked after what it is about."""

    access = TextField(
        "What should people know about getting in and around?", max_length=limit(Service.access),
        hint="Steps, toilets, parking, buses, noise, a hearing loop, help with reading",
    )  # fmt: skip
    spoken = LanguagesField("Which languages are spoken?", choices=COMMON, small=True)
    languages = TextField(
        "Other languages", max_length=limit(Service.languages),
        hint="For example: Tamil, Welsh. Put a comma between",
    )  # fmt: skip

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        form: Any = self
        for name in ("access", "spoken", "languages"):
            form._fields[name] = form._fields.pop(name)


class Join:
    """How to join, and how to get in touch."""

    how_to_join = TextAreaField(
        "How does somebody join?", thing="how to join", required=True,
        max_length=limit(Service.how_to_join), rows=4,
        hint="One step on each line. For example: Ring Olive. Come at five to ten. Ask for Sam",
    )  # fmt: skip
    first_visit = TextAreaField(
        "What is the first visit like?", max_length=limit(Service.first_visit), rows=4,
        hint="Who says hello, what happens, what to bring. This helps shy people most",
    )  # fmt: skip
    ask_for = TextField(
        "Who should people ask for?", max_length=limit(Service.ask_for),
        hint="Whoever welcomes people. For example: Sam, at the door. Everybody sees this",
    )  # fmt: skip
    phone = PhoneField(
        "Phone number for everybody", thing="the phone number", autocomplete="off",
        hint="Everybody sees it on the page. Leave empty if nobody should ring",
    )  # fmt: skip
    email = EmailField(
        "Email address for everybody", thing="the email address", autocomplete="off",
        hint="Everybody sees it on the page. Leave empty if nobody should write",
    )  # fmt: skip
    url = WebsiteField(
        "Website", thing="the website", max_length=limit(Service.url),
        hint="Or a page elsewhere. For example: www.example.org/lunch",
    )  # fmt: skip


class Private:
    """Whom to write to; never public."""

    contact_name = TextField(
        "Your name", thing="your name", required=True, max_length=limit(Contact.name),
        autocomplete="name",
        hint="Only people who connect others to groups see this and the two below",
    )  # fmt: skip
    contact_email = EmailField(
        "Your email address", thing="your email address", required=True,
        max_length=limit(Contact.email), hint="We send a link there to confirm the listing",
    )  # fmt: skip
    contact_phone = PhoneField("Your phone number", thing="your phone number")
    venue_notes = venue_notes()


class TheirContact:
    """Whom to write to, as somebody else is asked who keeps the listing right."""

    contact_name = TextField(
        "Name of the group’s contact", thing="the name of the group’s contact", required=True,
        max_length=limit(Contact.name), autocomplete="off",
        hint="Kept private: only those who connect people see this and the two below",
    )  # fmt: skip
    contact_email = EmailField(
        "The contact’s email address", thing="the contact’s email address", required=True,
        max_length=limit(Contact.email), autocomplete="off",
        hint="We write there about the listing",
    )  # fmt: skip
    contact_phone = PhoneField(
        "The contact’s phone number", thing="the contact’s phone number", autocomplete="off"
    )
    venue_notes = venue_notes()
