"""Forms for those who look listings over."""

from asset_hub.core.db import limit
from asset_hub.core.fields import TextAreaField
from asset_hub.core.forms import Form
from asset_hub.directory.models import ServiceEvent


class SendBack(Form):
    """What a champion asks the lister to change."""

    message = TextAreaField(
        "What needs changing?", thing="what needs changing", required=True, rows=4,
        max_length=limit(ServiceEvent.message),
        hint="The people who listed it read this. Be as kind as you would be at their door",
    )  # fmt: skip
