"""Pages of the directory."""

from asset_hub.directory.views import away, editing, group, keeping, queue, topics, wizard
from asset_hub.directory.views.blueprint import bp

__all__ = ["away", "bp", "editing", "group", "keeping", "queue", "topics", "wizard"]
