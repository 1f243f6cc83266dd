"""Forms for places."""

import json
from typing import Any

from wtforms.validators import Regexp, ValidationError

from asset_hub.communities import rules
from asset_hub.communities.models import Borough, Community, Locality, Practice, SchoolHoliday
from asset_hub.core.db import limit
from asset_hub.core.errors import RuleBroken
from asset_hub.core.fields import (
    CheckboxesField,
    DatePartsField,
    DecimalField,
    FileField,
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
LARGEST_FILE = 5_000_000  # bytes of an uploaded boundary


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
    welcome = TextField(
        "A welcome to somebody new",
        thing="the welcome",
        hint="One sentence above the story: where to come first, and who will be there.",
        max_length=limit(Community.welcome),
    )
    cover = TextField(
        "Words for the front of the printed booklet",
        thing="the words for the front",
        hint="For example: what is on in Ashby, for everybody.",
        max_length=limit(Community.cover),
    )
    steward = TextField(
        "Who looks after this page?",
        thing="the name of the steward",
        hint="A person or a group, as everyone may read it.",
        max_length=limit(Community.steward),
    )


class HolidaysForm(Form):
    """School holidays, typed or pasted."""

    lines = TextAreaField(
        "School holidays, one on each line",
        thing="the school holidays",
        required=True,
        hint=f"The name, the first day and the last day, like: {rules.LIKE}",
        max_length=8_000,
        rows=6,
    )


class HolidayForm(Form):
    """One school holiday."""

    name = TextField(
        "Name", thing="the name", required=True, max_length=limit(SchoolHoliday.name), width=20
    )
    starts_on = DatePartsField("First day without school", thing="the first day", required=True)
    ends_on = DatePartsField("Last day without school", thing="the last day", required=True)


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
    """A GeoJSON geometry, shown and pasted as text; nobody counts its letters while typing."""

    limit = LONGEST_BOUNDARY

    def process_data(self, value: Any) -> None:
        """Take a geometry from the site's side."""
        super().process_data(json.dumps(value) if value else "")


def _file() -> FileField:
    return FileField(
        "A file with the boundary",
        thing="a file with the boundary",
        hint="GeoJSON, 5 MB at most. When it holds several shapes, you choose one of them next.",
        accept=("geojson", "json"),
        max_bytes=LARGEST_FILE,
    )


def _which() -> SelectField:
    return SelectField(
        "Which of its shapes is it?", thing="the shape", blank="Choose one", mark_optional=False
    )


def _boundary() -> BoundaryField:
    return BoundaryField(
        "The boundary as text",
        thing="the boundary",
        hint="A GeoJSON polygon. The map writes it here; you can paste one, too. Empty it to have"
        " no boundary.",
        rows=6,
    )


class DrawnForm(EditForm):
    """A form with a boundary: drawn on a map, uploaded, or pasted. Subclasses name the fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unreadable = ""
        if self.file.data:
            self._take_file()
        try:
            shapes = rules.shapes_in(self.boundary.data or "")
        except RuleBroken:
            shapes = []  # said at the field when it is saved
        if len(shapes) < 2:
            shapes = []
            self.which.process_data(None)
        self.which.choices = [(str(place), shape.name) for place, shape in enumerate(shapes)]

    def _take_file(self) -> None:
        """Put what an upload says into the text, where it is kept until it is saved."""
        try:
            self.file.pre_validate(self)
        except ValidationError:
            return  # said at the field when it is checked
        text = self.file.data.stream.read()
        self.file.data.stream.seek(0)
        try:
            self.boundary.data = rules.slim(text.decode("utf-8-sig", "replace"), LONGEST_BOUNDARY)
            self.which.process_data(None)  # what was chosen before is a shape of another file
        except RuleBroken as broken:
            self.unreadable = broken.message

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that a file could be read."""
        fine = super().validate(extra_validators)
        if self.unreadable and not self.file.errors:
            self.file.errors = [self.unreadable]
        return fine and not self.unreadable

    def values(self) -> dict[str, Any]:
        """Return the values without the upload: what it says stands in the text."""
        found = super().values()
        return {
            name: value or "" if name == "which" else value
            for name, value in found.items()
            if name != "file"
        }

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return the fields a page leaves out: there is nothing to choose among one shape."""
        return () if self.which.choices else ("which",)


class BoundaryForm(DrawnForm):
    """Where a community begins and ends, as those who look after it see it."""

    file = _file()
    which = _which()
    boundary = _boundary()


class CommunityForm(DrawnForm):
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
        hint="Roughly is fine. Leave it empty to have it estimated from the boundary, when area"
        " statistics are loaded. Above 14,000 the site suggests a split.",
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
    file = _file()
    which = _which()
    boundary = _boundary()
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
