"""The form on which a champion ticks several listings at once."""

from asset_hub.core.fields import CheckboxesField
from asset_hub.core.forms import Form


class RoundForm(Form):
    """Those that are running; whatever was posted is looked up among what the champion reaches."""

    running = CheckboxesField(
        "Tick those that are running", thing="those that are running", label_size="m"
    )
