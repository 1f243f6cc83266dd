"""Pages of the directory."""

from asset_hub.directory.views import checking, editing, group, keeping, queue, wizard
from asset_hub.directory.views.blueprint import bp

__all__ = ["bp", "checking", "editing", "group", "keeping", "queue", "wizard"]
