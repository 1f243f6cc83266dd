"""One published group for programs: what its page says, as JSON."""

from uuid import UUID

from asset_hub.core import db
from asset_hub.core.access import public
from asset_hub.core.errors import Missing
from asset_hub.core.hatches import Arguments, Handed, hatch, moved
from asset_hub.directory import queries
from asset_hub.directory.views.blueprint import bp

KEPT = 60  # seconds that anybody may keep it
MOVED = 3600  # a merge may be undone


@bp.get("/groups/<uuid:service_id>.json")
@public
@hatch
def record(_: Arguments, service_id: UUID) -> Handed:
    """Answer a group's card and `places`, its public points on the map (GeoJSON)."""
    if found := queries.record(service_id):
        card, features = found
        return Handed(f'{card[:-1]}, "places": [{", ".join(features)}]}}'.encode(), kept=KEPT)
    if kept := queries.merged_to(db.session(), service_id):
        return moved(f"/groups/{kept.id}.json", kept=MOVED)
    raise Missing
