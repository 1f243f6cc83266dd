"""The form about one of a group's places."""

from asset_hub.core.fields import DecimalField, PostcodeField, RadioField
from asset_hub.core.forms import EditForm
from asset_hub.directory.forms import words
from asset_hub.directory.forms.fields import Where, address_agreed
from asset_hub.directory.rules.answers import NOWHERE


class PlaceForm(EditForm):
    """One place: how much of it is shown, its address, and where it is on the map."""

    place_name = Where.place_name
    address_1 = Where.address_1
    city = Where.city
    postcode = PostcodeField(
        "Postcode", thing="the postcode", mark_optional=False,
        hint="A park or a field may have none: then put the pin on the map",
    )  # fmt: skip
    setting = RadioField(
        "How much of this address should we show?", thing="how much of the address to show",
        required=True, choices=[choice for choice in words.SETTINGS if choice[0] != NOWHERE],
    )  # fmt: skip
    address_agreed = address_agreed()
    latitude = DecimalField(
        "Latitude", thing="the latitude", min=49, max=61, places=9,
        hint="Only if you know better than the postcode. The pin fills this in",
    )  # fmt: skip
    longitude = DecimalField(
        "Longitude", thing="the longitude", min=-9, max=3, places=9,
        hint="West of Greenwich is less than nothing, like -2.2. The pin fills this in",
    )  # fmt: skip
