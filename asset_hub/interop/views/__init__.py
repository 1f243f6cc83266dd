"""Pages for imports, feeds and exports."""

from asset_hub.interop.views import exports, feeds, runs
from asset_hub.interop.views.bp import bp

__all__ = ["bp", "exports", "feeds", "runs"]
