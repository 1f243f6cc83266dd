"""Pages of the directory."""

from asset_hub.directory.views import editing, group, queue, wizard
from asset_hub.directory.views.blueprint import bp

__all__ = ["bp", "editing", "group", "queue", "wizard"]
