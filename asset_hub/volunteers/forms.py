"""Forms of people who offer to help, and of the coordinator who answers them."""

from collections.abc import Sequence

from asset_hub.accounts.models import Account
from asset_hub.communities.models import Community
from asset_hub.core.db import limit
from asset_hub.core.fields import (
    CheckboxesField,
    EmailField,
    IntegerField,
    PhoneField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
)
from asset_hub.core.forms import Form
from asset_hub.volunteers.models import DAYS, INTERESTS, WANTS_HINTS, WANTS_WORDS, Volunteer


class OfferForm(Form):
    """An offer to help. What may be chosen in `wants` is all that can ever be asked for."""

    community_id = SelectField(
        "Which community would you like to help?", thing="a community", required=True
    )
    wants = RadioField(
        "What would you like to be?",
        thing="what you would like to be",
        choices=[(wants, words, WANTS_HINTS[wants]) for wants, words in WANTS_WORDS.items()],
        required=True,
    )
    name = TextField(
        "Your name",
        thing="your name",
        required=True,
        max_length=limit(Volunteer.name),
        autocomplete="name",
    )
    email = EmailField("Email address", thing="your email address", required=True)
    phone = PhoneField("Phone number", hint="If you would rather be called.")
    interests = CheckboxesField(
        "What do you enjoy, or know about?", thing="what you enjoy", choices=INTERESTS, small=True
    )
    days = CheckboxesField("When do you have time?", thing="when", choices=DAYS, small=True)
    languages = TextField(
        "Which languages do you speak?",
        hint="British Sign Language counts too.",
        max_length=limit(Volunteer.languages),
    )
    travels = IntegerField(
        "How far can you travel?",
        thing="how far you can travel",
        hint="In miles. 0 if you would rather help from home.",
        required=True,
        min=0,
        max=100,
        default=2,
        suffix="miles",
    )
    about = TextAreaField(
        "Is there anything you would like to tell us?",
        hint="What draws you to it, or what you would need from us.",
        max_length=limit(Volunteer.about),
    )

    def offer_to(self, communities: Sequence[Community], chosen: str, by: Account | None) -> None:
        """Fill in what is known already: the communities, the one they came from, who they are."""
        self.community_id.choices = [(one.id, one.name) for one in communities]
        if self.is_submitted():
            return
        known = [one.id for one in communities if one.slug == chosen or len(communities) == 1]
        self.community_id.data = next(iter(known), None)
        if by:
            self.name.data, self.email.data = by.name, by.email


class DeclineForm(Form):
    """What the coordinator says to somebody whose offer cannot be taken now."""

    message = TextAreaField(
        "What would you like to say to them?",
        thing="a few kind words",
        hint="They read it in a mail, as you write it. Say what else they could do, if you can.",
        required=True,
        max_length=limit(Volunteer.reply),
    )
