"""Pages about connections."""

from asset_hub.connections.views import apart, hello, keeping, making, reply, showing, steps, wants
from asset_hub.connections.views.bp import bp

__all__ = ["apart", "bp", "hello", "keeping", "making", "reply", "showing", "steps", "wants"]
