"""Pages about connections."""

from asset_hub.connections.views import keeping, making, reply, showing, steps
from asset_hub.connections.views.bp import bp

__all__ = ["bp", "keeping", "making", "reply", "showing", "steps"]
