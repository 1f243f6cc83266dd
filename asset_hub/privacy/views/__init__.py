"""Pages about what is kept of people."""

from asset_hub.privacy.views import answering, own
from asset_hub.privacy.views.bp import bp

__all__ = ["answering", "bp", "own"]
