"""Forms about people: few fields, and none that asks for more than the work needs."""

from collections.abc import Sequence
from typing import Any

from asset_hub.accounts.models import Account
from asset_hub.core.fields import (
    BooleanField,
    CheckboxesField,
    Choice,
    EmailField,
    HiddenField,
    PhoneField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
)
from asset_hub.core.forms import EditForm, Form, once_only
from asset_hub.people.models import (
    ACCESS_NEED_WORDS,
    CONTACT_WORDS,
    HEARD_WORDS,
    LONGEST_CODE_WORD,
    ContactBy,
)
from asset_hub.people.queries import Home

HINTS = {ContactBy.POST: "Write the address, with its postcode, under “When and how”."}
WAYS = [(way, words, HINTS.get(way, "")) for way, words in CONTACT_WORDS.items()]


class PersonFields:
    """What is asked about a person, new or known."""

    name = TextField(
        "What do they like to be called?",
        thing="what they like to be called",
        hint="One word will do, or a made-up name when their practice keeps who they are. "
        "Groups are only ever told the first name.",
        required=True,
        max_length=100,
        autocomplete="off",
    )
    contact_by = RadioField(
        "How do they like to be reached?",
        thing="how they like to be reached",
        choices=WAYS,
        required=True,
    )
    phone = PhoneField("Phone number", autocomplete="off", mark_optional=False)
    email = EmailField("Email address", autocomplete="off", mark_optional=False)
    safe_contact = TextAreaField(
        "When and how is it safe to reach them?",
        thing="when and how it is safe to reach them",
        required=True,
        hint="Like “after ten, never on Sundays”, or “any time”. Their groups see this too.",
        max_length=300,
        rows=2,
    )
    voicemail_ok = BooleanField("It is safe to leave a message on this phone")
    matters = TextAreaField(
        "What matters to them?",
        hint="In their own words. Write nothing they would not want to read.",
        max_length=2000,
        rows=4,
    )


class AddForm(PersonFields, Form):
    """A new person. `home` and `keeper` are asked only where there is a choice."""

    home = RadioField("Which community is theirs?", thing="their community", required=True)
    keeper = SelectField(
        "Who will look after them?", blank="I will", hint="They will see this person."
    )
    how = RadioField(
        "Did they agree to be written down?",
        thing="how they agreed",
        choices=HEARD_WORDS,
        required="Read them the words, and say how they agreed",
    )
    sure = HiddenField()  # "yes" once the look-alikes were shown
    request_key = once_only()

    def offer(self, homes: Sequence[Home], keepers: Sequence[Account]) -> "AddForm":
        """Ask only for what is not settled already; return the form."""
        self.home.choices = [Choice(home.key, home.label, home) for home in homes]
        self.only_home = homes[0] if len(homes) == 1 else None
        if self.only_home:
            del self.home
        self.keeper.choices = [(keeper.id, keeper.name) for keeper in keepers]
        if not keepers:
            del self.keeper
        return self

    def values(self) -> dict[str, Any]:
        """Return the answers as `service.add_person` takes them."""
        found = super().values()
        found.pop("sure")
        home: Any = found.pop("home", None) or self.only_home
        owner_id = found.pop("keeper", None)
        return found | {
            "community_id": home.community_id,
            "practice_id": home.practice_id,
            "owner_id": owner_id,
        }


class PersonEditForm(PersonFields, EditForm):
    """Changes to a person, on the version they were read in."""

    no_contact = BooleanField(
        "Do not contact them", hint="They asked us not to, or they have died. Nothing is sent."
    )


class TalkForm(EditForm):
    """How to talk with somebody, so that it arrives."""

    access_needs = CheckboxesField(
        "What do they need, to read, to hear, to speak or to come along?",
        hint="Ask them. Choose all that they name.",
        choices=ACCESS_NEED_WORDS,
    )
    needs_words = TextAreaField(
        "Anything else they need, or say differently?",
        hint="In their own words. Not why they need it.",
        max_length=300,
        rows=2,
    )
    language = TextField(
        "Which language do they speak best?",
        hint="Leave it empty for English.",
        max_length=60,
        autocomplete="off",
    )
    interpreter = BooleanField("They need an interpreter")
    needs_shared = BooleanField(
        "They agree that their groups are told of all this",
        hint="Ask: “May we tell the group, so that they can get ready for you?”",
    )
    code_word = TextField(
        "A code word",
        hint="Whoever rings says it first, their groups too. For somebody who must know who calls.",
        max_length=LONGEST_CODE_WORD,
        autocomplete="off",
    )
    never_post = BooleanField("Never send anything by post")


class MattersForm(EditForm):
    """What matters to somebody, what they are good at, and what they might give."""

    matters = TextAreaField(
        "What matters to them?",
        hint="In their own words. Write nothing they would not want to read.",
        max_length=2000,
        rows=5,
    )
    strengths = TextAreaField(
        "What are they good at, and what do they enjoy?", max_length=1000, rows=3
    )
    offers = TextAreaField(
        "Is there something they would like to give?",
        hint="A skill, an hour, company. Nobody has to.",
        max_length=1000,
        rows=3,
    )


class AgreeForm(Form):
    """That a person agreed to be written down, again."""

    how = RadioField(
        "Did they agree to be written down?",
        thing="how they agreed",
        choices=HEARD_WORDS,
        required="Read them the words, and say how they agreed",
    )


class FindForm(Form):
    """A name to look for; posted, so that it stays out of addresses and logs."""

    name = TextField("Find somebody by name", max_length=100, autocomplete="off")
