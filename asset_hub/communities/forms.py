"""Forms for places."""

import json
from typing import Any

from wtforms.validators import Regexp

from asset_hub.communities.models import Borough, Community, Locality, Practice
from asset_hub.core.db import limit
from asset_hub.core.fields import (
    CheckboxesField,
    DecimalField,
    IntegerField,
    PhoneField,
    PostcodeField,
    SelectField,
    TextAreaField,
    TextField,
)
from asset_hub.core.forms import EditForm, Form

NONE = "None of these"
LONGEST_STORY = 8_000
LONGEST_CODE = 20  # with the spaces somebody may type
LONGEST_BOUNDARY = 900_000  # letters; a form may hold one megabyte


class StoryForm(EditForm):
    """What binds a community, told by those who live there."""

    story = TextAreaField(
        "The community’s story",
        thing="the community’s story",
        required=True,
        hint="Its history, its places, what people here share. Leave an empty line between"
        " paragraphs.",
        max_length=LONGEST_STORY,
        rows=14,
    )
    steward = TextField(
        "Who looks after this page?",
        thing="the name of the steward",
        hint="A person or a group, as everyone may read it.",
        max_length=limit(Community.steward),
    )


class BoroughForm(Form):
    """A borough."""

    name = TextField(
        "Name of the borough",
        thing="the name of the borough",
        required=True,
        max_length=limit(Borough.name),
    )


class LocalityForm(Form):
    """A locality."""

    name = TextField(
        "Name of the locality",
        thing="the name of the locality",
        required=True,
        max_length=limit(Locality.name),
    )
    borough_id = SelectField("Borough", thing="the borough", blank=NONE)


class BoundaryField(TextAreaField):
    """A GeoJSON geometry, shown and pasted as text."""

    def process_data(self, value: Any) -> None:
        """Take a geometry from the site's side."""
        super().process_data(json.dumps(value) if value else "")


class CommunityForm(EditForm):
    """A community as the administrator knows it; its story is told elsewhere."""

    name = TextField(
        "Name of the community",
        thing="the name of the community",
        required=True,
        max_length=limit(Community.name),
    )
    locality_id = SelectField("Locality", thing="the locality", blank=NONE)
    population = IntegerField(
        "How many people live there?",
        thing="the population",
        min=0,
        max=1_000_000,
        hint="Roughly is fine. Above 14,000 the site suggests a split.",
    )
    steward = TextField(
        "Who looks after its page?",
        thing="the name of the steward",
        max_length=limit(Community.steward),
    )
    postcode = PostcodeField(
        "A postcode in its middle",
        thing="a postcode in its middle",
        hint="Maps and searches begin there. A boundary, or a latitude and a longitude, will do"
        " instead.",
        partial=True,
    )
    boundary = BoundaryField(
        "Boundary",
        thing="the boundary",
        hint="Paste a GeoJSON polygon. Boundaries may overlap. Leave it empty if there is none.",
        max_length=LONGEST_BOUNDARY,
        rows=8,
    )
    latitude = DecimalField(
        "Latitude of its centre",
        thing="the latitude",
        min=-90,
        max=90,
        places=6,
        hint="Like 53.4459. Not needed with a postcode or a boundary.",
        classes="govuk-input--width-10",
    )
    longitude = DecimalField(
        "Longitude of its centre",
        thing="the longitude",
        min=-180,
        max=180,
        places=6,
        hint="Like -2.3087.",
        classes="govuk-input--width-10",
    )


class PracticeForm(EditForm):
    """A GP practice."""

    name = TextField(
        "Name of the practice",
        thing="the name of the practice",
        required=True,
        hint="As its patients know it.",
        max_length=limit(Practice.name),
    )
    ods_code = TextField(
        "ODS code",
        thing="the ODS code",
        required=True,
        hint="The NHS’s code for the practice, like P91020.",
        max_length=LONGEST_CODE,
        width=10,
        validators=[
            Regexp(r"^(\s*[A-Za-z0-9]){3,10}\s*$", message="Enter an ODS code, like P91020")
        ],
    )
    postcode = PostcodeField("Postcode", thing="the postcode", hint="Of its main door.")
    phone = PhoneField("Phone number", thing="the phone number", hint="The one patients call.")
    locality_id = SelectField(
        "Locality", thing="the locality", blank=NONE, hint="The one it plans with."
    )
    community_ids = CheckboxesField(
        "Which communities does it look after?",
        thing="the communities it looks after",
        hint="Its people may be connected to groups in all of them.",
    )
