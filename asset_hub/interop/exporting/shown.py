"""What everybody may see of a place."""

from dataclasses import replace

from asset_hub.core.grid import coarse
from asset_hub.directory.models import Visibility
from asset_hub.interop.reading.records import Spot


def public_place(spot: Spot) -> Spot | None:
    """Return a place as the public sees it: an area without its address, a hidden one not at all.

    The same as `directory.rules.listing` publishes.
    """
    if spot.visibility is Visibility.HIDDEN:
        return None
    if spot.visibility is Visibility.EXACT and not spot.approximate:
        return spot
    at = (spot.latitude, spot.longitude)
    if spot.latitude is not None and spot.longitude is not None:
        at = coarse(spot.latitude, spot.longitude)
    shown = replace(spot, latitude=at[0], longitude=at[1])
    if spot.visibility is Visibility.AREA:
        return replace(shown, name="", address_1="", postal_code="")
    return shown
