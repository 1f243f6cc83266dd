"""Pictures of the ground, one by one, from the file that the settings name."""

from flask import Response, abort
from flask.typing import ResponseReturnValue

from asset_hub.config import current_settings
from asset_hub.core.access import public
from asset_hub.core.cookieless import cookieless
from asset_hub.search.ground import opened
from asset_hub.search.views import bp

KEPT = 86_400  # seconds that anybody may keep a picture
DEEPEST = 22


@bp.get("/tiles/<int:zoom>/<int:column>/<int:row>")
@public
@cookieless
def tile(zoom: int, column: int, row: int) -> ResponseReturnValue:
    """Answer one picture of the ground."""
    pack = opened(current_settings().tile_file)
    inside = zoom <= DEEPEST and column < 1 << zoom and row < 1 << zoom
    found = pack.reader.get(zoom, column, row) if pack and inside else None
    if not found:
        abort(404)
    response = Response(found, mimetype=pack.kind if pack else None)
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    return response
