"""Pages about connections."""

from asset_hub.connections.views import hello, keeping, making, reply, showing, steps
from asset_hub.connections.views.bp import bp

__all__ = ["bp", "hello", "keeping", "making", "reply", "showing", "steps"]
