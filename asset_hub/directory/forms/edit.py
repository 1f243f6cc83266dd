"""Forms for those who look after listings."""

from asset_hub.core.db import limit
from asset_hub.core.fields import TextAreaField
from asset_hub.core.forms import EditForm, Form
from asset_hub.directory.forms.fields import Join, Point, TheirContact, What, Where, Who
from asset_hub.directory.forms.topics import Topics
from asset_hub.directory.forms.when import Apart, InOrder, MoreTimes, When
from asset_hub.directory.models import ServiceEvent


class EditListing(
    InOrder, What, Where, Point, When, MoreTimes, Apart, Who, Topics, Join, TheirContact, EditForm
):
    """Everything about a listing on one page, asked of those who look after it."""


class SendBack(Form):
    """What a champion asks the lister to change."""

    message = TextAreaField(
        "What needs changing?", thing="what needs changing", required=True, rows=4,
        max_length=limit(ServiceEvent.message),
        hint="The people who listed it read this. Be as kind as you would be at their door",
    )  # fmt: skip
