"""Pages of the directory."""

from asset_hub.directory.views import duplicates, editing, group, keeping, queue, wizard
from asset_hub.directory.views.blueprint import bp

__all__ = ["bp", "duplicates", "editing", "group", "keeping", "queue", "wizard"]
