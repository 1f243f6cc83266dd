"""Pictures of the ground, one by one, from the file that the settings name."""

from flask import abort

from asset_hub.config import current_settings
from asset_hub.core.access import public
from asset_hub.core.hatches import Arguments, Handed, hatch
from asset_hub.search.ground import opened
from asset_hub.search.views import bp

KEPT = 86_400  # seconds that anybody may keep a picture
DEEPEST = 22


@bp.get("/tiles/<int:zoom>/<int:column>/<int:row>")
@public
@hatch
def tile(_: Arguments, zoom: int, column: int, row: int) -> Handed:
    """Answer one picture of the ground."""
    pack = opened(current_settings().tile_file)
    inside = zoom <= DEEPEST and column < 1 << zoom and row < 1 << zoom
    found = pack.reader.get(zoom, column, row) if pack and inside else None
    if not pack or not found:
        abort(404)
    return Handed(found, pack.kind, KEPT)
