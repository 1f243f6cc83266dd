"""Saying that a group does not meet for a while."""

from asset_hub.core.db import limit
from asset_hub.core.fields import DatePartsField, RadioField, TextField
from asset_hub.core.forms import Form
from asset_hub.directory.models import Away, Closure

KINDS = [
    (Away.AWAY, "It does not meet"),
    (Away.QUIET, "It meets, but it cannot welcome anybody new"),
]


class AwayForm(Form):
    """From when to when, and why."""

    kind = RadioField(
        "What is different?", thing="what is different", required=True, choices=KINDS
    )  # fmt: skip
    starts_on = DatePartsField(
        "The first day", thing="the first day", required=True, short=True,
        hint="You can leave out the year",
    )  # fmt: skip
    ends_on = DatePartsField(
        "The last day", thing="the last day", hint="Leave empty if it is one day", short=True
    )  # fmt: skip
    reason = TextField(
        "Why?", thing="the reason", max_length=limit(Closure.reason),
        hint="Everybody sees it. For example: Christmas, the hall is being painted",
    )  # fmt: skip
