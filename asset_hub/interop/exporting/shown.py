"""What everybody may see of a place."""

from dataclasses import replace

from asset_hub.directory import service as directory
from asset_hub.directory.models import Visibility
from asset_hub.interop.reading.records import Spot


def public_place(spot: Spot) -> Spot | None:
    """Return a place as the public sees it: an area without its address, a hidden one not at all.

    The point is the one that is published on the map.
    """
    if spot.visibility is Visibility.HIDDEN:
        return None
    latitude, longitude = directory.public_point(spot) or (None, None)
    shown = replace(spot, latitude=latitude, longitude=longitude)
    if spot.visibility is Visibility.AREA:
        return replace(shown, name="", address_1="", postal_code="")
    return shown
