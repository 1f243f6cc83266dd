"""Pages about people. Each look is written down in the transaction that shows it."""

from asset_hub.people.views import adding, agreeing, knowing, showing
from asset_hub.people.views.bp import bp

__all__ = ["adding", "agreeing", "bp", "knowing", "showing"]
