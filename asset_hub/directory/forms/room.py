"""The form that asks whether a group can welcome new people."""

from asset_hub.core.fields import DatePartsField, IntegerField, RadioField
from asset_hub.core.forms import Form
from asset_hub.directory.rules.room import FULL, FULL_FOR_NOW, MOST, ROOM, SOME


class RoomForm(Form):
    """How many new people a group can welcome; changed at once."""

    room = RadioField(
        "Can you welcome new people?", thing="whether you can welcome new people", required=True,
        label_size="hidden",
        choices=[
            (ROOM, "Yes, as many as come"),
            (SOME, "Yes, up to a number each month"),
            (FULL, "Not until a day that we know"),
            (FULL_FOR_NOW, "Not for now, until we say so"),
        ],
        reveals={SOME: "welcomes", FULL: "full_until"},
    )  # fmt: skip
    welcomes = IntegerField(
        "How many new people a month?", thing="how many new people a month", min=1, max=MOST
    )
    full_until = DatePartsField(
        "From which day is there room again?", thing="the day from which there is room again",
        hint="For example, 1 10 2026", short=True,
    )  # fmt: skip
